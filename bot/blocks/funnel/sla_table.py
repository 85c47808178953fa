"""The groups of `sla` as a table, as a chart, and as a table for programs. Pure."""

from dataclasses import replace

from bot.blocks.funnel.cells import Row, count, named, raw, seconds, shares, took, verdict, versus
from bot.blocks.funnel.report import Cell, Chart, Column, Table
from bot.blocks.funnel.small_print import percent_of
from bot.blocks.funnel.words import Names, short_rate
from bot.stats.rates import Say
from bot.stats.sla import Kept, Sla

MOST_BARS = 20
MOST_ROWS = 15

_GROUP = Column("group", "Group", figures=False)
_FIGURES = (
    Column("sla_met", "SLA met"),
    Column("met", "In time"),
    Column("missed", "Missed"),
    Column("overdue", "Overdue"),
    Column("due_unknown", "Time unknown"),
    Column("not_yet", "Not due"),
    Column("median", "Half within"),
    Column("p90", "90 % within"),
)
_VERSUS = Column("versus", "Against rest")
_DATA = (
    _GROUP,
    Column("due", "Due"),
    Column("met", "In time"),
    Column("missed", "Missed"),
    Column("overdue", "Overdue"),
    Column("due_unknown", "Unknown"),
    Column("not_yet", "Not due"),
    Column("share", "Share"),
    Column("low", "From"),
    Column("high", "To"),
    Column("median_seconds", "Half within"),
    Column("p75_seconds", "75 % within"),
    Column("p90_seconds", "90 % within"),
    Column("decided", "Decided"),
    Column("times_unknown", "Times unknown"),
    Column("difference", "Difference"),
    Column("clear", "Clear", figures=False),
)


def chart(sla: Sla, names: Names) -> Chart:
    """Of weeks and months the course, else who answers in time."""
    if sla.in_time:
        shown = [one for one in sla.groups if one.over][-MOST_BARS:]
        labels = (f"{names.group(sla.by, one.name).removeprefix('week of ')} ({one.met.due:,})" for one in shown)
        points = {"In time": tuple(percent_of(one.rate) for one in shown)}
        return Chart("line", f"Answered in time by {sla.by} (due)", tuple(labels), points, "%")
    shown = [one for one in sla.groups if one.met.due][:MOST_BARS]
    series = {
        "In time": tuple(float(one.met.met) for one in shown),
        "Missed": tuple(float(one.met.due - one.met.met) for one in shown),
    }
    return Chart("bar", f"Answered in time by {sla.by}", tuple(names.group(sla.by, one.name) for one in shown), series)


def table(sla: Sla, names: Names) -> Table:
    """A row for each group; of weeks and months the latest."""
    columns = (replace(_GROUP, name=sla.by.capitalize()), *_FIGURES, *([_VERSUS] if sla.compared else []))
    listed = sla.groups[-MOST_ROWS:] if sla.in_time else sla.groups
    return Table(f"Answered in time by {sla.by}", columns, tuple(_row(one, sla, names) for one in listed), MOST_ROWS)


def _row(one: Kept, sla: Sla, names: Names) -> Row:
    met, share = one.met, one.rate.estimate
    return (
        named(names.group(sla.by, one.name), over=one.over),
        Cell(_share(one), share.value if share else None),
        Cell(f"{met.met:,} of {met.due:,}", met.met),
        *map(count, (met.missed, met.overdue, met.unknown, met.not_yet)),
        took(one.times, one.times.median),
        took(one.times, one.times.p90),
        *([versus(one.versus)] if sla.compared else []),
    )


def _share(one: Kept) -> str:
    if not one.rate.told:
        return "–"
    few = " few data" if one.rate.say is Say.FEW else ""
    return f"{short_rate(one.rate)}{few}"


def data(sla: Sla, names: Names) -> Table:
    """All figures: counts, shares from 0 to 1, times in seconds; all groups together first, under no name."""
    rows = [_figures(sla.total, ""), *(_figures(one, names.group(sla.by, one.name)) for one in sla.groups)]
    return Table(f"Answered in time by {sla.by}", _DATA, tuple(rows))


def _figures(one: Kept, called: str) -> Row:
    met, times = one.met, one.times
    return raw(
        *(called, met.due, met.met, met.missed, met.overdue, met.unknown, met.not_yet),
        *shares(one.rate.estimate),
        *map(seconds, (times.median, times.p75, times.p90)),
        *(times.decided, times.unknown),
        *verdict(one.versus),
    )
