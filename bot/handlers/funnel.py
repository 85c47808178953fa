"""The story of a question: `/funnel` is answered inside the ack, to the one who asked and nobody else."""

from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

import structlog
from slack_bolt import Ack, App

from bot.answers.open_cards import open_cards_for
from bot.blocks.drawing import Drawing
from bot.blocks.funnel.slack import FAILED, sure_blocks
from bot.blocks.ids import COMMAND
from bot.blocks.open_cards import open_cards_blocks
from bot.funnel import drawn, understood, viewer
from bot.handlers.clicks import Desk, links
from bot.handlers.share import open_form, send_directly
from bot.moves.share import keep_export
from bot.stats.language.grammar import command as command_of
from bot.stats.query import Asked, Explain, NewNote, Notes, Open, Query, query_of
from bot.store import looks

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed, by whom (Slack id) and where; `trigger` opens a window, once."""

    text: str
    user: str
    channel: str
    trigger: str
    now: datetime


def register(app: App, desk: Desk) -> None:
    """One listener: whatever is typed after the command gets an answer."""

    @app.command(COMMAND)
    def asked(ack: Ack, command: dict[str, Any]) -> None:
        text, trigger = unescape(command.get("text") or ""), command.get("trigger_id", "")
        line = Line(text, command["user_id"], command["channel_id"], trigger, desk.now())
        try:
            drawing = _answer(desk, line)
        except Exception:  # such as a database that is away: somebody waits, and silence is no answer
            log.exception("a question was not answered")
            drawing = FAILED
        ack(text=drawing.text, blocks=drawing.blocks, response_type="ephemeral") if drawing else ack()


def _answer(desk: Desk, line: Line) -> Drawing | None:
    """None where a window says it all."""
    with desk.store.reading() as tx:
        asked = understood(tx, line.text, line.now, viewer(tx, line.user))
    to = query_of(asked).to if isinstance(asked, Query | Explain) else "private"
    if to == "share":
        return open_form(desk, line.trigger, command_of(asked), line.user, line.channel)
    if to == "dm":
        return send_directly(desk, command_of(asked), line.user)
    if isinstance(asked, Open):
        return _open(desk, line)
    return _told(desk, asked, line)


def _told(desk: Desk, asked: Asked, line: Line) -> Drawing:
    writes = isinstance(asked, NewNote | Notes)
    with desk.store.transaction() if writes else desk.store.reading() as tx:
        taken = looks.known(tx, line.now)
        drawing = drawn(tx, asked, line.now, line.user, lambda report: sure_blocks(report, taken))
    if isinstance(asked, Query | Explain) and query_of(asked).csv:
        keep_export(desk.store, line.now, line.user, asked)
    return drawing


def _open(desk: Desk, line: Line) -> Drawing:
    with desk.store.reading() as tx:
        found = open_cards_for(tx, line.user, line.now)
    cards = {one.handoff.id: one.card for tier in found.tiers for one in tier.cards if one.card}
    return open_cards_blocks(found, links(desk.slack, cards))
