"""The shapes of people.yaml, sla.yaml and reasons.yaml, and what each becomes; criteria.yaml has its own file.

A shape says which keys there are and of what type; whether what they say makes sense is `lint`'s question. Keys
are documented in docs/criteria.md. `load` and the lints work on these classes; intake borrows `Duration` alone.
"""

import re
from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from bot.clock.ladder import Rung, Sla, StepKind
from bot.handoff.reasons import Consequence, Family, FollowUp, FollowUpKind, Reason
from bot.lead import People, Person, Role, Team
from bot.yamlfile import Shape

DURATION = "a duration such as 30s, 15m, 4h, 2d or 1w"
DAYS = "whole days, such as 30d or 2w, at most ten years"
WAIT = "whole days, such as 30d or 2w, at most ten years, or never"
LONGEST_SPAN = 3650
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: object) -> timedelta:
    """`4h` as a time span. One number and one unit: a sum of two is harder to read than it is to write."""
    found = re.fullmatch(r"([1-9][0-9]{0,3})([smhdw])", text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"expected {DURATION}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def days(text: object) -> int:
    """`2w` as a number of days."""
    with suppress(ValueError):
        span = duration(text)
        if str(text)[-1] in "dw" and span.days <= LONGEST_SPAN:
            return span.days
    raise ValueError(f"expected {DAYS}")


def _wait(text: object) -> int | str:
    if text == "never":
        return "never"
    try:
        return days(text)
    except ValueError:
        raise ValueError(f"expected {WAIT}") from None


def _text(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^({pattern})$"})


_TEN_YEARS = (
    "([1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-4][0-9]|3650)d|([1-9][0-9]?|[1-4][0-9]{2}|5[01][0-9]|52[01])w"
)
Duration = Annotated[timedelta, BeforeValidator(duration), _text("[1-9][0-9]{0,3}[smhdw]"), Field(description=DURATION)]
Days = Annotated[int, BeforeValidator(days), _text(_TEN_YEARS), Field(description=DAYS)]
Wait = Annotated[int | Literal["never"], BeforeValidator(_wait), _text(f"never|{_TEN_YEARS}"), Field(description=WAIT)]
Scalar = Annotated[str | int | float | bool, Field(description="text, a number, true or false")]
Number = Annotated[int | float, Field(description="a number")]


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
    recycle_after: Wait | None = None

    def build(self, code: str) -> Reason:
        """The reason as the dialog and the crossing rules take it."""
        return Reason(code, self.label, self.family, self.follow_up.build(), self.consequence, self.recycle_after)


class ReasonsFile(Shape):
    """reasons.yaml"""

    reasons: dict[str, ReasonShape]

    def build(self) -> dict[str, Reason]:
        """The reasons by code, in the order of the file."""
        return {code: reason.build(code) for code, reason in self.reasons.items()}
