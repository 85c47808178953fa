"""How fast hand-offs move, from a real database."""

from datetime import timedelta

import pytest

from bot.answers.velocity import velocity
from bot.stats.cohort import OTHERS, Counts
from bot.store.engine import Store
from tests.store.answer_kit import DAY, HOUR, MINUTE, ask, holding, offered

AGO = 10 * DAY


def test_a_course_with_open_ones_and_what_is_stuck(store: Store) -> None:
    with holding(
        store,
        *(offered(AGO, "accepted", hours * HOUR) for hours in range(1, 11)),
        *(offered(AGO, "rejected", hours * HOUR) for hours in range(1, 11)),
        offered(AGO, "expired", 2 * DAY),
        offered(AGO, "void"),
        offered(AGO, "accepted", many=3, number=2),
        offered(30 * MINUTE, many=5),
        offered(20 * HOUR, many=2),
    ) as tx:
        found = velocity(ask(tx, "velocity 30d"))
    assert found.ends.counts == Counts(accepted=10, rejected=10, expired=1, open=7, void=1)
    assert (found.ends.horizon.text, found.ends.horizon.shortened) == ("2bd", False)
    assert found.total.working.median == 6 * 60
    assert found.total.wall.median == 6 * 60
    assert found.total.working.decided == 20
    assert found.total.working.p90 is None
    assert found.stuck is None
    assert found.half is None
    assert found.curve
    assert found.curve.minutes[-1] == 2 * 24 * 60
    assert found.curve.counts["accepted"][-1] == 10
    assert found.repeats == Counts(accepted=3)


@pytest.mark.parametrize(("ago", "none"), [(AGO, True), (40 * DAY, False)])
def test_a_window_before_in_which_nothing_was_handed_off_has_no_times(store: Store, ago: timedelta, none: bool) -> None:
    """One that only waits is one handed off."""
    with holding(store, offered(ago)) as tx:
        assert (velocity(ask(tx, "velocity 30d")).before is None) is none


def test_stuck_is_counted_beyond_nine_tenths_to_the_minute(store: Store) -> None:
    with holding(
        store,
        offered(AGO, "accepted", HOUR, many=100),
        offered(HOUR, many=3),
        offered(HOUR + MINUTE, many=2),
        offered(29 * DAY),
    ) as tx:
        found = velocity(ask(tx, "velocity 30d"))
    assert found.total.working.p90 == 60
    assert found.stuck == 3


def test_who_waits_beyond_the_life_of_a_card_is_stuck_even_where_most_take_all_of_it(store: Store) -> None:
    with holding(store, offered(AGO, "accepted", 2 * DAY, many=100), offered(20 * DAY), offered(DAY)) as tx:
        found = velocity(ask(tx, "velocity 30d"))
    assert found.total.working.p90 == 2 * 24 * 60
    assert found.stuck == 1


@pytest.mark.parametrize(
    ("at", "clock", "accepted"), [("", "working", 4), ("at=24h", "wall", 3), ("at=2bh", "working", 1)]
)
def test_it_looks_as_far_as_asked_on_the_clock_asked_for(store: Store, at: str, clock: str, accepted: int) -> None:
    with holding(
        store,
        offered(AGO, "accepted", HOUR),
        offered(AGO, "accepted", 3 * HOUR, many=2),
        offered(AGO, "accepted", 3 * HOUR, took_wall=30 * 3600),
        offered(AGO, "rejected", HOUR, many=20),
    ) as tx:
        found = velocity(ask(tx, f"velocity 30d {at}"))
    assert (found.ends.horizon.clock, found.ends.by_then["accepted"]) == (clock, accepted)


def test_a_young_window_is_told_by_the_age_that_ten_have_reached(store: Store) -> None:
    with holding(store, offered(5 * HOUR + MINUTE, "accepted", HOUR, many=12), offered(HOUR, many=9)) as tx:
        found = velocity(ask(tx, "velocity today"))
    assert (found.ends.horizon.text, found.ends.horizon.shortened) == ("5bh", True)
    assert found.total.working.horizon.text == "2bd"


