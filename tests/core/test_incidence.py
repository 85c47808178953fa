"""Competing risks against statsmodels, against plain counting, and against a truth that is known."""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, exp, log
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm  # type: ignore[import-untyped]
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight  # type: ignore[import-untyped]

from bot.stats.maths.incidence import Event, cumulative, curve, percentiles, sampled
from bot.stats.maths.intervals import Estimate, wilson, wilson_estimate

CAUSES = ("accept", "expire", "reject")

some_events = st.lists(
    st.builds(Event, st.integers(0, 12), st.sampled_from([*CAUSES, None]), st.integers(1, 6)), min_size=1, max_size=25
)
ended_events = st.lists(
    st.builds(Event, st.integers(0, 12), st.sampled_from(CAUSES), st.integers(1, 6)), min_size=1, max_size=25
)
horizons = st.integers(0, 15)

# Hours 1 2 2.5 3 4 5 6 8 9 10, in half hours.
PUBLISHED = [
    Event(minutes, {"A": "accept", "R": "reject", "E": "expire", "–": None}[end], 1)
    for minutes, end in zip([2, 4, 5, 6, 8, 10, 12, 16, 18, 20], "AR–A–ARE––", strict=True)
]


def one_by_one(events: Iterable[Event]) -> tuple[np.ndarray, np.ndarray]:
    """Times and causes as statsmodels wants them: 0 is censored, 1 to 3 the causes in their order."""
    single = [
        (event.minutes, CAUSES.index(event.cause) + 1 if event.cause else 0) for event in events for _ in range(event.n)
    ]
    return np.array([time for time, _ in single]), np.array([status for _, status in single])


def only(cause: str, events: Iterable[Event]) -> list[Event]:
    """The other causes taken for censorings: what must not be done."""
    return [Event(event.minutes, event.cause if event.cause == cause else None, event.n) for event in events]


def censored_before(horizon: int, events: Iterable[Event]) -> bool:
    return any(event.cause is None and event.minutes < horizon for event in events)


def test_golden_figures() -> None:
    found = cumulative(PUBLISHED, 16)
    assert {cause: round(share.value, 4) for cause, share in found.shares.items()} == {
        "accept": 0.3514,
        "reject": 0.2371,
        "expire": 0.1371,
    }
    assert round(found.open, 4) == 0.2743
    assert (found.horizon, found.n) == (16, 10)
    assert round(cumulative(only("accept", PUBLISHED), 16).shares["accept"].value, 4) == 0.3829


@given(some_events, horizons, st.sampled_from([0.8, 0.95]))
def test_it_is_aalen_johansen_of_statsmodels_with_its_variance(events: list[Event], horizon: int, level: float) -> None:
    times, causes = one_by_one(events)
    assume(causes.any())
    with np.errstate(all="ignore"):  # its variance divides by those left, of whom there may be none
        reference = CumIncidenceRight(times, causes)
    found = cumulative(events, horizon, level, causes=CAUSES)
    until = int(np.searchsorted(reference.times, horizon, side="right"))
    for number in range(int(causes.max())):
        mine = found.shares[CAUSES[number]]
        share = reference.cinc[number][until - 1] if until else 0.0
        error = reference.cinc_se[number][until - 1] if until else 0.0
        assert mine.value == pytest.approx(share, abs=1e-12)
        if censored_before(horizon, events) and 1e-9 < share < 1 - 1e-9 and error > 1e-6:
            reach = norm.ppf((1 + level) / 2) * error / (share * -log(share))
            assert (mine.low, mine.high) == pytest.approx((share ** exp(reach), share ** exp(-reach)), abs=1e-7)
            worth = min(found.n, share * (1 - share) / error**2)
            assert found.effective[CAUSES[number]] == pytest.approx(worth, rel=1e-6)


@given(ended_events, st.integers(0, 10), horizons)
def test_without_a_censoring_before_the_horizon_it_is_plain_counting(
    events: list[Event], still_open: int, horizon: int
) -> None:
    found = cumulative([*events, Event(horizon, None, still_open), Event(horizon + 5, None, 3)], horizon)
    n = sum(event.n for event in events) + still_open + 3
    for cause in found.shares:
        k = sum(event.n for event in events if event.cause == cause and event.minutes <= horizon)
        assert found.shares[cause] == wilson_estimate(k, n)
        assert found.effective[cause] == n
    assert (
        found.open
        == sum(event.n for event in [*events, Event(99, None, still_open + 3)] if event.minutes > horizon) / n
    )


