"""Why a deadline is when it is: the facts behind it as records. Words for them are the business of blocks.

Found out when the deadline is made, and kept with it: a later edit of the calendar changes neither.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.clock.calendar import DAY, Calendar, Shifts, Special
from bot.clock.zones import steady

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Differing:
    """A local day whose hours are not the week's: the hours it has instead (none: not worked), and what for."""

    day: date
    hours: Shifts
    special: Special


@dataclass(frozen=True, slots=True)
class Shifted:
    """The clocks of the zone changed at `at` (UTC): forward by `by`, or back where that is below zero."""

    at: datetime
    by: timedelta


@dataclass(frozen=True, slots=True)
class Deadline:
    """The way from `start` to `due` (both UTC): `wall` time on the clock, of which `working` time counted.

    Counting began at `counted_from`, which is later than `start` if that was out of hours. `week` holds the usual
    hours, Monday first, in `zone`; `free` the local days in between on which nobody works, as every week.
    """

    zone: str
    start: datetime
    due: datetime
    counted_from: datetime
    wall: timedelta
    working: timedelta
    week: tuple[Shifts, ...]
    free: tuple[date, ...]
    differing: tuple[Differing, ...]
    shifted: tuple[Shifted, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        kept: dict[str, Any] = _AS_JSON.dump_python(self, mode="json")
        return kept

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Deadline":
        """What `to_dict` gave. ValueError for anything else."""
        return _AS_JSON.validate_python(kept)


_AS_JSON = TypeAdapter(Deadline)


def why(calendar: Calendar, start: datetime, due: datetime) -> Deadline:
    """The facts between `start` and `due` (both UTC), by the calendar that `due` was reckoned with."""
    zone = calendar.zone
    first, last = start.astimezone(zone).date(), due.astimezone(zone).date()
    days = [first + count * DAY for count in range((last - first).days + 1)]
    return Deadline(
        zone=zone.key,
        start=start,
        due=due,
        counted_from=min(calendar.opens(start), due),
        wall=due - start,
        working=calendar.between(start, due),
        week=calendar.week,
        free=tuple(day for day in days if _is_free(calendar, day)),
        differing=tuple(_differing(calendar, [first - DAY, *days], start, due)),
        shifted=tuple(_shifted(zone, start, due)),
    )


def _is_free(calendar: Calendar, day: date) -> bool:
    """Whether it is off every week, holiday or not: nothing opens it, nor does last night's shift reach into it."""
    reached = any(closes > DAY // MINUTE for _, closes in calendar.shifts(day - DAY)[0])
    return not (calendar.week[day.weekday()] or calendar.shifts(day)[0] or reached)


def _differing(calendar: Calendar, days: Iterable[date], start: datetime, due: datetime) -> Iterator[Differing]:
    """Those whose hours, usual or actual, reach into the time between: of the day before, a night shift may."""
    begin, end = (moment.astimezone(calendar.zone).replace(tzinfo=None) for moment in (start, due))
    for day in days:
        usual, (actual, special) = calendar.week[day.weekday()], calendar.shifts(day)
        midnight = datetime.combine(day, time())
        reached = any(
            max(begin, midnight + timedelta(minutes=opens)) < min(end, midnight + timedelta(minutes=closes))
            for opens, closes in (*usual, *actual)
        )
        if special is not None and actual != usual and reached:
            yield Differing(day, actual, special)


def _shifted(zone: ZoneInfo, start: datetime, due: datetime) -> Iterator[Shifted]:
    midnights = (datetime.fromordinal(day).replace(tzinfo=UTC) for day in range(start.toordinal(), due.toordinal() + 1))
    parts = (part for midnight in midnights for part in steady(zone, midnight))
    for before, after in pairwise(parts):
        if before.offset != after.offset and start < after.begin <= due:
            yield Shifted(after.begin, after.offset - before.offset)
