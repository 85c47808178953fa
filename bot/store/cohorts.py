"""Cohorts counted by the database: hand-offs offered in a window, as things stood on the as-of date.

Grouping happens in SQL, so that an answer costs no memory per hand-off. outcomes.py says what had become of one by
then, dimensions.py and filters.py have what they are grouped and chosen by. due_times.py counts by due time, and
overview.py reads the overview at one go.

Everywhere `as_of` is UTC and itself included, and rows are of first hand-offs, unless said otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.stats.cohort import Counts, Ending, Later, Outcome, Stratum, Tally, Waiting, counts
from bot.stats.onward import Goal
from bot.stats.period import Period
from bot.stats.query import Clock, Cohort, Dim, Window
from bot.store.dimensions import minute_of, named, of_dim
from bot.store.engine import Tx
from bot.store.filters import chosen
from bot.store.outcomes import (
    ACCEPTED,
    AGED_BY,
    AS_OF,
    CAUSE,
    NOT_VOID,
    OPEN,
    OUTCOME,
    QUALIFIED_AT,
    fate,
    hours_to,
    minutes,
)
from bot.store.tables import handoffs, history

TICK = timedelta(microseconds=1)
FIRST = handoffs.c.number == 1
START, END = (sa.bindparam(name, type_=handoffs.c.offered_at.type) for name in ("start", "end"))
PASSED_ON = handoffs.c.id.in_(
    sa.select(history.c.handoff_id).where(history.c.kind == "rerouted", history.c.at >= START, history.c.at <= AS_OF)
)
"""That it was passed on as not theirs by somebody, at least once."""


def tallies(tx: Tx, cohort: Cohort, as_of: datetime, by: Dim | None = None) -> list[Tally]:
    """By outcome, by reason of rejection, and by a dimension."""
    return _tallied(tx, cohort, as_of, by, FIRST)


def repeats(tx: Tx, cohort: Cohort, as_of: datetime) -> Counts:
    """Hand-offs in the window of leads that had been offered before."""
    return counts(_tallied(tx, cohort, as_of, None, ~FIRST))


def strata(
    tx: Tx,
    cohort: Cohort,
    as_of: datetime,
    by: Dim,
    within: tuple[Dim, ...],
    *,
    before: Mapping[str | None, datetime] | None = None,
) -> list[Stratum]:
    """By outcome, by a dimension, and `within` it by further ones.

    With `before` only those that were offered to somebody (key) before a moment (UTC); None: to everybody else.
    """
    kinds = [of_dim(dim, cohort.touch).label(f"within_{place}") for place, dim in enumerate(within)]
    row = offered(cohort, name_of(by, cohort), OUTCOME.label("outcome"), *kinds).where(FIRST)
    if before:
        row = row.where(_offered_before(before))
    return [
        Stratum(name, tuple(values), Outcome(outcome), n)
        for name, outcome, *values, n in grouped(tx, row, cohort, as_of)
    ]


def endings(tx: Tx, cohort: Cohort, as_of: datetime, clock: Clock, by: Dim | None = None) -> list[Ending]:
    """Those that are not open any more, by how they ended and how many minutes that took."""
    columns = name_of(by, cohort), CAUSE.label("cause"), minutes(clock).label("minutes")
    row = offered(cohort, *columns).where(FIRST, CAUSE.is_not(None))
    return [Ending(*found) for found in grouped(tx, row, cohort, as_of)]


def waiting(tx: Tx, cohort: Cohort, as_of: datetime, old: datetime, by: Dim | None = None) -> list[Waiting]:
    """Those that are open: the ones offered before `old` (UTC) in one, younger ones by their minute."""
    young = handoffs.c.offered_at >= sa.bindparam("old", old, type_=handoffs.c.offered_at.type)
    parts = (sa.case((young, column)).label(column.name) for column in AGED)
    row = offered(cohort, name_of(by, cohort), *parts).where(FIRST, OPEN)
    return waits(grouped(tx, row, cohort, as_of))


def oldest(tx: Tx, cohort: Cohort, as_of: datetime, most: int) -> list[Waiting]:
    """Those that were offered first, one by one, open or not; void ones left out."""
    columns = handoffs.c.offered_at, handoffs.c.first_owner, AGED_BY
    row = offered(cohort, *columns).where(FIRST, NOT_VOID).order_by(handoffs.c.offered_at, handoffs.c.id).limit(most)
    return [Waiting("", since, owner, tier, n=1) for since, owner, tier in read(tx, row, cohort, as_of)]


def eldest(tx: Tx, cohort: Cohort, as_of: datetime, most: int) -> list[Waiting]:
    """The same of each owner and tier: on working clocks the oldest of all are among these."""
    at, owner = handoffs.c.offered_at, handoffs.c.first_owner
    place = sa.func.row_number().over(partition_by=(owner, AGED_BY), order_by=(at, handoffs.c.id)).label("place")
    row = offered(cohort, at.label("since"), owner.label("owner"), AGED_BY, place).where(FIRST, NOT_VOID).subquery()
    few = sa.select(row.c.since, row.c.owner, row.c.tier).where(row.c.place <= most)
    return [Waiting("", since, owner, tier, n=1) for since, owner, tier in read(tx, few, cohort, as_of)]


def newest(tx: Tx, cohort: Cohort, as_of: datetime) -> datetime | None:
    """When the last hand-off, first or repeated, was offered that passes the filters, in the window or before it."""
    at = handoffs.c.offered_at
    row = sa.select(at).where(at < END, at <= AS_OF, *chosen(cohort)).order_by(at.desc()).limit(1)
    return next((found for (found,) in read(tx, row, cohort, as_of)), None)


def accepts(tx: Tx, cohort: Cohort, as_of: datetime, most: int) -> list[datetime]:
    """The first dates on which one was accepted. What is dated before its own offer is none."""
    at = handoffs.c.accepted_at
    row = offered(cohort, at).where(FIRST, ACCEPTED, at <= AS_OF, at >= handoffs.c.offered_at)
    some = [found for (found,) in read(tx, row.order_by(handoffs.c.offered_at).limit(most), cohort, as_of)]
    if len(some) < most:
        return sorted(some)
    # As many were accepted by `last`: so no other one of the first was offered later. This spares most of the window.
    last = max(some) + TICK
    early = replace(cohort, window=replace(cohort.window, end=min(cohort.window.end, last)))
    return [found for (found,) in read(tx, row.order_by(at).limit(most), early, as_of)]


def later(tx: Tx, cohort: Cohort, as_of: datetime) -> list[Later]:
    """Those that were accepted, by what became of them on the way to SQL and after how many hours."""
    row = _onward(cohort, "sql", handoffs.c.accepted_at).where(ACCEPTED)
    return [Later(*found) for found in grouped(tx, row, cohort, as_of)]


def onward(tx: Tx, cohort: Cohort, as_of: datetime, goal: Goal) -> list[Later]:
    """All but void ones, by whether they have come to `goal` and so many hours after the offer."""
    row = _onward(cohort, goal, handoffs.c.offered_at).where(NOT_VOID)
    return [Later(*found) for found in grouped(tx, row, cohort, as_of)]


def period(tx: Tx, cohort: Cohort, as_of: datetime, by: Dim | None = None) -> list[Period]:
    """What happened in the window, by the dates of events, whenever they were offered; void ones left out."""
    dated = [
        sa.func.coalesce(sa.and_(column >= START, column < END, column <= AS_OF), sa.false())
        for column in (handoffs.c.offered_at, handoffs.c.accepted_at, QUALIFIED_AT)
    ]
    undated = dated[0] & ACCEPTED & handoffs.c.accepted_at.is_(None)
    parts = [sa.func.sum(sa.case((one, 1), else_=0)) for one in (*dated, undated)]
    name = name_of(by, cohort)
    row = sa.select(name, *parts).where(
        handoffs.c.offered_at <= AS_OF, sa.or_(*dated), FIRST, NOT_VOID, *chosen(cohort)
    )
    return [Period(*found) for found in read(tx, row.group_by(name), cohort, as_of)]


def rerouted(tx: Tx, cohort: Cohort, as_of: datetime) -> int:
    """How many but void ones were passed on."""
    row = offered(cohort, sa.func.count()).where(FIRST, NOT_VOID, PASSED_ON)
    found: int = tx.execute(row, values_of(cohort.window, as_of)).scalar_one()
    return found


def moved(tx: Tx, cohort: Cohort, as_of: datetime) -> dict[str, int]:
    """For each owner, how many but void ones were offered to somebody else."""
    row = offered(cohort, name_of("rep", cohort)).where(FIRST, NOT_VOID, handoffs.c.owner != handoffs.c.first_owner)
    return dict(grouped(tx, row, cohort, as_of))


def values(tx: Tx, dim: Dim, cohort: Cohort, as_of: datetime) -> list[str]:
    """What a dimension came to, of first hand-offs and repeated ones, in order."""
    name = name_of(dim, cohort)
    row = offered(cohort, name).distinct().order_by(name)
    return [found for (found,) in read(tx, row, cohort, as_of)]


def offered(cohort: Cohort, *columns: Any) -> sa.Select[Any]:
    """These columns of the hand-offs, first and repeated, that were offered in the window and pass the filters."""
    at = handoffs.c.offered_at
    return sa.select(*columns).where(at >= START, at < END, at <= AS_OF, *chosen(cohort))


def name_of(by: Dim | None, cohort: Cohort) -> sa.Label[Any]:
    """The name of a hand-off's group; without a dimension all are in one."""
    return (of_dim(by, cohort.touch) if by else sa.literal("")).label("name")


