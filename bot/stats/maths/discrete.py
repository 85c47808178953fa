"""The probabilities of a count with one peak, without a table of factorials. Pure.

`differences` and `limits` sum over them; a million hand-offs cost a few thousand steps.
"""

from collections.abc import Callable, Iterator

NEGLIGIBLE = 1e-30
"""Next to the most likely count: what is less likely than this counts as impossible."""


def probabilities(peak: int, least: int, most: int, ratio: Callable[[int], float]) -> tuple[int, list[float]]:
    """The first count worth naming, and the probabilities of it and of those that follow it; they sum to 1.

    `peak` is the most likely count (a neighbour of it will do), `ratio(x)` is P(x + 1) ÷ P(x) for every x from `least`
    to `most` − 1. Steps outward from the peak, as its neighbours are small only where all beyond them are.
    """
    below = list(_falling(1 / ratio(x) for x in range(peak - 1, least - 1, -1)))
    above = list(_falling(ratio(x) for x in range(peak, most)))
    relative = [*reversed(below), 1.0, *above]
    total = sum(relative)
    return peak - len(below), [weight / total for weight in relative]


def _falling(ratios: Iterator[float]) -> Iterator[float]:
    weight = 1.0
    for step in ratios:
        weight *= step
        if weight < NEGLIGIBLE:
            return
        yield weight
