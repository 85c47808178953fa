"""Predicates over what is known of a lead, and the shape of the criteria built from them.

A predicate is met or it is not: what is unknown, blank or of the wrong type is never met, so a gap in the data
cannot make a lead look good. Pure; the configuration builds these records, `assess` reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard

from bot.lead import Lead, Value

Operator = Literal["equals", "in", "at_least", "at_most", "contains"]


@dataclass(frozen=True, slots=True)
class Predicate:
    """One test of one field or attribute. `values` are alternatives: any of them will do."""

    field: str
    operator: Operator
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class SignalRule:
    """What one signal of a type is worth. Zero is a statement too: known, and no evidence."""

    points: int
    label: str


@dataclass(frozen=True, slots=True)
class FitRule:
    """What it is worth that all of `when` hold."""

    when: tuple[Predicate, ...]
    points: int
    label: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """What makes an MQL: points per signal and per fact, one threshold, and the tier a crossing gets."""

    version: str
    threshold: int
    tier: str
    signals: Mapping[str, SignalRule]
    fit: tuple[FitRule, ...]


def met(predicate: Predicate, lead: Lead) -> bool:
    """Whether the lead is known to pass."""
    known = _plain(lead.value(predicate.field))
    if known is None:
        return False
    return any(_holds(predicate.operator, known, _plain(wanted)) for wanted in predicate.values)


def _plain(value: Value) -> Value:
    """A value as it is compared: text without case and outer blanks, and blank text as unknown."""
    return value.strip().casefold() or None if isinstance(value, str) else value


def _holds(operator: Operator, known: Value, wanted: Value) -> bool:
    match operator:
        case "equals" | "in":
            return _kind(known) == _kind(wanted) and known == wanted
        case "contains":
            return isinstance(known, str) and isinstance(wanted, str) and wanted in known
        case "at_least":
            return _is_number(known) and _is_number(wanted) and known >= wanted
        case "at_most":
            return _is_number(known) and _is_number(wanted) and known <= wanted


def _kind(value: Value) -> str:
    """Types that may be compared with one another; true is no number, whatever Python says."""
    return "number" if _is_number(value) else type(value).__name__


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
