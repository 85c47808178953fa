"""The words of `explain`: what a figure means, what it came to, from which counts, and how to get these oneself."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.blocks.funnel.cells import count, named
from bot.blocks.funnel.report import Cell, Column, Line, Report, Step, Table
from bot.blocks.funnel.small_print import quarters
from bot.blocks.funnel.steps import step
from bot.blocks.funnel.words import (
    Names,
    change_words,
    horizon_words,
    in_points,
    minutes_words,
    percent,
    rate_words,
    reading,
    so_many_points,
)
from bot.stats.explain import Explained, Row, Value
from bot.stats.language.grammar import canonical, command
from bot.stats.language.reading import SUBS
from bot.stats.maths.differences import LEAST
from bot.stats.query import Explain
from bot.stats.rates import FEW_BELOW, RATES_FROM, Say
from bot.stats.reps import LEAST as LEAST_OFF
from bot.stats.times import Times
from bot.stats.verdicts import small, suspected

WORDS = {
    "sql": "SQL",
    "out": "disqualified or lapsed",
    "underway": "still under way",
    "timed": "accepted or rejected at a known time",
    "decided_unknown": "at an unknown one",
    "timed_wall": "accepted or rejected at a known time",
    "decided_unknown_wall": "at an unknown one",
    "overdue": "open overdue",
    "due_unknown": "answered at an unknown time",
    "from_others": "from somebody else",
    "judged": "old enough, at a known time",
    "period_offered": "handed off in the window",
    "period_accepted": "accepted in it",
    "period_sql": "SQL in it",
    "period_undated": "accepted at an unknown time",
}
"""How counts are called whose names say too little."""

SQL = "The statement gives the counts, on SQLite and PostgreSQL as it stands. Its times are UTC."
MOST_ROWS = 15
LISTED = "for each group, below"

_COLUMNS = (Column("count", "Count", figures=False), Column("n", "Hand-offs"))


def report(explained: Explained, names: Names) -> Report:
    """One figure."""
    metric, query = explained.metric, explained.query
    whole = replace(query, by=None)
    compares = any(name.startswith("before") for name in explained.counts)
    lines = (
        Line("Means", metric.definition),
        Line("Formula", metric.formula),
        Line("Here", LISTED if explained.rows and explained.value == Value() else _value(explained)),
        Line("Counts", " · ".join(f"{_called(name, explained, names)} {n:,}" for name, n in explained.counts.items())),
    )
    return Report(
        title=f"What is: {metric.name}",
        command=command(Explain(metric.key, query)),
        reading=reading(whole if compares else replace(whole, previous=None), names, explained.horizon),
        lines=lines,
        notes=tuple(_small_print(explained)),
        table=_table(explained, names) if explained.rows else None,
        code=explained.sql,
        steps=(_shows(explained),),
        data=Table("Counts", _COLUMNS, tuple(_data(explained))),
    )


def _data(explained: Explained) -> Iterator[tuple[Cell, ...]]:
    """The counts of all, and then those of each group."""
    groups = [("", explained.counts), *((f" · {' · '.join(row.names)}", row.counts) for row in explained.rows)]
    for of, counts in groups:
        yield from ((named(f"{name}{of}"), count(n)) for name, n in counts.items())


def _table(explained: Explained, names: Names) -> Table:
    """The largest groups, with what came of them where that is a figure of its own."""
    shared = any(row.share is not None for row in explained.rows)
    columns = [
        *(Column(dim, dim.capitalize(), figures=False) for dim in explained.by),
        *(Column(name, _called(name, explained, names).capitalize()) for name in explained.counts),
        *([Column(explained.metric.key, explained.metric.name)] if shared else []),
    ]
    return Table(
        f"Counts by {' and '.join(explained.by)}",
        tuple(columns),
        tuple(tuple(_cells(row, explained, names, shared=shared)) for row in explained.rows),
        most=MOST_ROWS,
    )


def _cells(row: Row, explained: Explained, names: Names, *, shared: bool) -> Iterator[Cell]:
    yield from (named(names.group(dim, value)) for dim, value in zip(explained.by, row.names, strict=True))
    yield from map(count, row.counts.values())
    if shared:
        yield Cell("–" if row.share is None else percent(row.share), row.share)


def _called(name: str, explained: Explained, names: Names) -> str:
    if name == "top_reason":
        return names.reason(explained.reason)
    before = name.removeprefix("before_")
    called = WORDS.get(before, before.replace("_", " "))
    return called if before == name else f"{called} before"


def _value(explained: Explained) -> str:
    """What it came to, told by what kind of figure it is."""
    told = _TOLD.get(explained.metric.key)
    return told(explained) if told else _plainly(explained.value, explained.metric.unit)


def _could_see(explained: Explained) -> str:
    comparison = explained.value.comparison
    return f"{so_many_points(comparison.could_see)} or more" if comparison else _NOTHING


def _clear(explained: Explained) -> str:
    comparison = explained.value.comparison
    if comparison is None:
        return _NOTHING
    if comparison.clear:
        return "clear"
    if suspected(comparison):
        return "not sure yet: the rates are too wide (≈)"
    return f"small: more than chance, but below {so_many_points(LEAST)}" if small(comparison) else "not clear"


def _half(explained: Explained) -> str:
    if not explained.counts["handed_off"]:
        return _NOTHING
    return minutes_words(_whole(explained.value.number), explained.horizon.clock, explained.horizon)


def _few(explained: Explained) -> str:
    return _FEW[explained.value.rate.say] if explained.value.rate else _NOTHING


def _limits(explained: Explained) -> str:
    many = _whole(explained.value.number)
    if many is None:
        return _NOTHING
    outside = f"{many} {'rep is' if many == 1 else 'reps are'}" if many else "no rep is"
    return f"{outside} outside by {so_many_points(LEAST_OFF)} or more"


def _target(explained: Explained) -> str:
    return "none is set" if explained.value.number is None else percent(explained.value.number)


_TOLD: Mapping[str, Callable[[Explained], str]] = {
    "horizon": lambda of: horizon_words(of.horizon),
    "could_see": _could_see,
    "clear": _clear,
    "accept_time": _half,
    "few_data": _few,
    "target": _target,
    "limits": _limits,
}


def _plainly(value: Value, unit: str) -> str:
    if value.rate:
        within = f" · within {horizon_words(value.horizon)}" if value.horizon else ""
        return f"{rate_words(value.rate)}{within}"
    if value.times:
        return _times(value.times)
    if value.comparison:
        return change_words(value.comparison)
    if value.number is None:
        return _NOTHING
    if unit == "points":
        return in_points(value.number)
    return percent(value.number) if unit == "share" else f"{value.number:.0f}"


_NOTHING = "nothing to tell for this window"
_FEW: Mapping[Say, str] = {
    Say.NOTHING: "nothing is decided yet",
    Say.COUNTS: f"counts only: fewer than {RATES_FROM} are decided",
    Say.FEW: f"few data: fewer than {FEW_BELOW} are decided",
    Say.RATE: f"enough: {FEW_BELOW} or more are decided",
}


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _times(times: Times) -> str:
    if not times.enough:
        return f"too few: {times.decided} decided at a known time"
    return quarters(times)


def _small_print(explained: Explained) -> Iterator[str]:
    if explained.query.by and explained.query.by not in explained.by:
        yield f"This is of all together: no figure is explained by {explained.query.by}."
    if explained.metric.source:
        yield f"From: {explained.metric.source}."
    shown = shlex.quote(_shows(explained).command)
    yield f"The answer that shows it: `baton funnel {shown} --as-of {explained.as_of.isoformat()}`"
    yield SQL


def _shows(explained: Explained) -> Step:
    """The question whose answer has the figure in it."""
    metric, query = explained.metric, explained.query
    if metric.sub == "open":
        return Step("What is open", "open")
    if metric.key.startswith("period"):
        return Step("The plain formula", canonical(replace(query, basis="period", after=None, matured=False)))
    if metric.key == "shrunken_rate":
        return step("By source", query, by="source")
    return step("The answer that shows it", query, SUBS.get(metric.sub, "overview"))
