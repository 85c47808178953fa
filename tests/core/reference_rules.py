"""What is known of a lead and what a condition on it comes to, once more and plainly: the first half of `reference`.

What mail domains, phone numbers and countries are is not judged again: `KINDS`, `DOMAINS` and `CODES` say it of the
few that the tests use.
"""

import math
import re
from fractions import Fraction

from bot.criteria.definition import Derived
from bot.criteria.rules import AllOf, AnyOf, Condition, Not, Outcome, Test
from bot.lead import Lead, Value

MET, MISSED, UNKNOWN, WRONG_TYPE = Outcome

KINDS = {"ana@acme.example": "business", "Ana@Gmail.com": "free", "ana@mailinator.com": "disposable", "ana": "invalid"}
DOMAINS = {"ana@acme.example": "acme.example", "Ana@Gmail.com": "gmail.com", "ana@mailinator.com": "mailinator.com"}
CODES = {"DE": "de", "Germany": "de", "united kingdom": "gb", "Atlantis": None}


def known(lead: Lead, derived: tuple[Derived, ...], key: str) -> Value:
    """The value under a key: text trimmed, in no case, at most 1,000 characters of it; blank text is nothing."""
    if key == "email_kind":
        return KINDS.get(lead.email or "")
    if key == "email_domain":
        return DOMAINS.get(lead.email or "")
    if key == "country_code":
        return CODES.get(lead.country or "")
    for one in derived:
        if one.name == key:
            return _read(one, known(lead, (), one.field))
    fields = ("email", "origin", "external_id", "name", "company", "title", "phone", "country", "source", "campaign")
    value = getattr(lead, key) if key in fields else lead.attributes.get(key)
    return (value[:1000].strip().casefold() or None) if isinstance(value, str) else value


def _read(derived: Derived, text: Value) -> Value:
    words = re.findall(r"\w+", text) if isinstance(text, str) else []
    for value, wanted in derived.values.items():
        if any(word in words for word in wanted):  # the tests derive by single words only
            return value
    return None


# Conditions


def outcome(condition: Condition, lead: Lead, derived: tuple[Derived, ...]) -> Outcome:
    """All of them met: met. One of them missed: missed, whatever the others. Unknown stays unknown."""
    if isinstance(condition, Test):
        return _test(condition, known(lead, derived, condition.field))
    if isinstance(condition, Not):
        inner = outcome(condition.part, lead, derived)
        return {MET: MISSED, MISSED: MET}.get(inner, inner)
    parts = [outcome(part, lead, derived) for part in condition.parts]
    deciding, otherwise = (MISSED, MET) if isinstance(condition, AllOf) else (MET, MISSED)
    assert isinstance(condition, AllOf | AnyOf)
    for result in (deciding, WRONG_TYPE, UNKNOWN):
        if result in parts:
            return result
    return otherwise


def _test(test: Test, value: Value) -> Outcome:
    if test.comparison == "is_blank":
        return MET if (value is None) is test.values[0] else MISSED
    if value is None:
        return UNKNOWN
    kind = _kind(value)
    takes = {"equals": {"text", "number", "truth"}, "contains": {"text"}, "matches": {"text"}}
    takes["in"] = takes["equals"]
    alike = [one for one in test.values if _kind(one) == kind]
    if kind not in takes.get(test.comparison, {"number"}) or not alike:
        return WRONG_TYPE
    return MET if any(_holds(test.comparison, value, one) for one in alike) else MISSED


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float):
        return "number" if isinstance(value, int) or math.isfinite(value) else "no number"
    return "text" if isinstance(value, str) else "nothing"


def _holds(comparison: str, value: Value, wanted: Value) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        if comparison == "contains":
            return wanted in value
        return re.search(wanted, value) is not None if comparison == "matches" else value == wanted
    assert isinstance(value, int | float)
    assert isinstance(wanted, int | float)
    one, other = Fraction(value), Fraction(wanted)
    return {
        "at_least": one >= other,
        "at_most": one <= other,
        "above": one > other,
        "below": one < other,
    }.get(comparison, one == other)
