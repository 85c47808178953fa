"""How long decisions take: open ones count for as long as they have waited; of what is unknown nothing is claimed."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stats.cohort import Cause, Ending
from bot.stats.rates import Horizon
from bot.stats.times import ON_THE_WALL, Times, times

TWO_DAYS = Horizon(960, "working", "2bd")


def percentiles(found: Times) -> tuple[int | None, int | None, int | None]:
    return found.median, found.p75, found.p90


@given(st.lists(st.integers(0, 960), min_size=1, max_size=40), st.randoms())
def test_of_hand_offs_that_are_all_decided_they_are_those_of_the_sorted_list(
    minutes: list[int], random: object
) -> None:
    causes: list[Cause] = ["accepted", "rejected"]
    found = times([Ending("", causes[at % 2], minute, 1) for at, minute in enumerate(minutes)], [], TWO_DAYS)
    in_order = sorted(minutes)
    assert percentiles(found) == tuple(in_order[ceil(share * len(minutes) - 1e-9) - 1] for share in (0.5, 0.75, 0.9))
    assert (found.decided, found.unknown) == (len(minutes), 0)


def test_who_is_still_open_makes_them_longer() -> None:
    decided = [Ending("", "accepted", minute, 1) for minute in range(10, 110, 10)]
    assert percentiles(times(decided, [], TWO_DAYS)) == (50, 80, 90)
    assert percentiles(times(decided, [(75, 10)], TWO_DAYS)) == (80, 90, 100)
    assert percentiles(times(decided, [(960, 10)], TWO_DAYS)) == (100, None, None)


def test_silence_is_no_decision() -> None:
    decided = [Ending("", "accepted", 10, 5), Ending("", "rejected", 20, 5)]
    silent = [Ending("", "expired", 960, 10)]
    assert percentiles(times([*decided, *silent], [], TWO_DAYS)) == (20, None, None)
    assert times(silent, [], TWO_DAYS).decided == 0


def test_what_came_after_the_horizon_is_not_told_and_no_open_one_is_watched_beyond_it() -> None:
    late = [Ending("", "accepted", 10, 5), Ending("", "accepted", 961, 15)]
    assert percentiles(times(late, [], TWO_DAYS)) == (None, None, None)
    assert times(late, [], TWO_DAYS).decided == 20
    at_last = [Ending("", "accepted", 10, 5), Ending("", "accepted", 960, 5)]
    assert percentiles(times(at_last, [(5000, 2)], TWO_DAYS)) == (960, 960, None)


def test_unknown_times_are_counted_and_left_out_but_not_those_of_expired_ones() -> None:
    ended = [Ending("", "accepted", 10, 10), Ending("", "rejected", None, 3), Ending("", "expired", None, 2)]
    found = times(ended, [], ON_THE_WALL)
    assert (found.median, found.decided, found.unknown) == (10, 10, 3)


@pytest.mark.parametrize(("n", "enough"), [(0, False), (9, False), (10, True), (30_000, True)])
def test_they_are_shown_from_ten_decisions_on(n: int, enough: bool) -> None:
    assert times([Ending("", "accepted", 10, n)] if n else [], [(5, 100)], TWO_DAYS).enough is enough
