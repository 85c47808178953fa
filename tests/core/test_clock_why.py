"""Why a deadline is when it is: everything between the asking and the due time that is not the plain week."""

from datetime import date, timedelta

from bot.clock.calendar import Calendar, Hours
from bot.clock.why import Deadline, Differing, Shifted, why
from tests.core.clock_kit import HOUR, calendar, closed, local, special, utc

OFFICE = ("09:00-13:00 14:00-18:00",) * 5
ROME = calendar("Europe/Rome", *OFFICE, country="IT")


def told(start: str, hours: float, mine: Calendar = ROME) -> Deadline:
    begin = local(start, mine.zone.key)
    return why(mine, begin, mine.add(begin, hours * HOUR))


def labels(found: Deadline) -> list[tuple[str, str, str]]:
    return [(one.day.isoformat(), one.special.kind, one.special.label) for one in found.differing]


def test_within_a_day_there_is_nothing_to_say_but_the_hours() -> None:
    start, due = local("2026-03-02 10:00", "Europe/Rome"), local("2026-03-02 15:00", "Europe/Rome")
    assert told("2026-03-02 10:00", 4) == Deadline(
        "Europe/Rome", start, due, start, 5 * HOUR, 4 * HOUR, ROME.week, (), (), ()
    )


def test_what_comes_out_of_hours_counts_from_opening() -> None:
    found = told("2026-03-06 19:30", 1)
    assert found.counted_from == local("2026-03-09 09:00", "Europe/Rome")
    assert (found.wall, found.working) == (62.5 * HOUR, HOUR)
    assert found.free == (date(2026, 3, 7), date(2026, 3, 8))


def test_a_deadline_over_easter_names_its_monday_and_the_change_of_clocks_only_where_they_lie_between() -> None:
    easter = told("2026-04-03 17:00", 4)
    assert labels(easter) == [("2026-04-06", "holiday", "Easter Monday")]
    assert easter.shifted == ()
    assert told("2026-03-27 17:00", 2).shifted == (Shifted(utc("2026-03-29 01:00"), HOUR),)
    assert told("2026-03-29 10:00", 2).shifted == (), "the change was earlier that day"
    assert told("2026-10-23 17:00", 2).shifted == (Shifted(utc("2026-10-25 01:00"), -HOUR),)


def test_leave_closed_days_and_half_days_are_told_with_their_own_words() -> None:
    specials = (
        special("away", "2026-12-22", "On leave", "2026-12-23"),
        special("half", "2026-12-24", "Christmas Eve", until=13 * 60),
        closed("2026-12-28", "Between the years", "2026-12-31"),
    )
    found = told("2026-12-21 17:00", 8, calendar("Europe/Rome", *OFFICE, country="IT", specials=specials))
    assert [kind for _, kind, _ in labels(found)] == ["away", "away", "half", "holiday", *["closed"] * 4, "holiday"]
    assert found.differing[2] == Differing(date(2026, 12, 24), (Hours(540, 780),), specials[1])
    assert found.due == local("2027-01-04 12:00", "Europe/Rome")


def test_what_changes_no_hour_is_left_out() -> None:
    specials = (special("half", "2026-03-02", "Until six", until=18 * 60), closed("2026-03-07", "Stocktaking"))
    assert told("2026-03-02 17:00", 40, calendar("Europe/Rome", *OFFICE, specials=specials)).differing == ()


def test_a_holiday_that_begins_after_the_deadline_is_left_out_and_last_nights_shift_is_not() -> None:
    nights = calendar("America/New_York", *("22:00-06:00",) * 5, country="US")
    assert labels(told("2026-11-25 23:00", 2, nights)) == []
    after = told("2026-11-27 02:00", 2, nights)
    assert labels(after) == [("2026-11-26", "holiday", "Thanksgiving Day")]
    assert after.due == local("2026-11-28 00:00", "America/New_York")


def test_a_day_into_which_last_nights_shift_reaches_is_no_day_off() -> None:
    nights = calendar("America/New_York", *("22:00-06:00",) * 5)
    assert told("2026-03-06 23:00", 10, nights).free == (date(2026, 3, 8),), "Friday's ends on Saturday morning"
    late = calendar("America/New_York", *("16:00-24:00",) * 5)
    assert told("2026-03-06 23:00", 4, late).free == (date(2026, 3, 7), date(2026, 3, 8)), "this one ends at midnight"
    off = calendar("America/New_York", *("22:00-06:00",) * 5, specials=(closed("2026-03-06"),))
    assert told("2026-03-05 23:00", 10, off).free == (date(2026, 3, 7), date(2026, 3, 8)), "there was none on Friday"


def test_a_weekend_stays_one_whatever_falls_on_it_unless_it_is_worked() -> None:
    saint = told("2026-12-24 17:00", 4)
    assert labels(saint) == [("2026-12-25", "holiday", "Christmas Day")]
    assert saint.free == (date(2026, 12, 26), date(2026, 12, 27)), "the 26th is a holiday, and a Saturday"
    fair = special("open", "2026-03-07", "Fair", hours=(Hours(600, 720),))
    assert told("2026-03-06 17:00", 4, calendar("Europe/Rome", *OFFICE, specials=(fair,))).free == (date(2026, 3, 8),)


def test_nothing_lies_between_a_moment_and_itself() -> None:
    found = told("2026-12-25 10:00", 0)
    assert (found.wall, found.working, found.differing) == (timedelta(0), timedelta(0), ())
    assert found.counted_from == found.due
