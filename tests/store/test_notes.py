"""What /funnel remembers beside hand-offs: notes, what was passed on to whom, and what this workspace's Slack takes."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import looks, notes, shares
from bot.store.engine import Store
from bot.store.notes import Note
from bot.store.shares import Share
from bot.store.staff_tables import looks as look_rows
from bot.store.staff_tables import notes as note_rows
from tests.core.test_naughty import LIST
from tests.support import NOW

DAY = timedelta(days=1)
TODAY = NOW.date()


def noted(store: Store, *days: date) -> list[Note]:
    with store.transaction() as tx:
        return [notes.add(tx, day, f"note {number}", "tom", NOW) for number, day in enumerate(days)]


def test_a_note_marks_every_window_that_has_its_day_in_it(store: Store) -> None:
    late, early, same = noted(store, TODAY, TODAY - DAY, TODAY)
    with store.reading() as tx:
        assert notes.within(tx, TODAY - DAY, TODAY, NOW) == [early, late, same]
        assert notes.within(tx, TODAY, TODAY, NOW) == [late, same]
        assert notes.within(tx, TODAY - 9 * DAY, TODAY - DAY, NOW) == [early]
        assert notes.within(tx, TODAY, TODAY - DAY, NOW) == []
        assert notes.newest(tx, 9) == [same, late, early]
        assert notes.newest(tx, 1) == [same]


def test_a_note_is_removed_once_and_not_forgotten(store: Store) -> None:
    [one, other] = noted(store, TODAY, TODAY)
    with store.transaction() as tx:
        assert notes.remove(tx, one.number, "maya", NOW + DAY)
        assert not notes.remove(tx, one.number, "ben", NOW + 2 * DAY)
        assert not notes.remove(tx, 99, "maya", NOW)
        assert notes.within(tx, TODAY, TODAY, NOW) == notes.newest(tx, 9) == [other]
        row = tx.execute(sa.select(note_rows).where(note_rows.c.id == one.number)).one()
    assert (row.words, row.by, row.removed_at, row.removed_by) == ("note 0", "tom", NOW + DAY, "maya")


def test_a_note_holds_any_words_and_may_be_the_command_lines(store: Store) -> None:
    for words in LIST:
        with store.transaction() as tx:
            one = notes.add(tx, TODAY, words, None, NOW)
            assert notes.newest(tx, 1) == [one]
            assert (one.words, one.by) == (words, None)


def test_what_went_out_is_kept_the_last_first(store: Store) -> None:
    out = [
        Share(NOW, "tom", "share", "C0SALES", 'campaign "Q4 webinar" 30d', names=False),
        Share(NOW, "maya", "dm", None, "reps 30d", names=True),
        Share(NOW - DAY, None, "command_line", None, "overview", names=True),
    ]
    with store.transaction() as tx:
        for one in out:
            shares.add(tx, one)
        assert shares.newest(tx, 9) == out[::-1]
        assert shares.newest(tx, 1) == out[-1:]


# What Slack takes


def test_nothing_is_known_of_a_block_before_it_was_tried(store: Store) -> None:
    with store.transaction() as tx:
        looks.taken(tx, [], NOW)
        assert looks.known(tx, NOW) == {}
        looks.taken(tx, ["table", "data_table", "table"], NOW)
        looks.refused(tx, ("data_visualization",), NOW)
        assert looks.known(tx, NOW) == {"table": True, "data_table": True, "data_visualization": False}


def test_a_refusal_is_forgotten_after_a_while_and_what_was_taken_is_not(store: Store) -> None:
    with store.transaction() as tx:
        looks.taken(tx, ["table"], NOW)
        looks.refused(tx, ["data_table"], NOW)
        for later, known in ((looks.AGAIN - DAY, {"table": True, "data_table": False}), (looks.AGAIN, {"table": True})):
            assert looks.known(tx, NOW + later) == known


TRIES = st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from("abc"))), max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TRIES)
def test_the_last_try_counts_and_it_is_known_since_when_that_is_so(
    store: Store, tries: list[tuple[bool, set[str]]]
) -> None:
    """One every ten days: a refusal that is forgotten by the time of the next begins anew."""
    known: dict[str, tuple[bool, datetime]] = {}
    now = NOW
    with store.transaction(keep=False) as tx:
        for whether, types in tries:
            now += looks.AGAIN / 3
            (looks.taken if whether else looks.refused)(tx, types, now)
            for one in types:
                before, since = known.get(one, (None, NOW))
                if before is not whether or (before is False and now - since >= looks.AGAIN):
                    known[one] = whether, now
        rows = tx.execute(sa.select(look_rows)).all()
        assert {row.block: (row.taken, row.since) for row in rows} == known
        fresh = {one: taken for one, (taken, since) in known.items() if taken or now - since < looks.AGAIN}
        assert looks.known(tx, now) == fresh
