"""The story of a question: `/funnel` is answered inside the ack, to the one who asked and nobody else."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App

from bot.answers.criteria import definition
from bot.answers.overview import overview_with_names
from bot.blocks.definition import definition_blocks
from bot.blocks.drawing import Drawing
from bot.blocks.funnel import COMMAND, help_blocks, overview_blocks, problem_blocks
from bot.stats.query import Definition, Help, Problem, Query, parse
from bot.store.engine import Store


def register(app: App, store: Store, now: Callable[[], datetime]) -> None:
    """One listener: whatever is typed after the command gets an answer."""

    @app.command(COMMAND)
    def asked(ack: Ack, command: dict[str, Any]) -> None:
        drawing = _answer(store, command.get("text") or "", now())
        ack(text=drawing.text, blocks=drawing.blocks, response_type="ephemeral")


def _answer(store: Store, text: str, now: datetime) -> Drawing:
    match parse(text, now):
        case Help():
            return help_blocks()
        case Definition():
            return _definition(store)
        case Problem() as problem:
            return problem_blocks(problem)
        case Query() as query:
            return _overview(store, query, now)


def _overview(store: Store, query: Query, now: datetime) -> Drawing:
    with store.reading() as tx:
        found = overview_with_names(tx, query, now)
    return overview_blocks(*found)


def _definition(store: Store) -> Drawing:
    with store.reading() as tx:
        found = definition(tx)
    return definition_blocks(*found)
