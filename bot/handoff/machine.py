"""The table of moves: `decide(handoff, command, now)` says what becomes of a hand-off, or why nothing does.

Pure: no Slack, no database, no clock. `RULES` holds the allowed cells of *state × command*; every other cell
answers with the one refusal of its state. The moves carry out what is decided here.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock.ladder import OWNERS
from bot.handoff import owners
from bot.handoff.commands import Accept, Command, Escalate, Expire, Raise, Reject, Take, Undo, Void
from bot.handoff.decision import Change, Decision, Refusal, Rule, Why
from bot.handoff.events import Event, Kind
from bot.handoff.reasons import fault
from bot.handoff.states import Handoff, State

EXPIRY_AFTER_UNDO = timedelta(minutes=15)


def decide(handoff: Handoff, command: Command, now: datetime) -> Decision:
    """What `command` makes of `handoff` at `now` (UTC)."""
    shut = refusal(handoff, type(command))
    if shut:
        return shut
    overdue = _overdue(handoff, command, now)
    owned = replace(handoff, breached_by=handoff.owner) if overdue else handoff
    decision = RULES[handoff.state, type(command)](owned, command, now)
    return replace(decision, events=(*overdue, *decision.events)) if isinstance(decision, Change) else decision


def refusal(handoff: Handoff, command: type[Command]) -> Refusal | None:
    """Why this kind of command cannot be given in the hand-off's state; None where the table allows it."""
    if handoff.imported:
        return Refusal(Why.IMPORTED)
    if handoff.next_id is not None and command in {Undo, Take}:
        return Refusal(Why.MOVED_ON)
    return None if (handoff.state, command) in RULES else Refusal(DEFAULT_REFUSAL[handoff.state])


def _overdue(handoff: Handoff, command: Command, now: datetime) -> tuple[Event, ...]:
    """The breach, once, charged to whoever has the lead then, whatever comes first to notice it.

    What settles it at the very moment it is due is in time.
    """
    due, settles = handoff.due_at, isinstance(command, Accept | Reject | Void)
    if handoff.state is not State.OFFERED or handoff.breached_by or due is None:
        return ()
    if now < due or (now == due and settles):
        return ()
    return (Event(Kind.BREACHED, now, detail={"owner": handoff.owner, "due": due.isoformat()}),)


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
        took_wall=None,
        took_working=None,
    )
    return Change(reopened, (Event(Kind.UNDONE, now, command.by, {"was": handoff.state.value}),))


def _take(handoff: Handoff, command: Take, now: datetime) -> Decision:
    return Change(handoff, (Event(Kind.TAKEN, now, command.by),))


def _escalate(handoff: Handoff, command: Escalate, now: datetime) -> Decision:
    """The next rung; a reminder that a later rung has overtaken is passed over without a word, and so is a reassignment
    at the end of the ladder: nobody gets a lead that expires in their hands at once.

    On a rung that reassigns, it says that there is nobody to reassign it to.
    """
    due = handoff.next_due_at
    if due is None or due > now or handoff.steps[handoff.step].step == "expire":
        return Refusal(Why.NOT_DUE)
    index = handoff.step
    while _is_overtaken(handoff, index, now):
        index += 1
    rung = handoff.steps[index]
    if index > handoff.step and rung.step in {"expire", "reassign"}:  # the sweep asks again, with what fits it
        return Change(replace(handoff, step=index), ())
    taken = replace(handoff, step=index + 1)
    if rung.step not in OWNERS:
        return Change(taken, (Event(Kind.ESCALATED, now, detail={"rung": index, "step": rung.step}),))
    detail = {"rung": index, "step": rung.step, "nudge": command.nudge}
    return Change(replace(taken, nudge=command.nudge or handoff.nudge), (Event(Kind.REMINDED, now, detail=detail),))


def _is_overtaken(handoff: Handoff, index: int, now: datetime) -> bool:
    step, later = handoff.steps[index].step, handoff.steps[index + 1 :]
    by = later[:1] if step in OWNERS else later[-1:] if step == "reassign" else ()
    return any(one.at <= now for one in by)


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


RULES: dict[tuple[State, type[Command]], Rule] = {
    (State.OFFERED, Accept): _accept,
    (State.OFFERED, Reject): _reject,
    (State.OFFERED, Escalate): _escalate,
    (State.OFFERED, Expire): _expire,
    (State.OFFERED, Raise): _raise,
    (State.OFFERED, Void): _void,
    **{(State.OFFERED, command): rule for command, rule in owners.OFFERED.items()},
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
