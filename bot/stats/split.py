"""A cohort split by a dimension: each group's share against the rest, and an order that few data cannot upset. Pure.

Weeks and months stand in the order of time, people in that of their names (there is no league table; `reps` says who is
outside of chance), everything else by the shrunken rate. Small groups and blank ones are in the list like all others.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.stats.cohort import Cause, Counts, Ending, Stratum, Tally, counts
from bot.stats.marks import Mark
from bot.stats.maths.differences import Comparison, Count
from bot.stats.maths.mix import ENOUGH, cmh
from bot.stats.maths.shrinkage import fit, shrunken
from bot.stats.query import Dim, Query, Window
from bot.stats.rates import Age, Ends, Rate, ends
from bot.stats.verdicts import Pair, pair, share, verdicts

TIMES: frozenset[Dim] = frozenset({"week", "month"})
MOST_COMPARED = 40
"""Groups that are compared with the rest, the largest ones: with more of them nothing would be clear any more."""
STRATA: tuple[Dim, ...] = ("grade", "source", "tier")
"""What may lie behind a difference between groups."""
LEAST_LEFT = 0.5
"""A difference of which less than this share is left among like with like is one of the mix."""
MOST_CHANCE = 0.10
"""Nor is it one where chance alone has this probability to make as much of it among like with like."""


_Ended = Counter[tuple[Cause, int | None]]


@dataclass(frozen=True, slots=True)
class Part:
    """One group. `rate` is its accept rate; `shrunken` draws it towards what is usual, for the order alone.

    `versus` holds it against all other groups; None where that is not done, or there is too little. `behind` is the
    dimension that explains the difference: among like with like most of it is gone. `sides` are its rate and that of
    all others as `versus` reads them, both by the horizon or both of the decided ones. `over` says whether its time is:
    a week that is not complete is no point of a line.
    """

    name: str
    ends: Ends
    rate: Rate
    shrunken: float | None
    versus: Comparison | None = None
    behind: Dim | None = None
    over: bool = True
    sides: tuple[Rate, Rate] | None = None

    @property
    def counts(self) -> Counts:
        """What became of its hand-offs."""
        return self.ends.counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The answer: the groups of `by` in their order, and all of them together."""

    query: Query
    as_of: datetime
    by: Dim
    total: Ends
    groups: tuple[Part, ...]
    marks: tuple[Mark, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether the groups were held against the rest."""
        return compares(self.by)

    @property
    def in_time(self) -> bool:
        """Whether the groups are stretches of time."""
        return self.by in TIMES


def compares(by: Dim) -> bool:
    """Whether groups of a dimension are held against the rest: people have limits of their own, weeks are a course."""
    return by != "rep" and by not in TIMES


def parts(by: Dim, groups: Mapping[str, Ends], rests: Mapping[str, Ends], window: Window) -> tuple[Part, ...]:
    """The groups in their order. `rests` has, for each group that is to be compared, all others together."""
    names = [name for name in groups if name in rests]
    pairs: list[Pair] = [pair(groups[name], rests[name]) for name in names]
    confidence = next((one.confidence for one in groups.values()), 0.95)
    found = dict(zip(names, verdicts(pairs, confidence), strict=True))
    sides = {name: (one.rate, rest.rate) for name, (one, rest) in zip(names, pairs, strict=True)}
    shares = {name: share(one) for name, one in groups.items()}
    rated = [name for name, one in groups.items() if not (one.by_outcome or one.one_sided)]
    prior = fit([shares[name].count for name in rated])
    made = [
        Part(
            name,
            whole,
            shares[name].rate,
            shrunken(*shares[name].count, prior) if prior and name in rated else None,
            found.get(name),
            over=by not in TIMES or complete(by, name, window),
            sides=sides.get(name),
        )
        for name, whole in groups.items()
    ]
    return tuple(_ordered(by, made))


def rests(
    names: Sequence[str],
    groups: Mapping[str, Ends],
    endings: Iterable[Ending],
    open_: Mapping[str, Sequence[Age]],
    confidence: float,
) -> dict[str, Ends]:
    """For each of `names` how all other groups end together, from the same rows."""
    ended, ages = _summed(endings), {name: Counter(_spread(some)) for name, some in open_.items()}
    all_ended, all_ages = _Ended(), Counter[int]()
    for some in ended.values():
        all_ended.update(some)
    for old in ages.values():
        all_ages.update(old)
    found: dict[str, Ends] = {}
    for name in names:
        others = all_ended - ended.get(name, _Ended())
        left = all_ages - ages.get(name, Counter())
        whole = sum((group.counts for other, group in groups.items() if other != name), Counts())
        rows = [Ending("", cause, minutes, n) for (cause, minutes), n in others.items()]
        found[name] = ends(rows, left.items(), whole, groups[name].horizon, confidence)
    return found


def largest(groups: Mapping[str, Ends]) -> list[str]:
    """The groups to be compared with the rest: those with enough decided ones, the largest first."""
    enough = [name for name, one in groups.items() if one.counts.decided >= ENOUGH]
    return sorted(enough, key=lambda name: (-groups[name].counts.decided, name))[:MOST_COMPARED]


def explains(part: Part, rows: Sequence[Stratum]) -> bool:
    """Whether a clear difference goes away among like with like: rows of all groups, within one dimension.

    Only strata count that have 10 decided hand-offs on both sides, and only if half of the group's are in them. Gone is
    what turns round, what is less than half as large, or what chance explains (Cochran–Mantel–Haenszel, 10 %).
    """
    if part.versus is None:
        return False
    mine, everybody = _by_stratum(row for row in rows if row.name == part.name), _by_stratum(rows)
    pairs = [
        ((k, n), (all_k - k, all_n - n))
        for name, (k, n) in mine.items()
        for all_k, all_n in [everybody[name]]
        if n >= ENOUGH and all_n - n >= ENOUGH
    ]
    inside = sum(n for (_, n), _ in pairs)
    if 2 * inside < sum(n for _, n in mine.values()) or not pairs:
        return False
    weights = [one[1] * other[1] / (one[1] + other[1]) for one, other in pairs]
    differences = [one[0] / one[1] - other[0] / other[1] for one, other in pairs]
    like = sum(w * d for w, d in zip(weights, differences, strict=True)) / sum(weights)
    whole = part.versus.difference.value
    return like * whole <= 0 or abs(like) < LEAST_LEFT * abs(whole) or cmh(pairs) > MOST_CHANCE


def behind(part: Part, dim: Dim) -> Part:
    """The same group, with what explains its difference."""
    return replace(part, behind=dim)


def complete(by: Dim, name: str, window: Window) -> bool:
    """Whether a week or month lies in the window as a whole."""
    first = _first_day(by, name)
    if first is None:
        return True
    following = (
        first + timedelta(days=7) if by == "week" else (first.replace(day=1) + timedelta(days=31)).replace(day=1)
    )
    start, end = (datetime.combine(day, time(), UTC) for day in (first, following))
    return window.start <= start and end <= window.end


def _summed(endings: Iterable[Ending]) -> dict[str, _Ended]:
    ended: dict[str, _Ended] = {}
    for one in endings:
        ended.setdefault(one.name, _Ended())[one.cause, one.minutes] += one.n
    return ended


def _spread(ages: Iterable[Age]) -> dict[int, int]:
    found: Counter[int] = Counter()
    for minutes, n in ages:
        found[minutes] += n
    return found


def _first_day(by: Dim, name: str) -> date | None:
    try:
        return date.fromisoformat(name if by == "week" else f"{name}-01")
    except ValueError:
        return None


def _ordered(by: Dim, made: Sequence[Part]) -> list[Part]:
    if by in TIMES or by == "rep":
        return sorted(made, key=lambda part: part.name)
    return sorted(made, key=lambda part: (-(part.shrunken or 0.0), -part.counts.decided, part.name))


def _by_stratum(rows: Iterable[Stratum]) -> dict[tuple[str, ...], Count]:
    """The accepted of the decided ones in each stratum."""
    tallies: dict[tuple[str, ...], list[Tally]] = {}
    for one in rows:
        tallies.setdefault(one.within, []).append(Tally("", one.outcome, None, one.n))
    found = {within: counts(some) for within, some in tallies.items()}
    return {within: (one.accepted, one.decided) for within, one in found.items()}
