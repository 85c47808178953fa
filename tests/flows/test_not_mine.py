"""Not mine: whoever gets a lead that is somebody else's passes it on with a reason, and nothing else changes."""

from typing import Any

import pytest

from bot.blocks import ids
from bot.config import load
from bot.handoff.events import Event, Kind
from bot.handoff.states import Handoff
from bot.store import grounds, history, policies
from tests.flows.by_hand import knock, submission
from tests.flows.slack_kit import ANA, BEN, MAYA, NORTH, SALES, STRANGER, TOM, Json, Office, buttons, rows, shown
from tests.support import HOUR, PEOPLE, TEXTS, standing

TWO_TEAMS = PEOPLE.replace(
    "teams:\n",
    "teams:\n  north: {name: North, channel: C0NORTH, manager: maya, members: [tom]}\n",
).replace("role: marketing", "role: rep")
"""Tom sells in the north; leads that no rule sends there go to Ana and Ben."""

ROUTING = "routing: {otherwise: [sales]}\n"


@pytest.fixture
def office(baton: Office) -> Office:
    files = TEXTS | {"people.yaml": TWO_TEAMS + ROUTING}
    with baton.store.transaction() as tx:
        policies.apply(tx, load.parse(files), files, baton.now)
    return baton


def happened(office: Office, handoff: Handoff, *kinds: Kind) -> list[Event]:
    with office.store.reading() as tx:
        return [event for event in history.of_handoff(tx, handoff.id) if event.kind in kinds]


def question(code: str) -> str:
    return f"{ids.FOLLOW_UP}:{code}"


# Where it goes


ANSWERS = [
    ("ROUTE_TERRITORY", "north", "north", "tom"),
    ("ROUTE_OWNED", BEN, "ben", "ben"),
    ("ROUTE_OWNED", TOM, "tom", "tom"),
    ("ROUTE_CAPACITY", None, "", "ben"),
]


@pytest.mark.parametrize(("code", "answer", "stored", "to"), ANSWERS)
def test_every_reason_hands_it_on_and_history_says_who_and_why(
    office: Office, code: str, answer: str | None, stored: str, to: str
) -> None:
    handoff, card = office.offer()
    assert handoff.owner == "ana"

    assert office.pass_on(ANA, card, code, answer, "Spoke to them last year") == {"ok": True}

    after = standing(office.store, handoff.id)
    assert (after.owner, after.state, after.due_at) == (to, handoff.state, handoff.due_at)
    [event] = happened(office, handoff, Kind.REROUTED)
    told = {"from": "ana", "to": to, "reason": code, "follow_up": stored, "comment": "Spoke to them last year"}
    assert (event.by, dict(event.detail)) == ("ana", told)
    with office.store.reading() as tx:
        assert [one["to"] for one in grounds.routings(tx, handoff.id)] == ["ana", to]
    assert office.page.modals(ANA) == []
    assert office.page.whispers(ANA) == []


def test_its_card_stays_in_the_channel_and_its_new_owner_is_told_in_person(office: Office) -> None:
    handoff, card = office.offer()
    office.pass_on(ANA, card, "ROUTE_OWNED", BEN)

    after = office.card(handoff)
    assert after["ts"] == card["ts"]
    assert "<@U0BEN>" in after["text"]
    assert ids.ACCEPT in buttons(after)
    [told] = office.page.posted("handed_to", BEN)
    assert "Elena" in told["text"]
    assert office.page.posted("handed_from", ANA) == [], "who passed it on knows"
    office.press(BEN, ids.ACCEPT, after)
    assert standing(office.store, handoff.id).decided_by == "ben"


def test_in_another_team_it_has_a_new_card_and_the_old_one_says_where_it_went(office: Office) -> None:
    handoff, card = office.offer()
    office.pass_on(ANA, card, "ROUTE_TERRITORY", "north")

    [old], [new] = office.page.posted("card", SALES), office.page.posted("card", NORTH)
    assert old["ts"] == card["ts"]
    assert buttons(old) == []
    assert f"<#{NORTH}>" in shown(old)
    assert ids.ACCEPT in buttons(new)
    office.press(TOM, ids.ACCEPT, new)
    assert standing(office.store, handoff.id).decided_by == "tom"


