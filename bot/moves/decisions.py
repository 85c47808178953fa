"""What people press on a card: accept, reject, snooze, undo. Each is one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock.calendar import NeverOpen
from bot.handoff.commands import Accept, Reject, Snooze, Undo
from bot.handoff.decision import Refusal, Why
from bot.handoff.states import Handoff
from bot.lead import Person
from bot.moves.carry import Click, Outcome, carry_out, look, press
from bot.moves.keep_up import keep_up
from bot.moves.offer import judge
from bot.moves.place import clock, terms
from bot.moves.turn import Turn, turn
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
        return press(here, click, Accept, lambda seen, by: carry_out(here, seen, Accept(by.key, here.policy.undo)))


def may_reject(store: Store, now: datetime, click: Click) -> Outcome:
    """Whether the form is worth opening; a refusal is told in private."""
    return look(store, now, click, Reject)


def reject(store: Store, now: datetime, click: Click, grounds: Grounds) -> Outcome:
    """The owner or the manager turns the lead down. `Why.FOLLOW_UP` carries the words for the form's field."""
    with turn(store, now) as here:
        return press(here, click, Reject, lambda seen, by: _rejected(here, seen, by, grounds))


def _rejected(here: Turn, seen: Handoff, by: Person, grounds: Grounds) -> Outcome | None:
    reason = here.policy.reasons.get(grounds.code)
    if reason is None or reason.reroutes:
        return Refusal(Why.UNKNOWN_REASON)
    return carry_out(here, seen, Reject(by.key, here.policy.undo, reason, grounds.follow_up, grounds.comment))


def snooze(store: Store, now: datetime, click: Click, minutes: int) -> Outcome:
    """The owner wants no reminder for so many minutes of their working time, and one then: once, before it is due."""
    with turn(store, now) as here:
        return press(
            here, click, Snooze, lambda seen, by: carry_out(here, seen, Snooze(by.key, _later(here, seen, minutes)))
        )


def _later(here: Turn, seen: Handoff, minutes: int) -> datetime:
    hours, span = clock(here, seen.owner, urgent=terms(here, seen)[1].urgent), timedelta(minutes=minutes)
    try:
        return hours.add(here.now, span)
    except NeverOpen:
        return here.now + span


def undo(store: Store, now: datetime, click: Click) -> Outcome:
    """The decider or the manager takes a decision back, within the time stored with it.

    The card is open again, for the lead as it is now: it may have asked not to be contacted in between.
    """
    with turn(store, now) as here:
        outcome = press(here, click, Undo, lambda seen, by: carry_out(here, seen, Undo(by.key)))
        stored = leads.get(here.tx, outcome.lead_id) if isinstance(outcome, Handoff) else None
        if isinstance(outcome, Handoff) and stored:
            keep_up(here, outcome, judge(here, stored))
        return outcome
