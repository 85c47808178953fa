"""What the clock does: the next rungs of the hand-offs whose time has come, a batch of them in one transaction.

A rung that places a lead has to wait for everybody else who places one. Nobody may do that with the hand-offs of a
batch in hand, so it is climbed by itself; and so is, one by one, a batch that fails.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.clock.calendar import NeverOpen
from bot.clock.ladder import OWNERS
from bot.handoff.commands import Command, Escalate, Expire, Hold
from bot.handoff.decision import Refusal, Why
from bot.handoff.notices import nudge_subject
from bot.handoff.routing import Queued
from bot.handoff.states import Handoff, State
from bot.moves.attendance import mark_away
from bot.moves.carry import Outcome, carry_out
from bot.moves.hand_on import reassign_unanswered
from bot.moves.offer import stand_in
from bot.moves.place import clock, terms
from bot.moves.turn import Turn, turn
from bot.store import handoffs, messages
from bot.store.engine import Store

MOST = 20
"""How many hand-offs make a batch; a click on one of them waits for all."""
SILENCE = Queued("expired", "nobody answered before the end of the ladder")
APART = timedelta(minutes=15)
"""A person gets no two reminders closer than this, urgent leads excepted; what falls between waits and is bundled."""
TOGETHER = timedelta(seconds=10)
"""What is due within a sweep or two goes into the same reminder, whichever worker comes to it."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Batch:
    """How many `steps` were taken, which hand-offs (ids) are `left` to be climbed one by one, and up to which due time
    it reached (UTC); None: nothing was due.
    """

    steps: int = 0
    left: tuple[int, ...] = ()
    until: datetime | None = None


def climb_due(store: Store, now: datetime, since: datetime, besides: Collection[int]) -> Batch:
    """Climb the hand-offs whose next step has been due longest, from `since` (UTC) on; none of `besides` (ids).

    What another worker has in hand is passed over.
    """
    claimed: list[Handoff] = []
    try:
        with turn(store, now) as here:
            claimed += handoffs.claim_due(here.tx, now, since, MOST, besides)
            # In one order everywhere: two batches that wait for the same people do not wait for each other.
            outcomes = [_climbed(here, one) for one in sorted(claimed, key=lambda one: (one.owner or "", one.id))]
    except Exception:  # whoever failed: what is rolled back is tried one by one, and told there
        if not claimed:
            raise
        log.exception("a batch of steps failed: each is taken by itself", handoffs=[one.id for one in claimed])
        return Batch(0, tuple(one.id for one in claimed), _reached(claimed))
    left = tuple(one.id for one, _ in outcomes if is_due(one, now))
    return Batch(sum(steps for _, steps in outcomes), left, _reached(claimed))


def climb(store: Store, now: datetime, handoff_id: int) -> Outcome:
    """Remind, escalate, reassign or expire, whichever is next and due. `Why.NOT_DUE` if somebody did it already."""
    with turn(store, now) as here:
        while True:
            handoff = handoffs.get(here.tx, handoff_id)
            outcome = step(here, handoff) if handoff else Refusal(Why.NOT_DUE)
            if outcome is not None:
                return outcome


def step(here: Turn, handoff: Handoff) -> Outcome | None:
    """The next rung of a hand-off as it was seen; None if somebody else changed it meanwhile."""
    if not is_due(handoff, here.now):
        return Refusal(Why.NOT_DUE)
    rung = handoff.steps[handoff.step].step
    if rung == "reassign" and handoff.steps[-1].at > here.now:
        outcome = reassign_unanswered(here, handoff)
        nobody = isinstance(outcome, Refusal) and outcome.why is Why.NOBODY
        return carry_out(here, handoff, Escalate()) if nobody else outcome
    if rung == "expire":
        return _expire(here, handoff)
    return carry_out(here, handoff, _reminder(here, handoff) if rung in OWNERS else Escalate())


def is_due(handoff: Handoff, now: datetime) -> bool:
    """Whether the clock has something to do at `now` (UTC)."""
    return handoff.next_due_at is not None and handoff.next_due_at <= now


def is_step(seen: Handoff, becomes: Handoff) -> bool:
    """Whether something has happened between the two; a reminder that was put off is no step."""
    return becomes.step > seen.step or becomes.owner != seen.owner


def _climbed(here: Turn, handoff: Handoff) -> tuple[Handoff, int]:
    """All rungs that are due, but those that place a lead; what has become of it, and how many steps that took."""
    steps = 0
    while is_due(handoff, here.now) and handoff.steps[handoff.step].step != "reassign":
        outcome = step(here, handoff)
        if not isinstance(outcome, Handoff):
            break
        steps += is_step(handoff, outcome)
        handoff = (handoffs.get(here.tx, handoff.id) or outcome) if is_due(outcome, here.now) else outcome
    return handoff, steps


def _reached(claimed: Iterable[Handoff]) -> datetime | None:
    return max((one.next_due_at for one in claimed if one.next_due_at), default=None)


def _expire(here: Turn, handoff: Handoff) -> Outcome | None:
    handoffs.hold_person(here.tx, handoff.owner or "")
    outcome = carry_out(here, handoff, Expire())
    if isinstance(outcome, Handoff) and outcome.state is State.EXPIRED:
        stand_in(here, outcome.lead_id, SILENCE, outcome.id)
        mark_away(here, outcome)
    return outcome


def _reminder(here: Turn, handoff: Handoff) -> Command:
    """At once for urgent leads; else with others of the same person, and never so soon after the last one."""
    slack, sla = here.policy.people.slack_of(handoff.owner), terms(here, handoff)[1]
    if slack is None or sla.urgent:
        return Escalate()
    opens = _quiet_until(here, handoff)
    if opens is not None:
        return Hold(opens)
    handoffs.hold_person(here.tx, handoff.owner or "")
    last = messages.last_nudge(here.tx, slack)
    if last is None or last + APART <= here.now:
        return Escalate(nudge_subject(handoff.owner or "", here.now))
    if abs(here.now - last) <= TOGETHER:
        return Escalate(nudge_subject(handoff.owner or "", last))
    return Hold(last + APART)


def _quiet_until(here: Turn, handoff: Handoff) -> datetime | None:
    """When the owner's quiet hours end, if it is out of hours for them: nobody is reminded then."""
    try:
        opens = clock(here, handoff.owner, urgent=False).opens(here.now)
    except NeverOpen:
        return None
    return opens if opens > here.now else None
