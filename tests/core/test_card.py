"""Every message about a hand-off: in every state, with every kind of text a CRM can hold."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import changes, feedback, handed, ladder
from bot.blocks.card import card
from bot.blocks.drawing import Drawing, plain
from bot.blocks.nudge import Nudged, nudge
from bot.blocks.reason_form import Place, reject_form
from bot.blocks.refused import refused
from bot.blocks.text import duration, escape
from bot.criteria.assess import assess
from bot.criteria.days import daily
from bot.handoff.case import Case, Heard
from bot.handoff.decision import Why
from bot.handoff.events import Event, Kind
from bot.handoff.states import State
from bot.lead import Lead, Signal
from bot.stats.cohort import Counts
from tests.schemas import check
from tests.support import HOUR, NOW, POLICY, handoff

NAUGHTY = [
    "<!channel>",
    "<!here|here>",
    "<@U0MAYA>",
    "<https://evil.example|click>",
    "&lt;!channel&gt;",
    "*bold* _it_ ~no~ `code`",
    "```\nfence",
    "x" * 4000,
    "\N{PILE OF POO}" * 800,
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "\u202etxt.exe",
    "مرحبا بالعالم",
    "\u2066right\u2069",
    "a\nb\r\nc\td\u2028e",
    "\x00\x07\x1b[31mred",
    "",
    "   ",
    "\ud83d",
    "{{7*7}} ${jndi} %s",
    "> quote\n> more",
    "• list\n1. one",
]


def case(lead: Lead | None = None, **changes: object) -> Case:
    """A case whose hand-off is as given."""
    found = lead or Lead(email="elena@vialetto.example", name="Elena", company="Vialetto", campaign="Q4 webinar")
    signals = [Signal("1", "demo_request", NOW - HOUR, "please call")]
    return Case(
        handoff=handoff(**changes),
        lead=found,
        assessment=assess(found, daily(signals, NOW), POLICY.criteria, NOW),
        latest=(Heard("Asked for a demo", NOW - HOUR, "please call"),),
        news=(),
        people=POLICY.people,
        reasons=POLICY.reasons,
    )


def settled(state: State) -> dict[str, object]:
    """What a hand-off in `state` has besides."""
    decided = {"decided_by": "ben", "decided_at": NOW, "undo_until": NOW + timedelta(minutes=10)}
    by_state: dict[State, dict[str, object]] = {
        State.OFFERED: {},
        State.EXPIRED: {"expired_at": NOW},
        State.REJECTED: {**decided, "reason": "FIT_COMPANY", "follow_up": "size,industry", "comment": "tiny"},
        State.VOID: {**decided, "reason": "DUPLICATE", "follow_up": "Acme deal"},
    }
    return by_state.get(state, decided)


def fine(drawing: Drawing) -> None:
    """Slack takes it, and it reads as a whole without its blocks."""
    assert check.blocks(drawing.blocks) == []
    assert check.call("chat.postMessage", {"channel": "C1", "text": drawing.text, "blocks": drawing.blocks}) == []
    assert 0 < len(drawing.text) <= 4000


HANDED = Event(Kind.REROUTED, NOW, "ben", {"from": "ben", "to": "ana", "reason": "ROUTE_TERRITORY", "follow_up": "x"})
"""Ana got it at NOW."""


def every_message(one: Case, event: Event = HANDED) -> list[Drawing]:
    """All messages that can be drawn of a case, wherever they may go."""
    link, people = "https://x.example/p1", one.people
    about = [card(one), plain(card(one)), handed.moved(one), feedback.reply(one)]
    about += [nudge([Nudged(one.handoff, one.lead, to)] * 3, 12, people) for to in (link, None)]
    about += [handed.handed_to(one, event, to) for to in (link, None)] + [handed.handed_from(one, event)]
    for to in ("C0SALES", "C0OTHER", "U0ANA", "U0MAYA"):
        about += [changes.raised(one, tier, to) for tier in ("P1", "P2")] + [changes.barred(one, to)]
        about += [ladder.expiry(one, to)]
        for rung in range(max(1, len(one.handoff.steps))):
            about += [ladder.escalation(one, rung, to), ladder.reminder(one, rung, to, link)]
    return about + [refused(why, one) for why in Why]


@pytest.mark.parametrize("state", State)
def test_every_message_of_every_state_is_taken_by_slack(state: State) -> None:
    for drawing in every_message(case(state=state, **settled(state))):
        fine(drawing)
        assert not set("*~`") & set(drawing.text), "marks of formatting are read aloud"


@pytest.mark.parametrize("why", Why)
def test_every_refusal_has_its_words_even_without_a_hand_off(why: Why) -> None:
    fine(refused(why, None))


@pytest.mark.parametrize(("state", "buttons"), [
    (State.OFFERED, ["Accept", "Reject…", "Not mine…", "Why this score"]),
    (State.ACCEPTED, ["Undo", "Why this score", "Why me, why then"]),
    (State.QUALIFIED, ["Why this score", "Why me, why then"]),
    (State.REJECTED, ["Undo"]),
    (State.VOID, ["Undo"]),
    (State.EXPIRED, ["Take it", "Why this score", "Why me, why then"]),
    (State.WON, []),
])  # fmt: skip
def test_a_card_has_the_buttons_of_its_state_and_no_others(state: State, buttons: list[str]) -> None:
    drawn = card(case(state=state, **settled(state)))
    actions = [block for block in drawn.blocks if block["type"] == "actions"]
    shown = [button for block in actions for button in block["elements"]]
    assert [button["text"]["text"] for button in shown if button["type"] == "button"] == buttons
    assert [button["type"] for button in shown].count("overflow") == (state is State.OFFERED)


def test_an_open_card_mentions_the_owner_and_says_until_when() -> None:
    drawn = card(case())
    assert "<@U0ANA>" in drawn.text
    assert "<@U0ANA>" in drawn.blocks[0]["text"]["text"]
    assert f"<!date^{int((NOW + 4 * HOUR).timestamp())}^" in drawn.blocks[0]["text"]["text"]


def test_a_decided_card_says_who_why_and_when() -> None:
    words = str(card(case(state=State.REJECTED, **settled(State.REJECTED))).blocks)
    for part in ("Rejected", "<@U0BEN>", "Company outside target", f"<!date^{int(NOW.timestamp())}"):
        assert part in words


@pytest.mark.parametrize(("text", "state"), list(product(NAUGHTY, [State.OFFERED, State.REJECTED, State.EXPIRED])))
def test_whatever_a_crm_holds_neither_pings_nor_breaks_a_message(text: str, state: State) -> None:
    lead = Lead(email=text, name=text, company=text, title=text, phone=text, country=text, source=text, campaign=text)
    one = replace(
        case(lead, state=state, **(settled(state) | {"comment": text, "owner": "ana"})),
        latest=(Heard(text or "x", NOW, text),),
        news=(Heard(text or "x", NOW, text),),
    )
    for drawing in [*every_message(one), feedback.thread(text, NOW, Counts())]:
        fine(drawing)
        assert "<!channel" not in str(drawing)
        assert "<!here" not in str(drawing)
        assert "<https://evil" not in str(drawing)
    assert check.view(reject_form(Place(1, "C1"), one)) == []


def test_a_lead_of_whom_nothing_is_known_still_has_a_card() -> None:
    bare = replace(case(Lead()), assessment=None, latest=())
    fine(card(bare))
    assert "Somebody without a name" in card(bare).text


@given(st.text(max_size=300), st.integers(1, 200))
def test_escaped_text_is_one_line_without_control_over_slack(text: str, limit: int) -> None:
    safe = escape(text, limit)
    assert "<" not in safe
    assert ">" not in safe
    assert "\n" not in safe
    bare = safe.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("\u200b", "")
    assert len(bare) <= limit


@pytest.mark.parametrize("state", State)
def test_an_address_of_a_page_in_a_strangers_words_is_no_link(state: State) -> None:
    url = "https://evil.example/login"
    messages = every_message(case(Lead(email="e@x.example", name=url, company=url, title=url), **settled(state)))
    told = [part for one in messages for part in mrkdwn_in(one.blocks)]
    assert any(url in part["text"] for part in told)
    assert all(part.get("verbatim") is True for part in told)


def mrkdwn_in(part: Any) -> list[dict[str, Any]]:
    """All texts with marks in a block, however deep."""
    if isinstance(part, list):
        return [found for one in part for found in mrkdwn_in(one)]
    if not isinstance(part, dict):
        return []
    return [part] if part.get("type") == "mrkdwn" else mrkdwn_in(list(part.values()))


def test_an_address_stays_copyable() -> None:
    assert escape("anna_maria.o_neil@example.com") == "anna_maria.o_neil@example.com"


REJECTING = sorted(code for code, reason in POLICY.reasons.items() if reason.consequence != "reroute")


@pytest.mark.parametrize("code", REJECTING)
def test_the_form_asks_the_question_of_the_chosen_reason(code: str) -> None:
    view = reject_form(Place(7, "C1"), case(), code)
    assert check.view(view) == []
    assert check.call("views.open", {"trigger_id": "1.2", "view": view}) == []
    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"] == [
        "reject_reason",
        f"reject_follow_up:{code}",
        "reject_comment",
    ]
    assert Place.load(view["private_metadata"]) == Place(7, "C1")


@pytest.mark.parametrize(("minutes", "words"), [(0, "under a minute"), (35, "35 min"), (60, "1 h"), (1500, "1 d 1 h")])
def test_lengths_of_time_read_well(minutes: int, words: str) -> None:
    assert duration(timedelta(minutes=minutes)) == words
