"""What a lead looks like on its way in, strictly: its shape, its bounds, and in words what is wrong with one.

Every door that brings leads reads them through `read`, so a rule about incoming data changes here and in
docs/intake.md. Knows no door and no database; whatever passes can be stored on both of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails

from bot.lead import Lead, Signal, Value
from bot.moves.receive import Incoming
from bot.yamlfile import Shape, shown

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=10)
MOST_TEXT = 4_000
MOST_FAULTS = 20
"""Of one lead. Whoever has made more mistakes than that has made one of them many times."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_NO_UNICODE = "holds NUL or half a surrogate pair; expected characters of Unicode"
_NO_INK = r"\s\x00-\x1f\x7f-\x9f"
_EMAIL = re.compile(rf"[^@{_NO_INK}]+@[^@.{_NO_INK}]+(\.[^@.{_NO_INK}]+)+")
_VALUES = f"text of at most {MOST_TEXT:,} characters, a number of at most 18 digits, true, false or null"


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL, and no database what UTF-8 cannot say."""
    if _UNSTORABLE.search(text):
        raise ValueError(_NO_UNICODE)
    return text


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError("is no e-mail address; expected one such as ada@example.com")
    return text


def _origin(text: str) -> str:
    """A lead is found by the name `id:<origin>:<external id>`, which a colon here would make ambiguous."""
    if ":" in text:
        raise ValueError("holds a colon; expected a plain name such as hubspot")
    return text


def _moment(given: object, info: ValidationInfo) -> datetime:
    """An ISO 8601 text, or a datetime from a door that has read one already; UTC comes out."""
    try:
        moment = datetime.fromisoformat(given.upper()) if isinstance(given, str) else given
    except ValueError:
        moment = None
    if not isinstance(moment, datetime):
        raise ValueError("is no date; expected ISO 8601 with a time zone")
    if moment.tzinfo is None:
        raise ValueError("has no time zone; expected ISO 8601 with one, such as 2026-11-30T09:00:00Z")
    now: datetime = (info.context or {})["now"]
    if not EARLIEST <= moment <= now + AHEAD:
        raise ValueError(f"is out of range; expected a time from {EARLIEST.year} to {AHEAD.days} days ahead")
    return moment.astimezone(UTC)


def _value(given: object) -> Value:
    """By hand, because a union would complain once for each of its members."""
    match given:
        case None | bool():
            return given
        case int() | float() if abs(given) < 10**18:  # neither infinity nor NaN passes
            return given
        case str() if len(given) <= MOST_TEXT:
            return _storable(given)
    raise ValueError(f"cannot be a value; expected {_VALUES}")


_VALUE_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "maxLength": MOST_TEXT},
        {"type": "number", "exclusiveMinimum": -(10**18), "exclusiveMaximum": 10**18},
        {"type": "boolean"},
        {"type": "null"},
    ]
}

Text = Annotated[str, Field(max_length=MOST_TEXT), AfterValidator(_storable)]
Label = Annotated[str, Field(max_length=255), AfterValidator(_storable)]
"""A name by which leads are grouped: it stands in indexes, which PostgreSQL bounds."""
Key = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=255),
    AfterValidator(_storable),
    Field(json_schema_extra={"pattern": r"[^\s\x85]"}),
]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(_storable),
    AfterValidator(_email),
    Field(json_schema_extra={"pattern": f"^{_EMAIL.pattern}$"}),
]
Origin = Annotated[Key, AfterValidator(_origin), Field(json_schema_extra={"pattern": r"^[^:]*[^:\s\x85][^:]*$"})]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment, json_schema_input_type=Annotated[str, Field(json_schema_extra={"format": "date-time"})]),
]
AttributeName = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_storable)]
AttributeValue = Annotated[Value, PlainValidator(_value), WithJsonSchema(_VALUE_SCHEMA)]


class SignalIn(Shape):
    """One dated engagement event. `id` is the sender's own, and makes the signal count once."""

    id: Key
    type: Key
    at: Moment
    note: Text | None = None


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
        return Incoming(Lead(**fields), tuple(Signal(one.id, one.type, one.at, one.note) for one in self.signals))


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
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", path)[:300]


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
        return _NO_UNICODE
    if kind == "value_error":
        words = str(context["error"])
        return f"{shown(detail['input'])} {words}" if detail["loc"] else words
    expected = _EXPECTED[kind].format(**context) if kind in _EXPECTED else detail["msg"]
    return f"got {shown(detail['input'])}, expected {expected}"
