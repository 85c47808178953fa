"""Invariants 2, 8 and 9 through the real thing: signed HTTP from Slack, a real database, messages back in Slack."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import ids
from bot.handoff.commands import Accept, PersonCommand, Reject, Take, Undo
from bot.handoff.events import Kind
from bot.handoff.permissions import may
from bot.handoff.reasons import Reason
from bot.handoff.states import Handoff, State
from bot.lead import Lead, Signal
from bot.moves.receive import Incoming, receive
from bot.store import history
from bot.store.tables import messages
from tests.flows.slack_kit import (
    ANA,
    BEN,
    FEEDBACK,
    MAYA,
    PEOPLE,
    SALES,
    STRANGER,
    TOM,
    Json,
    Office,
    buttons,
    knock,
    rows,
    shown,
)
from tests.support import HOUR, POLICY, standing

COMMANDS: dict[str, type[PersonCommand]] = {
    ids.ACCEPT: Accept,
    ids.REJECT: Reject,
    ids.UNDO: Undo,
    ids.TAKE: Take,
}


def kinds(baton: Office, handoff: Handoff) -> list[Kind]:
    with baton.store.reading() as tx:
        return [event.kind for event in history.of_handoff(tx, handoff.id)]


def good_answer(reason: Reason) -> Any:
    """An answer of the kind that a reason's question asks for, as a person gives it to the form."""
    values = [value for value, _ in reason.follow_up.options]
    return {
        "text": "A long enough answer in a person's words",
        "choice": values[:1] and values[0],
        "choices": values[:2],
        "date": "2099-05-01",
    }[reason.follow_up.kind]


# Accept


def test_accept_is_stored_and_the_card_says_who_and_when(baton: Office) -> None:
    handoff, card = baton.offer()
    assert buttons(card) == [ids.ACCEPT, ids.REJECT]

    baton.press(ANA, ids.ACCEPT, card)

    stored = standing(baton.store, handoff.id)
    assert (stored.state, stored.decided_by, stored.accepted_at) == (State.ACCEPTED, "ana", stored.decided_at)
    after = baton.card(handoff)
    assert after["ts"] == card["ts"]
    assert "Accepted by <@U0ANA> · <!date^" in after["text"]
    assert buttons(after) == [ids.UNDO]
    assert baton.page.whispers(ANA) == []
    assert kinds(baton, handoff) == [Kind.OFFERED, Kind.ACCEPTED]


def test_a_double_click_decides_once_and_the_second_is_answered_in_private(baton: Office) -> None:
    handoff, card = baton.offer()
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(baton.page.press, ANA, ids.ACCEPT, card) for _ in range(4)]:
            done.result()
    baton.delivery.drain()

    assert kinds(baton, handoff) == [Kind.OFFERED, Kind.ACCEPTED]
    whispers = baton.page.whispers(ANA)
    assert len(whispers) == 3
    assert all("already settled" in one and "<@U0ANA> · <!date^" in one for one in whispers)
    assert len(baton.page.posted("card")) == 1


# Reject


@pytest.mark.parametrize("code", list(POLICY.reasons))
def test_every_reason_is_stored_with_its_follow_up_and_told_to_marketing(baton: Office, code: str) -> None:
    reason = POLICY.reasons[code]
    handoff, card = baton.offer()

    assert baton.reject(ANA, card, code, good_answer(reason), "Nice person though") == {"ok": True}

    void = reason.consequence == "void"
    stored = standing(baton.store, handoff.id)
    assert stored.state is (State.VOID if void else State.REJECTED)
    expected = good_answer(reason)
    assert stored.follow_up == (",".join(expected) if isinstance(expected, list) else expected)
    assert (stored.reason, stored.comment, stored.decided_by) == (code, "Nice person though", "ana")
    assert baton.page.modals(ANA) == []
    after = baton.card(handoff)
    assert reason.label in after["text"]
    assert buttons(after) == [ids.UNDO]
    if void:
        assert baton.page.everything(FEEDBACK) == []
    else:
        [thread], [reply] = baton.page.posted("thread", FEEDBACK), baton.page.posted("feedback", FEEDBACK)
        assert reply["thread_ts"] == thread["ts"]
        assert reason.label in reply["text"]
        assert "Nice person though" in reply["text"]


