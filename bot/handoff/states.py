"""The hand-off: its states and the record that every move reads and replaces.

`machine.py` alone changes a hand-off; the store keeps it; everything that draws or counts reads it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.clock.ladder import Step


class State(StrEnum):
    """Where a hand-off stands."""

    OFFERED = "offered"  # on a card, nobody has answered
    ACCEPTED = "accepted"  # SAL: a named person took it
    QUALIFIED = "qualified"  # SQL: qualified in a conversation
    WON = "won"
    LOST = "lost"
    REJECTED = "rejected"  # turned down before contact, with a reason
    DISQUALIFIED = "disqualified"  # turned down after contact, with a reason
    EXPIRED = "expired"  # silence until the end: neither yes nor no
    LAPSED = "lapsed"  # accepted and never worked
    VOID = "void"  # test or duplicate: leaves every denominator


LIVE = frozenset({State.OFFERED, State.ACCEPTED, State.QUALIFIED})
"""A lead has at most one hand-off in these states (imported history aside)."""

AFTER_ACCEPT = frozenset({State.ACCEPTED, State.QUALIFIED, State.WON, State.LOST, State.DISQUALIFIED, State.LAPSED})
"""States that only an accepted hand-off can reach: all of them count as accepted."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """One lead offered to sales once. All times are UTC; people are keys of the configuration.

    `channel` is where the card was sent, whatever the configuration says later. `steps` is the frozen ladder and
    `step` the index of the next rung; `hold_until` keeps expiry away for a while after an undo. `next_id` is the
    hand-off that followed this one. `raised_from` is the tier it was offered under, once a new signal has raised it;
    its times stay those of that tier. `imported` marks history from elsewhere: it has no clock and takes no commands.
    `owner_since` is when its owner got it, `breached_by` who had it when it became overdue, `nudge` the message that
    last reminded the owner. `took_wall` and `took_working` say how long it was open, in seconds: on the clock, and of
    the working time of `first_owner`, whom it was offered to and in whose hours its due time is counted.
    """

    id: int
    lead_id: int
    number: int
    state: State
    version: int
    owner: str | None
    team: str | None
    channel: str | None
    tier: str | None
    policy: str
    source: str | None
    campaign: str | None
    offered_at: datetime
    due_at: datetime | None
    steps: tuple[Step, ...] = ()
    step: int = 0
    hold_until: datetime | None = None
    previous_id: int | None = None
    next_id: int | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    undo_until: datetime | None = None
    reason: str | None = None
    follow_up: str | None = None
    comment: str | None = None
    accepted_at: datetime | None = None
    rejected_at: datetime | None = None
    voided_at: datetime | None = None
    expired_at: datetime | None = None
    qualified_at: datetime | None = None
    disqualified_at: datetime | None = None
    won_at: datetime | None = None
    lost_at: datetime | None = None
    lapsed_at: datetime | None = None
    imported: bool = False
    raised_from: str | None = None
    owner_since: datetime | None = None
    breached_by: str | None = None
    snoozed_until: datetime | None = None
    nudge: str | None = None
    took_wall: int | None = None
    took_working: int | None = None
    first_owner: str | None = None

    @property
    def live(self) -> bool:
        """Whether it is under way here; history from elsewhere never is."""
        return self.state in LIVE and not self.imported

    @property
    def next_due_at(self) -> datetime | None:
        """When the clock acts next (UTC); None where nothing is due any more."""
        if self.state is not State.OFFERED or self.imported or self.step >= len(self.steps):
            return None
        rung = self.steps[self.step]
        held = rung.step == "expire" and self.hold_until is not None
        return max(rung.at, self.hold_until) if held and self.hold_until else rung.at
