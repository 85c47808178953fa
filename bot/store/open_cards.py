"""What is open, all of it, counted and in order. Read-only: `handoffs` has the rows."""

from datetime import datetime

import sqlalchemy as sa

from bot.handoff.states import State
from bot.store.engine import Tx
from bot.store.tables import handoffs

# Spelled as the partial index spells it.
_OPEN = (handoffs.c.state == sa.literal_column(f"'{State.OFFERED.value}'")) & ~handoffs.c.imported
_LATE = sa.case((handoffs.c.due_at <= sa.bindparam("now"), 1), else_=0)
_COUNTS = sa.select(handoffs.c.tier, sa.func.count(), sa.func.sum(_LATE)).where(_OPEN).group_by(handoffs.c.tier)
_FIRST = sa.select(handoffs.c.id).where(_OPEN).order_by(handoffs.c.due_at, handoffs.c.id).limit(sa.bindparam("most"))


def counts(tx: Tx, now: datetime) -> dict[str | None, tuple[int, int]]:
    """How many are open in each tier, and how many of them overdue at `now` (UTC)."""
    return {row[0]: (row[1], row[2]) for row in tx.execute(_COUNTS, {"now": now})}


def first(tx: Tx, tier: str | None, most: int) -> list[int]:
    """The ids of those of a tier that are due first."""
    return list(tx.execute(_FIRST.where(handoffs.c.tier == tier), {"most": most}).scalars())
