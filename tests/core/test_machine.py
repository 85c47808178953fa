"""The table of moves, cell by cell, and what the moves may never do."""

from dataclasses import fields, replace
from datetime import timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.commands import Accept, Command, Escalate, Expire, Raise, Reject, Take, Undo, Void
from bot.handoff.decision import Change, Refusal, Why
from bot.handoff.events import Kind
from bot.handoff.machine import DEFAULT_REFUSAL, RULES, decide
from bot.handoff.states import Handoff, State
from tests.core.machine_kit import COMMANDS, DUE, END, OPEN_ONLY, REASONS, STEPS, TEN, in_state, moment
from tests.support import HOUR, NOW, handoff

ALLOWED = {
    *((State.OFFERED, command) for command in OPEN_ONLY),
    (State.ACCEPTED, Undo),
    (State.REJECTED, Undo),
    (State.VOID, Undo),
    (State.EXPIRED, Take),
}


def test_the_table_is_of_all_commands_there_are() -> None:
    assert set(COMMANDS) == set(get_args(Command))


@pytest.mark.parametrize(("state", "command"), list(product(State, COMMANDS)))
def test_every_cell_of_the_table_is_either_allowed_or_refused(state: State, command: type[Command]) -> None:
    before = in_state(state, command)
    decision = decide(before, COMMANDS[command], moment(command))
    assert ((state, command) in RULES) == ((state, command) in ALLOWED)
    if (state, command) in ALLOWED:
        assert isinstance(decision, Change)
    else:
        assert decision == Refusal(DEFAULT_REFUSAL[state])


@pytest.mark.parametrize("command", COMMANDS)
def test_imported_history_takes_no_commands(command: type[Command]) -> None:
    before = replace(in_state(State.OFFERED, command), imported=True)
    assert decide(before, COMMANDS[command], moment(command)) == Refusal(Why.IMPORTED)


def test_accept_says_who_and_when_and_until_when_it_can_be_undone() -> None:
    change = decide(handoff(), Accept("ana", TEN), NOW)
    assert isinstance(change, Change)
    assert change.handoff.state is State.ACCEPTED
    assert (change.handoff.decided_by, change.handoff.decided_at) == ("ana", NOW)
    assert (change.handoff.accepted_at, change.handoff.undo_until) == (NOW, NOW + TEN)


@pytest.mark.parametrize("code", sorted(code for code, one in REASONS.items() if one.consequence != "reroute"))
def test_every_reason_code_asks_for_its_follow_up_and_has_its_consequence(code: str) -> None:
    reason = REASONS[code]
    assert decide(handoff(), Reject("ana", TEN, reason, ""), NOW).why is Why.FOLLOW_UP  # type: ignore[union-attr]
    answers = {"text": "x" * 20, "date": "2026-12-24"}
    answer = answers.get(reason.follow_up.kind) or reason.follow_up.options[0][0]
    change = decide(handoff(), Reject("ana", TEN, reason, answer), NOW)
    assert isinstance(change, Change)
    assert change.handoff.state is (State.VOID if code == "DUPLICATE" else State.REJECTED)
    assert (change.handoff.reason, change.handoff.follow_up) == (code, answer)


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("TIMING", "yesterday"),
        ("TIMING", "2026-03-02"),
        ("TIMING", "2020-01-01"),
        ("OTHER", "too short"),
        ("OTHER", " " * 30),
        ("FIT_COMPANY", "size,shoes"),
        ("FIT_COMPANY", ","),
        ("JUNK", "spam,test"),
    ],
)
def test_a_follow_up_that_does_not_answer_changes_nothing(code: str, answer: str) -> None:
    assert isinstance(decide(handoff(), Reject("ana", TEN, REASONS[code], answer), NOW), Refusal)


def test_undo_brings_the_hand_off_back_as_it_was_but_for_a_pause_before_expiry() -> None:
    before = handoff(steps=STEPS, step=1)
    accepted = decide(before, Accept("ana", TEN), NOW)
    assert isinstance(accepted, Change)
    undone = decide(accepted.handoff, Undo("ana"), NOW + TEN)
    assert isinstance(undone, Change)
    assert replace(undone.handoff, hold_until=None) == before
    assert undone.handoff.due_at == before.due_at


def test_undo_ends_with_its_time_and_with_the_next_hand_off() -> None:
    accepted = handoff(state=State.ACCEPTED, decided_by="ana", undo_until=NOW + TEN)
    late = NOW + TEN + timedelta(microseconds=1)
    assert decide(accepted, Undo("ana"), late) == Refusal(Why.UNDO_TOO_LATE)
    assert decide(replace(accepted, next_id=2), Undo("ana"), NOW) == Refusal(Why.MOVED_ON)


