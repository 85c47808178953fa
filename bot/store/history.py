"""The append-only account of what happened. Rows are written in the transaction that made them true."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from bot.handoff.events import Event, Kind
from bot.store.engine import Tx
from bot.store.tables import history

_INSERT = sa.insert(history).inline()
_OF_HANDOFF = (
    sa.select(history.c.kind, history.c.at, history.c.by, history.c.detail)
    .where(history.c.handoff_id == sa.bindparam("handoff"))
    .order_by(history.c.id)
)
_OF_LEAD = sa.select(history).where(history.c.lead_id == sa.bindparam("lead"))
_NEWEST = _OF_LEAD.order_by(history.c.id.desc()).limit(sa.bindparam("most"))
_COUNT = sa.select(sa.func.count()).where(history.c.lead_id == sa.bindparam("lead"))


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a lead, and of one of its hand-offs where it belongs to one."""

    event: Event
    lead_id: int
    handoff_id: int | None


def append(tx: Tx, events: Iterable[Event], lead_id: int, handoff_id: int | None = None) -> None:
    """Write `events` of one lead, and of one of its hand-offs where they belong to one."""
    write(tx, [Happened(event, lead_id, handoff_id) for event in events])


def write(tx: Tx, happened: Iterable[Happened]) -> None:
    """Write what happened to any number of leads, in this order."""
    rows = [
        {
            "at": one.event.at,
            "kind": one.event.kind.value,
            "lead_id": one.lead_id,
            "handoff_id": one.handoff_id,
            "by": one.event.by,
            "detail": dict(one.event.detail),
        }
        for one in happened
    ]
    if rows:
        tx.execute(_INSERT, rows if len(rows) > 1 else rows[0])  # nearly always one, and a list of one costs more


def of_handoff(tx: Tx, handoff_id: int) -> list[Event]:
    """Everything that happened to a hand-off, in order."""
    rows = tx.execute(_OF_HANDOFF, {"handoff": handoff_id})
    return [Event(Kind(row.kind), row.at, row.by, row.detail) for row in rows]


def of_lead(tx: Tx, lead_id: int, most: int) -> tuple[list[Happened], int]:
    """The newest `most` things that happened to a lead and its hand-offs, in order; and how many came before those."""
    rows = tx.execute(_NEWEST, {"lead": lead_id, "most": most}).all()
    told = [
        Happened(Event(Kind(row.kind), row.at, row.by, row.detail), lead_id, row.handoff_id) for row in reversed(rows)
    ]
    before = tx.execute(_COUNT, {"lead": lead_id}).scalar_one() - len(told) if len(told) == most else 0
    return told, before