def test_the_variance_is_that_of_plain_counting_where_the_censored_left_after_the_last_end() -> None:
    found = cumulative([Event(3, "accept", 6), Event(5, "reject", 3), Event(6, None, 11)], 10)
    assert found.shares["accept"].value == pytest.approx(6 / 20)
    assert found.effective == pytest.approx({"accept": 20, "reject": 20})
    assert found.shares["accept"] != wilson_estimate(6, 20)


@given(some_events, horizons)
def test_shares_and_open_sum_to_1_and_limits_hold_their_share(events: list[Event], horizon: int) -> None:
    found = cumulative(events, horizon, causes=CAUSES)
    assert sum(share.value for share in found.shares.values()) + found.open == pytest.approx(1)
    assert -1e-12 <= found.open <= 1
    for cause in CAUSES:
        share = found.shares[cause]
        assert 0 <= share.low <= share.value <= share.high <= 1
        assert share.low < share.high
        assert 0 <= found.effective[cause] <= found.n


@given(some_events, horizons)
def test_treating_rejected_ones_as_still_open_overstates(events: list[Event], horizon: int) -> None:
    for cause, share in cumulative(events, horizon).shares.items():
        naive = cumulative(only(cause, events), horizon, causes=[cause]).shares[cause]
        assert naive.value >= share.value - 1e-12


@given(some_events, horizons, horizons)
def test_a_later_horizon_never_has_a_smaller_share(events: list[Event], one: int, other: int) -> None:
    sooner, later = (cumulative(events, horizon, causes=CAUSES) for horizon in sorted((one, other)))
    assert all(sooner.shares[cause].value <= later.shares[cause].value + 1e-12 for cause in CAUSES)
    assert sooner.open >= later.open - 1e-12


@given(some_events, horizons, st.randoms(use_true_random=False))
def test_neither_order_nor_grouping_of_events_matters(events: list[Event], horizon: int, random: Random) -> None:
    singles = [Event(event.minutes, event.cause, 1) for event in events for _ in range(event.n)]
    random.shuffle(singles)
    shuffled, found = cumulative(iter(singles), horizon), cumulative(events, horizon)
    assert shuffled == found
    assert curve(singles, "accept", horizon) == curve(events, "accept", horizon)
    assert percentiles(singles, causes=frozenset({"accept"})) == percentiles(events, causes=frozenset({"accept"}))


def test_an_end_comes_before_a_censoring_of_the_same_minute() -> None:
    found = cumulative([Event(5, None, 1), Event(5, "accept", 1), Event(9, "accept", 1), Event(1, None, 1)], 5)
    assert found.shares["accept"].value == pytest.approx(1 / 3)


def test_of_no_handoffs_nothing_is_known() -> None:
    nothing = Estimate(0.0, 0.0, 1.0)
    for events in ([], [Event(4, None, 0)]):
        found = cumulative(events, 10, causes=["accept"])
        assert (found.n, found.open, found.shares, found.effective) == (0, 1.0, {"accept": nothing}, {"accept": 0.0})
    assert curve([], "accept", 10) == []
    assert sampled([], ["accept"], [0, 10]) == {"accept": [0.0, 0.0]}
    for events in ([], [Event(4, "accept", 0)], [Event(4, None, 0)]):
        assert percentiles(events, causes=frozenset({"accept"})) == (None, None, None)


def test_if_all_are_open_and_none_is_old_enough_nothing_is_known_either() -> None:
    found = cumulative([Event(3, None, 50)], 10, causes=["accept"])
    assert (found.open, found.shares["accept"], found.effective["accept"]) == (1.0, Estimate(0.0, 0.0, 1.0), 0)


def test_a_share_of_0_or_1_is_as_sure_as_those_whose_state_is_known() -> None:
    some_young = [Event(1, None, 30), Event(2, "accept", 8)]
    found = cumulative(some_young, 10, causes=CAUSES)
    assert found.open == 0
    assert found.shares["accept"] == Estimate(1.0, wilson(8, 8).low, 1.0)
    assert found.shares["reject"] == Estimate(0.0, 0.0, wilson(0, 8).high)
    assert found.effective == {"accept": 8, "reject": 8, "expire": 8}


def test_a_cause_that_occurs_only_after_the_horizon_is_listed_with_0() -> None:
    found = cumulative([Event(5, "accept", 4), Event(50, "reject", 4), Event(2, None, 1)], 10)
    assert found.shares["reject"].value == 0
    assert list(found.shares) == ["accept", "reject"]


