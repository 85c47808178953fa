"""How wide text is in a fixed-width font: for tables in a terminal, and in Slack's code blocks."""

from collections.abc import Sequence
from unicodedata import category, east_asian_width


def width(text: str) -> int:
    """How many columns a text fills: none for marks, two for CJK and emoji."""
    shown = [character for character in text if category(character) not in {"Mn", "Me", "Cf"}]
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in shown)


def padded(text: str, room: int) -> str:
    """A text with blanks behind it, to fill so many columns."""
    return text + " " * (room - width(text))


def widths(table: Sequence[Sequence[str]]) -> list[int]:
    """How wide each column of a table has to be."""
    return [max(map(width, column)) for column in zip(*table, strict=True)]
