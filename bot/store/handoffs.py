"""Hand-offs in and out of their table. The only way to change one is `save`, against the version that was seen."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.clock.ladder import Step
from bot.criteria.assess import Assessment
from bot.handoff.states import Handoff, State
from bot.store import grounds
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
_IDS_OF_LEAD = (
    sa.select(handoffs.c.id)
    .where(handoffs.c.lead_id == sa.bindparam("lead"))
    .order_by(handoffs.c.imported, handoffs.c.number.desc())
)
_LAST_NUMBER = sa.select(sa.func.max(handoffs.c.number)).where(handoffs.c.lead_id == sa.bindparam("lead"))
_PREVIOUS = (
    sa.select(handoffs.c.id)
    .where(handoffs.c.lead_id == sa.bindparam("lead"))
    .order_by(handoffs.c.imported, handoffs.c.number.desc())
    .limit(1)
)
_DUE = (
    sa.select(*_COLUMNS)
    .where(handoffs.c.next_due_at <= sa.bindparam("now"), handoffs.c.next_due_at >= sa.bindparam("since"))
    .order_by(handoffs.c.next_due_at)
    .limit(sa.bindparam("most"))
)
_CLAIM = _DUE.with_for_update(skip_locked=True, key_share=True)
_CLAIM_OTHERS = _CLAIM.where(handoffs.c.id.not_in(sa.bindparam("besides", expanding=True)))
_TAKE_TURNS = sa.select(sa.func.pg_advisory_xact_lock(sa.literal(0x0FFE2)))
_HOLD_PERSON = sa.select(sa.func.pg_advisory_xact_lock(sa.literal(0x0FFE3), sa.func.hashtext(sa.bindparam("person"))))
_NUDGED = (
    sa.select(*_COLUMNS)
    .where(handoffs.c.nudge == sa.bindparam("nudge"))
    .order_by(handoffs.c.state != State.OFFERED.value, handoffs.c.due_at, handoffs.c.id)
    .limit(sa.bindparam("most"))
)
_COUNT_NUDGED = sa.select(sa.func.count()).where(
    handoffs.c.nudge == sa.bindparam("nudge"), handoffs.c.state == State.OFFERED.value
)


def get(tx: Tx, handoff_id: int) -> Handoff | None:
    """The hand-off as it stands."""
    row = tx.execute(_BY_ID, {"handoff_id": handoff_id}).one_or_none()
    return _read(row) if row else None


def newest_of_lead(tx: Tx, lead_id: int) -> Handoff | None:
    """The last hand-off of a lead; an imported one only where there is no other."""
    row = tx.execute(_OF_LEAD, {"lead": lead_id}).one_or_none()
    return _read(row) if row else None


def ids_of_lead(tx: Tx, lead_id: int) -> list[int]:
    """The hand-offs of a lead, the last one first; imported ones after all others."""
    return list(tx.execute(_IDS_OF_LEAD, {"lead": lead_id}).scalars())


def live_of_lead(tx: Tx, lead_id: int) -> Handoff | None:
    """The lead's hand-off that is under way, if there is one."""
    newest = newest_of_lead(tx, lead_id)
    return newest if newest and newest.live else None


def insert(
    tx: Tx,
    handoff: Handoff,
    assessment: Assessment | None,
    deadline: dict[str, Any] | None = None,
    routing: dict[str, Any] | None = None,
    *,
    facets: Mapping[str, Any] | None = None,
) -> Handoff:
    """Store a new hand-off, with why it is due when it is, why its owner got it, and what cohorts tell it apart by.

    Its id, number, link to the one before and first owner come from here, whatever the record says.
    """
    number = (tx.execute(_LAST_NUMBER, {"lead": handoff.lead_id}).scalar_one() or 0) + 1
    previous = tx.execute(_PREVIOUS, {"lead": handoff.lead_id}).scalar_one_or_none()
    row = {**_row(handoff), "number": number, "previous_id": previous, "version": 1, "first_owner": handoff.owner}
    del row["id"]
    new_id = tx.execute(sa.insert(handoffs).values(**row, facets=facets or None).returning(handoffs.c.id)).scalar_one()
    grounds.insert(tx, new_id, assessment, deadline, routing)
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


def hold_person(tx: Tx, person: str) -> None:
    """Until this transaction ends nobody else reminds this person (key), or finds them silent: both look back first."""
    if tx.dialect.name == "postgresql":
        tx.execute(_HOLD_PERSON, {"person": person})


def any_due(tx: Tx, now: datetime, since: datetime) -> bool:
    """Whether `claim_due` might find something; cheap enough to ask all the time."""
    return tx.execute(_DUE, {"now": now, "since": since, "most": 1}).first() is not None


def claim_due(tx: Tx, now: datetime, since: datetime, most: int, besides: Collection[int] = ()) -> list[Handoff]:
    """Hand-offs whose next step is due, the longest due first, and nobody else's until this transaction ends.

    What became due before `since` (UTC) is left out: what is done with leaves a trail in the index that costs time
    for as long as somebody, somewhere, keeps an old snapshot open. So are those of `besides` (ids), and what another
    transaction holds.
    """
    given = {"now": now, "since": since, "most": most}
    rows = tx.execute(_CLAIM_OTHERS, {**given, "besides": list(besides)}) if besides else tx.execute(_CLAIM, given)
    return [_read(row) for row in rows]


def of_nudge(tx: Tx, nudge: str, most: int) -> tuple[list[Handoff], int]:
    """What one direct message reminds of, open ones first and by due time; and how many of all those are open."""
    found = [_read(row) for row in tx.execute(_NUDGED, {"nudge": nudge, "most": most})]
    return found, tx.execute(_COUNT_NUDGED, {"nudge": nudge}).scalar_one()


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
