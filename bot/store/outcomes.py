"""What had become of a hand-off by the as-of date (the parameter `as_of`), as SQL on its dated columns.

Every figure of cohorts.py and overview.py is made of these. A decision that was undone has left the columns, and so
counts as never made. docs/funnel.md has the same in words.

A condition here may be NULL where a date is: inside a CASE that is as good as false. In a WHERE compare OUTCOME.
"""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from bot.handoff.states import AFTER_ACCEPT, State
from bot.stats.cohort import Outcome
from bot.stats.onward import Goal
from bot.stats.query import Clock
from bot.store.dimensions import hours_between
from bot.store.tables import handoffs

AS_OF = sa.bindparam("as_of", type_=handoffs.c.offered_at.type)


def happened(states: Collection[State], *names: str) -> sa.ColumnElement[bool]:
    """Whether one of the dated columns was filled by then. One of `states` without any date counts from the offer."""
    columns = [handoffs.c[name] for name in names]
    in_state = handoffs.c.state.in_(sorted(state.value for state in states))
    return sa.or_(*(column <= AS_OF for column in columns), in_state & sa.and_(*(c.is_(None) for c in columns)))


_LATER = ("qualified_at", "won_at", "lost_at")
_VOID = happened({State.VOID}, "voided_at")
_ACCEPTED = happened(AFTER_ACCEPT, "accepted_at", "disqualified_at", "lapsed_at", *_LATER)
_QUALIFIED = happened({State.QUALIFIED, State.WON, State.LOST}, *_LATER)
_WON = happened({State.WON}, "won_at")
_LOST = happened({State.LOST}, "lost_at")
OUT = happened({State.DISQUALIFIED, State.LAPSED}, "disqualified_at", "lapsed_at")
_REJECTED = happened({State.REJECTED}, "rejected_at")
_EXPIRED = happened({State.EXPIRED}, "expired_at")

QUALIFIED_AT = sa.func.coalesce(*(handoffs.c[name] for name in _LATER))
OUT_AT = sa.func.coalesce(handoffs.c.disqualified_at, handoffs.c.lapsed_at)


def by_outcome(worth: Mapping[Outcome, Any]) -> sa.Case[Any]:
    """What each outcome is worth. A stage is looked for only within the one before, so that a cohort only shrinks."""
    stage = sa.case(
        (_QUALIFIED & _WON, worth[Outcome.WON]), (_QUALIFIED, worth[Outcome.SQL]), else_=worth[Outcome.ACCEPTED]
    )
    return sa.case(
        (_VOID, worth[Outcome.VOID]),
        (_ACCEPTED, stage),
        (_REJECTED, worth[Outcome.REJECTED]),
        (_EXPIRED, worth[Outcome.EXPIRED]),
        else_=worth[Outcome.OPEN],
    )


OUTCOME = by_outcome({one: one.value for one in Outcome})
CAUSE = sa.case((_VOID, None), (_ACCEPTED, "accepted"), (_REJECTED, "rejected"), (_EXPIRED, "expired"), else_=None)
OPEN = OUTCOME == Outcome.OPEN.value
NOT_VOID = OUTCOME != Outcome.VOID.value
ACCEPTED = OUTCOME.in_((Outcome.ACCEPTED.value, Outcome.SQL.value, Outcome.WON.value))

ANSWERED = sa.case(
    (CAUSE.is_(None), sa.case((handoffs.c.due_at > AS_OF, "not_yet"), else_="overdue")),
    (CAUSE == "expired", "missed"),
    (handoffs.c.decided_at.is_(None), "unknown"),
    (handoffs.c.decided_at <= handoffs.c.due_at, "met"),
    else_="missed",
)
"""How one with a due time was answered, unless it is void."""


AGED_BY = sa.case((handoffs.c.imported, None), else_=sa.func.coalesce(handoffs.c.raised_from, handoffs.c.tier)).label(
    "tier"
)
"""The tier whose hours its working time goes by: the one it was offered under. An import's time is nobody's on call."""

_ENDED_AT = sa.func.coalesce(handoffs.c.accepted_at, handoffs.c.rejected_at, handoffs.c.expired_at)
_TOOK: dict[Clock, sa.Column[Any]] = {"working": handoffs.c.took_working, "wall": handoffs.c.took_wall}


def minutes(clock: Clock) -> sa.Case[Any]:
    """Whole minutes from the offer to its end; NULL where nobody knows, or knew then: imported dates may contradict."""
    return sa.case((_ENDED_AT > AS_OF, None), else_=_TOOK[clock] // 60)


def fate(goal: Goal) -> sa.Case[str]:
    """Whether one that is not void had come to `goal`, gone out on the way by any other end, or is still on its way."""
    reached, out = _ends_of(goal)
    after = sa.case((reached, goal), (out, "out"), else_="open")
    return sa.case((_ACCEPTED, after), (_REJECTED | _EXPIRED, "out"), else_="open")


def hours_to(goal: Goal, since: sa.Column[Any]) -> sa.Case[Any]:
    """Whole hours from `since` to that; NULL where a date is missing, they are out of order, or it is not over."""
    at = _fate_at(goal)
    return sa.case(((since <= at) & (at <= AS_OF), hours_between(since, at)))


def _fate_at(goal: Goal) -> sa.Case[Any]:
    """When that was; for one on its way the as-of date. NULL where the date is missing."""
    reached, out = _ends_of(goal)
    won = goal == "won"
    reached_at = handoffs.c.won_at if won else QUALIFIED_AT
    out_at = sa.func.coalesce(OUT_AT, handoffs.c.lost_at) if won else OUT_AT
    after = sa.case((reached, reached_at), (out, out_at), else_=AS_OF)
    ends = (_REJECTED, handoffs.c.rejected_at), (_EXPIRED, handoffs.c.expired_at)
    return sa.case((_ACCEPTED, after), *ends, else_=AS_OF)


def _ends_of(goal: Goal) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """The conditions of having reached the goal, and of having gone out after the accept."""
    return (_QUALIFIED & _WON, OUT | _LOST) if goal == "won" else (_QUALIFIED, OUT)