def _offered_before(moments: Mapping[str | None, datetime]) -> sa.ColumnElement[bool]:
    owners: dict[datetime, list[str]] = {}
    for key, moment in moments.items():
        owners.setdefault(moment, []).extend([key] if key else [])
    at = handoffs.c.offered_at
    whens = [(handoffs.c.first_owner.in_(keys), at < moment) for moment, keys in owners.items() if keys]
    rest = at < moments[None]
    return sa.case(*whens, else_=rest) if whens else rest


AGED = (minute_of(handoffs.c.offered_at).label("since"), handoffs.c.first_owner, AGED_BY)


def _tallied(tx: Tx, cohort: Cohort, as_of: datetime, by: Dim | None, which: Any) -> list[Tally]:
    columns = name_of(by, cohort), OUTCOME.label("outcome"), named(handoffs.c.reason).label("code")
    row = offered(cohort, *columns).where(which).subquery()
    reason = sa.case((row.c.outcome == Outcome.REJECTED.value, row.c.code)).label("reason")
    found = grouped(tx, sa.select(row.c.name, row.c.outcome, reason), cohort, as_of)
    return [Tally(name, Outcome(outcome), reason, n) for name, outcome, reason, n in found]


def _onward(cohort: Cohort, goal: Goal, since: sa.Column[Any]) -> sa.Select[Any]:
    return offered(cohort, name_of(None, cohort), fate(goal).label("fate"), hours_to(goal, since).label("hours")).where(
        FIRST
    )


def waits(rows: Iterable[Any]) -> list[Waiting]:
    """Rows of a name and AGED, counted."""
    return [
        Waiting(name, datetime.fromisoformat(since) if since else None, owner, tier, n)
        for name, since, owner, tier, n in rows
    ]


def grouped(tx: Tx, row: sa.Select[Any], cohort: Cohort, as_of: datetime) -> Sequence[Any]:
    """How many there are of each kind of row."""
    rows = row.subquery()
    return read(tx, sa.select(*rows.c, sa.func.count()).group_by(*rows.c), cohort, as_of)


def read(tx: Tx, row: sa.Select[Any], cohort: Cohort, as_of: datetime) -> Sequence[Any]:
    """What a statement about a cohort gives."""
    return tx.execute(row, values_of(cohort.window, as_of)).all()


def values_of(window: Window, as_of: datetime) -> dict[str, Any]:
    return {"start": window.start, "end": window.end, "as_of": as_of}
