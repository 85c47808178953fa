"""Several sweeps, clicks, arrivals and deliveries at once on PostgreSQL: nothing twice, nothing lost, no deadlock."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.delivery import Delivery
from bot.lead import Signal
from bot.moves.carry import Click
from bot.moves.decisions import Grounds, accept, reject, undo
from bot.moves.due import climb
from bot.moves.hand_on import NotMine, claim, pass_on, reassign
from bot.moves.receive import Incoming, receive
from bot.slack import Slack
from bot.store import messages
from bot.store import tables as t
from bot.store.engine import Store
from bot.store.staff_tables import absences
from bot.sweep import Sweeper
from tests.support import HOUR, NOW, TEXTS, by, hot, in_force, offered

SLA = TEXTS["sla.yaml"].replace("cards_per_hour: 20", "cards_per_hour: 1000")
STEEP = """
undo_minutes: 10
cards_per_hour: 1000
tiers:
  P1: {due: 15m, urgent: true, ladder: [
    {after: 12m, step: last_call}, {after: 15m, step: escalate}, {after: 20m, step: reassign},
    {after: 4h, step: expire}]}
  P2: {due: 1h, ladder: [
    {after: 20m, step: remind}, {after: 40m, step: last_call}, {after: 1h, step: escalate},
    {after: 80m, step: reassign}, {after: 4h, step: expire}]}