def test_expiry_comes_no_sooner_than_a_quarter_of_an_hour_after_an_undo() -> None:
    accepted = handoff(steps=STEPS, step=2, state=State.ACCEPTED, decided_by="ana", undo_until=END + TEN)
    undone = decide(accepted, Undo("ana"), END)
    assert isinstance(undone, Change)
    assert undone.handoff.next_due_at == END + timedelta(minutes=15)
    assert decide(undone.handoff, Expire(), END + TEN) == Refusal(Why.NOT_DUE)
    assert isinstance(decide(undone.handoff, Expire(), END + timedelta(minutes=15)), Change)


def test_nothing_happens_before_it_is_due() -> None:
    waiting = handoff(steps=STEPS)
    assert decide(waiting, Escalate(), NOW + 2 * HOUR - timedelta(microseconds=1)) == Refusal(Why.NOT_DUE)
    assert decide(replace(waiting, step=2), Expire(), END - timedelta(microseconds=1)) == Refusal(Why.NOT_DUE)
    assert decide(waiting, Expire(), END) == Refusal(Why.NOT_DUE), "a rung is never jumped over by the wrong command"


def test_a_reminder_that_comes_too_late_is_passed_over_for_the_escalation() -> None:
    change = decide(handoff(steps=STEPS), Escalate(), NOW + 5 * HOUR)
    assert isinstance(change, Change)
    assert [event.kind for event in change.events] == [Kind.BREACHED, Kind.ESCALATED]


@given(st.lists(st.tuples(st.sampled_from(list(COMMANDS)), st.integers(0, 60 * 60)), max_size=25))
def test_whatever_is_asked_in_whatever_order_one_decision_stands(asked: list[tuple[type[Command], int]]) -> None:
    """The due time never changes; a decision is complete or absent; what is settled has no clock."""
    now, standing = NOW, handoff(steps=STEPS)
    for command, seconds in asked:
        now += timedelta(seconds=seconds)
        decision = decide(standing, COMMANDS[command], now)
        standing = decision.handoff if isinstance(decision, Change) else standing
        assert (standing.due_at, standing.steps[-1]) == (DUE, STEPS[-1])
        decided = [standing.accepted_at, standing.rejected_at, standing.voided_at, standing.expired_at]
        assert sum(at is not None for at in decided) == (standing.state is not State.OFFERED)
        turned_down = standing.decided_by is not None and standing.state in {State.REJECTED, State.VOID}
        assert (standing.reason is not None) == turned_down, "a reason for every no, and for nothing else"
        assert standing.state is State.OFFERED or standing.next_due_at is None


def test_the_record_keeps_every_dated_column() -> None:
    dated = {field.name for field in fields(Handoff) if field.name.endswith("_at")}
    assert {f"{state}_at" for state in ("accepted", "rejected", "voided", "expired", "won", "lost")} <= dated


def test_a_raised_tier_remembers_the_one_it_was_offered_under_and_moves_no_due_time() -> None:
    before = handoff(tier="P3", steps=STEPS)
    once = decide(before, Raise("P2", "cell A2"), NOW)
    assert isinstance(once, Change)
    twice = decide(once.handoff, Raise("P1", "Asked for a demo"), NOW)
    assert isinstance(twice, Change)
    assert (twice.handoff.tier, twice.handoff.raised_from) == ("P1", "P3")
    assert replace(twice.handoff, tier="P3", raised_from=None) == before
    assert [event.detail for event in twice.events] == [{"from": "P2", "to": "P1", "because": "Asked for a demo"}]
    assert decide(twice.handoff, Raise("P1", "again"), NOW) == Refusal(Why.NOT_DUE)


def test_a_card_that_is_withdrawn_is_void_for_good_and_says_why() -> None:
    withdrawn = decide(handoff(), Void("Asked not to be contacted"), NOW)
    assert isinstance(withdrawn, Change)
    stands = withdrawn.handoff
    assert (stands.state, stands.voided_at, stands.decided_by) == (State.VOID, NOW, None)
    assert stands.comment == "Asked not to be contacted"
    assert [(event.kind, event.by) for event in withdrawn.events] == [(Kind.VOIDED, None)]
    assert decide(stands, Undo("maya"), NOW) == Refusal(Why.UNDO_TOO_LATE)
