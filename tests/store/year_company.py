"""A company in three time zones, written down twice: as configuration for Baton, and by hand for the year's oracle.

Nothing here asks the code what it makes of the configuration: holidays are a list, ladders are a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from tests.support import CRITERIA, TEXTS

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OWNERS = ("remind", "last_call")


class Off(NamedTuple):
    """Days off, both included; without a `last` one they have no end."""

    first: date
    last: date | None


@dataclass(frozen=True)
class Rep:
    """Somebody as the oracle knows them; `limit` is the key of their capacity and what it is when times are tight."""

    team: str
    hours: str
    order: int = 0
    weight: int = 1
    skills: frozenset[str] = frozenset()
    delegate: str | None = None
    on_call: str | None = None
    limit: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    leave: tuple[Off, ...] = ()
    manager: bool = False


def _days(first: str, last: str) -> Off:
    return Off(date.fromisoformat(first), date.fromisoformat(last))


SPANISH = frozenset({"spanish"})
LUCIAS = (_days("2026-03-30", "2026-04-03"), _days("2026-08-03", "2026-08-21"))
STAFF = {
    "ruby": Rep("world", "sydney", 1, limit={"open": (4, 2)}),
    "kai": Rep("world", "sydney_nights", 2, leave=(_days("2026-12-21", "2027-01-08"),)),
    "lucia": Rep("world", "madrid", 3, skills=SPANISH, delegate="mateo", leave=LUCIAS),
    "mateo": Rep("world", "madrid", 4, weight=2, skills=SPANISH, limit={"open": (6, 3)}),
    "nora": Rep("world", "newyork", 5, on_call="phone", limit={"per_day": (3, 1)}),
    "omar": Rep("majors", "newyork_nights", 6),
    "pia": Rep("majors", "madrid", 7, skills=SPANISH, leave=(_days("2026-10-26", "2026-10-30"),)),
    "maya": Rep("world", "madrid", 8, manager=True, delegate="noah"),
    "noah": Rep("majors", "newyork", 9, manager=True),
}
TEAMS = {"world": "maya", "majors": "noah"}
CHANNELS = {"world": "C0WORLD", "majors": "C0MAJORS"}
LEAVERS = ("mateo", "nora", "pia")
SLACK = {key: f"U0{key.upper()}" for key in (*STAFF, "tom")}


@dataclass(frozen=True)
class Setup:
    """What the configuration says just now: Madrid's summer hours, a slower ladder, less capacity, who is not in it."""

    summer: bool = False
    slow: bool = False
    tight: bool = False
    without: frozenset[str] = frozenset()

    @property
    def staff(self) -> dict[str, Rep]:
        """Who is there."""
        return {key: rep for key, rep in STAFF.items() if key not in self.without}

    def delegate(self, key: str) -> str | None:
        """Who stands in for them."""
        found = STAFF[key].delegate
        return found if found in self.staff else None

    def capacity(self, key: str) -> dict[str, int]:
        """How much somebody takes."""
        return {name: tight if self.tight else usual for name, (usual, tight) in STAFF[key].limit.items()}

    def texts(self) -> dict[str, str]:
        """The same as files."""
        return {
            **TEXTS,
            "people.yaml": _people(self),
            "criteria.yaml": SIGNS,
            "calendar.yaml": _calendar(self),
            "sla.yaml": SLA.replace("due: 4h", "due: 6h") if self.slow else SLA,
        }


# Three fast tracks, one per tier, and interest that is gone after two days: a year must not judge everybody daily.
_TRACKS = "\n".join(
    f"  - {{label: Sign {tier}, signals: [{sign}], within: 2d, tier: {tier}}}"
    for tier, sign in (("P1", "demo_request"), ("P2", "pricing_request"), ("P3", "product_used"))
)
SIGNS = (
    CRITERIA.replace("tiers: {P1: [A1], P2: [B1, C1, D1]}", "tiers: {P1: [A1], P2: [A2], P3: [A3]}")
    .replace("  - {label: Uses the product, signals: [product_used], at_least: 3, within: 14d, tier: P1}", _TRACKS)
    .replace("points: 60, intent", "points: 0, intent")
)
SIGN = {"P1": "demo_request", "P2": "pricing_request", "P3": "product_used"}

SLA = """
undo_minutes: 10
cards_per_hour: 900
tiers:
  P1:
    due: 15m
    urgent: true
    ladder:
      - {after: 80%, step: last_call}
      - {after: 100%, step: escalate}
      - {after: 150%, step: reassign}
      - {after: 4h, step: escalate}
      - {after: 2d, step: expire}
  P2:
    due: 4h
    ladder:
      - {after: 50%, step: remind}
      - {after: 80%, step: last_call}
      - {after: 100%, step: escalate}
      - {after: 2d, step: expire}
  P3:
    due: 1d
    ladder:
      - {after: 50%, step: remind}
      - {after: 80%, step: last_call}
      - {after: 100%, step: escalate}
      - {after: 2d, step: expire}
"""


def due_after(tier: str, setup: Setup, day: timedelta) -> timedelta:
    """How much working time there is to decide; `day` is the longest of the owner's week."""
    return {"P1": 15 * MINUTE, "P2": (6 if setup.slow else 4) * HOUR, "P3": day}[tier]


