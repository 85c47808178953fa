"""What people press on a card: accept, reject, undo. Each is one transaction."""

from dataclasses import dataclass
from datetime import datetime

from bot.config.policy import Policy
from bot.handoff.commands import Accept, PersonCommand, Reject, Undo
from bot.handoff.machine import Refusal, Why
from bot.handoff.states import Handoff
from bot.lead import Person
from bot.moves.carry import Click, Outcome, look, press
from bot.moves.keep_up import keep_up
from bot.moves.offer import judge
from bot.moves.turn import turn
from bot.store import leads
from bot.store.engine import Store


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the rejection form held: a reason code, the answer to its question, and free words."""

    code: str
    follow_up: str
    comment: str | None = None


def accept(store: Store, now: datetime, click: Click) -> Outcome:
    """The owner or the manager takes the lead on."""
    with turn(store, now) as here:
        return press(here, click, Accept, lambda person, policy: Accept(person.key, policy.undo))


def may_reject(store: Store, now: datetime, click: Click) -> Outcome:
    """Whether the form is worth opening; a refusal is told in private."""
    return look(store, now, click, Reject)


def reject(store: Store, now: datetime, click: Click, grounds: Grounds) -> Outcome:
    """The owner or the manager turns the lead down. `Why.FOLLOW_UP` carries the words for the form's field."""

    def given(person: Person, policy: Policy) -> PersonCommand | Refusal:
        reason = policy.reasons.get(grounds.code)
        if reason is None:
            return Refusal(Why.UNKNOWN_REASON)
        return Reject(person.key, policy.undo, reason, grounds.follow_up, grounds.comment)

    with turn(store, now) as here:
        return press(here, click, Reject, given)


def undo(store: Store, now: datetime, click: Click) -> Outcome:
    """The decider or the manager takes a decision back, within the time stored with it.

    The card is open again, for the lead as it is now: it may have asked not to be contacted in between.
    """
    with turn(store, now) as here:
        outcome = press(here, click, Undo, lambda person, _: Undo(person.key))
        stored = leads.get(here.tx, outcome.lead_id) if isinstance(outcome, Handoff) else None
        if isinstance(outcome, Handoff) and stored:
            keep_up(here, outcome, judge(here, stored))
        return outcome
