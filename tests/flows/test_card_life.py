"""What happens to a card after it was posted: news, the ladder, a taker, and whatever words it has to show."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.blocks import ids
from bot.lead import Lead, Signal
from bot.moves.receive import Incoming, receive
from bot.store.tables import messages
from tests.flows.by_hand import press_old
from tests.flows.slack_kit import (
    ANA,
    BEN,
    FEEDBACK,
    SALES,
    Office,
    buttons,
    rows,
    shown,
)
from tests.support import HOUR, standing

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
    [reminder] = baton.page.posted("nudge", ANA)
    assert card["ts"].replace(".", "") in shown(reminder), "it links to the card"
    assert "waits for your answer" in reminder["text"]

    baton.let_pass(2 * HOUR)
    [escalation] = baton.page.posted("escalation")
    assert escalation["thread_ts"] == card["ts"]
    assert "<@U0MAYA>" in escalation["text"]

    baton.let_pass(44 * HOUR)
    [expiry] = baton.page.posted("expiry")
    assert expiry["thread_ts"] == card["ts"]
    assert buttons(baton.card(handoff)) == [ids.TAKE, ids.WHY, ids.GROUNDS]
    assert "Nothing waits for you here any more" in baton.page.posted("nudge", ANA)[0]["text"]

    gone = baton.card(handoff)
    baton.press(BEN, ids.TAKE, gone)
    assert "<@U0BEN> has it now" in shown(baton.card(handoff))
    [_, newer] = baton.page.posted("card")
    assert "Accepted by <@U0BEN>" in newer["text"]

    before = rows(baton.store)
    press_old(baton, ANA, ids.TAKE, gone)
    [whisper] = baton.page.whispers(ANA)
    assert "<@U0BEN> has it now" in whisper
    assert rows(baton.store) == before


def test_an_answer_just_before_the_end_leaves_no_ladder_behind(baton: Office) -> None:
    handoff, card = baton.offer()
    baton.press(ANA, ids.ACCEPT, card)
    baton.let_pass(100 * HOUR)
    assert baton.state(handoff) == "accepted"
    assert [len(baton.page.posted(kind)) for kind in ("escalation", "expiry", "card")] == [0, 0, 1]


# Words from outside


NASTY = ["&" * 4000, "<!channel>" * 400, "*_~`" * 1000, "😀" * 3000, "\u202eevil" * 500, "-" * 4000, "\n> " * 1000, " "]


@pytest.mark.parametrize("words", NASTY, ids=lambda words: ascii(words[:10]))
def test_whatever_a_crm_or_a_person_wrote_every_message_about_it_arrives(baton: Office, words: str) -> None:
    fields: dict[str, Any] = dict.fromkeys(["name", "company", "title", "phone", "country", "source"], words)
    lead = Lead(email="nasty@x.example", campaign=words[:150], **fields)
    signals = [Signal(f"s{number}", "demo_request", baton.now, words) for number in range(3)]
    received = receive(baton.store, baton.now, Incoming(lead, signals))
    baton.delivery.drain()
    handoff = standing(baton.store, received.handoff_id or 0)
    baton.let_pass(4 * HOUR)
    answer, comment = words[:450] + " and so on", words[:100].strip() or None
    assert baton.reject(ANA, baton.card(handoff), "FIT_PERSON", answer, comment) == {"ok": True}
    baton.press(ANA, ids.UNDO, baton.card(handoff))
    with baton.store.reading() as tx:
        found = tx.execute(sa.select(messages.c.kind, messages.c.status, messages.c.error)).all()
    assert {row.status for row in found} == {"sent"}, found
    assert [call["reply"] for call in baton.page.calls() if not call["reply"]["ok"]] == []
    assert all("<!channel>" not in shown(one) for place in (SALES, FEEDBACK) for one in baton.page.everything(place))
