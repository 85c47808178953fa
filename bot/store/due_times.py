"""Cohorts by due time, for the SLA: hand-offs, first and repeated, whose due time fell in the window."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.stats.cohort import Due, Ending, Waiting
from bot.stats.query import Cohort, Dim
from bot.stats.sla import Late
from bot.store.cohorts import AGED, END, START, grouped, name_of, read, waits
from bot.store.engine import Tx
from bot.store.filters import chosen
from bot.store.outcomes import ANSWERED, AS_OF, CAUSE, NOT_VOID, OPEN, minutes
from bot.store.tables import handoffs


def due(tx: Tx, cohort: Cohort, as_of: datetime, by: Dim | None = None) -> list[Due]:
    """First and repeated hand-offs whose due time fell in the window, by whether they were answered by then."""
    row = _was_due(cohort, name_of(by, cohort), ANSWERED.label("answered"))
    return [Due(*found) for found in grouped(tx, row, cohort, as_of)]


def due_of_others(tx: Tx, cohort: Cohort, as_of: datetime) -> list[Due]:
    """The part of `due` that is over and was not offered in the window. Two statements, as an index serves each.

    Nothing has been offered after a window that is not over.
    """
    row = _was_due(cohort, name_of(None, cohort), ANSWERED.label("answered")).where(handoffs.c.due_at <= AS_OF)
    before, after = handoffs.c.offered_at < START, handoffs.c.offered_at >= END
    outside = [before, after] if cohort.window.end <= as_of else [before]
    return [Due(*found) for one in outside for found in grouped(tx, row.where(one), cohort, as_of)]


def answered(tx: Tx, cohort: Cohort, as_of: datetime, by: Dim | None = None) -> list[Ending]:
    """Those of `due` that are not open any more, as `endings` has them, in working minutes."""
    row = _was_due(cohort, name_of(by, cohort), CAUSE.label("cause"), minutes("working").label("minutes")).where(
        CAUSE.is_not(None)
    )
    return [Ending(*found) for found in grouped(tx, row, cohort, as_of)]


def overdue(tx: Tx, cohort: Cohort, as_of: datetime, by: Dim | None = None) -> list[Waiting]:
    """Those of `due` that are open beyond their due time, by the minute of the offer."""
    row = _was_due(cohort, name_of(by, cohort), *AGED).where(OPEN, handoffs.c.due_at <= AS_OF)
    return waits(grouped(tx, row, cohort, as_of))


def longest_overdue(tx: Tx, cohort: Cohort, as_of: datetime, most: int) -> list[Late]:
    """The same one by one, the one that was due first in front."""
    row = _was_due(cohort, handoffs.c.due_at, handoffs.c.owner, handoffs.c.tier).where(OPEN, handoffs.c.due_at <= AS_OF)
    ordered = row.order_by(handoffs.c.due_at, handoffs.c.id).limit(most)
    return [Late(*found) for found in read(tx, ordered, cohort, as_of)]


def _was_due(cohort: Cohort, *columns: Any) -> sa.Select[Any]:
    # The moments in selects of their own keep the database from weighing them: what is due in a window and was offered
    # before it is next to nothing, but for all it knows of either column it is half of the past, to be read by offers.
    at, (start, end) = handoffs.c.due_at, (sa.select(moment).scalar_subquery() for moment in (START, END))
    return sa.select(*columns).where(at >= start, at < end, handoffs.c.offered_at <= AS_OF, NOT_VOID, *chosen(cohort))
