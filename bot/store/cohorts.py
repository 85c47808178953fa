"""Cohorts counted by the database: hand-offs offered in a window, as things stood on the as-of date.

Only the dated columns of the hand-off row are read. A decision that was undone has left them, and so counts as
never made. Grouping happens in SQL, so that an answer costs no memory per hand-off.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from bot.handoff.states import AFTER_ACCEPT, State
from bot.stats.cohort import BLANK, Outcome, Tally
from bot.stats.query import By, Query
from bot.store.engine import Tx
from bot.store.tables import handoffs

_AS_OF = sa.bindparam("as_of", type_=handoffs.c.offered_at.type)
_COLUMN: Mapping[By, sa.Column[Any]] = {
    "source": handoffs.c.source,
    "campaign": handoffs.c.campaign,
    "rep": handoffs.c.owner,
    "team": handoffs.c.team,
}


class _Microseconds(sa.sql.functions.FunctionElement[int]):
    """The time between two columns, exactly; the databases agree on no function for it."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(_Microseconds, "postgresql")
def _microseconds_postgresql(element: _Microseconds, compiler: SQLCompiler, **options: Any) -> str:
    first, last = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM {last} - {first}) * 1000000 AS BIGINT)"


@compiles(_Microseconds, "sqlite")
def _microseconds_sqlite(element: _Microseconds, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite keeps moments as text, "2026-03-01 12:00:00.000000", and its own functions round them."""
    first, last = (
        f"(CAST(strftime('%s', substr({text}, 1, 19)) AS INTEGER) * 1000000 + CAST(substr({text}, 21, 6) AS INTEGER))"
        for text in (compiler.process(clause, **options) for clause in element.clauses)
    )
    return f"({last} - {first})"


def _happened(states: Collection[State], *names: str) -> sa.ColumnElement[bool]:
    """Whether one of the dated columns was filled by then. One of `states` without any date counts from the offer."""
    columns = [handoffs.c[name] for name in names]
    in_state = handoffs.c.state.in_(sorted(state.value for state in states))
    return sa.or_(*(column <= _AS_OF for column in columns), in_state & sa.and_(*(c.is_(None) for c in columns)))


_LATER = ("qualified_at", "won_at", "lost_at")
_VOID = _happened({State.VOID}, "voided_at")
_ACCEPTED = _happened(AFTER_ACCEPT, "accepted_at", "disqualified_at", "lapsed_at", *_LATER)
_QUALIFIED = _happened({State.QUALIFIED, State.WON, State.LOST}, *_LATER)
_WON = _happened({State.WON}, "won_at")
_REJECTED = _happened({State.REJECTED}, "rejected_at")
_EXPIRED = _happened({State.EXPIRED}, "expired_at")

# Each stage is looked for only within the one before, so that a cohort only shrinks.
_STAGE = sa.case((_QUALIFIED & _WON, Outcome.WON.value), (_QUALIFIED, Outcome.SQL.value), else_=Outcome.ACCEPTED.value)
_OUTCOME = sa.case(
    (_VOID, Outcome.VOID.value),
    (_ACCEPTED, _STAGE),
    (_REJECTED, Outcome.REJECTED.value),
    (_EXPIRED, Outcome.EXPIRED.value),
    else_=Outcome.OPEN.value,
)
_DECIDED_AT = sa.case(
    (_VOID, None), (_ACCEPTED, handoffs.c.accepted_at), (_REJECTED, handoffs.c.rejected_at), else_=None
)
# Decided before it was offered: that time is not known either.
_TIMED = sa.func.coalesce((_DECIDED_AT <= _AS_OF) & (handoffs.c.offered_at <= _DECIDED_AT), sa.false())


def _named(column: sa.ColumnElement[Any]) -> sa.Case[str]:
    return sa.case((sa.func.trim(sa.func.coalesce(column, "")) == "", BLANK), else_=column)


def _cohort(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(*columns).where(
        handoffs.c.offered_at >= sa.bindparam("start"),
        handoffs.c.offered_at < sa.bindparam("end"),
        handoffs.c.offered_at <= _AS_OF,
    )


def _tallies(name: sa.ColumnElement[str], *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Grouped by all that an answer tells apart; a reason only where it is one of a rejection."""
    columns = [name.label("name"), _OUTCOME.label("outcome"), _named(handoffs.c.reason).label("reason")]
    row = _cohort(*columns, _TIMED.label("timed")).where(*conditions).subquery()
    reason = sa.case((row.c.outcome == Outcome.REJECTED.value, row.c.reason)).label("reason")
    rows = sa.select(row.c.name, row.c.outcome, reason, row.c.timed).subquery()
    return sa.select(*rows.c, sa.func.count()).group_by(*rows.c)


_CAMPAIGN = _named(handoffs.c.campaign)
_OVERVIEW = {by: _tallies(_named(column)) for by, column in _COLUMN.items()}
_OF_CAMPAIGN = _tallies(_CAMPAIGN, sa.bindparam("campaign") == _CAMPAIGN)
_TOOK = _Microseconds(handoffs.c.offered_at, _DECIDED_AT).label("took")
_MIDDLE = _cohort(_TOOK).where(_TIMED).order_by(_TOOK).offset(sa.bindparam("skip")).limit(sa.bindparam("take"))


def tallies(tx: Tx, query: Query, as_of: datetime) -> list[Tally]:
    """The window's hand-offs by outcome and by the query's dimension."""
    return _read(tx, _OVERVIEW[query.by], _window(query, as_of))


def tallies_of_campaign(tx: Tx, campaign: str, start: datetime, end: datetime, as_of: datetime) -> list[Tally]:
    """The hand-offs of one campaign, `BLANK` for those without, offered from `start` up to, not including, `end`."""
    return _read(tx, _OF_CAMPAIGN, {"campaign": campaign, "start": start, "end": end, "as_of": as_of})


def median_to_decision(tx: Tx, query: Query, as_of: datetime, timed: int) -> timedelta | None:
    """The exact median time from offer to accept or reject, of the `timed` ones that have one; None of none."""
    if timed == 0:
        return None
    middle = {"skip": (timed - 1) // 2, "take": 2 - timed % 2}
    found = [timedelta(microseconds=took) for took in tx.execute(_MIDDLE, _window(query, as_of) | middle).scalars()]
    return sum(found, timedelta()) / len(found) if found else None  # somebody may have undone one meanwhile


def _window(query: Query, as_of: datetime) -> dict[str, Any]:
    return {"start": query.start, "end": query.end, "as_of": as_of}


def _read(tx: Tx, statement: sa.Select[Any], values: Mapping[str, Any]) -> list[Tally]:
    return [
        Tally(name, Outcome(outcome), reason, bool(timed), n)
        for name, outcome, reason, timed, n in tx.execute(statement, values)
    ]
