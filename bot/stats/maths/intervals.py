"""How sure a proportion is: intervals by hand, checked in the tests against statsmodels and scipy. Pure.

Whoever shows a rate shows its interval with it.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of a confidence interval, as shares from 0 to 1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share from 0 to 1 and the ends of its confidence interval; a difference of two shares goes from −1 to 1."""

    value: float
    low: float
    high: float

    @property
    def wide(self) -> bool:
        """Whether the interval spans more than 30 points: too wide for an arrow, shown with "≈"."""
        return self.high - self.low > 0.30


def wilson_estimate(successes: int, n: int, confidence: float = 0.95) -> Estimate:
    """The share of `successes` out of `n` with its Wilson interval. ValueError as in `wilson`."""
    interval = wilson(successes, n, confidence)
    return Estimate(successes / n, interval.low, interval.high)


def wilson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """The Wilson score interval of `successes` out of `n`.

    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927), p. 209;
    recommended for few data by Brown, Cai and DasGupta, Statistical Science 16 (2001), p. 101. ValueError where `n`
    is not positive, `successes` not within 0 and `n`, or `confidence` not between 0 and 1.
    """
    if not 0 <= successes <= n or n == 0:
        raise ValueError(f"successes {successes} of n {n}: expected 0 <= successes <= n and n > 0")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence}: expected a share between 0 and 1, such as 0.95")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = successes / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    reach = z / (1 + spread) * sqrt(share * (1 - share) / n + spread / (4 * n))
    # None and all of n have an end at exactly 0 and 1, which rounding would miss by a hair.
    return Interval(centre - reach if successes else 0.0, centre + reach if successes < n else 1.0)
