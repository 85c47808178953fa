"""Why a hand-off is what it is: its assessments, why it is due when it is, and why each of its owners got it.

Large, and read one hand-off at a time, by the buttons of its card and by `baton lead`: hence a table of its own, or
every figure of `/funnel` would have to read past it.
"""

from typing import Any

import sqlalchemy as sa

from bot.criteria.assess import Assessment
from bot.store.engine import Tx
from bot.store.tables import grounds

_OF = grounds.c.handoff_id == sa.bindparam("of")
_ASSESSMENTS = sa.select(grounds.c.assessment, grounds.c.reassessed).where(_OF)
_DEADLINE = sa.select(grounds.c.deadline).where(_OF)
_ROUTINGS = sa.select(grounds.c.routings).where(_OF)


def insert(
    tx: Tx,
    handoff_id: int,
    assessment: Assessment | None,
    deadline: dict[str, Any] | None,
    routing: dict[str, Any] | None,
) -> None:
    """Keep them with a new hand-off."""
    told = assessment.to_dict() if assessment else None
    routings = [routing] if routing else None
    tx.execute(
        sa.insert(grounds).inline().values(handoff_id=handoff_id, assessment=told, deadline=deadline, routings=routings)
    )


def assessment(tx: Tx, handoff_id: int) -> Assessment | None:
    """The hand-off's newest assessment. None where there is none, or where an older Baton wrote it otherwise."""
    offered, since = _assessments(tx, handoff_id)
    return since or offered


def offered_with(tx: Tx, handoff_id: int) -> Assessment | None:
    """The assessment the hand-off was offered with; None as above."""
    return _assessments(tx, handoff_id)[0]


def reassess(tx: Tx, handoff_id: int, assessment: Assessment) -> None:
    """Keep a newer assessment with the hand-off, beside the one it was offered with."""
    _change(tx, handoff_id, reassessed=assessment.to_dict())


def deadline(tx: Tx, handoff_id: int) -> dict[str, Any] | None:
    """Why it is due when it is, as it was written; None where that was not kept."""
    return tx.execute(_DEADLINE, {"of": handoff_id}).scalar_one_or_none()


def routings(tx: Tx, handoff_id: int) -> list[dict[str, Any]]:
    """Why each of its owners got it, in order, as it was written."""
    return tx.execute(_ROUTINGS, {"of": handoff_id}).scalar_one_or_none() or []


def add_routing(tx: Tx, handoff_id: int, routing: dict[str, Any]) -> None:
    """Keep why its new owner got it."""
    _change(tx, handoff_id, routings=[*routings(tx, handoff_id), routing])


def _change(tx: Tx, handoff_id: int, **values: Any) -> None:
    """A hand-off that came without grounds gets some."""
    if not tx.execute(sa.update(grounds).where(grounds.c.handoff_id == handoff_id).values(values)).rowcount:
        tx.execute(sa.insert(grounds).inline().values(handoff_id=handoff_id, **values))


def _assessments(tx: Tx, handoff_id: int) -> tuple[Assessment | None, Assessment | None]:
    row = tx.execute(_ASSESSMENTS, {"of": handoff_id}).one_or_none()
    return (_assessment(row[0]), _assessment(row[1])) if row else (None, None)


def _assessment(stored: dict[str, Any] | None) -> Assessment | None:
    try:
        return Assessment.from_dict(stored) if stored else None
    except (KeyError, TypeError, ValueError):
        return None
