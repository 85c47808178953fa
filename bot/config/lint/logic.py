"""Whether a condition can hold at all, and whether one condition holds wherever another does. Used by the lints.

Decided by trial: for one field there are only so many values that the comparisons at hand can tell apart, and `judge`
is asked about each. Where that is too little to be sure (regular expressions, conditions that mix fields), the answer
is the harmless one: it can hold, it implies nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod
from string import ascii_lowercase

from bot.criteria.contact import country_code
from bot.criteria.definition import Derived
from bot.criteria.rules import AllOf, AnyOf, Condition, Not, Outcome, Test, fields_of, judge, plain
from bot.lead import LEAD_FIELDS, Value

EMAIL_KINDS = ("business", "free", "disposable", "invalid")
_PAIRS = (first + second for first in ascii_lowercase for second in ascii_lowercase)
COUNTRY_CODES = tuple(pair for pair in _PAIRS if country_code(pair) == pair.upper())
MOST_TEXTS = 5_000
_BETWEEN = "\x1f"
"""Stands between words in a text made up here; no word of a configuration holds it."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What is known of the fields: the values of those that have only so many, as `plain` makes them."""

    closed: Mapping[str, tuple[Value, ...]]

    @classmethod
    def of(cls, derived: Iterable[Derived]) -> "Fields":
        """The fields that every lead has, and the derived ones."""
        read_out = {"email_kind": EMAIL_KINDS, "country_code": COUNTRY_CODES}
        return cls({one.name: tuple(map(plain, one.values)) for one in derived if one.values} | read_out)

    def only_text(self, field: str) -> bool:
        """Whether the field is never a number, true or false."""
        return field in self.closed or field in LEAD_FIELDS or field == "email_domain"


@dataclass(frozen=True, slots=True)
class Only:
    """A lead of which one field is known."""

    known: Value

    def value(self, _key: str) -> Value:
        return self.known


def can_hold(condition: Condition, fields: Fields) -> bool:
    """Whether some lead meets the condition, as far as can be told."""
    condition = _spread(condition)
    alone, mixed = _by_field(_conjuncts(condition), fields)
    for field, parts in alone.items():
        values = samples(field, parts, (), fields)
        if values is not None and not any(_all_met(parts, value) for value in values):
            return False
    return all(any(can_hold(one, fields) for one in _disjuncts(part)) for part in mixed)


def always_holds(condition: Condition, fields: Fields) -> bool:
    """Whether every lead surely meets the condition, also one of which nothing is known."""
    condition = _spread(condition)
    if isinstance(condition, AllOf):
        return all(always_holds(part, fields) for part in condition.parts)
    choices, mixed = _by_field(_disjuncts(condition), fields)
    if any(_covered(field, (), parts, fields) for field, parts in choices.items()):
        return True
    return any(isinstance(part, AllOf) and always_holds(part, fields) for part in mixed)


def implies(one: Condition, other: Condition, fields: Fields) -> bool:
    """Whether `other` surely is met wherever `one` is."""
    one, other = _spread(one), _spread(other)
    if isinstance(one, AnyOf):
        return all(implies(part, other, fields) for part in one.parts)
    if isinstance(other, AllOf):
        return all(implies(one, part, fields) for part in other.parts)
    if any(isinstance(choice, AllOf) and implies(one, choice, fields) for choice in _disjuncts(other)):
        return True
    if any(choice in _conjuncts(one) for choice in (other, *_disjuncts(other))):
        return True
    alone, _ = _by_field(_conjuncts(one), fields)
    choices, _ = _by_field(_disjuncts(other), fields)
    return any(_covered(field, parts, choices.get(field, []), fields) for field, parts in alone.items())


def samples(
    field: str, present: Sequence[Condition], absent: Sequence[Condition], fields: Fields
) -> list[Value] | None:
    """Every value of `field` that these conditions can tell apart; None where those are too many.

    Words are looked for in texts made of them: those whose presence helps the conditions in `present` to hold, or
    those in `absent` to fail.
    """
    if field in fields.closed:
        return [*fields.closed[field], None]
    tests = [test for condition in (*present, *absent) for test, _ in _tests(condition)]
    texts = _texts(tests, [*_wanted(present, helps=True), *_wanted(absent, helps=False)])
    if texts is None or fields.only_text(field):
        return texts and [*texts, None]
    given = [value for test in tests for value in test.values]
    numbers = sorted({value for value in given if isinstance(value, int | float) and not isinstance(value, bool)})
    return [*texts, *_around(numbers), True, False, None]


