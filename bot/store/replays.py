"""Leads with all they ever did, in batches: what a replay reads. Nothing is written here."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.lead import Lead, Signal
from bot.store.engine import Tx
from bot.store.leads import from_row
from bot.store.tables import leads, signals

BATCH = 500

_END = sa.bindparam("end", type_=signals.c.at.type)
_HEARD = sa.exists().where(
    signals.c.lead_id == leads.c.id,
    signals.c.at >= sa.bindparam("start", type_=signals.c.at.type),
    signals.c.at <= _END,
)
_COUNT = sa.select(sa.func.count()).select_from(leads).where(_HEARD)
_NEXT = (
    sa.select(leads).where(leads.c.id > sa.bindparam("after"), _HEARD).order_by(leads.c.id).limit(sa.bindparam("most"))
)
_SIGNALS = (
    sa.select(signals.c.lead_id, signals.c.signal_id, signals.c.type, signals.c.at, signals.c.note, signals.c.value)
    .where(signals.c.lead_id.in_(sa.bindparam("leads", expanding=True)), signals.c.at <= _END)
    .order_by(signals.c.lead_id, signals.c.at, signals.c.id)
)


def count(tx: Tx, start: datetime, end: datetime) -> int:
    """How many leads have a signal from `start` up to and including `end` (UTC)."""
    return tx.execute(_COUNT, {"start": start, "end": end}).scalar_one()


def heard(
    tx: Tx, start: datetime, end: datetime, most: int = BATCH
) -> Iterator[Sequence[tuple[int, Lead, list[Signal]]]]:
    """Those leads by id, up to `most` at a time, each with every signal it had up to `end`, oldest first."""
    after = 0
    while rows := tx.execute(_NEXT, {"start": start, "end": end, "after": after, "most": most}).all():
        found = [from_row(row) for row in rows]
        after = found[-1].id
        theirs = _signals(tx, [one.id for one in found], end)
        yield [(one.id, one.lead, theirs[one.id]) for one in found]


def _signals(tx: Tx, ids: Sequence[int], end: datetime) -> dict[int, list[Signal]]:
    found: dict[int, list[Signal]] = defaultdict(list)
    for lead_id, *signal in tx.execute(_SIGNALS, {"leads": ids, "end": end}):
        found[lead_id].append(Signal(*signal))
    return found
