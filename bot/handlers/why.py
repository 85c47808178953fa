"""The story of a doubt: "Why this score" opens every rule with what it came to, "Why me, why then" how it was routed.

Everybody whom the configuration knows may ask, of any hand-off whose card they still see.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot.answers.criteria import handoff_explained
from bot.answers.grounds import grounds
from bot.blocks.drawing import Block
from bot.blocks.grounds import grounds_view
from bot.blocks.why import view
from bot.handlers.clicks import Desk, Pressed, show
from bot.handoff.decision import Why
from bot.moves.carry import excuse
from bot.store import policies
from bot.store.engine import Tx

Found = TypeVar("Found")


def explain_score(desk: Desk, press: Pressed) -> None:
    """Open what the score is made of."""
    _explain(desk, press, handoff_explained, view)


def explain_grounds(desk: Desk, press: Pressed) -> None:
    """Open why it is due then, and why its owners got it."""
    _explain(desk, press, grounds, lambda found: grounds_view(found, desk.now()))


def _explain(
    desk: Desk, press: Pressed, find: Callable[[Tx, int, datetime], Found | None], draw: Callable[[Found], Block]
) -> None:
    with desk.store.reading() as tx:
        known = policies.current(tx).people.by_slack(press.click.user) is not None
        found = find(tx, press.click.handoff, desk.now()) if known else None
    if found is None:
        excuse(desk.store, desk.now(), press.click, Why.UNKNOWN if known else Why.STRANGER)
    else:
        show(desk, press, draw(found))
