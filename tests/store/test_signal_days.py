"""Signals counted by day: the same lines in whatever order, repetition and portions they come, at the same cost."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.criteria.assess import assess
from bot.criteria.days import Day, daily, stands_before, utc_day
from bot.criteria.definition import SignalRule
from bot.lead import Lead, Signal
from bot.moves.turn import unless_raced
from bot.store import leads, signals
from bot.store.engine import Store, Tx
from bot.store.signals import UnknownType
from bot.store.tables import signal_days
from tests.support import NOW, POLICY

ADA = Lead(email="ada@example.com", company="Example Ltd", attributes={"employees": 80})
TODAY = NOW.date()
DAY = timedelta(days=1)
CRITERIA = replace(
    POLICY.criteria,
    signals={
        "page_visit": SignalRule("Visited a page", 100, cap_per_day=300, cap=700, half_life=7),
        "minutes": SignalRule("Watched", 150, per_value=25, cap=5000, half_life=30),
        "unsubscribed": SignalRule("Unsubscribed", -2000, cap=2000, half_life=90),
        "demo_request": SignalRule("Asked for a demo", 5000, cap=5000, half_life=30, intent=True),
        "met": SignalRule("Met us", 700, cap_per_day=700),
    },
)
TYPES = [*CRITERIA.signals, "opt_out", "opt_in", "who_knows"]

moments = st.builds(
    lambda days, moved: NOW - timedelta(days=days, microseconds=moved),
    st.integers(0, 4) | st.integers(60, 80) | st.integers(280, 320) | st.integers(890, 910),
    st.sampled_from([0, 1, 9 * 3_600_000_000, 9 * 3_600_000_000 + 1]),  # nine hours back it is midnight
)
values = st.sampled_from([None, 0, 0.5, 0.005, 12.345, -3, 999_999_999_999]) | st.floats(-1e6, 1e6)
heard = st.builds(
    Signal, st.sampled_from("abcdefgh"), st.sampled_from(TYPES), moments, st.none() | st.just("x"), values
)


@st.composite
def arrangements(draw: st.DrawFn, pool: Sequence[Signal]) -> list[Sequence[Signal]]:
    """All of the pool in some order, some of it again, in some number of portions."""
    again = draw(st.lists(st.sampled_from(pool), max_size=4)) if pool else []
    order = draw(st.permutations([*pool, *again]))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=4)))
    return [order[start:end] for start, end in pairwise([0, *cuts, len(order)])]


def new_lead(tx: Tx, name: str = "ada") -> int:
    return leads.upsert(tx, replace(ADA, email=f"{name}@example.com"), NOW).id


def lines(tx: Tx, lead_id: int) -> list[Day]:
    columns = [signal_days.c[name] for name in ("type", "day", "count", "value")]
    return [Day(*row) for row in tx.execute(sa.select(*columns).where(signal_days.c.lead_id == lead_id))]


def as_set(days: Sequence[Day]) -> set[Day]:
    assert len(set(days)) == len(days)
    return set(days)


def standing(pool: Sequence[Signal]) -> dict[str, Signal]:
    """By id the version that stands before all others, the slow and obvious way."""
    return {one.id: one for one in pool if not any(stands_before(other, one) for other in pool if other.id == one.id)}


def proves(store: Store, data: st.DataObject) -> None:
    pool = data.draw(st.lists(heard, max_size=12))
    plain = assess(ADA, daily(pool, NOW), CRITERIA, NOW)
    for arrangement in (data.draw(arrangements(pool)), data.draw(arrangements(pool))):
        with store.transaction(keep=False) as tx:
            lead_id = new_lead(tx)
            new = [signals.add_signals(tx, lead_id, portion, NOW) for portion in arrangement]
            assert as_set(lines(tx, lead_id)) == as_set(daily(pool, NOW))
            assert {one.id: one for one in signals.all_signals(tx, lead_id)} == standing(pool)
            assert sum(new) == len({one.id for one in pool})
            assert assess(ADA, signals.days_of(tx, lead_id, CRITERIA, TODAY), CRITERIA, NOW) == plain


@settings(max_examples=70, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_order_repetition_and_portions_change_nothing(sqlite_store: Store, data: st.DataObject) -> None:
    proves(sqlite_store, data)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nor_on_postgresql(postgres_store: Store, data: st.DataObject) -> None:
    proves(postgres_store, data)


def test_an_id_that_comes_again_earlier_takes_its_line_along(store: Store) -> None:
    late, early = Signal("s", "minutes", NOW, value=30), Signal("s", "page_visit", NOW - DAY, value=2.5)
    with store.transaction() as tx:
        lead_id = new_lead(tx)
        assert signals.add_signals(tx, lead_id, [late], NOW) == 1
        assert lines(tx, lead_id) == [Day("minutes", TODAY, 1, 3000)]
        assert signals.add_signals(tx, lead_id, [early], NOW) == 0
        assert lines(tx, lead_id) == [Day("page_visit", TODAY - DAY, 1, 250)]
        signals.add_signals(tx, lead_id, [late], NOW)
        assert lines(tx, lead_id) == [Day("page_visit", TODAY - DAY, 1, 250)]


def test_two_leads_may_use_the_same_ids(store: Store) -> None:
    with store.transaction() as tx:
        ada, bob = new_lead(tx, "ada"), new_lead(tx, "bob")
        signals.add_signals(tx, ada, [Signal("s", "minutes", NOW, value=1)], NOW)
        signals.add_signals(tx, bob, [Signal("s", "minutes", NOW - DAY, value=2)], NOW)
        assert lines(tx, ada) == [Day("minutes", TODAY, 1, 100)]
        assert lines(tx, bob) == [Day("minutes", TODAY - DAY, 1, 200)]


def test_many_at_once_with_other_words_for_the_same_ids_lose_and_double_nothing(store: Store) -> None:
    pool = [Signal(f"{n % 6}", TYPES[n % 3], NOW - n * DAY, value=n) for n in range(24)]

    def arrive(worker: int) -> None:
        mine = pool[worker::8] + pool[(worker + 3) % 8 :: 8]
        for one in mine:
            unless_raced(lambda one=one: stored(store, one))  # type: ignore[misc]

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(arrive, range(8)))
    with store.reading() as tx:
        assert as_set(lines(tx, leads.find(tx, ADA) or 0)) == as_set(daily(pool, NOW))


def stored(store: Store, one: Signal) -> None:
    with store.transaction() as tx:
        signals.add_signals(tx, leads.upsert(tx, ADA, NOW).id, [one], NOW)


# What an assessment reads


def test_only_days_that_can_still_count_are_read(store: Store) -> None:
    edge = TODAY - 70 * DAY  # ten half-lives of a page visit
    told = [
        Signal("1", "page_visit", at(edge)),
        Signal("2", "page_visit", at(edge) - timedelta(microseconds=1)),
        Signal("3", "met", NOW - 3000 * DAY),
        Signal("4", "opt_out", NOW - 3000 * DAY),
        Signal("5", "who_knows", NOW),
    ]
    with store.transaction() as tx:
        lead_id = new_lead(tx)
        signals.add_signals(tx, lead_id, told, NOW)
        found = {(one.type, one.day) for one in signals.days_of(tx, lead_id, CRITERIA, TODAY)}
    assert found == {("page_visit", edge), ("met", TODAY - 3000 * DAY), ("opt_out", TODAY - 3000 * DAY)}


def test_criteria_without_signals_read_nothing(store: Store) -> None:
    none = replace(CRITERIA, signals={}, fast_tracks=(), disqualifiers=())
    with store.transaction() as tx:
        lead_id = new_lead(tx)
        signals.add_signals(tx, lead_id, [Signal("1", "page_visit", NOW)], NOW)
        assert signals.days_of(tx, lead_id, none, TODAY) == []


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


# What it costs


FRESH = Signal("fresh", "page_visit", NOW)
WORK: dict[str, Callable[[Tx, int], Any]] = {
    "a new signal": lambda tx, one: signals.add_signals(tx, one, [FRESH], NOW),
    "its days": lambda tx, one: signals.days_of(tx, one, CRITERIA, TODAY),
    "the newest for the card": lambda tx, one: signals.newest_signals(tx, one, 3, until=NOW),
    "the last of a type": lambda tx, one: signals.last_signal_at(tx, one, ["demo_request"], TODAY),
}


@pytest.mark.parametrize("work", WORK)
def test_it_costs_the_same_steps_however_many_signals_came_before(sqlite_store: Store, work: str) -> None:
    """Counted in steps of SQLite's own machine. Ten days have been busy, or thousands long ago."""
    few = [Signal(f"{n}", "page_visit", NOW - n * DAY) for n in range(10)]
    busy = [Signal(f"busy {n}", "page_visit", NOW - n % 10 * DAY) for n in range(3000)]
    old = [Signal(f"old {n}", "page_visit", NOW - timedelta(days=100 + n)) for n in range(3000)]
    asked = [Signal("asked", "demo_request", NOW - 50 * DAY)]
    with sqlite_store.transaction() as tx:
        quiet, loud = new_lead(tx, "quiet"), new_lead(tx, "loud")
        signals.add_signals(tx, quiet, few + asked, NOW)
        signals.add_signals(tx, loud, few + asked + busy + old, NOW)
        spent = []
        for lead_id in (quiet, loud):
            with steps(tx) as counted:
                WORK[work](tx, lead_id)
            spent.append(len(counted))
    assert spent[1] <= spent[0] * 1.2 + 5, spent


