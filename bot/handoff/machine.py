"""The table of moves: `decide(handoff, command, now)` says what becomes of a hand-off, or why nothing does.

Pure: no Slack, no database, no clock. `RULES` holds the allowed cells of *state × command*; every other cell
answers with the one refusal of its state. The moves carry out what is decided here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.handoff.commands import Accept, Command, Escalate, Expire, Raise, Reject, Take, Undo, Void
from bot.handoff.events import Event, Kind
from bot.handoff.reasons import fault
from bot.handoff.states import Handoff, State

EXPIRY_AFTER_UNDO = timedelta(minutes=15)


class Why(StrEnum):
    """Why a command was refused; the words for it are in blocks."""

    ALREADY_DECIDED = "already_decided"
    STILL_OPEN = "still_open"
    EXPIRED = "expired"
    MOVED_ON = "moved_on"  # a later hand-off of the same lead exists
    UNDO_TOO_LATE = "undo_too_late"
    FOLLOW_UP = "follow_up"
    NOT_DUE = "not_due"
    IMPORTED = "imported"
    NOT_YOURS = "not_yours"  # to accept or reject
    NOT_YOUR_DECISION = "not_your_decision"  # to undo
    NOT_YOUR_TEAM = "not_your_team"  # to take
    STRANGER = "stranger"  # nobody Baton was told of
    UNKNOWN = "unknown"  # no such hand-off
    UNKNOWN_REASON = "unknown_reason"
    BARRED = "barred"  # the lead must not be contacted
    NO_FORM = "no_form"  # Slack did not open the form or the explanation


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing changed, and why; `words` is set where a field's own message says it best."""

    why: Why
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The hand-off as it becomes, and what happened on the way."""

    handoff: Handoff
    events: tuple[Event, ...]


Decision = Change | Refusal


def decide(handoff: Handoff, command: Command, now: datetime) -> Decision:
    """What `command` makes of `handoff` at `now` (UTC)."""
    shut = refusal(handoff, type(command))
    return shut or RULES[handoff.state, type(command)](handoff, command, now)


def refusal(handoff: Handoff, command: type[Command]) -> Refusal | None:
    """Why this kind of command cannot be given in the hand-off's state; None where the table allows it."""
    if handoff.imported:
        return Refusal(Why.IMPORTED)
    if handoff.next_id is not None and command in {Undo, Take}:
        return Refusal(Why.MOVED_ON)
    return None if (handoff.state, command) in RULES else Refusal(DEFAULT_REFUSAL[handoff.state])


def _accept(handoff: Handoff, command: Accept, now: datetime) -> Decision:
    decided = _decided(handoff, command, now, State.ACCEPTED)
    return Change(replace(decided, accepted_at=now), (Event(Kind.ACCEPTED, now, command.by),))


def _reject(handoff: Handoff, command: Reject, now: datetime) -> Decision:
    wrong = fault(command.reason, command.follow_up, now.date())
    if wrong:
        return Refusal(Why.FOLLOW_UP, wrong)
    void = command.reason.consequence == "void"
    decided = replace(
        _decided(handoff, command, now, State.VOID if void else State.REJECTED),
        reason=command.reason.code,
        follow_up=command.follow_up,
        comment=command.comment,
        voided_at=now if void else None,
        rejected_at=None if void else now,
    )
    detail = {"reason": command.reason.code, "follow_up": command.follow_up, "comment": command.comment}
    return Change(decided, (Event(Kind.VOIDED if void else Kind.REJECTED, now, command.by, detail),))


def _decided(handoff: Handoff, command: Accept | Reject, now: datetime, state: State) -> Handoff:
    return replace(
        handoff,
        state=state,
        decided_at=now,
        decided_by=command.by,
        undo_until=now + command.undo,
        hold_until=None,
    )


def _undo(handoff: Handoff, command: Undo, now: datetime) -> Decision:
    if handoff.undo_until is None or now > handoff.undo_until:
        return Refusal(Why.UNDO_TOO_LATE)
    reopened = replace(
        handoff,
        state=State.OFFERED,
        hold_until=now + EXPIRY_AFTER_UNDO,
        decided_at=None,
        decided_by=None,
        undo_until=None,
        reason=None,
        follow_up=None,
        comment=None,
        accepted_at=None,
        rejected_at=None,
        voided_at=None,
    )
    return Change(reopened, (Event(Kind.UNDONE, now, command.by, {"was": handoff.state.value}),))


def _take(handoff: Handoff, command: Take, now: datetime) -> Decision:
    return Change(handoff, (Event(Kind.TAKEN, now, command.by),))


def _escalate(handoff: Handoff, _: Escalate, now: datetime) -> Decision:
    """The next rung; a reminder that a later rung has overtaken is passed over without a word."""
    due = handoff.next_due_at
    if due is None or due > now or handoff.steps[handoff.step].step == "expire":
        return Refusal(Why.NOT_DUE)
    index = handoff.step
    while handoff.steps[index].step == "remind" and handoff.steps[index + 1].at <= now:
        index += 1
    rung = handoff.steps[index]
    if rung.step == "expire":  # the sweep asks again, with Expire
        return Change(replace(handoff, step=index), ())
    kind = Kind.REMINDED if rung.step == "remind" else Kind.ESCALATED
    return Change(replace(handoff, step=index + 1), (Event(kind, now, detail={"rung": index}),))


def _expire(handoff: Handoff, _: Expire, now: datetime) -> Decision:
    due = handoff.next_due_at
    if due is None or due > now or handoff.steps[handoff.step].step != "expire":
        return Refusal(Why.NOT_DUE)
    expired = replace(handoff, state=State.EXPIRED, expired_at=now, step=handoff.step + 1)
    return Change(expired, (Event(Kind.EXPIRED, now),))


def _raise(handoff: Handoff, command: Raise, now: datetime) -> Decision:
    if command.tier == handoff.tier:
        return Refusal(Why.NOT_DUE)
    raised = replace(handoff, tier=command.tier, raised_from=handoff.raised_from or handoff.tier)
    detail = {"from": handoff.tier, "to": command.tier, "because": command.because}
    return Change(raised, (Event(Kind.RAISED, now, detail=detail),))


def _void(handoff: Handoff, command: Void, now: datetime) -> Decision:
    withdrawn = replace(
        handoff, state=State.VOID, voided_at=now, decided_at=now, comment=command.because, hold_until=None
    )
    return Change(withdrawn, (Event(Kind.VOIDED, now, detail={"because": command.because}),))


Rule = Callable[[Handoff, Any, datetime], Decision]

RULES: dict[tuple[State, type[Command]], Rule] = {
    (State.OFFERED, Accept): _accept,
    (State.OFFERED, Reject): _reject,
    (State.OFFERED, Escalate): _escalate,
    (State.OFFERED, Expire): _expire,
    (State.OFFERED, Raise): _raise,
    (State.OFFERED, Void): _void,
    (State.ACCEPTED, Undo): _undo,
    (State.REJECTED, Undo): _undo,
    (State.VOID, Undo): _undo,
    (State.EXPIRED, Take): _take,
}

DEFAULT_REFUSAL: dict[State, Why] = {
    State.OFFERED: Why.STILL_OPEN,
    State.EXPIRED: Why.EXPIRED,
    **dict.fromkeys(set(State) - {State.OFFERED, State.EXPIRED}, Why.ALREADY_DECIDED),
}
