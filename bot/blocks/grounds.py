"""The form behind "Why me, why then": what made the deadline, and the way on which each owner got the lead."""

from collections.abc import Iterator
from datetime import datetime
from textwrap import wrap

from bot.blocks.card import who
from bot.blocks.deadline_words import deadline_lines, left_line
from bot.blocks.drawing import Block
from bot.blocks.routing_words import NOT_KEPT, steps_lines
from bot.blocks.text import context, escape, name, paragraphs, plain_text, section, when
from bot.handoff.grounds import Grounds

MOST_LISTS = 8  # of owners' steps: Slack takes 250,000 bytes in all
LONGEST_LINE = 560  # escaping may make it five times as long
NO_DEADLINE = "Why it is due when it is was not kept."


def grounds_view(found: Grounds, now: datetime) -> Block:
    """The modal, as of `now` (UTC): a Close button, nothing to fill in."""
    title, close = plain_text("Why me, why then"), plain_text("Close")
    return {"type": "modal", "title": title, "close": close, "blocks": list(_blocks(found, now))}


def _blocks(found: Grounds, now: datetime) -> Iterator[Block]:
    yield section(f"*{who(found.lead)}*")
    told = deadline_lines(found.deadline) if found.deadline else [NO_DEADLINE]
    yield from paragraphs(["*Why then*", *_safe(told)])
    yield context(f"{when(now, 'As of')} · {escape(left_line(found, now), LONGEST_LINE)}")
    lists = [block for heading, lines in _owners(found) for block in paragraphs([f"*{heading}*", *_safe(lines)])]
    yield from lists[:MOST_LISTS]
    if len(lists) > MOST_LISTS:
        yield context("There is more: `baton lead` shows all of it.")


def _owners(found: Grounds) -> Iterator[tuple[str, list[str]]]:
    """The newest owner first: it is they who ask."""
    if not found.owners:
        yield "Why me", [NOT_KEPT]
    for place, one in enumerate(reversed(found.owners)):
        heading = "Why" if place == 0 else "Before that"
        yield f"{heading} {name(found.people, one.to)}, {when(one.at, 'since')}", steps_lines(one.trace, found.people)


def _safe(lines: list[str]) -> list[str]:
    return [escape(part, LONGEST_LINE) for line in lines for part in wrap(line, LONGEST_LINE)]
