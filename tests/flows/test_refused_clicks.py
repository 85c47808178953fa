"""Invariants 8 and 9 at every button: whatever may not be done is answered kindly, in private, and changes nothing."""

import urllib.error
import urllib.request
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import ids
from bot.handoff.commands import (
    Accept,
    Claim,
    PersonCommand,
    Reassign,
    Reject,
    Reroute,
    Snooze,
    Take,
    Undo,
)
from bot.handoff.permissions import may
from bot.handoff.states import Handoff, State
from bot.store.tables import messages
from tests.flows.by_hand import choose_by_hand, knock, press_by_hand, submission
from tests.flows.slack_kit import (
    ANA,
    BEN,
    PEOPLE,
    STRANGER,
    TOM,
    Json,
    Office,
    buttons,
    rows,
)
from tests.support import HOUR, POLICY

SNOOZE = f"{ids.SNOOZE}_30"
COMMANDS: dict[str, type[PersonCommand]] = {
    ids.ACCEPT: Accept,
    ids.REJECT: Reject,
    ids.NOT_MINE: Reroute,
    ids.CLAIM: Claim,
    ids.REASSIGN: Reassign,
    SNOOZE: Snooze,
    ids.UNDO: Undo,
    ids.TAKE: Take,
}
OF_OPEN_CARDS = [ids.ACCEPT, ids.REJECT, ids.NOT_MINE, ids.CLAIM, ids.REASSIGN, SNOOZE]


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


def overdue(baton: Office) -> tuple[Handoff, Json]:
    handoff, card = baton.offer()
    baton.let_pass(4 * HOUR)
    return handoff, card


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("action", OF_OPEN_CARDS)
def test_whoever_clicks_on_a_decided_card_learns_who_decided_and_when(baton: Office, who: str, action: str) -> None:
    handoff, _ = decided(baton)
    before = rows(baton.store)
    press_by_hand(baton, who, action, str(handoff.id))
    [whisper] = baton.page.whispers(who)
    assert "<@U0ANA> · <!date^" in whisper
    assert rows(baton.store) == before
    assert baton.page.modals(who) == []


@pytest.mark.parametrize("action", OF_OPEN_CARDS)
def test_a_click_on_an_expired_card_is_told_when_it_expired(baton: Office, action: str) -> None:
    handoff, _ = expired(baton)
    before = rows(baton.store)
    press_by_hand(baton, ANA, action, str(handoff.id))
    [whisper] = baton.page.whispers(ANA)
    assert "Expired without an answer · <!date^" in whisper
    assert rows(baton.store) == before


GARBAGE = ["", "0", "-1", "999999", "9" * 30, "１２", "²", "1; drop table leads", "null", "<!channel>", " 1"]


@pytest.mark.parametrize("action", [*COMMANDS, ids.WHY, ids.GROUNDS, ids.BACK, ids.AWAY])
def test_a_button_whose_value_means_nothing_still_answers(baton: Office, action: str) -> None:
    baton.offer()
    before = rows(baton.store)
    for value in GARBAGE:
        press_by_hand(baton, BEN, action, value)
    assert ["nothing was changed" in one for one in baton.page.whispers(BEN)] == [True] * len(GARBAGE)
    assert rows(baton.store) == before


ENTRIES = [
    "x", ":", "::1", ids.REASSIGN, f"{ids.REASSIGN}:", f"{ids.REASSIGN}:x", f"{ids.REASSIGN}:999999", f"{SNOOZE}:-1",
    f"{ids.SNOOZE}_45:1", f"{ids.SNOOZE}:1", f"{ids.MORE}:1", "handoff_accept_v0:1", "<!channel>:1",
]  # fmt: skip


def test_an_entry_of_a_menu_that_means_nothing_still_answers(baton: Office) -> None:
    baton.offer()
    before = rows(baton.store)
    for answered, value in enumerate(ENTRIES, 1):
        choose_by_hand(baton, ANA, value)
        assert len(baton.page.whispers(ANA)) == answered, value
    assert all("nothing was changed" in one for one in baton.page.whispers(ANA))
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


# Every button × everybody who may not press it


def place(command: type[PersonCommand]) -> Handoff:
    """A hand-off as it stands when the permission is asked: Ana owns it, and Ana decided."""
    return Handoff(**{**BARE, "decided_by": "ana" if command is Undo else None})  # type: ignore[arg-type]


BARE = {
    **dict.fromkeys(["id", "lead_id", "number", "version"], 1),
    **dict.fromkeys(["tier", "source", "campaign", "offered_at", "due_at"]),
    "state": State.OFFERED, "owner": "ana", "team": "sales", "channel": "C0SALES", "policy": "",
}  # fmt: skip


def is_allowed(action: str, user: str) -> bool:
    person = POLICY.people.by_slack(user)
    return bool(person and may(person, COMMANDS[action], place(COMMANDS[action]), POLICY.people))


FORBIDDEN = [(action, user) for action, user in product(COMMANDS, PEOPLE) if not is_allowed(action, user)]


def test_some_may_and_some_may_not() -> None:
    """The table below would say nothing if it were empty."""
    assert {action for action, _ in FORBIDDEN} == set(COMMANDS)
    assert {user for _, user in FORBIDDEN} == {ANA, BEN, TOM, STRANGER}


@pytest.mark.parametrize(("action", "user"), FORBIDDEN)
def test_every_button_refuses_everybody_who_may_not_press_it(baton: Office, action: str, user: str) -> None:
    handoff, _ = {ids.UNDO: decided, ids.TAKE: expired, ids.CLAIM: overdue}.get(action, Office.offer)(baton)
    card, before = baton.card(handoff), rows(baton.store)

    if action in buttons(card):
        baton.press(user, action, card)
    else:
        baton.press(user, ids.MORE, card, ids.entry(action, handoff.id))

    assert rows(baton.store) == before
    assert baton.page.modals(user) == []
    [whisper] = baton.page.whispers(user)
    assert "nothing was changed" in whisper.lower()
    named = "<@U0MAYA>" if action == ids.TAKE else "<@U0ANA>"
    assert named in whisper or user == STRANGER


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
    {"X_Slack_Request_Timestamp": "soon"},
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


@pytest.mark.parametrize("body", [b"payload=%7B", b"[[[[", b"[1]", b"payload=3", b"\xff\xfe", b""])
def test_what_is_unsigned_is_not_even_read(baton: Office, body: bytes) -> None:
    """Bolt parses a body before it checks the signature: rubbish from anybody would cost a traceback each."""
    request = urllib.request.Request(f"{baton.address}/slack/events", body, {"X-Slack-Request-Timestamp": "1"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=5)
    assert refused.value.code == 401
    refused.value.close()
