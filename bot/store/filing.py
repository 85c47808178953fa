"""The leads of a batch, found or stored with a few statements for all, and what is on file about each.

Says for many leads what leads.py says for one; only history import calls it. Rows are locked and written in the order
of their keys, so that two imports at once wait for each other and never in a circle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.handoff.events import Event, Kind
from bot.handoff.states import LIVE
from bot.lead import Lead
from bot.store.engine import Tx
from bot.store.leads import Ambiguous, Raced, from_row, merge, names, owners_of, to_row
from bot.store.tables import handoffs, history, identities, leads, queue_entries

QUEUE = "imported"

_THESE: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_LOCK = sa.select(leads).where(leads.c.id.in_(_THESE)).order_by(leads.c.id).with_for_update(key_share=True)
# Rows come back in any order and are told apart by what they hold: asked to keep the order, SQLite inserts one by one.
_ADD_LEADS = sa.insert(leads).returning(leads.c.id, leads.c.email, leads.c.origin, leads.c.external_id)
_FILL_LEAD = sa.update(leads).where(leads.c.id == sa.bindparam("lead"))
_OF_HANDOFF = [handoffs.c[name] for name in ("lead_id", "id", "number", "imported", "state")]
_HANDOFFS = sa.select(*_OF_HANDOFF).where(handoffs.c.lead_id.in_(_THESE))
_RECORDED = (
    sa.select(history.c.lead_id, history.c.at, history.c.by, history.c.detail)
    .where(history.c.lead_id.in_(_THESE), history.c.kind == Kind.RECORDED.value)
    .order_by(history.c.id)
)
_WAITING = sa.select(queue_entries.c.lead_id, queue_entries.c.handoff_id).where(
    queue_entries.c.lead_id.in_(_THESE), queue_entries.c.queue == QUEUE, queue_entries.c.left_at.is_(None)
)


@dataclass(slots=True)
class Filed:
    """A lead and what is stored about its imported hand-off. `number` is the highest of all its hand-offs.

    `live`: it is in sales' hands. `mql`: its own verdict. `waits`: it stands in queue `imported`, and `waits_for` this
    hand-off if it is not there because it crossed.
    """

    lead: Lead
    id: int = 0
    mql: bool = False
    handoff_id: int | None = None
    number: int = 0
    live: bool = False
    waits: bool = False
    waits_for: int | None = None
    said: list[Event] = field(default_factory=list)


def file_leads(tx: Tx, told: Sequence[Lead], now: datetime) -> list[Filed | Ambiguous]:
    """Store and lock these leads; what stands wins over what is told. One `Filed` per lead, shared by its doubles.

    In place of a lead whose names belong to several stands why. Raises `Raced` when another transaction stores the
    same.
    """
    wanted = sorted({name for lead in told for name in names(lead)})
    owners = owners_of(tx, wanted)
    standing = _locked(tx, sorted(set(owners.values())))
    by_name = {name: standing[lead_id] for name, lead_id in owners.items()}
    before = {lead_id: filed.lead for lead_id, filed in standing.items()}
    found = [_file(lead, by_name) for lead in told]
    _add_leads(tx, by_name, now)
    _fill_leads(tx, [filed for lead_id, filed in standing.items() if filed.lead != before[lead_id]], now)
    _claim(tx, {name: filed.id for name, filed in by_name.items() if name not in owners})
    return [
        these[0] if len(these) == 1 else Ambiguous({name: by_name[name].id for name in names(lead)})
        for lead, these in zip(told, found, strict=True)
    ]


def lean(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """New rows without the columns that none of them fills: most of them, and each costs time per row."""
    used = {key for row in rows for key, value in row.items() if value is not None}
    return [{key: value for key, value in row.items() if key in used} for row in rows]


def _locked(tx: Tx, ids: Sequence[int]) -> dict[int, Filed]:
    """These leads with all that is stored about their imported hand-offs."""
    stored = [from_row(row) for row in tx.execute(_LOCK, {"ids": ids})]
    found = {one.id: Filed(one.lead, one.id, one.mql) for one in stored}
    if len(found) < len(ids):
        raise Raced
    for lead_id, handoff_id, number, imported, state in tx.execute(_HANDOFFS, {"ids": ids}):
        filed = found[lead_id]
        filed.number = max(filed.number, number)
        filed.handoff_id = handoff_id if imported else filed.handoff_id
        filed.live = filed.live or (state in LIVE and not imported)
    for lead_id, at, by, detail in tx.execute(_RECORDED, {"ids": ids}):
        found[lead_id].said.append(Event(Kind.RECORDED, at, by, detail))
    for lead_id, handoff_id in tx.execute(_WAITING, {"ids": ids}):
        found[lead_id].waits, found[lead_id].waits_for = True, handoff_id
    return found


def _file(lead: Lead, by_name: dict[str, Filed]) -> list[Filed]:
    """Whose names these are: one, or several. A new lead is noted under its names, so that the next row finds it."""
    known = {id(by_name[name]): by_name[name] for name in names(lead) if name in by_name}
    owners = list(known.values()) or [Filed(lead)]
    if len(owners) == 1:
        owners[0].lead = merge(lead, owners[0].lead)
        by_name.update(dict.fromkeys(names(lead), owners[0]))
    return owners


def _add_leads(tx: Tx, by_name: Mapping[str, Filed], now: datetime) -> None:
    new = {id(filed): filed.lead for filed in by_name.values() if not filed.id}
    rows = [{**to_row(lead), "mql": False, "created_at": now, "updated_at": now} for lead in new.values()]
    for row in tx.execute(_ADD_LEADS, lean(rows)) if rows else ():
        by_name[names(Lead(row.email, row.origin, row.external_id))[0]].id = row.id


def _fill_leads(tx: Tx, changed: Sequence[Filed], now: datetime) -> None:
    rows = [to_row(one.lead) | {"updated_at": now, "lead": one.id} for one in changed]
    if rows:
        tx.execute(_FILL_LEAD, rows)


def _claim(tx: Tx, new: Mapping[str, int]) -> None:
    """Names are unique: if one went to another lead since they were looked up, this transaction starts over."""
    rows = [{"name": name, "lead_id": new[name]} for name in sorted(new)]
    try:
        if rows:
            tx.execute(sa.insert(identities), rows)
    except sa.exc.IntegrityError:
        raise Raced from None
