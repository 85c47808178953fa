"""What hand-offs are grouped by, as SQL: every dimension of `/funnel`. filters.py chooses them by it.

The databases agree on few functions for time: those that differ are here.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from bot.stats.cohort import BLANK
from bot.stats.query import Dim, Touch
from bot.store.tables import handoffs

_FACET = handoffs.c.facets
SCORE = _FACET["score"].as_integer()


class _Time(sa.sql.functions.FunctionElement[Any]):
    """A function of moments that each database says in its own way: `how` it is said in SQLite and PostgreSQL."""

    how: tuple[str, str]


class _Minute(_Time):
    """The minute that a moment is in, as ISO 8601 in UTC."""

    inherit_cache = True
    type = sa.Text()
    name = "minute"
    how = (
        "(substr({0}, 1, 10) || 'T' || substr({0}, 12, 5) || '+00:00')",
        "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI\"+00:00\"')",
    )


class _Week(_Time):
    """The Monday of the week (UTC) that a moment is in."""

    inherit_cache = True
    type = sa.Text()
    name = "week"
    how = ("date({0}, 'weekday 0', '-6 days')", "to_char(date_trunc('week', {0} AT TIME ZONE 'UTC'), 'YYYY-MM-DD')")


class _Month(_Time):
    """The month (UTC) that a moment is in: 2026-03."""

    inherit_cache = True
    type = sa.Text()
    name = "month"
    how = ("substr({0}, 1, 7)", "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM')")


class _Hours(_Time):
    """The whole hours from one moment to another."""

    inherit_cache = True
    type = sa.Integer()
    name = "hours"
    how = (
        "((strftime('%s', {1}) - strftime('%s', {0}) - (substr({1}, 20) < substr({0}, 20))) / 3600)",
        "CAST(FLOOR(EXTRACT(EPOCH FROM {1} - {0}) / 3600) AS INTEGER)",
    )


@compiles(_Minute, "sqlite")
@compiles(_Week, "sqlite")
@compiles(_Month, "sqlite")
@compiles(_Hours, "sqlite")
def _sqlite(element: _Time, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite keeps moments as text, "2026-03-01 12:00:00.000000"."""
    return element.how[0].format(*(compiler.process(clause, **options) for clause in element.clauses))


@compiles(_Minute, "postgresql")
@compiles(_Week, "postgresql")
@compiles(_Month, "postgresql")
@compiles(_Hours, "postgresql")
def _postgresql(element: _Time, compiler: SQLCompiler, **options: Any) -> str:
    return element.how[1].format(*(compiler.process(clause, **options) for clause in element.clauses))


minute_of: Callable[[Any], sa.ColumnElement[str]] = _Minute
hours_between: Callable[[Any, Any], sa.ColumnElement[int]] = _Hours


def named(column: sa.ColumnElement[Any]) -> sa.Case[str]:
    """A column's value as the name of a group."""
    return sa.case((sa.func.trim(sa.func.coalesce(column, "")) == "", BLANK), else_=column)


def of_dim(dim: Dim, touch: Touch = "trigger") -> sa.ColumnElement[Any]:
    """The name of the group that a hand-off belongs to."""
    return named(value_of(dim, touch))


def value_of(dim: Dim, touch: Touch = "trigger") -> sa.ColumnElement[Any]:
    """The same, where nothing was recorded as it is: NULL, or nothing but spaces."""
    if dim in ("source", "campaign") and touch != "trigger":
        facet: sa.ColumnElement[str] = _FACET[f"{touch}_{dim}"].as_string()
        return facet
    return _DIMS[dim]


_DIMS: dict[Dim, sa.ColumnElement[Any]] = {
    **{name: handoffs.c[name] for name in ("source", "campaign", "team", "tier", "reason")},
    **{name: _FACET[name].as_string() for name in ("channel", "usecase", "segment", "region", "product")},
    **{name: _FACET[name].as_string() for name in ("grade", "type")},
    "rep": handoffs.c.owner,
    "version": handoffs.c.policy,
    "band": sa.cast(SCORE // 10 * 10, sa.Text),
    "week": _Week(handoffs.c.offered_at),
    "month": _Month(handoffs.c.offered_at),
}
