"""Named queues: where leads and hand-offs stand that no rep has. Each entry says why, and is left once."""

from datetime import datetime

import sqlalchemy as sa

from bot.handoff.routing import Entry, Queue
from bot.store.engine import Tx
from bot.store.tables import queue_entries

_OPEN = queue_entries.c.left_at.is_(None)
_COLUMNS = [queue_entries.c[name] for name in ("queue", "lead_id", "handoff_id", "reason", "entered_at")]


def enter(tx: Tx, entry: Entry) -> bool:
    """Put a lead into a queue; False if it stands there already: then for this reason from now on."""
    standing = (queue_entries.c.lead_id == entry.lead_id) & (queue_entries.c.queue == entry.queue) & _OPEN
    if tx.execute(sa.update(queue_entries).where(standing).values(reason=entry.reason)).rowcount:
        return False
    tx.execute(
        sa.insert(queue_entries).values(
            queue=entry.queue,
            lead_id=entry.lead_id,
            handoff_id=entry.handoff_id,
            reason=entry.reason,
            entered_at=entry.entered_at,
        )
    )
    return True


def leave(tx: Tx, lead_id: int, now: datetime, why: str) -> list[Queue]:
    """Close all open entries of a lead; the queues it left."""
    of_lead = (queue_entries.c.lead_id == lead_id) & _OPEN
    left = list(tx.execute(sa.select(queue_entries.c.queue).where(of_lead)).scalars())
    if left:
        tx.execute(sa.update(queue_entries).where(of_lead).values(left_at=now, left_why=why))
    return left


def waiting(tx: Tx, queues: list[Queue], most: int) -> list[Entry]:
    """Open entries of `queues`, the longest waiting first."""
    query = (
        sa.select(*_COLUMNS).where(queue_entries.c.queue.in_(queues), _OPEN).order_by(queue_entries.c.id).limit(most)
    )
    return [Entry(*row) for row in tx.execute(query)]


def counts(tx: Tx) -> dict[Queue, int]:
    """How many stand in each queue; queues in which nobody stands are left out."""
    query = sa.select(queue_entries.c.queue, sa.func.count()).where(_OPEN).group_by(queue_entries.c.queue)
    return {row[0]: row[1] for row in tx.execute(query.order_by(queue_entries.c.queue))}


def of_lead(tx: Tx, lead_id: int) -> list[Entry]:
    """The open entries of one lead."""
    query = sa.select(*_COLUMNS).where(queue_entries.c.lead_id == lead_id, _OPEN).order_by(queue_entries.c.id)
    return [Entry(*row) for row in tx.execute(query)]
