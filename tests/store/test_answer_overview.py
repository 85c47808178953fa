"""The overview from a real database: one story for each of its figures."""

from datetime import timedelta

from bot.answers.overview import overview
from bot.stats.cohort import Counts
from bot.stats.rates import Say
from bot.store.engine import Store
from tests.store.answer_kit import DAY, HOUR, MINUTE, ask, holding, offered
from tests.support import NOW

WEEKS_AGO = 10 * DAY
BEFORE = 40 * DAY


def test_what_became_of_a_window_and_of_the_one_before(store: Store) -> None:
    with holding(
        store,
        offered(WEEKS_AGO, "accepted", many=30),
        offered(WEEKS_AGO, "rejected", many=15, reason="JUNK"),
        offered(WEEKS_AGO, "rejected", many=5, reason="TIMING"),
        offered(WEEKS_AGO, "expired", 2 * DAY, many=2),
        offered(WEEKS_AGO, "void", many=3),
        offered(HOUR, many=4),
        offered(BEFORE, "accepted", many=40),
        offered(BEFORE, "rejected", many=10),
        offered(90 * DAY, "accepted", many=7),
    ) as tx:
        found = overview(ask(tx, "30d"))
    assert found.now.counts == Counts(accepted=30, rejected=20, expired=2, open=4, void=3)
    assert found.before
    assert found.before.counts == Counts(accepted=40, rejected=10)
    assert found.reasons == (("JUNK", 15), ("TIMING", 5))
    assert found.change
    assert found.change.clear
    assert found.change.difference.value < -0.10
    rate = found.now.rate("accepted")
    assert (rate.k, rate.n, rate.say) == (30, 56, Say.RATE)
    assert found.now.horizon.text == "2bd"
    (turn,) = found.turns
    assert (turn.source, turn.before, turn.now) == ("webinar", (40, 50), (30, 52))


def test_open_ones_count_for_as_long_as_they_have_waited(store: Store) -> None:
    """Ten of an hour that are open say nothing about those that took two."""
    with holding(
        store,
        offered(WEEKS_AGO, "accepted", 2 * HOUR, many=20),
        offered(WEEKS_AGO, "rejected", 3 * HOUR, many=20),
        offered(HOUR, many=10),
    ) as tx:
        found = overview(ask(tx, "30d"))
    assert found.now.incidence
    assert found.now.incidence.shares["accepted"].value == 0.5
    assert found.now.incidence.open == 0


def test_times_of_both_clocks(store: Store) -> None:
    with holding(
        store,
        offered(WEEKS_AGO, "accepted", 30 * MINUTE, many=10),
        offered(WEEKS_AGO, "rejected", 90 * MINUTE, many=9, took_wall=5 * 3600),
        offered(WEEKS_AGO, "accepted", many=1, took_working=None),
    ) as tx:
        found = overview(ask(tx, "30d"))
    assert (found.working.median, found.working.p90) == (30, 90)
    assert (found.working.decided, found.working.unknown) == (19, 1)
    assert (found.wall.median, found.wall.p90) == (30, 300)


def test_the_sla_is_of_what_was_due_in_the_window(store: Store) -> None:
    """Also of what was offered before it; and not yet of what is not due."""
    with holding(
        store,
        offered(30 * DAY + 2 * HOUR, "accepted", HOUR, many=5),
        offered(WEEKS_AGO, "accepted", 5 * HOUR, many=2),
        offered(WEEKS_AGO, "expired", 2 * DAY, many=1),
        offered(5 * HOUR, many=3),
        offered(HOUR, many=8),
        offered(HOUR, "accepted", MINUTE, many=4),
    ) as tx:
        sla = overview(ask(tx, "30d")).sla
    assert (sla.met, sla.missed, sla.overdue, sla.due) == (5, 3, 3, 11)


def test_how_many_of_the_accepted_became_sql(store: Store) -> None:
    """Ten are as old as 30 days, so the horizon stays; the younger ones count for as long as they have been watched."""
    month = 60 * DAY
    with holding(
        store,
        offered(month, "accepted", HOUR, many=10, sql=9 * DAY),
        offered(month, "accepted", HOUR, many=8, state="disqualified", disqualified_at=NOW - month + 5 * DAY),
        offered(month, "accepted", HOUR, many=2, sql=40 * DAY),
        offered(2 * DAY, "accepted", HOUR, many=20),
    ) as tx:
        found = overview(ask(tx, "90d"))
    sql = found.sql
    assert (sql.reached, sql.out, sql.open) == (12, 8, 20)
    assert (sql.horizon.text, sql.horizon.shortened) == ("30d", False)
    assert sql.rate
    assert sql.rate.estimate
    assert sql.rate.estimate.value == 0.5
    assert found.now.counts.sql == 12


