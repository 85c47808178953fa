"""What waits for an answer: open hand-offs by tier, those that are due first, and the leads that no rep has.

Plain records; `answers/open_cards.py` makes them, `blocks` put them into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.handoff.routing import Queue
from bot.handoff.states import Handoff, State
from bot.lead import Lead, People


@dataclass(frozen=True, slots=True)
class OpenLead:
    """A lead that waits for its owner's answer. `card` is where Slack shows it: channel and ts."""

    handoff: Handoff
    lead: Lead
    card: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class OfTier:
    """How many hand-offs of a tier are open, and of those overdue; `cards` are the ones that are due first."""

    tier: str | None
    open: int
    overdue: int
    cards: tuple[OpenLead, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenCards:
    """As things stand `at` a moment (UTC). `tiers` go by urgency; `queues` says how many wait in each.

    `shown` is False for somebody Baton was never told of: they get the counts, and nobody's name.
    """

    at: datetime
    tiers: tuple[OfTier, ...]
    queues: Mapping[Queue, int]
    people: People
    shown: bool = True

    @property
    def open(self) -> int:
        """How many are open in all."""
        return sum(one.open for one in self.tiers)

    @property
    def overdue(self) -> int:
        """How many are overdue in all."""
        return sum(one.overdue for one in self.tiers)


def overdue(handoff: Handoff, now: datetime) -> bool:
    """Whether it is open and its due time has come."""
    return handoff.state is State.OFFERED and handoff.due_at is not None and now >= handoff.due_at


def claimable(handoff: Handoff, now: datetime) -> bool:
    """Whether anyone on the team may claim it: it is overdue, and still with whoever let that happen."""
    return overdue(handoff, now) and handoff.breached_by in {None, handoff.owner}
