"""The story of a question: `/funnel` is answered inside the ack, to the one who asked and nobody else."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App

from bot.answers.criteria import definition
from bot.answers.open_cards import open_cards_for
from bot.answers.overview import overview_with_names
from bot.blocks.definition import definition_blocks
from bot.blocks.drawing import Drawing
from bot.blocks.funnel import COMMAND, help_blocks, overview_blocks, problem_blocks
from bot.blocks.open_cards import open_cards_blocks
from bot.handlers.clicks import Desk, links
from bot.stats.query import Definition, Help, Open, Problem, Query, parse
from bot.store.engine import Store


def register(app: App, desk: Desk) -> None:
    """One listener: whatever is typed after the command gets an answer."""

    @app.command(COMMAND)
    def asked(ack: Ack, command: dict[str, Any]) -> None:
        drawing = _answer(desk, command.get("text") or "", command["user_id"])
        ack(text=drawing.text, blocks=drawing.blocks, response_type="ephemeral")


def _answer(desk: Desk, text: str, user: str) -> Drawing:
    now = desk.now()
    match parse(text, now):
        case Help():
            return help_blocks()
        case Definition():
            return _definition(desk.store)
        case Open():
            return _open(desk, user, now)
        case Problem() as problem:
            return problem_blocks(problem)
        case Query() as query:
            return _overview(desk.store, query, now)


def _overview(store: Store, query: Query, now: datetime) -> Drawing:
    with store.reading() as tx:
        found = overview_with_names(tx, query, now)
    return overview_blocks(*found)


def _definition(store: Store) -> Drawing:
    with store.reading() as tx:
        found = definition(tx)
    return definition_blocks(*found)


def _open(desk: Desk, user: str, now: datetime) -> Drawing:
    with desk.store.reading() as tx:
        found = open_cards_for(tx, user, now)
    cards = {one.handoff.id: one.card for tier in found.tiers for one in tier.cards if one.card}
    return open_cards_blocks(found, links(desk.slack, cards))