BLANK: dict[str, Any] = {"text": "   ", "choice": None, "choices": [], "date": None}


@pytest.mark.parametrize("code", list(POLICY.reasons))
def test_a_missing_follow_up_is_refused_at_its_own_field(baton: Office, code: str) -> None:
    handoff, card = baton.offer()
    before = rows(baton.store)
    reason = POLICY.reasons[code]

    sent = baton.reject(ANA, card, code, BLANK[reason.follow_up.kind])

    assert list(sent["errors"]) == [f"{ids.FOLLOW_UP}:{code}"]
    assert rows(baton.store) == before
    assert len(baton.page.modals(ANA)) == 1, "the form stays open"
    assert baton.page.submit(ANA, code, good_answer(reason)) == {"ok": True}
    assert baton.state(handoff) in {"rejected", "void"}


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("TIMING", "2020-01-01"),
        ("TIMING", "soon"),
        ("OTHER", "too short"),
        ("JUNK", "not an option"),
        ("DATA_INCOMPLETE", "email,shoe size"),
        ("JUNK", ""),
    ],
)
def test_a_form_that_no_client_would_send_is_checked_all_the_same(baton: Office, code: str, answer: str) -> None:
    """Whatever the screen enforces, the server enforces too."""
    _, card = baton.offer()
    baton.page.press(ANA, ids.REJECT, card)
    baton.page.choose(ANA, code)
    baton.page.submit(ANA, "FIT_PERSON", "never chosen")  # leaves a real payload behind to work from
    payload = submission(baton, code, answer)
    before = rows(baton.store)
    assert knock(baton.address, payload) == 200
    assert rows(baton.store) == before


def submission(baton: Office, code: str, answer: str) -> Json:
    """What Slack would send for the open form, with an answer put in by hand."""
    view = baton.page.modals(ANA)[-1]
    question = {"type": "plain_text_input", "value": answer}
    chosen = {"type": "static_select", "selected_option": {"value": code}}
    values = {ids.REASON: {ids.REASON: chosen}, f"{ids.FOLLOW_UP}:{code}": {ids.FOLLOW_UP: question}}
    return {
        "type": "view_submission",
        "team": {"id": "T0TEAM"},
        "user": {"id": ANA},
        "view": view | {"state": {"values": values}},
    }


def test_the_answer_to_another_reasons_question_does_not_count(baton: Office) -> None:
    _, card = baton.offer()
    baton.page.press(ANA, ids.REJECT, card)
    baton.page.choose(ANA, "FIT_PERSON")
    payload = submission(baton, "FIT_PERSON", "an intern")
    payload["view"]["state"]["values"][ids.REASON][ids.REASON]["selected_option"]["value"] = "FIT_USECASE"
    before = rows(baton.store)
    assert knock(baton.address, payload) == 200
    assert rows(baton.store) == before


def test_a_form_that_was_overtaken_closes_and_names_the_winner(baton: Office) -> None:
    handoff, card = baton.offer()
    baton.page.press(ANA, ids.REJECT, card)
    baton.page.choose(ANA, "NOT_READY")
    baton.press(MAYA, ids.ACCEPT, card)
    before = rows(baton.store)

    assert baton.page.submit(ANA, "NOT_READY", "no budget") == {"ok": True}
    baton.delivery.drain()

    assert rows(baton.store) == before
    assert baton.state(handoff) == "accepted"
    [whisper] = baton.page.whispers(ANA)
    assert "Accepted by <@U0MAYA>" in whisper
    assert baton.page.everything(FEEDBACK) == []


def test_when_slack_does_not_open_the_form_the_person_is_told(baton: Office) -> None:
    _, card = baton.offer()
    before = rows(baton.store)
    baton.page.fault("views.open", "error:expired_trigger_id")
    baton.press(ANA, ids.REJECT, card)
    [whisper] = baton.page.whispers(ANA)
    assert "did not open the form" in whisper
    assert rows(baton.store) == before


