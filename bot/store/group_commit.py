"""SQLite's writers: one at a time, and those that queue up behind one another share one commit.

Each has a savepoint of its own, so one that fails takes nothing of the others with it. Nobody is let go before what
it wrote is on the disk: an acknowledged decision is a committed one. `engine.py` alone uses this. Inside a
transaction nobody may wait for another writer.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

MOST = 8
"""How many may share a commit: the first of them waits for the work of all."""


class Lost(Exception):
    """SQLite took a shared transaction back, as it does when the disk is full. Nothing of it was stored."""


class _Group:
    """Those who share a commit. `over` is set once it has succeeded, or failed with `error`."""

    def __init__(self, tx: sa.Connection) -> None:
        self.tx = tx
        self.driver: sqlite3.Connection = tx.connection.driver_connection  # type: ignore[assignment]
        self.size = 0
        self.over = threading.Event()
        self.error: BaseException | None = None

    def commit(self) -> None:
        """End it for all, one way or the other."""
        try:
            if not self.driver.in_transaction:
                raise Lost("SQLite took back the transaction that this one was part of; nothing was stored")
            self.tx.commit()
        except BaseException as error:  # whatever it is, nobody may be told that all went well
            self.error = error
            self.driver.rollback()  # after a failed commit SQLite goes on with the transaction
        finally:
            self.tx.close()
            self.over.set()


class GroupCommit:
    """Opens the transactions that write. `engine` must begin none by itself."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()  # whoever holds it may use the connection
        self._counting = threading.Lock()
        self._queued = 0
        self._group: _Group | None = None

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[sa.Connection]:
        """One writer's part. When this ends, it is on the disk; or undone, after an error or if not to `keep`."""
        with self._in_turn():
            group = self._group = self._group or self._begun()
            try:
                with _savepoint(group.driver, keep):
                    yield group.tx
            finally:
                self._leave(group)
        group.over.wait()
        if group.error:
            raise group.error

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        with self._counting:
            self._queued += 1
        with self._turn:
            with self._counting:
                self._queued -= 1
            yield

    def _begun(self) -> _Group:
        tx = self._engine.connect()
        try:
            tx.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            tx.close()
            raise
        return _Group(tx)

    def _leave(self, group: _Group) -> None:
        """Whoever is queued carries the group on. If nobody is, or it is full, this one commits for all."""
        group.size += 1
        if not (self._queued and group.size < MOST and group.driver.in_transaction):
            self._group = None
            group.commit()


@contextmanager
def _savepoint(driver: sqlite3.Connection, keep: bool) -> Iterator[None]:
    """Asked of the driver itself: every click comes by here, and SQLAlchemy's own way costs a tenth of it."""
    driver.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if driver.in_transaction:
            _take_back(driver)
        raise
    if not keep:
        _take_back(driver)
    else:
        driver.execute("RELEASE part")


def _take_back(driver: sqlite3.Connection) -> None:
    driver.execute("ROLLBACK TO part")
    driver.execute("RELEASE part")
