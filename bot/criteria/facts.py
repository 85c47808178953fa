"""What is known of a lead under any key a rule may ask for: its fields, its attributes, and what is read out of them.

Rules, checks and routing ask here, never the lead itself, so that every text is compared in the same form.
"""

import re
from collections.abc import Iterable
from functools import cache

from bot.criteria.contact import country_code, email_domain, email_kind
from bot.criteria.definition import Derived
from bot.criteria.rules import plain
from bot.lead import Lead, Value

READ_OUT = {
    "email_domain": ("email", email_domain),
    "email_kind": ("email", email_kind),
    "country_code": ("country", country_code),
}
"""Keys that every lead has beside its own: the field each is read out of, and how."""


class Facts:
    """A lead, asked key by key. A derived key hides an attribute of the same name."""

    def __init__(self, lead: Lead, derived: Iterable[Derived] = ()) -> None:
        self._lead = lead
        self._derived = {one.name: one for one in derived}
        self._found: dict[str, Value] = {}

    def value(self, key: str) -> Value:
        """What is known under `key`, as `plain` makes it; None where nothing is."""
        if key not in self._found:
            self._found[key] = None  # what is read out of itself is never known
            self._found[key] = plain(self._read(key))
        return self._found[key]

    def _read(self, key: str) -> Value:
        if key in READ_OUT:
            field, read = READ_OUT[key]
            return read(self._lead.value(field))
        if key in self._derived:
            return _derive(self._derived[key], self.value(self._derived[key].field))
        return self._lead.value(key)


def _derive(derived: Derived, text: Value) -> Value:
    """The first value one of whose words is in `text`. A text that says nothing we know leaves it unknown."""
    if not isinstance(text, str):
        return None
    return next((value for value, words in derived.values.items() if _any_of(words).search(text)), None)


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words only: a VP is no MVP."""
    either = "|".join(re.escape(word.casefold()) for word in words)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")
