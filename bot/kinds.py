"""Every kind of message, in one table: how what it shows is loaded, and which builder draws it.

A new kind of message is one loader here, one builder in blocks, and whoever wants it. Delivery is the only reader.
"""

from collections.abc import Callable

from bot.answers.campaign import campaign_month
from bot.answers.case import case
from bot.blocks import changes, feedback, ladder
from bot.blocks.card import card
from bot.blocks.drawing import Drawing
from bot.blocks.refused import refused
from bot.handoff.case import Case
from bot.handoff.machine import Why
from bot.handoff.notices import campaign_of, handoff_of
from bot.slack import Permanent, Slack
from bot.store import messages
from bot.store.engine import Tx
from bot.store.messages import ANSWER, Message

Draw = Callable[[Slack], Drawing]
"""The second half of drawing: everything is loaded, no transaction is open, Slack may be asked for a link."""

Load = Callable[[Tx, Message], Draw]


def _of_case(build: Callable[[Case], Drawing]) -> Load:
    def load(tx: Tx, message: Message) -> Draw:
        loaded = _case(tx, message)
        return lambda _: build(loaded)

    return load


def _reminder(tx: Tx, message: Message) -> Draw:
    loaded = _case(tx, message)
    address = messages.address(tx, message.subject, "card")
    return lambda slack: ladder.reminder(loaded, _link(slack, *address) if address else None)


def _raised(tx: Tx, message: Message) -> Draw:
    loaded = _case(tx, message)
    return lambda _: changes.raised(loaded, message.occurrence)


def _thread(tx: Tx, message: Message) -> Draw:
    campaign, month = campaign_of(message.subject)
    counts = campaign_month(tx, campaign, month)
    return lambda _: feedback.thread(campaign, month, counts)


def _answer(tx: Tx, message: Message) -> Draw:
    loaded = case(tx, message.detail["handoff"])
    return lambda _: refused(Why(message.detail["why"]), loaded)


KINDS: dict[str, Load] = {
    "card": _of_case(card),
    "reminder": _reminder,
    "escalation": _of_case(ladder.escalation),
    "expiry": _of_case(ladder.expiry),
    "raised": _raised,
    "withdrawn": _of_case(changes.barred),
    "thread": _thread,
    "feedback": _of_case(feedback.reply),
    ANSWER: _answer,
}


def _link(slack: Slack, channel: str, ts: str) -> str | None:
    """The card's link; None once somebody has deleted the card: a reminder without one is better than none."""
    try:
        return slack.permalink(channel, ts)
    except Permanent:
        return None


def _case(tx: Tx, message: Message) -> Case:
    found = case(tx, handoff_of(message.subject))
    if found is None:
        raise LookupError(f"message {message.id}: {message.subject} does not exist")
    return found
