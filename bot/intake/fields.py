"""The single fields of incoming leads: what each may hold, and what a wrong one is told.

A rule about incoming data changes here and in docs/intake.md; payload.py puts the fields together. Whatever passes
can be stored on both databases.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)

from bot.lead import Value

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=10)
MOST_TEXT = 4_000
MOST_VALUE = 10**12
"""What a signal's value stays below, so that the hundredths of a day's values can be added up exactly."""

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
NO_UNICODE = "holds NUL or half a surrogate pair; expected characters of Unicode"
_NO_INK = r"\s\x00-\x1f\x7f-\x9f"
_EMAIL = re.compile(rf"[^@{_NO_INK}]+@[^@.{_NO_INK}]+(\.[^@.{_NO_INK}]+)+")
_AMOUNT = "a number of at most 12 digits, or null"
_VALUES = f"text of at most {MOST_TEXT:,} characters, a number of at most 18 digits, true, false or null"


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL, and no database what UTF-8 cannot say."""
    if UNSTORABLE.search(text):
        raise ValueError(NO_UNICODE)
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


def _amount(given: object) -> float | None:
    """Strictly a number: a text, or true, is a mistake of the sender."""
    if given is None or (isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < MOST_VALUE):
        return given  # neither infinity nor NaN passes
    raise ValueError(f"cannot be the value of a signal; expected {_AMOUNT}")


_VALUE_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "maxLength": MOST_TEXT},
        {"type": "number", "exclusiveMinimum": -(10**18), "exclusiveMaximum": 10**18},
        {"type": "boolean"},
        {"type": "null"},
    ]
}

_AMOUNT_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": -MOST_VALUE, "exclusiveMaximum": MOST_VALUE},
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
Amount = Annotated[float | None, PlainValidator(_amount), WithJsonSchema(_AMOUNT_SCHEMA)]
