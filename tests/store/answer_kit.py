"""Hand-offs of any age and end put straight into a database, and questions about them as the grammar reads them.

The company of support.py works at any hour: a minute on the wall is one of work, and a card expires after two days.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.answers.inquiry import Inquiry
from bot.stats.language.grammar import parse
from bot.stats.query import Cohort, Dim, Query, Window
from bot.store import cohorts, policies
from bot.store.engine import Store, Tx
from bot.store.tables import handoffs, leads
from tests.support import NOW, in_force

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STATES = {"accepted": "accepted", "rejected": "rejected", "expired": "expired", "void": "void", "open": "offered"}

Row = dict[str, Any]


def offered(ago: timedelta, how: str = "open", took: timedelta = HOUR, many: int = 1, **more: Any) -> list[Row]:
    """`many` hand-offs of a webinar, offered so long ago and ended so long after.

    `sql` and `won` of an accepted one are how long after the offer it became that.
    """
    at, end = NOW - ago, NOW - ago + took
    row: Row = {"number": 1, "version": 1, "owner": "ana", "first_owner": "ana", "team": "sales", "tier": "P2"}
    row |= {"policy": "p", "imported": False, "steps": [], "step": 0, "state": STATES[how], "offered_at": at}
    row |= {"due_at": at + 4 * HOUR, "source": "webinar", "campaign": "Q4 webinar", "reason": None, "facets": None}
    dates = [f"{name}_at" for name in ("accepted", "rejected", "expired", "voided", "qualified", "won", "disqualified")]
    row |= dict.fromkeys([*dates, "decided_at", "took_wall", "took_working"])
    if how != "open":
        row["voided_at" if how == "void" else f"{how}_at"] = end
        row |= dict.fromkeys(("took_wall", "took_working"), int(took.total_seconds()))
        row["decided_at"] = None if how == "expired" else end
    for name, after in (("qualified", more.pop("sql", None)), ("won", more.pop("won", None))):
        if after:
            row |= {"state": name, f"{name}_at": at + after}
    return [row | more for _ in range(many)]


@contextmanager
def holding(store: Store, *some: Sequence[Row]) -> Iterator[Tx]:
    """A transaction that sees these hand-offs, each of a lead of its own but for those that name one."""
    in_force(store)
    rows = [row for ones in some for row in ones]
    with store.transaction() as tx:
        lead = {"attributes": {}, "mql": True, "created_at": NOW, "updated_at": NOW}
        numbers = range(1, len(rows) + 1)
        if rows:
            tx.execute(sa.insert(leads), [lead | {"id": number} for number in numbers])
            tx.execute(
                sa.insert(handoffs), [{"lead_id": number} | row for number, row in zip(numbers, rows, strict=True)]
            )
        yield tx


class _World:
    """What the grammar asks for."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def values(self, key: Dim, window: Window) -> Sequence[str]:
        return cohorts.values(self._tx, key, Cohort(window), NOW)

    def names(self, key: Dim) -> Mapping[str, str]:
        return {}

    def person(self, words: str) -> Sequence[str]:
        return [words] if words in policies.current(self._tx).people.persons else []


def ask(tx: Tx, text: str, as_of: datetime = NOW, **more: Any) -> Inquiry:
    """A question asked at NOW, about how things stood at `as_of`."""
    query = parse(text, NOW, _World(tx))
    assert isinstance(query, Query), query
    return Inquiry(tx, query, as_of, policies.current(tx), **more)