def test_stages_of_weeks(store: Store) -> None:
    with holding(
        store,
        offered(200 * DAY, "accepted", HOUR, many=10, sql=10 * DAY, won=20 * DAY),
        offered(200 * DAY, "accepted", HOUR, many=5, sql=40 * DAY),
        offered(200 * DAY, "accepted", HOUR, many=15),
        offered(200 * DAY, "rejected", HOUR, many=10),
        offered(200 * DAY, "void", many=10),
        offered(200 * DAY, "accepted", HOUR, many=10, number=2, sql=DAY),
    ) as tx:
        sal, mql, won = velocity(ask(tx, "velocity 2025-08-01..2025-08-31")).stages
        nothing = velocity(ask(tx, "velocity 2025-06")).stages
    assert (sal.reached, sal.out, sal.open) == (15, 0, 15)
    assert sal.rate
    assert (sal.rate.k, sal.rate.n) == (10, 30)
    assert sal.horizon.text == "30d"
    assert (mql.reached, mql.out, mql.open) == (15, 10, 15)
    assert mql.rate
    assert (mql.rate.k, mql.rate.n) == (15, 40)
    assert won.rate
    assert (won.rate.k, won.rate.n, won.out) == (10, 40, 10)
    assert [stage.n for stage in nothing] == [0, 0, 0]


def test_stages_of_a_young_window_say_how_far_they_look(store: Store) -> None:
    with holding(
        store,
        offered(12 * DAY, "accepted", DAY, many=5, sql=3 * DAY),
        offered(8 * DAY, "accepted", DAY, many=5, sql=3 * DAY),
        offered(DAY, "accepted", HOUR, many=20),
    ) as tx:
        sal, mql, _ = velocity(ask(tx, "velocity 30d")).stages
    assert (sal.horizon.text, mql.horizon.text) == ("7d", "8d")
    assert sal.rate
    assert sal.rate.k == 10


def test_groups_have_their_own_times_and_nobody_is_seen_who_is_not_to_be(store: Store) -> None:
    with holding(
        store,
        offered(AGO, "accepted", HOUR, many=12, owner="ana"),
        offered(AGO, "accepted", 3 * HOUR, many=11, owner="ben"),
        offered(AGO, "rejected", 5 * HOUR, many=15, owner="cleo"),
    ) as tx:
        found = velocity(ask(tx, "velocity 30d by rep", sees=frozenset({"ana"})))
        whole = velocity(ask(tx, "velocity 30d"))
    assert [(one.name, one.working.median) for one in found.groups] == [(OTHERS, 300), ("ana", 60)]
    assert found.total == whole.total


def test_the_window_before_is_read_as_things_stand_now(store: Store) -> None:
    with holding(
        store,
        offered(AGO, "accepted", HOUR, many=10),
        offered(40 * DAY, "accepted", 5 * HOUR, many=12),
        offered(40 * DAY, many=18),
    ) as tx:
        found = velocity(ask(tx, "velocity 30d"))
        alone = velocity(ask(tx, "velocity 30d vs=none"))
    assert found.before
    assert (found.before.decided, found.before.median) == (12, None)
    assert alone.before is None


def test_times_that_nobody_knows_are_counted(store: Store) -> None:
    unknown = offered(AGO, "rejected", many=3, took_wall=None, took_working=None)
    with holding(store, offered(AGO, "accepted", HOUR, many=12), unknown) as tx:
        found = velocity(ask(tx, "velocity 30d"))
    assert (found.total.working.unknown, found.total.wall.unknown, found.curve) == (3, 3, None)


def test_an_empty_database_has_no_times(store: Store) -> None:
    with holding(store) as tx:
        found = velocity(ask(tx, "velocity 30d by source"))
    assert (found.groups, found.curve, found.stuck, found.half) == ((), None, None, None)
