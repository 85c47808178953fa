"""Shares held against each other: what is compared, what is clear, and that open ones are weighed as they should be."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.funnel.words import change_words
from bot.stats.maths.differences import newcombe
from bot.stats.verdicts import Pair, pair, plain, share, suspected, verdicts
from tests.core.funnel_kit import cohort

counts = st.integers(0, 300)


def test_a_difference_of_hand_offs_that_are_all_decided_is_newcombes() -> None:
    (found,) = verdicts([pair(cohort(56, 14), cohort(48, 32))])
    assert found
    assert found.difference == newcombe((56, 70), (48, 80))
    assert (found.segment, found.rest) == ((56, 70), (48, 80))
    assert found.clear


def test_nothing_is_compared_below_ten_decided_of_one_and_twenty_of_the_other() -> None:
    enough = cohort(10, 10)
    assert verdicts([pair(cohort(5, 4, open_=50), enough)]) == [None], "open ones are not decided"
    assert verdicts([pair(cohort(5, 5), cohort(10, 9))]) == [None]
    assert verdicts([pair(cohort(5, 5), enough)]) != [None]
    assert verdicts([]) == []


def test_open_ones_count_for_as_long_as_they_have_waited() -> None:
    """121 of 187 decided are not 121 of 214: the 27 open ones have had an hour of seventeen."""
    watched = share(cohort(121, 66, open_=27, age=30))
    k, n = watched.count
    assert 187 <= n < 214
    assert watched.rate.estimate
    assert k / n == pytest.approx(watched.rate.estimate.value, abs=0.01)
    assert watched.rate.estimate.value == pytest.approx(121 / 187)


@given(counts, counts, st.integers(0, 40), counts, counts)
def test_the_difference_is_the_one_of_the_rates_that_are_shown(k: int, r: int, waiting: int, j: int, q: int) -> None:
    """Not of the whole counts they are tested with, which round."""
    one, other = pair(cohort(k, r, open_=waiting, age=30, minutes={"accepted": 10, "rejected": 45}), cohort(j, q))
    (found,) = verdicts([(one, other)])
    if found:
        assert one.rate.estimate
        assert other.rate.estimate
        assert found.difference.value == one.rate.estimate.value - other.rate.estimate.value


def test_both_sides_are_read_alike_where_one_has_no_times() -> None:
    untimed, timed = cohort(60, 40, untimed=60), cohort(60, 40, open_=100, age=30)
    assert untimed.incidence is None
    one, other = pair(untimed, timed)
    assert (one.rate, other.rate) == (untimed.of_decided("accepted"), timed.of_decided("accepted"))
    assert other.count == (60, 100)


def test_a_wide_rate_is_suspected_and_never_clear() -> None:
    (found,) = verdicts([(plain(14, 18), plain(9, 90))])
    assert found
    assert found.q < 0.001
    assert not found.clear
    assert suspected(found)
    assert not suspected(None)
    assert not suspected(replace(found, clear=True))


def test_nine_points_are_nobodys_business_however_sure_they_are() -> None:
    (nine, ten) = verdicts([(plain(5900, 10000), plain(5000, 10000)), (plain(6000, 10000), plain(5000, 10000))])
    assert nine
    assert ten
    assert (nine.clear, ten.clear) == (False, True)
    assert not suspected(nine)


def test_twenty_comparisons_without_a_difference_hide_a_weak_one() -> None:
    """The same p is clear alone, and not among many that show nothing."""
    weak, nothing = (plain(44, 60), plain(56, 100)), (plain(30, 60), plain(50, 100))
    (alone,), (among, *_) = verdicts([weak]), verdicts([weak, *[nothing] * 20])
    assert alone
    assert among
    assert alone.p == among.p
    assert (alone.clear, among.clear) == (True, False)


def test_where_nothing_differs_a_hundred_messages_of_twelve_raise_few_false_alarms() -> None:
    random = Random(5)

    def drawn(n: int) -> int:
        return sum(random.random() < 0.6 for _ in range(n))

    alarms = 0
    for _ in range(100):
        found = verdicts([(plain(drawn(40), 40), plain(drawn(400), 400)) for _ in range(12)])
        alarms += any(one and one.clear for one in found)
    assert alarms <= 15


@given(st.lists(st.tuples(counts, counts, counts, counts), max_size=6))
def test_every_pair_gets_its_own_verdict_in_its_own_place(drawn: list[tuple[int, int, int, int]]) -> None:
    pairs = [(plain(k, k + r), plain(j, j + q)) for k, r, j, q in drawn]
    found = verdicts(pairs)
    assert len(found) == len(pairs)
    for (one, other), verdict in zip(pairs, found, strict=True):
        assert (verdict is None) == (one.count[1] < 10 or other.count[1] < 20)
        if verdict:
            assert (verdict.segment, verdict.rest) == (one.count, other.count)
            assert verdict.difference.low <= verdict.difference.value <= verdict.difference.high
            assert not verdict.clear or (one.rate.firm and other.rate.firm)


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([(plain(5900, 10000), plain(5500, 10000))], "+4 points [+3…+5]: small, no arrow below 10 points"),
        ([(plain(60, 100), plain(50, 100))], "+10 points [−4…+23]: no clear change (could see ≥ 19 points)"),
        (
            [(plain(42, 60), plain(52, 100)), *[(plain(30, 60), plain(50, 100))] * 5],
            "+18 points [+2…+32]: no clear change among 6 comparisons (could see ≥ 28 points)",
        ),
        ([(plain(80, 100), plain(50, 100))], "↑ +30 points [+17…+42]"),
        ([(plain(5, 30), plain(15, 39))], "↓ −22 points [−40…−0.1]"),
        ([(plain(15, 39), plain(5, 30))], "↑ +22 points [+0.1…+40]"),
        (
            [(plain(201_600, 400_000), plain(200_000, 400_000))],
            "+0.4 points [+0.2…+1]: small, no arrow below 10 points",
        ),
        ([(plain(510, 1000), plain(500, 1000))], "+1 point [−3…+5]: no clear change (could see ≥ 10 points)"),
        ([(plain(14, 18), plain(9, 90))], "+68 points [+43…+82]: not sure yet, the rates are too wide (≈)"),
        ([(plain(3, 4), plain(9, 90))], "too few to compare"),
    ],
)
def test_where_there_is_no_arrow_the_words_say_why(pairs: list[Pair], said: str) -> None:
    """Nobody reads limits that leave out 0 beside "no clear change" without a reason."""
    assert change_words(verdicts(pairs)[0]) == said
