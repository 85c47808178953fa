"""Conditions on what is known of a lead, and their outcome: met, missed, unknown, or a value of the wrong type.

What is not known is neither met nor missed, and `not` does not change that: a gap in the data can make a lead look
neither good nor bad. Pure; the configuration builds conditions, `score` asks them.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import isfinite
from typing import Any, Literal, Protocol, get_args

import re2

from bot.lead import Value

Comparison = Literal["equals", "in", "at_least", "at_most", "above", "below", "contains", "matches", "is_blank"]
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
LONGEST = 1_000
"""Characters of a text that are looked at. A title longer than that is no title."""


class Outcome(StrEnum):
    """What came of a condition."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"
    WRONG_TYPE = "wrong type"


MET, MISSED, UNKNOWN, WRONG_TYPE = Outcome  # plain names: enums look up slowly, and an assessment asks often


class Known(Protocol):
    """Anything that says what is known under a key: None where nothing is. Texts come as `plain` makes them."""

    def value(self, key: str, /) -> Value: ...


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of one field. `values` are alternatives, any of them will do; texts among them are `plain`."""

    field: str
    comparison: Comparison
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part must hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: "Condition"


Condition = Test | AllOf | AnyOf | Not


def judge(condition: Condition, known: Known) -> Outcome:
    """What comes of `condition` for what is `known`: Kleene's logic, in which a wrong type is a kind of unknown."""
    match condition:
        case Test():
            return _test(condition, known.value(condition.field))
        case AllOf():
            return _first(_IN_ALL, [judge(part, known) for part in condition.parts])
        case AnyOf():
            return _first(_IN_ANY, [judge(part, known) for part in condition.parts])
        case Not():
            return _OPPOSITE[judge(condition.part, known)]


def plain(value: Value) -> Value:
    """A value as it is compared: text without case and outer blanks and not endless, and blank text as unknown."""
    return value[:LONGEST].strip().casefold() or None if isinstance(value, str) else value


def fields_of(condition: Condition) -> Sequence[str]:
    """Every field that a condition asks for."""
    match condition:
        case Test():
            return [condition.field]
        case Not():
            return fields_of(condition.part)
        case AllOf() | AnyOf():
            return [field for part in condition.parts for field in fields_of(part)]


_IN_ALL = (MISSED, WRONG_TYPE, UNKNOWN, MET)
_IN_ANY = (MET, WRONG_TYPE, UNKNOWN, MISSED)
_OPPOSITE = {
    MET: MISSED,
    MISSED: MET,
    UNKNOWN: UNKNOWN,
    WRONG_TYPE: WRONG_TYPE,
}


def _first(order: Sequence[Outcome], outcomes: Sequence[Outcome]) -> Outcome:
    return next((one for one in order if one in outcomes), order[-1])


def _test(test: Test, value: Value) -> Outcome:
    if test.comparison == "is_blank":
        return MET if (value is None) == test.values[0] else MISSED
    if value is None:
        return UNKNOWN
    takes, holds = _COMPARE[test.comparison]
    alike = () if type(value) is float and not isfinite(value) else takes.get(type(value), ())
    comparable = [wanted for wanted in test.values if type(wanted) in alike]
    if not comparable:
        return WRONG_TYPE
    for wanted in comparable:
        if holds(value, wanted):
            return MET
    return MISSED


@cache
def _expression(pattern: str) -> Any:
    """A pattern ready to be searched for in texts without case: letters such as ß are folded as they are there.

    RE2, because the texts come from outside: it takes time in proportion to their length, whatever the pattern.
    """
    return re2.compile(re.sub(r"[^\x00-\x7f]", lambda letter: letter[0].casefold(), pattern))


def _matches(text: str, pattern: str) -> bool:
    return _expression(pattern).search(text.encode(errors="surrogatepass")) is not None


# For each type of value, the types it can be compared with. True is no number; NaN and infinity are none either.
_TEXTS: dict[type, Sequence[type]] = {str: (str,)}
_NUMBERS: dict[type, Sequence[type]] = dict.fromkeys((int, float), (int, float))
_ANY = _TEXTS | _NUMBERS | {bool: (bool,)}

# Each: the types it takes, and whether it holds for a value and one of the values that are wanted.
_COMPARE: dict[str, tuple[Mapping[type, Sequence[type]], Callable[[Any, Any], bool]]] = {
    "equals": (_ANY, operator.eq),
    "in": (_ANY, operator.eq),
    "at_least": (_NUMBERS, operator.ge),
    "at_most": (_NUMBERS, operator.le),
    "above": (_NUMBERS, operator.gt),
    "below": (_NUMBERS, operator.lt),
    "contains": (_TEXTS, operator.contains),
    "matches": (_TEXTS, _matches),
}
