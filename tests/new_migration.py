"""Writes the next migration: `make migration MESSAGE="why"`. Generated on PostgreSQL; SQLite writes broken types."""

import sys
from contextlib import contextmanager

from alembic import command

from bot.store import schema
from bot.store.engine import Store
from tests import conftest

postgres = contextmanager(conftest.postgres_server.__wrapped__)


def main(message: str) -> None:
    """Bring an empty database to the last revision, and write down what the tables have beyond it."""
    with postgres() as server:
        store = Store(server.render_as_string(hide_password=False))
        schema.upgrade(store)
        with store.engine.connect() as connection:
            config = schema.config()
            config.attributes["connection"] = connection
            number = len(list(schema.MIGRATIONS.glob("versions/[0-9]*.py"))) + 1
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
        store.close()


if __name__ == "__main__":
    main(sys.argv[1])
