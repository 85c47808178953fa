"""The `baton` command line. A user's mistake is one line per fault and exit code 2, never a traceback."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import logs, settings
from bot.config import load
from bot.main import Baton, Role
from bot.settings import SettingsFaults
from bot.store import dead_letters, policies, schema, switches
from bot.store.engine import Store
from bot.yamlfile import Faults

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=__doc__)
database = typer.Typer(no_args_is_help=True, help="The database.")
configuration = typer.Typer(no_args_is_help=True, help="The configuration folder: criteria, people, SLA, reasons.")
app.add_typer(database, name="db")
app.add_typer(configuration, name="config")

Folder = Annotated[Path | None, typer.Argument(help="The folder; BATON_CONFIG_DIR by default.")]


class Complaint(Exception):
    """Something the user can put right, in one sentence."""


@app.command()
def run() -> None:
    """Everything in one process: bot, intake and clock. SQLite will do."""
    chosen = settings.read(os.environ)
    if chosen.database_url.startswith("sqlite"):  # a file of its own needs no release step
        _upgrade(chosen.database_url)
    _serve(chosen, "run")


@app.command()
def web() -> None:
    """Answer Slack and intake. Several may run, on PostgreSQL."""
    _serve(_with_postgres("web"), "web")


@app.command()
def worker() -> None:
    """Keep the clock and bring messages out. Several may run, on PostgreSQL."""
    _serve(_with_postgres("worker"), "worker")


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database up to date."""
    _upgrade(settings.read(os.environ, need=()).database_url)


@configuration.command()
def check(folder: Folder = None) -> None:
    """Say everything that is wrong with a folder: file, line, key, expectation."""
    policy = load.load(_folder(folder))
    typer.echo(f"fine: version {policy.version}")


@configuration.command()
def apply(folder: Folder = None) -> None:
    """Put a folder in force, everywhere, from the next move on."""
    _apply(folder)


@app.command()
def pause(reason: Annotated[str, typer.Argument(help="Why; shown where leads wait.")] = "paused by hand") -> None:
    """Hold all new cards back: crossings wait in queue `overflow`."""
    with _store() as store, store.transaction() as tx:
        switches.turn_on(tx, switches.PAUSED, reason, _now())
    typer.echo("paused: new crossings wait in queue `overflow`")


@app.command()
def resume() -> None:
    """Let new cards out again, as far as the cap allows."""
    with _store() as store, store.transaction() as tx:
        was_on = switches.turn_off(tx, switches.PAUSED)
    typer.echo("resumed" if was_on else "was not paused")


@app.command("dead-letters")
def letters(most: Annotated[int, typer.Option(help="How many, newest first.")] = 20) -> None:
    """What came in and could not be taken, and why."""
    with _store() as store, store.reading() as tx:
        for letter in dead_letters.newest(tx, most):
            typer.echo(f"{letter.received_at:%Y-%m-%d %H:%M:%S} {letter.door} #{letter.position}")
            for line in (*letter.faults, letter.body):
                typer.echo(f"    {line}")


def main() -> None:
    """The entry point."""
    try:
        app()
    except (SettingsFaults, Faults, Complaint) as fault:
        typer.echo(str(fault), err=True)
        sys.exit(2)


def _serve(chosen: settings.Settings, role: Role) -> None:
    logs.configure(chosen.log_format)
    baton = Baton(chosen, role)
    problem = schema.problem(baton.store)
    if problem:
        raise Complaint(problem)
    baton.take_over_configuration()
    baton.serve()


def _with_postgres(role: str) -> settings.Settings:
    chosen = settings.read(os.environ)
    if chosen.database_url.startswith("sqlite"):
        raise Complaint(f"BATON_DATABASE_URL: `baton {role}` shares its database, expected a postgresql:// address")
    return chosen


def _upgrade(url: str) -> None:
    store = Store(url)
    schema.upgrade(store)
    store.close()


def _apply(folder: Path | None) -> None:
    texts = load.texts(_folder(folder))
    policy = load.parse(texts)
    with _store() as store, store.transaction() as tx:
        changed = policies.apply(tx, policy, texts, _now())
    typer.echo(f"version {policy.version} {'is in force' if changed else 'was in force already'}")


def _folder(given: Path | None) -> Path:
    folder = given or settings.read(os.environ, need=()).config_dir
    if folder is None:
        raise Complaint("FOLDER: no folder given and BATON_CONFIG_DIR is not set, expected one of them")
    return folder


@contextmanager
def _store() -> Iterator[Store]:
    """The database of the settings, if it is up to date."""
    store = Store(settings.read(os.environ, need=()).database_url)
    try:
        problem = schema.problem(store)
        if problem:
            raise Complaint(problem)
        yield store
    finally:
        store.close()


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
