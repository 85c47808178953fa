"""Every command there is, in an example; a hand-off that takes it; and what came of a decision."""

from datetime import datetime, timedelta

from bot.clock import ladder
from bot.clock.calendar import ROUND_THE_CLOCK
from bot.handoff.commands import (
    Accept,
    Claim,
    Command,
    Escalate,
    Expire,
    Hold,
    Raise,
    Reassign,
    Redirect,
    Reject,
    Reroute,
    Snooze,
    Take,
    Undo,
    Void,
)
from bot.handoff.decision import Change
from bot.handoff.events import Kind
from bot.handoff.routing import Route
from bot.handoff.states import Handoff, State
from tests.support import HOUR, NOW, POLICY, handoff

TEN = timedelta(minutes=10)
REASONS = POLICY.reasons
STEPS = ladder.build(POLICY.slas["P2"], NOW, ROUND_THE_CLOCK).steps
END = NOW + timedelta(days=2)
DUE = NOW + 4 * HOUR
MOMENT = timedelta(microseconds=1)
BEN = Route("sales", "ben", "C0SALES")

COMMANDS: dict[type[Command], Command] = {
    Accept: Accept("ana", TEN),
    Reject: Reject("ana", TEN, REASONS["TIMING"], "2027-01-01"),
    Undo: Undo("ana"),
    Take: Take("ben"),
    Reroute: Reroute("ana", REASONS["ROUTE_CAPACITY"], "", BEN, STEPS),
    Reassign: Reassign("maya", "by hand", BEN, STEPS),
    Claim: Claim("ben", BEN, STEPS),
    Snooze: Snooze("ana", NOW + 3 * HOUR),
    Escalate: Escalate(),
    Hold: Hold(NOW + 3 * HOUR),
    Expire: Expire(),
    Redirect: Redirect("U0ANA", "the channel is archived"),
    Raise: Raise("P1", "Asked for a demo"),
    Void: Void("Asked not to be contacted"),
}
OPEN_ONLY = set(COMMANDS) - {Undo, Take}


def in_state(state: State, command: type[Command]) -> Handoff:
    """A hand-off in `state`, at a moment when `command` would be in time."""
    step = 2 if command is Expire else 0
    return handoff(state=state, steps=STEPS, step=step, undo_until=NOW + TEN, decided_by="ana", decided_at=NOW)


def moment(command: type[Command]) -> datetime:
    """When the command would be in time."""
    due = {Expire: END, Escalate: NOW + 2 * HOUR, Hold: NOW + 2 * HOUR, Claim: DUE}
    return due.get(command, NOW + timedelta(minutes=1))


def kinds(decision: object) -> list[Kind]:
    """What has happened, in order."""
    assert isinstance(decision, Change), decision
    return [event.kind for event in decision.events]


def becomes(decision: object) -> Handoff:
    """The hand-off as it is afterwards."""
    assert isinstance(decision, Change), decision
    return decision.handoff
