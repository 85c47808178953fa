"""What people ask of working time: evenings, weekends, holidays, nights, and the two nights when clocks change."""

from datetime import date, timedelta, timezone

import pytest

from bot.clock.calendar import HORIZON, Hours, NeverOpen
from tests.core.clock_kit import HOUR, MINUTE, calendar, closed, local, special, utc

OFFICE = ("09:00-13:00 14:00-18:00",) * 5
NIGHTS = ("22:00-06:00",) * 5
ROME = calendar("Europe/Rome", *OFFICE, country="IT")


@pytest.mark.parametrize(
    ("asked", "hours", "due"),
    [
        ("2026-03-02 10:00", 2, "2026-03-02 12:00"),
        ("2026-03-02 12:00", 2, "2026-03-02 15:00"),  # lunch does not count
        ("2026-03-02 17:00", 1, "2026-03-02 18:00"),  # closing time, not the next morning
        ("2026-03-02 17:59", 1, "2026-03-03 09:59"),
        ("2026-03-02 22:30", 1, "2026-03-03 10:00"),  # out of hours: counted from opening
        ("2026-03-06 17:00", 2, "2026-03-09 10:00"),  # a weekend
        ("2026-04-03 17:00", 2, "2026-04-07 10:00"),  # Easter, with its Monday
        ("2026-03-27 17:00", 2, "2026-03-30 10:00"),  # the weekend is 47 hours long, and nobody notices
    ],
)
def test_a_rep_has_so_many_of_their_own_hours(asked: str, hours: float, due: str) -> None:
    assert ROME.add(local(asked, "Europe/Rome"), hours * HOUR) == local(due, "Europe/Rome")


def test_a_night_shift_belongs_to_the_day_it_begins_on() -> None:
    nights = calendar("America/New_York", *NIGHTS, specials=(closed("2026-11-26", "Thanksgiving"),))
    eve = local("2026-11-26 03:00", "America/New_York")
    assert nights.works(eve), "the shift of the 25th goes on into the holiday"
    assert nights.add(eve, 4 * HOUR) == local("2026-11-27 23:00", "America/New_York")


@pytest.mark.parametrize(
    ("zone", "night", "worked"),
    [
        ("Europe/Rome", "2026-03-28", 7),
        ("Europe/Rome", "2026-10-24", 9),
        ("America/New_York", "2026-03-07", 7),
        ("America/New_York", "2026-10-31", 9),
        ("Australia/Lord_Howe", "2026-10-03", 7.5),
        ("Australia/Lord_Howe", "2026-04-04", 8.5),
    ],
)
def test_the_night_of_the_change_is_as_long_as_it_is(zone: str, night: str, worked: float) -> None:
    nights = calendar(zone, "22:00-06:00")
    start = local(f"{night} 22:00", zone)
    assert nights.between(start, start + 12 * HOUR) == worked * HOUR


def test_a_shift_inside_the_repeated_hour_is_worked_twice_and_one_inside_the_skipped_hour_never() -> None:
    early = calendar("Europe/Rome", "02:15-02:45")
    assert early.between(utc("2026-10-25 00:00"), utc("2026-10-25 02:00")) == HOUR
    assert early.add(utc("2026-10-25 00:20"), 30 * MINUTE) == utc("2026-10-25 01:20")
    assert early.opens(utc("2026-03-28 12:00")) == utc("2026-03-30 00:15")


def test_the_first_special_day_counts_and_each_goes_before_a_public_holiday() -> None:
    fair = special("open", "2026-12-08", "Fair", hours=(Hours(600, 660),))
    away = special("away", "2026-12-08", "On leave")
    for specials, expected in [((), 0), ((fair,), 1), ((away, fair), 0), ((fair, away), 1)]:
        mine = calendar("Europe/Rome", *OFFICE, country="IT", specials=specials)
        assert mine.between(utc("2026-12-08 00:00"), utc("2026-12-09 00:00")) == expected * HOUR


def test_half_a_day_off_ends_work_early_and_makes_no_work_on_a_sunday() -> None:
    eve = special("half", "2026-12-24", "Christmas Eve", yearly=True, until=15 * 60)
    mine = calendar("Europe/Rome", *OFFICE, specials=(eve,))
    worked = [mine.between(utc(f"{year}-12-24 00:00"), utc(f"{year}-12-25 00:00")) for year in (2026, 2027, 2028)]
    assert worked == [5 * HOUR, 5 * HOUR, timedelta(0)]


def test_half_a_public_holiday_counts_only_where_work_is_known_to_end() -> None:
    eve = utc("2026-12-24 00:00"), utc("2026-12-25 00:00")
    whole = calendar("Atlantic/Reykjavik", "09:00-17:00", country="IS")
    half = calendar("Atlantic/Reykjavik", "09:00-17:00", country="IS", half_until=13 * 60)
    assert (whole.between(*eve), half.between(*eve)) == (8 * HOUR, 4 * HOUR)


def test_days_of_every_year_may_span_new_year() -> None:
    break_ = closed("2000-12-24", "Break", "2000-01-06", yearly=True)
    assert [break_.holds(date(2027, *day)) for day in [(12, 23), (12, 24), (1, 1), (1, 6), (1, 7)]] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_a_working_day_is_as_long_as_the_longest_of_the_week() -> None:
    assert calendar("UTC", "09:00-13:00 14:00-18:00", "", "22:00-07:00").full_day == 9 * HOUR


def test_nobody_waits_for_somebody_who_never_works() -> None:
    gone = calendar("UTC", "09:00-10:00", specials=(closed("2026-01-01", last="2099-12-31"),))
    with pytest.raises(NeverOpen, match=rf"^less than 0:30:00 of working time in {HORIZON} days from 2026-03-02$"):
        gone.add(utc("2026-03-02 00:00"), 30 * MINUTE)
    with pytest.raises(NeverOpen, match=r"^no working time in"):
        gone.opens(utc("2026-03-02 00:00"))
    assert gone.between(utc("2026-03-02 00:00"), utc("2028-03-02 00:00")) == timedelta(0)


def test_moments_of_other_zones_are_understood_and_those_of_none_are_not() -> None:
    start = local("2026-03-02 10:00", "Europe/Rome")
    elsewhere = start.astimezone(timezone(timedelta(hours=-11)))
    assert ROME.add(elsewhere, HOUR) == ROME.add(start, HOUR)
    assert ROME.between(elsewhere, start + HOUR) == HOUR
    with pytest.raises(ValueError, match="without a time zone, expected UTC"):
        ROME.add(start.replace(tzinfo=None), HOUR)
    with pytest.raises(ValueError, match="expected a duration of zero or more"):
        ROME.add(start, -HOUR)
