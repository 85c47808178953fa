"""`baton criteria explain`, `show` and `unknown`: what the criteria say, and why a lead has the score it has.

What a change of them would do is in `criteria_change.py`.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from bot.answers.criteria import definition, lead_explained
from bot.blocks.definition import definition_in_force, definition_text
from bot.blocks.explained_text import explained_text, unknown_text
from bot.cli.shared import Complaint, find_lead, now, opened
from bot.config import load
from bot.criteria.days import daily
from bot.criteria.explain import explain as explained
from bot.handoff.explained import LeadExplained
from bot.intake import body, payload
from bot.moves.receive import Incoming
from bot.store import policies, signals

Config = Annotated[
    Path | None, typer.Option("--config", metavar="DIR", help="A folder instead of the criteria in force.")
]


def explain(
    lead: Annotated[str | None, typer.Argument(help="A lead's number or e-mail address.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="JSON of one lead, as the intake door takes it; - reads it from standard input."),
    ] = None,
    config: Config = None,
) -> None:
    """Every rule with what it came to, what would change it, and where the lead stands."""
    if (lead is None) == (file is None):
        raise Complaint("LEAD: expected a lead's number or e-mail address, or --file with the JSON of one")
    typer.echo(explained_text(_of_file(file, config) if file else _of_lead(lead or "", config)))


def show(config: Config = None) -> None:
    """What makes an MQL, in under fifteen lines."""
    if config:
        typer.echo(definition_text(load.load(config).criteria, f"as {config} says"))
        return
    with opened() as store, store.reading() as tx:
        criteria, since = definition(tx)
    typer.echo(definition_in_force(criteria, since))


def unknown() -> None:
    """Signals that came in under a type that no rule knows: kept, worth nothing until there is a rule."""
    with opened() as store, store.reading() as tx:
        found = signals.unknown_types(tx, policies.current(tx).criteria.signals)
    typer.echo(unknown_text(found))


def _of_lead(asked: str, config: Path | None) -> LeadExplained:
    policy = load.load(config) if config else None
    with opened() as store, store.reading() as tx:
        lead_id = find_lead(tx, asked)
        found = lead_explained(tx, lead_id, policy or policies.current(tx), now()) if lead_id else None
    if found is None:
        raise Complaint(f"LEAD: got {asked!r}, expected the number or the e-mail address of a stored lead")
    return found


def _of_file(file: Path, config: Path | None) -> LeadExplained:
    incoming, moment = _read(file), now()
    if config:
        criteria = load.load(config).criteria
    else:
        with opened() as store, store.reading() as tx:
            criteria = policies.current(tx).criteria
    days = daily(incoming.signals, moment)
    return LeadExplained(incoming.lead, explained(incoming.lead, days, criteria, moment), None)


def _read(file: Path) -> Incoming:
    """One lead, held to the rules of the intake door."""
    name = "standard input" if str(file) == "-" else str(file)
    try:
        items = body.items(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
        if len(items) != 1:
            raise Complaint(f"{name}: got {len(items)} leads, expected one")
        return payload.read(items[0], now())
    except OSError as error:
        raise Complaint(f"--file: {name} cannot be read: {error.strerror}") from None
    except body.Refused as refused:
        raise Complaint(f"{name}: {refused}") from None
    except ValidationError as error:
        faults = payload.faults(error)
        raise Complaint("\n".join(f"{name}: {fault.field}: {fault.problem}" for fault in faults)) from None
