"""The Policy: everything the configuration folder says, as one frozen record with a version.

Moves, answers and views read it; only `load` makes one. A hand-off names the version it was offered under.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.clock.calendar import Calendar, Special
from bot.clock.ladder import Sla
from bot.criteria.definition import Criteria
from bot.handoff.reasons import Reason
from bot.handoff.routing import Routing
from bot.lead import Leave, People, Weekly


@dataclass(frozen=True, slots=True)
class Targets:
    """What the two sides agreed on, as shares from 0 to 1: accepted by the horizon, answered in time."""

    accept: float | None = None
    sla: float | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules. `slas` goes by tier, `reasons` by code and in the order of the file.

    `calendars` go by name, the default one first; people name theirs. Without `overview` there is no weekly one.
    """

    version: str
    criteria: Criteria
    people: People
    routing: Routing
    calendars: Mapping[str, Calendar]
    slas: Mapping[str, Sla]
    reasons: Mapping[str, Reason]
    cards_per_hour: int
    undo: timedelta
    targets: Targets = Targets()
    overview: Weekly | None = None

    def hours_of(self, key: str | None) -> Calendar:
        """The working time of the person `key`, whatever days they have off; of a stranger, the default calendar."""
        person = self.people.persons.get(key or "")
        default = next(iter(self.calendars.values()))
        return _personal(self.calendars.get(person.calendar, default), person.zone, ()) if person else default

    def on_call_of(self, key: str | None) -> Calendar | None:
        """The hours beyond it in which urgent leads may reach them, if there are any."""
        person = self.people.persons.get(key or "")
        calendar = self.calendars.get(person.on_call or "") if person else None
        return _personal(calendar, person.zone, ()) if person and calendar else None

    def clock_of(self, key: str | None, at: datetime, *, urgent: bool, off: Iterable[Leave] = ()) -> Calendar:
        """The working time in which a lead is counted that the person `key` got `at` (UTC): theirs, but for days off.

        An urgent one that came while they were on call, and not at work, is counted in their hours on call. `off` are
        days beside those of the configuration.
        """
        person = self.people.persons.get(key or "")
        hours = without(self.hours_of(key), (*(person.leave if person else ()), *off))
        on_call = self.on_call_of(key) if urgent else None
        return on_call if on_call and on_call.works(at) and not hours.works(at) else hours


def without(calendar: Calendar, off: Iterable[Leave]) -> Calendar:
    """A calendar of which these days are not worked; those without an end are left out."""
    return _personal(calendar, None, tuple(Special("away", one.label, one.first, one.last) for one in off if one.last))


@lru_cache(maxsize=4096)
def _personal(calendar: Calendar, zone: str | None, off: tuple[Special, ...]) -> Calendar:
    """Kept, because a calendar remembers the days it has worked out."""
    if not (zone or off):
        return calendar
    return replace(calendar, zone=ZoneInfo(zone) if zone else calendar.zone, specials=(*off, *calendar.specials))
