"""Why this score, and what a lead does while sales has it: pressed and read through the real thing."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import ids
from bot.config import load
from bot.handoff.states import State
from bot.lead import Lead, Signal
from bot.moves.receive import Incoming, receive
from bot.store import policies
from bot.store.tables import grounds
from tests.flows.by_hand import press_by_hand, press_old
from tests.flows.slack_kit import ANA, BEN, MAYA, SALES, STRANGER, TOM, Json, Office, buttons, rows, shown
from tests.support import CRITERIA, TEXTS, standing


def hear(baton: Office, type_: str, note: str | None = None, lead: Lead | None = None) -> None:
    """Something more is heard of Elena."""
    signal = Signal(f"{type_}-{baton.now.timestamp()}", type_, baton.now, note)
    receive(baton.store, baton.now, Incoming(lead or Lead(email="elena@vialetto.example"), [signal]))
    baton.delivery.drain()


def apply(baton: Office, criteria: str) -> None:
    files = TEXTS | {"criteria.yaml": criteria}
    with baton.store.transaction() as tx:
        policies.apply(tx, load.parse(files), files, baton.now)


def words(view: Json) -> str:
    """All that the open explanation says."""
    assert view["title"]["text"] == "Why this score"
    assert "submit" not in view or view["submit"] is None, "there is nothing to send"
    return str(view["blocks"])


# Why this score


@pytest.mark.parametrize("who", [ANA, BEN, MAYA, TOM])
def test_everybody_the_company_knows_may_ask_why(baton: Office, who: str) -> None:
    _, card = baton.offer()
    before = rows(baton.store)
    baton.press(who, ids.WHY, card)
    [view] = baton.page.modals(who)
    for part in ("Asked for a demo", "Senior title", "Must not be contacted"):
        assert part in words(view)
    assert baton.page.whispers(who) == []
    assert rows(baton.store) == before, "to ask changes nothing"


def test_a_stranger_is_refused_in_private(baton: Office) -> None:
    _, card = baton.offer()
    baton.press(STRANGER, ids.WHY, card)
    assert baton.page.modals(STRANGER) == []
    [whisper] = baton.page.whispers(STRANGER)
    assert "don't know you" in whisper


@pytest.mark.parametrize("value", ["", "0", "999999", "9" * 30, "²", "1; drop table leads", "<!channel>"])
def test_a_button_of_no_hand_off_still_answers(baton: Office, value: str) -> None:
    baton.offer()
    press_by_hand(baton, ANA, ids.WHY, value)
    assert baton.page.modals(ANA) == []
    [whisper] = baton.page.whispers(ANA)
    assert "nothing was changed" in whisper


@pytest.mark.parametrize(
    "fault", ["error:expired_trigger_id", "error:internal_error", "server_error", "slow", "drop_after_store"]
)
def test_when_slack_does_not_open_it_the_person_is_told(baton: Office, fault: str) -> None:
    _, card = baton.offer()
    baton.page.fault("views.open", fault)
    baton.press(ANA, ids.WHY, card)
    [whisper] = baton.page.whispers(ANA)
    assert "did not open the window" in whisper
    assert "press the button once more" in whisper


def test_an_old_button_on_a_settled_card_explains_what_was_offered(baton: Office) -> None:
    handoff, card = baton.offer()
    baton.reject(ANA, card, "NOT_READY", "no budget")
    assert ids.WHY not in buttons(baton.card(handoff))
    press_old(baton, BEN, ids.WHY, card)
    [view] = baton.page.modals(BEN)
    assert "Asked for a demo" in words(view)


def test_a_score_is_explained_by_the_criteria_it_was_made_with(baton: Office) -> None:
    handoff, card = baton.offer()
    apply(baton, CRITERIA.replace("Asked for a demo", "Wanted to see it"))
    baton.press(ANA, ids.WHY, card)
    [view] = baton.page.modals(ANA)
    assert "Asked for a demo" in words(view)
    assert standing(baton.store, handoff.id).policy[:7] in words(view), "and it says which version they are"


def test_a_hand_off_of_before_scores_were_kept_says_so(baton: Office) -> None:
    handoff, card = baton.offer()
    with baton.store.transaction() as tx:
        tx.execute(sa.update(grounds).values(assessment={"points": 60, "contributions": []}, reassessed=None))
    baton.press(ANA, ids.ACCEPT, card)
    assert ids.WHY not in buttons(baton.card(handoff))
    press_old(baton, ANA, ids.WHY, card)
    [view] = baton.page.modals(ANA)
    assert words(view)


NASTY = ["&" * 3000, "<!channel>" * 300, "*_~`" * 750, "😀" * 1500, "\u202eevil" * 500, "\n> " * 1000]


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:8]))
def test_whatever_stands_in_a_lead_or_a_label_slack_opens_it(baton: Office, text: str) -> None:
    label = text[:75].replace("\n", " ").strip()
    apply(baton, many_rules(label))
    fields: dict[str, Any] = dict.fromkeys(["name", "company", "title", "phone", "country", "source"], text)
    lead = Lead(email="elena@vialetto.example", campaign=text[:150], **fields)
    handoff = receive(baton.store, baton.now, Incoming(lead, [Signal("s", "demo_request", baton.now, text)])).handoff_id
    baton.delivery.drain()
    card = baton.card(standing(baton.store, handoff or 0))
    baton.press(ANA, ids.WHY, card)
    assert baton.page.whispers(ANA) == []
    [view] = baton.page.modals(ANA)
    assert len(view["blocks"]) <= 100
    assert "<!channel" not in words(view)


def many_rules(label: str) -> str:
    """A scorecard of 120 fit rules and 60 signals, with labels that try to break out."""
    rules = [
        {"label": f"{number} {label}"[:75], "points": 1, "when": {"field": f"f{number}", "equals": number}}
        for number in range(120)
    ]
    signals = {f"t{number}": {"label": f"s{number} {label}"[:75], "points": 1} for number in range(60)}
    signals["demo_request"] = {"label": "Asked for a demo", "points": 60, "intent": True}
    return json.dumps(
        {
            "tiers": {"P1": ["A1", "D1"]},
            "fit": {"grades": {"A": 60, "B": 20, "C": 10}, "rules": rules},
            "behaviour": {"grades": {"1": 60, "2": 30, "3": 10}, "signals": signals},
            "crossing": {"cooldown": "30d", "recycle_after": "60d"},
        },
        ensure_ascii=False,
    )


# Hotter, or not to be contacted


def test_a_hotter_lead_raises_its_card_and_the_owner_hears_of_it_in_the_thread(baton: Office) -> None:
    handoff, card = baton.offer()
    for _ in range(3):
        baton.wall.pass_by(1)
        baton.baton.clock.move_on(timedelta(seconds=1))
        hear(baton, "product_used")
    after = baton.card(handoff)
    assert (after["ts"], buttons(after)) == (card["ts"], buttons(card))
    assert ":arrow_up: Raised from P2: Uses the product" in shown(after)
    [told] = baton.page.posted("raised")
    assert told["thread_ts"] == card["ts"]
    assert "<@U0ANA>" in told["text"]
    assert "P2 → P1, Uses the product" in told["text"]

    baton.press(ANA, ids.ACCEPT, after)
    [told] = baton.page.posted("raised")
    assert told["text"].startswith("Rose to P1. :white_check_mark: Accepted by")


def test_an_opt_out_withdraws_an_open_card_and_a_late_click_is_told_why(baton: Office) -> None:
    handoff, card = baton.offer()
    hear(baton, "opt_out", "Please stop")
    assert baton.state(handoff) == State.VOID
    after = baton.card(handoff)
    assert buttons(after) == []
    assert "Void · Must not be contacted" in after["text"]
    [told] = baton.page.posted("withdrawn")
    assert told["thread_ts"] == card["ts"]
    assert "<@U0ANA>: please do not contact Elena" in told["text"]

    before = rows(baton.store)
    press_old(baton, ANA, ids.ACCEPT, card)
    [whisper] = baton.page.whispers(ANA)
    assert "Void · Must not be contacted" in whisper
    assert rows(baton.store) == before


def test_an_opt_out_after_accept_warns_the_owner_and_a_way_back_is_told_too(baton: Office) -> None:
    handoff, card = baton.offer()
    baton.press(ANA, ids.ACCEPT, card)
    hear(baton, "opt_out")
    assert baton.state(handoff) == State.ACCEPTED
    assert "Do not contact: Must not be contacted" in baton.card(handoff)["text"]
    [told] = baton.page.posted("withdrawn")
    assert "<@U0ANA>: please stop contacting Elena" in told["text"]

    baton.baton.clock.move_on(timedelta(days=1))
    hear(baton, "opt_in")
    assert "Do not contact" not in shown(baton.card(handoff))
    [told] = baton.page.posted("withdrawn")
    assert "may be contacted again" in told["text"]


def test_a_field_that_changes_redraws_the_card(baton: Office) -> None:
    handoff, card = baton.offer()
    assert "phone is missing" in shown(card)
    receive(baton.store, baton.now, Incoming(Lead(email="elena@vialetto.example", phone="+39 02 5550134")))
    baton.delivery.drain()
    assert "+39 02 5550134" in shown(baton.card(handoff))
    assert len(baton.page.posted("card", SALES)) == 1
