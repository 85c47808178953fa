"""How every move on a hand-off is carried out: load → decide → compare-and-swap → history → wanted messages.

One transaction each. The moves beside this file say which command is given and by whom; nothing else changes a
hand-off, and every door comes through them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.config.policy import Policy
from bot.handoff.commands import Command, PersonCommand, Take, Undo
from bot.handoff.machine import Change, Refusal, Why, decide, refusal
from bot.handoff.notices import campaign_subject, handoff_subject, notices
from bot.handoff.permissions import WHY_NOT, may
from bot.handoff.states import Handoff
from bot.lead import Person
from bot.moves.turn import Turn, turn
from bot.store import handoffs, history, leads, messages
from bot.store.engine import Store


@dataclass(frozen=True, slots=True)
class Click:
    """The hand-off whose button was pressed, by which Slack user, and in which channel a private word reaches them."""

    handoff: int
    user: str
    channel: str


Outcome = Handoff | Refusal
"""The hand-off as it stands after the move, or why nothing has changed."""

Given = Callable[[Person, Policy], PersonCommand | Refusal]
"""Makes the command of the person who pressed, under the policy in force."""


def press(here: Turn, click: Click, kind: type[PersonCommand], given: Given) -> Outcome:
    """Carry out what a person asks. A refusal is told to them in private, unless a form's field can say it."""
    return tell(here, click, _pressed(here, click, kind, given))


def look(store: Store, now: datetime, click: Click, kind: type[PersonCommand]) -> Outcome:
    """Whether a person could give a command of this kind: asked before a form is opened. Tells a refusal."""
    with turn(store, now) as here:
        found = allowed(here, click, kind)
        return tell(here, click, found if isinstance(found, Refusal) else found[0])


def carry_out(here: Turn, handoff: Handoff, command: Command) -> Outcome | None:
    """Decide and write. None if somebody else changed the hand-off meanwhile: load it again and ask again."""
    decision = decide(handoff, command, here.now)
    if isinstance(decision, Refusal):
        return decision
    return decision.handoff if _write(here, handoff, decision) else None


def allowed(here: Turn, click: Click, kind: type[PersonCommand]) -> tuple[Handoff, Person] | Refusal:
    """State first, role second: on a decided card everybody learns who decided, whoever they are."""
    handoff = _load(here, click, kind)
    if handoff is None:
        return Refusal(Why.UNKNOWN)
    shut = refusal(handoff, kind)
    if shut:
        return shut
    person = here.policy.people.by_slack(click.user)
    if person is None:
        return Refusal(Why.STRANGER)
    return (handoff, person) if may(person, kind, handoff, here.policy.people) else Refusal(WHY_NOT[kind])


def tell(here: Turn, click: Click, outcome: Outcome) -> Outcome:
    """Ask for the private answer to a click that changed nothing. Gives `outcome` back."""
    if isinstance(outcome, Refusal) and outcome.why is not Why.FOLLOW_UP:
        _answer(here, click, outcome.why)
    return outcome


def excuse(store: Store, now: datetime, click: Click, why: Why) -> None:
    """Ask for the private answer to a click that never became a command."""
    with turn(store, now) as here:
        _answer(here, click, why)


def _answer(here: Turn, click: Click, why: Why) -> None:
    messages.answer(here.tx, click.user, click.channel, {"why": why.value, "handoff": click.handoff}, here.now)


def _pressed(here: Turn, click: Click, kind: type[PersonCommand], given: Given) -> Outcome:
    while True:
        found = allowed(here, click, kind)
        if isinstance(found, Refusal):
            return found
        handoff, person = found
        command = given(person, here.policy)
        if isinstance(command, Refusal):
            return command
        outcome = carry_out(here, handoff, command)
        if outcome is not None:
            return outcome


def _load(here: Turn, click: Click, kind: type[PersonCommand]) -> Handoff | None:
    """What may bring a hand-off to life first holds the lead, as a new crossing does: never two live ones."""
    handoff = handoffs.get(here.tx, click.handoff)
    if handoff and kind in {Undo, Take}:
        leads.get(here.tx, handoff.lead_id, lock=True)
        handoff = handoffs.get(here.tx, click.handoff)
    return handoff


def _write(here: Turn, seen: Handoff, change: Change) -> bool:
    handoff = change.handoff
    if not handoffs.save(here.tx, seen, handoff):
        return False
    history.append(here.tx, change.events, handoff.lead_id, handoff.id)
    thread = campaign_subject(handoff.campaign, handoff.offered_at)  # its head counts anew, if there is one
    messages.touch(here.tx, handoff_subject(handoff.id), thread)
    for notice in notices(change.events, handoff, here.policy.people):
        messages.want(here.tx, notice, here.now)
    return True
