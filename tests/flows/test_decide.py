"""Invariants 2 and 9 through the real thing: signed HTTP from Slack, a real database, messages back in Slack."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks import ids
from bot.handoff.events import Kind
from bot.handoff.reasons import Reason
from bot.handoff.states import Handoff, State
from bot.store import history
from tests.flows.by_hand import knock, submission
from tests.flows.slack_kit import (
    ANA,
    FEEDBACK,
    MAYA,
    OPEN_CARD,
    Office,
    buttons,
    rows,
    shown,
)
from tests.support import POLICY, standing

REJECTING = [code for code, reason in POLICY.reasons.items() if reason.consequence != "reroute"]


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
    assert buttons(card) == OPEN_CARD

    baton.press(ANA, ids.ACCEPT, card)

    stored = standing(baton.store, handoff.id)
    assert (stored.state, stored.decided_by, stored.accepted_at) == (State.ACCEPTED, "ana", stored.decided_at)
    after = baton.card(handoff)
    assert after["ts"] == card["ts"]
    assert "Accepted by <@U0ANA> · <!date^" in after["text"]
    assert buttons(after) == [ids.UNDO, ids.WHY, ids.GROUNDS]
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


@pytest.mark.parametrize("code", REJECTING)
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


@pytest.mark.parametrize("code", REJECTING)
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
    assert "did not open the window" in whisper
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
    assert buttons(baton.card(handoff)) == OPEN_CARD
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
