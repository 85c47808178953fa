"""The story of a decision in Slack: every button of a card, and every entry of its menu.

Each click is one move, then the ack. Bolt sends the response only when the listener is done, so an acknowledged click
is a committed one.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial

from slack_bolt import Ack, App

from bot.blocks import ids
from bot.handlers import reason_forms, reassign, why
from bot.handlers.clicks import Body, Desk, Pressed, pressed
from bot.handoff.decision import Why
from bot.moves.carry import Click, Outcome, excuse
from bot.moves.decisions import accept, snooze, undo
from bot.moves.hand_on import claim
from bot.moves.take import take
from bot.store.engine import Store

Move = Callable[[Store, datetime, Click], Outcome]
Story = Callable[[Desk, Pressed], None]

MOVES: dict[str, Move] = {
    ids.ACCEPT: accept,
    ids.UNDO: undo,
    ids.TAKE: take,
    ids.CLAIM: claim,
    **{f"{ids.SNOOZE}_{minutes}": partial(snooze, minutes=minutes) for minutes in ids.SNOOZES},
}
"""What takes one click."""

WINDOWS: dict[str, Story] = {
    ids.REJECT: reason_forms.ask_to_reject,
    ids.NOT_MINE: reason_forms.ask_to_pass_on,
    ids.REASSIGN: reassign.ask,
    ids.WHY: why.explain_score,
    ids.GROUNDS: why.explain_grounds,
}
"""What opens a window."""


def register(app: App, desk: Desk) -> None:
    """One listener for all of them: each further one costs every click."""

    @app.action(re.compile(f"^({'|'.join([*MOVES, *WINDOWS, ids.MORE])})$"))
    def clicked(ack: Ack, body: Body) -> None:
        press = pressed(body)
        if press.action in MOVES:
            MOVES[press.action](desk.store, desk.now(), press.click)
        else:
            WINDOWS.get(press.action, _unknown)(desk, press)
        ack()


def _unknown(desk: Desk, press: Pressed) -> None:
    """An entry of a menu of last year."""
    excuse(desk.store, desk.now(), press.click, Why.UNKNOWN)
