"""Why leads were turned down: what `rejections` answers, and the arithmetic that makes it. Pure.

Every share is one of the rejections, so shares tell what the rejected ones were rejected for, and not how many were:
that is the overview's. Void and passed on hand-offs are no rejections and only counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.handoff.reasons import Reason
from bot.stats.cohort import BLANK, Counts, Outcome, Tally, counts, reasons
from bot.stats.marks import Mark
from bot.stats.maths.differences import Comparison, Count
from bot.stats.query import Dim, Query
from bot.stats.rates import RATES_FROM, Rate
from bot.stats.split import MOST_COMPARED, TIMES, compares
from bot.stats.verdicts import Pair, plain, verdicts

NONE = Counts()
OTHER = "OTHER"
"""The family of the reason for whatever no code says."""
MOST_OTHER = 0.10
"""Where the family OTHER has more of the rejections, a code is missing."""


@dataclass(frozen=True, slots=True)
class OfReason:
    """A reason: `share` of all rejections of the window, and of `before`, the window to compare with.

    `family` is blank for a code that the policy has no more. `where` is the group that gave it most often, and how
    often; None where there is none.
    """

    code: str
    family: str
    share: Rate
    before: Rate | None
    change: Comparison | None
    where: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class OfGroup:
    """The rejections of one group. `reasons` are all of its codes, the most frequent first.

    `apart` are the codes whose share of its rejections differs clearly from that in all other groups; none of weeks,
    months and people, who are not held against each other.
    """

    name: str
    counts: Counts
    reasons: tuple[tuple[str, int], ...]
    apart: tuple[tuple[str, Comparison], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejections:
    """The answer. `reasons` are those of either window, the most frequent first; `families` have counts.

    `new` are codes that the window to compare with had none of; none where that had fewer than 10 rejections. `where`
    is the dimension that each reason's own `where` is a group of. `voids` go by the code that made them void, `repeats`
    are hand-offs of leads that had been offered before. `groups` are there where the question was asked by a dimension.
    """

    query: Query
    as_of: datetime
    counts: Counts
    before: Counts | None
    reasons: tuple[OfReason, ...]
    families: tuple[tuple[str, int], ...]
    new: tuple[str, ...]
    where: Dim
    voids: tuple[tuple[str, int], ...]
    rerouted: int
    repeats: Counts
    groups: tuple[OfGroup, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def code_is_missing(self) -> bool:
        """Whether so many rejections are for something else that there should be one more code."""
        n = self.counts.rejected
        return n >= RATES_FROM and dict(self.families).get(OTHER, 0) > MOST_OTHER * n


@dataclass(frozen=True, slots=True)
class Rows:
    """What the store counted: the tallies of the window by reason, by the dimension `where`, and by that asked for.

    `before` are those of the window to compare with; None where there is none.
    """

    by_reason: Sequence[Tally]
    by_where: Sequence[Tally]
    where: Dim
    before: Sequence[Tally] | None = None
    by_group: Sequence[Tally] = ()
    rerouted: int = 0
    repeats: Counts = NONE
    marks: tuple[Mark, ...] = ()


def rejections(query: Query, as_of: datetime, rows: Rows, known: Mapping[str, Reason]) -> Rejections:
    """The answer; `known` are the reasons of the policy by code.

    All its comparisons are one family: each reason with the window before, and in each group with all other groups.
    """
    now, before = dict(reasons(rows.by_reason)), dict(reasons(rows.before or ()))
    codes = sorted(now.keys() | before.keys(), key=lambda code: (-now.get(code, 0), -before.get(code, 0), code))
    groups = _groups(rows.by_group, query.by)
    tested = groups[:MOST_COMPARED] if query.by and compares(query.by) else []
    pairs = [*_over_time(codes, now, before), *(pair for group in tested for pair in _beside(group, now))]
    shares = [(plain(*one, query.confidence), plain(*other, query.confidence)) for one, other in pairs]
    found = verdicts(shares, query.confidence)
    return Rejections(
        query=query,
        as_of=as_of,
        counts=counts(rows.by_reason),
        before=None if rows.before is None else counts(rows.before),
        reasons=tuple(_of_reasons(codes, shares, found, rows, known)),
        families=_families(now, known),
        new=tuple(code for code in now if sum(before.values()) >= RATES_FROM and code not in before),
        where=rows.where,
        voids=_voids(rows.by_reason, known),
        rerouted=rows.rerouted,
        repeats=rows.repeats,
        groups=(*_set_apart(tested, list(now), found[len(codes) :]), *groups[len(tested) :]),
        marks=rows.marks,
    )


def _over_time(
    codes: Iterable[str], now: Mapping[str, int], before: Mapping[str, int]
) -> Iterator[tuple[Count, Count]]:
    total, then = sum(now.values()), sum(before.values())
    for code in codes:
        yield (now.get(code, 0), total), (before.get(code, 0), then)


def _beside(group: OfGroup, now: Mapping[str, int]) -> Iterator[tuple[Count, Count]]:
    """Each reason in a group, and in all others."""
    own, n, total = dict(group.reasons), group.counts.rejected, sum(now.values())
    for code, of_all in now.items():
        yield (own.get(code, 0), n), (of_all - own.get(code, 0), total - n)


def _of_reasons(
    codes: Sequence[str],
    shares: Sequence[Pair],
    found: Sequence[Comparison | None],
    rows: Rows,
    known: Mapping[str, Reason],
) -> Iterator[OfReason]:
    where = _where(rows.by_where)
    for code, (now, before), change in zip(codes, shares, found, strict=False):
        earlier = None if rows.before is None else before.rate
        yield OfReason(code, _family(code, known), now.rate, earlier, change, where.get(code))


def _where(tallies: Iterable[Tally]) -> dict[str, tuple[str, int]]:
    """The group that gave each reason most often, and more than once."""
    found: dict[str, tuple[str, int]] = {}
    for name, of_name in _by_name(tallies).items():
        for code, n in reasons(of_name):
            best = found.get(code, ("", 1))
            if name != BLANK and (n > best[1] or (n == best[1] and name < best[0])):
                found[code] = (name, n)
    return found


def _families(now: Mapping[str, int], known: Mapping[str, Reason]) -> tuple[tuple[str, int], ...]:
    sums: Counter[str] = Counter()
    for code, n in now.items():
        sums[_family(code, known)] += n
    return tuple(sorted(sums.items(), key=lambda family: (-family[1], family[0])))


def _family(code: str, known: Mapping[str, Reason]) -> str:
    return known[code].family if code in known else BLANK


def _voids(by_reason: Iterable[Tally], known: Mapping[str, Reason]) -> tuple[tuple[str, int], ...]:
    """Void ones by code. What a signal withdrew has none, whatever code stood there before."""
    sums: Counter[str] = Counter()
    for tally in by_reason:
        if tally.outcome is Outcome.VOID:
            voids = tally.name in known and known[tally.name].consequence == "void"
            sums[tally.name if voids else BLANK] += tally.n
    return tuple(sorted(sums.items(), key=lambda void: (-void[1], void[0])))


def _groups(tallies: Iterable[Tally], by: Dim | None) -> list[OfGroup]:
    """Those with a rejection, the most of them first; weeks, months and people by name."""
    found = [OfGroup(name, counts(of_name), reasons(of_name)) for name, of_name in _by_name(tallies).items()]
    in_order = by in TIMES or by == "rep"
    rejected = [one for one in found if one.reasons]
    return sorted(rejected, key=lambda one: (0 if in_order else -one.counts.rejected, one.name))


def _set_apart(
    groups: Iterable[OfGroup], codes: Sequence[str], found: Sequence[Comparison | None]
) -> Iterator[OfGroup]:
    left = iter(found)
    for group in groups:
        clear = [(code, one) for code in codes if (one := next(left)) and one.clear]
        yield replace(group, apart=tuple(clear))


def _by_name(tallies: Iterable[Tally]) -> dict[str, list[Tally]]:
    found: dict[str, list[Tally]] = {}
    for tally in tallies:
        found.setdefault(tally.name, []).append(tally)
    return found