# Undo


@pytest.mark.parametrize("who", [ANA, MAYA])
@pytest.mark.parametrize("code", ["", "NOT_READY", "DUPLICATE"])
def test_the_decider_and_the_manager_can_undo(baton: Office, who: str, code: str) -> None:
    handoff, card = baton.offer()
    if code:
        baton.reject(ANA, card, code, "see the other one")
    else:
        baton.press(ANA, ids.ACCEPT, card)

    baton.press(who, ids.UNDO, baton.card(handoff))

    stored = standing(baton.store, handoff.id)
    assert (stored.state, stored.due_at, stored.reason, stored.decided_by) == (
        State.OFFERED, handoff.due_at, None, None,
    )  # fmt: skip
    assert buttons(baton.card(handoff)) == [ids.ACCEPT, ids.REJECT]
    assert baton.page.whispers(who) == []
    if code == "NOT_READY":
        [reply] = baton.page.posted("feedback", FEEDBACK)
        assert "Withdrawn" in reply["text"]
        assert "see the other one" not in shown(reply)


def test_a_rejection_after_an_undo_stands_in_the_same_reply(baton: Office) -> None:
    handoff, card = baton.offer()
    baton.reject(ANA, card, "NOT_READY", "first reason")
    baton.press(ANA, ids.UNDO, baton.card(handoff))
    baton.reject(ANA, baton.card(handoff), "FIT_PERSON", "second reason")
    [reply] = baton.page.posted("feedback", FEEDBACK)
    assert "second reason" in reply["text"]
    assert len(baton.page.posted("thread", FEEDBACK)) == 1


def test_undo_ten_minutes_later_is_too_late_for_everybody(baton: Office) -> None:
    handoff, card = baton.offer()
    baton.press(ANA, ids.ACCEPT, card)
    baton.let_pass(timedelta(minutes=10, seconds=1))
    before = rows(baton.store)
    for who in (ANA, MAYA):
        baton.press(who, ids.UNDO, baton.card(handoff))
        [whisper] = baton.page.whispers(who)
        assert "too late" in whisper
        assert "Accepted by <@U0ANA> · <!date^" in whisper
    assert rows(baton.store) == before


# Clicks that must change nothing


def decided(baton: Office) -> tuple[Handoff, Json]:
    handoff, card = baton.offer()
    baton.press(ANA, ids.ACCEPT, card)
    return handoff, card


def expired(baton: Office) -> tuple[Handoff, Json]:
    handoff, card = baton.offer()
    baton.let_pass(49 * HOUR)
    baton.let_pass(HOUR)
    assert baton.state(handoff) == "expired"
    return handoff, card


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("action", [ids.ACCEPT, ids.REJECT])
def test_whoever_clicks_on_a_decided_card_learns_who_decided_and_when(baton: Office, who: str, action: str) -> None:
    _, old_card = decided(baton)
    before = rows(baton.store)
    baton_press_old(baton, who, action, old_card)
    [whisper] = baton.page.whispers(who)
    assert "<@U0ANA> · <!date^" in whisper
    assert rows(baton.store) == before
    assert baton.page.modals(who) == []


@pytest.mark.parametrize("action", [ids.ACCEPT, ids.REJECT])
def test_a_click_on_an_expired_card_is_told_when_it_expired(baton: Office, action: str) -> None:
    _, old_card = expired(baton)
    before = rows(baton.store)
    baton_press_old(baton, ANA, action, old_card)
    [whisper] = baton.page.whispers(ANA)
    assert "Expired without an answer · <!date^" in whisper
    assert rows(baton.store) == before


def baton_press_old(baton: Office, who: str, action: str, old: Json) -> None:
    """Press a button of a card as it looked before: a screen that has not been redrawn yet."""
    looks = baton.page.slack()
    ts = looks.post({"channel": SALES}, {"text": "as it was", "blocks": old["blocks"]}, {"kind": "old"})
    baton.press(who, action, {"channel": SALES, "ts": ts, "blocks": old["blocks"], "text": ""})


