"""The rows of the overview, at one go: it is the question that is asked most, and over the longest windows.

They hold what the functions of cohorts.py count one by one; a test holds the two against each other.
"""

from collections import Counter

from bot.stats.cohort import CAUSE_OF, Cause, Ending, Outcome, Tally, Waiting, counts
from bot.stats.overview import OverviewRows, WindowRows
from bot.stats.query import Cohort
from bot.stats.rates import RATES_FROM, Horizon
from bot.store import cohorts, due_times
from bot.store.dimensions import value_of
from bot.store.engine import Tx
from bot.store.outcomes import minutes
from bot.store.packed import Packed, accepted, by_then
from bot.store.packing import OUTCOME, OUTCOMES, Moments, ended_by


def overview_rows(tx: Tx, current: Cohort, previous: Cohort | None, at: Moments, horizon: Horizon) -> OverviewRows:
    """All rows of the overview, of a window and of the one before it, whose endings are on the horizon's clock alone.

    Where all of the window before is ripe, they only tell whether they came within the horizon: no more is asked.
    """
    found = Packed(tx, current, at, ("working", "wall"), horizon)
    return OverviewRows(
        now=_window(found),
        before=_before(tx, previous, at, horizon) if previous else None,
        repeats=counts(found.tallies(first=False)),
        rerouted=found.rerouted(),
        due=[*found.due(), *due_times.due_of_others(tx, current, at.as_of)],
        later=found.later(),
        accepts=cohorts.accepts(tx, current, at.as_of, RATES_FROM),
    )


def _window(found: Packed) -> WindowRows:
    return WindowRows(
        tallies=found.tallies(),
        sources=found.sources(),
        decided=found.decided(),
        endings=found.endings(),
        waiting=found.waiting(),
    )


def _before(tx: Tx, cohort: Cohort, at: Moments, horizon: Horizon) -> WindowRows:
    if cohort.window.end > at.ripe:
        return _window(Packed(tx, cohort, at, (horizon.clock,), horizon))
    code = OUTCOME * 3 + ended_by(minutes(horizon.clock), horizon)
    columns = value_of("source", cohort.touch).label("source"), code.label("code")
    row = cohorts.offered(cohort, *columns).where(cohorts.FIRST)
    found = [
        (source, OUTCOMES[code // 3], code % 3, n) for source, code, n in cohorts.grouped(tx, row, cohort, at.as_of)
    ]
    sums, ends = Counter[Outcome](), Counter[tuple[Cause, int]]()
    for _, outcome, then, n in found:
        sums[outcome] += n
        if outcome in CAUSE_OF:
            ends[CAUSE_OF[outcome], then] += n
    told = (0, horizon.minutes + 1, None)
    return WindowRows(
        tallies=[Tally("", outcome, None, n) for outcome, n in sums.items()],
        sources=by_then(found),
        decided=accepted((source, outcome, n) for source, outcome, _, n in found),
        endings={horizon.clock: [Ending("", cause, told[then], n) for (cause, then), n in ends.items()]},
        waiting=[Waiting("", None, None, None, sums[Outcome.OPEN])] if sums[Outcome.OPEN] else [],
    )
