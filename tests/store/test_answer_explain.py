"""The SQL that `explain` shows gives exactly the counts beside it, as it stands, on both databases."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.answers.explain import explain
from bot.answers.inquiry import Inquiry
from bot.handoff.states import State
from bot.stats.explain import Explained
from bot.stats.metrics.table import METRICS
from bot.stats.query import Cohort, Filter, Query, Window
from bot.store.engine import Store, Tx
from bot.store.tables import handoffs, history, leads
from tests.support import POLICY

START = datetime(2026, 3, 2, tzinfo=UTC)
AS_OF = START + timedelta(days=20, hours=9, microseconds=5)
DAY, HOUR, TICK = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
ODD = "O'Brien's 100% %s :as_of\nfair"
WINDOW = Window(START + 10 * DAY, START + 30 * DAY, "2026-03-12..2026-03-31")
ROLLING = Window(START + 10 * DAY + 7 * TICK, AS_OF - HOUR, "9d")
QUERY = Query(
    sub="overview", cohort=Cohort(WINDOW), previous=Window(START, WINDOW.start, "before"), text="2026-03-12..2026-03-31"
)
PAST = ("accepted", "rejected", "voided", "expired", "qualified", "disqualified", "won", "lost", "lapsed")


ONE_OF_EACH = ("accept_rate", "repeats", "difference", "sla_met", "period_rate", "stuck", "limits")
"""Of each kind of statement, and of each answer that figures are taken from."""


def rows(many: int, luck: random.Random) -> Iterator[dict[str, Any]]:
    """Hand-offs of every shape, many of them on the very edge of a window, with dates in any order."""
    edges = [
        START,
        WINDOW.start,
        WINDOW.start - TICK,
        ROLLING.start,
        ROLLING.end,
        ROLLING.end - TICK,
        AS_OF,
        AS_OF + TICK,
    ]
    for number in range(many):
        offered = luck.choice([*edges, *(START + luck.random() * 25 * DAY for _ in range(12))])
        dates = {f"{name}_at": None for name in PAST}
        for name in luck.sample(PAST, luck.choice([0, 1, 1, 1, 2])):
            dates[f"{name}_at"] = luck.choice([AS_OF, AS_OF + TICK, offered + luck.random() * 6 * DAY])
        took = luck.choice([None, 0, 59, 60, luck.randint(0, 300_000)])
        yield {
            **dates,
            "lead_id": number // 2 + 1,
            "number": number % 2 + 1,
            "state": luck.choice([*State, State.OFFERED, State.ACCEPTED, State.REJECTED]).value,
            "owner": luck.choice([None, "ana", "ben"]),
            "first_owner": luck.choice([None, "ana", "ben"]),
            "team": luck.choice([None, "sales"]),
            "tier": luck.choice([None, "P1", "P2"]),
            "source": luck.choice([None, " ", "webinar", "demo", "(blank)", ODD]),
            "campaign": luck.choice(["Q4 webinar", ODD]),
            "reason": luck.choice([None, "", "FIT_COMPANY", "JUNK"]),
            "facets": luck.choice([None, {}, {"grade": "A1", "score": 75, "first_source": "fair"}, {"region": ODD}]),
            "imported": number % 2 == 1,  # a lead has one live hand-off, imported ones aside
            "policy": luck.choice(["a", "b"]),
            "offered_at": offered,
            "due_at": luck.choice([None, *edges, offered + HOUR]),
            "decided_at": luck.choice([None, *edges, offered + HOUR]),
            "took_wall": took,
            "took_working": luck.choice([None, took]),
        }


@contextmanager
def filled(store: Store, many: int = 400) -> Iterator[Tx]:
    luck = random.Random(7)
    lead = {"attributes": {}, "mql": True, "created_at": START, "updated_at": START}
    with store.transaction() as tx:
        tx.execute(sa.insert(leads), [lead | {"id": number} for number in range(1, many // 2 + 1)])
        tx.execute(sa.insert(handoffs).values(version=1, steps=[], step=0), list(rows(many, luck)))
        passed_on = [
            {
                "at": luck.choice([AS_OF - HOUR, AS_OF, AS_OF + TICK]),
                "kind": kind,
                "lead_id": 1,
                "handoff_id": handoff_id,
            }
            for handoff_id in tx.execute(sa.select(handoffs.c.id)).scalars()
            for kind in luck.sample(["rerouted", "offered"], 1)
        ]
        tx.execute(sa.insert(history).values(detail={}), passed_on)
        yield tx


def run(tx: Tx, sql: str) -> list[dict[str, Any]]:
    """As a person would: without a parameter, and nothing in between."""
    cursor = tx.connection.cursor()
    cursor.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def shown(found: Explained) -> list[dict[str, Any]]:
    """What the statement is to give: one row, or one for each group that has something in it."""
    if not found.by:
        return [dict(found.counts)]
    return [
        {**{f"of_{dim}": name for dim, name in zip(found.by, row.names, strict=True)}, **row.counts}
        for row in sorted(found.rows, key=lambda row: row.names)
    ]


def holds(tx: Tx, found: Explained) -> bool:
    """Whether the statement gives what is shown; groups with nothing in them are shown by none."""
    given = [row for row in run(tx, found.sql) if any(isinstance(n, int) and n for n in row.values())]
    told = [row for row in shown(found) if any(isinstance(n, int) and n for n in row.values())]
    by = [f"of_{dim}" for dim in found.by]
    order = lambda row: tuple(row[name] for name in by)  # noqa: E731 databases collate in ways of their own
    return sorted(given, key=order) == sorted(told, key=order)


def asked(tx: Tx, metric: str, query: Query = QUERY, as_of: datetime = AS_OF) -> Explained:
    return explain(Inquiry(tx, query, as_of, POLICY), metric)


def test_every_metric_can_be_reproduced(store: Store) -> None:
    rolling = replace(QUERY, cohort=Cohort(ROLLING), previous=None)
    with filled(store) as tx:
        for metric in METRICS:
            found = asked(tx, metric)
            assert holds(tx, found), f"{metric}\n{found.sql}"
        for metric in ONE_OF_EACH:
            found = asked(tx, metric, rolling)
            assert holds(tx, found), f"{metric}, to the microsecond\n{found.sql}"


FILTERS = [
    Filter("source", ("webinar",)),
    Filter("source", ("(blank)",)),
    Filter("source", ("(blank)", ODD), negated=True),
    Filter("campaign", (ODD,)),
    Filter("rep", ("ana",)),
    Filter("team", ("sales",), negated=True),
    Filter("tier", ("P1", "P2")),
    Filter("grade", ("A1",)),
    Filter("grade", ("A1",), negated=True),
    Filter("region", (ODD,)),
    Filter("version", ("a",)),
    Filter("reason", ("JUNK", "(blank)")),
    Filter("reason", ("JUNK",), negated=True),
    Filter("band", ("70",)),
    Filter("week", ("2026-03-16",)),
    Filter("month", ("2026-03",)),
    Filter("score", low=75),
    Filter("score", low=10, high=80, negated=True),
]


def test_every_filter_is_in_it(store: Store) -> None:
    with filled(store) as tx:
        sizes = set()
        for one in FILTERS:
            query = replace(QUERY, cohort=Cohort(WINDOW, (one,)))
            found = asked(tx, "accept_rate", query)
            assert holds(tx, found), f"{one}\n{found.sql}"
            sizes.add(tuple(found.counts.values()))
        assert len(sizes) > len(FILTERS) // 2, "they do choose"


@pytest.mark.parametrize("touch", ["trigger", "first"])
def test_the_touch_asked_for_counts(store: Store, touch: Any) -> None:
    with filled(store) as tx:
        query = replace(QUERY, cohort=Cohort(WINDOW, (Filter("source", ("fair",)),), touch))
        found = asked(tx, "handed_off", query)
        assert holds(tx, found)
        assert (found.counts["handed_off"] > 0) == (touch == "first")


def test_of_an_empty_database_everything_is_nothing(store: Store) -> None:
    with store.reading() as tx:
        for metric in ONE_OF_EACH:
            found = asked(tx, metric)
            assert holds(tx, found)
            assert set(found.counts.values()) == {0}