def _covered(field: str, parts: Sequence[Condition], choices: Sequence[Condition], fields: Fields) -> bool:
    """Whether every value of `field` that meets all `parts` meets one of the `choices`."""
    values = samples(field, parts, choices, fields) if choices else None
    if values is None:
        return False
    return all(any(_all_met([one], value) for one in choices) for value in values if _all_met(parts, value))


def _all_met(parts: Iterable[Condition], value: Value) -> bool:
    return all(judge(part, Only(value)) is Outcome.MET for part in parts)


def _by_field(parts: Iterable[Condition], fields: Fields) -> tuple[dict[str, list[Condition]], list[Condition]]:
    """The parts that ask for one field alone, and those that ask for several. What cannot be tried is left out."""
    alone: dict[str, list[Condition]] = {}
    mixed: list[Condition] = []
    for part in parts:
        asked = set(fields_of(part))
        if len(asked) != 1:
            mixed.append(part)
        elif can_be_tried(field := asked.pop(), [part], fields):
            alone.setdefault(field, []).append(part)
    return alone, mixed


def can_be_tried(field: str, conditions: Iterable[Condition], fields: Fields) -> bool:
    """Whether there are values to try: what matches a regular expression can only be told of a known set."""
    tests = [test for condition in conditions for test in _tests(condition)]
    return field in fields.closed or not any(test.comparison == "matches" for test, _ in tests)


def _spread(condition: Condition, negated: bool = False) -> Condition:
    """What the same leads meet, with `not` before tests only, no list of one part, and none in one of its own kind."""
    match condition:
        case Not(part):
            return _spread(part, not negated)
        case Test():
            return Not(condition) if negated else condition
    kind = AnyOf if isinstance(condition, AnyOf) is not negated else AllOf
    parts = [_spread(part, negated) for part in condition.parts]
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,)))
    return flat[0] if len(flat) == 1 else kind(flat)


def _conjuncts(condition: Condition) -> Sequence[Condition]:
    """The conditions that must all hold for this one to hold."""
    return condition.parts if isinstance(condition, AllOf) else (condition,)


def _disjuncts(condition: Condition) -> Sequence[Condition]:
    """The conditions of which one must hold for this one to hold."""
    return condition.parts if isinstance(condition, AnyOf) else (condition,)


def _tests(condition: Condition, helps: bool = True) -> Iterator[tuple[Test, bool]]:
    """Every test, and whether it helps the condition to be met; below a `not` it hinders."""
    match condition:
        case Test():
            yield condition, helps
        case Not():
            yield from _tests(condition.part, not helps)
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from _tests(part, helps)


def _wanted(conditions: Iterable[Condition], helps: bool) -> Iterator[tuple[str, ...]]:
    for test, does in (found for condition in conditions for found in _tests(condition)):
        if test.comparison == "contains" and does is helps:
            yield tuple(value for value in test.values if isinstance(value, str))


def _texts(tests: Iterable[Test], words: Sequence[tuple[str, ...]]) -> list[Value] | None:
    """Every text that is named, one that is not, and every choice of one word or none from each list of words."""
    if prod(len(choice) + 1 for choice in words) > MOST_TEXTS:
        return None
    named: list[Value] = [value for test in tests for value in test.values if isinstance(value, str)]
    return [
        *named,
        *(_BETWEEN.join(filter(None, (*choice, _BETWEEN))) for choice in product(*(("", *w) for w in words))),
    ]


def _around(numbers: Sequence[int | float]) -> list[Value]:
    """These numbers, one between each two, and one beyond either end."""
    if not numbers:
        return [0]
    between = [middle for one, two in pairwise(numbers) for middle in ((one + two) / 2, (one + two) // 2)]
    return [numbers[0] - 1, *numbers, *between, numbers[-1] + 1]
