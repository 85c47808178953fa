"""How every move on a hand-off is carried out: load → decide → compare-and-swap → history → wanted messages.

One transaction each. The moves beside this file say which command is given and by whom; nothing else changes a
hand-off, and every door comes through them.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.handoff.commands import Command, PersonCommand, Take, Undo
from bot.handoff.decision import Change, Refusal, Why
from bot.handoff.machine import decide, refusal
from bot.handoff.notices import campaign_subject, handoff_subject, notices
from bot.handoff.permissions import WHY_NOT, may
from bot.handoff.states import Handoff, State
from bot.lead import Person
from bot.moves.place import terms
from bot.moves.turn import Turn, turn
from bot.store import absences, handoffs, history, leads, messages
from bot.store.engine import Store


@dataclass(frozen=True, slots=True)
class Click:
    """The hand-off whose button was pressed, by which Slack user, and in which channel a private word reaches them."""

    handoff: int
    user: str
    channel: str


Outcome = Handoff | Refusal
"""The hand-off as it stands after the move, or why nothing has changed."""

Give = Callable[[Handoff, Person], Outcome | None]
"""What comes of the press of a person who may: of the hand-off as it was seen. None: somebody changed it meanwhile."""

FIELD = frozenset({Why.FOLLOW_UP})
"""Refusals that are said at a form's field, and not in private as well."""


def press(here: Turn, click: Click, kind: type[PersonCommand], give: Give, field: Set[Why] = FIELD) -> Outcome:
    """Carry out what a person asks, and ask anew as long as somebody else is faster.

    A refusal is told to them in private, unless it is one of those that the `field` of a form says.
    """
    while True:
        found = allowed(here, click, kind)
        outcome = found if isinstance(found, Refusal) else give(*found)
        if outcome is not None:
            return tell(here, click, outcome, field)


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
    change = replace(decision, handoff=_timed(here, handoff, decision.handoff))
    return change.handoff if _write(here, handoff, change) else None


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


def tell(here: Turn, click: Click, outcome: Outcome, field: Set[Why] = frozenset()) -> Outcome:
    """Ask for the private answer to a click that changed nothing, unless a `field` says it. Gives `outcome` back."""
    if isinstance(outcome, Refusal) and outcome.why not in field:
        _answer(here, click, outcome.why)
    return outcome


def excuse(store: Store, now: datetime, click: Click, why: Why) -> None:
    """Ask for the private answer to a click that never became a command."""
    with turn(store, now) as here:
        _answer(here, click, why)


def _answer(here: Turn, click: Click, why: Why) -> None:
    messages.answer(here.tx, click.user, click.channel, {"why": why.value, "handoff": click.handoff}, here.now)


def _load(here: Turn, click: Click, kind: type[PersonCommand]) -> Handoff | None:
    """What may bring a hand-off to life first holds the lead, as a new crossing does: never two live ones."""
    handoff = handoffs.get(here.tx, click.handoff)
    if handoff and kind in {Undo, Take}:
        leads.get(here.tx, handoff.lead_id, lock=True)
        handoff = handoffs.get(here.tx, click.handoff)
    return handoff


def _timed(here: Turn, seen: Handoff, becomes: Handoff) -> Handoff:
    """How long it was open, once it is not: by the clock, and by the hours its deadline was counted in.

    Those are the hours of whoever it was offered to, whoever has it by now.
    Stored, because recounting after an edit of the calendar would make history disagree with itself.
    """
    if seen.state is not State.OFFERED or becomes.state is State.OFFERED:
        return becomes
    first = seen.first_owner
    policy, sla = terms(here, replace(seen, owner=first))
    off = [one.leave for one in absences.known(here.tx, first or "", seen.offered_at)]
    hours = policy.clock_of(first, seen.offered_at, urgent=sla.urgent, off=off)
    working = hours.between(seen.offered_at, here.now)
    wall = here.now - seen.offered_at
    return replace(becomes, took_wall=_seconds(wall), took_working=_seconds(working))


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())


def _write(here: Turn, seen: Handoff, change: Change) -> bool:
    handoff = change.handoff
    if not handoffs.save(here.tx, seen, handoff):
        return False
    history.append(here.tx, change.events, handoff.lead_id, handoff.id)
    thread = campaign_subject(handoff.campaign, handoff.offered_at)  # its head counts anew, if there is one
    about = {handoff_subject(handoff.id), thread, *filter(None, (seen.nudge, handoff.nudge))}
    here.touch(*about)
    for notice in notices(change.events, handoff, here.policy.people):
        here.want(notice)
    return True
