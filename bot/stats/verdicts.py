"""Shares held against each other, where some of their hand-offs may still be open. Pure.

All comparisons of one message go through `verdicts` together: they are one family. What is a clear difference is
decided here and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.stats.cohort import Cause
from bot.stats.maths.differences import LEAST, MOST_FALSE, ROUNDING, Comparison, Count, compare, differs, mover
from bot.stats.maths.intervals import wilson_estimate
from bot.stats.rates import Ends, Rate


@dataclass(frozen=True, slots=True)
class Share:
    """A rate, and the whole counts that are as sure as it is: those to test it with."""

    rate: Rate
    count: Count


Pair = tuple[Share, Share]
"""A segment and the rest, or now and before."""


def plain(k: int, n: int, confidence: float = 0.95) -> Share:
    """`k` of `n` of which nothing is open any more."""
    return Share(Rate(k, n, n, wilson_estimate(k, n, confidence) if n else None), (k, n))


def pair(one: Ends, other: Ends, cause: Cause = "accepted") -> Pair:
    """The shares of one cause of two groups, read alike: by the horizon, or of the decided where one has no times."""
    by_horizon = one.incidence is not None and other.incidence is not None
    return _share(one, cause, by_horizon), _share(other, cause, by_horizon)


def share(ends: Ends, cause: Cause = "accepted") -> Share:
    """The share of one cause, for a rank or a list."""
    return _share(ends, cause, by_horizon=True)


def verdicts(pairs: Sequence[Pair], confidence: float = 0.95) -> list[Comparison | None]:
    """Each pair compared, in the order given; None where too little is decided (`MINIMUM`).

    `clear`: the share of false alarms to be expected among all clear ones of `pairs` is `MOST_FALSE` at most (Benjamini
    and Hochberg), the difference is 10 points or more, its interval leaves out 0, and neither rate is wider than 30.
    """
    tested = [at for at, (one, other) in enumerate(pairs) if one.rate.told and other.rate.told]
    found = compare([(pairs[at][0].count, pairs[at][1].count) for at in tested], confidence)
    by_place = dict(zip(tested, found, strict=True))
    return [_sober(by_place.get(at), one, other) for at, (one, other) in enumerate(pairs)]


def known(found: Pair) -> Count:
    """Of how many the outcome is known on both sides: what has to reach `MINIMUM`."""
    one, other = found
    return min(one.rate.decided, one.count[1]), min(other.rate.decided, other.count[1])


def small(found: Comparison) -> bool:
    """Whether a difference is there beyond chance, and too small for an arrow."""
    apart = found.difference.low > 0 or found.difference.high < 0
    return found.q <= MOST_FALSE and apart and abs(found.difference.value) < LEAST - ROUNDING


def suspected(found: Comparison | None) -> bool:
    """Whether chance hardly explains a difference that is yet too wide to be called clear."""
    if found is None or found.clear:
        return False
    return found.q <= MOST_FALSE and differs(found.difference)


def _share(ends: Ends, cause: Cause, by_horizon: bool) -> Share:
    if not by_horizon or ends.incidence is None:
        rate = ends.of_decided(cause)
        return Share(rate, (rate.k, rate.n))
    rate = ends.rate(cause)
    n = round(ends.incidence.effective[cause])
    return Share(rate, (min(n, round(ends.incidence.shares[cause].value * n)), n))


def _sober(found: Comparison | None, one: Share, other: Share) -> Comparison | None:
    """The difference of the rates as they are shown, and not of the whole counts that stood in for them."""
    if found is None or one.rate.estimate is None or other.rate.estimate is None:
        return None
    difference = mover(one.rate.estimate, other.rate.estimate)
    clear = found.q <= MOST_FALSE and differs(difference) and one.rate.firm and other.rate.firm
    return replace(found, difference=difference, clear=clear)
