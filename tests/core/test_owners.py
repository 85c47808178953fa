"""Whose a hand-off is may change: what is the lead's stays, what is the owner's is theirs. Cell by cell."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.clock import ladder
from bot.clock.calendar import ROUND_THE_CLOCK
from bot.clock.ladder import Step
from bot.config import load
from bot.handoff.commands import (
    Claim,
    Command,
    Escalate,
    Hold,
    Reassign,
    Redirect,
    Reroute,
    Snooze,
)
from bot.handoff.decision import Change, Refusal, Why
from bot.handoff.events import Event, Kind
from bot.handoff.machine import decide
from bot.handoff.routing import Route
from bot.handoff.states import State
from tests.core.machine_kit import BEN, DUE, MOMENT, REASONS, STEPS, TEN, becomes, kinds
from tests.support import HOUR, NOW, handoff

SLAS = load.load(None).slas


def given_to(place: Route, steps: Iterable[Step] = STEPS) -> Reassign:
    """The manager gives it to somebody."""
    return Reassign("maya", "by hand", place, tuple(steps))


@pytest.mark.parametrize(
    ("command", "kind", "by", "said"),
    [
        (Reroute("ana", REASONS["ROUTE_TERRITORY"], "emea", BEN, STEPS, "Lyon"), Kind.REROUTED, "ana",
         {"reason": "ROUTE_TERRITORY", "follow_up": "emea", "comment": "Lyon"}),
        (Reassign("maya", "by hand", BEN, STEPS), Kind.REASSIGNED, "maya", {"why": "by hand"}),
        (Reassign(None, "nobody answered", BEN, STEPS), Kind.REASSIGNED, None, {"why": "nobody answered"}),
        (Claim("ben", BEN, STEPS), Kind.CLAIMED, "ben", {}),
    ],
)  # fmt: skip
def test_whoever_gets_it_owns_it_from_then_on_and_history_says_who_had_it_and_why(
    command: Command, kind: Kind, by: str | None, said: dict[str, str]
) -> None:
    breached = handoff(steps=STEPS, breached_by="ana", nudge="nudge:ana", owner_since=NOW)
    change = decide(breached, command, DUE)
    assert isinstance(change, Change)
    assert change.events == (Event(kind, DUE, by, {"from": "ana", "to": "ben", **said}),)
    owned = {"owner": "ben", "owner_since": DUE, "nudge": None}
    assert change.handoff == replace(breached, **owned)


def test_team_and_channel_go_with_the_owner() -> None:
    moved = becomes(decide(handoff(steps=STEPS), given_to(Route("emea", "dan", "C0EMEA")), NOW))
    assert (moved.owner, moved.team, moved.channel, moved.state) == ("dan", "emea", "C0EMEA", State.OFFERED)


@pytest.mark.parametrize("kind", [Reroute, Reassign, Claim])
def test_nobody_is_given_what_is_theirs(kind: type[Command]) -> None:
    commands = {
        Reroute: Reroute("ana", REASONS["ROUTE_CAPACITY"], "", BEN, STEPS),
        Reassign: given_to(BEN),
        Claim: Claim("ben", BEN, STEPS),
    }
    assert decide(handoff(owner="ben", steps=STEPS), commands[kind], DUE) == Refusal(Why.ALREADY_THEIRS)


@pytest.mark.parametrize("code", ["ROUTE_TERRITORY", "ROUTE_OWNED"])
def test_not_mine_without_an_answer_to_its_question_changes_nothing(code: str) -> None:
    refused = decide(handoff(steps=STEPS), Reroute("ana", REASONS[code], " ", BEN, STEPS), NOW)
    assert refused == Refusal(Why.FOLLOW_UP, "Please choose one.")


def test_a_claim_waits_for_the_due_time_and_not_a_moment_longer() -> None:
    assert decide(handoff(steps=STEPS), Claim("ben", BEN, STEPS), DUE - MOMENT) == Refusal(Why.TOO_EARLY)
    assert kinds(decide(handoff(steps=STEPS), Claim("ben", BEN, STEPS), DUE)) == [Kind.BREACHED, Kind.CLAIMED]


def test_the_clock_does_not_take_a_lead_away_from_whoever_stepped_in() -> None:
    urgent = ladder.build(SLAS["P1"], NOW, ROUND_THE_CLOCK)
    late = handoff(steps=urgent.steps, step=2, due_at=urgent.due_at)
    claimed = becomes(decide(late, Claim("ben", BEN, urgent.steps[2:]), urgent.due_at))
    moved = becomes(decide(late, given_to(BEN, urgent.steps[2:]), urgent.due_at))
    assert [step.step for step in claimed.steps] == ["last_call", "escalate", "escalate", "expire"]
    assert moved.steps == urgent.steps, "whom the manager gave it has stepped into nothing"


@pytest.mark.parametrize("by", ["maya", None])
def test_a_step_that_is_to_find_another_owner_finds_one_and_not_one_after_the_other(by: str | None) -> None:
    urgent = ladder.build(SLAS["P1"], NOW, ROUND_THE_CLOCK)
    rung = urgent.steps[2]
    late = handoff(steps=urgent.steps, step=2, due_at=urgent.due_at)
    moved = becomes(decide(late, Reassign(by, "so", BEN, urgent.steps[2:]), rung.at))
    assert moved.steps == (*urgent.steps[:2], *urgent.steps[3:])
    assert moved.next_due_at == urgent.steps[3].at


def test_a_card_that_slack_does_not_show_goes_elsewhere_once_and_the_next_owner_has_it_in_their_channel() -> None:
    redirect = Redirect("U0ANA", "is_archived")
    change = decide(handoff(steps=STEPS), redirect, NOW)
    assert isinstance(change, Change)
    told = {"from": "C0SALES", "to": "U0ANA", "why": "is_archived"}
    assert change.events == (Event(Kind.REDIRECTED, NOW, None, told),)
    assert change.handoff == handoff(steps=STEPS, channel="U0ANA")
    assert decide(change.handoff, redirect, NOW) == Refusal(Why.NOT_DUE)
    assert becomes(decide(change.handoff, given_to(BEN), NOW)).channel == "C0SALES"


# Snooze: once, inside the SLA, and no step of the lead's is lost by it


def test_a_snooze_is_one_reminder_at_its_end_in_place_of_those_before() -> None:
    steps = ladder.build(SLAS["P2"], NOW, ROUND_THE_CLOCK).steps  # reminders after 2 h and 3 h 12 min
    until = NOW + 2 * HOUR + TEN
    change = decide(handoff(steps=steps), Snooze("dan", until), NOW + HOUR)
    assert isinstance(change, Change)
    assert change.handoff.steps == (Step(until, "remind"), *steps[1:])
    assert change.handoff.snoozed_until == until
    assert change.events == (Event(Kind.SNOOZED, NOW + HOUR, "dan", {"until": until.isoformat()}),)


def test_a_snooze_beyond_the_last_reminder_still_ends_with_one() -> None:
    steps = ladder.build(SLAS["P2"], NOW, ROUND_THE_CLOCK).steps
    snoozed = becomes(decide(handoff(steps=steps, step=1), Snooze("ana", DUE - MOMENT), NOW + 3 * HOUR))
    assert snoozed.steps == (steps[0], Step(DUE - MOMENT, "remind"), *steps[2:])
    assert snoozed.next_due_at == DUE - MOMENT


def test_a_snooze_loses_no_step_of_the_leads() -> None:
    early = Step(NOW + HOUR, "escalate")
    snoozed = becomes(decide(handoff(steps=(early, *STEPS)), Snooze("ana", NOW + 3 * HOUR), NOW))
    assert snoozed.steps == (early, Step(NOW + 3 * HOUR, "remind"), *STEPS[1:])


@pytest.mark.parametrize("until", [DUE, DUE + HOUR])
def test_a_snooze_ends_before_it_is_due(until: datetime) -> None:
    assert decide(handoff(steps=STEPS), Snooze("ana", until), NOW) == Refusal(Why.NO_TIME_LEFT)


def test_a_snooze_is_for_once_and_for_the_one_who_has_it() -> None:
    snoozed = becomes(decide(handoff(steps=STEPS), Snooze("ana", NOW + HOUR), NOW))
    assert decide(snoozed, Snooze("ana", NOW + 2 * HOUR), NOW + HOUR + TEN) == Refusal(Why.SNOOZED)
    bens = becomes(decide(snoozed, given_to(BEN), NOW))
    assert bens.snoozed_until is None
    assert becomes(decide(bens, Snooze("ben", NOW + HOUR), NOW)).snoozed_until == NOW + HOUR


# Hold: a reminder that comes too soon after another


def test_a_held_reminder_waits_and_nothing_has_happened() -> None:
    change = decide(handoff(steps=STEPS), Hold(NOW + 3 * HOUR), NOW + 2 * HOUR)
    assert isinstance(change, Change)
    assert change.events == ()
    assert change.handoff == handoff(steps=(Step(NOW + 3 * HOUR, "remind"), *STEPS[1:]))


@pytest.mark.parametrize("until", [DUE, DUE + HOUR])
def test_a_held_reminder_that_something_else_overtakes_is_dropped(until: datetime) -> None:
    held = becomes(decide(handoff(steps=STEPS), Hold(until), NOW + 2 * HOUR))
    assert held.steps == STEPS[1:]


def test_only_a_reminder_that_is_due_can_be_held() -> None:
    assert decide(handoff(steps=STEPS), Hold(DUE), NOW + 2 * HOUR - MOMENT) == Refusal(Why.NOT_DUE)
    for step in (1, 2):
        late = replace(handoff(steps=STEPS, step=step), breached_by="ana")
        assert decide(late, Hold(NOW + 90 * HOUR), NOW + 80 * HOUR) == Refusal(Why.NOT_DUE)


# Escalate: one rung at a time


def test_a_reminder_says_which_rung_and_in_which_message_and_the_hand_off_remembers_it() -> None:
    change = decide(handoff(steps=STEPS), Escalate("nudge:ana:now"), NOW + 2 * HOUR)
    assert isinstance(change, Change)
    assert [event.detail for event in change.events] == [{"rung": 0, "step": "remind", "nudge": "nudge:ana:now"}]
    assert change.handoff.nudge == "nudge:ana:now"
    urgent = becomes(decide(replace(change.handoff, step=0), Escalate(), NOW + 2 * HOUR))
    assert urgent.nudge == "nudge:ana:now", "a reminder of its own leaves the bundle as it is"


def test_reminders_that_were_overtaken_are_passed_over_up_to_the_last_one_that_is_due() -> None:
    steps = ladder.build(SLAS["P2"], NOW, ROUND_THE_CLOCK).steps
    change = decide(handoff(steps=steps), Escalate("nudge"), DUE - MOMENT)
    assert isinstance(change, Change)
    assert [event.detail["step"] for event in change.events] == ["last_call"]
    assert change.handoff.step == 2


@pytest.mark.parametrize("last", ["reassign", "expire"])
def test_a_reminder_overtaken_by_what_needs_another_command_is_passed_over_and_the_clock_asks_again(last) -> None:
    steps = (Step(NOW, "remind"), Step(NOW, last), Step(NOW + HOUR, "expire"))
    change = decide(handoff(steps=steps), Escalate(), NOW)
    assert isinstance(change, Change)
    assert (change.events, change.handoff.step) == ((), 1)
    said = {"reassign": [Kind.ESCALATED], "expire": Why.NOT_DUE}[last]
    asked_again = decide(change.handoff, Escalate(), NOW)
    assert (asked_again.why if isinstance(asked_again, Refusal) else kinds(asked_again)) == said
