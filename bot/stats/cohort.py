"""What a cohort of hand-offs amounts to: the rows that the store counts, and the arithmetic on counts. Pure.

A cohort is every first hand-off of a lead that was offered within a window, as things stood on the as-of date; later
hand-offs of the same lead are counted beside it. docs/funnel.md has the definitions in words.

Rows are named tuples, as they come by the thousand: a frozen dataclass takes several times as long to make.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple, Self

BLANK = "(blank)"
"""The name of a group, or the code of a reason, where nothing was recorded. "unknown" is a name like any other."""

OTHERS = "(others)"
"""The group of all whom those who see an answer may not see one by one: nothing that can be asked for."""


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
        """Accepted, rejected and expired ones: those that are not open any more."""
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

Cause = Literal["accepted", "rejected", "expired"]
"""The three ways in which a hand-off ends to be open."""

CAUSE_OF: dict[Outcome, Cause] = {
    Outcome.EXPIRED: "expired",
    Outcome.REJECTED: "rejected",
    Outcome.ACCEPTED: "accepted",
    Outcome.SQL: "accepted",
    Outcome.WON: "accepted",
}
"""Void and open ones have none."""


class Tally(NamedTuple):
    """`n` hand-offs of one group with one outcome, and with one `reason` where they were rejected."""

    name: str
    outcome: Outcome
    reason: str | None
    n: int


class Ending(NamedTuple):
    """`n` hand-offs of one group that ended by `cause`, so many whole `minutes` after the offer; None: nobody knows."""

    name: str
    cause: Cause
    minutes: int | None
    n: int


class Waiting(NamedTuple):
    """`n` open hand-offs of one group that were offered in the same minute (UTC) to the same `first_owner`.

    `since` is None for those so old that it does not matter when.
    """

    name: str
    since: datetime | None
    first_owner: str | None
    tier: str | None
    n: int


Fate = Literal["sql", "won", "out", "open"]


class Later(NamedTuple):
    """`n` hand-offs of one group and what became of them, so many whole `hours` after the accept, or after the offer.

    `out` holds every end but the one looked for. For `open` ones it is their age; None: nobody knows.
    """

    name: str
    fate: Fate
    hours: int | None
    n: int


class Stratum(NamedTuple):
    """`n` hand-offs of one group with one outcome, and of one kind: `within` has a value per dimension asked for."""

    name: str
    within: tuple[str, ...]
    outcome: Outcome
    n: int


Answered = Literal["met", "missed", "unknown", "overdue", "not_yet"]


class Due(NamedTuple):
    """`n` hand-offs of one group by how they were answered: by their due time, after it or never, or still open.

    Of `unknown` ones nobody knows when they were. `overdue` ones are open beyond it, `not_yet` ones before it.
    """

    name: str
    answered: Answered
    n: int


@dataclass(frozen=True, slots=True)
class Group:
    """One value of the dimension asked for; `BLANK` where there was none."""

    name: str
    counts: Counts


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


def reasons(tallies: Iterable[Tally]) -> tuple[tuple[str, int], ...]:
    """Codes of rejection with their counts, the most frequent first."""
    sums: dict[str, int] = {}
    for tally in tallies:
        if tally.reason is not None:
            sums[tally.reason] = sums.get(tally.reason, 0) + tally.n
    return tuple(sorted(sums.items(), key=lambda reason: (-reason[1], reason[0])))
