"""Things an operator turns on and off while Baton runs. So far one: `paused`, which holds all new cards back."""

from datetime import datetime

import sqlalchemy as sa

from bot.store.engine import Tx
from bot.store.tables import switches

PAUSED = "paused"

_GET = sa.select(switches.c.reason).where(switches.c.name == sa.bindparam("switch"))


def why_on(tx: Tx, name: str) -> str | None:
    """The reason given when the switch was turned on; None while it is off."""
    return tx.execute(_GET, {"switch": name}).scalar_one_or_none()


def turn_on(tx: Tx, name: str, reason: str, now: datetime) -> None:
    """Turn a switch on, or give it a new reason."""
    turn_off(tx, name)
    tx.execute(sa.insert(switches).values(name=name, reason=reason, set_at=now))


def turn_off(tx: Tx, name: str) -> bool:
    """Turn a switch off; whether it was on."""
    return tx.execute(sa.delete(switches).where(switches.c.name == name)).rowcount == 1
