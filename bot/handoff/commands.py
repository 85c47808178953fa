"""What can be asked of a hand-off: one record per verb, with who asks. `machine.decide` answers them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock.ladder import Step
from bot.handoff.reasons import Reason
from bot.handoff.routing import Route


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
class Reroute:
    """A person says the lead is not theirs, with a reason: it goes to `place`, with the `steps` left for its owner."""

    by: str
    reason: Reason
    follow_up: str
    place: Route
    steps: tuple[Step, ...]
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Reassign:
    """The manager moves the lead, or nobody does (`by` is None) and `why` says what made it move."""

    by: str | None
    why: str
    place: Route
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A teammate steps in for an owner who has let the due time pass."""

    by: str
    place: Route
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Snooze:
    """The owner wants no reminder before `until` (UTC), and one then."""

    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Redirect:
    """Slack does not show the card where it belongs: it goes to `channel`."""

    channel: str
    why: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """The clock has reached a step that tells somebody; `nudge` is the message that bundles a person's reminders."""

    nudge: str | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """The clock has reached a reminder that comes too soon after another: it waits `until` then (UTC)."""

    until: datetime


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


PersonCommand = Accept | Reject | Undo | Take | Reroute | Reassign | Claim | Snooze
ClockCommand = Escalate | Hold | Expire
Command = PersonCommand | ClockCommand | Redirect | Raise | Void
