"""Leads from a CSV file: every row goes the way of a lead that came over HTTP, in a transaction of its own.

The command line calls `import_leads`. A second reading of the same file changes nothing, because a signal without an
id of its own gets one made of what the row says of it.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.intake import payload
from bot.intake.mapping import LeadsMap, SignalShape
from bot.intake.rows import faults, lead_item
from bot.intake.sheet import Refusals, Row, Sheet
from bot.moves.receive import Incoming, Received, receive
from bot.store.engine import Store
from bot.store.leads import Ambiguous
from bot.yamlfile import Fault, Faults, Page

Found = TypeVar("Found")

BATCH = 500
"""Rows between two reports of progress."""
LONGEST_PAUSE = 0.1
"""Seconds; as long as SQLite sleeps at most before it asks for the file again."""


@dataclass(frozen=True, slots=True)
class Crossings:
    """What the crossings of a file came to; `queues` counts by the queue's name."""

    handoffs: int
    lines: int
    queues: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a file, in rows. `faults` are those of the refused rows, at most sheet.MOST_FAULTS."""

    rows: int
    stored: int
    new_signals: int
    crossings: Crossings
    refused: int
    faults: tuple[Fault, ...]


def import_leads(
    store: Store,
    now: datetime,
    path: Path,
    mapping: Page[LeadsMap],
    *,
    cards: bool = True,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Summary:
    """Take in the leads of a file. `now` is UTC; `progress` is told the rows read so far.

    Without `cards` a crossing waits in queue `imported`. A `dry_run` stores nothing and asks each row by itself what
    it would do now. Raises Faults where the file cannot be read or lacks a column.
    """
    sheet = Sheet(path, mapping.document, mapping.content)
    refusals = Refusals("csv")
    received: Counter[str] = Counter()
    rows = 0
    for rows, row in enumerate(sheet.rows(), 1):
        try:
            incoming = replace(incoming_of(sheet, mapping.content, row, now), cards=cards)
            with _leaving_room(store):
                received.update(_counts(receive(store, now, incoming, dry_run=dry_run)))
        except (Faults, Ambiguous) as error:
            refusals.add(row, _told(sheet, row, error), now)
        if rows % BATCH == 0:
            _report(store, refusals, progress, rows, dry_run)
    _report(store, refusals, progress, rows, dry_run)
    return _summary(rows, received, refusals)


@contextmanager
def _leaving_room(store: Store) -> Iterator[None]:
    """A SQLite file has one writer: a pause as long as the row took lets the clicks of a running Baton in between."""
    began = time.perf_counter()
    yield
    if store.sqlite:
        time.sleep(min(time.perf_counter() - began, LONGEST_PAUSE))


def _report(store: Store, refusals: Refusals, progress: Callable[[int], None] | None, rows: int, dry_run: bool) -> None:
    if not dry_run:
        refusals.keep(store)
    if progress:
        progress(rows)


def incoming_of(sheet: Sheet, shape: LeadsMap, row: Row, now: datetime) -> Incoming:
    """The lead of a row with its signal, checked as one that came over HTTP. Faults where it cannot be taken."""
    item = lead_item(sheet, shape.lead, row)
    signal = _signal(sheet, shape.signal, row) if shape.signal else None
    try:
        return payload.read({**item, "signals": [signal] if signal else []}, now)
    except ValidationError as error:
        raise Faults(*faults(sheet, row, error)) from None


def _signal(sheet: Sheet, shape: SignalShape, row: Row) -> dict[str, Any] | None:
    """The signal of this row; None where it has none, which is where type and time are blank."""
    at = _read(sheet, row, "at", shape.at.of)
    value = _read(sheet, row, "value", shape.value.number) if shape.value else None
    kind, note = shape.type.of(row.cells), shape.note.of(row.cells) if shape.note else None
    if at is None and (kind is None or shape.type.column is None):
        return None
    if at is None:
        raise Faults(sheet.got(row, "signal.at", f"expected the time of this {kind}"))
    own = shape.id.of(row.cells) if shape.id else None
    return {"id": own or _made_id(kind, at, note), "type": kind, "at": at, "note": note, "value": value}


def _read(sheet: Sheet, row: Row, key: str, of: Callable[[dict[str, str]], Found]) -> Found:
    try:
        return of(row.cells)
    except ValueError as error:
        raise Faults(sheet.got(row, f"signal.{key}", str(error))) from None


def _made_id(kind: str | None, at: datetime, note: str | None) -> str:
    """The same for the same row, in whatever file and however often it comes."""
    return f"csv:{hashlib.sha256(repr((kind, at.isoformat(), note)).encode()).hexdigest()[:32]}"


def _told(sheet: Sheet, row: Row, error: Faults | Ambiguous) -> tuple[Fault, ...]:
    return error.faults if isinstance(error, Faults) else (sheet.fault(row.line, "", str(error)),)


def _counts(one: Received) -> dict[str, int]:
    crossing = f"queue:{one.queue}" if one.crossing == "queue" else one.crossing
    return {"stored": 1, "signals": one.new_signals, crossing: 1}


def _summary(rows: int, received: Counter[str], refusals: Refusals) -> Summary:
    queues = {key.removeprefix("queue:"): count for key, count in received.items() if key.startswith("queue:")}
    crossings = Crossings(received["handoff"], received["line"], queues)
    counts = received["stored"], received["signals"]
    return Summary(rows, *counts, crossings, refusals.count, tuple(refusals.faults))
