"""The groups of `sla` as a table, as a chart, and as a table for programs. Pure."""

from dataclasses import replace

from bot.blocks.funnel.report import Cell, Chart, Column, Table, Value
from bot.blocks.funnel.words import Names, brief_minutes, short_rate, signed
from bot.stats.rates import Say
from bot.stats.sla import Kept, Sla
from bot.stats.times import Times

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
        points = {"In time": tuple(_point(one) for one in shown)}
        return Chart("line", f"Answered in time by {sla.by} (due)", tuple(labels), points, "%")
    shown = [one for one in sla.groups if one.met.due][:MOST_BARS]
    series = {
        "In time": tuple(float(one.met.met) for one in shown),
        "Missed": tuple(float(one.met.due - one.met.met) for one in shown),
    }
    return Chart("bar", f"Answered in time by {sla.by}", tuple(names.group(sla.by, one.name) for one in shown), series)


def _point(one: Kept) -> float | None:
    told = one.rate.say in (Say.FEW, Say.RATE)
    return 100 * one.rate.estimate.value if told and one.rate.estimate else None


def table(sla: Sla, names: Names) -> Table:
    """A row for each group; of weeks and months the latest."""
    columns = (replace(_GROUP, name=sla.by.capitalize()), *_FIGURES, *([_VERSUS] if sla.compared else []))
    listed = sla.groups[-MOST_ROWS:] if sla.in_time else sla.groups
    return Table(f"Answered in time by {sla.by}", columns, tuple(_row(one, sla, names) for one in listed), MOST_ROWS)


def _row(one: Kept, sla: Sla, names: Names) -> tuple[Cell, ...]:
    called = names.group(sla.by, one.name)
    met, share = one.met, one.rate.estimate
    versus = [_versus(one)] if sla.compared else []
    return (
        Cell(called if one.over else f"{called} …", called),
        Cell(_share(one), share.value if share else None),
        Cell(f"{met.met:,} of {met.due:,}", met.met),
        *(_count(n) for n in (met.missed, met.overdue, met.unknown, met.not_yet)),
        _took(one.times, one.times.median),
        _took(one.times, one.times.p90),
        *versus,
    )


def _share(one: Kept) -> str:
    if one.rate.say not in (Say.FEW, Say.RATE):
        return "–"
    few = " few data" if one.rate.say is Say.FEW else ""
    return f"{short_rate(one.rate)}{few}"


def _versus(one: Kept) -> Cell:
    if one.versus is None:
        return Cell("–", None)
    value = one.versus.difference.value
    arrow = ("↑ " if value > 0 else "↓ ") if one.versus.clear else ""
    return Cell(f"{arrow}{signed(value)}", value)


def _took(times: Times, minutes: int | None) -> Cell:
    if not times.enough:
        return Cell("–", None)
    return Cell(brief_minutes(minutes, times.horizon), None if minutes is None else 60 * minutes)


def _count(n: int) -> Cell:
    return Cell(f"{n:,}", n)


def data(sla: Sla, names: Names) -> Table:
    """All figures: counts, shares from 0 to 1, times in seconds; all groups together first, under no name."""
    rows = [_figures(sla.total, ""), *(_figures(one, names.group(sla.by, one.name)) for one in sla.groups)]
    return Table(f"Answered in time by {sla.by}", _DATA, tuple(rows))


def _figures(one: Kept, called: str) -> tuple[Cell, ...]:
    met, share, versus = one.met, one.rate.estimate, one.versus
    minutes = (one.times.median, one.times.p75, one.times.p90)
    values: tuple[Value, ...] = (
        *(called, met.due, met.met, met.missed, met.overdue, met.unknown, met.not_yet),
        *((share.value, share.low, share.high) if share else (None, None, None)),
        *(None if at is None else 60 * at for at in minutes),
        *(one.times.decided, one.times.unknown),
        *((versus.difference.value, "yes" if versus.clear else "no") if versus else (None, None)),
    )
    return tuple(Cell("" if value is None else str(value), value) for value in values)
