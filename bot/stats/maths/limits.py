"""How far a rep's rate may lie from the team's by chance alone: funnel-plot limits in place of a league table. Pure.

A rep is judged against what the same leads would have brought the team: `adjusted` allows for grade and source.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from bot.stats.maths.discrete import probabilities
from bot.stats.maths.intervals import Interval

Standing = Literal["inside", "outside 95", "outside 99.8"]

WARNING, ALARM = 0.95, 0.998

ROUNDING = 1e-12
"""A count whose chance is as near as this to what a limit leaves outside is on the limit, and so inside."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A rep's `k` of `n` beside the share `expected` of the team with the same leads, and its 95 % limits."""

    k: int
    n: int
    expected: float
    limits: Interval
    standing: Standing


def limits(n: int, share: float, confidence: float) -> Interval:
    """Between which shares (0 to 1, both included) a count of `n` lies if the true share is the team's `share`.

    The funnel plot of D. J. Spiegelhalter, Statistics in Medicine 24 (2005), p. 1185, with exact binomial quantiles:
    each side is left by chance in at most half of 1 − `confidence`. He interpolates between counts to smooth the
    picture, which flags some that the exact test does not. ValueError where `n` is not positive, `share` not within 0
    and 1, or `confidence` not between.
    """
    if n < 1 or not 0 <= share <= 1 or not 0 < confidence < 1:
        raise ValueError(
            f"n {n}, share {share}, confidence {confidence}: "
            "expected n above 0, a share from 0 to 1, a confidence between 0 and 1"
        )
    if share in (0, 1):
        return Interval(share, share)
    odds = share / (1 - share)
    first, chances = probabilities(min(n, int((n + 1) * share)), 0, n, lambda x: (n - x) / (x + 1) * odds)
    below, tail = list(accumulate(chances)), (1 - confidence) / 2
    low = bisect_left(below, tail - ROUNDING)
    high = min(bisect_left(below, 1 - tail + ROUNDING), len(below) - 1)
    return Interval((first + low) / n, (first + high) / n)


def standing(k: int, n: int, share: float) -> Standing:
    """Where `k` of `n` stands if the true share is the team's `share`: outside is beyond a limit, not on it.

    ValueError as in `limits`, or where `k` is not within 0 and `n`.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n}: expected 0 <= {k} <= {n}")
    alarm, warning = limits(n, share, ALARM), limits(n, share, WARNING)
    if not alarm.low <= k / n <= alarm.high:
        return "outside 99.8"
    return "inside" if warning.low <= k / n <= warning.high else "outside 95"


def expected(by_stratum: Sequence[tuple[int, float]]) -> float:
    """How many of a rep's hand-offs would succeed at the team's rates: the sum of n × share over the strata.

    Indirect standardisation: a stratum is a grade and source, n the rep's hand-offs of it, share the team's rate there.
    """
    return sum(n * share for n, share in by_stratum)


def adjusted(k: int, by_stratum: Sequence[tuple[int, float]]) -> Adjusted:
    """A rep's `k` successes against the share expected of the same leads; strata as in `expected`.

    The limits are binomial at the mean share. Strata of unlike shares vary less than that (Hoeffding, Ann. Math.
    Statist. 27 (1956), p. 713), so they err towards "inside". ValueError where the strata hold nobody, or fewer than k.
    """
    n = sum(size for size, _ in by_stratum)
    if n < 1:
        raise ValueError(f"by_stratum {list(by_stratum)}: expected at least one hand-off")
    share = min(1.0, expected(by_stratum) / n)
    return Adjusted(k, n, share, limits(n, share, WARNING), standing(k, n, share))
