"""What a new signal costs a lead that has thousands already, and what a file of 100,000 rows costs in memory."""

import csv
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench.table import Row
from bot.config import load
from bot.lead import Lead, Signal
from bot.moves.receive import Incoming, receive
from bot.store import leads, policies, signals
from bot.store.engine import Store
from bot.store.tables import metadata

FEW, MANY = 10, 10_000
ROUNDS = 150
SHORT, LONG = 10_000, 100_000
YEARS = 2
TYPES = (
    "page_visit",
    "email_open",
    "email_click",
    "pricing_page_visit",
    "comparison_view",
    "content_download",
    "webinar_attended",
    "newsletter_signup",
    "social_engagement",
    "careers_page_visit",
    "unsubscribed",
)
"""Everything but what asks for a call: of the leads here nothing else is known, so none becomes an MQL."""
MAP = """
lead: {email: mail, name: name, title: title, company: company, country: country,
  attributes: {employees: {column: employees, as: number}}}
signal: {type: type, at: at}
"""


def known_leads(name: str, url: str) -> Row:
    """The time to receive one signal more, for a lead with many older ones over that for a lead with few."""
    store = Store(url)
    metadata.drop_all(store.engine)  # another measurement has used the server
    metadata.create_all(store.engine)
    now = datetime.now(UTC)
    with store.transaction() as tx:
        texts = load.texts(None)
        policies.apply(tx, load.parse(texts), texts, now)
    people = {count: _filled(store, name, count, now) for count in (FEW, MANY)}
    took: dict[int, list[float]] = {FEW: [], MANY: []}
    for place in range(ROUNDS):
        for count, lead in people.items():  # in turn, so that both see the same machine
            signal = Signal(f"new {place}", TYPES[place % len(TYPES)], now)
            started = time.perf_counter()
            receive(store, now, Incoming(lead, [signal]))
            took[count].append(time.perf_counter() - started)
    store.close()
    ratio = median(took[MANY]) / median(took[FEW])
    return Row(f"a new signal for a known lead, {name}: {MANY:,} older ones / {FEW}", ratio, "times", 1.3)


def _filled(store: Store, name: str, count: int, now: datetime) -> Lead:
    """A lead with so many signals of the last two years."""
    lead = Lead(email=f"{count}@{name.lower()}.example", company="Vialetto")
    chance = random.Random(1)
    older = [
        Signal(f"old {place}", chance.choice(TYPES), now - timedelta(minutes=chance.randint(1, YEARS * 365 * 24 * 60)))
        for place in range(count)
    ]
    for start in range(0, count, 500):
        with store.transaction() as tx:
            stored = leads.upsert(tx, lead, now)
            signals.add_signals(tx, stored.id, older[start : start + 500], now)
    return lead


def files(folder: Path) -> Iterator[Row]:
    """Scoring a long file and a short one, each in a process of its own and both at once."""
    mapping = folder / "score.yaml"
    mapping.write_text(MAP)
    running = [_scoring(_written(folder, rows), mapping) for rows in (SHORT, LONG)]
    short, long = (_ended(process) for process in running)
    if (short["rows"], long["rows"], long["refused"]) != (SHORT, LONG, 0):
        raise RuntimeError(f"{SHORT} and {LONG} rows were to be scored, but told: {short} {long}")
    yield Row("criteria score: rows a second of one core", long["rate"], "1/s")
    yield Row(
        f"criteria score: peak memory, {LONG:,} rows / {SHORT:,} rows", long["peak"] / short["peak"], "times", 1.1
    )


def _written(folder: Path, rows: int) -> Path:
    chance = random.Random(1)
    moment = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    path = folder / f"score-{rows}.csv"
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["mail", "name", "title", "company", "country", "employees", "type", "at"])
        for place in range(rows):
            who = [f"person{place}@company{place}.example", f"Person {place}", f"Head of Data {place}"]
            where = [f"Company {place}", chance.choice(["DE", "Norway"]), chance.randint(1, 6_000)]
            did = "demo_request" if chance.random() < 0.05 else chance.choice(TYPES)
            lines.writerow([*who, *where, did, moment])
    return path


def _scoring(file: Path, mapping: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.scoring", str(file), str(mapping)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    told, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"scoring ended with code {process.returncode}")
    found: dict[str, Any] = json.loads(told)
    return found
