"""Cards to read in tests: a lead judged by the shipped criteria, and the lines that a rep would see of it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bot.answers.case import unknown_facts
from bot.blocks.card import card
from bot.blocks.drawing import Drawing
from bot.config import load
from bot.criteria.assess import assess
from bot.criteria.days import daily
from bot.handoff.case import Case, Heard
from bot.lead import Lead, Signal
from tests.schemas import check
from tests.support import HOUR, NOW, POLICY, handoff

DEFAULT = load.parse(load.texts(None)).criteria
DAY = timedelta(days=1)
ELENA = Lead(
    email="elena@vialetto.example",
    name="Elena Marchetti",
    company="Vialetto Logistics",
    title="VP Operations",
    country="IT",
    source="webinar",
    campaign="Q4 webinar",
    attributes={"employees": 420, "industry": "logistics"},
)
DEMO = Signal("s1", "demo_request", NOW - HOUR, "Migrating before March")
WEBINAR = Signal("s2", "webinar_attended", NOW - 15 * DAY, "Routing")


def case(lead: Lead = ELENA, *signals: Signal, **changed: Any) -> Case:
    """A case judged by the shipped criteria, as the store would load it."""
    heard = signals or (DEMO, WEBINAR)
    found = assess(lead, daily(heard, NOW), DEFAULT, NOW)
    return Case(
        handoff=handoff(**{"tier": found.tier or "P3", **changed}),
        lead=lead,
        assessment=found,
        latest=tuple(Heard(DEFAULT.signals[one.type].label, one.at, one.note) for one in heard[:3]),
        news=(),
        people=POLICY.people,
        reasons=POLICY.reasons,
        unknown=unknown_facts(found, lead, DEFAULT),
    )


def texts(drawing: Drawing) -> Iterator[str]:
    """Every paragraph above the buttons."""
    for block in drawing.blocks:
        yield from [block["text"]["text"]] if block["type"] == "section" else ()
        yield from [one["text"] for one in block["elements"]] if block["type"] == "context" else ()


def plain_spaces(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def dated(text: str) -> str:
    """With every date as it reads where Slack cannot show it."""
    return re.sub(r"<!date\^\d+\^[^|>]*\|([^>]*)>", r"\1", text)


def lines(one: Case) -> list[str]:
    """The lines of its card, which Slack takes."""
    drawn = card(one)
    assert check.call("chat.postMessage", {"channel": "C1", "text": drawn.text, "blocks": drawn.blocks}) == []
    return [plain_spaces(line) for text in texts(drawn) for line in text.split("\n")]


def line(one: Case, start: str) -> str:
    """The one line that begins like this; "" if none does."""
    found = [text for text in lines(one) if text.startswith(start)]
    assert len(found) <= 1
    return found[0] if found else ""


def buttons(one: Case) -> list[str]:
    rows = [block["elements"] for block in card(one).blocks if block["type"] == "actions"]
    return [button["action_id"] for row in rows for button in row]
