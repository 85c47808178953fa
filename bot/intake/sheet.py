"""A CSV file, row by row, and what becomes of the rows that cannot be taken.

UTF-8, with or without a mark at the beginning, of any size: one row is in memory at a time. A fault names file, line
and column, and what was expected. A refused row is kept as a dead letter, once however often the file is read.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.intake.mapping import Map, columns
from bot.store import imports
from bot.store.dead_letters import DeadLetter
from bot.store.engine import Store
from bot.yamlfile import Document, Fault, Faults, dotted, shown

MOST_FAULTS = 1_000
"""Told one by one; the rest is counted, and all are in the dead letters."""

MOST_BODY = 20_000
"""Characters of a refused row that are kept."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins in, its cells by column, and what is wrong with it as a row of a file."""

    line: int
    cells: dict[str, str]
    faults: tuple[Fault, ...] = ()


class Sheet:
    """The rows of one file under one mapping."""

    def __init__(self, path: Path, document: Document, shape: Map) -> None:
        self.path = path
        self.document = document
        self.delimiter = shape.delimiter
        self.columns = tuple(columns(shape))
        self.column_of = {dotted(keys): column for keys, column in self.columns}
        self._file: TextIO | None = None

    @property
    def bytes_read(self) -> int:
        """How far into the file the rows have got, read-ahead included; 0 where a file has no places, as a pipe."""
        return self._file.buffer.tell() if self._file and not self._file.closed and self._file.seekable() else 0

    def rows(self) -> Iterator[Row]:
        """All rows. Faults where the file cannot be read, or lacks a column that the mapping asks for."""
        try:
            # What is no UTF-8 comes through as marks, and is told of the cell it stands in.
            with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as self._file:
                yield from self._rows(self._file)
        except OSError as error:
            raise Faults(Fault(self.path.name, 0, "", f"cannot be read: {error.strerror}; expected a file")) from None

    def fault(self, line: int, key: str, problem: str) -> Fault:
        """A fault in a row, at the column that the mapping's `key` reads; the key itself for a constant."""
        return Fault(self.path.name, line, self.column_of.get(key, key), problem)

    def got(self, row: Row, key: str, expected: str) -> Fault:
        """A fault in one cell, with what it holds."""
        value = row.cells.get(self.column_of.get(key, ""), "")
        return self.fault(row.line, key, f"got {shown(value)}, {expected}")

    def _rows(self, file: TextIO) -> Iterator[Row]:
        reader = csv.reader(file, delimiter=self.delimiter, strict=True)
        header = self._header(reader)
        while True:
            line = reader.line_num + 1
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(line, {}, (self.fault(line, "", f"is no CSV: {error}; expected cells, quoted as in line 1"),))
                continue
            if values:
                yield self._row(line, header, values)

    def _header(self, reader: Iterator[list[str]]) -> list[str]:
        try:
            header = [name.strip() for name in next(reader, [])]
        except csv.Error as error:
            raise Faults(self.fault(1, "", f"is no CSV: {error}; expected names of columns")) from None
        missing = [(keys, column) for keys, column in self.columns if column not in header]
        if missing:
            self._refuse_as_a_whole(header)
        doubles = sorted({name for name in header if header.count(name) > 1})
        faults = [self.fault(1, "", f"column {shown(name)} is there twice; expected it once") for name in doubles]
        known = ", ".join(map(_readable, header))
        for keys, column in missing:
            problem = f"{self.path.name} has no column {shown(column)}; expected one of its columns: {known}"
            faults.append(self.document.fault(problem, *keys))
        if faults:
            raise Faults(*faults)
        return header

    def _refuse_as_a_whole(self, header: list[str]) -> None:
        """Where columns are missing for one reason, it is told once, and not once for each."""
        wanted = list(dict.fromkeys(column for _, column in self.columns))
        problem = None
        if not any(header):
            problem = "is empty; expected a line with names of columns"
        elif any("\0" in name for name in header):
            problem = "is not UTF-8, more likely UTF-16; expected UTF-8"
        elif len(header) == 1 < len(wanted):
            names = ", ".join(wanted)
            found = f"has one column only, {shown(_readable(header[0]))}, expected {names}"
            problem = f"{found}; is the delimiter {shown(self.delimiter)} right?"
        if problem:
            raise Faults(self.fault(1, "", problem))

    def _row(self, line: int, header: list[str], values: list[str]) -> Row:
        cells = dict(zip(header, values, strict=False))
        if len(values) != len(header):
            problem = f"has {len(values)} cells; expected {len(header)}, as line 1 has"
            cells |= {"(more)": self.delimiter.join(values[len(header) :])} if len(values) > len(header) else {}
            return Row(line, cells, (self.fault(line, "", problem),))
        if "".join(values).isascii():
            return Row(line, cells)
        broken = [name for name, value in cells.items() if _is_broken(value)]
        return Row(line, cells, tuple(_not_utf8(self.path.name, line, name, cells[name]) for name in broken))


def _is_broken(value: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in value)


def _readable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _not_utf8(file: str, line: int, column: str, value: str) -> Fault:
    return Fault(file, line, _readable(column), f"got {shown(_readable(value))}, which is not UTF-8; expected UTF-8")


@dataclass(slots=True)
class Refusals:
    """The rows that were not taken. `keep` stores those that came up since it was called last."""

    door: str
    count: int = 0
    faults: list[Fault] = field(default_factory=list)
    _letters: list[DeadLetter] = field(default_factory=list)

    def add(self, row: Row, faults: Sequence[Fault], now: datetime) -> None:
        """Refuse a row for these faults."""
        self.count += 1
        self.faults += faults[: max(0, MOST_FAULTS - len(self.faults))]
        body = _readable(json.dumps(row.cells, ensure_ascii=False)).replace("\0", "\N{REPLACEMENT CHARACTER}")
        self._letters.append(DeadLetter(self.door, row.line, body[:MOST_BODY], [str(one) for one in faults], now))

    def keep(self, store: Store) -> None:
        """Store them as dead letters."""
        if self._letters:
            with store.transaction() as tx:
                imports.keep_once(tx, self._letters)
        self._letters = []
