"""Shrunken rates against the beta-binomial of scipy."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.stats import betabinom  # type: ignore[import-untyped]

from bot.stats.maths.differences import Count
from bot.stats.maths.shrinkage import LEAST, MOST, Prior, fit, shrunken

GROUPS = [(3, 4), (9, 12), (40, 60), (22, 80), (1, 9), (70, 120)]

some_groups = st.lists(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=12
)


def likelihood(prior: Prior, groups: list[Count]) -> float:
    k, n = np.array(groups).T
    return float(betabinom.logpmf(k, n, prior.alpha, prior.beta).sum())


def by_scipy(groups: list[Count]) -> float:
    """The best likelihood that scipy finds within the same limits, from two places."""

    def height(point: tuple[float, float]) -> float:
        size, mean = exp(point[0]), 1 / (1 + exp(-point[1]))
        return -likelihood(Prior(size * mean, size * (1 - mean)), groups)

    limits = [(log(LEAST), log(MOST)), (-20, 20)]
    return -min(
        float(minimize(height, start, method="L-BFGS-B", bounds=limits).fun) for start in ([log(3), 0], [log(100), 0])
    )


def test_golden_figures() -> None:
    prior = fit(GROUPS)
    assert prior is not None
    assert (round(prior.alpha, 2), round(prior.beta, 2)) == (3.20, 3.11)
    assert [round(shrunken(k, n, prior), 2) for k, n in GROUPS] == [0.60, 0.67, 0.65, 0.29, 0.27, 0.58]


@settings(max_examples=40)
@given(some_groups)
@example([(3, 3), (7, 17)])  # at one rate for all this has a summit, and a higher one elsewhere
@example([(15, 16), (0, 1)])
@example([(1, 10), (0, 10), (1, 1)])
def test_no_other_prior_makes_the_counts_more_likely(groups: list[Count]) -> None:
    prior = fit(groups)
    assume(prior is not None)
    assert prior is not None
    assert likelihood(prior, groups) >= by_scipy(groups) - 1e-4
    assert LEAST * 0.999 <= prior.alpha + prior.beta <= MOST * 1.001


@given(some_groups)
def test_a_shrunken_rate_lies_between_the_groups_own_and_the_usual_one(groups: list[Count]) -> None:
    prior = fit(groups)
    assume(prior is not None)
    assert prior is not None
    usual = prior.alpha / (prior.alpha + prior.beta)
    for k, n in groups:
        low, high = sorted((k / n, usual))
        assert low - 1e-9 <= shrunken(k, n, prior) <= high + 1e-9
    assert shrunken(0, 0, prior) == pytest.approx(usual)


@given(some_groups, st.permutations(range(12)))
def test_neither_order_nor_empty_groups_matter(groups: list[Count], order: list[int]) -> None:
    other = [groups[index] for index in order if index < len(groups)]
    one, two = fit(groups), fit([(0, 0), *other])
    assert (one is None) == (two is None)
    if one and two:
        assert likelihood(two, groups) == pytest.approx(likelihood(one, groups), abs=1e-4)


@pytest.mark.parametrize(
    "groups", [[], [(3, 9)], [(3, 9), (0, 0)], [(0, 9), (0, 5)], [(9, 9), (5, 5)], [(0, 0), (0, 0)]]
)
def test_where_groups_cannot_tell_there_is_no_prior(groups: list[Count]) -> None:
    assert fit(groups) is None


@pytest.mark.parametrize("groups", [[(30, 100), (31, 100), (29, 100)], [(1, 2), (1, 2)], [(1, 1), (0, 1), (1, 1)]])
def test_groups_that_differ_by_chance_alone_are_all_drawn_together(groups: list[Count]) -> None:
    prior = fit(groups)
    share = sum(k for k, _ in groups) / sum(n for _, n in groups)
    assert prior is not None
    assert prior.alpha + prior.beta == pytest.approx(MOST)
    assert all(shrunken(k, n, prior) == pytest.approx(share, abs=1e-3) for k, n in groups)


def test_groups_that_are_all_or_nothing_keep_their_rates() -> None:
    prior = fit([(20, 20), (0, 20), (20, 20), (0, 20)])
    assert prior is not None
    assert shrunken(20, 20, prior) > 0.99
    assert shrunken(0, 20, prior) < 0.01


def test_groups_of_a_hundred_thousand_are_no_trouble() -> None:
    prior = fit([(60_000, 100_000), (30_000, 100_000), (45_000, 90_000), (2, 3)])
    assert prior is not None
    assert shrunken(60_000, 100_000, prior) == pytest.approx(0.6, abs=1e-3)
    assert 0.45 < shrunken(2, 3, prior) < 0.6


def test_a_small_group_no_longer_leads_the_ranking() -> None:
    prior = fit(GROUPS)
    assert prior is not None
    assert max(GROUPS, key=lambda group: group[0] / group[1]) == (3, 4)
    assert max(GROUPS, key=lambda group: shrunken(group[0], group[1], prior)) == (9, 12)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 0 <= 3 <= 2"):
        fit([(3, 2), (1, 2)])
