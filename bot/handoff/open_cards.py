"""What waits for an answer: open hand-offs by tier, those that are due first, and the leads that no rep has.

Plain records; `answers/open_cards.py` makes them, `blocks` put them into words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.handoff.events import HANDED, Event, Kind
from bot.handoff.notices import is_direct
from bot.handoff.routing import Queue
from bot.handoff.states import Handoff, State
from bot.lead import Lead, People


@dataclass(frozen=True, slots=True)
class OpenLead:
    """A lead that waits for its owner's answer. `card` is where Slack shows it: channel and ts.

    `claimed`: whoever has it has stepped in for somebody who let it become overdue.
    """

    handoff: Handoff
    lead: Lead
    card: tuple[str, str] | None
    claimed: bool = False


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


def claimable(handoff: Handoff, *, claimed: bool) -> bool:
    """Whether anyone on the team may claim it: it is overdue, its team sees the card, and nobody has `claimed` it yet.

    Whom the clock or a manager gave it to after that may be as silent. The sweep that notices what is overdue puts the
    button on the card, so it is said of none that has not been noticed.
    """
    late = handoff.state is State.OFFERED and handoff.breached_by is not None
    return late and not is_direct(handoff.channel or "") and not claimed


def stepped_in(events: Iterable[Event]) -> bool:
    """Whether whoever has a hand-off came by it with a claim, by all that happened to it, in order."""
    return [event.kind for event in events if event.kind in HANDED][-1:] == [Kind.CLAIMED]
