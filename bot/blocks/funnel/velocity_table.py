"""The course of hand-offs as a chart and a table, the times of groups, and all of it for programs. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from bot.blocks.funnel.cells import Row, count, named, rated, raw, seconds, took
from bot.blocks.funnel.report import Cell, Chart, Column, Table
from bot.blocks.funnel.words import Names, minutes_words, percent
from bot.stats.onward import Stage
from bot.stats.query import Clock, Dim
from bot.stats.rates import CAUSES
from bot.stats.split import TIMES
from bot.stats.velocity import Curve, Pace, Velocity

MOST_BARS = 20
MOST_ROWS = 15
EVERY = 2
"""The table has every second point of the curve."""
CLOCKS: dict[Clock, str] = {"working": "working time", "wall": "time on the clock"}

_COURSE = (
    Column("after", "Within", figures=False),
    Column("accepted", "Accepted"),
    Column("rejected", "Rejected"),
    Column("expired", "Expired"),
)
_GROUPS = (
    Column("group", "Group", figures=False),
    Column("answered", "Answered"),
    Column("median", "Half within"),
    Column("p75", "75 % within"),
    Column("p90", "90 % within"),
    Column("wall", "Half, wall clock"),
    Column("open", "Open"),
)
_DATA = (
    Column("group", "Group", figures=False),
    Column("figure", "Figure", figures=False),
    Column("clock", "Clock", figures=False),
    Column("after_seconds", "After"),
    Column("value", "Value"),
    Column("low", "From"),
    Column("high", "To"),
    Column("count", "Count"),
    Column("of", "Of"),
)


def chart(found: Velocity, names: Names) -> Iterator[Chart]:
    """How hand-offs come to their end; by a dimension, in which time half of each group are decided."""
    if found.query.by:
        yield from _medians(found, found.query.by, names)
    elif found.curve and _tells(found):
        labels = tuple(_after(minutes, found) for minutes in found.curve.minutes)
        shares = {cause.title(): tuple(100 * one for one in found.curve.shares[cause]) for cause in CAUSES}
        yield Chart("line", f"Share decided, by {CLOCKS[found.ends.horizon.clock]}", labels, shares, "%")


def table(found: Velocity, names: Names) -> Table | None:
    """The times of each group; of all together, the points of the curve."""
    by = found.query.by
    if by:
        listed = found.groups[-MOST_ROWS:] if by in TIMES else found.groups
        rows = tuple(_group(one, names.group(by, one.name)) for one in listed)
        columns = (replace(_GROUPS[0], name=by.capitalize()), *_GROUPS[1:])
        return Table(f"Time to a decision by {by}", columns, rows, MOST_ROWS)
    if found.curve and _tells(found):
        caption = f"Decided of {found.ends.counts.handed_off:,}, by {CLOCKS[found.ends.horizon.clock]}"
        return Table(caption, _COURSE, tuple(_points(found.curve, found)))
    return None


def data(found: Velocity, names: Names) -> Table:
    """One figure a row, named as `explain` names it: shares from 0 to 1, times in seconds."""
    return Table("Velocity", _DATA, tuple(_figures(found, names)))


def _tells(found: Velocity) -> bool:
    return found.ends.rate("accepted").told


def _medians(found: Velocity, by: Dim, names: Names) -> Iterator[Chart]:
    shown = [one for one in found.groups if one.working.enough and one.working.median is not None and one.over]
    shown = shown[-MOST_BARS:] if by in TIMES else shown[:MOST_BARS]
    if len(shown) > 1:
        labels = tuple(names.group(by, one.name).removeprefix("week of ") for one in shown)
        medians = {"Half": tuple(float(one.working.median or 0) for one in shown)}
        kind: Literal["line", "bar"] = "line" if by in TIMES else "bar"
        yield Chart(kind, "Half decided within (minutes)", labels, medians, "working minutes")


def _after(minutes: int, found: Velocity) -> str:
    return minutes_words(minutes, found.ends.horizon.clock) if minutes else "0"


def _points(curve: Curve, found: Velocity) -> Iterator[Row]:
    last = len(curve.minutes) - 1
    for at in sorted({*range(last, 0, -EVERY)}):
        minutes = curve.minutes[at]
        ends = (_point(curve.shares[cause][at], curve.counts[cause][at]) for cause in CAUSES)
        yield (Cell(_after(minutes, found), 60 * minutes), *ends)


def _point(share: float, n: int) -> Cell:
    return Cell(f"{percent(share)} ({n:,})", share)


def _group(one: Pace, called: str) -> Row:
    times = one.working
    return (
        named(called, over=one.over),
        count(times.decided),
        *(took(times, minutes) for minutes in (times.median, times.p75, times.p90)),
        took(one.wall, one.wall.median),
        count(one.counts.open),
    )


def _figures(found: Velocity, names: Names) -> Iterator[Row]:
    ends, by = found.ends, found.query.by
    clock, after = ends.horizon.clock, 60 * ends.horizon.minutes
    if found.curve:
        for at, minutes in enumerate(found.curve.minutes):
            for cause in CAUSES:
                share, n = found.curve.shares[cause][at], found.curve.counts[cause][at]
                yield raw("", f"{cause}_share", clock, 60 * minutes, share, None, None, n, ends.counts.handed_off)
    for cause, figure in zip(CAUSES, ("accept_rate", "reject_rate", "expire_rate"), strict=True):
        yield raw("", figure, clock, after, *rated(ends.rate(cause)))
    yield from _paces(found.total, "")
    yield raw("", "stuck", "working", None, None, None, None, found.stuck, ends.counts.open)
    for figure, stage in zip(("sql_rate", "mql_sql_rate", "won_rate"), found.stages, strict=False):
        yield from _stages(figure, stage)
    for one in found.groups:
        yield from _paces(one, names.group(by, one.name) if by else one.name)


def _paces(one: Pace, called: str) -> Iterator[Row]:
    for figure, times in (("decision_time", one.working), ("wall_time", one.wall)):
        clock, n = times.horizon.clock, times.decided
        for part, minutes in (("median", times.median), ("p75", times.p75), ("p90", times.p90)):
            yield raw(called, f"{figure}_{part}_seconds", clock, None, seconds(minutes), None, None, n, None)
    yield raw(called, "times_unknown", None, None, None, None, None, one.working.unknown, one.counts.decided)


def _stages(figure: str, stage: Stage) -> Iterator[Row]:
    if stage.rate:
        yield raw("", figure, "wall", 60 * stage.horizon.minutes, *rated(stage.rate))
    for part, n in (("reached", stage.reached), ("out", stage.out), ("open", stage.open), ("unknown", stage.unknown)):
        yield raw("", f"{figure}_{part}", None, None, None, None, None, n, stage.n)
