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
from bot.stats.cohort import BLANK, DECISIONS, Outcome, Tally
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
    undated = sa.and_(
        handoffs.c.state.in_(sorted(state.value for state in states)), *(column.is_(None) for column in columns)
    )
    return sa.or_(undated, *(column <= _AS_OF for column in columns))


def _outcome() -> sa.Case[str]:
    """The furthest stage first; each is looked for only within the one before, so that a cohort only shrinks."""
    later = ("qualified_at", "won_at", "lost_at")
    accepted = _happened(AFTER_ACCEPT, "accepted_at", "disqualified_at", "lapsed_at", *later)
    qualified = accepted & _happened({State.QUALIFIED, State.WON, State.LOST}, *later)
    furthest = [
        (_happened({State.VOID}, "voided_at"), Outcome.VOID),
        (qualified & _happened({State.WON}, "won_at"), Outcome.WON),
        (qualified, Outcome.SQL),
        (accepted, Outcome.ACCEPTED),
        (_happened({State.REJECTED}, "rejected_at"), Outcome.REJECTED),
        (_happened({State.EXPIRED}, "expired_at"), Outcome.EXPIRED),
    ]
    return sa.case(*((reached, outcome.value) for reached, outcome in furthest), else_=Outcome.OPEN.value)


def _named(column: sa.ColumnElement[Any]) -> sa.Case[str]:
    return sa.case((sa.func.trim(sa.func.coalesce(column, "")) == "", BLANK), else_=column)


def _cohort(name: sa.ColumnElement[str]) -> sa.Subquery:
    """One row per hand-off of the window, with its `name` in the dimension asked for."""
    columns = [handoffs.c[column] for column in ("reason", "offered_at", "accepted_at", "rejected_at")]
    return (
        sa.select(name.label("name"), _outcome().label("outcome"), *columns)
        .where(handoffs.c.offered_at >= sa.bindparam("start"), handoffs.c.offered_at < sa.bindparam("end"))
        .where(handoffs.c.offered_at <= _AS_OF)
        .subquery("cohort")
    )


def _took(cohort: sa.Subquery) -> sa.Case[int]:
    """Microseconds from the offer to the accept or reject; NULL where unknown. Before the offer is unknown too."""
    decided_at = {Outcome.REJECTED: cohort.c.rejected_at}
    return sa.case(*(_time(cohort, outcome, decided_at.get(outcome, cohort.c.accepted_at)) for outcome in DECISIONS))


def _time(cohort: sa.Subquery, outcome: Outcome, at: sa.ColumnElement[Any]) -> tuple[sa.ColumnElement[bool], Any]:
    known = (cohort.c.outcome == outcome.value) & (at <= _AS_OF) & (at >= cohort.c.offered_at)
    return known, _Microseconds(cohort.c.offered_at, at)


def _tallies(cohort: sa.Subquery) -> sa.Select[Any]:
    columns = (cohort.c.name, cohort.c.outcome)
    return sa.select(*columns, sa.func.count(), sa.func.count(_took(cohort))).group_by(*columns)


def _middle(cohort: sa.Subquery) -> sa.Select[Any]:
    """The one or two times in the middle, found by rank; SQLite has no percentiles."""
    took = sa.select(_took(cohort).label("took")).subquery("times")
    rank, n = sa.func.row_number().over(order_by=took.c.took), sa.func.count().over()
    ranked = sa.select(took.c.took, rank.label("rank"), n.label("n")).where(took.c.took.is_not(None)).subquery("ranked")
    return sa.select(ranked.c.took).where(ranked.c.rank * 2 >= ranked.c.n, ranked.c.rank * 2 <= ranked.c.n + 2)


def _reasons(cohort: sa.Subquery) -> sa.Select[Any]:
    named = (
        sa.select(_named(cohort.c.reason).label("code")).where(cohort.c.outcome == Outcome.REJECTED.value).subquery()
    )
    return sa.select(named.c.code, sa.func.count()).group_by(named.c.code)


_WHOLE = _cohort(sa.literal(""))
_BY_CAMPAIGN = _cohort(_named(handoffs.c.campaign))
_OVERVIEW: dict[By | None, sa.Select[Any]] = {
    None: _tallies(_WHOLE),
    **{by: _tallies(_cohort(_named(column))) for by, column in _COLUMN.items()},
}
_OF_CAMPAIGN = _tallies(_BY_CAMPAIGN).where(_BY_CAMPAIGN.c.name == sa.bindparam("campaign"))
_MIDDLE = _middle(_WHOLE)
_REASONS = _reasons(_WHOLE)


def tallies(tx: Tx, query: Query, as_of: datetime) -> list[Tally]:
    """The window's hand-offs by outcome, and by the query's dimension; all under one name where it has none."""
    return _read(tx, _OVERVIEW[query.by], _window(query, as_of))


def tallies_of_campaign(tx: Tx, campaign: str, start: datetime, end: datetime, as_of: datetime) -> list[Tally]:
    """The hand-offs of one campaign, `BLANK` for those without, offered from `start` up to, not including, `end`."""
    return _read(tx, _OF_CAMPAIGN, {"campaign": campaign, "start": start, "end": end, "as_of": as_of})


def median_to_decision(tx: Tx, query: Query, as_of: datetime) -> timedelta | None:
    """The exact median time from offer to accept or reject, of those that have one."""
    middle = [timedelta(microseconds=took) for took in tx.execute(_MIDDLE, _window(query, as_of)).scalars()]
    return sum(middle, timedelta()) / len(middle) if middle else None


def reasons(tx: Tx, query: Query, as_of: datetime) -> tuple[tuple[str, int], ...]:
    """Codes of rejection with their counts, the most frequent first."""
    found = [(code, n) for code, n in tx.execute(_REASONS, _window(query, as_of))]
    return tuple(sorted(found, key=lambda reason: (-reason[1], reason[0])))


def _window(query: Query, as_of: datetime) -> dict[str, datetime]:
    return {"start": query.start, "end": query.end, "as_of": as_of}


def _read(tx: Tx, statement: sa.Select[Any], values: Mapping[str, Any]) -> list[Tally]:
    return [Tally(name, Outcome(outcome), n, timed) for name, outcome, n, timed in tx.execute(statement, values)]
