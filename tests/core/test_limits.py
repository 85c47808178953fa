"""Funnel-plot limits against exact binomial probabilities: whom they flag, and how often wrongly."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom  # type: ignore[import-untyped]

from bot.stats.maths.discrete import probabilities
from bot.stats.maths.intervals import Interval
from bot.stats.maths.limits import adjusted, expected, limits, standing

sizes = st.integers(1, 3000)
shares = st.floats(0.001, 0.999)


@given(sizes, shares, st.sampled_from([0.8, 0.95, 0.998]))
def test_limits_are_the_quantiles_of_scipy(n: int, share: float, confidence: float) -> None:
    low, high = binom.interval(confidence, n, share)
    tail = (1 - confidence) / 2
    on_a_limit = np.isclose(binom.cdf(np.arange(n + 1)[:, None], n, share), [tail, 1 - tail], rtol=0, atol=1e-11)
    assume(not on_a_limit.any())  # scipy's rounding decides there; here it is inside
    assert limits(n, share, confidence) == Interval(low / n, high / n)


@given(st.integers(1, 200), shares)
def test_a_rep_like_the_team_is_flagged_by_chance_no_more_often_than_promised(n: int, share: float) -> None:
    chances = binom.pmf(np.arange(n + 1), n, share)
    flags = np.array([standing(k, n, share) for k in range(n + 1)])
    assert chances[flags != "inside"].sum() <= 0.05 + 1e-9
    assert chances[flags == "outside 99.8"].sum() <= 0.002 + 1e-9


@given(sizes, shares)
def test_limits_hold_the_teams_share_and_the_wider_ones_hold_the_narrower(n: int, share: float) -> None:
    narrow, wide = limits(n, share, 0.95), limits(n, share, 0.998)
    assert 0 <= wide.low <= narrow.low <= narrow.high <= wide.high <= 1
    assert narrow.low - 1 / n <= share <= narrow.high + 1 / n


@given(st.integers(1, 80), st.sampled_from([0.1, 0.25, 0.3, 0.5]))
def test_successes_are_judged_as_failures_are(n: int, share: float) -> None:
    assert [standing(k, n, share) for k in range(n + 1)] == [standing(n - k, n, 1 - share) for k in range(n + 1)]


@pytest.mark.parametrize(
    ("k", "expected_standing"),
    [(30, "inside"), (21, "inside"), (20, "outside 95"), (40, "outside 95"), (39, "inside"), (15, "outside 99.8")],
)
def test_100_leads_where_the_team_accepts_30(k: int, expected_standing: str) -> None:
    assert standing(k, 100, 0.30) == expected_standing


def test_a_million_handoffs_are_judged_as_exactly() -> None:
    low, high = binom.interval(0.95, 1_000_000, 0.3)
    assert limits(1_000_000, 0.3, 0.95) == Interval(low / 1_000_000, high / 1_000_000)


def test_where_the_team_always_or_never_succeeds_any_other_outcome_stands_out() -> None:
    assert limits(20, 0.0, 0.95) == Interval(0, 0)
    assert limits(20, 1.0, 0.95) == Interval(1, 1)
    assert [standing(k, 20, 0.0) for k in (0, 1)] == ["inside", "outside 99.8"]
    assert [standing(k, 20, 1.0) for k in (20, 19)] == ["inside", "outside 99.8"]


@pytest.mark.parametrize(("share", "then"), [(0.001, "outside 95"), (0.025, "inside")])
def test_a_count_that_is_exactly_on_a_limit_is_inside_it(share: float, then: str) -> None:
    assert standing(1, 1, share) == standing(0, 1, 1 - share) == then


@pytest.mark.parametrize("confidence", [1e-9, 1 - 1e-15])
def test_any_confidence_has_limits(confidence: float) -> None:
    found = limits(50, 0.3, confidence)
    assert 0 <= found.low <= 0.3 <= found.high <= 1


def test_a_handful_never_stands_out() -> None:
    assert {standing(k, 3, 0.5) for k in range(4)} == {"inside"}


@pytest.mark.parametrize(("n", "share", "confidence"), [(0, 0.5, 0.95), (9, 1.5, 0.95), (9, -0.1, 0.95), (9, 0.5, 95)])
def test_impossible_limits_are_refused(n: int, share: float, confidence: float) -> None:
    with pytest.raises(ValueError, match="expected n above 0"):
        limits(n, share, confidence)


@pytest.mark.parametrize(("k", "n"), [(3, 2), (-1, 2)])
def test_impossible_counts_are_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <="):
        standing(k, n, 0.5)


def test_a_rep_with_harder_leads_is_not_blamed_for_them() -> None:
    hard = [(10, 0.8), (90, 0.25)]  # the team accepts 55 %
    assert standing(30, 100, 0.55) == "outside 99.8"
    found = adjusted(30, hard)
    assert expected(hard) == pytest.approx(30.5)
    assert (found.k, found.n, found.standing) == (30, 100, "inside")
    assert found.expected == pytest.approx(0.305)
    assert found.limits == limits(100, found.expected, 0.95)
    assert adjusted(55, hard).standing == "outside 99.8"


@given(st.lists(st.tuples(st.integers(1, 25), st.one_of(shares, st.sampled_from([0.0, 1.0]))), min_size=1, max_size=5))
def test_with_a_mix_of_leads_too_no_more_are_flagged_than_promised(by_stratum: list[tuple[int, float]]) -> None:
    chances = np.array([1.0])
    for n, share in by_stratum:
        chances = np.convolve(chances, binom.pmf(np.arange(n + 1), n, share))
    flagged = [adjusted(k, by_stratum).standing != "inside" for k in range(len(chances))]
    assert chances[flagged].sum() <= 0.05 + 1e-9


@pytest.mark.parametrize("by_stratum", [[], [(0, 0.5)]])
def test_without_handoffs_nothing_is_expected(by_stratum: list[tuple[int, float]]) -> None:
    assert expected(by_stratum) == 0
    with pytest.raises(ValueError, match="expected at least one hand-off"):
        adjusted(0, by_stratum)


@given(st.integers(1, 400), shares, st.integers(-1, 1))
def test_probabilities_are_those_of_scipy_from_any_peak_nearby(n: int, share: float, beside: int) -> None:
    peak = min(n, max(0, int((n + 1) * share) + beside))
    first, found = probabilities(peak, 0, n, lambda x: (n - x) / (x + 1) * share / (1 - share))
    assert found == pytest.approx(binom.pmf(np.arange(first, first + len(found)), n, share), abs=1e-12)
    assert sum(found) == pytest.approx(1)
