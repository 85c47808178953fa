"""The shapes of the four configuration files, and what each becomes.

A shape says which keys there are and of what type; whether what they say makes sense is `lint`'s question. Keys
are documented in docs/criteria.md. `load` and the lints work on these classes; intake borrows `Duration` alone.
"""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.clock.ladder import Rung, Sla, StepKind
from bot.criteria.rules import Criteria, FitRule, Operator, Predicate, SignalRule
from bot.handoff.reasons import Consequence, Family, FollowUp, FollowUpKind, Reason
from bot.lead import People, Person, Role, Team
from bot.yamlfile import Shape

DURATION = "a duration such as 30s, 15m, 4h, 2d or 1w"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: object) -> timedelta:
    """`4h` as a time span. One number and one unit: a sum of two is harder to read than it is to write."""
    found = re.fullmatch(r"([1-9]\d{0,3})([smhdw])", text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"expected {DURATION}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _within_reason(points: int) -> int:
    if abs(points) > 10_000:
        raise ValueError("expected a whole number from -10000 to 10000")
    return points


Duration = Annotated[timedelta, BeforeValidator(duration), Field(description=DURATION)]
Points = Annotated[int, Field(description="a whole number"), AfterValidator(_within_reason)]
Scalar = Annotated[str | int | float | bool, Field(description="text, a number, true or false")]
Number = Annotated[int | float, Field(description="a number")]


class SignalShape(Shape):
    """One type of signal under `signals`."""

    points: Points
    label: str


class When(Shape):
    """The test of a fit rule: one field and at least one operator; with several, all must hold."""

    field: str
    equals: Scalar | None = None
    in_: list[Scalar] | None = Field(default=None, alias="in")
    at_least: Number | None = None
    at_most: Number | None = None
    contains: str | list[str] | None = Field(default=None, description="text or a list of texts")

    def predicates(self) -> tuple[Predicate, ...]:
        """One predicate for each operator that is there."""
        contains = [self.contains] if isinstance(self.contains, str) else self.contains
        given: tuple[tuple[Operator, list[Scalar] | list[str] | None], ...] = (
            ("equals", _listed(self.equals)),
            ("in", self.in_),
            ("at_least", _listed(self.at_least)),
            ("at_most", _listed(self.at_most)),
            ("contains", contains),
        )
        return tuple(Predicate(self.field, name, tuple(values)) for name, values in given if values is not None)


def _listed(value: Scalar | None) -> list[Scalar] | None:
    return None if value is None else [value]


class FitShape(Shape):
    """One rule under `fit`."""

    when: When
    points: Points
    label: str


class CriteriaFile(Shape):
    """criteria.yaml"""

    threshold: int
    tier: str
    signals: dict[str, SignalShape]
    fit: list[FitShape] = Field(default=[])

    def build(self, version: str) -> Criteria:
        """The criteria as `assess` takes them."""
        signals = {key: SignalRule(rule.points, rule.label) for key, rule in self.signals.items()}
        fit = tuple(FitRule(rule.when.predicates(), rule.points, rule.label) for rule in self.fit)
        return Criteria(version, self.threshold, self.tier, signals, fit)


class PersonShape(Shape):
    """One person under `persons`."""

    name: str
    slack: str
    role: Role


class TeamShape(Shape):
    """One team under `teams`."""

    name: str
    channel: str
    manager: str
    members: list[str]


class PeopleFile(Shape):
    """people.yaml"""

    persons: dict[str, PersonShape] = Field(default={})
    teams: dict[str, TeamShape] = Field(default={})
    feedback_channel: str | None = None

    def build(self) -> People:
        """The people as everybody else knows them."""
        persons = {key: Person(key, one.name, one.slack, one.role) for key, one in self.persons.items()}
        teams = {
            key: Team(key, team.name, team.channel, team.manager, tuple(team.members))
            for key, team in self.teams.items()
        }
        return People(persons, teams, self.feedback_channel)


class RungShape(Shape):
    """One step of a ladder."""

    after: Duration
    step: StepKind


class TierShape(Shape):
    """The SLA of one tier."""

    due: Duration
    ladder: list[RungShape]

    def build(self) -> Sla:
        """The SLA as the clock takes it."""
        return Sla(self.due, tuple(Rung(rung.after, rung.step) for rung in self.ladder))


class SlaFile(Shape):
    """sla.yaml"""

    undo_minutes: int = 10
    cards_per_hour: int = 20
    tiers: dict[str, TierShape]


class FollowUpShape(Shape):
    """The one question a reason asks."""

    kind: FollowUpKind
    label: str
    options: dict[str, str] = Field(default={})
    min_length: int | None = None

    def build(self) -> FollowUp:
        """The question as the modal draws it."""
        return FollowUp(self.kind, self.label, tuple(self.options.items()), self.min_length or 1)


class ReasonShape(Shape):
    """One code under `reasons`."""

    label: str
    family: Family
    follow_up: FollowUpShape
    consequence: Consequence = "reject"


class ReasonsFile(Shape):
    """reasons.yaml"""

    reasons: dict[str, ReasonShape]

    def build(self) -> dict[str, Reason]:
        """The reasons by code, in the order of the file."""
        return {
            code: Reason(code, reason.label, reason.family, reason.follow_up.build(), reason.consequence)
            for code, reason in self.reasons.items()
        }
