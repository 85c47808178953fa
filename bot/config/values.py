"""Values that several files of the configuration write alike: durations, whole days, plain scalars.

Each is a type with the words for what is expected and the pattern for editors. The mapping files of intake borrow
`Duration`.
"""

import re
from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

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
