"""`baton funnel`: in a terminal what `/funnel` is in Slack, by the same grammar and from the same answer."""

import json
from typing import Annotated

import typer

from bot.answers.criteria import definition
from bot.answers.overview import overview_with_names
from bot.blocks import funnel_text
from bot.blocks.definition import definition_in_force
from bot.cli.shared import Complaint, moment, now, opened
from bot.stats.query import Definition, Help, Problem, parse


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
    with opened() as store, store.reading() as tx:
        found, names, labels = overview_with_names(tx, asked, when)
    text = funnel_text.overview_text(found, names, labels)
    typer.echo(json.dumps(funnel_text.overview_json(found), indent=2, ensure_ascii=False) if as_json else text)
