"""A company whose reps work at different hours, written down twice: as configuration, and as clocks on the wall.

The second is for the oracle of `/funnel`, which asks of every minute whether somebody works in it, and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from tests.support import CRITERIA, TEXTS

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday. New York puts its clocks forward on the Sunday after it."""
FIRST, DAYS = START - 20 * DAY, 45
"""The days of which the clocks on the wall are read."""

PEOPLE = """
persons:
  ana: {name: Ana Ruiz, slack: U0ANA, role: rep, away: [{on: 2026-03-04, label: A day off}]}
  ben: {name: Ben Okafor, slack: U0BEN, role: rep, calendar: new_york, on_call: phone}
  cleo: {name: Cleo Petit, slack: U0CLEO, role: rep, zone: Europe/London}
  dan: {name: Dan Levy, slack: U0DAN, role: rep, calendar: nights}
  maya: {name: Maya Lindqvist, slack: U0MAYA, role: manager}
  noah: {name: Noah Brandt, slack: U0NOAH, role: manager, calendar: new_york}
  tom: {name: Tom Weber, slack: U0TOM, role: marketing}
teams:
  sales: {name: Sales, channel: C0SALES, manager: maya, members: [ana, ben, cleo]}
  majors: {name: Majors, channel: C0MAJORS, manager: noah, members: [dan]}
routing:
  rules: [{label: Far away, when: {field: country, equals: AU}, teams: [majors]}]
  otherwise: [sales]
feedback_channel: C0FEEDBACK
"""
CALENDAR = """
default: madrid
calendars:
  madrid: {zone: Europe/Madrid, hours: {mon-fri: [09:00-13:00, 14:00-18:00]}}
  new_york: {zone: America/New_York, hours: {mon-fri: [09:00-17:00]}}
  nights: {zone: Australia/Sydney, hours: {mon-thu: [20:00-06:00]}}
  phone: {zone: America/New_York, hours: {mon-sun: [17:00-22:00]}}
"""
SLA = """
undo_minutes: 10
cards_per_hour: 900
tiers:
  P1:
    due: 15m
    urgent: true
    ladder:
      - {after: 15m, step: escalate}
      - {after: 30m, step: reassign}
      - {after: 2d, step: expire}
  P2:
    due: 4h
    ladder:
      - {after: 4h, step: escalate}
      - {after: 2d, step: expire}
"""
FILES = {
    **TEXTS,
    "people.yaml": PEOPLE,
    "calendar.yaml": CALENDAR,
    "sla.yaml": SLA,
    "criteria.yaml": CRITERIA.replace("recycle_after: 60d", "recycle_after: 1d"),
}
LATER_FILES = FILES | {"sla.yaml": SLA.replace("due: 4h", "due: 6h").replace("after: 4h", "after: 6h")}
"""A second version, with more time for most leads."""

TEAMS = {"ana": "sales", "ben": "sales", "cleo": "sales", "maya": "sales", "dan": "majors", "noah": "majors"}
MANAGERS = {"sales": "maya", "majors": "noah"}
WORKING_DAY = 8 * 60
"""By the default calendar, in minutes."""
EXPIRY = 2 * 10 * 60
"""The longest that a card lives, with those who work the longest days: two of these, in minutes."""


@dataclass(frozen=True)
class Wall:
    """A clock on the wall and the hours worked by it, for each weekday; no hours on the days `off`."""

    zone: str
    week: tuple[str, ...]
    off: tuple[str, ...] = ()

    @property
    def life(self) -> timedelta:
        """How long a card lives that is counted by it: two working days."""
        return 2 * max(sum((end - start for start, end in _shifts(day)), timedelta()) for day in self.week)


def _week(hours: str, days: int) -> tuple[str, ...]:
    return (*[hours] * days, *[""] * (7 - days))


WALLS: Mapping[str | None, Wall] = {
    None: Wall("Europe/Madrid", _week("09:00-13:00 14:00-18:00", 5)),
    "ana": Wall("Europe/Madrid", _week("09:00-13:00 14:00-18:00", 5), ("2026-03-04",)),
    "ben": Wall("America/New_York", _week("09:00-17:00", 5)),
    "cleo": Wall("Europe/London", _week("09:00-13:00 14:00-18:00", 5)),
    "dan": Wall("Australia/Sydney", _week("20:00-06:00", 4)),
    "noah": Wall("America/New_York", _week("09:00-17:00", 5)),
}
ON_CALL = {"ben": Wall("America/New_York", _week("17:00-22:00", 7))}


@cache
def _minutes(wall: Wall) -> Sequence[bool]:
    """Whether each minute of the days is worked."""
    zone = ZoneInfo(wall.zone)
    return [_is_worked(wall, (FIRST + count * MINUTE).astimezone(zone)) for count in range(DAYS * 1440)]


@cache
def _so_far(wall: Wall) -> Sequence[int]:
    return [0, *accumulate(_minutes(wall))]


def _is_worked(wall: Wall, clock: datetime) -> bool:
    shown = timedelta(hours=clock.hour, minutes=clock.minute)
    for day, moved in ((clock, shown), (clock - DAY, shown + DAY)):
        hours = "" if day.date().isoformat() in wall.off else wall.week[day.weekday()]
        if any(start <= moved < end for start, end in _shifts(hours)):
            return True
    return False


@cache
def _shifts(hours: str) -> Sequence[tuple[timedelta, timedelta]]:
    """From when to when after midnight; what does not end later ends on the next day."""
    edges = [[timedelta(hours=int(one[:2]), minutes=int(one[3:])) for one in two.split("-")] for two in hours.split()]
    return [(start, end if end > start else end + DAY) for start, end in edges]


def worked(wall: Wall, start: datetime, end: datetime) -> timedelta:
    """How much of the time between two moments is worked: whole minutes, and parts of the first and the last one."""
    first, last = (start - FIRST) // MINUTE, (end - FIRST) // MINUTE
    whole = (_so_far(wall)[last] - _so_far(wall)[first]) * MINUTE
    after, before = (end - FIRST) % MINUTE, (start - FIRST) % MINUTE
    minutes = _minutes(wall)
    return whole + after * minutes[last] - before * minutes[first]


def wall_of(person: str | None, at: datetime, *, urgent: bool) -> Wall:
    """Whose hours a lead is counted in that they got then: an urgent one that came on call, in those on call."""
    usual = WALLS.get(person, WALLS[None])
    phone = ON_CALL.get(person or "") if urgent else None
    minute = (at - FIRST) // MINUTE
    return phone if phone and _minutes(phone)[minute] and not _minutes(usual)[minute] else usual


def ripe(person: str | None, as_of: datetime, length: timedelta | None) -> datetime:
    """Whole days before, since when whoever it is has worked so long; None: as long as a card lives with them."""
    walls = [WALLS.get(person, WALLS[None]), *([ON_CALL[person]] if person in ON_CALL else [])]
    return min(
        next(
            start for days in range(1, 30) if worked(wall, start := as_of - days * DAY, as_of) >= (length or wall.life)
        )
        for wall in walls
    )
