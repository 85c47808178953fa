"""Whether hand-offs were answered by their due time: what `sla` answers, and the arithmetic that makes it. Pure.

The cohort is the hand-offs, first and repeated, whose due time fell in the window and is over. (By the moment of the
offer it would flatter: who answers early would be in it already, and who is still silent not yet.) Expired ones, and
open ones beyond their due time, have missed it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.stats.cohort import Due, Ending
from bot.stats.marks import Mark
from bot.stats.maths.differences import Comparison
from bot.stats.maths.intervals import wilson_estimate
from bot.stats.query import Dim, Query, Window
from bot.stats.rates import Age, Horizon, Rate
from bot.stats.split import MOST_COMPARED, TIMES, compares, complete
from bot.stats.times import Times, times
from bot.stats.verdicts import Share, plain, verdicts

Row = TypeVar("Row", Due, Ending)


@dataclass(frozen=True, slots=True)
class Met:
    """Hand-offs by how they were answered.

    `overdue` ones are open, and have missed it like those of `missed`. In no rate are `not_yet` ones, which are open
    and not due, and `unknown` ones: they were answered, nobody knows when.
    """

    met: int = 0
    missed: int = 0
    overdue: int = 0
    not_yet: int = 0
    unknown: int = 0

    @property
    def due(self) -> int:
        """Those whose time is over, as far as it is known whether they were answered in it."""
        return self.met + self.missed + self.overdue

    def rate(self, confidence: float = 0.95) -> Rate:
        """The share of the due ones that were answered in time."""
        estimate = wilson_estimate(self.met, self.due, confidence) if self.due else None
        return Rate(self.met, self.due, self.due, estimate, self.unknown)


@dataclass(frozen=True, slots=True)
class Kept:
    """How one group kept the SLA. `times` are those of its due ones, on the working clock.

    `versus` holds it against all other groups; None where that is not done or there are too few. `over` says whether
    its time is: a week that is not complete is no point of a line.
    """

    name: str
    met: Met
    rate: Rate
    times: Times
    versus: Comparison | None = None
    over: bool = True


@dataclass(frozen=True, slots=True)
class Late:
    """A hand-off that is open beyond its due time (UTC), and who has it."""

    due_at: datetime
    owner: str | None
    tier: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """How the SLA was kept under one version of the policy."""

    name: str
    met: Met
    rate: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Sla:
    """The answer. `by` tells the `groups` apart: by tier, unless asked.

    `versions` are those of the policy, none where there was but one. `before` is the window to compare with, and
    `change` the comparison with it. `longest` have been overdue for longest. `target` is the company's own, a share.
    """

    query: Query
    as_of: datetime
    by: Dim
    total: Kept
    groups: tuple[Kept, ...]
    versions: tuple[Version, ...]
    before: Met | None
    change: Comparison | None
    longest: tuple[Late, ...]
    target: float | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether the groups were held against the rest. Tiers are not: they differ on purpose."""
        return compares(self.by) and self.by != "tier"

    @property
    def in_time(self) -> bool:
        """Whether the groups are stretches of time."""
        return self.by in TIMES


@dataclass(frozen=True, slots=True)
class Rows:
    """What the store counted, by group: how they were answered, what has ended, and the ages of overdue ones.

    `versions` is the first by the version of the policy, `before` that of the window to compare with.
    """

    due: Sequence[Due]
    ended: Sequence[Ending]
    ages: Mapping[str, Sequence[Age]]
    versions: Sequence[Due] = ()
    before: Sequence[Due] | None = None
    longest: Sequence[Late] = ()
    marks: tuple[Mark, ...] = ()


def met(rows: Iterable[Due]) -> Met:
    """All rows together."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.answered] = sums.get(row.answered, 0) + row.n
    return Met(**sums)


def sla(
    query: Query,
    as_of: datetime,
    rows: Rows,
    *,
    tiers: Sequence[str],
    horizon: Horizon,
    target: float | None = None,
) -> Sla:
    """The answer. `tiers` are those of the criteria, the most urgent first; times are told up to the `horizon`.

    All comparisons of the answer are one family: the change, and each group against all others.
    """
    by: Dim = query.by or "tier"
    total, before = met(rows.due), None if rows.before is None else met(rows.before)
    groups = {name: met(of_name) for name, of_name in _by_name(rows.due).items()}
    names = sorted(groups, key=lambda name: _place(name, by, groups[name], tiers))
    against = names[:MOST_COMPARED] if compares(by) and by != "tier" else []
    pairs = [(total, before or Met()), *((groups[name], _rest(total, groups[name])) for name in against)]
    change, *versus = _compared(pairs, query.confidence)
    found, ended = dict(zip(against, versus, strict=True)), _by_name(rows.ended)

    def kept(name: str) -> Kept:
        took = times(ended.get(name, ()), rows.ages.get(name, ()), horizon)
        over = by not in TIMES or complete(by, name, _past(query.cohort.window, as_of))
        return Kept(name, groups[name], groups[name].rate(query.confidence), took, found.get(name), over)

    every_age = [age for of_name in rows.ages.values() for age in of_name]
    return Sla(
        query=query,
        as_of=as_of,
        by=by,
        total=Kept("", total, total.rate(query.confidence), times(rows.ended, every_age, horizon)),
        groups=tuple(map(kept, names)),
        versions=_versions(rows.versions, query.confidence),
        before=before,
        change=change,
        longest=tuple(rows.longest),
        target=target,
        marks=rows.marks,
    )


def _by_name(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.name, []).append(row)
    return found


def _place(name: str, by: Dim, group: Met, tiers: Sequence[str]) -> tuple[int, str]:
    """Tiers by their rank, weeks and months by date, people by name (there is no league), all others by size."""
    if by == "tier":
        return (tiers.index(name) if name in tiers else len(tiers), name)
    return (0 if by in TIMES or by == "rep" else -group.due, name)


def _past(window: Window, as_of: datetime) -> Window:
    return replace(window, end=min(window.end, as_of))


def _rest(total: Met, group: Met) -> Met:
    return Met(total.met - group.met, total.missed - group.missed, total.overdue - group.overdue)


def _compared(pairs: Iterable[tuple[Met, Met]], confidence: float) -> list[Comparison | None]:
    def share(one: Met) -> Share:
        return plain(one.met, one.due, confidence)

    return verdicts([(share(one), share(other)) for one, other in pairs], confidence)


def _versions(rows: Iterable[Due], confidence: float) -> tuple[Version, ...]:
    found = {name: met(of_name) for name, of_name in _by_name(rows).items()}
    due = [Version(name, one, one.rate(confidence)) for name, one in found.items() if one.due]
    return tuple(sorted(due, key=lambda one: (-one.met.due, one.name))) if len(due) > 1 else ()
