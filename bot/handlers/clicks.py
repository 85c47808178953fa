"""A press of a card's button or menu, read out of what Slack sends, and the window it may open.

All stories that start with one begin here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.blocks import ids
from bot.blocks.drawing import Block
from bot.handoff.decision import Why
from bot.moves.carry import Click, excuse
from bot.slack import Slack, SlackFailure
from bot.store import policies
from bot.store.engine import Store

Body = dict[str, Any]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Desk:
    """What every story needs; `now` tells the time in UTC."""

    store: Store
    slack: Slack
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was pressed (one of `ids`), on which hand-off, by whom and where; `trigger` opens a window, once."""

    action: str
    click: Click
    trigger: str


def pressed(body: Body) -> Pressed:
    """A button by its id, an entry of the menu by the id in its value."""
    given = body["actions"][0]
    action, value = given["action_id"], str(given.get("value", ""))
    if action == ids.MORE:
        action, _, value = str(given["selected_option"]["value"]).rpartition(":")
    return Pressed(action, Click(number(value), body["user"]["id"], body["channel"]["id"]), body["trigger_id"])


def number(value: str) -> int:
    """The id that a button holds. A value that is none (an old or forged button) is nobody's: 0."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0


def show(desk: Desk, press: Pressed, view: Block) -> None:
    """Open a window, before the ack, while Slack's trigger lives. Where that fails the person is told."""
    if not opened(desk.slack, press.trigger, view):
        excuse(desk.store, desk.now(), press.click, Why.NO_FORM)


def opened(slack: Slack, trigger: str, view: Block) -> bool:
    """Whether Slack has opened the window."""
    try:
        slack.open_view(trigger, view)
    except SlackFailure as error:
        log.warning("window not opened", error=str(error))
        return False
    return True


def links(slack: Slack, cards: Mapping[int, tuple[str, str]]) -> Mapping[int, str]:
    """The ways to cards, given by channel and ts; none where Slack does not say how they begin."""
    try:
        return {handoff: slack.link(*card) for handoff, card in cards.items()}
    except SlackFailure as error:
        log.warning("no links to cards", error=str(error))
        return {}


def key_of(store: Store, slack: str) -> str | None:
    """The key of the person with this Slack id; None for somebody Baton was never told of."""
    with store.reading() as tx:
        person = policies.current(tx).people.by_slack(slack)
    return person.key if person else None
