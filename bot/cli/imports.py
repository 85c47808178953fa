"""`baton import leads` and `history`: what the files held is told in one line, what was refused row by row."""

from typing import Annotated

import typer

from bot.cli.shared import File, Map, now, opened, progress, refused
from bot.intake import history, leads, mapping


def import_leads(
    file: File,
    map: Map,  # noqa: A002 - the option's name
    no_cards: Annotated[bool, typer.Option("--no-cards", help="Crossings wait in queue `imported`.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; store nothing.")] = False,
) -> None:
    """Take leads in, as the intake door would: stored, assessed, perhaps offered."""
    with opened() as store:
        page = mapping.load(map, mapping.LeadsMap)
        found = leads.import_leads(store, now(), file, page, cards=not no_cards, dry_run=dry_run, progress=progress)
    queued = "".join(f", {count} into queue `{queue}`" for queue, count in sorted(found.crossings.queues.items()))
    crossed = f"{found.crossings.handoffs} offered, {found.crossings.lines} on an open card{queued}"
    verb = "would be stored" if dry_run else "stored"
    typer.echo(f"{found.rows} rows: {found.stored} {verb}, {found.new_signals} new signals; crossings: {crossed}")
    refused(found.refused, found.faults)


def import_history(file: File, map: Map) -> None:  # noqa: A002 - the option's name
    """Take in what happened elsewhere. Posts nothing, wakes no timers; run twice, it doubles nothing."""
    with opened() as store:
        found = history.import_history(store, now(), file, mapping.load(map, mapping.HistoryMap), progress=progress)
    counts = f"{found.new} new, {found.changed} changed, {found.unchanged} unchanged, {found.waiting} waiting"
    typer.echo(f"{found.rows} rows: {counts}")
    refused(found.refused, found.faults)
