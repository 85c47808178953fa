"""One hand-off as the year's book knows it, from its events alone; and how its row must look by that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.handoff.states import Handoff, State
from tests.store.year_company import OWNERS, Setup, due_after, rungs
from tests.store.year_oracle import Hours

EXPIRY_AFTER_UNDO = timedelta(minutes=15)
EVER = datetime.min.replace(tzinfo=UTC)
WORKER_IS_LATE = timedelta(minutes=5)
A_BIT = timedelta(milliseconds=1)

Steps = list[tuple[datetime, str]]


@dataclass
class Card:
    """What has become of it. `own` are the steps that are the lead's and never move; `hours` those it is counted in."""

    id: int
    lead: int
    number: int
    tier: str
    setup: Setup
    hours: Hours
    offered_at: datetime
    owner: str
    team: str
    due: datetime = EVER
    own: Steps = field(default_factory=list)
    reminders: Steps = field(default_factory=list)
    owners: list[tuple[datetime, str]] = field(default_factory=list)
    handed_from: set[str] = field(default_factory=set)
    reroutes: int = 0
    state: State = State.OFFERED
    ended_at: datetime | None = None
    by: str | None = None
    undo_until: datetime | None = None
    reopened: datetime = EVER
    hold: datetime = EVER
    breached_by: str | None = None
    told: int = 0
    rungs: set[int] = field(default_factory=set)
    reminded: int = 0
    snoozed: bool = False
    claimed: bool = False
    quiet: bool = True  # nobody has pressed anything, and nothing else has changed

    @property
    def since(self) -> datetime:
        """Since when it is its owner's."""
        return self.owners[-1][0]

    @property
    def escalations(self) -> list[datetime]:
        """When the manager has to be told."""
        return [at for at, step in self.own if step == "escalate"]

    @property
    def end(self) -> datetime:
        """When it expires."""
        return self.own[-1][0]

    def offer(self) -> None:
        """Its due time and ladder, by its first owner's hours."""
        day, at = self.hours.longest, self.offered_at
        self.due = self.hours.add(at, due_after(self.tier, self.setup, day))
        steps = [(self.hours.add(at, span), step) for span, step in rungs(self.tier, self.setup, day)]
        self.own = [one for one in steps if one[1] not in OWNERS]
        self.reminders = [one for one in steps if one[1] in OWNERS]
        self.owners = [(at, self.owner)]

    def hand(self, to: str, team: str, at: datetime, hours: Hours) -> None:
        """Somebody else's: reminders of their own, in their hours, until it is due or as if it were new."""
        assert to != self.owner
        self.handed_from.add(self.owner)
        self.owner, self.team, self.snoozed, self.quiet = to, team, False, False
        self.owners.append((at, to))
        span = due_after(self.tier, self.setup, hours.longest)
        until = hours.add(at, span)
        if hours.between(at, self.due):
            until = min(until, self.due)
        left = hours.between(at, until)
        ladder = rungs(self.tier, self.setup, hours.longest)
        new = [(hours.add(at, left * (after / span)), step) for after, step in ladder if step in OWNERS]
        self.reminders = [one for one in new if one[0] < self.end]

    def is_silence(self, person: str) -> bool:
        """Whether somebody let it become overdue and then expire, in time."""
        expired = self.state is State.EXPIRED and self.ended_at is not None
        return expired and self.breached_by == person and self.ended_at - self.end <= WORKER_IS_LATE

    def owner_at(self, moment: datetime) -> str:
        """Whose it was just before then."""
        return [owner for at, owner in self.owners if at < moment][-1]

    def snooze(self, until: datetime) -> None:
        """No reminder before that, and one then."""
        self.snoozed, self.quiet = True, False
        self.reminders = [(until, "remind"), *(one for one in self.reminders if one[0] > until)]

    def ends(self, state: State, at: datetime, by: str | None) -> None:
        """Decided, expired or withdrawn."""
        assert self.state is State.OFFERED
        self.state, self.ended_at, self.by, self.quiet = state, at, by, False

    def reopen(self, at: datetime) -> None:
        """A decision was taken back."""
        self.state, self.ended_at, self.by, self.undo_until = State.OFFERED, None, None, None
        self.reopened, self.hold, self.quiet = at, at + EXPIRY_AFTER_UNDO, False

    # How the row must look.

    def check(self, row: Handoff) -> None:
        """Whatever has happened."""
        assert (row.state, row.owner, row.team) == (self.state, self.owner, self.team)
        assert (row.lead_id, row.number, row.offered_at) == (self.lead, self.number, self.offered_at)
        assert row.due_at == self.due, "the due time never moves"
        own = [(one.at, one.step) for one in row.steps if one.step not in OWNERS]
        kept = [one for one in self.own if one in own or one[1] != "reassign"]
        assert own == kept, "the lead's own steps never move, and come once"
        left = [one.at for one in row.steps[row.step :]]
        assert left == sorted(left)
        assert row.steps[-1].step == "expire"
        assert row.owner_since == self.since
        assert row.breached_by == self.breached_by
        assert row.undo_until == self.undo_until
        if self.claimed:
            assert all(one.step != "reassign" for one in row.steps[row.step :])
        self._check_time(row)

    def _check_time(self, row: Handoff) -> None:
        """How long it was open, on the clock and in the hours of whoever it was offered to."""
        if self.ended_at is None:
            assert (row.took_wall, row.took_working) == (None, None)
            return
        worked = self.hours.between(self.offered_at, self.ended_at)
        assert row.took_wall == round((self.ended_at - self.offered_at).total_seconds())
        assert row.took_working == round(worked.total_seconds())
        assert self.breached_by is not None or self.ended_at <= self.due, "settled late, and nobody is charged with it"
        assert self.breached_by is None or max(self.ended_at, self.reopened) >= self.due

    def check_reminders(self, row: Handoff) -> None:
        """Right after it came to somebody: those of the ladder, in their hours."""
        left = [(one.at, one.step) for one in row.steps[row.step :] if one.step in OWNERS]
        assert [step for _, step in left] == [step for _, step in self.reminders], (left, self.reminders)
        assert all(abs(at - ought) < A_BIT for (at, _), (ought, _) in zip(left, self.reminders, strict=True))

    def check_swept(self, row: Handoff, swept: datetime, hours: Hours) -> None:
        """Once the sweep has been: nothing that is due is left, and what is put off is not put off for long."""
        assert row.next_due_at is not None
        assert row.next_due_at > swept, "a step is due, and was not taken"
        assert self.told == sum(at <= swept for at in self.escalations)
        assert max(self.end, self.hold) > swept
        assert self.breached_by is not None or self.due > swept, "overdue, and nobody is charged with it"
        following = row.steps[row.step]
        known = any(abs(following.at - at) < A_BIT for at, _ in self.reminders)
        if following.step in OWNERS and not known:
            assert hours.between(swept, following.at) <= timedelta(minutes=15), "a reminder is held for too long"


def silent_in_a_row(cards: Sequence[Card], person: str, since: datetime) -> int:
    """How many of the leads that somebody got since they were last away they let expire, up to their last answer.

    What was overdue when they got it, and what expired late because no worker ran, says nothing of them.
    """
    theirs = [card for card in cards if card.owner == person and card.since > since and card.ended_at]
    own = [card for card in theirs if card.by == person or card.is_silence(person)]
    own.sort(key=lambda card: (card.ended_at, card.since), reverse=True)
    states = [card.state is State.EXPIRED for card in own]
    return states.index(False) if False in states else len(states)
