"""What ought to be, worked out slowly from what hangs on the wall: working time by the quarter of an hour, and who gets
a lead. It shares nothing with the code under test; every hour and every zone of the company changes at full quarters.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.store.year_company import SPANISH, TEAMS, WALLS, Off, Rep, Setup, due_after

DAY, QUARTER, NONE = timedelta(days=1), timedelta(minutes=15), timedelta(0)
WHOLE = 1_000_000


@cache
def _minutes(text: str) -> tuple[tuple[int, int], ...]:
    """`22:00-06:00` up to 1800: what does not end later ends on the next day."""
    edges = [[int(part[:2]) * 60 + int(part[3:]) for part in one.split("-")] for one in text.split()]
    return tuple((a, b if b > a else b + 1440) for a, b in edges)


def _shifts(wall: str, day: date, off: Sequence[Off]) -> tuple[tuple[int, int], ...]:
    if any(one.first <= day and one.last is not None and day <= one.last for one in off):
        return ()
    hangs = WALLS[wall]
    return _minutes(hangs.differing.get(day.isoformat(), hangs.week[day.weekday()]))


@lru_cache(maxsize=100_000)
def _worked(wall: str, day: date, off: tuple[Off, ...]) -> tuple[datetime, ...]:
    """The quarters of an hour of a UTC day, each by its start, in which the clock on the wall shows working time."""
    begin, zone = datetime.combine(day, time(), UTC), ZoneInfo(WALLS[wall].zone)
    found = []
    for count in range(96):
        shown = (begin + count * QUARTER).astimezone(zone)
        minute = shown.hour * 60 + shown.minute
        today, eve = (_shifts(wall, shown.date() - back, off) for back in (NONE, DAY))
        if any(a <= minute < b for a, b in today) or any(a <= minute + 1440 < b for a, b in eve):
            found.append(begin + count * QUARTER)
    return tuple(found)


@dataclass(frozen=True)
class Hours:
    """The working time of one person, but for the days off that have an end."""

    wall: str
    off: tuple[Off, ...] = ()

    @property
    def longest(self) -> timedelta:
        """What a working day counts."""
        return WALLS[self.wall].longest

    def today(self, now: datetime) -> date:
        """The day it is where they are."""
        return now.astimezone(ZoneInfo(WALLS[self.wall].zone)).date()

    def add(self, start: datetime, span: timedelta) -> datetime:
        """When so much has been worked."""
        for quarter in self._from(start):
            lasts = quarter + QUARTER - max(quarter, start)
            if span <= lasts:
                return max(quarter, start) + span if span else start
            span -= lasts
        raise AssertionError("never")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much is worked between the two."""
        if end <= start:
            return NONE
        worked = NONE
        for quarter in self._from(start):
            if quarter >= end:
                break
            worked += min(quarter + QUARTER, end) - max(quarter, start)
        return worked

    def works(self, now: datetime) -> bool:
        """Whether they are at work."""
        return self.opens(now) == now

    def opens(self, now: datetime) -> datetime:
        """When they are next at work."""
        return max(now, next(self._from(now)))

    def _from(self, start: datetime) -> Iterator[datetime]:
        day = start.date()
        for _ in range(400):
            near = tuple(
                one for one in self.off if one.last and one.first <= day + 2 * DAY and day - 2 * DAY <= one.last
            )
            yield from (quarter for quarter in _worked(self.wall, day, near) if quarter + QUARTER > start)
            day += DAY


class Wanted(NamedTuple):
    """A lead as far as routing cares: whose account it is, what language it takes, how large the company is."""

    account: str | None = None
    spanish: bool = False
    large: bool = False


class Place(NamedTuple):
    """Who must get a lead, and what each has earned by it; or the queue it must stand in, with nobody.

    `team` is the one it belongs to, if that is not the owner's own.
    """

    owner: str | None
    queue: str | None = None
    shares: Mapping[str, int] = {}
    team: str | None = None


