"""A press of a card's button, read out of what Slack sends. All stories that start with one begin here."""

from typing import Any

from bot.moves.carry import Click

Body = dict[str, Any]


def clicked(body: Body) -> Click:
    """Who pressed which hand-off, where. A value that is no id (an old or forged button) is no hand-off."""
    value = str(body["actions"][0].get("value", ""))
    handoff = int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0
    return Click(handoff, body["user"]["id"], body["channel"]["id"])
