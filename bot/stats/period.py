"""The plain formula: what was accepted in a window ÷ what was handed off in it, as other systems report it. Pure.

The two counts are of different hand-offs: what is accepted today was handed off the day before. So there is no
interval, the share may be above 1, and it jumps when the number of hand-offs does. The cohort's rate stands beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.stats.query import Dim, Query
from bot.stats.rates import RATES_FROM, Ends


@dataclass(frozen=True, slots=True)
class Period:
    """What happened in a window to the first hand-offs of one group: offers, accepts and SQLs by their own dates.

    Of those offered in it `undated` ones were accepted, nobody knows when: no accept of them is counted anywhere.
    """

    name: str
    offered: int
    accepted: int
    sql: int
    undated: int = 0

    @property
    def accept_rate(self) -> float | None:
        """SAL ÷ MQL; None below ten of these."""
        return self.accepted / self.offered if self.offered >= RATES_FROM else None

    @property
    def sql_rate(self) -> float | None:
        """SQL ÷ SAL; None below ten of these."""
        return self.sql / self.accepted if self.accepted >= RATES_FROM else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodAnswer:
    """The answer: all together, the groups of `by`, the window before, and the same days by cohort."""

    query: Query
    as_of: datetime
    by: Dim | None
    total: Period
    before: Period | None
    groups: tuple[Period, ...]
    cohort: Ends


def summed(rows: Iterable[Period]) -> Period:
    """All groups together."""
    found = [(one.offered, one.accepted, one.sql, one.undated) for one in rows]
    return Period("", *map(sum, zip(*found, strict=True))) if found else Period("", 0, 0, 0)


def ordered(rows: Iterable[Period], by: Dim | None) -> tuple[Period, ...]:
    """Weeks, months and people by name, all else by how much was handed off, the most first."""
    if by in ("week", "month", "rep"):
        return tuple(sorted(rows, key=lambda one: one.name))
    return tuple(sorted(rows, key=lambda one: (-one.offered, one.name)))