GARBAGE = ["", "0", "-1", "999999", "9" * 30, "１２", "²", "1; drop table leads", "null", "<!channel>", " 1"]


@pytest.mark.parametrize("action", [ids.ACCEPT, ids.REJECT, ids.UNDO, ids.TAKE])
def test_a_button_whose_value_means_nothing_still_answers(baton: Office, action: str) -> None:
    baton.offer()
    before = rows(baton.store)
    for value in GARBAGE:
        press_by_hand(baton, BEN, action, value)
    assert ["nothing was changed" in one for one in baton.page.whispers(BEN)] == [True] * len(GARBAGE)
    assert rows(baton.store) == before


UNKNOWN = [
    "handoff_snooze",
    "handoff_accept_v0",
    "handoff_",
    "old_handoff_accept",
    "card_snooze",
    "x",
    "HANDOFF_ACCEPT",
]


def test_no_button_is_ever_dead(baton: Office) -> None:
    handoff, _ = baton.offer()
    before = rows(baton.store)
    for answered, action in enumerate(UNKNOWN, 1):
        press_by_hand(baton, ANA, action, str(handoff.id))
        assert len(baton.page.whispers(ANA)) == answered, action
    assert all("nothing was changed" in one for one in baton.page.whispers(ANA))
    assert rows(baton.store) == before


def press_by_hand(baton: Office, who: str, action: str, value: str) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Old"}, "action_id": action}
    button |= {"value": value} if value else {}
    row = {"type": "actions", "block_id": "old", "elements": [button]}
    ts = baton.page.slack().post({"channel": SALES}, {"text": "an old card", "blocks": [row]}, {"kind": "old"})
    baton.press(who, action, {"channel": SALES, "ts": ts, "blocks": [row], "text": ""})


# Every button × everybody who may not press it


def place(command: type[PersonCommand]) -> Handoff:
    """A hand-off as it stands when the permission is asked: Ana owns it, and Ana decided."""
    return Handoff(**{**BARE, "decided_by": "ana" if command is Undo else None})  # type: ignore[arg-type]


BARE = {
    **dict.fromkeys(["id", "lead_id", "number", "version"], 1),
    **dict.fromkeys(["tier", "source", "campaign", "offered_at", "due_at"]),
    "state": State.OFFERED, "owner": "ana", "team": "sales", "policy": "",
}  # fmt: skip


def is_allowed(action: str, user: str) -> bool:
    person = POLICY.people.by_slack(user)
    return bool(person and may(person, COMMANDS[action], place(COMMANDS[action]), POLICY.people))


FORBIDDEN = [(action, user) for action, user in product(COMMANDS, PEOPLE) if not is_allowed(action, user)]


def test_some_may_and_some_may_not() -> None:
    """The table below would say nothing if it were empty."""
    assert {action for action, _ in FORBIDDEN} == set(COMMANDS)
    assert {user for _, user in FORBIDDEN} == {ANA, BEN, TOM, STRANGER} - {ANA}


@pytest.mark.parametrize(("action", "user"), FORBIDDEN)
def test_every_button_refuses_everybody_who_may_not_press_it(baton: Office, action: str, user: str) -> None:
    handoff, card = {ids.UNDO: decided, ids.TAKE: expired}.get(action, Office.offer)(baton)
    before = rows(baton.store)

    baton.press(user, action, baton.card(handoff) if action in {ids.UNDO, ids.TAKE} else card)

    assert rows(baton.store) == before
    assert baton.page.modals(user) == []
    [whisper] = baton.page.whispers(user)
    assert "nothing was changed" in whisper.lower()
    assert "<@U0ANA>" in whisper or user == STRANGER


@pytest.mark.parametrize("user", [BEN, TOM, STRANGER])
def test_a_form_sent_by_somebody_who_may_not_reject_changes_nothing(baton: Office, user: str) -> None:
    _, card = baton.offer()
    baton.page.press(ANA, ids.REJECT, card)
    baton.page.choose(ANA, "NOT_READY")
    payload = submission(baton, "NOT_READY", "no budget") | {"user": {"id": user}}
    before = rows(baton.store)
    assert knock(baton.address, payload) == 200
    baton.delivery.drain()
    assert rows(baton.store) == before
    assert len(baton.page.whispers(user)) == 1


