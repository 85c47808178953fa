"""The nouns everything else speaks of: a lead, its signals, and the people and teams of sales.

Plain frozen records. They know no database, no Slack and no clock; every other room relies on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

Value = str | int | float | bool | None
Role = Literal["rep", "manager", "marketing", "ops"]


@dataclass(frozen=True, slots=True)
class Lead:
    """A person at a company. Known by `email`, or by `origin` + `external_id`, or by both.

    `origin` is the system a lead comes from (a CRM, a form tool); `source` and `campaign` are marketing's words
    for what found it. `attributes` holds whatever else is known, by any key.
    """

    email: str | None = None
    origin: str | None = None
    external_id: str | None = None
    name: str | None = None
    company: str | None = None
    title: str | None = None
    phone: str | None = None
    country: str | None = None
    source: str | None = None
    campaign: str | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)

    def value(self, key: str) -> Value:
        """What is known under `key`: one of the fields above, else an attribute; None where nothing is known."""
        known: Value = getattr(self, key) if key in LEAD_FIELDS else self.attributes.get(key)
        return known

    @property
    def known_as(self) -> str:
        """The name, else the e-mail address, else the other system's id; empty for somebody nobody knows."""
        return self.name or self.email or (f"{self.origin} {self.external_id}" if self.external_id else "")


LEAD_FIELDS = frozenset(Lead.__dataclass_fields__) - {"attributes"}


@dataclass(frozen=True, slots=True)
class Signal:
    """One dated engagement event of a lead. `id` is the sender's own and makes it count once; `at` is in UTC.

    `value` says how much of it there was, in whatever unit its type goes by: minutes watched, seats invited.
    """

    id: str
    type: str
    at: datetime
    note: str | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Days on which somebody is not there, both included, by the clock of their own zone.

    Without a `last` one, until somebody says that they are back; the configuration always has one.
    """

    first: date
    last: date | None
    label: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many leads one person takes: so many `open` cards at once, so many new ones `per_day`; None: no limit."""

    open: int | None = None
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with Baton. `key` is the name the configuration and the history use for them.

    `calendar` names their working time, `on_call` the hours beyond it in which urgent leads may reach them. While they
    are away `delegate` may decide for them and gets their accounts' leads. Of the leads that several could have they
    get a share by `weight`, with 0 none. `accounts` are the e-mail domains of companies they own, and `known_as` what
    other systems call them.
    """

    key: str
    name: str
    slack: str
    role: Role
    calendar: str = ""
    zone: str | None = None
    on_call: str | None = None
    leave: tuple[Leave, ...] = ()
    delegate: str | None = None
    weight: int = 1
    skills: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    known_as: frozenset[str] = frozenset()
    capacity: Capacity = Capacity()


@dataclass(frozen=True, slots=True)
class Team:
    """Reps who share a channel and a manager; `members` and `manager` are keys of persons."""

    key: str
    name: str
    channel: str
    manager: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weekly:
    """When the weekly overview appears in `channel`: on `weekday` (Monday is 0), so many minutes after midnight."""

    channel: str
    weekday: int
    minute: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class People:
    """Everybody, as the configuration names them, and the channels that belong to all.

    `names_in` are the channels in which an answer of `/funnel` may name persons.
    """

    persons: Mapping[str, Person]
    teams: Mapping[str, Team]
    feedback_channel: str | None = None
    ops_channel: str | None = None
    names_in: frozenset[str] = frozenset()

    def by_slack(self, slack: str) -> Person | None:
        """The person with this Slack user id, or None for somebody Baton was never told of."""
        return next((person for person in self.persons.values() if person.slack == slack), None)

    def slack_of(self, key: str | None) -> str | None:
        """The Slack user id of the person `key`; None where the configuration no longer has them."""
        person = self.persons.get(key or "")
        return person.slack if person else None

    def name_of(self, key: str | None) -> str:
        """The display name of the person `key`; the key itself once they have left."""
        person = self.persons.get(key or "")
        return person.name if person else key or "nobody"

    def team_of(self, key: str) -> Team | None:
        """The team of which the person `key` is a member, else the first that they manage."""
        teams = self.teams.values()
        member = next((team for team in teams if key in team.members), None)
        return member or next((team for team in teams if key == team.manager), None)
