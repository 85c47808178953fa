"""What a condition can get wrong: values that its field never has, comparisons that exclude each other. For `lint`."""

from collections.abc import Iterator
from difflib import get_close_matches

import re2

from bot.config.conditions import IGNORE_CASE, ConditionShape
from bot.config.lint.logic import Fields, always_holds, can_hold
from bot.config.lint.words import repeats
from bot.criteria.contact import country_code
from bot.criteria.rules import Comparison
from bot.lead import Value
from bot.yamlfile import Document, Fault, KeyPath, shown

GIVEN = "{given}"
"""Stands in a problem for the value as it was written."""
_ORDER = {"at_least", "at_most", "above", "below"}
_QUIET = re2.Options()
_QUIET.log_errors = False


def lint_condition(document: Document, keys: KeyPath, shape: ConditionShape, fields: Fields) -> Iterator[Fault]:
    """Every fault of the condition that stands under `keys`. What holds it apart from its parts is asked last."""
    found = [*_parts(document, keys, shape, fields), *_comparisons(document, keys, shape, fields)]
    yield from found
    if found:
        return
    if not can_hold(shape.build(), fields):
        yield document.fault(f"can never hold: {_why(document, keys, shape)}", *keys)
    elif always_holds(shape.build(), fields):
        yield document.fault("holds for every lead; expected something that can be otherwise", *keys)


def _parts(document: Document, keys: KeyPath, shape: ConditionShape, fields: Fields) -> Iterator[Fault]:
    for key, parts in (("all", shape.all_), ("any", shape.any_)):
        if parts == []:
            yield document.fault("is empty; expected at least one condition", *keys, key)
        for place, part in enumerate(parts or []):
            yield from lint_condition(document, (*keys, key, place), part, fields)
    if shape.not_:
        yield from lint_condition(document, (*keys, "not"), shape.not_, fields)


def _why(document: Document, keys: KeyPath, shape: ConditionShape) -> str:
    if shape.not_:
        return "what it excludes is always so, or never known; expected something that can be otherwise"
    if shape.all_:
        return "its conditions exclude each other; expected conditions that can hold together"
    wanted = " and ".join(f"{name} {shown(document.at(*keys, name))}" for name in shape.comparisons())
    return f"{wanted} exclude each other; expected comparisons that can hold together"


def _comparisons(document: Document, keys: KeyPath, shape: ConditionShape, fields: Fields) -> Iterator[Fault]:
    if shape.field is not None and not shape.field.strip():
        yield document.fault("is blank; expected a field or attribute of a lead", *keys, "field")
    for name, values in shape.comparisons().items():
        if not values:
            yield document.fault("is empty; expected at least one value", *keys, name)
        listed = isinstance(document.at(*keys, name), list)
        for place, value in enumerate(values):
            at = (*keys, name, *([place] if listed else []))
            problem = _problem(shape.field or "", name, value, fields)
            if problem:
                yield document.fault(problem.replace(GIVEN, f"got {shown(document.at(*at))}"), *at)
        if listed:
            yield from repeats(document, [((*keys, name, place), value) for place, value in enumerate(values)])


def _problem(field: str, name: Comparison, value: Value, fields: Fields) -> str | None:
    """What is wrong with one value of a comparison, in words; None where nothing is."""
    if name == "is_blank":
        return None
    if name == "matches":
        return _expression(str(value))
    if value is None:
        return "is blank, which no comparison meets; expected a value, or is_blank"
    if fields.only_text(field) and not isinstance(value, str):
        what = "a comparison of texts" if name in _ORDER else "a text"
        return f"{GIVEN}, but {field} is text; expected {what}"
    if field == "email_domain" and "@" in str(value):
        return f"{GIVEN}, expected what follows the @, such as example.com"
    return _outside(field, name, str(value), fields) if field in fields.closed else None


def _expression(written: str) -> str | None:
    if not written.removeprefix(IGNORE_CASE).strip():
        return "is blank, which every text matches; expected a regular expression"
    try:
        re2.compile(written, _QUIET)
    except re2.error as error:
        why = error.args[0].decode(errors="replace").replace(IGNORE_CASE, "")
        return f"{GIVEN}, which is no regular expression: {why}; expected one in the syntax of RE2"
    return None


def _outside(field: str, name: Comparison, value: str, fields: Fields) -> str | None:
    """A value that is not among those a field can have."""
    known = [str(one) for one in fields.closed[field]]
    if value in known or (name == "contains" and any(value in one for one in known)):
        return None
    if field == "country_code":
        return f"{GIVEN}, expected the ISO 3166 code of a country, such as {country_code(value) or 'GB'}"
    like = get_close_matches(value, known, 1)
    return f"{GIVEN}, which {field} never is; expected {like[0] if like else 'one of ' + ', '.join(known)}"
