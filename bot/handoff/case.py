"""A hand-off with everything a reader of it wants to see: what cards, reminders and threads are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.clock.why import Deadline
from bot.criteria.assess import Assessment
from bot.handoff.permissions import team_of
from bot.handoff.reasons import Reason
from bot.handoff.states import Handoff
from bot.lead import Lead, Leave, People, Team


@dataclass(frozen=True, slots=True)
class Heard:
    """One signal in words: what it was, when (UTC), and the sender's note."""

    label: str
    at: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """`news` are the signals that came after the offer, newest first; `next` is the hand-off that followed this one.

    `assessment` is the newest one; `unknown` are the facts that its fit rules ask for and nobody knows. While it is
    open, `deadline` says why it is due then, `away` when its owner is not there, if somebody stands in for them, and
    `claimed` that they stepped in for somebody who let it become overdue.
    """

    handoff: Handoff
    lead: Lead
    assessment: Assessment | None
    latest: tuple[Heard, ...]
    news: tuple[Heard, ...]
    people: People
    reasons: Mapping[str, Reason]
    next: Handoff | None = None
    unknown: tuple[str, ...] = ()
    deadline: Deadline | None = None
    away: Leave | None = None
    claimed: bool = False

    @property
    def team(self) -> Team | None:
        """The team that answers for the hand-off, while the configuration has one."""
        return team_of(self.handoff, self.people)

    @property
    def manager(self) -> str | None:
        """The key of the team's manager."""
        return self.team.manager if self.team else None
