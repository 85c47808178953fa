"""A database full of open hand-offs: one that was offered, and copies of it that the database makes by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.config import load
from bot.lead import Lead, Signal
from bot.moves.receive import Incoming, receive
from bot.store import policies
from bot.store.engine import Store
from bot.store.tables import handoffs, history, leads, messages, metadata

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE = NOW + timedelta(hours=4)
"""When the copies that are made due are escalated."""
LATER = DUE + timedelta(days=30)
"""When all others are."""
REPS = 40
PEOPLE = """
persons:
  maya: {{name: Maya, slack: U0MAYA, role: manager}}
{persons}
teams:
  sales: {{name: Sales, channel: C0SALES, manager: maya, members: [{members}]}}
"""
SLA = """
undo_minutes: 10
cards_per_hour: 20
tiers:
  P1: {due: 4h, ladder: [{after: 4h, step: escalate}, {after: 2d, step: expire}]}
  P2: {due: 4h, ladder: [{after: 4h, step: escalate}, {after: 2d, step: expire}]}
  P3: {due: 4h, ladder: [{after: 4h, step: escalate}, {after: 2d, step: expire}]}
"""
CALENDAR = "default: always\ncalendars:\n  always: {zone: UTC, hours: {mon-sun: [00:00-24:00]}}\n"
LEAD = Lead(email="elena@vialetto.example", name="Elena Vialetto", company="Vialetto", source="webinar", campaign="Q4")
_COUNT = {
    "postgresql": "SELECT generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n",
    "sqlite": "WITH RECURSIVE count(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM count WHERE n < :last)"
    " SELECT n FROM count",
}


def fill(url: str, many: int) -> Store:
    """Make the tables, offer one lead, and copy it until `many` hand-offs are open, those of each rep as many."""
    store = Store(url)
    metadata.drop_all(store.engine)
    metadata.create_all(store.engine)
    keys = [f"r{number}" for number in range(REPS)]
    persons = "\n".join(f"  {key}: {{name: {key}, slack: U0{key.upper()}, role: rep}}" for key in keys)
    people = PEOPLE.format(persons=persons, members=", ".join(keys))
    texts = {**load.texts(None), "people.yaml": people, "sla.yaml": SLA, "calendar.yaml": CALENDAR}
    with store.transaction() as tx:
        policies.apply(tx, load.parse(texts), texts, NOW)
    receive(store, NOW, Incoming(LEAD, [Signal("demo", "demo_request", NOW, "please call")]))
    copy(store, 2, many)
    return store


def copy(store: Store, first: int, last: int) -> None:
    """Hand-offs with these ids, of leads with these ids; none of them due soon."""
    with store.transaction() as tx:
        _copies(tx, leads, first, last, judge_on=sa.null())
        tx.execute(sa.update(handoffs).where(handoffs.c.id == 1).values(next_due_at=LATER))
        _copies(tx, handoffs, first, last, lead_id=_N, owner=sa.literal("r") + sa.cast(_N % REPS, sa.Text))
    _analyze(store)


def make_due(store: Store, first: int, last: int) -> None:
    """Hand-offs with these ids are escalated next, one after the other from `DUE` on; their cards are in Slack."""
    with store.transaction() as tx:
        subject = sa.literal("handoff:") + sa.cast(_N, sa.Text)
        _copies(tx, messages, first, last, keep=False, subject=subject, status="sent", ts="1.1", channel="C0SALES")
        for number in range(first, last + 1, 100):
            some = handoffs.c.id.between(number, min(number + 99, last))
            tx.execute(sa.update(handoffs).where(some).values(next_due_at=DUE + timedelta(milliseconds=number / 100)))
    _analyze(store)


def escalated(store: Store) -> tuple[int, int]:
    """How many hand-offs were escalated, and how often that is told."""
    told = sa.select(sa.func.count(sa.distinct(history.c.handoff_id)), sa.func.count())
    with store.reading() as tx:
        row = tx.execute(told.where(history.c.kind == "escalated")).one()
        return row[0], row[1]


_N: sa.ColumnClause[int] = sa.column("n", sa.BigInteger)


def _copies(tx: sa.Connection, table: sa.Table, first: int, last: int, keep: bool = True, **changed: Any) -> None:
    """Row 1 once for each number, which it `keep`s as its id."""
    numbers = sa.text(_COUNT[tx.dialect.name]).bindparams(first=first, last=last).columns(_N).subquery("numbers")
    number = numbers.c.n
    columns = [column for column in table.c if column.name != "id"]
    values = [_changed(changed[one.name], number) if one.name in changed else one for one in columns]
    names = [column.name for column in columns]
    if keep:
        names, values = [*names, "id"], [*values, number]
    rows = sa.select(*values).select_from(table.join(numbers, table.c.id == 1))
    tx.execute(sa.insert(table).from_select(names, rows))


def _changed(value: Any, number: sa.ColumnElement[int]) -> Any:
    if not isinstance(value, sa.ClauseElement):
        return sa.literal(value)
    return sa.sql.visitors.replacement_traverse(value, {}, lambda one, **_: number if one is _N else None)


def _analyze(store: Store) -> None:
    with store.engine.connect() as connection:
        connection.execute(sa.text("ANALYZE"))
        connection.commit()