# What comes later


def test_a_signal_that_arrives_while_the_card_is_open_is_shown_on_it(baton: Office) -> None:
    handoff, card = baton.offer()
    again = Signal("later", "pricing_page_visit", baton.now + timedelta(minutes=5), "third time today")
    receive(baton.store, baton.now, Incoming(Lead(email="elena@vialetto.example"), [again]))
    baton.delivery.drain()
    after = baton.card(handoff)
    assert after["ts"] == card["ts"]
    assert "third time today" in shown(after)
    assert "third time today" not in shown(card)


def test_the_ladder_reminds_escalates_expires_and_the_lead_can_be_taken_once(baton: Office) -> None:
    handoff, card = baton.offer()
    baton.let_pass(2 * HOUR)
    [reminder] = baton.page.posted("reminder", ANA)
    assert card["ts"].replace(".", "") in shown(reminder), "it links to the card"
    assert "waits for your answer" in reminder["text"]

    baton.let_pass(2 * HOUR)
    [escalation] = baton.page.posted("escalation")
    assert escalation["thread_ts"] == card["ts"]
    assert "<@U0MAYA>" in escalation["text"]

    baton.let_pass(44 * HOUR)
    [expiry] = baton.page.posted("expiry")
    assert expiry["thread_ts"] == card["ts"]
    assert buttons(baton.card(handoff)) == [ids.TAKE]
    assert "Settled" in baton.page.posted("reminder", ANA)[0]["text"]

    gone = baton.card(handoff)
    baton.press(BEN, ids.TAKE, gone)
    assert "<@U0BEN> has it now" in shown(baton.card(handoff))
    [_, newer] = baton.page.posted("card")
    assert "Accepted by <@U0BEN>" in newer["text"]

    before = rows(baton.store)
    baton_press_old(baton, ANA, ids.TAKE, gone)
    [whisper] = baton.page.whispers(ANA)
    assert "<@U0BEN> has it now" in whisper
    assert rows(baton.store) == before


def test_an_answer_just_before_the_end_leaves_no_ladder_behind(baton: Office) -> None:
    handoff, card = baton.offer()
    baton.press(ANA, ids.ACCEPT, card)
    baton.let_pass(100 * HOUR)
    assert baton.state(handoff) == "accepted"
    assert [len(baton.page.posted(kind)) for kind in ("escalation", "expiry", "card")] == [0, 0, 1]


# Who is it really from?


@pytest.fixture
def recorded(baton: Office) -> Json:
    """A real click as Slack sent it; it was refused, so sending it again could still change something."""
    _, card = baton.offer()
    baton.press(BEN, ids.ACCEPT, card)
    body: Json = baton.page.deliveries()[-1]["body"]
    return body | {"user": body["user"] | {"id": ANA}}


FORGERIES: list[Any] = [
    {"secret": "another secret"},
    {"X_Slack_Signature": ""},
    {"X_Slack_Signature": "v0=" + "0" * 64},
    {"X_Slack_Signature": "not a signature"},
    {"X_Slack_Request_Timestamp": "0"},
    {"at": -301},
    {"at": -86_400},
    {"at": 302},
]


def test_what_slack_did_not_sign_just_now_is_401_and_nothing_is_stored(baton: Office, recorded: Json) -> None:
    before = rows(baton.store, without=frozenset())
    assert [knock(baton.address, recorded, **forgery) for forgery in FORGERIES] == [401] * len(FORGERIES)
    assert rows(baton.store, without=frozenset()) == before


def test_the_same_click_well_signed_counts(baton: Office, recorded: Json) -> None:
    """Or the forgeries above would prove nothing."""
    assert knock(baton.address, recorded) == 200
    with baton.store.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).where(messages.c.kind == "card", messages.c.wanted == 2)).scalar()
