"""Named queues: where leads and hand-offs stand that no rep has. Each entry says why, and is left once."""

from datetime import datetime

import sqlalchemy as sa

from bot.handoff.filters import URGENT
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


def heads(tx: Tx, queues: list[Queue], most: int) -> list[Entry]:
    """The longest waiting entry of each reason in `queues`, then the second of each, and so on."""
    place = sa.func.row_number().over(
        partition_by=[queue_entries.c.queue, queue_entries.c.reason], order_by=queue_entries.c.id
    )
    ranked = sa.select(queue_entries, place.label("place")).where(queue_entries.c.queue.in_(queues), _OPEN).subquery()
    query = sa.select(*(ranked.c[column.name] for column in _COLUMNS)).order_by(ranked.c.place, ranked.c.id)
    return [Entry(*row) for row in tx.execute(query.limit(most))]


def next_in_round(tx: Tx, queues: list[Queue], after: int, most: int) -> list[Entry]:
    """Open entries of `queues` in the order of their leads, from the one behind the lead `after` (id) on."""
    behind = (queue_entries.c.lead_id > after) & queue_entries.c.queue.in_(queues) & _OPEN
    query = sa.select(*_COLUMNS).where(behind).order_by(queue_entries.c.lead_id)
    return [Entry(*row) for row in tx.execute(query.limit(most))]


def counts(tx: Tx) -> dict[Queue, int]:
    """How many stand in each queue; queues in which nobody stands are left out."""
    query = sa.select(queue_entries.c.queue, sa.func.count()).where(_OPEN).group_by(queue_entries.c.queue)
    return {row[0]: row[1] for row in tx.execute(query.order_by(queue_entries.c.queue))}


def urgent(tx: Tx) -> int:
    """How many urgent leads stand in `overflow` because everybody has as many leads as they take."""
    full = (queue_entries.c.queue == "overflow") & queue_entries.c.reason.endswith(URGENT)
    return tx.execute(sa.select(sa.func.count()).where(full, _OPEN)).scalar_one()


def summary(tx: Tx, queue: Queue, most: int) -> tuple[int, datetime | None, list[str]]:
    """How many stand in a queue, since when the first of them (UTC), and the `most` frequent reasons."""
    here = (queue_entries.c.queue == queue) & _OPEN
    count, since = tx.execute(sa.select(sa.func.count(), sa.func.min(queue_entries.c.entered_at)).where(here)).one()
    often = sa.select(queue_entries.c.reason).where(here).group_by(queue_entries.c.reason)
    reasons = tx.execute(often.order_by(sa.func.count().desc(), queue_entries.c.reason).limit(most)).scalars()
    return count, since, list(reasons)


def of_lead(tx: Tx, lead_id: int) -> list[Entry]:
    """The open entries of one lead."""
    query = sa.select(*_COLUMNS).where(queue_entries.c.lead_id == lead_id, _OPEN).order_by(queue_entries.c.id)
    return [Entry(*row) for row in tx.execute(query)]
