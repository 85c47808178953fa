"""What a cohort of hand-offs amounts to: the shapes of an answer, and the arithmetic on counts. Pure.

A cohort is every hand-off offered within a window, as things stood on the as-of date. docs/funnel.md has the
definitions in words; the store counts by them, answers fill these records, blocks draw them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from bot.stats.intervals import wilson
from bot.stats.query import Query

BLANK = "(blank)"
"""The name of a group, or the code of a reason, where nothing was recorded. "unknown" is a name like any other."""


class Outcome(StrEnum):
    """How far a hand-off had come on the as-of date: the one furthest stage it is counted in."""

    VOID = "void"
    OPEN = "open"
    EXPIRED = "expired"
    REJECTED = "rejected"
    ACCEPTED = "accepted"  # and no further; disqualified and lapsed ones too
    SQL = "sql"  # qualified, or lost afterwards
    WON = "won"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Hand-offs by outcome. Each stage counts all that came after it: handed_off ≥ accepted ≥ sql ≥ won."""

    accepted: int = 0
    rejected: int = 0
    expired: int = 0
    void: int = 0
    open: int = 0
    sql: int = 0
    won: int = 0

    @property
    def decided(self) -> int:
        """The denominator of the accept rate: accepted, rejected and expired ones."""
        return self.accepted + self.rejected + self.expired

    @property
    def handed_off(self) -> int:
        """All but the void ones."""
        return self.decided + self.open

    def __add__(self, other: Self) -> "Counts":
        return Counts(
            accepted=self.accepted + other.accepted,
            rejected=self.rejected + other.rejected,
            expired=self.expired + other.expired,
            void=self.void + other.void,
            open=self.open + other.open,
            sql=self.sql + other.sql,
            won=self.won + other.won,
        )


STAGES: dict[Outcome, tuple[str, ...]] = {
    Outcome.VOID: ("void",),
    Outcome.OPEN: ("open",),
    Outcome.EXPIRED: ("expired",),
    Outcome.REJECTED: ("rejected",),
    Outcome.ACCEPTED: ("accepted",),
    Outcome.SQL: ("accepted", "sql"),
    Outcome.WON: ("accepted", "sql", "won"),
}
"""The counts that a hand-off of each outcome is part of."""

DECISIONS = frozenset({Outcome.ACCEPTED, Outcome.REJECTED, Outcome.SQL, Outcome.WON})
"""Outcomes somebody decided on. Expiry is silence: it has a time, but no decision."""


@dataclass(frozen=True, slots=True)
class Tally:
    """`n` hand-offs of one group with one outcome, and with one `reason` where they were rejected.

    They are `timed` if it is known how long after the offer they were accepted or rejected.
    """

    name: str
    outcome: Outcome
    reason: str | None
    timed: bool
    n: int


@dataclass(frozen=True, slots=True)
class Group:
    """One value of the dimension asked for; `BLANK` where there was none."""

    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Rate:
    """`successes` of `n`, and the 95 % Wilson interval of the share, as shares from 0 to 1."""

    successes: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The rate itself, from 0 to 1."""
        return self.successes / self.n


@dataclass(frozen=True, slots=True)
class Overview:
    """The answer to a Query. Times are UTC.

    `groups` has the largest first. `median_to_decision` is by the wall clock, over accepts and rejects whose time is
    known; `times_unknown` says how many it had to leave out.
    `top_reasons` has all codes of rejection with their counts, most frequent first.
    """

    query: Query
    as_of: datetime
    total: Counts
    groups: tuple[Group, ...]
    accept_rate: Rate | None
    median_to_decision: timedelta | None
    times_unknown: int
    top_reasons: tuple[tuple[str, int], ...]


def counts(tallies: Iterable[Tally]) -> Counts:
    """All tallies together."""
    sums: dict[str, int] = {}
    for tally in tallies:
        for stage in STAGES[tally.outcome]:
            sums[stage] = sums.get(stage, 0) + tally.n
    return Counts(**sums)


def groups(tallies: Iterable[Tally]) -> tuple[Group, ...]:
    """The tallies by name, the largest group first."""
    by_name: dict[str, list[Tally]] = {}
    for tally in tallies:
        by_name.setdefault(tally.name, []).append(tally)
    found = [Group(name, counts(of_name)) for name, of_name in by_name.items()]
    return tuple(sorted(found, key=lambda group: (-group.counts.handed_off, group.name)))


def accept_rate(counts: Counts) -> Rate | None:
    """Accepted ÷ (accepted + rejected + expired) with its interval; None while nothing is decided."""
    if counts.decided == 0:
        return None
    interval = wilson(counts.accepted, counts.decided)
    return Rate(counts.accepted, counts.decided, interval.low, interval.high)


def times(tallies: Iterable[Tally]) -> tuple[int, int]:
    """How many accepts and rejects there are whose time from the offer is known, and is not."""
    decisions = [tally for tally in tallies if tally.outcome in DECISIONS]
    known = sum(tally.n for tally in decisions if tally.timed)
    return known, sum(tally.n for tally in decisions) - known


def reasons(tallies: Iterable[Tally]) -> tuple[tuple[str, int], ...]:
    """Codes of rejection with their counts, the most frequent first."""
    sums: dict[str, int] = {}
    for tally in tallies:
        if tally.reason is not None:
            sums[tally.reason] = sums.get(tally.reason, 0) + tally.n
    return tuple(sorted(sums.items(), key=lambda reason: (-reason[1], reason[0])))
