"""Cells: how one cell of a CSV file is read, as text, as an attribute's value or as a time.

A mapping file says which of these a field is; mapping.py puts them together. A ValueError here says what was expected.
"""

from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from bot.lead import Value
from bot.yamlfile import Shape

ISO = "ISO 8601"
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Cell(Shape):
    """Where a text comes from: a column, or a constant for all rows."""

    column: str | None = None
    value: str | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> "Cell":
        if (self.column is None) == (self.value is None):
            raise ValueError("expected either column or value")
        return self

    def of(self, cells: dict[str, str]) -> str | None:
        """The text in this row, without outer blanks; None where there is none."""
        found = self.value if self.column is None else cells[self.column]
        return (found or "").strip() or None


class AttributeCell(Cell):
    """The same for an attribute, which may be meant as a number or as true and false."""

    as_: Literal["text", "number", "boolean"] = Field(default="text", alias="as")

    def typed(self, cells: dict[str, str]) -> Value:
        """The value in this row; ValueError says what was expected instead."""
        text = self.of(cells)
        if text is None or self.as_ == "text":
            return text
        if self.as_ == "boolean":
            if text.lower() not in TRUTHS:
                raise ValueError(f"expected one of {', '.join(TRUTHS)}")
            return TRUTHS[text.lower()]
        return _number(text)


class NumberCell(Cell):
    """The same for what is always a number."""

    def number(self, cells: dict[str, str]) -> float | None:
        """The number in this row; ValueError says what was expected instead."""
        text = self.of(cells)
        return None if text is None else _number(text)


def _number(text: str) -> int | float:
    try:
        return float(text) if set(text) & set(".eE") else int(text)
    except ValueError:
        raise ValueError("expected a number such as 250 or 12.5") from None


class Time(Shape):
    """A column of times. What names no zone itself is read in `timezone`; a day alone is its first moment."""

    column: str
    format: str = ISO
    timezone: str = "UTC"

    @field_validator("format")
    @classmethod
    def _can_be_read(cls, pattern: str) -> str:
        if pattern == ISO:
            return pattern
        try:
            sample = datetime(2024, 2, 29, tzinfo=UTC).strftime(pattern)
            datetime.strptime(sample, pattern)
        except ValueError:
            sample = pattern
        if sample == pattern:
            raise ValueError(f'expected {ISO}, or a pattern such as "%d.%m.%Y %H:%M"')
        return pattern

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("expected a time zone such as UTC or Europe/Berlin") from None

    def of(self, cells: dict[str, str]) -> datetime | None:
        """The moment in this row, in UTC; None where the cell is blank. ValueError says what was expected instead."""
        text = cells[self.column].strip()
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text) if self.format == ISO else datetime.strptime(text, self.format)
            local = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(self.timezone))
            return local.astimezone(UTC)
        except (ValueError, OverflowError):
            expected = "an ISO 8601 date or time" if self.format == ISO else f"a time written as {self.format}"
            raise ValueError(f"expected {expected}") from None