@contextmanager
def steps(tx: Tx) -> Iterator[list[None]]:
    """One entry per ten instructions that SQLite carries out."""
    counted: list[None] = []
    driver: Any = tx.connection.driver_connection
    driver.set_progress_handler(lambda: counted.append(None), 10)
    yield counted
    driver.set_progress_handler(None, 10)


# Single signals


def test_the_newest_signals_are_told_by_when_they_happened_and_by_when_they_were_received(store: Store) -> None:
    first = [Signal("a", "met", NOW - 3 * DAY, "n", 2.5), Signal("b", "met", NOW - DAY), Signal("c", "met", NOW - DAY)]
    later = [Signal("old", "met", NOW - 9 * DAY), Signal("new", "met", NOW)]
    with store.transaction() as tx:
        lead_id = new_lead(tx)
        signals.add_signals(tx, lead_id, first, NOW)
        signals.add_signals(tx, lead_id, later, NOW + DAY)
        assert [one.id for one in signals.newest_signals(tx, lead_id, 2)] == ["new", "c"]
        assert signals.newest_signals(tx, lead_id, 9, until=NOW) == [first[2], first[1], first[0]]
        assert signals.newest_signals(tx, lead_id, 9, after=NOW) == [later[1], later[0]]
        assert signals.newest_signals(tx, lead_id, 9, after=NOW + DAY) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(heard, max_size=8), ago=st.sampled_from([0, 1, 60, 300]))