@pytest.mark.parametrize("who", [ANA, MAYA])
def test_the_owner_and_the_manager_may_say_so(office: Office, who: str) -> None:
    handoff, card = office.offer()
    assert office.pass_on(who, card, "ROUTE_CAPACITY") == {"ok": True}
    assert standing(office.store, handoff.id).owner == "ben"


# What the form does not take


@pytest.mark.parametrize(
    ("code", "answer", "words"),
    [
        ("ROUTE_OWNED", STRANGER, "I don't know them"),
        ("ROUTE_OWNED", ANA, "They have it already"),
        ("ROUTE_OWNED", "", "Please"),
        ("ROUTE_TERRITORY", "", "Please"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_at_its_field_and_another_is_taken(
    office: Office, code: str, answer: str, words: str
) -> None:
    handoff, card = office.offer()
    before = rows(office.store)

    sent = office.pass_on(ANA, card, code, answer)

    assert list(sent["errors"]) == [question(code)]
    assert words in sent["errors"][question(code)]
    assert rows(office.store) == before
    assert office.page.whispers(ANA) == []
    good = {"ROUTE_OWNED": BEN, "ROUTE_TERRITORY": "north"}[code]
    assert office.page.submit(ANA, code, good) == {"ok": True}
    assert standing(office.store, handoff.id).owner in {"ben", "tom"}


def test_somebody_who_gets_no_leads_is_refused_at_the_field(baton: Office) -> None:
    """Tom is in marketing here."""
    _, card = baton.offer()
    before = rows(baton.store)
    sent = baton.pass_on(ANA, card, "ROUTE_OWNED", TOM)
    assert "no sales team" in sent["errors"][question("ROUTE_OWNED")]
    assert rows(baton.store) == before


FORGED: list[tuple[str, str, str]] = [
    ("ROUTE_TERRITORY", "ROUTE_TERRITORY", "atlantis"),
    ("ROUTE_TERRITORY", "ROUTE_OWNED", "north"),  # the question of another reason
    ("ROUTE_TERRITORY", "NOT_READY", "no budget"),  # a rejection by the wrong door
    ("ROUTE_TERRITORY", "NO_SUCH_CODE", "north"),
]


@pytest.mark.parametrize(("chosen", "code", "answer"), FORGED)
def test_what_no_client_would_send_changes_nothing(office: Office, chosen: str, code: str, answer: str) -> None:
    _, card = office.offer()
    office.page.press(ANA, ids.NOT_MINE, card)
    office.page.choose(ANA, chosen)
    payload = submission(office, code, answer)
    before = rows(office.store)
    assert knock(office.address, payload) == 200
    assert rows(office.store) == before


@pytest.mark.parametrize("code", ["ROUTE_CAPACITY", "ROUTE_OWNED"])
def test_a_rejection_is_never_somebody_elses_lead(office: Office, code: str) -> None:
    _, card = office.offer()
    office.page.press(ANA, ids.REJECT, card)
    assert code not in shown({"text": "", "blocks": office.page.modals(ANA)[-1]["blocks"]})
    office.page.choose(ANA, "NOT_READY")
    before = rows(office.store)
    assert knock(office.address, submission(office, code, "ben")) == 200
    office.delivery.drain()
    assert rows(office.store) == before
    [whisper] = office.page.whispers(ANA)
    assert "no longer on the list" in whisper


def test_a_reason_sent_before_its_question_was_drawn_is_asked_for_its_answer(office: Office) -> None:
    """Slack shows no error at a field that is not there: it stands at the reason."""
    _, card = office.offer()
    office.page.press(ANA, ids.NOT_MINE, card)
    sent = office.page.submit(ANA, "ROUTE_OWNED", None)
    assert list(sent["errors"]) == [ids.REASON]
    assert len(office.page.modals(ANA)) == 1


@pytest.mark.parametrize("user", [BEN, TOM, STRANGER])
def test_a_form_sent_by_somebody_who_may_not_changes_nothing(office: Office, user: str) -> None:
    _, card = office.offer()
    office.page.press(ANA, ids.NOT_MINE, card)
    office.page.choose(ANA, "ROUTE_CAPACITY")
    payload = submission(office, "ROUTE_CAPACITY", "") | {"user": {"id": user}}
    before = rows(office.store)
    assert knock(office.address, payload) == 200
    office.delivery.drain()
    assert rows(office.store) == before
    assert len(office.page.whispers(user)) == 1


# Sent twice, sent too late


@pytest.mark.parametrize("who", [ANA, MAYA])
def test_sent_twice_it_passes_the_lead_on_once(office: Office, who: str) -> None:
    handoff, card = office.offer()
    office.pass_on(who, card, "ROUTE_CAPACITY")
    sent: Json = office.page.deliveries()[-1]["body"]
    assert sent["type"] == "view_submission"
    before = rows(office.store)

    assert knock(office.address, sent) == 200

    office.delivery.drain()
    assert rows(office.store) == before
    assert standing(office.store, handoff.id).owner == "ben"
    [whisper] = office.page.whispers(who)
    assert "<@U0BEN>" in whisper


def overtaken(office: Office, how: str, handoff: Handoff, card: Json) -> None:
    """Something happens while the form is open."""
    if how == "accepted":
        office.press(MAYA, ids.ACCEPT, card)
    elif how == "passed on":
        office.pass_on(MAYA, card, "ROUTE_CAPACITY")
    else:
        office.let_pass(49 * HOUR)
        office.let_pass(HOUR)
        assert office.state(handoff) == "expired"


@pytest.mark.parametrize(
    ("how", "words"),
    [("accepted", "Accepted by <@U0MAYA>"), ("passed on", "<@U0BEN>'s"), ("expired", "Expired without an answer")],
)
def test_a_form_that_was_overtaken_closes_and_says_by_whom(office: Office, how: str, words: str) -> None:
    handoff, card = office.offer()
    office.page.press(ANA, ids.NOT_MINE, card)
    office.page.choose(ANA, "ROUTE_TERRITORY")
    overtaken(office, how, handoff, card)
    before = rows(office.store)

    assert office.page.submit(ANA, "ROUTE_TERRITORY", "north") == {"ok": True}

    office.delivery.drain()
    assert rows(office.store) == before
    assert words in office.page.whispers(ANA)[-1]
    assert office.page.modals(ANA) == []


@pytest.mark.parametrize("action", [ids.NOT_MINE, ids.REASSIGN])
def test_when_slack_does_not_open_the_form_the_person_is_told(office: Office, action: str) -> None:
    handoff, card = office.offer()
    before = rows(office.store)
    office.page.fault("views.open", "error:expired_trigger_id")
    if action in buttons(card):
        office.press(MAYA, action, card)
    else:
        office.press(MAYA, ids.MORE, card, ids.entry(action, handoff.id))
    [whisper] = office.page.whispers(MAYA)
    assert "did not open the window" in whisper
    assert rows(office.store) == before


# Round and round


def passes(office: Office, handoff: Handoff, *turns: tuple[str, str, Any]) -> list[str | None]:
    """Whose it is after each time that somebody passes it on."""
    owners = []
    for user, code, answer in turns:
        [card] = [one for place in (SALES, NORTH) for one in office.page.posted("card", place) if buttons(one)]
        assert office.pass_on(user, card, code, answer) == {"ok": True}
        owners.append(standing(office.store, handoff.id).owner)
    return owners


def test_what_comes_back_to_somebody_who_had_it_goes_to_the_manager(office: Office) -> None:
    handoff, _ = office.offer()
    assert passes(office, handoff, (ANA, "ROUTE_OWNED", BEN), (BEN, "ROUTE_OWNED", ANA)) == ["ben", "maya"]
    assert "<@U0MAYA>" in office.card(handoff)["text"]


def test_the_third_time_it_is_passed_on_it_goes_to_the_manager(office: Office) -> None:
    handoff, _ = office.offer()
    turns = ((ANA, "ROUTE_TERRITORY", "north"), (TOM, "ROUTE_OWNED", BEN), (BEN, "ROUTE_OWNED", TOM))
    assert passes(office, handoff, *turns) == ["tom", "ben", "maya"]
    assert standing(office.store, handoff.id).due_at == handoff.due_at
