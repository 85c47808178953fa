"""What comes of a command: the hand-off as it becomes, or why nothing has changed. `machine` and `owners` decide."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.handoff.events import Event
from bot.handoff.states import Handoff


class Why(StrEnum):
    """Why a command was refused; the words for it are in blocks."""

    ALREADY_DECIDED = "already_decided"
    STILL_OPEN = "still_open"
    EXPIRED = "expired"
    MOVED_ON = "moved_on"  # a later hand-off of the same lead exists
    UNDO_TOO_LATE = "undo_too_late"
    FOLLOW_UP = "follow_up"
    NOT_DUE = "not_due"
    IMPORTED = "imported"
    NOT_YOURS = "not_yours"  # to accept, reject, pass on or snooze
    NOT_YOUR_DECISION = "not_your_decision"  # to undo
    NOT_YOUR_TEAM = "not_your_team"  # to take or claim
    NOT_YOUR_MOVE = "not_your_move"  # to reassign
    TOO_EARLY = "too_early"  # to claim: the owner still has time
    CHANGED_HANDS = "changed_hands"  # to claim or pass on: somebody else has it by now
    ALREADY_THEIRS = "already_theirs"  # whoever is to get it has it
    SNOOZED = "snoozed"  # once is enough
    NO_TIME_LEFT = "no_time_left"  # to snooze: it is due before that
    NOBODY = "nobody"  # whoever was named cannot own a lead
    STRANGER = "stranger"  # nobody Baton was told of
    UNKNOWN = "unknown"  # no such hand-off
    UNKNOWN_REASON = "unknown_reason"
    BARRED = "barred"  # the lead must not be contacted
    NO_FORM = "no_form"  # Slack did not open the form or the explanation


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing changed, and why; `words` is set where a field's own message says it best."""

    why: Why
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The hand-off as it becomes, and what happened on the way."""

    handoff: Handoff
    events: tuple[Event, ...]


Decision = Change | Refusal
Rule = Callable[[Handoff, Any, datetime], Decision]
"""One allowed cell of *state × command*."""
