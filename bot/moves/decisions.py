"""What people press on a card: accept, reject, undo. Each is one transaction."""

from dataclasses import dataclass
from datetime import datetime

from bot.config.policy import Policy
from bot.handoff.commands import Accept, PersonCommand, Reject, Undo
from bot.handoff.machine import Refusal, Why
from bot.lead import Person
from bot.moves.carry import Click, Outcome, look, press
from bot.store.engine import Store


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the rejection form held: a reason code, the answer to its question, and free words."""

    code: str
    follow_up: str
    comment: str | None = None


def accept(store: Store, now: datetime, click: Click) -> Outcome:
    """The owner or the manager takes the lead on."""
    return press(store, now, click, Accept, lambda person, policy: Accept(person.key, policy.undo))


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

    return press(store, now, click, Reject, given)


def undo(store: Store, now: datetime, click: Click) -> Outcome:
    """The decider or the manager takes a decision back, within the time stored with it."""
    return press(store, now, click, Undo, lambda person, _: Undo(person.key))
