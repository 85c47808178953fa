"""`baton pause` and `resume`: one switch, which every process reads before it offers a lead."""

from typing import Annotated

import typer

from bot.cli.shared import now, opened
from bot.store import switches


def pause(reason: Annotated[str, typer.Argument(help="Why; shown where leads wait.")] = "paused by hand") -> None:
    """Hold all new cards back: crossings wait in queue `overflow`."""
    with opened() as store, store.transaction() as tx:
        switches.turn_on(tx, switches.PAUSED, reason, now())
    typer.echo("paused: new crossings wait in queue `overflow`")


def resume() -> None:
    """Let new cards out again, as far as the cap allows."""
    with opened() as store, store.transaction() as tx:
        was_on = switches.turn_off(tx, switches.PAUSED)
    typer.echo("resumed" if was_on else "was not paused")
