"""Comparisons against statsmodels, scipy, published figures, and worlds in which nothing differs."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom  # type: ignore[import-untyped]
from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]
from statsmodels.stats.proportion import (  # type: ignore[import-untyped]
    confint_proportions_2indep,
    power_proportions_2indep,
)

from bot.stats.maths.differences import (
    MOST_FALSE,
    Count,
    benjamini_hochberg,
    compare,
    could_see,
    mid_p,
    mover,
    newcombe,
)
from bot.stats.maths.intervals import Estimate, wilson_estimate


def counts(most: int, least: int = 1) -> st.SearchStrategy[Count]:
    return st.integers(least, most).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("a", "b", "value", "low", "high", "digits"),
    [((56, 70), (48, 80), 0.200, 0.0524, 0.3339, 4), ((121, 187), (98, 172), 0.077, -0.023, 0.176, 3)],
)
def test_golden_differences(a: Count, b: Count, value: float, low: float, high: float, digits: int) -> None:
    found = newcombe(a, b)
    assert (round(found.value, 3), round(found.low, digits), round(found.high, digits)) == (value, low, high)


@given(counts(5000), counts(5000), st.sampled_from([0.8, 0.95]))
def test_a_difference_is_that_of_statsmodels_and_its_limits_hold_it(a: Count, b: Count, level: float) -> None:
    found = newcombe(a, b, level)
    expected = confint_proportions_2indep(*a, *b, method="newcomb", compare="diff", alpha=1 - level)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)
    assert -1 <= found.low <= found.value <= found.high <= 1


@given(counts(500), counts(500))
def test_a_difference_seen_from_the_other_side_is_its_mirror_image(a: Count, b: Count) -> None:
    there, back = newcombe(a, b), newcombe(b, a)
    assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))


def test_any_two_estimates_with_limits_make_a_difference() -> None:
    found = mover(Estimate(0.5, 0.2, 0.6), Estimate(0.3, 0.26, 0.7))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.2 - 0.5, 0.2 + 0.0116**0.5))
    assert mover(wilson_estimate(5, 9), wilson_estimate(2, 7)) == newcombe((5, 9), (2, 7))


def mid_p_of_all_tables(k1: int, n1: int, k2: int, n2: int) -> float:
    """By definition, over each possible table."""
    tables = hypergeom.pmf(np.arange(max(0, k1 + k2 - n2), min(n1, k1 + k2) + 1), n1 + n2, k1 + k2, n1)
    seen = hypergeom.pmf(k1, n1 + n2, k1 + k2, n1)
    alike = np.isclose(tables, seen, rtol=1e-9, atol=0)
    return float(tables[(tables < seen) & ~alike].sum() + tables[alike].sum() / 2)


def test_the_lady_who_tastes_three_of_four_cups() -> None:
    assert mid_p(3, 4, 1, 4) == pytest.approx((1 + 1 + (16 + 16) / 2) / 70)


@given(counts(150, least=0), counts(400))
def test_mid_p_is_summed_over_all_tables(a: Count, b: Count) -> None:
    assert mid_p(*a, *b) == pytest.approx(min(1.0, mid_p_of_all_tables(*a, *b)), abs=1e-11, rel=1e-8)


@given(counts(300), counts(3000))
def test_mid_p_does_not_depend_on_which_side_or_which_outcome_is_named_first(a: Count, b: Count) -> None:
    p = mid_p(*a, *b)
    assert 0 <= p <= 1
    assert mid_p(*b, *a) == pytest.approx(p, abs=1e-12)
    assert mid_p(a[1] - a[0], a[1], b[1] - b[0], b[1]) == pytest.approx(p, abs=1e-12)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((300_000, 1_000_000), (300_900, 1_000_000)),
        ((499_000, 1_000_000), (500_000, 1_000_000)),
        ((30, 60), (400_000, 1_000_000)),
        ((2, 1_000_000), (11, 1_000_000)),
        ((0, 50), (1_000_000, 1_000_000)),
    ],
)
def test_mid_p_of_a_million(a: Count, b: Count) -> None:
    assert mid_p(*a, *b) == pytest.approx(mid_p_of_all_tables(*a, *b), rel=1e-5, abs=1e-12)


@pytest.mark.parametrize("table", [(0, 9, 0, 90), (9, 9, 90, 90), (0, 0, 3, 9)])
def test_a_table_that_could_not_be_another_proves_nothing(table: tuple[int, int, int, int]) -> None:
    assert mid_p(*table) == 0.5


@pytest.mark.parametrize("table", [(3, 2, 1, 9), (-1, 2, 1, 9), (1, 2, 10, 9), (0, -1, 0, 3)])
def test_impossible_tables_are_refused(table: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="expected 0 <="):
        mid_p(*table)


@given(st.lists(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.5, 1.0])), min_size=1, max_size=40))
def test_q_values_are_those_of_statsmodels_in_the_order_given(p_values: list[float]) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(multipletests(p_values, method="fdr_bh")[1])


def test_no_p_makes_no_q_and_an_impossible_p_is_refused() -> None:
    assert benjamini_hochberg([]) == []
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="expected 0 to 1"):
            benjamini_hochberg([0.5, wrong])


@pytest.mark.parametrize(("share", "needed"), [(0.50, 49), (0.45, 86), (0.40, 191)])
def test_golden_sizes_beside_a_rest_ten_times_larger_that_rejects_30_in_100(share: float, needed: int) -> None:
    assert could_see(needed, 10 * needed, 0.30) <= share - 0.30 < could_see(needed - 1, 10 * (needed - 1), 0.30)


@given(st.integers(20, 5000), st.integers(20, 5000), st.floats(0.05, 0.5), st.sampled_from([0.8, 0.9]))
def test_the_difference_that_could_be_seen_has_the_power_asked_for(
    n1: int, n2: int, share: float, power: float
) -> None:
    difference = could_see(n1, n2, share, power)
    if difference < 1:
        found = power_proportions_2indep(difference, share, n1, ratio=n2 / n1, alpha=0.05, return_results=False)
        assert found == pytest.approx(power, abs=0.002)


@given(st.integers(1, 3000), st.integers(1, 3000), st.floats(0, 1))
def test_more_handoffs_see_smaller_differences(n1: int, n2: int, share: float) -> None:
    difference = could_see(n1, n2, share)
    assert 0 < difference <= 1
    assert could_see(2 * n1, 2 * n2, share) <= difference + 1e-9
    assert could_see(n1, n2, 1 - share) == pytest.approx(difference)


def test_with_next_to_nothing_no_difference_could_be_seen() -> None:
    assert could_see(1, 1000, 0.5) == 1


@pytest.mark.parametrize(
    "arguments", [(0, 9, 0.5), (9, 0, 0.5), (9, 9, 1.5), (9, 9, -0.1), (9, 9, 0.5, 1), (9, 9, 0.5, 0.8, 95)]
)
def test_impossible_questions_are_refused(arguments: tuple[int, int, float]) -> None:
    with pytest.raises(ValueError, match="expected n above 0"):
        could_see(*arguments)


def test_only_segments_of_10_beside_a_rest_of_20_are_compared() -> None:
    large, small, lonely = ((9, 10), (2, 20)), ((9, 9), (0, 500)), ((50, 100), (0, 19))
    found = compare([small, large, lonely, large])
    assert [one is None for one in found] == [True, False, True, False]
    assert found[1] == compare([large, large])[0]
    assert compare([]) == []


def test_a_comparison_holds_all_its_figures() -> None:
    (found, other) = compare([((30, 50), (150, 500)), ((14, 50), (150, 500))])
    assert found is not None
    assert other is not None
    assert (found.segment, found.rest) == ((30, 50), (150, 500))
    assert found.difference == newcombe((30, 50), (150, 500))
    assert found.p == mid_p(30, 50, 150, 500)
    assert [found.q, other.q] == benjamini_hochberg([found.p, other.p])
    assert found.could_see == could_see(50, 500, 0.3, confidence=1 - MOST_FALSE / 2)
    assert (found.clear, other.clear) == (True, False)


@pytest.mark.parametrize(
    ("segment", "rest", "clear"),
    [
        ((7000, 10_000), (6000, 10_000), True),  # 10 points, though 0.7 − 0.6 is a hair less
        ((3000, 10_000), (4000, 10_000), True),
        ((6999, 10_000), (6000, 10_000), False),  # sure, and too small to matter
        ((6, 10), (9, 20), False),  # large, and not sure
        ((18, 40), (120, 400), False),  # p is .06
    ],
)
def test_clear_is_sure_and_at_least_10_points(segment: Count, rest: Count, clear: bool) -> None:
    (found,) = compare([(segment, rest)])
    assert found is not None
    assert found.clear is clear


def test_one_comparison_among_many_needs_to_be_surer_than_one_alone() -> None:
    doubtful, dull = ((20, 40), (120, 400)), ((12, 40), (120, 400))
    alone, among = compare([doubtful])[0], compare([doubtful, *[dull] * 20])[0]
    assert alone is not None
    assert among is not None
    assert alone.clear
    assert not among.clear
    assert alone.p == among.p


def test_without_a_true_difference_twelve_digests_raise_at_most_one_false_alarm() -> None:
    """12 campaigns × 3 families of reasons, 12 weeks: p < .05 alone would cry wolf some twenty times."""
    random, alarms, naive = Random(12), 0, 0
    for _ in range(12):
        sizes = [random.randint(15, 80) for _ in range(12)]
        pairs = [
            ((_drawn(random, size, share), size), (_drawn(random, 11 * size, share), 11 * size))
            for size in sizes
            for share in (0.15, 0.1, 0.05)
        ]
        found = [one for one in compare(pairs) if one is not None]
        alarms += sum(one.clear for one in found)
        naive += sum(one.p < 0.05 for one in found)
    assert alarms <= 1
    assert naive >= 5


def _drawn(random: Random, n: int, share: float) -> int:
    return sum(random.random() < share for _ in range(n))
