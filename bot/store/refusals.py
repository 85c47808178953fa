"""Who did not want a lead, or did not answer: routing never offers it to them again, and silence in a row tells.

Read out of hand-offs and history; nothing is counted beside them.
"""

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

from bot.handoff.events import UNANSWERED, Kind
from bot.handoff.states import State
from bot.store.engine import Tx
from bot.store.tables import handoffs, history

LATE = timedelta(minutes=5)
"""A lead that expires later than this after its time has waited for a worker, and perhaps for more than that."""

_ENDED = (
    sa.select(handoffs.c.state, handoffs.c.owner, handoffs.c.decided_by)
    .add_columns(handoffs.c.expired_at, handoffs.c.breached_by, handoffs.c.steps)
    .where(handoffs.c.lead_id == sa.bindparam("lead"))
    .where(handoffs.c.state.in_([State.REJECTED.value, State.EXPIRED.value]))
)
_LATELY = (
    sa.select(handoffs.c.decided_by, handoffs.c.decided_at, handoffs.c.expired_at)
    .add_columns(handoffs.c.breached_by, handoffs.c.steps)
    .where(handoffs.c.owner == sa.bindparam("person"), handoffs.c.owner_since > sa.bindparam("since"))
    .where(handoffs.c.state != State.OFFERED.value, ~handoffs.c.imported)
    .order_by(handoffs.c.owner_since.desc())
    .limit(20)
)
_MOVED = (
    sa.select(history.c.kind, history.c.by, history.c.detail)
    .where(history.c.lead_id == sa.bindparam("lead"))
    .where(history.c.kind.in_([Kind.REROUTED.value, Kind.REASSIGNED.value]))
    .order_by(history.c.id)
)


def of_lead(tx: Tx, lead_id: int) -> dict[str, str]:
    """Why not, in words, by person's key. Whom the manager moved a lead away from has refused nothing."""
    found: dict[str, str] = {}
    for row in tx.execute(_MOVED, {"lead": lead_id}):
        if row.kind == Kind.REROUTED.value:
            found[row.detail["from"]] = "passed this lead on"
        elif row.by is None and row.detail["why"] == UNANSWERED:  # whoever was away has not refused it
            found[row.detail["from"]] = "did not answer this lead in time"
    for ended in tx.execute(_ENDED, {"lead": lead_id}):
        if ended.state == State.REJECTED.value:
            found |= dict.fromkeys(filter(None, (ended.owner, ended.decided_by)), "turned this lead down")
        elif ended.owner and _is_silence(ended, ended.owner):
            found[ended.owner] = "let this lead expire"
    return found


def silent_in_a_row(tx: Tx, person: str, since: datetime | None) -> int:
    """How many of the last leads that somebody (key) got after `since` (UTC) they let expire, up to their last answer.

    What others decided for them says nothing; nor does silence on what they got when it was overdue already, or while
    nobody minded the clock.
    """
    found = tx.execute(_LATELY, {"person": person, "since": since or datetime.min.replace(tzinfo=UTC)}).all()
    own = [row for row in found if _is_silence(row, person) or (row.decided_by == person)]
    newest = sorted(own, key=lambda row: row.expired_at or row.decided_at, reverse=True)
    return sum(1 for _ in takewhile(lambda row: row.expired_at is not None, newest))


def _is_silence(row: sa.Row[Any], person: str) -> bool:
    """Whether a lead expired by their fault: overdue under them, and not because nobody minded the clock."""
    if row.expired_at is None or row.breached_by != person:
        return False
    end = datetime.fromisoformat(row.steps[-1][0])
    return bool(row.expired_at - end <= LATE)
