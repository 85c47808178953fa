"""Who is not there beside what the configuration says: people say so in Slack, or Baton finds out.

Pure records; the store keeps them, routing passes over whoever they hold for. A Slack status is a hint: it is kept and
asked about, and never acted upon alone. People forget to set one, and to take it back.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.lead import Leave

WORDS = re.compile(
    r"\b(?<!back from )(?<!after )"
    r"(vacation(ing)?|holidays?|(on|annual|parental|sick|maternity|paternity) leave|pto|ooo|out of (the )?office"
    r"|out sick|sick|unwell|day off|off today|away until|urlaub|krank|elternzeit|vacances|congés?|vacaciones|ferie)\b",
    re.IGNORECASE,
)
EMOJI = frozenset(
    {
        "palm_tree",
        "desert_island",
        "beach_with_umbrella",
        "umbrella_on_ground",
        "face_with_thermometer",
        "face_with_head_bandage",
        "sneezing_face",
        "hospital",
    }
)

PAST, AHEAD = timedelta(days=366), timedelta(days=3 * 366)
"""No leave begins or ends further off than that: it would be a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Absence:
    """`person` (key) is on `leave`. `by` is whoever said so, None for Baton itself; `began_at` is when (UTC)."""

    id: int
    person: str
    leave: Leave
    by: str | None
    began_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A status that sounds like an absence, in the person's own words, and when it ends (UTC), if it says so."""

    words: str
    until: datetime | None = None


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
    earliest, latest = today - PAST, today + AHEAD
    odd = [day for day in (leave.first, leave.last) if day and not earliest <= day <= latest]
    if odd:
        return f"{odd[0]} is too far off; expected a day from {earliest} to {latest}."
    return None


def absence_in(text: str, emoji: str, until: datetime | None) -> Status | None:
    """The hint in a status; None where there is none. `emoji` is in Slack's form, `:palm_tree:`."""
    name = emoji.strip(":").partition("::")[0]
    if not (WORDS.search(text) or name in EMOJI):
        return None
    return Status(text.strip() or name.replace("_", " "), until)