@dataclass(frozen=True)
class Scene:
    """Everybody as they stand now: days off, whether in the configuration or told; accounts that are gone; what they
    have; what they are owed.
    """

    setup: Setup
    now: datetime
    told: Sequence[tuple[str, Off]]
    gone: frozenset[str]
    open: Mapping[str, int]
    today: Mapping[str, int]
    balance: Mapping[str, int]

    def plain(self, key: str) -> Hours:
        """Their working time, whatever days they have off."""
        wall = self.setup.staff[key].hours if key in self.setup.staff else "madrid"
        return Hours("madrid_summer" if wall == "madrid" and self.setup.summer else wall)

    def off(self, key: str) -> tuple[Off, ...]:
        """All their days off."""
        own = self.setup.staff[key].leave if key in self.setup.staff else ()
        return (*own, *(off for who, off in self.told if who == key))

    def hours(self, key: str, tier: str, *, told: bool = True) -> Hours:
        """The hours in which a lead counts that they get now."""
        off = self.off(key) if told else self.setup.staff[key].leave
        usual, one = Hours(self.plain(key).wall, off), self.setup.staff.get(key)
        phone = Hours(one.on_call) if one and one.on_call and tier == "P1" else None
        return phone if phone and phone.works(self.now) and not usual.works(self.now) else usual

    def away(self, key: str, tier: str) -> bool:
        """Whether they are off now, or before it would be due; or will never read it."""
        plain = self.plain(key)
        due = plain.add(self.now, due_after(tier, self.setup, plain.longest))
        first, last = plain.today(self.now), plain.today(due)
        return key in self.gone or any(
            one.first <= last and (one.last is None or first <= one.last) for one in self.off(key)
        )

    def destination(
        self, lead: Wanted, tier: str, barred: Iterable[str], team: str | None = None, person: str | None = None
    ) -> Place:
        """Who gets the lead: the one asked for, the owner of the account, whoever's turn it is, the manager, nobody."""
        barred, staff = set(barred), self.setup.staff
        if person:
            found = self._present(person, set(staff), tier, barred)
            if found:
                return Place(found, None, {found: WHOLE})
            team = team or (staff[person].team if person in staff else None)
        if lead.account in staff:
            among = {key for key, one in staff.items() if team in (None, one.team)}
            found = self._present(lead.account, among, tier, barred)
            if found:
                return Place(found, None, {found: WHOLE})
        team = team or ("majors" if lead.large else "world")
        return self._sifted(lead, tier, barred, team)

    def eligible(self, lead: Wanted, tier: str, barred: Iterable[str], team: str) -> list[str]:
        """Those of the team who could have it, had they room."""
        return [
            key
            for key, one in sorted(self.setup.staff.items(), key=lambda pair: pair[1].order)
            if one.team == team and not one.manager and key not in barred and not self.away(key, tier)
            if SPANISH <= one.skills or not lead.spanish
        ]

    def room(self, key: str) -> bool:
        """Whether they take one more lead."""
        has = {"open": self.open.get(key, 0), "per_day": self.today.get(key, 0)}
        return all(has[name] < most for name, most in self.setup.capacity(key).items())

    def _sifted(self, lead: Wanted, tier: str, barred: set[str], team: str) -> Place:
        here = self.eligible(lead, tier, barred, team)
        if not here:
            found = self._present(TEAMS[team], set(self.setup.staff), tier, barred, past=True)
            return Place(found, None, {found: WHOLE}, team) if found else Place(None, "unassigned")
        here = [key for key in here if self.room(key)]
        if not here:
            return Place(None, "overflow")
        if tier == "P1":
            soonest = min(self.hours(key, tier).opens(self.now) for key in here)
            here = [key for key in here if self.hours(key, tier).opens(self.now) == soonest]
        return self._turn(here, self.setup.staff)

    def _turn(self, here: Sequence[str], staff: Mapping[str, Rep]) -> Place:
        weights = {key: staff[key].weight for key in here}
        shares = {key: WHOLE * weight // sum(weights.values()) for key, weight in weights.items()}
        winner = max(here, key=lambda key: self.balance.get(key, 0) + shares[key])
        shares[winner] += WHOLE - sum(shares.values())
        return Place(winner, None, shares)

    def _present(self, key: str, among: set[str], tier: str, barred: set[str], past: bool = False) -> str | None:
        """Somebody, or who stands in for them while they are away."""
        met: set[str] = set()
        while key in among and key not in met:
            met.add(key)
            away = self.away(key, tier)
            if not away and key not in barred:
                return key
            stands_in = self.setup.delegate(key)
            if stands_in is None or not (away or past):
                return None
            key = stands_in
        return None