def rungs(tier: str, setup: Setup, day: timedelta) -> list[tuple[timedelta, str]]:
    """The ladder of a tier, in working time."""
    due = due_after(tier, setup, day)
    if tier == "P1":
        first = [(12 * MINUTE, "last_call"), (due, "escalate"), (22.5 * MINUTE, "reassign"), (4 * HOUR, "escalate")]
    else:
        first = [(due / 2, "remind"), (due * 0.8, "last_call"), (due, "escalate")]
    return [*first, (2 * day, "expire")]


class Wall(NamedTuple):
    """A calendar on the wall: hours from Monday on, days that differ, and the longest day of the week."""

    zone: str
    week: tuple[str, ...]
    differing: Mapping[str, str]
    longest: timedelta


def _free(*days: str) -> dict[str, str]:
    return {f"2026-{day}" if len(day) == 5 else day: "" for day in days}


_SPAIN = _free(
    *("01-01", "01-06", "04-03", "05-01", "08-15", "10-12", "12-08", "12-25", "2027-01-01", "2027-01-06"),
)
_AMERICA = _free(
    *("01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "07-04", "09-07", "10-12", "11-11", "11-26", "12-25"),
    *("2027-01-01", "2027-01-18", "2027-02-15"),
)
_NIGHT = "22:00-06:00"
WALLS = {
    "sydney": Wall(
        "Australia/Sydney",
        (*("09:00-17:30",) * 5, "", ""),
        {"2026-01-26": "", "2026-12-24": "09:00-13:00"},
        8.5 * HOUR,
    ),
    "sydney_nights": Wall("Australia/Sydney", (*(_NIGHT,) * 4, "", "", _NIGHT), {}, 8 * HOUR),
    "madrid": Wall("Europe/Madrid", (*("09:00-13:00 14:00-18:00",) * 4, "09:00-15:00", "", ""), _SPAIN, 8 * HOUR),
    "madrid_summer": Wall("Europe/Madrid", (*("08:00-15:00",) * 5, "", ""), _SPAIN, 7 * HOUR),
    "newyork": Wall(
        "America/New_York", (*("09:00-17:00",) * 5, "", ""), _AMERICA | {"2026-11-27": "10:00-14:00"}, 8 * HOUR
    ),
    "newyork_nights": Wall("America/New_York", (*(_NIGHT,) * 4, "", "", _NIGHT), _AMERICA, 8 * HOUR),
    "phone": Wall("America/New_York", ("06:00-23:00",) * 7, {}, 17 * HOUR),
}


def _calendar(setup: Setup) -> str:
    madrid = "mon-fri: [08:00-15:00]" if setup.summer else "mon-thu: [09:00-13:00, 14:00-18:00], fri: [09:00-15:00]"
    return f"""
default: madrid
calendars:
  madrid: {{zone: Europe/Madrid, country: ES, hours: {{{madrid}}}}}
  sydney:
    zone: Australia/Sydney
    hours: {{mon-fri: [09:00-17:30]}}
    days:
      - {{on: 2026-01-26, label: Australia Day}}
      - {{on: 12-24, label: Christmas Eve, until: 13:00}}
  sydney_nights: {{zone: Australia/Sydney, hours: {{sun-thu: [22:00-06:00]}}}}
  newyork:
    zone: America/New_York
    country: US
    hours: {{mon-fri: [09:00-17:00]}}
    days:
      - {{on: 2026-11-27, label: Black Friday, hours: [10:00-14:00]}}
  newyork_nights: {{zone: America/New_York, country: US, hours: {{sun-thu: [22:00-06:00]}}}}
  phone: {{zone: America/New_York, hours: {{mon-sun: [06:00-23:00]}}}}
"""


def _people(setup: Setup) -> str:
    members = {
        team: [key for key, one in setup.staff.items() if one.team == team and not one.manager] for team in TEAMS
    }
    teams = [
        f"  {team}: {{name: {team.title()}, channel: {CHANNELS[team]}, manager: {manager},"
        f" members: [{', '.join(members[team])}]}}"
        for team, manager in TEAMS.items()
    ]
    persons = [_person(setup, key, one) for key, one in setup.staff.items()]
    tom = "  tom: {name: Tom, slack: U0TOM, role: ops}"
    return "\n".join(["persons:", *persons, tom, "teams:", *teams, RULES])


RULES = """
routing:
  rules:
    - {label: Large, when: {field: employees, at_least: 1000}, teams: [majors]}
    - {label: Speaks Spanish, when: {field: language, equals: es}, skills: [spanish]}
  otherwise: [world]
feedback_channel: C0FEEDBACK
"""


def _person(setup: Setup, key: str, one: Rep) -> str:
    said = [f"name: {key.title()}", f"slack: {SLACK[key]}", f"role: {'manager' if one.manager else 'rep'}"]
    said += [f"calendar: {one.hours}", f"weight: {one.weight}", f"skills: [{', '.join(one.skills)}]"]
    said += [f"delegate: {setup.delegate(key)}"] if setup.delegate(key) else []
    said += [f"on_call: {one.on_call}"] if one.on_call else []
    said += ["accounts: [prado.example]"] if key == "lucia" else []
    limits = ", ".join(f"{name}: {most}" for name, most in setup.capacity(key).items())
    said += [f"capacity: {{{limits}}}"] if limits else []
    away = ", ".join(f"{{on: {off.first}, to: {off.last}, label: Leave}}" for off in one.leave)
    return f"  {key}: {{{', '.join([*said, *([f'away: [{away}]'] if away else [])])}}}"
