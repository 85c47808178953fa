"""Wilson's interval against statsmodels, scipy and published figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest  # type: ignore[import-untyped]
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]

from bot.stats.maths.intervals import Estimate, wilson, wilson_estimate

counts = st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(200, 300, 61.2, 71.8), (9, 12, 46.8, 91.1), (0, 8, 0, 32.4), (7, 7, 64.6, 100)],
)
def test_golden_figures(successes: int, n: int, low: float, high: float) -> None:
    interval = wilson(successes, n)
    assert (round(100 * interval.low, 1), round(100 * interval.high, 1)) == (low, high)


@given(counts, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_it_is_the_interval_of_statsmodels(count: tuple[int, int], confidence: float) -> None:
    expected = proportion_confint(*count, alpha=1 - confidence, method="wilson")
    interval = wilson(*count, confidence)
    assert (interval.low, interval.high) == pytest.approx(expected, abs=1e-9)


@given(counts, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_it_is_the_interval_of_scipy(count: tuple[int, int], confidence: float) -> None:
    expected = binomtest(*count).proportion_ci(confidence, method="wilson")
    interval = wilson(*count, confidence)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


@given(counts)
def test_it_holds_the_share_itself_and_never_leaves_0_to_1(count: tuple[int, int]) -> None:
    interval = wilson(*count)
    assert 0 <= interval.low <= count[0] / count[1] <= interval.high <= 1


@given(counts, st.sampled_from([0.8, 0.95]))
def test_an_estimate_is_the_share_with_its_interval(count: tuple[int, int], confidence: float) -> None:
    interval = wilson(*count, confidence)
    assert wilson_estimate(*count, confidence) == Estimate(count[0] / count[1], interval.low, interval.high)


def test_an_estimate_is_wide_beyond_30_points() -> None:
    assert wilson_estimate(15, 30).wide
    assert not wilson_estimate(30, 60).wide
    assert not Estimate(-0.1, -0.25, 0.05).wide


@pytest.mark.parametrize(("successes", "n", "confidence"), [(0, 0, 0.95), (3, 2, 0.95), (-1, 2, 0.95), (1, 2, 95)])
def test_impossible_counts_are_refused_with_what_was_expected(successes: int, n: int, confidence: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        wilson(successes, n, confidence)
