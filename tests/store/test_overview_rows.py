"""What the overview reads at one go is what the store counts one by one, whatever the rows look like."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handoff.states import State
from bot.stats.cohort import Due, Ending, Waiting, counts, groups
from bot.stats.maths.differences import Count
from bot.stats.overview import WindowRows
from bot.stats.query import Clock, Cohort, Filter, Window
from bot.stats.rates import Horizon
from bot.store import cohorts, due_times
from bot.store.engine import Store, Tx
from bot.store.overview import overview_rows
from bot.store.packing import Moments
from bot.store.tables import handoffs, history
from tests.store.recount import DATES, HOUR, SLOW, START, forgotten, insert_leads, moments

HORIZON = Horizon(60, "working", "1bh")
MIDDLE, END = START + 2 * HOUR, START + 4 * HOUR
TICK = timedelta(microseconds=1)
maybe = st.none() | moments
words = st.sampled_from([None, "", "  ", "ads", "(blank)"])
seconds = st.sampled_from([None, 0, 59, 3599, 3600, 3660, 90_000])

rows = st.fixed_dictionaries(
    {
        "number": st.sampled_from([1, 1, 2]),
        "state": st.sampled_from([state.value for state in State]),
        "offered_at": moments,
        **dict.fromkeys([*DATES, "decided_at", "due_at"], maybe),
        **dict.fromkeys(("took_wall", "took_working"), seconds),
        **dict.fromkeys(("source", "reason"), words),
        **dict.fromkeys(("first_owner", "tier", "raised_from"), st.sampled_from([None, "a", "b"])),
        "facets": st.sampled_from([None, {"first_source": "fair"}]),
        "passed_on": maybe,
    }
)


def insert(tx: Tx, records: list[dict[str, Any]]) -> None:
    insert_leads(tx, len(records))
    for number, record in enumerate(records, start=1):
        row = {name: value for name, value in record.items() if name != "passed_on"}
        rest = {"id": number, "lead_id": number, "version": 1, "steps": [], "step": 0, "policy": "p", "imported": True}
        tx.execute(sa.insert(handoffs).values(**row, **rest))
        if record["passed_on"]:
            told = {"kind": "rerouted", "at": record["passed_on"], "detail": {}}
            tx.execute(sa.insert(history).values(lead_id=number, handoff_id=number, **told))


def bag(found: Iterable[Any]) -> Counter[Any]:
    """Rows of the same kind together."""
    sums = Counter[Any]()
    for row in found:
        sums[row._replace(n=0)] += row.n
    return sums


def until(cohort: Cohort, end: datetime) -> Cohort:
    return replace(cohort, window=replace(cohort.window, end=min(cohort.window.end, end)))


def decided(tx: Tx, cohort: Cohort, at: Moments) -> dict[str, Count]:
    tallies = cohorts.tallies(tx, until(cohort, at.ripe), at.as_of, "source")
    return {one.name: (one.counts.accepted, one.counts.decided) for one in groups(tallies) if one.counts.decided}


def same(tx: Tx, found: WindowRows, cohort: Cohort, at: Moments, clocks: tuple[Clock, ...], *, coarse: bool) -> None:
    tallies = cohorts.tallies(tx, cohort, at.as_of)
    assert counts(tallies) == counts(found.tallies)
    assert coarse or bag(tallies) == bag(found.tallies)
    assert decided(tx, cohort, at) == found.decided
    for clock in clocks:
        ended = cohorts.endings(tx, cohort, at.as_of, clock)
        assert bag(map(_by_then, ended) if coarse else ended) == bag(found.endings[clock])
    open_ = cohorts.waiting(tx, cohort, at.as_of, at.old)
    assert bag(Waiting("", None, None, None, one.n) if coarse else one for one in open_) == bag(found.waiting)


def _by_then(one: Ending) -> Ending:
    """The window before needs no more than whether it was within the horizon."""
    if one.minutes is None:
        return one
    return one._replace(minutes=0 if one.minutes <= HORIZON.minutes else HORIZON.minutes + 1)


@settings(SLOW, max_examples=30)
@given(
    records=st.lists(rows, min_size=6, max_size=20),
    at=st.tuples(moments, moments, moments),
    source=st.none() | st.booleans(),
    touch=st.sampled_from(["trigger", "first"]),
)
def test_the_overview_reads_at_one_go_what_is_counted_one_by_one(
    store: Store, records: list[dict[str, Any]], at: tuple[datetime, ...], source: bool | None, touch: Any
) -> None:
    old, ripe, as_of = sorted(at)
    then = Moments(as_of, ripe, old)
    filters = () if source is None else (Filter("source", ("ads",), negated=source),)
    now, before = (
        Cohort(Window(start, end, ""), filters, touch) for start, end in ((MIDDLE, END + TICK), (START, MIDDLE))
    )
    with forgotten(store) as tx:
        insert(tx, records)
        found = overview_rows(tx, now, before, then, HORIZON)
        assert found.before is not None
        same(tx, found.now, now, then, ("working", "wall"), coarse=False)
        same(tx, found.before, before, then, ("working",), coarse=MIDDLE <= ripe)
        assert found.repeats == cohorts.repeats(tx, now, as_of)
        assert found.rerouted == cohorts.rerouted(tx, now, as_of)
        assert bag(found.due) == bag(due_times.due(tx, until(now, as_of + TICK), as_of))
        assert bag(found.later) == bag(cohorts.later(tx, now, as_of))


@pytest.mark.parametrize(("as_of", "others"), [(MIDDLE - TICK, 1), (MIDDLE, 2), (END, 3)])
def test_what_was_due_in_a_window_but_offered_before_or_after_it_is_found(
    store: Store, as_of: datetime, others: int
) -> None:
    """An import may date an offer after its own due time: it counts from the moment it was offered at, included."""
    offers = (START - HOUR, START, MIDDLE, END)
    blank: dict[str, Any] = {"number": 1, "state": "offered", "due_at": START + HOUR, "passed_on": None}
    window = Cohort(Window(START, MIDDLE, ""))
    with forgotten(store) as tx:
        insert(tx, [blank | {"offered_at": at} for at in offers])
        assert sum(one.n for one in due_times.due_of_others(tx, window, as_of)) == others
        assert bag(due_times.due(tx, window, as_of)) == bag([Due("", "overdue", others + 1)])
