"""What the clock does: the next rung of a hand-off's ladder, once it is due."""

from datetime import datetime

from bot.handoff.commands import Escalate, Expire
from bot.handoff.machine import Refusal, Why
from bot.handoff.routing import Queued
from bot.handoff.states import Handoff, State
from bot.moves.carry import Outcome, carry_out
from bot.moves.offer import stand_in
from bot.moves.turn import Turn, turn
from bot.store import handoffs
from bot.store.engine import Store

SILENCE = Queued("expired", "nobody answered before the end of the ladder")


def climb(store: Store, now: datetime, handoff_id: int) -> Outcome:
    """Remind, escalate or expire, whichever is next and due. `Why.NOT_DUE` if somebody did it already."""
    with turn(store, now) as here:
        outcome = _climbed(here, handoff_id)
        if isinstance(outcome, Handoff) and outcome.state is State.EXPIRED:
            stand_in(here, outcome.lead_id, SILENCE, outcome.id)
        return outcome


def _climbed(here: Turn, handoff_id: int) -> Outcome:
    while True:
        handoff = handoffs.get(here.tx, handoff_id)
        if handoff is None or handoff.next_due_at is None:
            return Refusal(Why.NOT_DUE)
        command = Expire() if handoff.steps[handoff.step].step == "expire" else Escalate()
        outcome = carry_out(here, handoff, command)
        if outcome is not None:
            return outcome
