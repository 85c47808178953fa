"""`baton lead`: all that is known of one lead, and why each of its hand-offs went as it did."""

import json
from typing import Annotated

import typer

from bot.answers.story import story
from bot.blocks.story_json import story_json
from bot.blocks.story_text import story_text
from bot.cli.shared import Complaint, find_lead, now, opened


def lead(
    asked: Annotated[str, typer.Argument(metavar="ID", help="A lead's number or e-mail address, or handoff:12.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Who it is, where it stands, its deadlines and owners with their reasons, and what happened."""
    at = now()
    with opened() as store, store.reading() as tx:
        lead_id = find_lead(tx, asked)
        found = story(tx, lead_id, at) if lead_id else None
    if found is None:
        raise Complaint(f"ID: got {asked!r}, expected a lead's number or e-mail address, or handoff: and its number")
    typer.echo(json.dumps(story_json(found, at), indent=2, ensure_ascii=False) if as_json else story_text(found, at))
