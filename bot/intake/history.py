"""History from a CSV file: what became of leads elsewhere, so that the numbers are right from the first day.

The command line calls `import_history`. Rows become records, `moves.record` takes them in batches, each in one short
transaction. Files may come in any order and again: see docs/import.md for why the numbers are the same.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from bot.config.policy import Policy
from bot.handoff.imported import Fact, Told
from bot.intake import payload
from bot.intake.cells import Cell, Time
from bot.intake.mapping import UNACCEPTED, HistoryMap, Patience, Rejection
from bot.intake.rows import faults, lead_item
from bot.intake.sheet import Refusals, Row, Sheet
from bot.moves.record import Record, Recorded, record
from bot.store import policies
from bot.store.engine import Store
from bot.yamlfile import Fault, Faults, Page, shown

BATCH = 500
STAGES = (Fact.QUALIFIED, Fact.DISQUALIFIED, Fact.WON, Fact.LOST)


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a file, in rows. `waiting`: something is told of a lead that nobody has handed over yet.

    `faults` are those of the refused rows, at most sheet.MOST_FAULTS.
    """

    rows: int
    new: int
    changed: int
    unchanged: int
    waiting: int
    refused: int
    faults: tuple[Fault, ...]


def import_history(
    store: Store,
    now: datetime,
    path: Path,
    mapping: Page[HistoryMap],
    *,
    progress: Callable[[int], None] | None = None,
) -> Summary:
    """Take in the history of a file. `now` is UTC; `progress` is told the rows read so far.

    Raises Faults where the file cannot be read or lacks a column, or where `codes` names a reason nobody has.
    """
    with store.reading() as tx:
        _check_codes(mapping, policies.current(tx))
    sheet = Sheet(path, mapping.document, mapping.content)
    refusals = Refusals("history")
    counts: Counter[str] = Counter()
    rows = sheet.rows()
    while batch := list(islice(rows, BATCH)):
        records = list(_records(sheet, mapping.content, batch, now, refusals))
        done = record(store, now, [one for _, one in records])
        _refuse(sheet, [row for row, _ in records], done, now, refusals)
        refusals.keep(store)
        counts.update(
            rows=len(batch), new=done.new, changed=done.changed, unchanged=done.unchanged, waiting=done.waiting
        )
        if progress:
            progress(counts["rows"])
    numbers = {name: counts[name] for name in ("rows", "new", "changed", "unchanged", "waiting")}
    return Summary(**numbers, refused=refusals.count, faults=tuple(refusals.faults))


def _check_codes(mapping: Page[HistoryMap], policy: Policy) -> None:
    """A translation into a code that nobody has would refuse every row it touches."""
    codes = mapping.content.rejected.codes if mapping.content.rejected else {}
    known = [code for code, reason in policy.reasons.items() if not reason.reroutes]
    expected = ", ".join(known)
    unknown = [
        mapping.document.fault(
            f"{shown(code)} is no reason code; expected one of {expected}", "rejected", "codes", theirs
        )
        for theirs, code in codes.items()
        if code not in known
    ]
    if unknown:
        raise Faults(*unknown)


def _records(
    sheet: Sheet, shape: HistoryMap, batch: list[Row], now: datetime, refusals: Refusals
) -> Iterator[tuple[Row, Record]]:
    """The rows that can be read, each with what it says."""
    for row in batch:
        try:
            yield row, _record(sheet, shape, row, now)
        except Faults as error:
            refusals.add(row, error.faults, now)


def _refuse(sheet: Sheet, rows: list[Row], done: Recorded, now: datetime, refusals: Refusals) -> None:
    for index, refused in groupby(done.refused, lambda one: one.index):
        row = rows[index]
        refusals.add(row, [sheet.fault(row.line, one.field, one.problem) for one in refused], now)


def _record(sheet: Sheet, shape: HistoryMap, row: Row, now: datetime) -> Record:
    """What a row says; Faults where it cannot be read."""
    try:
        lead = payload.read(lead_item(sheet, shape.lead, row), now).lead
    except ValidationError as error:
        raise Faults(*faults(sheet, row, error)) from None
    owner, team, by, tier = (_text(cell, row) for cell in (shape.owner, shape.team, shape.by, shape.tier))
    facts = dict(_facts(sheet, shape, row, by))
    due = _time(sheet, shape.due, row, "due") if shape.due else None
    return Record(lead, facts, owner, team, _undecided(shape), tier, due)


def _text(cell: Cell | None, row: Row) -> str | None:
    return cell.of(row.cells) if cell else None


def _undecided(shape: HistoryMap) -> Literal["open", "expired"] | timedelta:
    return shape.undecided.expired_after if isinstance(shape.undecided, Patience) else shape.undecided


def _facts(sheet: Sheet, shape: HistoryMap, row: Row, by: str | None) -> Iterator[tuple[Fact, Told]]:
    """Each fact the row tells. Nobody does the handing over, and nobody expires."""
    told = {fact: found for fact in shape.facts if (found := _fact(sheet, shape, row, fact))}
    stages = [fact for fact in STAGES if fact in told and Fact.ACCEPTED not in told]
    if stages:
        implied = any(getattr(shape, stage.value).implies_accepted for stage in stages)
        if not implied:
            raise Faults(sheet.got(row, _key(shape, stages[0]), UNACCEPTED))
        told[Fact.ACCEPTED] = Told(None)
    for fact, one in told.items():
        yield fact, one if fact in {Fact.HANDED_OFF, Fact.EXPIRED} else replace(one, by=by)


def _fact(sheet: Sheet, shape: HistoryMap, row: Row, fact: Fact) -> Told | None:
    mapped = shape.facts[fact]
    at = _time(sheet, mapped.at if isinstance(mapped, Rejection) else mapped, row, _key(shape, fact))
    if isinstance(mapped, Rejection):
        return _rejection(sheet, mapped, row, fact, at)
    return Told(at) if at else None


def _time(sheet: Sheet, cell: Time, row: Row, key: str) -> datetime | None:
    try:
        return cell.of(row.cells)
    except ValueError as error:
        raise Faults(sheet.got(row, key, str(error))) from None


def _rejection(sheet: Sheet, mapped: Rejection, row: Row, fact: Fact, at: datetime | None) -> Told | None:
    code = mapped.code.of(row.cells)
    if at is None and code and mapped.code.column:
        raise Faults(sheet.got(row, f"{fact.value}.at", f"expected the time of what {mapped.code.column} says"))
    if at is None:
        return None
    if code is None:
        raise Faults(sheet.got(row, f"{fact.value}.code", "expected a reason code"))
    return Told(at, None, mapped.codes.get(code, code), mapped.answer(row.cells))


def _key(shape: HistoryMap, fact: Fact) -> str:
    """The key of the mapping that names the column of this fact's time."""
    return f"{fact.value}.at" if isinstance(shape.facts[fact], Rejection) else fact.value
