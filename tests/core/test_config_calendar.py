"""calendar.yaml: what it means, and each slip in it with file, line, key and expectation."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock.calendar import Calendar, Hours, Special
from bot.config.calendar_file import CalendarFile, weekdays
from bot.config.lint.calendar import lint_calendar
from bot.config.load import DEFAULTS
from bot.yamlfile import Faults, from_text, parse, text_of

GOOD = """\
default: milan
calendars:
  milan:
    zone: Europe/Rome
    country: IT
    region: MI
    half_holidays_until: 13:00
    hours:
      mon-thu: [09:00-13:00, 14:00-18:00]
      fri: [9:00-13:00]
    days:
      - {on: 2026-08-10, to: 2026-08-21, label: Summer break}
      - {on: 12-24, label: Christmas Eve, until: 13:00}
      - {on: 2026-10-04, label: Fair, hours: [14:00-16:00, 10:00-12:00]}
      - {on: 12-27, to: 01-02, label: Between the years}
  nights:
    zone: America/New_York
    hours: {sun-thu: [22:00-06:00]}
"""


def faults(text: str) -> list[str]:
    document = from_text(text, "calendar.yaml")
    try:
        return [str(fault) for fault in lint_calendar(document, parse(document, CalendarFile))]
    except Faults as wrong:
        return [str(fault) for fault in wrong.faults]


def test_a_calendar_is_read_as_it_is_written() -> None:
    built = parse(from_text(GOOD, "calendar.yaml"), CalendarFile).build()
    day = (Hours(540, 780), Hours(840, 1080))
    assert built == {
        "milan": Calendar(
            ZoneInfo("Europe/Rome"),
            (day, day, day, day, (Hours(540, 780),), (), ()),
            "IT",
            "MI",
            780,
            (
                Special("closed", "Summer break", date(2026, 8, 10), date(2026, 8, 21)),
                Special("half", "Christmas Eve", date(2028, 12, 24), date(2028, 12, 24), True, until=780),
                Special("open", "Fair", date(2026, 10, 4), date(2026, 10, 4), hours=(Hours(600, 720), Hours(840, 960))),
                Special("closed", "Between the years", date(2028, 12, 27), date(2028, 1, 2), True),
            ),
        ),
        "nights": Calendar(ZoneInfo("America/New_York"), (*[(Hours(1320, 1800),)] * 4, (), (), (Hours(1320, 1800),))),
    }
    assert faults(GOOD) == []


def test_the_default_calendar_comes_first() -> None:
    built = parse(from_text(GOOD.replace("default: milan", "default: nights"), "calendar.yaml"), CalendarFile).build()
    assert list(built) == ["nights", "milan"]


def test_the_shipped_calendar_is_right_and_so_is_the_example_in_its_comment() -> None:
    text = text_of(DEFAULTS / "calendar.yaml")
    assert faults(text) == []
    office = parse(from_text(text, "calendar.yaml"), CalendarFile).build()["office"]
    assert office.full_day == timedelta(hours=8.5)
    example = [line[1:] for line in text.splitlines() if line.startswith("#   ")]
    assert faults("\n".join(["default: milan", "calendars:", *example])) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [("mon", [0]), ("mon-fri", [0, 1, 2, 3, 4]), ("sat-sun", [5, 6]), ("sun-thu", [6, 0, 1, 2, 3]), ("fri-fri", [4])],
)
def test_days_of_the_week_go_on_over_its_end(days: str, expected: list[int]) -> None:
    assert list(weekdays(days)) == expected


SHIFT = "hours such as 09:00-17:30, 22:00-06:00 for a night or 00:00-24:00 for a whole day"
DATE = "a date such as 2026-12-24, or 12-24 for every year"
SLIPS = [
    ("default: milan", "default: rome", "1: default: 'rome' is no calendar; expected one of milan, nights"),
    (
        "zone: Europe/Rome",
        "zone: Europe/Roma",
        "4: calendars.milan.zone: got 'Europe/Roma', expected a time zone such as Europe/Rome",
    ),
    (
        "zone: Europe/Rome",
        "zone: Europe",
        "4: calendars.milan.zone: got 'Europe', expected a time zone such as Europe/Rome",
    ),
    (
        "country: IT",
        "country: XX",
        "5: calendars.milan.country: got 'XX', expected an ISO country code of two capitals, such as IT",
    ),
    (
        "country: IT\n    region: MI",
        "country: GB\n    region: MI",
        "6: calendars.milan.region: got 'MI', expected a region of GB: ENG, NIR, SCT, WLS",
    ),
    (
        "country: IT\n    region: MI\n    half_holidays_until: 13:00\n",
        "region: MI\n    half_holidays_until: 13:00\n",
        "5: calendars.milan.region: got 'MI' of no country; expected a country beside it",
        "6: calendars.milan.half_holidays_until: a time for the holidays of no country; expected a country beside it",
    ),
    (
        "half_holidays_until: 13:00",
        "half_holidays_until: 25:00",
        "7: calendars.milan.half_holidays_until: got '25:00', expected a time such as 13:00",
    ),
    (
        "{sun-thu: [22:00-06:00]}",
        "{}",
        "18: calendars.nights.hours: is empty; expected the hours of at least one day",
    ),
    (
        "{sun-thu: [22:00-06:00]}",
        "{sun-thu: []}",
        "18: calendars.nights.hours.sun-thu: is empty; expected hours, or no such line at all",
    ),
    (
        "{sun-thu: [22:00-06:00]}",
        "{sun-thu: [22:00-22:00]}",
        f"18: calendars.nights.hours.sun-thu.0: got '22:00-22:00', expected {SHIFT}",
    ),
    (
        "{sun-thu: [22:00-06:00]}",
        "{weekdays: [22:00-06:00]}",
        "18: calendars.nights.hours.weekdays: got 'weekdays', expected days such as mon or mon-fri",
    ),
    (
        "      fri: [9:00-13:00]",
        "      thu-fri: [9:00-13:00]",
        "10: calendars.milan.hours.thu-fri: thu stands in mon-thu already; expected each day once",
        "10: calendars.milan.hours.thu-fri.0: 9:00-13:00 overlaps 09:00-13:00 in line 9; expected one after the other",
    ),
    (
        "[09:00-13:00, 14:00-18:00]",
        "[09:00-18:00, 10:00-11:00, 12:00-13:00]",
        "9: calendars.milan.hours.mon-thu.1: 10:00-11:00 overlaps 09:00-18:00 in line 9; expected one after the other",
        "9: calendars.milan.hours.mon-thu.2: 12:00-13:00 overlaps 09:00-18:00 in line 9; expected one after the other",
    ),
    (
        "{sun-thu: [22:00-06:00]}",
        "{sun: [22:00-06:00], mon: [05:00-09:00]}",
        "18: calendars.nights.hours.mon.0: 05:00-09:00 overlaps 22:00-06:00 in line 18; expected one after the other",
    ),
    (
        "to: 2026-08-21",
        "to: 2026-08-10",
        "12: calendars.milan.days.0.to: got 2026-08-10, expected later than `on`, by less than 366 days",
    ),
    (
        "to: 2026-08-21",
        "to: 08-21",
        "12: calendars.milan.days.0.to: got 08-21, expected a year if `on` has one, and none if it has none",
    ),
    ("on: 2026-10-04", "on: 2026-02-29", f"14: calendars.milan.days.2.on: got '2026-02-29', expected {DATE}"),
    (
        "on: 2026-10-04",
        "on: 2026-12-24",
        "14: calendars.milan.days.2.on: 2026-12-24 stands further up already; the first counts",
    ),
    (
        "12-27, to: 01-02",
        "12-24",
        "15: calendars.milan.days.3.on: 12-24 stands further up already; the first counts",
    ),
    ("label: Fair,", "label: '',", "14: calendars.milan.days.2.label: is blank; expected a few words"),
    (
        "hours: [14:00-16:00, 10:00-12:00]",
        "hours: []",
        "14: calendars.milan.days.2.hours: is empty; expected hours, or no such line for a closed day",
    ),
    (
        "hours: [14:00-16:00, 10:00-12:00]",
        "hours: [14:00-16:00, 15:00-17:00], until: 15:00",
        "14: calendars.milan.days.2.until: until beside hours; expected one of them",
        "14: calendars.milan.days.2.hours.1: 15:00-17:00 overlaps 14:00-16:00 in line 14; expected one after the other",
    ),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip[2])
def test_each_slip_is_told(slip: tuple[str, ...]) -> None:
    old, new, *expected = slip
    assert GOOD.count(old) == 1
    assert faults(GOOD.replace(old, new)) == [f"calendar.yaml:{one}" for one in expected]


def test_what_touches_does_not_overlap_and_later_days_may_reach_into_earlier_ones() -> None:
    assert faults(GOOD.replace("13:00, 14:00", "13:00, 13:00")) == []
    assert faults(GOOD.replace("2026-10-04", "2026-08-21").replace("to: 2026-08-21", "to: 2026-08-20")) == []
    assert faults(GOOD.replace("on: 12-27, to: 01-02", "on: 12-01, to: 02-29")) == []
