"""`baton dead-letters`: nothing that was refused at a door is lost, and here it can be read."""

from typing import Annotated

import typer

from bot.cli.shared import opened
from bot.store import dead_letters


def letters(most: Annotated[int, typer.Option(help="How many, newest first.", min=1)] = 20) -> None:
    """What came in and could not be taken, and why."""
    with opened() as store, store.reading() as tx:
        for letter in dead_letters.newest(tx, most):
            typer.echo(f"{letter.received_at:%Y-%m-%d %H:%M:%S} {letter.door} #{letter.position}")
            for line in (*letter.faults, letter.body):
                typer.echo(f"    {line}")
