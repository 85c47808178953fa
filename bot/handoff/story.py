"""All that is known of a lead: who it is, how it is judged, every hand-off of it, and what has happened.

Plain records; `answers/story.py` makes them, `blocks` put them into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.handoff.events import Event
from bot.handoff.explained import LeadExplained, Standing
from bot.handoff.grounds import Grounds
from bot.handoff.reasons import Reason


@dataclass(frozen=True, slots=True)
class Chapter:
    """One hand-off, why it went as it did, and what happened to it, in order."""

    grounds: Grounds
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """`chapters` has the newest hand-off first, `events` what happened to the lead outside of them, in order.

    `earlier` says how many events are left out, all of them older than those told.
    """

    explained: LeadExplained
    standing: Standing
    reasons: Mapping[str, Reason]
    chapters: tuple[Chapter, ...]
    events: tuple[Event, ...]
    earlier: int
