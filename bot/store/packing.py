"""The statement that counts all of a window's hand-offs at one go, and how its numbers are folded.

Each hand-off is read once, what matters of it is folded into a few whole numbers, and the database groups by these: one
number sorts faster than the texts and moments it stands for. packed.py unfolds what it finds.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.stats.cohort import Outcome
from bot.stats.query import Clock, Cohort
from bot.stats.rates import Horizon
from bot.store.cohorts import PASSED_ON, offered
from bot.store.dimensions import hours_between, minute_of, value_of
from bot.store.outcomes import AGED_BY, AS_OF, OUT, OUT_AT, QUALIFIED_AT, by_outcome, minutes
from bot.store.tables import handoffs

OUTCOMES = tuple(Outcome)
_PLACE = {outcome: place for place, outcome in enumerate(OUTCOMES)}
OUTCOME = by_outcome(_PLACE)
"""An outcome as its place among them."""
UNKNOWN = 2
"""Of an ending: nobody knows when."""
SHIFT = 2**32
"""More than any number of minutes or hours."""
_SIZES = (len(OUTCOMES), 2, 2, 4, 3, 2)
"""How many values each number of a kind can have, in the order of its fields."""
COUNTS, LATER, WAITING, ENDED = range(4)
"""What a group is of; from the last one on, an ending on each of the clocks."""


@dataclass(frozen=True, slots=True)
class Moments:
    """How things stood when (UTC). What was offered before `ripe` is older than the horizon; before `old`, than all."""

    as_of: datetime
    ripe: datetime
    old: datetime


def statement(cohort: Cohort, at: Moments, clocks: tuple[Clock, ...], horizon: Horizon) -> Any:
    """Rows of part, code, three texts and how many there are of it, by what `COUNTS` and the others say."""
    one = _one(cohort, clocks).c
    first, place, when = one.first == 1, one.outcome, handoffs.c.offered_at.type
    ripe = sa.case((one.offered_at < sa.bindparam("ripe", at.ripe, type_=when), 1), else_=0)
    in_time = sa.case((one.decided_at <= one.due_at, 1), (one.decided_at.is_(None), 3), else_=2)
    due = sa.case(
        ((one.due_at >= cohort.window.start) & (one.due_at < cohort.window.end) & (one.due_at <= AS_OF), in_time),
        else_=0,
    )
    open_ = first & (place == _PLACE[Outcome.OPEN])
    young = open_ & (one.offered_at >= sa.bindparam("old", at.old, type_=when))
    ended = first & (place >= _PLACE[Outcome.EXPIRED])
    cause = sa.case((place > _PLACE[Outcome.ACCEPTED], _PLACE[Outcome.ACCEPTED]), else_=place)
    rows = sa.select(
        _folded(place, one.first, ripe, due, ended_by(one[horizon.clock], horizon), one.passed_on).label("code"),
        one.source,
        sa.case((place == _PLACE[Outcome.REJECTED], one.reason)).label("reason"),
        sa.case((first & (place >= _PLACE[Outcome.ACCEPTED]), _later(one))).label("later"),
        sa.case((open_, 0)).label("waits"),
        sa.case((young, minute_of(one.offered_at))).label("since"),
        sa.case((young, one.first_owner)).label("owner"),
        sa.case((young, one.tier)).label("tier"),
        *(sa.case((ended, _packed(cause, one[clock]))).label(clock) for clock in clocks),
    ).cte("packed")
    packed, nothing = rows.c, sa.null()
    return sa.union_all(
        _grouped(COUNTS, packed.code, packed.source, packed.reason, nothing),
        _grouped(LATER, packed.later, nothing, nothing, nothing),
        _grouped(WAITING, packed.waits, packed.since, packed.owner, packed.tier),
        *(_grouped(ENDED + place, packed[clock], nothing, nothing, nothing) for place, clock in enumerate(clocks)),
    )


def _one(cohort: Cohort, clocks: tuple[Clock, ...]) -> sa.Subquery:
    """What is read of a hand-off. The offset keeps the database from working the outcome out anew for each use."""
    return (
        offered(
            cohort,
            OUTCOME.label("outcome"),
            sa.case((handoffs.c.number == 1, 1), else_=0).label("first"),
            value_of("source", cohort.touch).label("source"),
            *(
                handoffs.c[name]
                for name in ("reason", "offered_at", "due_at", "decided_at", "accepted_at", "first_owner")
            ),
            AGED_BY,
            QUALIFIED_AT.label("sql_at"),
            OUT_AT.label("out_at"),
            sa.case((OUT, 1), else_=0).label("out"),
            sa.case((PASSED_ON, 1), else_=0).label("passed_on"),
            *(minutes(clock).label(clock) for clock in clocks),
        )
        .offset(0)
        .subquery()
    )


def _later(one: Any) -> Any:
    sql = one.outcome > _PLACE[Outcome.ACCEPTED]
    fate = sa.case((sql, 2), (one.out == 1, 1), else_=0)
    end = sa.case((sql, one.sql_at), (one.out == 1, one.out_at), else_=AS_OF)
    return _packed(fate, sa.case(((one.accepted_at <= end) & (end <= AS_OF), hours_between(one.accepted_at, end))))


def _packed(kind: Any, amount: Any) -> Any:
    """A small number and a large one; nothing in the place of the latter is told from 0."""
    return kind * sa.literal(SHIFT, sa.BigInteger) + sa.func.coalesce(amount + 1, 0)


def _grouped(part: int, code: Any, *words: Any) -> sa.Select[Any]:
    by = [code, *(word for word in words if not isinstance(word, sa.Null))]
    names = [word.label(f"word_{place}") for place, word in enumerate(words)]
    counted = sa.select(sa.literal(part).label("part"), code.label("code"), *names, sa.func.count().label("n"))
    return counted.where(code.is_not(None)).group_by(*by)


def ended_by(took: Any, horizon: Horizon) -> Any:
    """Whether so many minutes are within the horizon (0), or not (1); `UNKNOWN` for none."""
    late = sa.false() if horizon.life else took > horizon.minutes
    return sa.case((took.is_(None), UNKNOWN), (late, 1), else_=0)


def _folded(*numbers: Any) -> Any:
    """Small numbers in one, see `_SIZES`."""
    code = numbers[0]
    for number, size in zip(numbers[1:], _SIZES[1:], strict=True):
        code = code * size + number
    return code


def unfolded(code: int) -> list[int]:
    """The small numbers of a code of `COUNTS`."""
    numbers = []
    for size in reversed(_SIZES):
        code, number = divmod(code, size)
        numbers.append(number)
    return numbers[::-1]
