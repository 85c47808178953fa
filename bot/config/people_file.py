"""The shape of people.yaml, and what it becomes: persons, teams, channels, and the rules by which leads reach them."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from bot.config.calendar_file import WEEKDAYS, ClockTime, DaysShape, InYear
from bot.config.conditions import ConditionShape
from bot.criteria.rules import plain
from bot.handoff.routing import Routing, Rule
from bot.lead import Capacity, Leave, People, Person, Role, Team, Weekly
from bot.yamlfile import Shape

USER = "a Slack user id such as U012AB3CD"
CHANNEL = "a Slack channel id such as C012AB3CD"
OVERVIEW = "off, or the keys channel, day, at and zone"

Identifier = Annotated[str | int, Field(description="text or a whole number")]


class LeaveShape(DaysShape):
    """Days off of one person, under `away`."""

    on: InYear
    to: InYear | None = None

    def leave(self) -> Leave:
        """The days as everybody else knows them."""
        return Leave(self.on.day, (self.to or self.on).day, self.label)


class CapacityShape(Shape):
    """How many leads one person takes."""

    open: int | None = None
    per_day: int | None = None


class PersonShape(Shape):
    """One person under `persons`."""

    name: str
    slack: str | None = Field(default=None, description=USER)  # it is the lint that misses it, with all other faults
    role: Role
    calendar: str | None = None
    zone: str | None = None
    on_call: str | None = None
    away: list[LeaveShape] = Field(default=[])
    delegate: str | None = None
    weight: int = 1
    skills: list[str] = Field(default=[])
    accounts: list[str] = Field(default=[])
    known_as: list[Identifier] = Field(default=[])
    capacity: CapacityShape = CapacityShape()

    def build(self, key: str, calendar: str, default: CapacityShape) -> Person:
        """The person as everybody else knows them; `default` holds for what is not said of their capacity."""
        limits = {**default.model_dump(exclude_none=True), **self.capacity.model_dump(exclude_none=True)}
        return Person(
            key=key,
            name=self.name,
            slack=self.slack or "",
            role=self.role,
            calendar=calendar,
            zone=self.zone,
            on_call=self.on_call,
            leave=tuple(days.leave() for days in self.away),
            delegate=self.delegate,
            weight=self.weight,
            skills=frozenset(self.skills),
            accounts=frozenset(str(plain(one)) for one in self.accounts),
            known_as=frozenset(map(str, self.known_as)),
            capacity=Capacity(**limits),
        )


class TeamShape(Shape):
    """One team under `teams`."""

    name: str
    channel: str = Field(description=CHANNEL)
    manager: str
    members: list[str]
    calendar: str | None = None
    capacity: CapacityShape = CapacityShape()


class RouteShape(Shape):
    """One rule of routing."""

    label: str
    when: ConditionShape
    teams: list[str] = Field(default=[])
    skills: list[str] = Field(default=[])

    def build(self) -> Rule:
        """The rule as `route` takes it."""
        return Rule(self.label, self.when.build(), tuple(self.teams), frozenset(self.skills))


class RoutingShape(Shape):
    """Who gets which leads."""

    owner_field: str = "account_owner"
    rules: list[RouteShape] = Field(default=[])
    otherwise: list[str] = Field(default=[])

    def build(self) -> Routing:
        """The rules as `route` takes them."""
        return Routing(self.owner_field, tuple(rule.build() for rule in self.rules), tuple(self.otherwise))


class OverviewShape(Shape):
    """When and where the weekly overview appears."""

    channel: str = Field(description=CHANNEL)
    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    at: ClockTime = 9 * 60
    zone: str | None = None

    def build(self, default: ZoneInfo) -> Weekly:
        """The time as everybody else knows it."""
        return Weekly(self.channel, WEEKDAYS.index(self.day), self.at, ZoneInfo(self.zone) if self.zone else default)


def _unless_off(said: object) -> object:
    return None if said is False or said == "off" else said


def _or_off(schema: dict[str, Any]) -> None:
    schema["anyOf"].append({"enum": ["off", False]})


class PeopleFile(Shape):
    """people.yaml"""

    persons: dict[str, PersonShape] = Field(default={})
    teams: dict[str, TeamShape] = Field(default={})
    routing: RoutingShape = RoutingShape()
    feedback_channel: str | None = None
    ops_channel: str | None = None
    names_in: list[str] = Field(default=[])
    overview: Annotated[
        OverviewShape | None,
        BeforeValidator(_unless_off),
        Field(description=OVERVIEW, json_schema_extra=_or_off),
    ] = None

    def build(self, default: str) -> People:
        """The people as everybody else knows them; `default` is the calendar of those who have no other."""
        return People(
            {key: self._person(key, one, default) for key, one in self.persons.items()},
            {
                key: Team(key, team.name, team.channel, team.manager, tuple(team.members))
                for key, team in self.teams.items()
            },
            self.feedback_channel,
            self.ops_channel,
            frozenset(self.names_in),
        )

    def _person(self, key: str, one: PersonShape, default: str) -> Person:
        """A calendar is one's own, else that of one's team; a limit is one's own, else that of its members."""
        teams = self.teams.values()
        member = next((team for team in teams if key in team.members), None)
        team = member or next((team for team in teams if key == team.manager), None)
        calendar = one.calendar or (team and team.calendar) or default
        return one.build(key, calendar, member.capacity if member else CapacityShape())
