"""Hand-offs of any shape put into a database, and counted again by slow and obvious code. For the tests of cohorts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.handoff.states import AFTER_ACCEPT, Handoff, State
from bot.stats.cohort import Counts
from bot.store.engine import Store, Tx
from bot.store.tables import handoffs as handoff_rows
from bot.store.tables import leads as lead_rows

START = datetime(2026, 3, 1, tzinfo=UTC)
PAST = ("accepted", "rejected", "voided", "expired", "qualified", "disqualified", "won", "lost", "lapsed")
DATES = [f"{name}_at" for name in PAST]
HOUR = timedelta(hours=1)
SLOW = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
COLUMNS: dict[str, str] = {"source": "source", "campaign": "campaign", "rep": "owner", "team": "team"}

# Few moments, so that windows, as-of dates and decisions meet exactly; microseconds, so that rounding would show.
moments = st.builds(
    lambda hours, micro: START + hours * HOUR + timedelta(microseconds=micro),
    st.integers(0, 4),
    st.sampled_from([0, 999_999]),
)


@contextmanager
def forgotten(store: Store) -> Iterator[Tx]:
    """A transaction that leaves nothing behind: one database serves all examples of a test."""
    with store.engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def offered(at: datetime) -> Handoff:
    base: dict[str, Any] = dict.fromkeys(("owner", "team", "channel", "tier", "source", "campaign", "due_at"))
    return Handoff(id=0, lead_id=0, number=1, state=State.OFFERED, version=1, policy="p", offered_at=at, **base)


def insert(tx: Tx, records: Sequence[Handoff]) -> None:
    """Each for a lead of its own, straight into the table: history from elsewhere can look like anything."""
    if not records:
        return
    columns = [*DATES, *COLUMNS.values(), "reason", "offered_at", "imported", "policy"]
    rows = [
        {name: getattr(record, name) for name in columns} | {"state": record.state.value, "lead_id": number}
        for number, record in enumerate(records, start=1)
    ]
    insert_leads(tx, len(records))
    tx.execute(sa.insert(handoff_rows).values(number=1, version=1, steps=[], step=0), rows)


def insert_leads(tx: Tx, many: int) -> None:
    row = {"attributes": {}, "mql": True, "created_at": START, "updated_at": START}
    tx.execute(sa.insert(lead_rows), [row | {"id": number} for number in range(1, many + 1)])


def stages(one: Handoff, as_of: datetime) -> list[str]:
    """The counts that a hand-off is part of: docs/funnel.md, word by word."""

    def happened(states: set[State], *dates: datetime | None) -> bool:
        known = [at for at in dates if at is not None]
        return min(known) <= as_of if known else one.state in states

    if happened({State.VOID}, one.voided_at):
        return ["void"]
    later = [one.qualified_at, one.won_at, one.lost_at]
    if happened(set(AFTER_ACCEPT), one.accepted_at, one.disqualified_at, one.lapsed_at, *later):
        if not happened({State.QUALIFIED, State.WON, State.LOST}, *later):
            return ["accepted"]
        return ["accepted", "sql", "won"] if happened({State.WON}, one.won_at) else ["accepted", "sql"]
    if happened({State.REJECTED}, one.rejected_at):
        return ["rejected"]
    return ["expired"] if happened({State.EXPIRED}, one.expired_at) else ["open"]


def recount(cohort: Sequence[Handoff], as_of: datetime) -> Counts:
    return Counts(**Counter(stage for one in cohort for stage in stages(one, as_of)))


def named(value: str | None) -> str:
    return value if value and value.strip() else "(blank)"


def regroup(cohort: Sequence[Handoff], by: str, as_of: datetime) -> dict[str, Counts]:
    members: dict[str, list[Handoff]] = {}
    for one in cohort:
        members.setdefault(named(getattr(one, COLUMNS[by])), []).append(one)
    return {name: recount(group, as_of) for name, group in members.items()}
