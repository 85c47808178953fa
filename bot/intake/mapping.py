"""Mapping files: which column of a CSV file says what about a lead. docs/import.md explains every key.

A reference to a column is its name, or a map where a constant, a format or a time zone is meant. Shapes only, and
what can be wrong with them before a file is opened; `leads.py` and `history.py` read rows by them.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from bot.config.values import Duration
from bot.handoff.imported import Fact
from bot.handoff.reasons import NOT_RECORDED
from bot.intake.cells import AttributeCell, Cell, NumberCell, Time
from bot.yamlfile import KeyPath, Page, Shape, parse, read


def _named(given: object) -> object:
    return {"column": given} if isinstance(given, str) else given


A_CELL = "a column, or {value: a constant}"
Text = Annotated[Cell, BeforeValidator(_named), Field(description=A_CELL)]
Attribute = Annotated[AttributeCell, BeforeValidator(_named), Field(description=A_CELL)]
Number = Annotated[NumberCell, BeforeValidator(_named), Field(description=A_CELL)]
At = Annotated[Time, BeforeValidator(_named), Field(description="a column of times, or {column, format, timezone}")]


class LeadShape(Shape):
    """Who the row is about, and what it says of them."""

    email: Text | None = None
    origin: Text | None = None
    external_id: Text | None = None
    name: Text | None = None
    company: Text | None = None
    title: Text | None = None
    phone: Text | None = None
    country: Text | None = None
    source: Text | None = None
    campaign: Text | None = None
    attributes: dict[str, Attribute] = Field(default={})

    @cached_property
    def fields(self) -> dict[str, Cell]:
        """The fields that are mapped, but for the attributes."""
        return {name: value for name in type(self).model_fields if isinstance(value := getattr(self, name), Cell)}

    @model_validator(mode="after")
    def _names_somebody(self) -> "LeadShape":
        if self.email or (self.origin and self.external_id):
            return self
        raise ValueError("nothing says who the lead is; expected email, or origin and external_id")


class SignalShape(Shape):
    """One engagement event per row. Without `id`, type, time and note make one."""

    type: Text
    at: At
    id: Text | None = None
    note: Text | None = None
    value: Number | None = None


class Stage(Time):
    """A time after Accept. The old system may have kept no time of the acceptance itself."""

    implies_accepted: Literal["time unknown"] | None = None


class Rejection(Shape):
    """A rejection or disqualification. `codes` translates the old system's codes."""

    at: At
    code: Text
    codes: dict[str, str] = Field(default={})
    follow_up: Annotated[
        Literal["not recorded"] | Text, Field(description="a column, {value: a constant}, or not recorded")
    ]

    def answer(self, cells: dict[str, str]) -> str:
        """The follow-up in this row, which a blank cell or the mapping may say nobody recorded."""
        found = self.follow_up.of(cells) if isinstance(self.follow_up, Cell) else None
        return found or NOT_RECORDED


class Disqualification(Rejection):
    """After contact, so it may imply acceptance as the other stages do."""

    implies_accepted: Literal["time unknown"] | None = None


class Patience(Shape):
    """How long after the hand-over silence is read as expiry."""

    expired_after: Duration


Later = Annotated[Stage, BeforeValidator(_named), Field(description="a column of times, or a map with column")]


class Map(Shape):
    """What both kinds of mapping files share."""

    delimiter: str = Field(default=",", min_length=1, max_length=1, description="one character")
    lead: LeadShape


class LeadsMap(Map):
    """The mapping of `baton import leads`."""

    signal: SignalShape | None = None


class HistoryMap(Map):
    """The mapping of `baton import history`: the facts, and who was concerned."""

    handed_off: At | None = None
    accepted: At | None = None
    rejected: Rejection | None = None
    expired: At | None = None
    qualified: Later | None = None
    disqualified: Disqualification | None = None
    won: Later | None = None
    lost: Later | None = None
    owner: Text | None = None
    team: Text | None = None
    by: Text | None = None
    tier: Text | None = None
    due: At | None = None
    undecided: Literal["open", "expired"] | Patience = Field(
        default="open", description="open, expired or {expired_after: 14d}"
    )

    @cached_property
    def facts(self) -> dict[Fact, "Time | Rejection"]:
        """The facts that are mapped."""
        return {fact: mapped for fact in Fact if (mapped := getattr(self, fact.value))}

    @model_validator(mode="after")
    def _says_something(self) -> "HistoryMap":
        if not self.facts:
            raise ValueError(f"no column says what happened; expected one of {', '.join(Fact)}")
        stages = {"qualified": self.qualified, "disqualified": self.disqualified, "won": self.won, "lost": self.lost}
        for name, stage in stages.items():
            if stage and not self.accepted and not stage.implies_accepted:
                raise ValueError(f"{name}: {UNACCEPTED}")
        return self


UNACCEPTED = "nothing says accepted; expected a column for accepted, or implies_accepted: time unknown"

MapT = TypeVar("MapT", bound=Map)


def load(path: Path, shape: type[MapT]) -> Page[MapT]:
    """The mapping file at `path`; Faults with file, line and key of everything that is wrong in it."""
    document = read(path)
    return Page(document, parse(document, shape))


def columns(shape: Shape, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Every column a mapping asks for, with the key path that asks."""
    if isinstance(shape, Cell | Time) and shape.column is not None:
        yield path, shape.column
    for name in type(shape).model_fields:
        value: Any = getattr(shape, name)
        if isinstance(value, Shape):
            yield from columns(value, (*path, name))
        elif isinstance(value, dict):
            for key, item in value.items():
                if isinstance(item, Shape):
                    yield from columns(item, (*path, name, key))
