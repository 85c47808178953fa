"""What is said of a rate: of whom it is, how much is known, and when it is told at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stats.cohort import Counts, Ending
from bot.stats.maths.intervals import Estimate, wilson_estimate
from bot.stats.rates import CAUSES, Ends, Horizon, Rate, Say, ends

TWO_DAYS = Horizon(960, "working", "2bd")
NARROW, WIDE = Estimate(0.5, 0.36, 0.65), Estimate(0.5, 0.34, 0.65)


def told(accepted: int = 0, rejected: int = 0, expired: int = 0, **more: int) -> Ends:
    """Hand-offs that ended after an hour, beside open and void ones; of `untimed` accepted ones nobody knows when."""
    untimed, late = more.pop("untimed", 0), more.pop("late", 0)
    minutes: list[tuple[int | None, int]] = [(None, untimed), (961, late), (60, accepted - untimed - late)]
    rows = [Ending("", "accepted", after, n) for after, n in minutes]
    rows += [Ending("", "rejected", 60, rejected), Ending("", "expired", 960, expired)]
    counts = Counts(accepted=accepted, rejected=rejected, expired=expired, **more)
    return ends([row for row in rows if row.n], [(30, counts.open)] if counts.open else [], counts, TWO_DAYS)


def test_expired_ones_count_as_decided_open_and_void_ones_do_not() -> None:
    rate = told(accepted=9, rejected=2, expired=1, open=50, void=7).of_decided("accepted")
    assert (rate.k, rate.n, rate.decided) == (9, 12, 12)
    assert rate.estimate == wilson_estimate(9, 12)


def test_there_is_no_rate_without_a_decision() -> None:
    found = told(open=3, void=1)
    for rate in (found.rate("accepted"), found.of_decided("accepted")):
        assert rate.k == rate.decided == 0
        assert rate.say is Say.NOTHING
        assert not rate.firm
    assert found.of_decided("accepted").estimate is None


@pytest.mark.parametrize(
    ("decided", "said", "firm"),
    [
        (0, Say.NOTHING, False),
        (1, Say.COUNTS, False),
        (9, Say.COUNTS, False),
        (10, Say.FEW, True),
        (29, Say.FEW, True),
        (30, Say.RATE, True),
        (1000, Say.RATE, True),
    ],
)
def test_how_much_is_said_of_how_many(decided: int, said: Say, firm: bool) -> None:
    rate = Rate(decided // 2, decided, decided, NARROW)
    assert (rate.say, rate.firm) == (said, firm)


def test_a_rate_wider_than_30_points_is_said_and_gets_no_arrow() -> None:
    assert Rate(15, 30, 30, NARROW).firm
    assert Rate(15, 30, 30, WIDE).say is Say.RATE
    assert not Rate(15, 30, 30, WIDE).firm


@pytest.mark.parametrize(("untimed", "by_horizon"), [(0, True), (1, True), (2, True), (3, False), (20, False)])
def test_above_a_tenth_of_unknown_times_no_share_by_a_horizon_is_claimed(untimed: int, by_horizon: bool) -> None:
    found = told(accepted=20, open=4, untimed=untimed)
    assert found.unknown == untimed
    assert (found.incidence is not None) is by_horizon
    rate = found.rate("accepted")
    if by_horizon:
        assert (rate.k, rate.n, rate.decided) == (20 - untimed, 24 - untimed, 20 - untimed)
    else:
        assert rate == found.of_decided("accepted")
        assert (rate.n, rate.decided) == (20, 20)


def test_where_accepts_are_the_only_ends_on_record_and_undated_there_is_no_rate() -> None:
    """So it is with deals from elsewhere: whatever is not one of them is open for ever."""
    deals = told(accepted=842, open=7158, untimed=842)
    assert deals.one_sided
    rate = deals.rate("accepted")
    assert (rate.k, rate.n, rate.estimate, rate.say, rate.firm) == (842, 842, None, Say.COUNTS, False)
    assert told(accepted=842, rejected=1, open=7158, untimed=842).rate("accepted").say is Say.RATE
    dated = told(accepted=842, open=7158)
    assert not dated.one_sided
    assert dated.rate("accepted").say is Say.RATE
    assert told(open=5).rate("accepted").say is Say.NOTHING


def test_what_ended_after_the_horizon_was_open_at_it() -> None:
    found = told(accepted=20, rejected=10, late=5)
    assert found.by_then == {"accepted": 15, "rejected": 10, "expired": 0}
    rate = found.rate("accepted")
    assert (rate.k, rate.n, rate.decided) == (15, 30, 25)
    assert rate.estimate == wilson_estimate(15, 30)
    assert found.of_decided("accepted").k == 20


def test_what_ends_at_the_horizon_ended_by_it() -> None:
    assert told(accepted=10, expired=5).by_then == {"accepted": 10, "rejected": 0, "expired": 5}


def test_open_ones_count_for_as_long_as_they_have_waited() -> None:
    """Thirty of half an hour's age say nothing about what happens after an hour."""
    found = told(accepted=20, rejected=10, open=30)
    assert found.incidence is not None
    assert found.incidence.shares["accepted"].value == pytest.approx(2 / 3)
    assert found.rate("accepted").n == 60


counts = st.integers(0, 40)


@given(counts, counts, counts, counts, counts)
def test_the_three_ends_and_what_is_open_make_one(
    accepted: int, rejected: int, expired: int, open_: int, void: int
) -> None:
    found = told(accepted, rejected, expired, open=open_, void=void)
    assert found.incidence is not None
    shares = [found.incidence.shares[cause].value for cause in CAUSES]
    assert sum(shares) + found.incidence.open == pytest.approx(1)
    assert found.unknown == 0
    decided = {cause: found.of_decided(cause) for cause in CAUSES}
    assert sum(one.k for one in decided.values()) == found.counts.decided
    assert {one.n for one in decided.values()} == {found.counts.decided}


def test_until_a_card_expires_whatever_has_ended_ended_within_it() -> None:
    """By a longer day than the default one a card lives longer: it is no late one."""
    rows, life = (
        [Ending("", "expired", 1440, 12), Ending("", "accepted", 60, 12)],
        Horizon(960, "working", "2bd", life=True),
    )
    found = ends(rows, [], Counts(accepted=12, expired=12), life)
    assert found.by_then == {"accepted": 12, "rejected": 0, "expired": 12}
    assert ends(rows, [], Counts(accepted=12, expired=12), TWO_DAYS).by_then["expired"] == 0


def test_a_rate_says_how_many_are_left_out_and_none_is_told_of_what_was_chosen_by_its_outcome() -> None:
    assert told(accepted=20, untimed=1).rate("accepted").left_out == 1
    chosen = ends([Ending("", "rejected", 60, 40)], [], Counts(rejected=40), TWO_DAYS, by_outcome=True)
    for rate in (chosen.rate("rejected"), chosen.of_decided("accepted")):
        assert rate.say is Say.COUNTS
        assert not rate.firm
