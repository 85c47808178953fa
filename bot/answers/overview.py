"""What `/funnel` answers first: what became of the hand-offs of a window, how fast, why not, and what has changed.

All rows come from one call of the store, as this is the question that is asked most, and over the longest windows.
"""

from collections.abc import Iterable

from bot.answers.inquiry import Inquiry
from bot.answers.marks import marks
from bot.answers.onward import reach, watched_since
from bot.answers.rates import ages, expiry, horizon_of, ripe
from bot.stats.cohort import Counts, counts, reasons
from bot.stats.onward import SAL_TO_SQL, stage
from bot.stats.overview import Overview, OverviewRows, WindowRows, changes, comparable, mixed, paired, sources
from bot.stats.query import Query
from bot.stats.rates import Age, Ends, Horizon, ends
from bot.stats.sla import met
from bot.stats.times import ON_THE_WALL, times
from bot.store import cohorts
from bot.store.overview import overview_rows
from bot.store.packing import Moments


def overview(inquiry: Inquiry) -> Overview:
    """The answer."""
    query, policy, as_of = inquiry.query, inquiry.policy, inquiry.as_of
    horizon, until = horizon_of(inquiry), expiry(policy)
    rows = _rows(inquiry, horizon, until)
    open_ = {one: _ages(inquiry, rows.now, one) for one in {horizon, until, ON_THE_WALL}}
    now = _ends(query, rows.now, open_[horizon], horizon)
    before = _ends(query, rows.before, _ages(inquiry, rows.before, horizon), horizon) if rows.before else None
    timed = now.incidence is not None and (before is None or before.incidence is not None)
    mine, theirs = sources(rows.now, by_horizon=timed), sources(rows.before, by_horizon=timed)
    change, turns = changes(now, before, mine, theirs)
    nothing = now.counts == Counts() and rows.repeats == Counts()
    return Overview(
        query=query,
        as_of=as_of,
        now=now,
        before=before,
        change=change,
        turns=turns,
        mix=mixed(theirs, mine) if comparable(now, before) else None,
        sources=paired(theirs, mine),
        repeats=rows.repeats,
        rerouted=rows.rerouted,
        working=times(rows.now.endings["working"], open_[until], until),
        wall=times(rows.now.endings["wall"], open_[ON_THE_WALL], ON_THE_WALL),
        sla=met(rows.due),
        sql=stage(rows.later, "sql", reach(rows.accepts, as_of, SAL_TO_SQL), query.confidence),
        reasons=reasons(rows.now.tallies),
        marks=marks(inquiry),
        accept_target=policy.targets.accept,
        sla_target=policy.targets.sla,
        last=cohorts.newest(inquiry.tx, query.cohort, as_of) if nothing else None,
    )


def _rows(inquiry: Inquiry, horizon: Horizon, until: Horizon) -> OverviewRows:
    query, policy, as_of, before = inquiry.query, inquiry.policy, inquiry.as_of, inquiry.before
    old = min(watched_since(policy, as_of, one) for one in {horizon, until})
    return overview_rows(
        inquiry.tx,
        query.cohort,
        before.query.cohort if before else None,
        Moments(as_of, ripe(policy, as_of, horizon), old),
        horizon,
    )


def _ends(query: Query, rows: WindowRows, open_: Iterable[Age], horizon: Horizon) -> Ends:
    ended, found = rows.endings[horizon.clock], counts(rows.tallies)
    return ends(ended, open_, found, horizon, query.confidence, by_outcome=query.by_outcome)


def _ages(inquiry: Inquiry, rows: WindowRows, horizon: Horizon) -> list[Age]:
    return ages(rows.waiting, inquiry.policy, inquiry.as_of, horizon).get("", [])
