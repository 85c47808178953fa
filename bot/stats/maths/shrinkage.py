"""Rates of small groups drawn towards what is usual, for ranking. Pure.

Raw rates put the smallest groups at both ends of a list. The counts are always shown beside a shrunken rate.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

from bot.stats.maths.differences import Count

LEAST, MOST = 0.01, 1e6
"""The limits of alpha + beta. Groups that differ no more than chance would have them have no finite maximum."""

ROUNDING = 1e-6
"""Log-likelihoods this near to each other are the same: the terms that they are sums of reach tens of millions."""

STARTS = (1, 30)
"""From where the search for alpha + beta begins: few and unequal groups have a summit beside the one at no spread."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Prior:
    """How the true rates of groups are spread: a beta distribution, worth alpha + beta hand-offs of its own."""

    alpha: float
    beta: float


def fit(counts: Sequence[Count]) -> Prior | None:
    """The prior under which the (successes, n) of the groups are most likely: maximum likelihood, beta-binomial.

    J. G. Skellam, J. R. Statist. Soc. B 10 (1948), p. 257. Empty groups say nothing. None where fewer than two are
    left, or where nobody succeeded, or everybody. alpha + beta stays within 0.01 and a million; it is a million where
    the groups differ no more than by chance: no other prior makes them likelier than one rate for all. ValueError for
    impossible counts.
    """
    for k, n in counts:
        if not 0 <= k <= n:
            raise ValueError(f"counts {k} of {n}: expected 0 <= {k} <= {n}")
    groups = [(k, n) for k, n in counts if n]
    successes, total = sum(k for k, _ in groups), sum(n for _, n in groups)
    if len(groups) < 2 or successes in (0, total):
        return None
    share = successes / total
    one_rate = Prior(MOST * share, MOST * (1 - share))
    height, mean = (lambda point: -_log_likelihood(groups, _prior(point))), log(share / (1 - share))
    found = [_prior(_lowest(height, (mean, log(size)))) for size in STARTS]
    best = max(found, key=lambda prior: _log_likelihood(groups, prior))
    likelier = _log_likelihood(groups, best) - _log_likelihood(groups, one_rate)
    return best if likelier > ROUNDING else one_rate


def shrunken(k: int, n: int, prior: Prior) -> float:
    """The rate (0 to 1) to expect of a group with `k` of `n`: the mean of its beta distribution after these counts."""
    return (k + prior.alpha) / (n + prior.alpha + prior.beta)


def _log_likelihood(groups: Sequence[Count], prior: Prior) -> float:
    """Up to the binomial coefficients, which no prior changes."""
    alpha, beta = prior.alpha, prior.beta
    of_groups = sum(lgamma(k + alpha) + lgamma(n - k + beta) - lgamma(n + alpha + beta) for k, n in groups)
    return of_groups + len(groups) * (lgamma(alpha + beta) - lgamma(alpha) - lgamma(beta))


def _prior(point: Point) -> Prior:
    """From what the search moves in: the logit of the mean and the logarithm of alpha + beta, held within limits."""
    mean = 1 / (1 + exp(-min(max(point[0], -30.0), 30.0)))
    size = exp(min(max(point[1], log(LEAST)), log(MOST)))
    return Prior(size * mean, size * (1 - mean))


def _lowest(height: Callable[[Point], float], start: Point) -> Point:
    """Where `height` is lowest, as far as a walk downhill tells: Nelder and Mead, Computer Journal 7 (1965), p. 308."""
    corners = [(height(point), point) for point in (start, (start[0] + 1, start[1]), (start[0], start[1] + 1))]
    for _ in range(500):
        corners.sort()
        if max(abs(x - y) for _, point in corners[1:] for x, y in zip(point, corners[0][1], strict=True)) < 1e-6:
            break
        corners = _walked(height, corners)
    return min(corners)[1]


def _walked(height: Callable[[Point], float], corners: list[tuple[float, Point]]) -> list[tuple[float, Point]]:
    """The triangle after one step; its corners came with the lowest first."""
    (best, at), (second, beside), (worst, far) = corners

    def along(factor: float) -> tuple[float, Point]:
        """On the line from the middle of the two lower corners (0) to the worst (1)."""
        x, y = (at[0] + beside[0]) / 2, (at[1] + beside[1]) / 2
        point = (x + factor * (far[0] - x), y + factor * (far[1] - y))
        return height(point), point

    mirrored = along(-1)
    if mirrored[0] < best:
        return [*corners[:2], min(mirrored, along(-2))]
    if mirrored[0] < second:
        return [*corners[:2], mirrored]
    nearer = along(-0.5 if mirrored[0] < worst else 0.5)
    if nearer[0] < min(worst, mirrored[0]):
        return [*corners[:2], nearer]
    halves = [((at[0] + point[0]) / 2, (at[1] + point[1]) / 2) for point in (beside, far)]
    return [corners[0], *((height(point), point) for point in halves)]
