"""Hand-offs in and out of their table. The only way to change one is `save`, against the version that was seen."""

from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.clock.ladder import Step
from bot.criteria.assess import Assessment
from bot.handoff.states import Handoff, State
from bot.store.engine import Tx
from bot.store.tables import handoffs

_FIELDS = [field.name for field in fields(Handoff)]
_COLUMNS = [handoffs.c[name] for name in _FIELDS]
_BY_ID = sa.select(*_COLUMNS).where(handoffs.c.id == sa.bindparam("handoff_id"))
# What an import brings late may carry the higher number: Baton's own hand-off comes first.
_OF_LEAD = (
    sa.select(*_COLUMNS)
    .where(handoffs.c.lead_id == sa.bindparam("lead"))
    .order_by(handoffs.c.imported, handoffs.c.number.desc())
    .limit(1)
)
_LAST_NUMBER = sa.select(sa.func.max(handoffs.c.number)).where(handoffs.c.lead_id == sa.bindparam("lead"))
_PREVIOUS = (
    sa.select(handoffs.c.id)
    .where(handoffs.c.lead_id == sa.bindparam("lead"))
    .order_by(handoffs.c.imported, handoffs.c.number.desc())
    .limit(1)
)
_DUE = (
    sa.select(handoffs.c.id)
    .where(handoffs.c.next_due_at <= sa.bindparam("now"))
    .order_by(handoffs.c.next_due_at)
    .limit(sa.bindparam("most"))
)
_TAKE_TURNS = sa.select(sa.func.pg_advisory_xact_lock(sa.literal(0x0FFE2)))
_ASSESSMENTS = sa.select(handoffs.c.assessment, handoffs.c.reassessed).where(
    handoffs.c.id == sa.bindparam("handoff_id")
)
_REASSESS = (
    sa.update(handoffs).where(handoffs.c.id == sa.bindparam("handoff_id")).values(reassessed=sa.bindparam("newest"))
)
_LAST_OFFERS = (
    sa.select(handoffs.c.owner, sa.func.max(handoffs.c.offered_at))
    .where(handoffs.c.owner.in_(sa.bindparam("owners", expanding=True)), ~handoffs.c.imported)
    .group_by(handoffs.c.owner)
)


def get(tx: Tx, handoff_id: int) -> Handoff | None:
    """The hand-off as it stands."""
    row = tx.execute(_BY_ID, {"handoff_id": handoff_id}).one_or_none()
    return _read(row) if row else None


def newest_of_lead(tx: Tx, lead_id: int) -> Handoff | None:
    """The last hand-off of a lead; an imported one only where there is no other."""
    row = tx.execute(_OF_LEAD, {"lead": lead_id}).one_or_none()
    return _read(row) if row else None


def live_of_lead(tx: Tx, lead_id: int) -> Handoff | None:
    """The lead's hand-off that is under way, if there is one."""
    newest = newest_of_lead(tx, lead_id)
    return newest if newest and newest.live else None


def insert(tx: Tx, handoff: Handoff, assessment: Assessment | None) -> Handoff:
    """Store a new hand-off; its id, number and link to the one before come from here, whatever the record says."""
    number = (tx.execute(_LAST_NUMBER, {"lead": handoff.lead_id}).scalar_one() or 0) + 1
    previous = tx.execute(_PREVIOUS, {"lead": handoff.lead_id}).scalar_one_or_none()
    row = {**_row(handoff), "number": number, "previous_id": previous, "version": 1}
    del row["id"]
    new_id = tx.execute(
        sa.insert(handoffs)
        .values(**row, assessment=assessment.to_dict() if assessment else None)
        .returning(handoffs.c.id)
    ).scalar_one()
    if previous is not None:
        tx.execute(sa.update(handoffs).where(handoffs.c.id == previous).values(next_id=new_id))
    stored = get(tx, new_id)
    assert stored is not None  # noqa: S101 - it was inserted two lines above
    return stored


def save(tx: Tx, seen: Handoff, becomes: Handoff) -> bool:
    """Write what has changed, over the version that was seen. False if somebody was faster: nothing was written."""
    before, after = _row(seen), _row(becomes)
    changed = {name: value for name, value in after.items() if value != before[name]}
    return tx.execute(_save(*changed), {**changed, "seen_id": seen.id, "seen_version": seen.version}).rowcount == 1


@cache
def _save(*names: str) -> sa.Update:
    """Built once for each set of columns, of which moves know few. A column left out costs no time and no index."""
    return (
        sa.update(handoffs)
        .where(handoffs.c.id == sa.bindparam("seen_id"), handoffs.c.version == sa.bindparam("seen_version"))
        .values({**{name: sa.bindparam(name) for name in names}, "version": handoffs.c.version + 1})
    )


def take_turns(tx: Tx) -> None:
    """Hold back every other offer until this transaction ends: the cap and whose turn it is are read, then used."""
    if tx.dialect.name == "postgresql":  # SQLite has one writer anyway
        tx.execute(_TAKE_TURNS)


def due(tx: Tx, now: datetime, most: int) -> list[int]:
    """Ids of hand-offs whose next step is due, oldest first."""
    return list(tx.execute(_DUE, {"now": now, "most": most}).scalars())


def assessment(tx: Tx, handoff_id: int) -> Assessment | None:
    """The hand-off's newest assessment. None where there is none, or where an older Baton wrote it otherwise."""
    offered, since = _assessments(tx, handoff_id)
    return since or offered


def offered_with(tx: Tx, handoff_id: int) -> Assessment | None:
    """The assessment the hand-off was offered with; None as above."""
    return _assessments(tx, handoff_id)[0]


def reassess(tx: Tx, handoff_id: int, assessment: Assessment) -> None:
    """Keep a newer assessment with the hand-off, beside the one it was offered with."""
    tx.execute(_REASSESS, {"handoff_id": handoff_id, "newest": assessment.to_dict()})


def last_offers(tx: Tx, owners: list[str]) -> dict[str, datetime]:
    """When each of `owners` was last offered a lead (UTC)."""
    return {row[0]: row[1] for row in tx.execute(_LAST_OFFERS, {"owners": owners})}


def _assessments(tx: Tx, handoff_id: int) -> tuple[Assessment | None, Assessment | None]:
    row = tx.execute(_ASSESSMENTS, {"handoff_id": handoff_id}).one_or_none()
    return (_assessment(row[0]), _assessment(row[1])) if row else (None, None)


def _assessment(stored: dict[str, Any] | None) -> Assessment | None:
    try:
        return Assessment.from_dict(stored) if stored else None
    except (KeyError, TypeError, ValueError):
        return None


def _row(handoff: Handoff) -> dict[str, Any]:
    row = {name: getattr(handoff, name) for name in _FIELDS}
    row["state"] = handoff.state.value
    row["steps"] = [[step.at.isoformat(), step.step] for step in handoff.steps]
    row["next_due_at"] = handoff.next_due_at
    return row


def _read(row: sa.Row[Any]) -> Handoff:
    values = dict(row._mapping)
    values["state"] = State(values["state"])
    values["steps"] = tuple(Step(datetime.fromisoformat(at), step) for at, step in values["steps"])
    return Handoff(**values)
