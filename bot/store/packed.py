"""All that is counted of the hand-offs of one window, at one go.

Each of them is read once, what matters of it is packed into a few whole numbers, and the database groups by these: one
number sorts faster than the texts and moments it stands for. The rows are those that cohorts.py counts one by one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.stats.cohort import BLANK, Answered, Cause, Due, Ending, Fate, Later, Outcome, Tally, Waiting
from bot.stats.maths.differences import Count
from bot.stats.query import Clock, Cohort
from bot.store.cohorts import offered, read
from bot.store.dimensions import hours_between, minute_of, value_of
from bot.store.engine import Tx
from bot.store.outcomes import AS_OF, OFFERED_TIER, OUT, OUT_AT, QUALIFIED_AT, by_outcome, minutes
from bot.store.tables import handoffs

OUTCOMES = tuple(Outcome)
_PLACE = {outcome: place for place, outcome in enumerate(OUTCOMES)}
OUTCOME = by_outcome(_PLACE)
"""An outcome as its place among them."""
CAUSES: dict[Outcome, Cause] = {
    Outcome.EXPIRED: "expired",
    Outcome.REJECTED: "rejected",
    Outcome.ACCEPTED: "accepted",
    Outcome.SQL: "accepted",
    Outcome.WON: "accepted",
}
_FATES: tuple[Fate, ...] = ("open", "disqualified", "sql")
_SHIFT = 2**32
"""More than any number of minutes or hours."""
_COUNTS, _LATER, _WAITING, _ENDED = range(4)
"""What a group is of; from the last one on, an ending on each of the clocks."""


@dataclass(frozen=True, slots=True)
class Moments:
    """How things stood when (UTC). What was offered before `ripe` is older than the horizon; before `old`, than all."""

    as_of: datetime
    ripe: datetime
    old: datetime


@dataclass(frozen=True, slots=True)
class _Kind:
    """What hand-offs are counted together by."""

    outcome: Outcome
    first: bool
    ripe: bool
    due: int
    source: str | None
    reason: str | None


class Packed:
    """The groups of a window's hand-offs. Rows are of first ones, unless said otherwise."""

    def __init__(self, tx: Tx, cohort: Cohort, at: Moments, clocks: tuple[Clock, ...]) -> None:
        self._clocks = clocks
        self._parts: dict[int, list[tuple[int, Any, Any, Any, int]]] = {}
        for part, *group in read(tx, _statement(cohort, at, clocks), cohort, at.as_of):
            self._parts.setdefault(part, []).append(tuple(group))

    def tallies(self, *, first: bool = True) -> list[Tally]:
        """By outcome and reason; of repeated ones where `first` is False."""
        sums = Counter[tuple[Outcome, str | None]]()
        for kind, n in self._kinds():
            if kind.first == first:
                reason = named(kind.reason) if kind.outcome is Outcome.REJECTED else None
                sums[kind.outcome, reason] += n
        return [Tally("", outcome, reason, n) for (outcome, reason), n in sums.items()]

    def sources(self) -> Mapping[str, Count]:
        """The accepted of the decided ones by source, among those that are ripe."""
        return accepted((kind.source, kind.outcome, n) for kind, n in self._kinds() if kind.first and kind.ripe)

    def due(self) -> list[Due]:
        """First and repeated ones whose due time fell in the window and is over."""
        sums = Counter[Answered]()
        for kind, n in self._kinds():
            if kind.due and kind.outcome is not Outcome.VOID:
                sums[_answered(kind)] += n
        return [Due("", answered, n) for answered, n in sums.items()]

    def endings(self) -> dict[Clock, list[Ending]]:
        """By cause and minutes, on each clock."""
        return {
            clock: [
                Ending("", CAUSES[OUTCOMES[code // _SHIFT]], _told(code), n)
                for code, *_, n in self._parts.get(_ENDED + place, [])
            ]
            for place, clock in enumerate(self._clocks)
        }

    def later(self) -> list[Later]:
        """Accepted ones by what became of them, and hours since the accept."""
        return [Later("", _FATES[code // _SHIFT], _told(code), n) for code, *_, n in self._parts.get(_LATER, [])]

    def waiting(self) -> list[Waiting]:
        """Open ones, those that are not old by their minute."""
        return [
            Waiting("", datetime.fromisoformat(since) if since else None, owner, tier, n)
            for _, since, owner, tier, n in self._parts.get(_WAITING, [])
        ]

    def _kinds(self) -> Iterator[tuple[_Kind, int]]:
        for code, source, reason, _, n in self._parts.get(_COUNTS, []):
            rest, due = divmod(code, 3)
            rest, ripe = divmod(rest, 2)
            place, first = divmod(rest, 2)
            yield _Kind(OUTCOMES[place], bool(first), bool(ripe), due, source, reason), n


def named(value: str | None) -> str:
    """A value as the name of a group, like the database's `named`."""
    return value if value and value.strip(" ") else BLANK


def accepted(rows: Iterable[tuple[str | None, Outcome, int]]) -> Mapping[str, Count]:
    """The accepted of the decided ones for each source that has some."""
    yes, decided = Counter[str](), Counter[str]()
    for source, outcome, n in rows:
        if outcome in CAUSES:
            decided[named(source)] += n
            yes[named(source)] += n if CAUSES[outcome] == "accepted" else 0
    return {name: (yes[name], decided[name]) for name in decided}


def _answered(kind: _Kind) -> Answered:
    if kind.outcome is Outcome.OPEN:
        return "overdue"
    return "met" if kind.due == 1 and kind.outcome is not Outcome.EXPIRED else "missed"


def _told(code: int) -> int | None:
    return code % _SHIFT - 1 if code % _SHIFT else None


def _statement(cohort: Cohort, at: Moments, clocks: tuple[Clock, ...]) -> Any:
    one = _one(cohort, clocks).c
    first, place, when = one.first == 1, one.outcome, handoffs.c.offered_at.type
    ripe = sa.case((one.offered_at < sa.bindparam("ripe", at.ripe, type_=when), 1), else_=0)
    in_time = sa.case((one.decided_at <= one.due_at, 1), else_=2)
    due = sa.case(
        ((one.due_at >= cohort.window.start) & (one.due_at < cohort.window.end) & (one.due_at <= AS_OF), in_time),
        else_=0,
    )
    open_ = first & (place == _PLACE[Outcome.OPEN])
    young = open_ & (one.offered_at >= sa.bindparam("old", at.old, type_=when))
    ended = first & (place >= _PLACE[Outcome.EXPIRED])
    cause = sa.case((place > _PLACE[Outcome.ACCEPTED], _PLACE[Outcome.ACCEPTED]), else_=place)
    rows = sa.select(
        (((place * 2 + one.first) * 2 + ripe) * 3 + due).label("code"),
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
        _grouped(_COUNTS, packed.code, packed.source, packed.reason, nothing),
        _grouped(_LATER, packed.later, nothing, nothing, nothing),
        _grouped(_WAITING, packed.waits, packed.since, packed.owner, packed.tier),
        *(_grouped(_ENDED + place, packed[clock], nothing, nothing, nothing) for place, clock in enumerate(clocks)),
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
            OFFERED_TIER,
            QUALIFIED_AT.label("sql_at"),
            OUT_AT.label("out_at"),
            sa.case((OUT, 1), else_=0).label("out"),
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
    return kind * sa.literal(_SHIFT, sa.BigInteger) + sa.func.coalesce(amount + 1, 0)


def _grouped(part: int, code: Any, *words: Any) -> sa.Select[Any]:
    by = [code, *(word for word in words if not isinstance(word, sa.Null))]
    names = [word.label(f"word_{place}") for place, word in enumerate(words)]
    counted = sa.select(sa.literal(part).label("part"), code.label("code"), *names, sa.func.count().label("n"))
    return counted.where(code.is_not(None)).group_by(*by)
