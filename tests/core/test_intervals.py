"""Wilson's interval against statsmodels, scipy and published figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest  # type: ignore[import-untyped]
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]

from bot.stats.cohort import Counts, accept_rate
from bot.stats.intervals import Interval, wilson

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


@pytest.mark.parametrize(("successes", "n", "confidence"), [(0, 0, 0.95), (3, 2, 0.95), (-1, 2, 0.95), (1, 2, 95)])
def test_impossible_counts_are_refused_with_what_was_expected(successes: int, n: int, confidence: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        wilson(successes, n, confidence)


def test_an_accept_rate_counts_expired_ones_and_no_open_or_void_ones() -> None:
    rate = accept_rate(Counts(accepted=9, rejected=2, expired=1, open=50, void=7))
    assert rate is not None
    assert (rate.successes, rate.n, rate.share) == (9, 12, 0.75)
    assert Interval(rate.low, rate.high) == wilson(9, 12)


def test_without_a_decision_there_is_no_accept_rate() -> None:
    assert accept_rate(Counts(open=3, void=1)) is None