def test_repeats_and_reroutes_stand_beside_it(store: Store) -> None:
    with holding(store, offered(WEEKS_AGO, "accepted", many=3), offered(WEEKS_AGO, "rejected", many=2, number=2)) as tx:
        found = overview(ask(tx, "30d"))
    assert found.now.counts == Counts(accepted=3)
    assert found.repeats == Counts(rejected=2)
    assert found.rerouted == 0


def test_filters_hold_for_every_figure(store: Store) -> None:
    with holding(
        store,
        offered(WEEKS_AGO, "accepted", many=5),
        offered(WEEKS_AGO, "rejected", many=7, source="demo", reason="JUNK"),
        offered(BEFORE, "accepted", many=3, source="demo"),
    ) as tx:
        found = overview(ask(tx, "30d source:demo"))
    assert found.now.counts == Counts(rejected=7)
    assert found.before
    assert found.before.counts == Counts(accepted=3)
    assert found.reasons == (("JUNK", 7),)
    assert found.sla.due == 7


def test_as_of_tells_how_things_stood(store: Store) -> None:
    with holding(store, offered(WEEKS_AGO, "accepted", 3 * HOUR, many=12), offered(DAY, "rejected", many=4)) as tx:
        found = overview(ask(tx, "30d", NOW - WEEKS_AGO + 2 * HOUR))
    assert found.now.counts == Counts(open=12)
    assert found.now.rate("accepted").say is Say.NOTHING


def test_an_empty_window_knows_when_the_last_one_was(store: Store) -> None:
    with holding(store, offered(100 * DAY, "accepted"), offered(120 * DAY, "accepted")) as tx:
        found = overview(ask(tx, "30d"))
        nothing = overview(ask(tx, "2024-01 vs=none"))
    assert found.empty
    assert found.last == NOW - 100 * DAY
    assert (nothing.last, nothing.before, nothing.change) == (None, None, None)


def test_a_young_window_looks_as_far_as_ten_have_come(store: Store) -> None:
    with holding(store, offered(5 * HOUR + 10 * MINUTE, "accepted", HOUR, many=10), offered(HOUR, many=5)) as tx:
        found = overview(ask(tx, "today"))
    assert (found.now.horizon.text, found.now.horizon.shortened) == ("5bh", True)
    assert found.now.rate("accepted").estimate
    assert timedelta(minutes=found.now.horizon.minutes) == 5 * HOUR


def test_an_hour_on_the_wall_clock(store: Store) -> None:
    with holding(
        store,
        offered(WEEKS_AGO, "accepted", 30 * MINUTE, many=12),
        offered(WEEKS_AGO, "accepted", 5 * HOUR, many=12),
    ) as tx:
        found = overview(ask(tx, "30d at=1h"))
    rate = found.now.rate("accepted")
    assert (rate.k, rate.n) == (12, 24)
    assert found.now.horizon.clock == "wall"


def test_sources_are_looked_at_by_the_time_asked_for_among_those_old_enough(store: Store) -> None:
    """Whoever accepted later than within the hour had not accepted by then; open ones of a day had not either."""
    with holding(
        store,
        offered(WEEKS_AGO, "accepted", 30 * MINUTE, many=12),
        offered(WEEKS_AGO, "accepted", 3 * HOUR, many=20),
        offered(WEEKS_AGO, "accepted", many=2, took_wall=None, took_working=None),
        offered(DAY, many=6),
        offered(MINUTE, many=5),
        offered(MINUTE, "accepted", MINUTE / 2, many=5),
        offered(BEFORE, "accepted", 30 * MINUTE, many=30),
        offered(BEFORE, "rejected", 2 * HOUR, many=8),
    ) as tx:
        found = overview(ask(tx, "30d at=1h"))
    assert found.sources == {"webinar": ((30, 38), (12, 38))}
    assert found.judged == 38
    (turn,) = found.turns
    assert turn.change.difference.value < -0.4
