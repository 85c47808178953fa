"""What no other story answers: a link button's echo, and buttons nobody knows any more. Never a dead button."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from slack_bolt import Ack, App

from bot.blocks import ids
from bot.handoff.decision import Why
from bot.moves.carry import Click, excuse
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
            excuse(store, now(), Click(0, body["user"]["id"], channel), Why.UNKNOWN)
        ack()
