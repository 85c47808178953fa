"""The overview as a table for programs: one figure a row, named as `explain` names it. Pure."""

from collections.abc import Iterator

from bot.blocks.funnel.cells import Row, rated, raw, seconds, shares
from bot.blocks.funnel.report import Column, Table
from bot.stats.cohort import Counts
from bot.stats.maths.intervals import Estimate
from bot.stats.overview import Overview
from bot.stats.rates import Ends, Rate
from bot.stats.times import Times

COLUMNS = (
    Column("window", "Window", figures=False),
    Column("figure", "Figure", figures=False),
    Column("value", "Value"),
    Column("low", "From"),
    Column("high", "To"),
    Column("count", "Count"),
    Column("of", "Of"),
)
COUNTS = ("handed_off", "accepted", "rejected", "expired", "open", "void", "sql", "won")


def data(overview: Overview) -> Table:
    """All figures: counts, then shares from 0 to 1 with their limits, then times in seconds."""
    rows = [*figures("now", overview.now), *(figures("before", overview.before) if overview.before else ())]
    return Table("Overview", COLUMNS, (*rows, *_rest(overview)))


def figures(window: str, ends: Ends) -> Iterator[Row]:
    """Counts and rates of a cohort; `window` says which it is."""
    yield from _counts(window, "", ends.counts)
    yield _rate(window, "accept_rate", ends.rate("accepted"))
    yield _rate(window, "reject_rate", ends.rate("rejected"))
    yield _rate(window, "expire_rate", ends.rate("expired"))
    yield _rate(window, "accept_of_decided", ends.of_decided("accepted"))
    yield row(window, "times_unknown", count=ends.unknown, of=ends.counts.decided)


def _rest(overview: Overview) -> Iterator[Row]:
    if overview.change:
        yield row("now", "difference", overview.change.difference)
    yield from _counts("now", "repeat_", overview.repeats)
    yield row("now", "rerouted", count=overview.rerouted)
    yield from _times("decision_time", overview.working)
    yield from _times("wall_time", overview.wall)
    yield _rate("now", "sla_met", overview.sla.rate(overview.now.confidence))
    yield row("now", "overdue", count=overview.sla.overdue)
    yield row("now", "due_unknown", count=overview.sla.unknown)
    if overview.sql.rate:
        yield _rate("now", "sql_rate", overview.sql.rate)
    for code, n in overview.reasons:
        yield row("now", f"reason {code}", count=n, of=overview.now.counts.rejected)


def _counts(window: str, prefix: str, counts: Counts) -> Iterator[Row]:
    for stage in COUNTS:
        yield row(window, f"{prefix}{stage}", count=getattr(counts, stage))


def _rate(window: str, figure: str, rate: Rate) -> Row:
    return raw(window, figure, *rated(rate))


def _times(figure: str, times: Times) -> Iterator[Row]:
    for part, minutes in (("median", times.median), ("p75", times.p75), ("p90", times.p90)):
        yield raw("now", f"{figure}_{part}_seconds", seconds(minutes), None, None, None, times.decided)


def row(
    window: str, figure: str, known: Estimate | None = None, count: int | None = None, of: int | None = None
) -> Row:
    """One figure: a share with its limits, a count, and out of how many."""
    return raw(window, figure, *shares(known), count, of)
