"""What a builder hands over: a message's blocks, and a `text` that says the same to whoever cannot see them."""

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One message. `text` reads as a whole: screen readers and notifications use it alone."""

    text: str
    blocks: list[Block]


def plain(drawing: Drawing) -> Drawing:
    """The same in the simplest blocks there are, for when Slack refuses the others: text, and the buttons."""
    words: Block = {"type": "section", "text": {"type": "mrkdwn", "text": drawing.text[:2900]}}
    return Drawing(drawing.text, [words, *(block for block in drawing.blocks if block["type"] == "actions")])
