"""`baton shares`: what numbers of `/funnel` went where, by whom and when."""

from typing import Annotated

import typer

from bot.blocks.text import clean
from bot.cli.shared import opened
from bot.store import policies
from bot.store import shares as rows
from bot.store.shares import How, Share

WHERE: dict[How, str] = {
    "share": "to channel {where}",
    "dm": "to their direct messages",
    "csv": "as CSV",
    "command_line": "as a file",
}
LONGEST = 500


def shares(most: Annotated[int, typer.Option(help="How many, newest first.", min=1, max=100_000)] = 20) -> None:
    """Answers that were shared, sent or exported: when (UTC), by whom, where to, and the question."""
    with opened() as store, store.reading() as tx:
        people, found = policies.current(tx).people, rows.newest(tx, most)
    for one in found:
        by = people.name_of(one.by) if one.by else "command line"
        typer.echo(f"{one.at:%Y-%m-%d %H:%M:%S} {clean(by)} {_where(one)}: {clean(f'/funnel {one.query}', LONGEST)}")
    if not found:
        typer.echo("nothing was shared, sent or exported yet")


def _where(one: Share) -> str:
    named = ", with names" if one.names and one.how == "share" else ""
    return WHERE[one.how].format(where=one.where) + named
