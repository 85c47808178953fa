"""SAL → SQL, MQL → SQL, MQL → won: stages of weeks, of which the newest hand-offs have not had the time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stats.cohort import Fate, Later
from bot.stats.onward import DAY, HOUR, by_days, shortened, stage
from bot.stats.rates import Say

fates: st.SearchStrategy[Fate] = st.sampled_from(["sql", "out", "open"])
rows = st.lists(st.builds(Later, st.just(""), fates, st.integers(0, 1500), st.integers(1, 9)), min_size=1, max_size=30)


def test_each_is_in_one_of_three_places() -> None:
    found = stage([Later("a", "sql", 5, 3), Later("b", "out", 7, 2), Later("", "open", 9, 4)], "sql", by_days(30))
    assert (found.reached, found.out, found.open, found.n, found.unknown) == (3, 2, 4, 9, 0)


def test_what_is_won_is_not_out_and_any_other_end_is() -> None:
    found = stage([Later("", "won", 5, 3), Later("", "out", 7, 2)], "won", by_days(180))
    assert (found.reached, found.out) == (3, 2)


def test_of_old_hand_offs_the_share_is_a_plain_one() -> None:
    known = [Later("", "sql", 24, 30), Later("", "sql", 24 * 40, 5), Later("", "out", 48, 20)]
    found = stage([*known, Later("", "open", 24 * 50, 45)], "sql", by_days(30))
    assert found.rate
    assert found.rate.estimate
    assert (found.rate.k, found.rate.n, found.rate.decided) == (30, 100, 100)
    assert found.rate.estimate.value == pytest.approx(0.30)


def test_young_ones_are_neither_a_yes_nor_a_no() -> None:
    old = [Later("", "sql", 24 * 20, 40), Later("", "out", 24 * 10, 60)]
    found = stage([*old, Later("", "open", 24 * 5, 300)], "sql", by_days(30))
    assert found.rate
    assert found.rate.estimate
    assert found.rate.estimate.value == pytest.approx(0.40)
    assert (found.rate.k, found.rate.n, found.rate.decided) == (40, 400, 100)


@pytest.mark.parametrize(
    ("decided", "say"), [(0, Say.NOTHING), (9, Say.COUNTS), (10, Say.FEW), (29, Say.FEW), (30, Say.RATE)]
)
def test_as_much_is_said_as_is_known_at_the_horizon(decided: int, say: Say) -> None:
    young, old = Later("", "open", 24 * 29, 500), Later("", "open", 24 * 30, decided)
    found = stage([young, *([old] if decided else [])], "sql", by_days(30))
    assert found.rate
    assert found.rate.say is say


def test_where_more_than_a_tenth_of_the_times_is_unknown_no_share_is_claimed() -> None:
    tenth = [Later("", "sql", 5, 90), Later("", "sql", None, 10)]
    assert stage(tenth, "sql", by_days(30)).rate
    found = stage([*tenth, Later("", "open", None, 1)], "sql", by_days(30))
    assert (found.rate, found.reached, found.unknown) == (None, 100, 11)


def test_half_is_known_once_half_have_come_to_any_end() -> None:
    found = stage([Later("", "sql", 10, 3), Later("", "out", 20, 3), Later("", "open", 30, 4)], "sql", by_days(30))
    assert found.median == 20 * HOUR
    assert stage([Later("", "sql", 10, 1), Later("", "open", 30, 4)], "sql", by_days(30)).median is None
    assert stage([], "sql", by_days(30)).median is None


@given(rows, st.sampled_from([1, 7, 30, 45]))
def test_the_share_is_between_the_two_extremes_that_the_young_ones_could_make_of_it(
    rows: list[Later], days: int
) -> None:
    found = stage(rows, "sql", by_days(days))
    assert found.rate
    assert found.rate.estimate
    young = sum(row.n for row in rows if row.fate == "open" and (row.hours or 0) < 24 * days)
    k, n = found.rate.k, found.rate.n
    assert k / n - 1e-9 <= found.rate.estimate.value <= (k + young) / n + 1e-9
    assert 0 <= found.rate.estimate.low <= found.rate.estimate.value <= found.rate.estimate.high <= 1
    assert found.rate.decided == n - young


@pytest.mark.parametrize(
    ("youngest", "text", "minutes"),
    [
        (30 * DAY, "30d", 30 * DAY),
        (30 * DAY - 1, "29d", 29 * DAY),
        (2 * DAY, "2d", 2 * DAY),
        (2 * DAY - 1, "47h", 47 * HOUR),
        (HOUR, "1h", HOUR),
        (HOUR - 1, "30d", 30 * DAY),
    ],
)
def test_a_young_window_is_told_by_as_long_as_ten_have_reached(youngest: int, text: str, minutes: int) -> None:
    found = shortened(by_days(30), youngest)
    assert (found.text, found.minutes, found.clock) == (text, minutes, "wall")
    assert found.shortened is (minutes != 30 * DAY)
