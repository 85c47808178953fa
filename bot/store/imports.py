"""Hand-offs and queue entries of a whole batch with one statement each, for history import.

Says for many what handoffs.py and queues.py say for one; the leads are found and locked in filing.py.
`moves.record` relies on it, and the doors for files on `keep_once`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.handoff.events import Event, Kind
from bot.handoff.imported import Standing
from bot.store.columns import UtcDateTime
from bot.store.dead_letters import DeadLetter, keep
from bot.store.engine import Tx
from bot.store.filing import QUEUE, lean
from bot.store.tables import dead_letters, handoffs, history, queue_entries

_COLUMNS = [column.name for column in fields(Standing)]
_THESE: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)

_ADD_HANDOFFS = sa.insert(handoffs).returning(handoffs.c.lead_id, handoffs.c.id)
_CHANGE_HANDOFF = (
    sa.update(handoffs)
    .where(handoffs.c.id == sa.bindparam("handoff"))
    .values({name: sa.bindparam(f"new_{name}") for name in [*_COLUMNS, "first_owner"]})
    .values(version=handoffs.c.version + 1)
)
_KEPT = sa.select(handoffs.c.id, handoffs.c.facets, handoffs.c.took_wall, handoffs.c.took_working).where(
    handoffs.c.id.in_(_THESE)
)
_KEEP = (
    sa.update(handoffs)
    .where(handoffs.c.id == sa.bindparam("handoff"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("facets", "took_wall", "took_working")})
)
_NOW = sa.bindparam("now", type_=UtcDateTime)
_ENTER = sa.insert(queue_entries).from_select(
    ["queue", "reason", "entered_at", "lead_id", "handoff_id"],
    sa.select(sa.literal(QUEUE), sa.bindparam("why", type_=sa.Text), _NOW, handoffs.c.lead_id, handoffs.c.id).where(
        handoffs.c.id.in_(_THESE)
    ),
)
_MOVED = sa.insert(history).from_select(
    ["at", "kind", "detail", "lead_id", "handoff_id"],
    sa.select(
        _NOW,
        sa.bindparam("kind", type_=sa.Text),
        sa.bindparam("detail", type_=sa.JSON),
        handoffs.c.lead_id,
        handoffs.c.id,
    ).where(handoffs.c.id.in_(_THESE)),
)
_LEAVE = (
    sa.update(queue_entries)
    .where(
        queue_entries.c.lead_id.in_(sa.select(handoffs.c.lead_id).where(handoffs.c.id.in_(_THESE))),
        queue_entries.c.queue == QUEUE,
        queue_entries.c.left_at.is_(None),
    )
    .values(left_at=_NOW, left_why=sa.bindparam("why", type_=sa.Text))
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What an imported hand-off has beside what its account decides: its facets, and how long it was open, in seconds.

    As those of a hand-off of Baton's own; its owner is its first one.
    """

    facets: Mapping[str, str | int] | None = None
    took_wall: int | None = None
    took_working: int | None = None


@dataclass(frozen=True, slots=True)
class New:
    """An imported hand-off to be stored."""

    lead_id: int
    number: int
    policy: str
    standing: Standing
    kept: Kept


def add_handoffs(tx: Tx, new: Sequence[New]) -> dict[int, int]:
    """Store imported hand-offs, one per lead, without clock and card: {lead id: hand-off id}."""
    fixed = {"version": 1, "imported": True, "steps": [], "step": 0}
    rows = [
        {
            **fixed,
            **_row(one.standing),
            **asdict(one.kept),
            "lead_id": one.lead_id,
            "number": one.number,
            "policy": one.policy,
        }
        for one in new
    ]
    return {row.lead_id: row.id for row in tx.execute(_ADD_HANDOFFS, lean(rows))} if rows else {}


def change_handoffs(tx: Tx, changed: Mapping[int, Standing]) -> None:
    """Write what imported hand-offs have become, by id. Their leads are locked, so nobody else does."""
    rows = [{"handoff": key, **_row(changed[key], "new_")} for key in sorted(changed)]
    if rows:
        tx.execute(_CHANGE_HANDOFF, rows)


def kept(tx: Tx, handoff_ids: Sequence[int]) -> dict[int, Kept]:
    """What these imported hand-offs have beside their accounts, by id."""
    found = tx.execute(_KEPT, {"ids": handoff_ids}) if handoff_ids else ()
    return {row.id: Kept(row.facets, row.took_wall, row.took_working) for row in found}


def change_kept(tx: Tx, changed: Mapping[int, Kept]) -> None:
    """Write what imported hand-offs have beside their accounts, by id."""
    rows = [
        {"handoff": key, **{f"new_{name}": told for name, told in asdict(changed[key]).items()}}
        for key in sorted(changed)
    ]
    if rows:
        tx.execute(_KEEP, rows)


def enter(tx: Tx, handoff_ids: Sequence[int], reason: str, now: datetime) -> None:
    """Put the leads of these hand-offs into queue `imported`, and say so in the history."""
    _move(tx, _ENTER, handoff_ids, reason, Event(Kind.QUEUED, now, detail={"queue": QUEUE, "reason": reason}))


def leave(tx: Tx, handoff_ids: Sequence[int], why: str, now: datetime) -> None:
    """Take the leads of these hand-offs out of queue `imported`, and say so in the history."""
    _move(tx, _LEAVE, handoff_ids, why, Event(Kind.LEFT_QUEUE, now, detail={"queue": QUEUE, "why": why}))


def keep_once(tx: Tx, letters: Sequence[DeadLetter]) -> None:
    """Store refused rows, but for those that an earlier reading of the same file has left behind."""
    if not letters:
        return
    known = sa.select(dead_letters.c.door, dead_letters.c.position, dead_letters.c.body).where(
        dead_letters.c.position.in_({letter.position for letter in letters})
    )
    kept = {tuple(row) for row in tx.execute(known)}
    keep(tx, [letter for letter in letters if (letter.door, letter.position, letter.body) not in kept])


def _row(standing: Standing, prefix: str = "") -> dict[str, Any]:
    known = {name: getattr(standing, name) for name in _COLUMNS}
    known |= {"state": standing.state.value, "first_owner": standing.owner}
    return {f"{prefix}{name}": told for name, told in known.items()}


def _move(tx: Tx, statement: sa.Executable, handoff_ids: Sequence[int], why: str, event: Event) -> None:
    if handoff_ids:
        tx.execute(statement, {"ids": handoff_ids, "why": why, "now": event.at})
        told = {"kind": event.kind.value, "detail": dict(event.detail)}
        tx.execute(_MOVED, {"ids": handoff_ids, "now": event.at, **told})
