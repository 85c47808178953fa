"""The migrations make just what the tables say, on both databases, and back."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.criteria.days import Day, daily
from bot.store import (
    grounds,
    handoffs,
    leads,
    schema,
    signals,
    staff_tables,  # noqa: F401 - it fills the metadata
)
from bot.store.columns import metadata
from bot.store.engine import Store
from bot.store.tables import signal_days


@pytest.fixture
def empty(store: Store) -> Store:
    """A store whose database has no tables at all."""
    metadata.drop_all(store.engine)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    return store


def test_migrations_equal_the_tables(empty: Store) -> None:
    schema.upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, metadata) == []


PARTIAL = (
    "uq_handoffs_one_live",
    "uq_queue_entries_one_open",
    "ix_handoffs_next_due_at",
    "ix_messages_unsettled",
    "ix_leads_judge_on",
    "ix_history_rerouted",
)


def test_partial_indexes_are_partial_on_both(empty: Store) -> None:
    """Autogenerate does not compare the condition of an index: without it, one live hand-off becomes one ever."""
    schema.upgrade(empty)
    query = "SELECT sql FROM sqlite_master WHERE type='index'" if empty.sqlite else "SELECT indexdef FROM pg_indexes"
    with empty.engine.connect() as connection:
        found = " ".join(sql or "" for sql in connection.exec_driver_sql(query).scalars())
    for name in PARTIAL:
        definition = found[found.index(name) :]
        assert "WHERE" in definition[: definition.find("CREATE") if "CREATE" in definition else None], name


LEAD = (
    "INSERT INTO leads (id, email, attributes, mql, created_at, updated_at) VALUES (:id, :mail, '{}', :mql, :at, :at)"
)
SIGNAL = "INSERT INTO signals (lead_id, signal_id, type, at, received_at) VALUES (:lead, :id, :type, :at, :at)"
HAPPENED = "INSERT INTO history (at, kind, lead_id, detail) VALUES (:at, :kind, :lead, '{}')"
HANDOFF = (
    "INSERT INTO handoffs (lead_id, number, state, version, policy, assessment, imported, offered_at, steps, step) "
    "VALUES (:lead, 1, 'expired', 1, 'old', :assessment, :no, :at, '[]', 0)"
)
HEARD = [
    (1, "late", "page_visit", "2026-03-01 23:59:59.999999"),
    (1, "early", "page_visit", "2026-03-02 00:00:00.000000"),
    (1, "noon", "page_visit", "2026-03-02 12:00:00.000000"),
    (1, "other", "demo_request", "2026-03-02 12:00:00.000000"),
    (2, "late", "page_visit", "2026-03-01 23:59:59.999999"),
]
CROSSED = ["2026-03-01 10:00:00.000000", "2026-03-02 12:00:00.000001", "2026-02-01 10:00:00.000000"]


@pytest.fixture
def of_0001(empty: Store) -> Store:
    """A database as release 0.1 left it, with two leads in it; the first has crossed three times."""
    migrate(empty, command.upgrade, "0001")
    zone = "" if empty.sqlite else "+00"
    with empty.engine.begin() as tx:
        if not empty.sqlite:
            tx.exec_driver_sql("SET timezone TO 'Asia/Tokyo'")  # which must not move a day
        for id_ in (1, 2):
            tx.execute(sa.text(LEAD), {"id": id_, "mail": f"{id_}@b.co", "mql": id_ == 1, "at": CROSSED[0] + zone})
        for lead, id_, type_, at in HEARD:
            tx.execute(sa.text(SIGNAL), {"lead": lead, "id": id_, "type": type_, "at": at + zone})
        for at in CROSSED:
            tx.execute(sa.text(HAPPENED), {"at": at + zone, "kind": "crossed", "lead": 1})
        tx.execute(sa.text(HAPPENED), {"at": "2026-03-03 00:00:00.000000" + zone, "kind": "fell", "lead": 1})
        old = json.dumps({"points": 70, "threshold": 60, "contributions": []})
        tx.execute(sa.text(HANDOFF), {"lead": 1, "assessment": old, "no": False, "at": CROSSED[0] + zone})
    return empty


def test_signals_of_a_release_without_days_are_counted_by_utc_day(of_0001: Store) -> None:
    migrate(of_0001, command.upgrade, "0002", timezone="America/Los_Angeles")
    with of_0001.reading() as tx:
        lines = {tuple(row) for row in tx.execute(sa.select(signal_days))}
    assert lines == {
        (1, "page_visit", date(2026, 3, 1), 1, 0),
        (1, "page_visit", date(2026, 3, 2), 2, 0),
        (1, "demo_request", date(2026, 3, 2), 1, 0),
        (2, "page_visit", date(2026, 3, 1), 1, 0),
    }
    schema.upgrade(of_0001)
    with of_0001.transaction() as tx:
        heard = signals.all_signals(tx, 1)
        assert set(daily(heard, datetime(2026, 3, 3, tzinfo=UTC))) == {Day(*line[1:]) for line in lines if line[0] == 1}
        assert signals.add_signals(tx, 1, heard, datetime(2026, 3, 3, tzinfo=UTC)) == 0
        assert {tuple(row) for row in tx.execute(sa.select(signal_days))} == lines


def test_leads_of_a_release_that_kept_no_crossings_know_their_last_one(of_0001: Store) -> None:
    schema.upgrade(of_0001)
    with of_0001.reading() as tx:
        first, second = leads.get(tx, 1), leads.get(tx, 2)
        assert leads.to_judge(tx, date(2026, 3, 4), 10) == [1]
    assert first
    assert second
    assert (first.crossed_at, second.crossed_at) == (datetime(2026, 3, 2, 12, 0, 0, 1, UTC), None)


def test_an_assessment_of_an_older_release_reads_as_none(of_0001: Store) -> None:
    schema.upgrade(of_0001)
    with of_0001.reading() as tx:
        handoff = handoffs.newest_of_lead(tx, 1)
        assert handoff is not None
        assert (grounds.assessment(tx, handoff.id), grounds.offered_with(tx, handoff.id)) == (None, None)


def test_a_database_with_signals_goes_back_to_release_0001(of_0001: Store) -> None:
    migrate(of_0001, command.upgrade, "0002")
    migrate(of_0001, command.downgrade, "0001")
    with of_0001.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM signals").scalar_one() == len(HEARD)


def migrate(store: Store, move: Callable[..., None], to: str, timezone: str = "UTC") -> None:
    with store.engine.connect() as connection:
        if not store.sqlite:
            connection.exec_driver_sql(f"SET timezone TO '{timezone}'")
        alembic = schema.config()
        alembic.attributes["connection"] = connection
        move(alembic, to)
        connection.commit()


def test_migrations_go_down_and_up_again(empty: Store) -> None:
    schema.upgrade(empty)
    migrate(empty, command.downgrade, "base")
    with empty.engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    schema.upgrade(empty)
    assert schema.problem(empty) is None


def test_an_old_database_is_named_with_what_to_do(empty: Store) -> None:
    assert "run `baton db upgrade`" in (schema.problem(empty) or "")


def test_a_database_that_is_away_is_a_sentence() -> None:
    away = Store("postgresql://nobody@127.0.0.1:1/none")
    assert "does not answer" in (schema.problem(away) or "")
    away.close()
