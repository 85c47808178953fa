"""`baton funnel`: in a terminal what `/funnel` is in Slack, by the same grammar and from the same answer."""

import json
from typing import Annotated

import typer

from bot.answers.criteria import definition
from bot.answers.open_cards import MOST, open_cards
from bot.answers.overview import overview_with_names
from bot.blocks import funnel_text
from bot.blocks.definition import definition_in_force
from bot.blocks.open_cards_text import open_cards_json, open_cards_text
from bot.cli.shared import Complaint, moment, now, opened
from bot.stats.query import Definition, Help, Open, Problem, parse

MOST_IN_JSON = 1_000


def funnel(
    query: Annotated[str, typer.Argument(help='As after the slash command: "30d by source", or "help".')] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
    as_of: Annotated[str | None, typer.Option(help="A day or moment (ISO, UTC): how things stood at its end.")] = None,
) -> None:
    """Live conversion stats, as `/funnel` gives them."""
    when = moment(as_of) if as_of else now()
    asked = parse(query, when)
    if isinstance(asked, Problem):
        raise Complaint(funnel_text.problem_text(asked))
    if isinstance(asked, Help):
        typer.echo(funnel_text.help_text())
        return
    if isinstance(asked, Definition):
        with opened() as store, store.reading() as tx:
            typer.echo(definition_in_force(*definition(tx)))
        return
    if isinstance(asked, Open):
        typer.echo(_open(as_json, as_of))
        return
    with opened() as store, store.reading() as tx:
        found, names, labels = overview_with_names(tx, asked, when)
    text = funnel_text.overview_text(found, names, labels)
    typer.echo(json.dumps(funnel_text.overview_json(found), indent=2, ensure_ascii=False) if as_json else text)


def _open(as_json: bool, as_of: str | None) -> str:
    if as_of:
        raise Complaint("--as-of: open cards are shown as they are now, expected none with `open`")
    with opened() as store, store.reading() as tx:
        found = open_cards(tx, now(), MOST_IN_JSON if as_json else MOST)
    return json.dumps(open_cards_json(found), indent=2, ensure_ascii=False) if as_json else open_cards_text(found)