def test_a_million_handoffs_of_which_almost_all_end_alike_keep_their_limits() -> None:
    found = cumulative([Event(1, "reject", 1), Event(2, None, 999_000), Event(3, "accept", 999)], 10)
    accept, reject = found.shares["accept"], found.shares["reject"]
    assert 0 < accept.low < accept.value < accept.high < 1
    assert 0 < reject.low < reject.value < reject.high < 1e-4


def test_the_limits_hold_the_truth_in_95_of_100_cohorts() -> None:
    """120 hand-offs over two horizons, as old as chance will have it; 60 % would be accepted, half of those by then."""
    random, held = Random(5), 0
    for _ in range(400):
        events = []
        for _ in range(120):
            end, age = random.expovariate(1 / 60), random.randrange(0, 120)
            cause = "accept" if random.random() < 0.6 else "reject"
            events.append(Event(int(end), cause, 1) if end < age else Event(age, None, 1))
        accept = cumulative(events, 59).shares["accept"]
        held += accept.low <= 0.6 * (1 - exp(-1)) <= accept.high
    assert 0.92 * 400 <= held <= 0.98 * 400


@given(some_events, horizons)
def test_the_curve_rises_in_steps_to_the_share_at_the_horizon(events: list[Event], horizon: int) -> None:
    points = curve(events, "accept", horizon)
    found = cumulative(events, horizon, causes=CAUSES).shares["accept"].value
    assert (points[-1][1] if points else 0.0) == pytest.approx(found)
    assert points == sorted(set(points))
    assert {minute for minute, _ in points} == {
        event.minutes for event in events if event.cause == "accept" and event.minutes <= horizon
    }


@given(some_events, st.lists(horizons, max_size=6))
def test_a_sampled_curve_is_the_share_at_each_of_the_minutes_asked_for(events: list[Event], at: list[int]) -> None:
    found = sampled(iter(events), CAUSES, at)
    for cause in CAUSES:
        shares = [cumulative(events, minute, causes=CAUSES).shares[cause].value for minute in at]
        assert found[cause] == pytest.approx(shares)


@given(some_events, st.sampled_from([0.5, 0.75, 0.9, 1.0]))
def test_a_percentile_is_where_kaplan_meier_of_statsmodels_reaches_it(events: list[Event], share: float) -> None:
    decided = frozenset({"accept", "reject"})
    times, causes = one_by_one(events)
    with np.errstate(all="ignore"):
        reference = SurvfuncRight(times, np.isin(causes, [1, 3]).astype(int))
    reached = [
        int(time)
        for time, left in zip(reference.surv_times, reference.surv_prob, strict=True)
        if 1 - left >= share - 1e-9
    ]
    assert percentiles(events, [share], causes=decided) == (reached[0] if reached else None,)


@pytest.mark.parametrize("n", range(1, 101))
def test_where_all_are_decided_a_percentile_is_read_from_the_sorted_list(n: int) -> None:
    events = [Event(minute, "accept", 1) for minute in range(1, n + 1)]
    expected = tuple(ceil(n * Fraction(part, 100)) for part in (50, 75, 90))
    assert percentiles(events, causes=frozenset({"accept"})) == expected


def test_a_percentile_counts_those_censored_in_the_minute_of_an_end_as_still_there() -> None:
    events = [Event(5, None, 1), Event(5, "accept", 1), Event(9, "expire", 1), Event(9, "accept", 1)]
    assert percentiles(events, [0.25, 0.26, 0.625], causes=frozenset({"accept"})) == (5, 9, 9)
    assert percentiles(events, [0.63], causes=frozenset({"accept"})) == (None,)


def test_a_percentile_that_was_not_reached_is_none_and_expired_ones_count_as_open() -> None:
    events = [Event(10, "accept", 4), Event(20, "reject", 2), Event(30, "expire", 3), Event(5, None, 1)]
    assert percentiles(events, causes=frozenset({"accept", "reject"})) == (20, None, None)


@pytest.mark.parametrize("event", [Event(-1, "accept", 1), Event(1, None, -1)])
def test_negative_minutes_and_counts_are_refused(event: Event) -> None:
    with pytest.raises(ValueError, match="expected minutes and n"):
        cumulative([event], 10)


@pytest.mark.parametrize("share", [0, -0.5, 50])
def test_a_percentile_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="expected more than 0"):
        percentiles([], [share], causes=frozenset())
