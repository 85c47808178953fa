"""The story of a doubt: "Why this score" on a card opens every rule with what it came to, and what would change it.

Everybody whom the configuration knows may ask, of any hand-off whose card they still see.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from slack_bolt import Ack, App

from bot.answers.criteria import handoff_explained
from bot.blocks import ids
from bot.blocks.drawing import Block
from bot.blocks.why import view
from bot.handlers.clicks import Body, clicked
from bot.handoff.machine import Why
from bot.moves.carry import Click, excuse
from bot.slack import Slack, SlackFailure
from bot.store import policies
from bot.store.engine import Store

log = structlog.get_logger()


def register(app: App, store: Store, slack: Slack, now: Callable[[], datetime]) -> None:
    """One listener; the explanation is opened before the ack, while Slack's trigger lives."""

    @app.action(ids.WHY)
    def asked(ack: Ack, body: Body) -> None:
        click = clicked(body)
        found = _explanation(store, now(), click)
        failed = found if isinstance(found, Why) else _opened(slack, body["trigger_id"], found)
        if failed:
            excuse(store, now(), click, failed)
        ack()


def _explanation(store: Store, now: datetime, click: Click) -> Block | Why:
    with store.reading() as tx:
        if policies.current(tx).people.by_slack(click.user) is None:
            return Why.STRANGER
        explained = handoff_explained(tx, click.handoff, now)
    return view(explained) if explained else Why.UNKNOWN


def _opened(slack: Slack, trigger_id: str, shown: Block) -> Why | None:
    try:
        slack.open_view(trigger_id, shown)
    except SlackFailure as error:
        log.warning("explanation not opened", error=str(error))
        return Why.NO_FORM
    return None
