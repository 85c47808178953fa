"""Rate and mix, Simpson's warning, and the adjusted test against statsmodels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable  # type: ignore[import-untyped]

from bot.stats.maths.differences import Count
from bot.stats.maths.mix import Simpson, Split, cmh, simpson, split

BEFORE = {"demo": (40, 50), "webinar": (45, 150)}
NOW = {"demo": (84, 110), "webinar": (24, 90)}

# Admissions to Berkeley, autumn 1973, the six largest departments (Bickel, Hammel and O'Connell, Science 187, 1975).
MEN = {"A": (512, 825), "B": (353, 560), "C": (120, 325), "D": (138, 417), "E": (53, 191), "F": (22, 373)}
WOMEN = {"A": (89, 108), "B": (17, 25), "C": (202, 593), "D": (131, 375), "E": (94, 393), "F": (24, 341)}

some_counts = st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
groups = st.dictionaries(st.sampled_from("abcdef"), some_counts)


def rate(side: dict[str, Count]) -> float:
    return sum(k for k, _ in side.values()) / sum(n for _, n in side.values())


def test_golden_figures_both_sources_got_worse_and_the_whole_better() -> None:
    found = split(BEFORE, NOW)
    assert found is not None
    assert (round(100 * rate(BEFORE), 1), round(100 * rate(NOW), 1)) == (42.5, 54.0)
    assert (round(100 * found.rate, 2), round(100 * found.mix, 2)) == (-3.45, 14.95)
    assert simpson(BEFORE, NOW) == Simpson(flips=True, mostly_mix=True)


@given(groups, groups)
def test_rate_and_mix_make_up_the_whole_change(before: dict[str, Count], now: dict[str, Count]) -> None:
    found = split(before, now)
    if not sum(n for _, n in before.values()) or not sum(n for _, n in now.values()):
        assert found is None
        assert simpson(before, now) == Simpson(flips=False, mostly_mix=False)
        return
    assert found is not None
    assert found.total == found.rate + found.mix == pytest.approx(rate(now) - rate(before), abs=1e-12)


@given(groups, groups)
def test_backwards_both_parts_change_their_signs(before: dict[str, Count], now: dict[str, Count]) -> None:
    there, back = split(before, now), split(now, before)
    if there and back:
        assert (there.rate, there.mix) == pytest.approx((-back.rate, -back.mix), abs=1e-12)


def test_a_group_that_is_on_one_side_only_is_all_mix() -> None:
    for absent in ({}, {"fair": (0, 0)}):
        found = split({"web": (30, 100), **absent}, {"web": (30, 100), "fair": (80, 100)})
        assert found is not None
        assert (found.rate, found.mix) == pytest.approx((0, 0.25))


def test_equal_sizes_leave_nothing_to_the_mix() -> None:
    found = split({"a": (10, 100), "b": (20, 100)}, {"a": (20, 50), "b": (20, 50)})
    assert found is not None
    assert (found.rate, found.mix) == pytest.approx((0.25, 0))
    assert found == Split(found.rate, found.mix)


@pytest.mark.parametrize(
    ("before", "now", "flips", "mostly_mix"),
    [
        ({"a": (30, 100)}, {"a": (50, 100)}, False, False),
        ({"a": (30, 100), "b": (30, 100)}, {"a": (100, 200), "b": (60, 100)}, False, False),
        ({"a": (30, 100), "b": (30, 100)}, {"a": (50, 200), "b": (50, 100)}, False, True),  # −2 of +3 points
        ({"a": (80, 100), "b": (20, 100)}, {"a": (160, 200), "b": (20, 100)}, False, True),  # nothing but mix
        ({"a": (80, 100), "b": (20, 100)}, {"a": (140, 200), "b": (10, 100)}, False, True),  # no change at all: hidden
        ({"a": (30, 100)}, {"a": (30, 100)}, False, False),
        ({"a": (9, 9), "b": (2, 100)}, {"a": (80, 100), "b": (2, 90)}, False, True),  # too few in a before
        ({}, {"a": (3, 9)}, False, False),
    ],
)
def test_what_is_warned_of(before: dict[str, Count], now: dict[str, Count], flips: bool, mostly_mix: bool) -> None:
    assert simpson(before, now) == Simpson(flips, mostly_mix)


def test_one_group_that_goes_along_with_the_whole_is_no_flip() -> None:
    assert not simpson({**BEFORE, "fair": (10, 50)}, {**NOW, "fair": (30, 60)}).flips


@pytest.mark.parametrize(("before", "now", "flips"), [(9, 10, True), (10, 9, True), (10, 10, False)])
def test_a_group_of_fewer_than_10_on_either_side_does_not_hide_a_flip(before: int, now: int, flips: bool) -> None:
    assert simpson({**BEFORE, "fair": (0, before)}, {**NOW, "fair": (9, now)}).flips is flips


def test_berkeley_the_whole_difference_is_mix() -> None:
    assert (round(100 * rate(MEN)), round(100 * rate(WOMEN))) == (45, 30)
    found = split(MEN, WOMEN)
    assert found is not None
    assert found.rate > 0 > found.mix
    assert simpson(MEN, WOMEN).mostly_mix
    assert cmh([((sum(k for k, _ in MEN.values()), 2691), (sum(k for k, _ in WOMEN.values()), 1835))]) < 1e-20
    assert cmh([(MEN[name], WOMEN[name]) for name in MEN]) > 0.1


@given(st.lists(st.tuples(some_counts, some_counts), min_size=1, max_size=8))
def test_the_adjusted_test_is_that_of_statsmodels(strata: list[tuple[Count, Count]]) -> None:
    tellable = [(a, b) for a, b in strata if a[1] and b[1] and 0 < a[0] + b[0] < a[1] + b[1]]
    if not tellable:
        assert cmh(strata) == 1
        return
    tables = [[[a[0], a[1] - a[0]], [b[0], b[1] - b[0]]] for a, b in tellable]
    assert cmh(strata) == pytest.approx(StratifiedTable(tables).test_null_odds(correction=False).pvalue, abs=1e-9)
