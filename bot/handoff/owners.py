"""The cells of the table that change whose a hand-off is, and when its owner is reminded; `machine` has the others.

The state stays, and so does the due time: the prospect waits all the same. Only an open hand-off changes hands.
"""

from dataclasses import replace
from datetime import datetime

from bot.clock.ladder import OWNERS, Step
from bot.handoff.commands import Claim, Command, Hold, Reassign, Redirect, Reroute, Snooze
from bot.handoff.decision import Change, Decision, Refusal, Rule, Why
from bot.handoff.events import Detail, Event, Kind
from bot.handoff.reasons import fault
from bot.handoff.states import Handoff


def _reroute(handoff: Handoff, command: Reroute, now: datetime) -> Decision:
    wrong = fault(command.reason, command.follow_up, now.date())
    if wrong:
        return Refusal(Why.FOLLOW_UP, wrong)
    said = {"reason": command.reason.code, "follow_up": command.follow_up, "comment": command.comment}
    return _handed(handoff, command, now, Kind.REROUTED, said)


def _reassign(handoff: Handoff, command: Reassign, now: datetime) -> Decision:
    return _handed(handoff, command, now, Kind.REASSIGNED, {"why": command.why})


def _claim(handoff: Handoff, command: Claim, now: datetime) -> Decision:
    if handoff.due_at is None or now < handoff.due_at:
        return Refusal(Why.TOO_EARLY)
    return _handed(handoff, command, now, Kind.CLAIMED, {})


def _handed(handoff: Handoff, command: Reroute | Reassign | Claim, now: datetime, kind: Kind, said: Detail) -> Decision:
    """Somebody else's from now on, with reminders of their own: those of the former owner are gone, snooze and all.

    So is what was to find another owner by now. From whoever steps in the clock takes it no more.
    """
    place = command.place
    if place.owner == handoff.owner:
        return Refusal(Why.ALREADY_THEIRS)
    claimed = kind is Kind.CLAIMED
    steps = [step for step in command.steps if step.step != "reassign" or (step.at > now and not claimed)]
    handed = replace(
        handoff,
        owner=place.owner,
        team=place.team,
        channel=place.channel,
        owner_since=now,
        steps=(*handoff.steps[: handoff.step], *steps),
        nudge=None,
        snoozed_until=None,
    )
    detail = {"from": handoff.owner, "to": place.owner, **said}
    return Change(handed, (Event(kind, now, command.by, detail),))


def _snooze(handoff: Handoff, command: Snooze, now: datetime) -> Decision:
    """Once for each owner, and inside the SLA."""
    if handoff.snoozed_until is not None:
        return Refusal(Why.SNOOZED)
    if handoff.due_at is None or command.until >= handoff.due_at:
        return Refusal(Why.NO_TIME_LEFT)
    left = [step for step in _left(handoff) if step.step not in OWNERS or step.at > command.until]
    steps = sorted([Step(command.until, "remind"), *left], key=lambda step: step.at)
    snoozed = replace(_with_left(handoff, steps), snoozed_until=command.until)
    return Change(snoozed, (Event(Kind.SNOOZED, now, command.by, {"until": command.until.isoformat()}),))


def _hold(handoff: Handoff, command: Hold, now: datetime) -> Decision:
    """The reminder comes later, or not at all where something else comes before that. Nothing has happened by it."""
    due = handoff.next_due_at
    if due is None or due > now or handoff.steps[handoff.step].step not in OWNERS:
        return Refusal(Why.NOT_DUE)
    held, *others = _left(handoff)
    overtaken = any(step.at <= command.until for step in others)
    return Change(_with_left(handoff, others if overtaken else [replace(held, at=command.until), *others]), ())


def _redirect(handoff: Handoff, command: Redirect, now: datetime) -> Decision:
    if command.channel == handoff.channel:
        return Refusal(Why.NOT_DUE)
    detail = {"from": handoff.channel, "to": command.channel, "why": command.why}
    return Change(replace(handoff, channel=command.channel), (Event(Kind.REDIRECTED, now, detail=detail),))


def _left(handoff: Handoff) -> tuple[Step, ...]:
    return handoff.steps[handoff.step :]


def _with_left(handoff: Handoff, left: list[Step]) -> Handoff:
    return replace(handoff, steps=(*handoff.steps[: handoff.step], *left))


OFFERED: dict[type[Command], Rule] = {
    Reroute: _reroute,
    Reassign: _reassign,
    Claim: _claim,
    Snooze: _snooze,
    Hold: _hold,
    Redirect: _redirect,
}
"""What an open hand-off allows beside what `machine` says."""
