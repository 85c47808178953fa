"""Writers that queue up on SQLite share a commit: none is let go early, none is harmed by another's failure."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
import sqlalchemy as sa

from bot.store import switches
from bot.store.engine import Store, Tx
from bot.store.group_commit import MOST, GroupCommit, Lost
from tests.support import NOW

Work = Callable[[Tx], None]


class Refused(Exception):
    """What a writer raises that changes its mind."""


@pytest.fixture
def group(sqlite_store: Store) -> Iterator[GroupCommit]:
    """The writers' door of a store, without anything around it."""
    engine = sa.create_engine(
        sqlite_store.engine.url, connect_args={"check_same_thread": False, "isolation_level": None}
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
    yield GroupCommit(engine)
    engine.dispose()


def writes(name: str) -> Work:
    return lambda tx: switches.turn_on(tx, name, "a reason", NOW)


def refuses(name: str) -> Work:
    def work(tx: Tx) -> None:
        writes(name)(tx)
        raise Refused

    return work


def spoils_the_commit(tx: Tx) -> None:
    """A reference that is checked only at the end."""
    tx.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    tx.exec_driver_sql("INSERT INTO identities (name, lead_id) VALUES ('nobody', 404)")


def takes_all_back(tx: Tx) -> None:
    """What SQLite does by itself when the disk is full."""
    tx.exec_driver_sql("ROLLBACK")
    raise Refused


def on_disk(store: Store) -> set[str]:
    """What another connection can see."""
    with closing(sa.create_engine(store.engine.url).raw_connection()) as connection:
        rows = connection.cursor().execute("SELECT name FROM switches").fetchall()  # type: ignore[func-returns-value]
    return {name for (name,) in rows}


def together(group: GroupCommit, first: Work, *others: Work) -> list[Future[None]]:
    """All of them at once: the others queue up while the first is at work, and so do not commit before them."""
    with ThreadPoolExecutor(len(others) + 1) as pool:
        with _held_open(group, pool, first) as leading:
            rest = [pool.submit(_write, group, work) for work in others]
            _wait_for(lambda: group._queued == len(others))
        return [leading, *rest]


@contextmanager
def _held_open(group: GroupCommit, pool: ThreadPoolExecutor, work: Work) -> Iterator[Future[None]]:
    inside, go_on = threading.Event(), threading.Event()

    def held(tx: Tx) -> None:
        inside.set()
        assert go_on.wait(10)
        work(tx)

    leading = pool.submit(_write, group, held)
    assert inside.wait(10)
    try:
        yield leading
    finally:
        go_on.set()


def _write(group: GroupCommit, work: Work) -> None:
    with group.transaction() as tx:
        work(tx)


def _wait_for(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.001)


def _commits(group: GroupCommit) -> list[None]:
    """Grows by one with each commit."""
    commits: list[None] = []
    sa.event.listen(group._engine, "commit", lambda _: commits.append(None))
    return commits


def test_those_who_queue_share_a_commit(group: GroupCommit, sqlite_store: Store) -> None:
    commits = _commits(group)
    for done in together(group, *(writes(f"n{number}") for number in range(MOST))):
        done.result()
    assert len(commits) == 1
    assert len(on_disk(sqlite_store)) == MOST


def test_only_so_many_wait_for_one_another(group: GroupCommit, sqlite_store: Store) -> None:
    commits = _commits(group)
    for done in together(group, *(writes(f"n{number}") for number in range(2 * MOST + 1))):
        done.result()
    assert len(commits) == 3
    assert len(on_disk(sqlite_store)) == 2 * MOST + 1


def test_nobody_is_let_go_before_it_is_on_the_disk(sqlite_store: Store) -> None:
    def write_and_look(number: int) -> bool:
        with sqlite_store.transaction() as tx:
            writes(f"n{number}")(tx)
        return f"n{number}" in on_disk(sqlite_store)

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(write_and_look, range(160)))


@pytest.mark.parametrize("failing", range(3))
def test_one_that_fails_takes_nothing_of_the_others(group: GroupCommit, sqlite_store: Store, failing: int) -> None:
    works = [refuses(f"n{number}") if number == failing else writes(f"n{number}") for number in range(3)]
    ended = together(group, *works)
    assert [isinstance(done.exception(), Refused) for done in ended] == [number == failing for number in range(3)]
    assert on_disk(sqlite_store) == {f"n{number}" for number in range(3) if number != failing}


def test_one_that_was_only_tried_leaves_nothing_and_the_others_stay(group: GroupCommit, sqlite_store: Store) -> None:
    def try_it() -> None:
        with group.transaction(keep=False) as tx:
            writes("tried")(tx)

    with ThreadPoolExecutor(2) as pool, _held_open(group, pool, writes("kept")) as leading:
        trying = pool.submit(try_it)
        _wait_for(lambda: group._queued == 1)
    leading.result()
    trying.result()
    assert on_disk(sqlite_store) == {"kept"}


def test_a_commit_that_fails_is_told_to_all_who_shared_it(group: GroupCommit, sqlite_store: Store) -> None:
    for done in together(group, writes("one"), spoils_the_commit, writes("three")):
        assert isinstance(done.exception(), sa.exc.IntegrityError)
    assert on_disk(sqlite_store) == set()
    _write(group, writes("later"))
    assert on_disk(sqlite_store) == {"later"}


def test_when_sqlite_takes_all_back_nobody_is_told_that_it_went_well(group: GroupCommit, sqlite_store: Store) -> None:
    earlier, spoiler, other = together(group, writes("earlier"), takes_all_back, writes("other"))
    assert isinstance(earlier.exception(), Lost)
    assert isinstance(spoiler.exception(), Refused)
    lost = other.exception()  # whichever of the two had its turn first
    assert lost is None or isinstance(lost, Lost)
    assert on_disk(sqlite_store) == (set() if lost else {"other"})
    _write(group, writes("later"))
    assert "later" in on_disk(sqlite_store)


def test_a_database_that_another_process_holds_is_an_error_and_not_the_end(
    group: GroupCommit, sqlite_store: Store
) -> None:
    with closing(group._engine.raw_connection()) as waits_briefly:
        waits_briefly.cursor().execute("PRAGMA busy_timeout=50")
    with sqlite_store.transaction() as elsewhere:
        writes("elsewhere")(elsewhere)
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            _write(group, writes("here"))
    _write(group, writes("here"))
    assert on_disk(sqlite_store) == {"elsewhere", "here"}