"""
LEADS = 24
WORKERS = 4
DEADLOCKS = sa.text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


class SilentSlack(Slack):
    """Takes everything at once."""

    def __init__(self) -> None:
        super().__init__("xoxb-none", "http://127.0.0.1:9/")

    def _call(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {"ts": "1700000000.000100", "channel": {"id": "D0ANY"}, "permalink": "https://slack.example"}


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    with capture_logs() as entries:
        yield entries


def at_once(*moves: Callable[[], Any]) -> list[Any]:
    """All of them, each in a thread of its own, let go together."""
    gate = threading.Barrier(len(moves))

    def one(move: Callable[[], Any]) -> Any:
        gate.wait()
        return move()

    with ThreadPoolExecutor(len(moves)) as pool:
        return [done.result() for done in [pool.submit(one, move) for move in moves]]


def deadlocks(store: Store) -> int:
    with store.reading() as tx:
        return int(tx.execute(DEADLOCKS).scalar_one())


def history(store: Store, kind: str) -> Counter[int]:
    query = sa.select(t.history.c.handoff_id).where(t.history.c.kind == kind)
    with store.reading() as tx:
        return Counter(tx.execute(query).scalars())


def test_several_workers_take_every_step_once(postgres_store: Store) -> None:
    store = in_force(postgres_store, sla=SLA)
    ids = {offered(store, f"lead{number}").id for number in range(90)}
    swept = at_once(*[lambda: Sweeper(store).sweep(NOW + 4 * HOUR)] * WORKERS)
    swept.append(Sweeper(store).sweep(NOW + 4 * HOUR))
    assert sum(one.climbed for one in swept) == len(ids)
    assert history(store, "escalated") == history(store, "breached") == Counter(ids)


def test_a_message_that_two_change_at_once_is_drawn_for_both(postgres_store: Store) -> None:
    store = in_force(postgres_store)
    one = offered(store)
    waiting = threading.Event()

    def touches() -> None:
        waiting.set()
        with store.transaction() as tx:
            messages.touch(tx, f"handoff:{one.id}", "campaign:none")

    with ThreadPoolExecutor(1) as pool:
        with store.transaction() as tx:
            messages.touch(tx, f"handoff:{one.id}")
            done = pool.submit(touches)
            waiting.wait()
            with pytest.raises(TimeoutError):
                done.result(timeout=0.3)
        done.result()
    with store.reading() as tx:
        assert tx.execute(sa.select(t.messages.c.wanted)).scalars().all() == [3]


def test_a_person_gets_one_reminder_however_many_workers_there_are(postgres_store: Store) -> None:
    store = in_force(postgres_store, sla=SLA)
    for number in range(60):
        offered(store, f"lead{number}")
    now = NOW + 2 * HOUR
    at_once(*(lambda late=late: Sweeper(store).sweep(now + timedelta(milliseconds=late)) for late in range(WORKERS)))
    Sweeper(store).sweep(now + timedelta(seconds=1))
    with store.reading() as tx:
        nudges = tx.execute(sa.select(t.messages.c.recipient).where(t.messages.c.kind == "nudge")).scalars()
        assert sorted(nudges) == ["U0ANA", "U0BEN"]
    assert sum(history(store, "reminded").values()) == 60


def test_silence_twice_in_a_row_is_seen_once_though_two_workers_see_it(postgres_store: Store) -> None:
    store = in_force(postgres_store, sla=SLA)
    for round_ in range(6):
        now = NOW + round_ * timedelta(days=7)
        mine = [one for one in (offered(store, f"lead{round_}-{n}", now) for n in range(4)) if one.owner == "ana"]
        assert len(mine) == 2
        later = now + timedelta(days=2)
        for one in mine:  # down to the last rung
            climb(store, later, one.id)
        at_once(*(partial(climb, store, later, one.id) for one in mine))
        assert len(history(store, "expired")) == 2 * (round_ + 1)
        with store.transaction() as tx:
            standing = tx.execute(sa.select(absences.c.person).where(absences.c.ended_at.is_(None))).scalars().all()
            assert standing == ["ana"], f"round {round_}"
            tx.execute(sa.update(absences).values(ended_at=later))


def test_clicks_sweeps_arrivals_and_deliveries_never_wait_in_a_circle(postgres_store: Store, logged: list[Any]) -> None:
    store = in_force(postgres_store, sla=STEEP)
    before = deadlocks(store)
    ids = [offered(store, f"lead{number}").id for number in range(LEADS)]
    reject(store, NOW, by("U0MAYA", ids[0]), Grounds("NOT_READY", "so that there is a thread"))
    stop, failed = threading.Event(), list[BaseException]()
    clock = [NOW]

    def keeps_at_it(move: Callable[[random.Random], Any], seed: int) -> None:
        chance = random.Random(seed)
        while not stop.is_set():
            try:
                move(chance)
            except Exception as error:
                failed.append(error)
                return

    def clicks(chance: random.Random) -> None:
        click = by(chance.choice(["U0ANA", "U0BEN", "U0MAYA"]), chance.choice(ids))
        chance.choice(PRESSES)(store, click, clock[0])

    def arrives(chance: random.Random) -> None:
        kind = chance.choice(["page_visit", "product_used", "opt_out", "opt_in", "demo_request"])
        signal = Signal(str(chance.random()), kind, clock[0])
        receive(store, clock[0], Incoming(hot(f"lead{chance.randrange(LEADS)}").lead, [signal]))

    def new(chance: random.Random) -> None:
        received = receive(store, clock[0], hot(f"new{chance.random()}", at=clock[0]))
        ids.append(received.handoff_id or ids[0])

    sweepers = [Sweeper(store) for _ in range(2)]
    delivery = Delivery(store, SilentSlack())
    jobs: list[Callable[[random.Random], Any]] = [
        *[lambda _, one=one: one.sweep(clock[0]) for one in sweepers],
        *[clicks] * 4,
        *[arrives] * 2,
        new,
        lambda _: delivery.drain(),
    ]
    threads = [threading.Thread(target=keeps_at_it, args=(job, number)) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for _ in range(60):
        clock[0] += timedelta(minutes=5)
        stop.wait(0.1)
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert deadlocks(store) == before
    assert [one for one in logged if one.get("what") or "batch" in one["event"]] == []
    nothing_twice(store)


PRESSES: list[Callable[[Store, Click, Any], Any]] = [
    lambda store, click, now: accept(store, now, click),
    lambda store, click, now: undo(store, now, click),
    lambda store, click, now: undo(store, now, click),
    lambda store, click, now: reject(store, now, click, Grounds("NOT_READY", "no budget")),
    lambda store, click, now: pass_on(store, now, click, NotMine("ROUTE_CAPACITY")),
    lambda store, click, now: claim(store, now, click),
    lambda store, click, now: reassign(store, now, click, "ben"),
]


def nothing_twice(store: Store) -> None:
    """Every rung of a ladder once; every reminder a quarter of an hour after the last."""
    with store.reading() as tx:
        nudges = tx.execute(
            sa.select(t.messages.c.recipient, t.messages.c.created_at)
            .where(t.messages.c.kind == "nudge")
            .order_by(t.messages.c.recipient, t.messages.c.created_at)
        ).all()
        expired = Counter(tx.execute(sa.select(t.history.c.handoff_id).where(t.history.c.kind == "expired")).scalars())
    assert all(b.created_at - a.created_at >= timedelta(minutes=15)
               for a, b in pairwise(nudges) if a.recipient == b.recipient)  # fmt: skip
    assert not expired or max(expired.values()) == 1