def test_the_last_signal_of_some_types_is_what_a_search_through_all_finds(
    sqlite_store: Store, told: list[Signal], ago: int
) -> None:
    today = TODAY - ago * DAY
    wanted = ["demo_request", "met", "page_visit"]
    with sqlite_store.transaction(keep=False) as tx:
        lead_id = new_lead(tx)
        signals.add_signals(tx, lead_id, told, NOW)
        found = signals.last_signal_at(tx, lead_id, wanted, today)
        every = [one for one in signals.all_signals(tx, lead_id) if one.type in wanted]
    assert found == max((one.at for one in every if utc_day(one.at) <= today), default=None)


def test_a_last_signal_may_be_dated_later_today_and_the_next_day_is_that_of_the_first_to_come(store: Store) -> None:
    later = NOW + timedelta(hours=1)
    told = [Signal("a", "met", NOW - 5 * DAY), Signal("b", "met", later), Signal("c", "page_visit", NOW + 3 * DAY)]
    with store.transaction() as tx:
        lead_id = new_lead(tx)
        signals.add_signals(tx, lead_id, told, NOW)
        assert signals.last_signal_at(tx, lead_id, ["met"], TODAY) == later
        assert signals.last_signal_at(tx, lead_id, ["page_visit"], TODAY) is None
        assert signals.last_signal_at(tx, lead_id, [], TODAY) is None
        assert signals.next_day(tx, lead_id, TODAY) == TODAY + 3 * DAY
        assert signals.next_day(tx, lead_id, TODAY + 3 * DAY) is None


def test_types_that_no_rule_knows_are_counted_with_their_leads_and_last_day(store: Store) -> None:
    with store.transaction() as tx:
        ada, bob = new_lead(tx, "ada"), new_lead(tx, "bob")
        many = [Signal(f"{n}", "chat", NOW - n * DAY) for n in range(3)]
        signals.add_signals(tx, ada, [*many, Signal("p", "page_visit", NOW), Signal("z", "zoom", NOW)], NOW)
        signals.add_signals(tx, bob, [Signal("0", "chat", NOW + DAY)], NOW)
        assert signals.unknown_types(tx, {"page_visit"}) == [
            UnknownType("chat", 4, 2, TODAY + DAY),
            UnknownType("zoom", 1, 1, TODAY),
        ]
        assert signals.unknown_types(tx, {"page_visit", "chat", "zoom"}) == []
        assert {one.type for one in signals.unknown_types(tx, [])} == {"page_visit", "chat", "zoom"}


@pytest.mark.parametrize("first", [None, 0])
def test_a_value_of_nothing_and_none_at_all_are_two_versions_of_which_one_stands(
    store: Store, first: float | None
) -> None:
    said = {value: Signal("s", "minutes", NOW, value=value) for value in (None, 0)}
    with store.transaction() as tx:
        lead_id = new_lead(tx)
        for value in (first, 0 if first is None else None):
            signals.add_signals(tx, lead_id, [said[value]], NOW)
        assert signals.all_signals(tx, lead_id) == [said[None]]
