"""Leads and their signals: who is who, what is known, and what has been heard of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.lead import LEAD_FIELDS, Lead, Signal
from bot.store.engine import Tx
from bot.store.tables import identities, leads, signals


class Raced(Exception):
    """Somebody stored the same lead at the same moment: nothing is lost, run the transaction again."""


class Ambiguous(Exception):
    """The names of one lead belong to those with these `ids`: the sentence tells it to whoever sent the lead."""

    def __init__(self, ids: Sequence[int]) -> None:
        owners = " and ".join(map(str, ids))
        super().__init__(f"e-mail and external id belong to different leads, {owners}; expected those of one lead")


@dataclass(frozen=True, slots=True)
class StoredLead:
    """A lead with its id and its standing verdict."""

    id: int
    lead: Lead
    mql: bool


_FIELDS = sorted(LEAD_FIELDS)
_ONE = sa.select(leads).where(leads.c.id == sa.bindparam("lead_id"))
_BY_NAME = (
    sa.select(identities.c.lead_id)
    .distinct()
    .where(identities.c.name.in_(sa.bindparam("names", expanding=True)))
    .order_by(identities.c.lead_id)
)
_SIGNALS = (
    sa.select(signals.c.signal_id, signals.c.type, signals.c.at, signals.c.note, signals.c.received_at)
    .where(signals.c.lead_id == sa.bindparam("lead"))
    .order_by(signals.c.at, signals.c.id)
)
_SET_VERDICT = sa.update(leads).where(leads.c.id == sa.bindparam("lead_id")).values(mql=sa.bindparam("verdict"))


def get(tx: Tx, lead_id: int, *, lock: bool = False) -> StoredLead | None:
    """The lead, locked until the transaction ends if asked (PostgreSQL; SQLite has one writer anyway)."""
    row = tx.execute(_ONE.with_for_update() if lock else _ONE, {"lead_id": lead_id}).one_or_none()
    return from_row(row) if row else None


def find(tx: Tx, lead: Lead) -> int | None:
    """The id of the lead with one of these names. Raises `Ambiguous` where they belong to several."""
    ids = list(tx.execute(_BY_NAME, {"names": names(lead)}).scalars())
    if len(ids) > 1:
        raise Ambiguous(ids)
    return ids[0] if ids else None


def upsert(tx: Tx, lead: Lead, now: datetime) -> StoredLead:
    """Store what is known of a lead and lock it. What is newly said wins.

    Raises `Ambiguous`, and `Raced` when another transaction stores the same new lead.
    """
    lead_id = find(tx, lead)
    if lead_id is None:
        return _insert(tx, lead, now)
    standing = get(tx, lead_id, lock=True)
    if standing is None:
        raise Raced
    merged = merge(standing.lead, lead)
    if merged != standing.lead:
        tx.execute(sa.update(leads).where(leads.c.id == lead_id).values(**to_row(merged), updated_at=now))
    _claim_names(tx, lead, lead_id)
    return StoredLead(lead_id, merged, standing.mql)


def merge(weaker: Lead, stronger: Lead) -> Lead:
    """What both say of one lead; where both say something, `stronger` wins."""
    said = {name: value for name in _FIELDS if (value := getattr(stronger, name)) is not None}
    fields = {name: getattr(weaker, name) for name in _FIELDS} | said
    return Lead(**fields, attributes={**weaker.attributes, **stronger.attributes})


def to_row(lead: Lead) -> dict[str, Any]:
    """The columns that hold what is known of a lead."""
    return {**{name: getattr(lead, name) for name in _FIELDS}, "attributes": dict(lead.attributes)}


def from_row(row: sa.Row[Any]) -> StoredLead:
    """The lead that a whole row of the table holds."""
    fields = {name: getattr(row, name) for name in _FIELDS}
    return StoredLead(row.id, Lead(**fields, attributes=row.attributes), row.mql)


def names(lead: Lead) -> list[str]:
    """What the lead is known by: the keys of the identities table."""
    by_mail = [f"email:{lead.email.strip().lower()}"] if lead.email else []
    by_id = [f"id:{lead.origin}:{lead.external_id}"] if lead.origin and lead.external_id else []
    return by_mail + by_id


def add_signals(tx: Tx, lead_id: int, new: Sequence[Signal], now: datetime) -> int:
    """Store signals that are not there yet; how many were new."""
    if not new:
        return 0
    rows = [
        {"lead_id": lead_id, "signal_id": one.id, "type": one.type, "at": one.at, "note": one.note, "received_at": now}
        for one in {signal.id: signal for signal in reversed(new)}.values()
    ]
    statement = _insert_into(tx, signals).values(rows).on_conflict_do_nothing().returning(signals.c.id)
    return len(tx.execute(statement).all())


def signals_of(tx: Tx, lead_id: int) -> list[Signal]:
    """All signals of a lead, oldest first."""
    return [signal for signal, _ in arrivals_of(tx, lead_id)]


def arrivals_of(tx: Tx, lead_id: int) -> list[tuple[Signal, datetime]]:
    """All signals of a lead, oldest first, each with when it was received (UTC): maybe long after it happened."""
    return [(Signal(*row[:4]), row.received_at) for row in tx.execute(_SIGNALS, {"lead": lead_id})]


def set_verdict(tx: Tx, lead_id: int, mql: bool) -> None:
    """Remember the verdict, so that the next one can be told to be a crossing."""
    tx.execute(_SET_VERDICT, {"lead_id": lead_id, "verdict": mql})


def _insert(tx: Tx, lead: Lead, now: datetime) -> StoredLead:
    row = {**to_row(lead), "mql": False, "created_at": now, "updated_at": now}
    lead_id = tx.execute(sa.insert(leads).values(**row).returning(leads.c.id)).scalar_one()
    _claim_names(tx, lead, lead_id)
    return StoredLead(lead_id, lead, mql=False)


def _claim_names(tx: Tx, lead: Lead, lead_id: int) -> None:
    """Names are unique: if one went to another lead since `find` looked, this transaction starts over."""
    rows = [{"name": name, "lead_id": lead_id} for name in names(lead)]
    tx.execute(_insert_into(tx, identities).values(rows).on_conflict_do_nothing())
    if list(tx.execute(_BY_NAME, {"names": names(lead)}).scalars()) != [lead_id]:
        raise Raced


def _insert_into(tx: Tx, table: sa.Table) -> Any:
    return sqlite_insert(table) if tx.dialect.name == "sqlite" else pg_insert(table)
