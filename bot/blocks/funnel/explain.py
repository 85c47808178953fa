"""The words of `explain`: what a figure means, what it came to, from which counts, and how to get these oneself."""

import shlex
from collections.abc import Iterator
from dataclasses import replace

from bot.blocks.funnel.report import Cell, Column, Line, Report, Step, Table
from bot.blocks.funnel.steps import step
from bot.blocks.funnel.words import (
    Names,
    change_words,
    horizon_words,
    minutes_words,
    percent,
    rate_words,
    reading,
    signed,
)
from bot.stats.explain import Explained, Value
from bot.stats.language.grammar import canonical, command
from bot.stats.query import Explain, Sub
from bot.stats.times import Times

WORDS = {
    "sql": "SQL",
    "out": "disqualified or lapsed",
    "underway": "still under way",
    "timed": "accepted or rejected at a known time",
    "decided_unknown": "at an unknown one",
    "timed_wall": "accepted or rejected at a known time",
    "decided_unknown_wall": "at an unknown one",
    "overdue": "open overdue",
    "from_others": "from somebody else",
    "before_accepted": "accepted before",
    "before_decided": "decided before",
    "period_offered": "handed off in the window",
    "period_accepted": "accepted in it",
    "period_sql": "SQL in it",
}
"""How counts are called whose names say too little."""

SUBS: dict[str, Sub] = {
    "": "overview",
    "rejections": "rejections",
    "sla": "sla",
    "velocity": "velocity",
    "reps": "reps",
}
SQL = "The statement gives the counts, on SQLite and PostgreSQL as it stands. Its times are UTC."

_COLUMNS = (Column("count", "Count", figures=False), Column("n", "Hand-offs"))


def report(explained: Explained, names: Names) -> Report:
    """One figure."""
    metric, query = explained.metric, explained.query
    compares = any(name.startswith("before") for name in explained.counts)
    lines = (
        Line("Means", metric.definition),
        Line("Formula", metric.formula),
        Line("Here", _value(explained)),
        Line("Counts", " · ".join(f"{_called(name, explained, names)} {n}" for name, n in explained.counts.items())),
    )
    return Report(
        title=f"What is: {metric.name}",
        command=command(Explain(metric.key, query)),
        reading=reading(query if compares else replace(query, previous=None), names, explained.horizon),
        lines=lines,
        notes=tuple(_small_print(explained)),
        code=explained.sql,
        steps=(_shows(explained),),
        data=Table(
            "Counts", _COLUMNS, tuple((Cell(name, name), Cell(str(n), n)) for name, n in explained.counts.items())
        ),
    )


def _called(name: str, explained: Explained, names: Names) -> str:
    if name == "top_reason":
        return names.reason(explained.reason)
    return WORDS.get(name, name.replace("_", " "))


def _value(explained: Explained) -> str:
    """What it came to, told by what kind of figure it is."""
    metric, value = explained.metric, explained.value
    match metric.key:
        case "horizon":
            return horizon_words(explained.horizon)
        case "could_see":
            return f"{100 * value.comparison.could_see:.0f} points or more" if value.comparison else _NOTHING
        case "clear":
            return _NOTHING if not value.comparison else "clear" if value.comparison.clear else "not clear"
        case "accept_time":
            return minutes_words(_whole(value.number), explained.horizon.clock, explained.horizon)
        case "few_data":
            return value.rate.say.value if value.rate else _NOTHING
    return _plainly(value, metric.unit)


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
        return f"{signed(value.number)} points"
    return percent(value.number) if unit == "share" else f"{value.number:.0f}"


_NOTHING = "nothing to tell for this window"


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _times(times: Times) -> str:
    if not times.enough:
        return f"too few: {times.decided} decided at a known time"
    parts = (("half within", times.median), ("75 %", times.p75), ("90 %", times.p90))
    return ", ".join(f"{name} {minutes_words(one, times.horizon.clock, times.horizon)}" for name, one in parts)


def _small_print(explained: Explained) -> Iterator[str]:
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
    return step("The answer that shows it", query, SUBS[metric.sub])
