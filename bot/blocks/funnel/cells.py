"""The cells that tables of several answers share: for people a few words, for programs the value behind them. Pure.

Sentences that answers share are in words.py and small_print.py; a cell that one answer alone has stays with it.
"""

from bot.blocks.funnel.report import Cell, Value
from bot.blocks.funnel.words import minutes_words, signed
from bot.stats.maths.differences import Comparison
from bot.stats.maths.intervals import Estimate
from bot.stats.rates import Rate
from bot.stats.times import Times

Row = tuple[Cell, ...]


def named(called: str, *, over: bool = True) -> Cell:
    """What a row is called; "…" marks a stretch of time that is not over."""
    return Cell(called if over else f"{called} …", called)


def count(n: int) -> Cell:
    """1,386."""
    return Cell(f"{n:,}", n)


def versus(found: Comparison | None, behind: str | None = None) -> Cell:
    """A group against all others in points, an arrow only where that is clear: "↓ −23 (mix of grade)"."""
    if found is None:
        return Cell("–", None)
    value = found.difference.value
    arrow = ("↑ " if value > 0 else "↓ ") if found.clear else ""
    return Cell(f"{arrow}{signed(value)}{f' (mix of {behind})' if behind else ''}", value)


def took(times: Times, minutes: int | None) -> Cell:
    """One of the times, as short as it gets: "1 h 10 min"; of what took longer than was looked, "> 17 h"."""
    if not times.enough:
        return Cell("–", None)
    longer, within = "> " if minutes is None else "", times.horizon
    told = minutes_words(within.minutes if minutes is None else minutes, within.clock)
    return Cell(f"{longer}{told}", seconds(minutes))


def raw(*values: Value) -> Row:
    """A row for programs alone."""
    return tuple(Cell("" if value is None else str(value), value) for value in values)


def seconds(minutes: int | None) -> int | None:
    """A length of time, for programs."""
    return None if minutes is None else 60 * minutes


def shares(known: Estimate | None) -> tuple[Value, ...]:
    """A share and its limits from 0 to 1, for programs."""
    return (known.value, known.low, known.high) if known else (None, None, None)


def rated(rate: Rate) -> tuple[Value, ...]:
    """A rate for programs: its share with the limits, unless it is one of none, and its counts."""
    return (*shares(rate.estimate if rate.n else None), rate.k, rate.n)


def verdict(found: Comparison | None) -> tuple[Value, ...]:
    """A difference from −1 to 1 and whether it is clear, for programs."""
    return (found.difference.value, "yes" if found.clear else "no") if found else (None, None)
