"""What a lead looks like on its way in, strictly: its shape, and in words what is wrong with one.

Every door that brings leads reads them through `read`; fields.py has the bounds of single fields. Knows no door and no
database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from bot.intake.fields import (
    NO_UNICODE,
    UNSTORABLE,
    Amount,
    AttributeName,
    AttributeValue,
    Email,
    Key,
    Label,
    Moment,
    Origin,
    Text,
)
from bot.lead import Lead, Signal
from bot.moves.receive import Incoming
from bot.yamlfile import Shape, shown

MOST_FAULTS = 20
"""Of one lead. Whoever has made more mistakes than that has made one of them many times."""


class SignalIn(Shape):
    """One dated engagement event. `id` is the sender's own, and makes the signal count once.

    `value` says how much of it there was: minutes watched, seats invited.
    """

    id: Key
    type: Key
    at: Moment
    note: Text | None = None
    value: Amount = None

    def signal(self) -> Signal:
        """The signal as `receive` takes it."""
        return Signal(self.id, self.type, self.at, self.note, self.value)


class LeadIn(Shape):
    """One lead with what is new of it: known by `email`, or by `origin` and `external_id`, or by all three."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["email"], "properties": {"email": {"type": "string"}}},
                {
                    "required": ["origin", "external_id"],
                    "properties": {"origin": {"type": "string"}, "external_id": {"type": "string"}},
                },
            ]
        }
    )

    email: Email | None = None
    origin: Origin | None = None
    external_id: Key | None = None
    name: Text | None = None
    company: Text | None = None
    title: Text | None = None
    phone: Text | None = None
    country: Text | None = None
    source: Label | None = None
    campaign: Label | None = None
    attributes: dict[AttributeName, AttributeValue] = Field(default={}, max_length=200)
    signals: list[SignalIn] = Field(default=[], max_length=1_000)

    @model_validator(mode="after")
    def _is_known_by_something(self) -> "LeadIn":
        if self.email or (self.origin and self.external_id):
            return self
        raise ValueError("nothing says who this is; expected email, or origin and external_id")

    def incoming(self) -> Incoming:
        """The lead and its signals as `receive` takes them."""
        fields = self.model_dump(exclude={"signals"})
        return Incoming(Lead(**fields), tuple(one.signal() for one in self.signals))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one lead. `field` is a path such as signals.2.at; empty for the lead as a whole."""

    field: str
    problem: str


def read(item: object, now: datetime) -> Incoming:
    """One lead, from what its JSON says. `now` is UTC. Raises pydantic's ValidationError; `faults` words it."""
    return LeadIn.model_validate(item, context={"now": now}).incoming()


def faults(error: ValidationError) -> list[Fault]:
    """What is wrong with one lead, for the person who sent it; at most `MOST_FAULTS`, and then how many more."""
    details = error.errors(include_url=False)
    found = [Fault(_field(detail), _problem(detail)) for detail in details[:MOST_FAULTS]]
    rest = len(details) - len(found)
    return [*found, Fault("", f"and {rest:,} faults more")] if rest else found


def _field(detail: ErrorDetails) -> str:
    """The path to the fault, as far as it can be written down again."""
    path = ".".join(_path(detail))
    return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", path)[:300]


def _path(detail: ErrorDetails) -> Iterator[str]:
    for place, part in enumerate(detail["loc"]):
        if (place, part) != (2, "[key]"):  # pydantic's mark for a fault in an attribute's name
            yield str(part)


_EXPECTED = {
    "string_type": "text",
    "string_too_long": "at most {max_length:,} characters",
    "string_too_short": "at least one character that is not blank",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "too_long": "at most {max_length:,} entries",
}


def _problem(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        shape = SignalIn if detail["loc"][0] == "signals" and len(detail["loc"]) > 1 else LeadIn
        return f"unknown key; expected one of {', '.join(shape.model_fields)}"
    if kind == "string_unicode":
        return NO_UNICODE
    if kind == "value_error":
        words = str(context["error"])
        return f"{shown(detail['input'])} {words}" if detail["loc"] else words
    expected = _EXPECTED[kind].format(**context) if kind in _EXPECTED else detail["msg"]
    return f"got {shown(detail['input'])}, expected {expected}"
