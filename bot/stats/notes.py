"""What `/funnel note` answers: the notes there are, and what has just been done to one of them. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

LONGEST = 200
"""Characters of a note: it stands beside figures."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note by its `number`, about the UTC day `on`, by somebody (a key; None: the command line)."""

    number: int
    on: date
    words: str
    by: str | None


Done = Literal["added", "removed", "missing", "too long"]


@dataclass(frozen=True, slots=True)
class Noted:
    """The `newest` notes, the latest day first; and what was done to the one with a `number`, if anything was asked.

    `missing`: there is no such note. `too long`: its words were not kept.
    """

    newest: tuple[Note, ...]
    done: Done | None = None
    number: int | None = None
