"""Who is away, in and out of the table. An absence is ended, never deleted."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.handoff.absence import Absence
from bot.lead import Leave
from bot.store.engine import Tx
from bot.store.staff_tables import absences

_COLUMNS = [absences.c[name] for name in ("id", "person", "first", "last", "label", "by", "began_at", "ended_at")]
_OPEN = absences.c.ended_at.is_(None)
_AT = sa.bindparam("at", type_=absences.c.began_at.type)
_KNOWN = (
    sa.select(*_COLUMNS)
    .where(absences.c.person == sa.bindparam("person"), absences.c.began_at <= _AT, _OPEN | (absences.c.ended_at > _AT))
    .order_by(absences.c.first, absences.c.id)
)


def standing(tx: Tx, people: Collection[str] | None = None) -> list[Absence]:
    """The absences, past ones too, that nobody has ended: of `people` (keys), or of everybody."""
    query = sa.select(*_COLUMNS).where(_OPEN).order_by(absences.c.first, absences.c.id)
    of_these = query if people is None else query.where(absences.c.person.in_(people))
    return [_absence(row) for row in tx.execute(of_these)]


def known(tx: Tx, person: str, at: datetime) -> list[Absence]:
    """The absences of a person (key) that stood `at` a moment (UTC), whatever has become of them since."""
    return [_absence(row) for row in tx.execute(_KNOWN, {"person": person, "at": at})]


def get(tx: Tx, absence_id: int) -> Absence | None:
    """One absence, ended or not."""
    row = tx.execute(sa.select(*_COLUMNS).where(absences.c.id == absence_id)).one_or_none()
    return _absence(row) if row else None


def newest(tx: Tx) -> int:
    """The number of the newest absence; 0 where there is none."""
    return tx.execute(sa.select(sa.func.max(absences.c.id))).scalar_one() or 0


def last_ended(tx: Tx, person: str) -> datetime | None:
    """When somebody last came back (UTC)."""
    query = sa.select(absences.c.ended_at).where(absences.c.person == person, ~_OPEN)
    return tx.execute(query.order_by(absences.c.ended_at.desc()).limit(1)).scalar_one_or_none()


def begin(tx: Tx, person: str, leave: Leave, by: str | None, now: datetime) -> Absence:
    """Somebody is away, as they say or, without a `by`, as Baton found."""
    values = {"person": person, "by": by, "began_at": now}
    days = {"first": leave.first, "last": leave.last, "label": leave.label}
    insert = sa.insert(absences).values(**values, **days).returning(absences.c.id)
    return Absence(tx.execute(insert).scalar_one(), person, leave, by, now)


def end(tx: Tx, which: Sequence[Absence], by: str | None, now: datetime) -> None:
    """Somebody is back from these, or will not leave at all."""
    where = absences.c.id.in_([one.id for one in which])
    tx.execute(sa.update(absences).where(where).values(ended_at=now, ended_by=by))


def _absence(row: sa.Row[Any]) -> Absence:
    leave = Leave(row.first, row.last, row.label)
    return Absence(row.id, row.person, leave, row.by, row.began_at, row.ended_at)
