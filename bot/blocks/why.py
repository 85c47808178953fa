"""The form behind "Why this score": every rule with what it came to, and what would change it."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from bot.blocks.card import who
from bot.blocks.drawing import Block
from bot.blocks.explained_words import Row, lists, verdict
from bot.blocks.outlook_words import outlook
from bot.blocks.text import context, escape, paragraphs, plain_text, section, when
from bot.criteria.explain import Explanation
from bot.handoff.explained import HandoffExplained

MOST_LISTS = 8  # blocks of rules, each full of characters of many bytes: Slack takes 250,000 bytes in all
LONGEST_LINE = 560  # escaping may make it five times as long
NONE_KEPT = "No assessment is kept for this hand-off: it comes from another system, or from an older Baton."


def view(explained: HandoffExplained) -> Block:
    """The modal: title "Why this score", a Close button, nothing to fill in.

    A hand-off without an assessment (imported, or of an older Baton) gets a sentence that says so.
    """
    title, close = plain_text("Why this score"), plain_text("Close")
    return {"type": "modal", "title": title, "close": close, "blocks": list(_blocks(explained))}


def _blocks(explained: HandoffExplained) -> Iterator[Block]:
    yield section(f"*{who(explained.lead)}*")
    if explained.shown:
        yield from _shown(explained, explained.shown)
    else:
        yield section(NONE_KEPT)
    yield from _today(explained)


def _shown(explained: HandoffExplained, shown: Explanation) -> Iterator[Block]:
    found = shown.assessment
    yield section(f"*{escape(verdict(found), LONGEST_LINE)}*")
    judged = f"{when(found.at, 'Judged')}, ages as of then · criteria `{escape(found.criteria, 20)}`"
    yield context(f"{judged}{_offered(explained)}")
    rules = [block for heading, rows in lists(shown) for block in _list(heading, rows)]
    yield from rules[:MOST_LISTS]
    if len(rules) > MOST_LISTS:
        yield context("There are more rules: `baton criteria explain` shows all of them.")


def _offered(explained: HandoffExplained) -> str:
    """What it was at the offer, where that is not what the card shows now."""
    before, now = explained.offered, explained.shown
    if before is None or now is None or before.at == now.assessment.at:
        return ""
    return f" · when it was offered: {escape(verdict(before), LONGEST_LINE)}"


def _today(explained: HandoffExplained) -> Iterator[Block]:
    """What would change it as of now, for whoever still works on the lead."""
    today, shown = explained.today, explained.shown
    if today is None:
        return
    lines = [escape(sentence, LONGEST_LINE) for sentence in outlook(today)]
    if shown is None or verdict(today.assessment) != verdict(shown.assessment):
        lines.insert(0, f"Judged anew it is {escape(verdict(today.assessment), LONGEST_LINE)}.")
    if lines:
        yield from paragraphs([f"*What would change it, {when(today.assessment.at, 'as of')}*", *lines])


def _list(heading: str, rows: Iterable[Row]) -> Iterator[Block]:
    words = (" ".join(filter(None, row)) for row in rows)
    lines = [escape(part, LONGEST_LINE) for line in words for part in wrap(line, LONGEST_LINE)]
    if lines:
        yield from paragraphs([f"*{escape(heading, LONGEST_LINE)}*", *lines])
