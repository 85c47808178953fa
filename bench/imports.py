"""History import against the raw bulk insert of the very rows that it wrote, into an empty SQLite file each."""

import csv
import random
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.table import Row
from bot.intake.history import import_history
from bot.intake.mapping import HistoryMap, load
from bot.store import schema
from bot.store.engine import Store

ROWS = 10_000
ROUNDS = 3
TABLES = ("leads", "identities", "handoffs", "history", "queue_entries")
MAP = """
lead: {origin: {value: bench}, external_id: id, source: source}
handed_off: handed_off
accepted: accepted
won: won
undecided: open
"""


def imports(folder: Path) -> Iterator[Row]:
    """Rows a second of both, and their ratio; reported, without a bound."""
    file, mapping = folder / "history.csv", folder / "map.yaml"
    _write(file)
    mapping.write_text(MAP)
    pairs = [_round(folder, number, file, mapping) for number in range(ROUNDS)]
    yield Row("history import, SQLite: rows", median(real for real, _ in pairs), "1/s")
    yield Row("history import, SQLite: raw bulk insert of the same rows", median(raw for _, raw in pairs), "1/s")
    yield Row("history import, SQLite: rows / raw bulk insert", median(real / raw for real, raw in pairs), "ratio")


def _write(file: Path) -> None:
    """A funnel in which a tenth is accepted and some of these are won."""
    chance = random.Random(1)  # the same rows in every run
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "source", "handed_off", "accepted", "won"])
        for number in range(ROWS):
            offered = start + timedelta(minutes=number)
            accepted = offered + timedelta(hours=2) if chance.random() < 0.1 else None
            won = accepted + timedelta(days=9) if accepted and chance.random() < 0.3 else None
            dates = [one.isoformat() if one else "" for one in (offered, accepted, won)]
            rows.writerow([number, chance.choice(["webinar", "organic", "paid", ""]), *dates])


def _round(folder: Path, number: int, file: Path, mapping: Path) -> tuple[float, float]:
    real, raw = folder / f"real-{number}.sqlite", folder / f"raw-{number}.sqlite"
    store = _empty(real)
    started = time.perf_counter()
    done = import_history(store, datetime.now(UTC), file, load(mapping, HistoryMap))
    took = time.perf_counter() - started
    store.close()
    if done.new != ROWS:
        raise RuntimeError(f"{ROWS} rows were imported, but told: {done}")
    _empty(raw).close()
    return ROWS / took, ROWS / _copy(real, raw)


def _empty(path: Path) -> Store:
    store = Store(f"sqlite:///{path}")
    schema.upgrade(store)
    return store


def _copy(source: Path, target: Path) -> float:
    """Seconds to insert all that `source` holds into `target`, in one transaction, by the driver alone."""
    with sqlite3.connect(source) as read, sqlite3.connect(target) as write:
        tables = {table: read.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        write.execute("PRAGMA synchronous=FULL")
        started = time.perf_counter()
        for table, rows in tables.items():
            write.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
        write.commit()
        took = time.perf_counter() - started
    read.close()
    write.close()
    return took
