"""The migrations make just what the tables say, on both databases, and back."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store import schema
from bot.store.engine import Store
from bot.store.tables import metadata


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


PARTIAL = ("uq_handoffs_one_live", "uq_queue_entries_one_open", "ix_handoffs_next_due_at", "ix_messages_unsettled")


def test_partial_indexes_are_partial_on_both(empty: Store) -> None:
    """Autogenerate does not compare the condition of an index: without it, one live hand-off becomes one ever."""
    schema.upgrade(empty)
    query = "SELECT sql FROM sqlite_master WHERE type='index'" if empty.sqlite else "SELECT indexdef FROM pg_indexes"
    with empty.engine.connect() as connection:
        found = " ".join(sql or "" for sql in connection.exec_driver_sql(query).scalars())
    for name in (
        "uq_handoffs_one_live",
        "uq_queue_entries_one_open",
        "ix_handoffs_next_due_at",
        "ix_messages_unsettled",
    ):
        definition = found[found.index(name) :]
        assert "WHERE" in definition[: definition.find("CREATE") if "CREATE" in definition else None], name


def test_migrations_go_down_and_up_again(empty: Store) -> None:
    schema.upgrade(empty)
    with empty.engine.connect() as connection:
        alembic = schema.config()
        alembic.attributes["connection"] = connection
        command.downgrade(alembic, "base")
        connection.commit()
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    schema.upgrade(empty)
    assert schema.problem(empty) is None


def test_an_old_database_is_named_with_what_to_do(empty: Store) -> None:
    assert "run `baton db upgrade`" in (schema.problem(empty) or "")


def test_a_database_that_is_away_is_a_sentence() -> None:
    away = Store("postgresql://nobody@127.0.0.1:1/none")
    assert "does not answer" in (schema.problem(away) or "")
    away.close()
