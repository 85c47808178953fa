"""What a builder hands over: a message's blocks, and a `text` that says the same to whoever cannot see them."""

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One message. `text` reads as a whole: screen readers and notifications use it alone.

    `plainer` is the same in blocks that more workspaces take, for when Slack refuses these.
    """

    text: str
    blocks: list[Block]
    plainer: "Drawing | None" = None


def mrkdwn(text: str) -> Block:
    """A text with marks of formatting, mentions and dates.

    Slack makes links of nothing else in it (https://docs.slack.dev/reference/block-kit/composition-objects/text-object,
    `verbatim`): an address that a stranger gave as their company is not to be clicked.
    """
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def simpler(drawing: Drawing) -> Drawing | None:
    """The same in simpler blocks, for when Slack refuses these; None where there are none."""
    found = drawing.plainer or plain(drawing)
    return found if found.blocks != drawing.blocks else None


def plain(drawing: Drawing) -> Drawing:
    """The same in the simplest blocks there are: text, and the buttons."""
    words: Block = {"type": "section", "text": mrkdwn(drawing.text[:2900])}
    return Drawing(drawing.text, [words, *(block for block in drawing.blocks if block["type"] == "actions")])
