"""The buttons under a card: those of the hand-off's state. Whoever may not is told so when they press."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.blocks import ids
from bot.blocks.card_clock import claimable
from bot.blocks.drawing import Block
from bot.blocks.text import button, duration, plain_text
from bot.handoff.case import Case
from bot.handoff.states import State

STILL_WORK = frozenset({State.OFFERED, State.ACCEPTED, State.QUALIFIED, State.EXPIRED})
"""States in which somebody needs the lead's whole context; a settled card is a short record."""
GROUNDS = "Why me, why then"


def actions(case: Case) -> list[Block]:
    """The row of buttons; none for a card that offers nothing any more."""
    buttons = [*_moves(case), *_questions(case)]
    return [{"type": "actions", "block_id": f"handoff:{case.handoff.id}", "elements": buttons}] if buttons else []


def barred(case: Case) -> bool:
    """Whether the lead must not be contacted, as far as its newest assessment knows."""
    return case.assessment is not None and case.assessment.withdrawn


def _moves(case: Case) -> Iterator[Block]:
    handoff = case.handoff
    match handoff.state:
        case State.OFFERED:
            yield from _open(case)
        case State.ACCEPTED | State.REJECTED | State.VOID if handoff.undo_until and handoff.next_id is None:
            yield button("Undo", ids.UNDO, handoff.id)
        case State.EXPIRED if handoff.next_id is None and not barred(case):
            yield button("Take it", ids.TAKE, handoff.id, "primary")
        case _:
            pass


def _open(case: Case) -> Iterator[Block]:
    handoff = case.handoff
    yield button("Accept", ids.ACCEPT, handoff.id, "primary")
    yield button("Reject…", ids.REJECT, handoff.id)
    yield button("Not mine…", ids.NOT_MINE, handoff.id)
    if claimable(case):
        yield button("Claim", ids.CLAIM, handoff.id)


def _questions(case: Case) -> Iterator[Block]:
    """Why this score, why me, why then: as long as anybody works on it. An open card has a menu for what is rare."""
    handoff = case.handoff
    if handoff.state not in STILL_WORK:
        return
    if case.assessment:
        yield button("Why this score", ids.WHY, handoff.id)
    if handoff.state is State.OFFERED:
        yield {"type": "overflow", "action_id": ids.MORE, "options": list(_menu(case))}
    elif not handoff.imported:
        yield button(GROUNDS, ids.GROUNDS, handoff.id)


def _menu(case: Case) -> Iterator[Block]:
    """At most five: Slack takes no more."""
    handoff = case.handoff
    for minutes in ids.SNOOZES:
        length = timedelta(minutes=minutes)
        if _time_for(case, length):
            yield _entry(f"Snooze {duration(length)}", ids.entry(ids.SNOOZE, handoff.id, minutes))
    yield _entry("Reassign…", ids.entry(ids.REASSIGN, handoff.id))
    yield _entry(GROUNDS, ids.entry(ids.GROUNDS, handoff.id))


def _entry(text: str, value: str) -> Block:
    return {"text": plain_text(text), "value": value}


def _time_for(case: Case, snooze: timedelta) -> bool:
    """Whether the reminder could still be put off so long, going by the last thing known to have happened."""
    handoff = case.handoff
    if handoff.snoozed_until or handoff.breached_by or handoff.due_at is None:
        return False
    return handoff.due_at - _last_known(case) > snooze


def _last_known(case: Case) -> datetime:
    """No time that counts has passed before that."""
    handoff, known = case.handoff, [case.handoff.offered_at]
    known += [step.at for step in handoff.steps[: handoff.step]]
    known += [handoff.owner_since] if handoff.owner_since else []
    known += [case.deadline.counted_from] if case.deadline else []
    return max(known)
