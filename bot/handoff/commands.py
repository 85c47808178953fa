"""What can be asked of a hand-off: one record per verb, with who asks. `machine.decide` answers them."""

from dataclasses import dataclass
from datetime import timedelta

from bot.handoff.reasons import Reason


@dataclass(frozen=True, slots=True)
class Accept:
    """A person takes the lead on; they may undo for `undo`."""

    by: str
    undo: timedelta


@dataclass(frozen=True, slots=True)
class Reject:
    """A person turns the lead down, before contact, with a reason and the follow-up it asks for."""

    by: str
    undo: timedelta
    reason: Reason
    follow_up: str
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """The decider or the manager takes a decision back."""

    by: str


@dataclass(frozen=True, slots=True)
class Take:
    """A person takes an expired lead up again; a new hand-off follows."""

    by: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """The clock has reached a reminder or an escalation."""


@dataclass(frozen=True, slots=True)
class Expire:
    """The clock has reached the end of the ladder."""


@dataclass(frozen=True, slots=True)
class Raise:
    """A new signal has made the lead more urgent: its card gets a higher tier, and keeps its times."""

    tier: str
    because: str


@dataclass(frozen=True, slots=True)
class Void:
    """The lead must not be contacted: its open card is withdrawn."""

    because: str


Command = Accept | Reject | Undo | Take | Escalate | Expire | Raise | Void
PersonCommand = Accept | Reject | Undo | Take
