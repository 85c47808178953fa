"""The shape of calendar.yaml, and what it becomes: working time by name, which people.yaml gives to teams and persons.

`load` and the lint work on these classes; people.yaml borrows `DaysShape` for leave.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, WithJsonSchema

from bot.clock.calendar import Calendar, Hours, Kind, Shifts, Special
from bot.yamlfile import Shape

SHIFT = "hours such as 09:00-17:30, 22:00-06:00 for a night or 00:00-24:00 for a whole day"
CLOCK = "a time such as 13:00"
DATE = "a date such as 2026-12-24, or 12-24 for every year"
DATE_IN_YEAR = "a date such as 2026-12-24"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WHOLE_DAY = 24 * 60
LEAP_YEAR = 2028
"""Dates of every year are kept in one that has them all."""

_CLOCK = "(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
_SHIFT = f"{_CLOCK}-(?:{_CLOCK}|24:00)"
_YEAR, _DAY_OF_YEAR = "[0-9]{4}-", "[0-9]{2}-[0-9]{2}"
_DATE, _DATE_IN_YEAR = f"(?:{_YEAR})?{_DAY_OF_YEAR}", f"{_YEAR}{_DAY_OF_YEAR}"
_DAY = f"(?:{'|'.join(WEEKDAYS)})"
DAYS_OF_THE_WEEK = f"{_DAY}(?:-{_DAY})?"


class Dated(NamedTuple):
    """A date, of every year or of its own alone."""

    day: date
    yearly: bool


def clock(text: object) -> int:
    """`13:00` in minutes after midnight."""
    if not isinstance(text, str) or not re.fullmatch(_CLOCK, text):
        raise ValueError(f"expected {CLOCK}")
    return _minutes(text)


def shift(text: object) -> Hours:
    """`22:00-06:00` in minutes after midnight of the first day."""
    if isinstance(text, str) and re.fullmatch(_SHIFT, text):
        opens, closes = map(_minutes, text.split("-"))
        if opens != closes:
            return Hours(opens, closes if opens < closes else closes + WHOLE_DAY)
    raise ValueError(f"expected {SHIFT}")


def dated(text: object) -> Dated:
    """`12-24` as a date of every year, `2026-12-24` as one of its own."""
    if isinstance(text, str) and re.fullmatch(_DATE, text):
        try:
            yearly = len(text) == 5
            return Dated(date.fromisoformat(f"{LEAP_YEAR}-{text}" if yearly else text), yearly)
        except ValueError:
            pass
    raise ValueError(f"expected {DATE}")


def in_year(text: object) -> Dated:
    """`2026-12-24` as a date of its own."""
    with suppress(ValueError):
        found = dated(text)
        if not found.yearly:
            return found
    raise ValueError(f"expected {DATE_IN_YEAR}")


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _text(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^({pattern})$"})


ClockTime = Annotated[int, BeforeValidator(clock), _text(_CLOCK), Field(description=CLOCK)]
Shift = Annotated[Hours, BeforeValidator(shift), _text(_SHIFT), Field(description=SHIFT)]
OnDate = Annotated[Dated, BeforeValidator(dated), _text(_DATE), Field(description=DATE)]
InYear = Annotated[Dated, BeforeValidator(in_year), _text(_DATE_IN_YEAR), Field(description=DATE_IN_YEAR)]
Week = Annotated[
    dict[str, list[Shift]], Field(json_schema_extra={"propertyNames": {"pattern": f"^{DAYS_OF_THE_WEEK}$"}})
]


class DaysShape(Shape):
    """A day without work, or several."""

    on: OnDate
    to: OnDate | None = None
    label: str

    def build(self, kind: Kind, hours: Shifts = (), until: int = 0) -> Special:
        """The days as the clock takes them."""
        last = (self.to or self.on).day
        return Special(kind, self.label, self.on.day, last, self.on.yearly, hours, until)


class OwnDaysShape(DaysShape):
    """Days of the company's own under `days`: closed, or with other hours."""

    hours: list[Shift] | None = None
    until: ClockTime | None = None

    def special(self) -> Special:
        """The days as the clock takes them."""
        if self.hours is not None:
            return self.build("open", hours=tuple(sorted(self.hours)))
        return self.build("closed") if self.until is None else self.build("half", until=self.until)


class CalendarShape(Shape):
    """One calendar under `calendars`."""

    zone: str
    hours: Week
    country: str | None = None
    region: str | None = None
    half_holidays_until: ClockTime | None = None
    days: list[OwnDaysShape] = Field(default=[])

    def build(self) -> Calendar:
        """The calendar as the clock takes it."""
        week: list[Shifts] = [()] * len(WEEKDAYS)
        for days, shifts in self.hours.items():
            for day in weekdays(days):
                week[day] = tuple(sorted(shifts))
        specials = tuple(one.special() for one in self.days)
        return Calendar(ZoneInfo(self.zone), tuple(week), self.country, self.region, self.half_holidays_until, specials)


class CalendarFile(Shape):
    """calendar.yaml"""

    default: str
    calendars: dict[str, CalendarShape]

    def build(self) -> Mapping[str, Calendar]:
        """The calendars by name, the default one first."""
        names = sorted(self.calendars, key=lambda name: name != self.default)
        return {name: self.calendars[name].build() for name in names}


def weekdays(days: str) -> Iterator[int]:
    """`mon-fri` as 0 to 4; `fri-mon` goes on over the end of the week."""
    first, _, last = days.partition("-")
    day, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    yield day
    while day != end:
        day = (day + 1) % len(WEEKDAYS)
        yield day
