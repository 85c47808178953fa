"""The overview as a record, and the rows it is made of: what came of a window's hand-offs, and what changed. Pure.

What it means for whoever reads it, and in which words, is up to blocks/funnel/overview.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.stats.cohort import Counts, Due, Ending, Later, Tally, Waiting
from bot.stats.marks import Mark
from bot.stats.maths.differences import Comparison, Count
from bot.stats.maths.mix import Simpson, Split, simpson, split
from bot.stats.onward import Stage
from bot.stats.query import Clock, Query
from bot.stats.rates import FEW_BELOW, Ends
from bot.stats.sla import Met
from bot.stats.times import Times
from bot.stats.verdicts import pair, plain, verdicts

MOST_SOURCES = 5
"""So many of the largest sources are compared with themselves before: each one more makes every finding less sure."""
LEAST_MIX = 0.03
"""A mix that moved the rate by less than this share is not worth a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRows:
    """The first hand-offs of one window, as the database counts them; every name is "".

    `sources` has those old enough for the horizon: how many were accepted by it, of all whose time is known.
    `decided` has the accepted of the decided ones among them, whenever that was.
    """

    tallies: Sequence[Tally]
    sources: Mapping[str, Count]
    decided: Mapping[str, Count]
    endings: Mapping[Clock, Sequence[Ending]]
    waiting: Sequence[Waiting]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewRows:
    """All rows of the overview. What is not in `now` or `before` is of the window asked for.

    `due` were due by now; `accepts` are the ten first dates of an accept (UTC), fewer where there are no ten.
    """

    now: WindowRows
    before: WindowRows | None
    repeats: Counts
    rerouted: int
    due: Sequence[Due]
    later: Sequence[Later]
    accepts: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class Turn:
    """One source's accepted, in the window before and in this one, and whether that is a difference."""

    source: str
    before: Count
    now: Count
    change: Comparison


@dataclass(frozen=True, slots=True)
class Mix:
    """What the sizes of the sources did to the rate of all. `source` is the one whose share of all moved the most.

    `before` and `now` are its hand-offs, and out of how many.
    """

    split: Split
    simpson: Simpson
    source: str
    before: Count
    now: Count

    @property
    def misleads(self) -> bool:
        """Whether the change of the whole tells another story than its parts."""
        return (self.simpson.flips or self.simpson.mostly_mix) and abs(self.split.mix) >= LEAST_MIX


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What came of the hand-offs of a window, as things stood at `as_of` (UTC).

    `before` is the window to compare with, looked at by the same horizon; None where none was wanted. `change` is None
    where there is too little to compare; `turns` are the largest sources, in the same family of comparisons. Sources
    are looked at by the same horizon too, or like the whole of the decided ones where too few times are known, and only
    what is old enough for it: `sources` have the accepted of each, before and now. `mix` is None where there are too
    few. `reasons`
    of rejection come with their counts, most frequent first. Targets are shares. `last` is the newest hand-off of any
    window before, asked for where this one is empty.
    """

    query: Query
    as_of: datetime
    now: Ends
    before: Ends | None
    change: Comparison | None
    turns: tuple[Turn, ...]
    mix: Mix | None
    sources: Mapping[str, tuple[Count, Count]]
    repeats: Counts
    rerouted: int
    working: Times
    wall: Times
    sla: Met
    sql: Stage
    reasons: tuple[tuple[str, int], ...]
    marks: tuple[Mark, ...] = ()
    accept_target: float | None = None
    sla_target: float | None = None
    last: datetime | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing at all was offered."""
        return self.now.counts == Counts() and self.repeats == Counts()

    @property
    def judged(self) -> int:
        """How many hand-offs of this window are looked at by source."""
        return sum(n for _, (_, n) in self.sources.values())

    @property
    def by_horizon(self) -> bool:
        """Whether both windows are looked at by the horizon, and not as the decided ones came out."""
        return self.now.incidence is not None and (self.before is None or self.before.incidence is not None)


def sources(rows: WindowRows | None, *, by_horizon: bool) -> Mapping[str, Count]:
    """The accepted of each source, looked at as the whole is; none without a window."""
    if rows is None:
        return {}
    return rows.sources if by_horizon else rows.decided


def comparable(now: Ends, before: Ends | None) -> bool:
    """Whether the windows have accept rates that say anything."""
    return not (now.by_outcome or now.one_sided or (before and before.one_sided))


def changes(
    now: Ends, before: Ends | None, sources: Mapping[str, Count], sources_before: Mapping[str, Count]
) -> tuple[Comparison | None, tuple[Turn, ...]]:
    """The accept rate against the window before, and the largest sources each against itself: one family."""
    if before is None or not comparable(now, before):
        return None, ()
    names = sorted(sources, key=lambda name: (-sources[name][1], name))[:MOST_SOURCES]
    pairs = [
        (plain(*sources[name], now.confidence), plain(*sources_before.get(name, (0, 0)), now.confidence))
        for name in names
    ]
    change, *found = verdicts([pair(now, before), *pairs], now.confidence)
    turns = [
        Turn(name, old.count, new.count, verdict)
        for name, (new, old), verdict in zip(names, pairs, found, strict=True)
        if verdict
    ]
    return change, tuple(turns)


def paired(before: Mapping[str, Count], now: Mapping[str, Count]) -> dict[str, tuple[Count, Count]]:
    """The sources of both windows, each before and now."""
    return {name: (before.get(name, (0, 0)), now.get(name, (0, 0))) for name in sorted(before.keys() | now.keys())}


def mixed(before: Mapping[str, Count], now: Mapping[str, Count]) -> Mix | None:
    """What the mix of sources did to the accept rate; None where there are fewer than 30 on a side."""
    parts, warning = split(before, now), simpson(before, now)
    sizes = sum(n for _, n in before.values()), sum(n for _, n in now.values())
    if parts is None or min(sizes) < FEW_BELOW:
        return None

    def of(name: str) -> tuple[Count, Count]:
        return (before.get(name, (0, 0))[1], sizes[0]), (now.get(name, (0, 0))[1], sizes[1])

    def moved(name: str) -> float:
        (old, all_old), (new, all_new) = of(name)
        return abs(new / all_new - old / all_old)

    names = sorted(before.keys() | now.keys())
    most = max(names, key=moved)
    return Mix(parts, warning, most, *of(most))
