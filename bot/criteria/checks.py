"""Is the data good enough to call somebody? Each field that the criteria name, with what is wrong with it.

Pure. `assess` asks once a lead is an MQL; the card shows what came of it, and a needed field with a fault keeps the
card from being made at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.criteria.contact import email_fault, phone_fault
from bot.criteria.definition import Check
from bot.criteria.facts import Facts
from bot.lead import Lead

BOUNCED = "email_bounced"
"""The attribute that says mail to the address came back: one of `YES`, or the address that it came back from."""
YES = frozenset({True, "true", "yes", "y", "1"})
"""Yes in the ways systems write it, as `plain` makes them; the number 1 equals true. Tables know text only."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One field after its check: `fault` says in words what is wrong with it, and is None where nothing is."""

    field: str
    needed: bool
    fault: str | None


def check(checks: Iterable[Check], lead: Lead, known: Facts) -> tuple[Checked, ...]:
    """Every check in the order of the criteria."""
    return tuple(Checked(one.field, one.needed, _fault(one, lead, known)) for one in checks)


def _fault(one: Check, lead: Lead, known: Facts) -> str | None:
    if known.value(one.field) is None:
        return "is missing"
    match one.field:
        case "email":
            return _email_fault(one, lead, known)
        case "phone":
            code = known.value("country_code")
            return phone_fault(str(lead.phone), code.upper() if isinstance(code, str) else None)
        case "country" if known.value("country_code") is None:
            return "is no country we know"
    return None


def _email_fault(one: Check, lead: Lead, known: Facts) -> str | None:
    fault = email_fault(str(lead.email))
    if fault:
        return fault
    bounced = known.value(BOUNCED)
    if bounced in YES or (bounced is not None and bounced == known.value("email")):
        return "bounced"
    kind = known.value("email_kind")
    return f"is {kind}, expected {' or '.join(one.accept)}" if one.accept and kind not in one.accept else None
