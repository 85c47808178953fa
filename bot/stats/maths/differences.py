"""Whether two shares differ, how sure that is, and how small a difference could have been seen. Pure.

A segment is compared with the rest, not with the total it is part of. All comparisons of one message are one family:
`compare` takes them together, as looking often enough finds a difference by chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from bot.stats.maths.discrete import probabilities
from bot.stats.maths.intervals import Estimate, wilson_estimate

Count = tuple[int, int]
"""Successes, and out of how many."""

ROUNDING = 1e-9
"""Probabilities this near to each other are of equally likely tables; a difference this near to 10 points is 10."""
LEAST = 0.10
"""Differences below so many points (as a share) are nobody's business, however sure they are."""
MINIMUM: Count = (10, 20)
"""So many have to be known of the first of a pair, and of the other."""
MOST_FALSE = 0.05
"""The largest q of a clear difference: where nothing differs, so many messages at most raise a false alarm.

A dozen weekly ones without a true difference are to raise one at most. Of 100 simulated dozens 10 raised more than that
at 5 %, 19 at 10 % and 3 at 2.5 %, where too many true differences are missed: of 15 points, with 100 hand-offs on each
side, 62 of 100 are found alone at 5 %, and 49 at 2.5 % (tests/store/test_false_alarms.py).
"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A segment against the rest.

    `difference` is segment − rest, from −1 to 1. `p` is of this comparison alone, `q` among all of its family. `clear`
    ones may be shown with an arrow; of the others say that a difference below `could_see` (0 to 1) could not be seen,
    were it the only one `among` so many that were compared.
    """

    segment: Count
    rest: Count
    difference: Estimate
    p: float
    q: float
    clear: bool
    could_see: float
    among: int


def newcombe(a: Count, b: Count, confidence: float = 0.95) -> Estimate:
    """The difference a − b of two independent shares, from −1 to 1, with its hybrid score interval.

    R. G. Newcombe, Statistics in Medicine 17 (1998), p. 873, method 10. ValueError as in `intervals.wilson`.
    """
    return mover(wilson_estimate(*a, confidence), wilson_estimate(*b, confidence))


def mover(a: Estimate, b: Estimate) -> Estimate:
    """The difference a − b of two independent estimates from their own limits, which are of one confidence.

    Zou and Donner, Statistics in Medicine 27 (2008), p. 1693; from Wilson's limits it is Newcombe's method 10.
    """
    difference = a.value - b.value
    below = sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2)
    above = sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2)
    return Estimate(difference, max(-1.0, difference - below), min(1.0, difference + above))


def mid_p(k1: int, n1: int, k2: int, n2: int) -> float:
    """How surprising k1 of n1 beside k2 of n2 is if both shares are one: the two-sided mid-p of Fisher's exact test.

    The probabilities of all tables with the same sums that are less likely than this one, and half of those that are
    equally likely, itself included. H. O. Lancaster, JASA 56 (1961), p. 223. Where only one table is possible that is
    0.5. What is below 1e-30 may come out as 0. ValueError for impossible counts.
    """
    _check(k1, n1)
    _check(k2, n2)
    k = k1 + k2
    peak = (n1 + 1) * (k + 1) // (n1 + n2 + 2)
    first, tables = probabilities(
        peak, max(0, k - n2), min(k, n1), lambda x: (n1 - x) * (k - x) / ((x + 1) * (n2 - k + x + 1))
    )
    if not first <= k1 < first + len(tables):
        return 0.0
    seen = tables[k1 - first]
    less = sum(p for p in tables if p < seen * (1 - ROUNDING))
    not_more = sum(p for p in tables if p <= seen * (1 + ROUNDING))
    return min(1.0, (less + not_more) / 2)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """The q of each p, in the order given: the share of false alarms to expect if this one and all below are flagged.

    Benjamini and Hochberg, J. R. Statist. Soc. B 57 (1995), p. 289. ValueError for a p outside 0 and 1.
    """
    for p in p_values:
        if not 0 <= p <= 1:
            raise ValueError(f"p {p}: expected 0 to 1")
    q_values = [0.0] * len(p_values)
    smallest = 1.0
    by_size = sorted(range(len(p_values)), key=lambda index: p_values[index])
    for rank in range(len(p_values), 0, -1):
        index = by_size[rank - 1]
        smallest = min(smallest, p_values[index] * len(p_values) / rank)
        q_values[index] = smallest
    return q_values


def could_see(n1: int, n2: int, share: float, power: float = 0.8, confidence: float = 0.95) -> float:
    """The smallest difference (0 to 1) that n1 beside n2 with this `share` would show in `power` of all cases.

    Towards a half, where a difference is harder to see. 1 where even the largest would be missed. The formula for
    sample sizes of Fleiss, Levin and Paik, "Statistical Methods for Rates and Proportions" (2003), ch. 4, solved for
    the difference; no continuity correction. ValueError where an n is not positive or a share is outside its range.
    """
    if min(n1, n2) < 1 or not 0 <= share <= 1 or not (0 < power < 1 and 0 < confidence < 1):
        raise ValueError(
            f"n {n1} and {n2}, share {share}, power {power}, confidence {confidence}: "
            "expected n above 0, a share from 0 to 1, power and confidence between 0 and 1"
        )
    base = min(share, 1 - share)
    z_alarm, z_miss = NormalDist().inv_cdf((1 + confidence) / 2), NormalDist().inv_cdf(power)

    def shows(difference: float) -> bool:
        other = base + difference
        pooled = (n1 * other + n2 * base) / (n1 + n2)
        if_same = sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
        if_different = sqrt(other * (1 - other) / n1 + base * (1 - base) / n2)
        return difference >= z_alarm * if_same + z_miss * if_different

    too_small, enough = 0.0, 1 - base
    if not shows(enough):
        return 1.0
    for _ in range(40):
        middle = (too_small + enough) / 2
        too_small, enough = (too_small, middle) if shows(middle) else (middle, enough)
    return enough


def differs(difference: Estimate) -> bool:
    """Whether a difference is of `LEAST` or more, and its interval leaves out 0."""
    beyond = difference.low > 0 or difference.high < 0
    return beyond and abs(difference.value) >= LEAST - ROUNDING


def compare(pairs: Sequence[tuple[Count, Count]], confidence: float = 0.95) -> list[Comparison | None]:
    """Each (segment, rest) of one message compared, in the order given; None below the `MINIMUM` sizes of the two.

    Clear is what `differs` and has a q of at most `MOST_FALSE`. The family of the q are those that were compared.
    ValueError for impossible counts.
    """
    large = [segment[1] >= MINIMUM[0] and rest[1] >= MINIMUM[1] for segment, rest in pairs]
    p_values = [mid_p(*segment, *rest) for (segment, rest), enough in zip(pairs, large, strict=True) if enough]
    tests = iter(zip(p_values, benjamini_hochberg(p_values), strict=True))
    alone = max(confidence, 1 - MOST_FALSE / max(1, len(p_values)))  # what one difference among so many needs
    found: list[Comparison | None] = []
    for (segment, rest), enough in zip(pairs, large, strict=True):
        if not enough:
            found.append(None)
            continue
        p, q_value = next(tests)
        difference = newcombe(segment, rest, confidence)
        clear = q_value <= MOST_FALSE and differs(difference)
        smallest = could_see(segment[1], rest[1], rest[0] / rest[1], confidence=alone)
        found.append(Comparison(segment, rest, difference, p, q_value, clear, smallest, len(p_values)))
    return found


def _check(k: int, n: int) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n}: expected 0 <= {k} <= {n}")
