"""What no other story answers: a link button's echo, and buttons nobody knows any more. Never a dead button."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from slack_bolt import Ack, App

from bot.blocks import ids
from bot.handoff.machine import Why
from bot.store import messages
from bot.store.engine import Store

log = structlog.get_logger()


def register(app: App, store: Store, now: Callable[[], datetime]) -> None:
    """Registered last: Bolt takes the first listener that matches."""

    @app.action(ids.OPEN_CARD)
    def opened(ack: Ack) -> None:
        ack()

    @app.action(re.compile(""))
    def unknown(ack: Ack, body: dict[str, Any]) -> None:
        action = body["actions"][0]["action_id"]
        log.warning("unknown button", action=action)
        channel = body.get("channel", {}).get("id")
        if channel:
            with store.transaction() as tx:
                messages.answer(tx, body["user"]["id"], channel, {"why": Why.UNKNOWN.value, "handoff": 0}, now())
        ack()
