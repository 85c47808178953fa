"""Who is not there beside what the configuration says: people say so in Slack, or Baton finds out.

Pure records; the store keeps them, routing passes over whoever they hold for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.lead import Leave


@dataclass(frozen=True, slots=True)
class Absence:
    """`person` (key) is on `leave`. `by` is whoever said so, None for Baton itself; `began_at` is when (UTC)."""

    id: int
    person: str
    leave: Leave
    by: str | None
    began_at: datetime
    ended_at: datetime | None = None


def reason(off: Iterable[Leave], today: date, due: date) -> str | None:
    """Why somebody cannot have a lead that would be due on `due`, in words: they are off by then. None: they can.

    Both days are by the clock of their zone.
    """
    for one in off:
        if one.first <= due and (one.last is None or today <= one.last):
            begins = "" if one.first <= today else f" from {one.first:%-d %b}"
            ends = f" until {one.last:%-d %b}" if one.last else ""
            return f"away{begins}{ends}: {one.label}"
    return None


def fault(leave: Leave, today: date) -> str | None:
    """What is wrong with a leave that somebody asks for `today`, by the clock of their zone; None if it will do."""
    if leave.last is not None and leave.last < leave.first:
        return "The last day is before the first one."
    if leave.last is not None and leave.last < today:
        return "That is over already."
    return None
