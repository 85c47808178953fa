"""Small words that everything about criteria is said in: points, days, fields, lists. Nothing here knows Slack."""

from collections.abc import Sequence
from datetime import datetime

from bot.blocks.text import clean

LABEL = 60
"""Characters of a label; those of rules come from the configuration."""


def points(hundredths: int, *, signed: bool = False) -> str:
    """Points as people write them: 1250 is 12.5; `signed` shows the plus too."""
    whole, rest = divmod(abs(hundredths), 100)
    number = f"{whole}.{rest:02}".rstrip("0").rstrip(".")
    sign = "−" if hundredths < 0 else "+" if signed and hundredths else ""
    return f"{sign}{number}"


def moment(at: datetime) -> str:
    """A moment (UTC) as a terminal shows it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def field_name(key: str) -> str:
    """A field's key as a word."""
    return "e-mail" if key == "email" else clean(key.replace("_", " "), LABEL)


def days(count: int) -> str:
    """A number of days."""
    return "1 day" if count == 1 else f"{count} days"


def either(words: Sequence[str], conjunction: str = "or") -> str:
    """A, B or C."""
    return f" {conjunction} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
