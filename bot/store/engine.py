"""The database behind one object: how transactions begin and end, on SQLite and on PostgreSQL.

SQLite: WAL, FULL (an acknowledged decision is on the disk), and one writer at a time inside the process, since
threads that wait for the file lock wait in sleeps; those that wait share a commit (group_commit.py).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.store.group_commit import GroupCommit

Tx = sa.Connection
"""A transaction that is under way. Only the store looks inside."""


class Store:
    """Opens transactions. `on_commit` is called after each commit that may have left something to deliver."""

    on_commit: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self, url: str) -> None:
        self.sqlite = url.startswith("sqlite")
        self.engine = _sqlite(url) if self.sqlite else _postgres(url)
        self._writing = _sqlite(url, begins=False) if self.sqlite else self.engine
        self._written = GroupCommit(self._writing).transaction if self.sqlite else self._alone
        snapshot = {} if self.sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading = self.engine.execution_options(**snapshot)

    @contextmanager
    def transaction(self, *, wakes: bool = True, keep: bool = True) -> Iterator[Tx]:
        """A transaction that writes: committed at the end of the block, rolled back by any error.

        It `wakes` delivery, unless delivery itself is at work. Without `keep` it was only tried: nothing stays.
        """
        with self._written(keep=keep) as tx:
            yield tx
        if wakes and keep:
            self.on_commit()

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """A transaction that only reads, and sees one moment however many statements it makes."""
        with self._reading.begin() as tx:
            yield tx

    @contextmanager
    def _alone(self, *, keep: bool) -> Iterator[Tx]:
        with self._writing.begin() as tx:
            yield tx
            if not keep:
                tx.rollback()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
        self._writing.dispose()


def insert_into(table: sa.Table, dialect: str) -> Any:
    """An insert that knows ON CONFLICT, in the words of the database."""
    return sqlite_insert(table) if dialect == "sqlite" else pg_insert(table)


def _postgres(url: str) -> sa.Engine:
    return sa.create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=40,
        hide_parameters=True,  # they are people's data, and errors are logged
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=utc -c idle_in_transaction_session_timeout=60000"},
    )


def _sqlite(url: str, *, begins: bool = True) -> sa.Engine:
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 30})

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    if begins:
        sa.event.listen(engine, "begin", _begin)
    return engine
