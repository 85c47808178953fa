"""The breach: once, at the due time, charged to whoever had it then, and noticed by whatever comes first."""

from dataclasses import replace

import pytest

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
    Undo,
    Void,
)
from bot.handoff.decision import Change, Refusal, Why
from bot.handoff.events import Kind
from bot.handoff.machine import decide
from bot.handoff.states import Handoff, State
from tests.core.machine_kit import COMMANDS, DUE, END, MOMENT, OPEN_ONLY, STEPS, TEN, becomes, in_state, kinds
from tests.support import NOW, handoff


def before(command: type[Command]) -> Handoff:
    """An open one on which the command is allowed just after the due time."""
    ladders = {Expire: STEPS[2:], Hold: (replace(STEPS[0], at=DUE), *STEPS[1:])}
    return handoff(steps=ladders.get(command, STEPS), step=0)


LATE: dict[type[Command], Command] = {**COMMANDS, Hold: Hold(DUE + TEN)}
COMES_LATE = sorted(OPEN_ONLY - {Snooze}, key=lambda one: one.__name__)  # once it is overdue nobody may snooze it
SETTLES = {Accept, Reject, Void}


@pytest.mark.parametrize("command", COMES_LATE)
def test_a_breach_is_noticed_by_whatever_comes_first_and_charged_to_whoever_has_it(command: type[Command]) -> None:
    late = END if command is Expire else DUE + MOMENT
    decision = decide(before(command), LATE[command], late)
    assert isinstance(decision, Change)
    assert kinds(decision).count(Kind.BREACHED) == 1
    breach = decision.events[0]
    assert (breach.kind, breach.at, breach.by) == (Kind.BREACHED, late, None)
    assert breach.detail == {"owner": "ana", "due": DUE.isoformat()}
    assert decision.handoff.breached_by == "ana"


@pytest.mark.parametrize("command", [one for one in COMES_LATE if one is not Expire])
def test_at_the_very_moment_it_is_due_only_what_settles_it_is_in_time(command: type[Command]) -> None:
    decision = decide(before(command), LATE[command], DUE)
    assert (Kind.BREACHED in kinds(decision)) == (command not in SETTLES)
    assert becomes(decision).breached_by == (None if command in SETTLES else "ana")


@pytest.mark.parametrize("command", [Accept, Reject, Void, Reroute, Reassign, Snooze, Redirect, Raise, Escalate, Hold])
def test_what_comes_in_time_is_no_breach(command: type[Command]) -> None:
    decision = decide(before(command), COMMANDS[command], DUE - MOMENT if command is not Snooze else NOW)
    if command is Hold:
        assert decision == Refusal(Why.NOT_DUE)  # its reminder is due with the breach, no sooner
    else:
        assert Kind.BREACHED not in kinds(decision)
        assert becomes(decision).breached_by is None


@pytest.mark.parametrize("command", COMES_LATE)
def test_a_breach_is_told_once(command: type[Command]) -> None:
    overdue = replace(before(command), breached_by="zoe")
    decision = decide(overdue, LATE[command], END)
    assert Kind.BREACHED not in kinds(decision)
    assert becomes(decision).breached_by == "zoe"


def test_what_is_refused_breaks_nothing_and_charges_nobody() -> None:
    assert decide(handoff(steps=STEPS), Snooze("ana", END), DUE + TEN) == Refusal(Why.NO_TIME_LEFT)
    assert decide(handoff(steps=STEPS, owner="ben"), COMMANDS[Claim], DUE + TEN) == Refusal(Why.ALREADY_THEIRS)


def test_a_decision_in_time_stays_in_time_and_one_taken_back_does_not() -> None:
    accepted = becomes(decide(handoff(steps=STEPS), Accept("ana", TEN), DUE - TEN))
    undone = becomes(decide(accepted, Undo("ana"), DUE))
    assert (accepted.breached_by, undone.breached_by) == (None, None)
    assert kinds(decide(undone, Accept("maya", TEN), DUE + TEN)) == [Kind.BREACHED, Kind.ACCEPTED]


def test_undoing_a_late_decision_leaves_the_breach_where_it_was() -> None:
    late = becomes(decide(handoff(steps=STEPS), Accept("maya", TEN), DUE + TEN))
    undone = becomes(decide(late, Undo("maya"), DUE + TEN))
    assert undone.breached_by == "ana"
    assert kinds(decide(undone, Escalate(), DUE + TEN)) == [Kind.ESCALATED]


def test_what_was_settled_long_ago_never_becomes_overdue() -> None:
    for state in set(State) - {State.OFFERED}:
        settled = in_state(state, Undo)
        decision = decide(replace(settled, undo_until=END), Undo("ana"), END)
        assert not isinstance(decision, Change) or kinds(decision) == [Kind.UNDONE]


def test_history_from_elsewhere_is_never_overdue() -> None:
    for command in LATE.values():
        assert decide(handoff(steps=STEPS, imported=True), command, END) == Refusal(Why.IMPORTED)


def test_a_hand_off_without_a_due_time_is_never_overdue_and_cannot_be_claimed_or_snoozed() -> None:
    timeless = handoff(due_at=None, steps=STEPS)
    assert kinds(decide(timeless, Accept("ana", TEN), END)) == [Kind.ACCEPTED]
    assert decide(timeless, COMMANDS[Claim], END) == Refusal(Why.TOO_EARLY)
    assert decide(timeless, COMMANDS[Snooze], NOW) == Refusal(Why.NO_TIME_LEFT)


def test_an_owner_whom_nobody_knows_any_more_is_charged_all_the_same() -> None:
    assert becomes(decide(handoff(steps=STEPS, owner="left"), Escalate(), DUE)).breached_by == "left"
