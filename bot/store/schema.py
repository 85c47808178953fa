"""The database's shape: brought up to date by `upgrade`, and asked about before work begins."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store.engine import Store

MIGRATIONS = Path(__file__).parent / "migrations"


class Unreachable(Exception):
    """The database does not answer; the text says why, without the address, which may hold a password."""


def upgrade(store: Store) -> None:
    """Apply the migrations that are missing. Safe to call again. Raises `Unreachable`."""
    try:
        with store.engine.connect() as connection:
            alembic = config()
            alembic.attributes["connection"] = connection
            command.upgrade(alembic, "head")
            connection.commit()
    except sa.exc.DatabaseError as error:
        raise Unreachable(f"BATON_DATABASE_URL: the database does not answer: {_first_line(error)}") from error


def problem(store: Store) -> str | None:
    """Why this database cannot be worked with, in one sentence; None if it can."""
    try:
        with store.engine.connect() as connection:
            stands_at = MigrationContext.configure(connection).get_current_heads()
    except sa.exc.SQLAlchemyError as error:
        return f"BATON_DATABASE_URL: the database does not answer: {_first_line(error)}"
    wanted = ScriptDirectory.from_config(config()).get_heads()
    if set(stands_at) == set(wanted):
        return None
    have = ", ".join(stands_at) or "empty"
    return f"the database is {have}, expected revision {', '.join(wanted)}: run `baton db upgrade`"


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def config() -> Config:
    """Where Alembic finds the migrations; the connection is put into its attributes."""
    alembic = Config()
    alembic.set_main_option("script_location", str(MIGRATIONS))
    return alembic
