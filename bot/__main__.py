"""The `baton` command line. A user's mistake is one line per fault and exit code 2, never a traceback."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot import logs, settings
from bot.answers.overview import overview_with_names
from bot.blocks import funnel_text
from bot.config import load
from bot.intake import history, leads, mapping
from bot.main import Baton, Role
from bot.settings import SettingsFaults
from bot.stats.query import Help, Problem, parse
from bot.store import dead_letters, policies, schema, switches
from bot.store.engine import Store
from bot.yamlfile import Fault, Faults

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=__doc__)
database = typer.Typer(no_args_is_help=True, help="The database.")
imports = typer.Typer(no_args_is_help=True, help="CSV files: leads to assess now, or what happened elsewhere before.")
configuration = typer.Typer(no_args_is_help=True, help="The configuration folder: criteria, people, SLA, reasons.")
app.add_typer(database, name="db")
app.add_typer(configuration, name="config")
app.add_typer(imports, name="import")

File = Annotated[Path, typer.Argument(help="A CSV file.", exists=True, dir_okay=False)]
Map = Annotated[
    Path, typer.Option("--map", help="The mapping file: which column is what.", exists=True, dir_okay=False)
]
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
    _upgrade(settings.read(os.environ, secrets=False).database_url)


@configuration.command()
def check(folder: Folder = None) -> None:
    """Say everything that is wrong with a folder: file, line, key, expectation."""
    policy = load.load(_folder(folder))
    typer.echo(f"fine: version {policy.version}")


@configuration.command()
def apply(folder: Folder = None) -> None:
    """Put a folder in force, everywhere, from the next move on."""
    texts = load.texts(_folder(folder))
    policy = load.parse(texts)
    with _store() as store, store.transaction() as tx:
        changed = policies.apply(tx, policy, texts, _now())
    typer.echo(f"version {policy.version} {'is in force' if changed else 'was in force already'}")


@imports.command("leads")
def import_leads(
    file: File,
    map: Map,  # noqa: A002 - the option's name
    no_cards: Annotated[bool, typer.Option("--no-cards", help="Crossings wait in queue `imported`.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; store nothing.")] = False,
) -> None:
    """Take leads in, as the intake door would: stored, assessed, perhaps offered."""
    with _store() as store:
        page = mapping.load(map, mapping.LeadsMap)
        found = leads.import_leads(store, _now(), file, page, cards=not no_cards, dry_run=dry_run, progress=_progress)
    queued = "".join(f", {count} into queue `{queue}`" for queue, count in sorted(found.crossings.queues.items()))
    crossed = f"{found.crossings.handoffs} offered, {found.crossings.lines} on an open card{queued}"
    verb = "would be stored" if dry_run else "stored"
    typer.echo(f"{found.rows} rows: {found.stored} {verb}, {found.new_signals} new signals; crossings: {crossed}")
    _refused(found.refused, found.faults)


@imports.command("history")
def import_history(file: File, map: Map) -> None:  # noqa: A002 - the option's name
    """Take in what happened elsewhere. Posts nothing, wakes no timers; run twice, it doubles nothing."""
    with _store() as store:
        found = history.import_history(store, _now(), file, mapping.load(map, mapping.HistoryMap), progress=_progress)
    counts = f"{found.new} new, {found.changed} changed, {found.unchanged} unchanged, {found.waiting} waiting"
    typer.echo(f"{found.rows} rows: {counts}")
    _refused(found.refused, found.faults)


@app.command("funnel")
def funnel(
    query: Annotated[str, typer.Argument(help='As after the slash command: "30d by source", or "help".')] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
    as_of: Annotated[str | None, typer.Option(help="A day or moment (ISO, UTC): how things stood at its end.")] = None,
) -> None:
    """Live conversion stats, as `/funnel` gives them."""
    moment = _moment(as_of) if as_of else _now()
    asked = parse(query, moment)
    if isinstance(asked, Problem):
        raise Complaint(funnel_text.problem_text(asked))
    if isinstance(asked, Help):
        typer.echo(funnel_text.help_text())
        return
    with _store() as store, store.reading() as tx:
        found, names, labels = overview_with_names(tx, asked, moment)
    text = funnel_text.overview_text(found, names, labels)
    typer.echo(json.dumps(funnel_text.overview_json(found), indent=2, ensure_ascii=False) if as_json else text)


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
def letters(most: Annotated[int, typer.Option(help="How many, newest first.", min=1)] = 20) -> None:
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
    except (SettingsFaults, Faults, schema.Unreachable, Complaint) as fault:
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


def _folder(given: Path | None) -> Path:
    folder = given or settings.read(os.environ, secrets=False).config_dir
    if folder is None:
        raise Complaint("FOLDER: no folder given and BATON_CONFIG_DIR is not set, expected one of them")
    return folder


@contextmanager
def _store() -> Iterator[Store]:
    """The database of the settings, if it is up to date."""
    store = Store(settings.read(os.environ, secrets=False).database_url)
    try:
        problem = schema.problem(store)
        if problem:
            raise Complaint(problem)
        yield store
    finally:
        store.close()


def _refused(count: int, faults: Sequence[Fault]) -> None:
    """What was not taken, and where; the whole rows are in `baton dead-letters`."""
    if count:
        typer.echo(f"{count} rows refused:", err=True)
        for fault in faults:
            typer.echo(f"    {fault}", err=True)
        raise typer.Exit(1)


def _progress(rows: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{rows} rows", err=True, nl=False)


def _moment(text: str) -> datetime:
    """A day is taken to its end."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Complaint(f"--as-of: {text!r} is no date; expected one such as 2026-03-31 or 2026-03-31T12:00") from None
    if not 2000 <= moment.year < 2200:
        raise Complaint(f"--as-of: got {text}, expected a year from 2000 to 2199")
    day = timedelta(days=1) if len(text) == len("2026-03-31") else timedelta()
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)) + day


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
