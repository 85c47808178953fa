"""Working time: when somebody works, when so much of it will have passed, and how much lies between two moments.

A moment is working time if the wall clock of the zone shows an hour in which that day is worked. So a night shift
belongs to the day it begins on, an hour that the clocks skip is not worked, and one they repeat is worked twice.
Pure, all moments UTC. `ladder` counts with it, routing asks it who is at work; the configuration says what it holds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from bot.clock.public_holidays import public_holidays
from bot.clock.zones import Steady, steady

DAY = timedelta(days=1)
NOTHING = timedelta(0)
HORIZON = 731
"""Days ahead within which a deadline must lie; whoever works less than that has none."""

Kind = Literal["away", "closed", "half", "open", "holiday"]


class NeverOpen(ValueError):
    """No deadline can be given: too little working time lies ahead."""


class Hours(NamedTuple):
    """From `opens` up to but not including `closes`, in minutes after midnight; a night shift closes after 1440."""

    opens: int
    closes: int


Shifts = tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Special:
    """Days that differ from the week, both ends included; of a `yearly` one the year does not count.

    `away` and `closed` have no hours, `open` has its own `hours` whatever the week says, `half` ends at `until`
    (minutes after midnight), `holiday` is a public one. `label` says in words what for.
    """

    kind: Kind
    label: str
    first: date
    last: date
    yearly: bool = False
    hours: Shifts = ()
    until: int = 0

    def holds(self, day: date) -> bool:
        """Whether `day` is one of them."""
        if not self.yearly:
            return self.first <= day <= self.last
        first, last, this = ((one.month, one.day) for one in (self.first, self.last, day))
        return first <= this <= last if first <= last else this >= first or this <= last


class Window(NamedTuple):
    """A stretch of working time, UTC, the end not included."""

    opens: datetime
    closes: datetime


class Day(NamedTuple):
    """The working time within one UTC day: windows in order, none touching the next, and their sum."""

    windows: tuple[Window, ...]
    total: timedelta


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works: seven days' hours, Monday first, by the clock of `zone`, and the days that differ.

    Of several `specials` for a day the first counts, and each goes before the public holidays of `country` and
    `region`. On half a public holiday work ends at `half_until` (minutes after midnight); None: it is a whole day.
    """

    zone: ZoneInfo
    week: tuple[Shifts, ...]
    country: str | None = None
    region: str | None = None
    half_until: int | None = None
    specials: tuple[Special, ...] = ()
    full_day: timedelta = field(init=False, repr=False, compare=False)
    """What one working day counts in a duration: the longest day of the week."""
    _hash: int = field(init=False, repr=False, compare=False)
    _days: dict[int, Day] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        longest = max(sum(closes - opens for opens, closes in shifts) for shifts in self.week)
        object.__setattr__(self, "full_day", timedelta(minutes=longest))
        content = (self.zone, self.week, self.country, self.region, self.half_until, self.specials)
        object.__setattr__(self, "_hash", hash(content))

    def __hash__(self) -> int:
        return self._hash  # it is asked for whenever one is looked up, and there is much to go through

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The first moment, UTC, by which `duration` of working time has passed since `start` (UTC).

        That may be closing time; the least bit longer, and it is the next morning. NeverOpen beyond the HORIZON.
        """
        if duration < NOTHING:
            raise ValueError(f"got {duration}, expected a duration of zero or more")
        start = _utc(start)
        if not duration:
            return start
        today = start.toordinal()
        left = duration + self._worked(start)
        for ordinal in range(today, today + HORIZON):
            windows, total = self._day(ordinal)
            if left <= total:
                return _reached(windows, left)
            left -= total
        raise NeverOpen(f"less than {duration} of working time in {HORIZON} days from {start:%Y-%m-%d}")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end` (UTC); below zero where `end` comes first."""
        if end < start:
            return -self.between(end, start)
        start, end = _utc(start), _utc(end)
        days = range(start.toordinal(), end.toordinal())
        whole = sum((self._day(ordinal).total for ordinal in days), NOTHING)
        return whole - self._worked(start) + self._worked(end)

    def works(self, moment: datetime) -> bool:
        """Whether `moment` (UTC) is working time."""
        moment = _utc(moment)
        return any(opens <= moment < closes for opens, closes in self._day(moment.toordinal()).windows)

    def opens(self, moment: datetime) -> datetime:
        """`moment` (UTC) itself if it is working time, else when work begins next. NeverOpen beyond the HORIZON."""
        moment = _utc(moment)
        today = moment.toordinal()
        for ordinal in range(today, today + HORIZON):
            for opens, closes in self._day(ordinal).windows:
                if moment < closes:
                    return max(opens, moment)
        raise NeverOpen(f"no working time in {HORIZON} days from {moment:%Y-%m-%d}")

    def shifts(self, day: date) -> tuple[Shifts, Special | None]:
        """The hours that begin on `day`, and what makes them differ from the week's, if anything does."""
        usual = self.week[day.weekday()]
        special = next((one for one in self.specials if one.holds(day)), None) or self._holiday(day)
        if special is None:
            return usual, None
        if special.kind != "half":
            return special.hours, special
        until = special.until
        return tuple(Hours(opens, min(closes, until)) for opens, closes in usual if opens < until), special

    def _holiday(self, day: date) -> Special | None:
        found = public_holidays(self.country, self.region, day.year).get(day) if self.country else None
        if found is None or not found.half:
            return Special("holiday", found.name, day, day) if found else None
        return Special("half", found.name, day, day, until=self.half_until) if self.half_until is not None else None

    def _worked(self, moment: datetime) -> timedelta:
        """The working time of the UTC day up to `moment`."""
        worked = NOTHING
        for opens, closes in self._day(moment.toordinal()).windows:
            if opens < moment:
                worked += min(closes, moment) - opens
        return worked

    def _day(self, ordinal: int) -> Day:
        found = self._days.get(ordinal)
        if found is None:
            found = self._days[ordinal] = self._worked_out(ordinal)
        return found

    def _worked_out(self, ordinal: int) -> Day:
        begin = datetime.fromordinal(ordinal).replace(tzinfo=UTC)
        windows = _merged(window for part in steady(self.zone, begin) for window in self._local(part))
        return Day(windows, sum((closes - opens for opens, closes in windows), NOTHING))

    def _local(self, part: Steady) -> Iterator[Window]:
        """The shifts in a part of the day; a night shift of the day before may reach into it."""
        day, last = (part.begin + part.offset).date() - DAY, (part.end + part.offset).date()
        while day <= last:
            midnight = datetime.combine(day, time(), UTC) - part.offset
            for shift in self.shifts(day)[0]:
                opens, closes = (midnight + timedelta(minutes=edge) for edge in shift)
                if opens < part.end and part.begin < closes:
                    yield Window(max(opens, part.begin), min(closes, part.end))
            day += DAY


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"got {moment} without a time zone, expected UTC")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """In order, and one where they overlap or touch: nobody works twice at once."""
    merged: list[Window] = []
    for window in sorted(windows):
        if merged and window.opens <= merged[-1].closes:
            merged[-1] = Window(merged[-1].opens, max(merged[-1].closes, window.closes))
        else:
            merged.append(window)
    return tuple(merged)


def _reached(windows: tuple[Window, ...], left: timedelta) -> datetime:
    """When `left` of the working time in `windows`, which hold as much, has passed."""
    for opens, closes in windows:
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError("the windows hold less than their sum")


ROUND_THE_CLOCK = Calendar(ZoneInfo("UTC"), ((Hours(0, 24 * 60),),) * 7)
"""Every minute counts."""
