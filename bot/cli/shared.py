"""What the commands share: the complaint, the database, the clock, and arguments that mean the same everywhere.

A command is a function in one file of this room; `bot/__main__.py` gives it its name. The room knows every other one
and only the entry point knows it.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot import settings
from bot.lead import Lead
from bot.store import handoffs, leads, schema
from bot.store.engine import Store, Tx
from bot.yamlfile import Fault

File = Annotated[Path, typer.Argument(help="A CSV file.", exists=True, dir_okay=False)]
Map = Annotated[
    Path, typer.Option("--map", help="The mapping file: which column is what.", exists=True, dir_okay=False)
]


class Complaint(Exception):
    """Something the user can put right, in one sentence. The entry point prints it and ends with code 2."""


@contextmanager
def opened() -> Iterator[Store]:
    """The database of the settings, closed in the end; a complaint if it is not up to date."""
    store = Store(settings.read(os.environ, secrets=False).database_url)
    try:
        problem = schema.problem(store)
        if problem:
            raise Complaint(problem)
        yield store
    finally:
        store.close()


def now() -> datetime:
    """The only clock of the commands (UTC)."""
    return datetime.now(UTC)


def moment(text: str) -> datetime:
    """What `--as-of` says (ISO, UTC unless it says otherwise), in UTC; a day up to its last moment."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise Complaint(f"--as-of: {text!r} is no date; expected one such as 2026-03-31 or 2026-03-31T12:00") from None
    if not 2000 <= given.year < 2200:
        raise Complaint(f"--as-of: got {text}, expected a year from 2000 to 2199")
    rest = timedelta(days=1, microseconds=-1) if len(text) == len("2026-03-31") else timedelta()
    return (given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)) + rest


def find_lead(tx: Tx, asked: str) -> int | None:
    """The number of the lead that goes by a number, an e-mail address, or a hand-off of it (`handoff:12`)."""
    kind, _, number = asked.rpartition(":")
    if not (kind in {"", "handoff"} and number.isascii() and number.isdigit() and len(number) < 18):
        return leads.find(tx, Lead(email=asked))
    if not kind:
        return int(number)
    handoff = handoffs.get(tx, int(number))
    return handoff.lead_id if handoff else None


def progress(rows: int) -> None:
    """How far a long file has got, on one line that keeps changing; nothing where nobody watches."""
    if sys.stderr.isatty():
        typer.echo(f"\r{rows} rows", err=True, nl=False)


def folder_of(given: Path | None, name: str = "FOLDER") -> Path:
    """The configuration folder of the argument `name`, or else that of the settings; a complaint if there is none."""
    folder = given or settings.read(os.environ, secrets=False).config_dir
    if folder is None:
        raise Complaint(f"{name}: no folder given and BATON_CONFIG_DIR is not set, expected one of them")
    return folder


def refused(count: int, faults: Sequence[Fault]) -> None:
    """Which rows of a file were not taken, and why: a command that refused some ends with code 1."""
    if count:
        typer.echo(f"{count} rows refused:", err=True)
        for fault in faults:
            typer.echo(f"    {fault}", err=True)
        raise typer.Exit(1)
