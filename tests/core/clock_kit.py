"""Calendars to test with, and an oracle that knows nothing but a wall clock: it asks each minute whether it is worked.

The hours and the days off of each calendar are written down twice: once as the clock is told, once by hand.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from bot.clock.calendar import Calendar, Hours, Special

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@cache
def shifts(text: str) -> tuple[Hours, ...]:
    """`09:00-13:00 22:00-06:00`; what does not end later ends on the next day."""
    return tuple(_hours(*map(_minutes, one.split("-"))) for one in text.split())


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def _hours(opens: int, closes: int) -> Hours:
    return Hours(opens, closes if closes > opens else closes + 1440)


def calendar(zone: str, *week: str, **more: object) -> Calendar:
    """Seven days' hours, or Monday's to Friday's, or one for every day."""
    days = week * 7 if len(week) == 1 else (*week, *[""] * (7 - len(week)))
    return Calendar(ZoneInfo(zone), tuple(map(shifts, days)), **more)  # type: ignore[arg-type]


def utc(text: str) -> datetime:
    """`2026-03-29 01:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str, fold: int = 0) -> datetime:
    """The moment at which the clocks of a zone show this, in UTC; `fold` 1 where they do so for the second time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@dataclass(frozen=True)
class Case:
    """A calendar, a stretch of days to look at, and its differing days as they stand in the calendar on the wall."""

    calendar: Calendar
    first: str
    days: int
    differing: Mapping[str, str]
    week: tuple[str, ...]


def case(
    first: str, days: int, zone: str, *week: str, differing: Mapping[str, str] | None = None, **more: object
) -> Case:
    """See `calendar`; `differing` are the days, by date, that have other hours than the week says."""
    padded = week * 7 if len(week) == 1 else (*week, *[""] * (7 - len(week)))
    return Case(calendar(zone, *week, **more), first, days, differing or {}, padded)


class Oracle:
    """The same calendar, minute by minute."""

    def __init__(self, case: Case) -> None:
        self.start = utc(f"{case.first} 00:00")
        moments = [self.start + count * MINUTE for count in range(case.days * 1440)]
        self.works = [_is_worked(case, moment.astimezone(case.calendar.zone)) for moment in moments]
        self._worked = [0, *accumulate(self.works)]  # minutes, up to each minute

    def between(self, start: int, end: int) -> timedelta:
        """The working time between two minutes, counted from the first."""
        return (self._worked[end] - self._worked[start]) * MINUTE

    def add(self, start: int, minutes: int) -> datetime | None:
        """The first minute by which so many have been worked; None where the oracle does not see as far."""
        end = bisect_left(self._worked, self._worked[start] + minutes)
        return None if end == len(self._worked) else self.start + end * MINUTE


def _is_worked(case: Case, clock: datetime) -> bool:
    minute = clock.hour * 60 + clock.minute
    today, eve = (_shifts_of(case, day) for day in (clock.date(), clock.date() - DAY))
    return any(a <= minute < b for a, b in today) or any(a <= minute + 1440 < b for a, b in eve)


def _shifts_of(case: Case, day: date) -> tuple[Hours, ...]:
    return shifts(case.differing.get(day.isoformat(), case.week[day.weekday()]))


def closed(first: str, label: str = "Closed", last: str | None = None, **more: object) -> Special:
    """A day, or several, without hours."""
    return special("closed", first, label, last, **more)


def special(kind: str, first: str, label: str = "", last: str | None = None, **more: object) -> Special:
    """Days that differ."""
    days = date.fromisoformat(first), date.fromisoformat(last or first)
    return Special(kind, label or kind, *days, **more)  # type: ignore[arg-type]
