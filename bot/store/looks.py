"""Which types of blocks this workspace's Slack takes, as last tried: an older one refuses a whole message for one.

Times are real ones: what Slack takes does not change because a demo moves its clock on.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.store.engine import Tx, insert_into
from bot.store.staff_tables import looks

AGAIN = timedelta(days=30)
"""How long a refusal counts: new blocks come to workspaces one by one."""


def known(tx: Tx, now: datetime) -> dict[str, bool]:
    """Whether it takes blocks of a type at `now` (UTC), of those types that have been tried; old refusals left out."""
    counts = looks.c.taken | (looks.c.since > now - AGAIN)
    return {row.block: row.taken for row in tx.execute(sa.select(looks.c.block, looks.c.taken).where(counts))}


def taken(tx: Tx, types: Collection[str], now: datetime) -> None:
    """Slack showed a message with blocks of these types."""
    _remember(tx, types, True, now)


def refused(tx: Tx, types: Collection[str], now: datetime) -> None:
    """Slack refused a message for blocks of these types."""
    _remember(tx, types, False, now)


def _remember(tx: Tx, types: Collection[str], whether: bool, now: datetime) -> None:
    """What is known already is not written again, but for a refusal that has been forgotten."""
    if not types:
        return
    rows = [{"block": one, "taken": whether, "since": now} for one in sorted(set(types))]
    new = insert_into(looks, tx.dialect.name).values(rows)
    values = {"taken": new.excluded.taken, "since": new.excluded.since}
    news = looks.c.taken != whether
    if not whether:
        news |= looks.c.since <= now - AGAIN
    tx.execute(new.on_conflict_do_update(index_elements=["block"], set_=values, where=news))
