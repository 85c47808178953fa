"""Reps without a league table: whose figures lie outside what chance explains, and what one rep's own are. Pure.

A rep is held against what everybody together makes of the same leads: of the same grade and source. Accepts, rejects
and expiries are three figures of their own, each out of all hand-offs that are old enough: silence is not a no, and a
no weighs no more than silence. Limits are those of limits.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.stats.cohort import BLANK, CAUSE_OF, Cause, Counts, Group, Outcome, Stratum
from bot.stats.maths.limits import Adjusted, adjusted
from bot.stats.query import Query
from bot.stats.rates import CAUSES, RATES_FROM, Ends, Horizon
from bot.stats.sla import Met
from bot.stats.times import Times

LEAST = 0.05
"""Off by fewer points than this (as a share) nobody is listed: of thousands of hand-offs, chance explains no trifle.

Half of what other comparisons ask for, as a rep who lets 14 % expire where 5 % do is worth a word.
"""
SMALLEST = 30
"""Kinds of leads of which there are fewer than this go together: a rate of few says little, least of all of one rep."""


@dataclass(frozen=True, slots=True)
class Member:
    """One rep (key) among all: hand-offs of the window, how many of them were somebody else's first (`moved`).

    `figures` hold those that are old enough against the others; nothing below 10 of them.
    """

    key: str
    counts: Counts
    moved: int
    figures: Mapping[Cause, Adjusted]

    @property
    def outside(self) -> tuple[Cause, ...]:
        """The figures outside the limits and by enough to matter."""
        return tuple(cause for cause, figure in self.figures.items() if _outside(figure) and _matters(figure))

    @property
    def alike(self) -> bool:
        """Whether all leads of the kinds that this rep had ended in the same way, so that nobody can differ."""
        return bool(self.figures) and all(figure.expected in (0, 1) for figure in self.figures.values())

    @property
    def slightly(self) -> bool:
        """Whether some are outside the limits, and none of them by enough to matter."""
        return not self.outside and any(map(_outside, self.figures.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reps:
    """All `reps` by key, those without a name (`nobody`) and those who are not shown one by one (`others`) apart.

    `moved` of all hand-offs were somebody else's first. Judged is what has an owner and is at least as old as `age`,
    by the clock of whoever it was offered to: `old` hand-offs out of all.
    """

    query: Query
    as_of: datetime
    age: Horizon
    old: int
    total: Counts
    reps: tuple[Member, ...]
    nobody: Counts
    others: Counts
    moved: int

    @property
    def judged(self) -> tuple[Member, ...]:
        """Reps with enough hand-offs to be held against the others."""
        return tuple(rep for rep in self.reps if rep.figures)

    @property
    def alike(self) -> bool:
        """Whether nobody is held against anybody, as all leads of a kind ended in the same way."""
        return bool(self.judged) and all(rep.alike for rep in self.judged)

    @property
    def outside(self) -> tuple[Member, ...]:
        """Those of them with a figure outside the limits, by enough to matter."""
        return tuple(rep for rep in self.judged if rep.outside)

    @property
    def slightly(self) -> tuple[Member, ...]:
        """Those who are outside by too little to matter."""
        return tuple(rep for rep in self.judged if rep.slightly)


@dataclass(frozen=True, slots=True)
class Side:
    """How a set of hand-offs fared: how they ended, how fast on both clocks, and whether in time."""

    ends: Ends
    working: Times
    wall: Times
    met: Met


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    """One rep's `own` figures beside those of the rep's `team`, and their `standing` among all reps, as in `Reps`.

    `team` is None where there is none, and, with a `standing` without figures, where so few belong to it that they
    would be somebody else's.
    """

    query: Query
    as_of: datetime
    key: str
    own: Side
    team: Side | None
    reasons: tuple[tuple[str, int], ...]
    standing: Member
    age: Horizon


def reps(groups: Iterable[Group], strata: Sequence[Stratum], moved: Mapping[str, int]) -> tuple[Member, ...]:
    """The reps by key: from their hand-offs in the window, the old enough ones by kind, and what they got from others.

    The strata are everybody's: whoever is not in `groups` still counts in what all make of the same leads. Somebody
    without any hand-off has empty figures.
    """
    expected = _expected(strata)
    by_rep: dict[str, list[Stratum]] = {}
    for one in strata:
        by_rep.setdefault(one.name, []).append(one)
    found = (
        Member(group.name, group.counts, moved.get(group.name, 0), _figures(by_rep.get(group.name, ()), expected))
        for group in groups
    )
    return tuple(sorted(found, key=lambda rep: rep.key))


def handed(strata: Iterable[Stratum]) -> int:
    """How many hand-offs there are in the strata, void ones left out."""
    return sum(one.n for one in strata if one.outcome is not Outcome.VOID)


_Kind = tuple[str, ...]
_SMALL: _Kind = (BLANK,)


def _expected(strata: Iterable[Stratum]) -> Mapping[_Kind, Mapping[Cause, float]]:
    """What share of each kind of leads ends by each cause; small kinds together under `_SMALL`.

    Taken over all reps the expected counts are the ones seen.
    """
    ended: dict[_Kind, Counter[Cause | None]] = {}
    for one in strata:
        if one.outcome is not Outcome.VOID:
            ended.setdefault(one.within, Counter())[CAUSE_OF.get(one.outcome)] += one.n
    small = Counter[Cause | None]()
    for kind in [kind for kind, ends in ended.items() if ends.total() < SMALLEST]:
        small += ended.pop(kind)
    if small:
        ended[_SMALL] = small
    return {kind: {cause: ends[cause] / ends.total() for cause in CAUSES} for kind, ends in ended.items()}


def _figures(own: Iterable[Stratum], expected: Mapping[_Kind, Mapping[Cause, float]]) -> Mapping[Cause, Adjusted]:
    sizes: Counter[_Kind] = Counter()
    ended: Counter[Cause | None] = Counter()
    for one in own:
        if one.outcome is not Outcome.VOID:
            sizes[one.within if one.within in expected else _SMALL] += one.n
            ended[CAUSE_OF.get(one.outcome)] += one.n
    if sizes.total() < RATES_FROM:
        return {}
    return {
        cause: adjusted(ended[cause], [(n, expected[kind][cause]) for kind, n in sizes.items()]) for cause in CAUSES
    }


def _outside(figure: Adjusted) -> bool:
    return figure.standing != "inside"


def _matters(figure: Adjusted) -> bool:
    return abs(figure.k / figure.n - figure.expected) >= LEAST
