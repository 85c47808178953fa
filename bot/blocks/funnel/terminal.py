"""Reports outside Slack: aligned text for a terminal, CSV for a spreadsheet, and any record as JSON for programs."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from io import StringIO
from shlex import quote
from typing import Any

from bot.blocks.funnel.report import Report, Table, commands
from bot.blocks.funnel.shapes import bars, telling, told_by_bars
from bot.blocks.text import clean
from bot.blocks.width import padded, width, widths
from bot.stats.cohort import Counts
from bot.stats.query import Problem
from bot.stats.rates import Ends

LONGEST_NAME = 40
LONGEST_LINE = 600
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run (https://owasp.org/www-community/attacks/CSV_Injection)."""


def report_text(report: Report) -> str:
    """The report as lines of plain text; the first one is the command that means the same."""
    return "\n".join([f"baton funnel {quote(plain(report.command))}", *_lines(report)])


def problem_text(problem: Problem) -> str:
    """What was not understood, and what would be, in one line."""
    near = [f'"{one}"' for one in problem.suggestions]
    hint = f" Did you mean {' or '.join(near)}?" if near else ' "help" shows what can be asked.'
    return plain(problem.words) + hint


def report_csv(report: Report) -> str:
    """The whole answer, all rows: a head with the keys of the columns, shares from 0 to 1, times in seconds.

    Six decimals are enough for anybody. Each row begins with what the answer is `about`, so that rows of several
    answers can stand in one sheet. What a spreadsheet would take for a formula gets an apostrophe before it.
    """
    table = report.data or report.table
    sheet = StringIO()
    if table:
        writer = csv.writer(sheet)
        first = [_harmless(value) for value in report.about.values()]
        writer.writerow([*report.about, *(column.key for column in table.columns)])
        writer.writerows([[*first, *(_harmless(_short(cell.value)) for cell in row)] for row in table.rows])
    return sheet.getvalue()


def as_json(record: object) -> Any:
    """A record as JSON types, key by key. Times are ISO 8601 in UTC, shares go from 0 to 1.

    The counts that a record holds, and how its hand-offs end, are keys of its own: `groups[0].accepted`.
    """
    if is_dataclass(record) and not isinstance(record, type):
        return dict(_keys(record))
    if isinstance(record, Mapping):
        return {key: as_json(value) for key, value in record.items()}
    if isinstance(record, tuple):
        return [as_json(one) for one in record]
    return record.isoformat() if isinstance(record, date) else record


def _keys(record: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(record, Counts):
        yield "handed_off", record.handed_off
    for one in fields(record):
        value = getattr(record, one.name)
        if isinstance(value, Counts | Ends) and one.name in ("counts", "ends"):
            yield from _keys(value)
        else:
            yield one.name, as_json(value)


def plain(words: str, limit: int = LONGEST_LINE) -> str:
    """Safe for a terminal."""
    return clean(words, limit)


def _lines(report: Report) -> Iterator[str]:
    yield from (plain(report.reading), "")
    room = max((width(plain(line.label)) for line in report.lines), default=0) + 2
    yield from (f"{padded(plain(line.label), room)}{_words(line.words)}" for line in report.lines)
    if report.advice:
        yield from ("", "What to do now", *(f"  {_words(words)}" for words in report.advice))
    for chart in (one for one in report.charts if told_by_bars(one)):
        yield from ("", plain(chart.title), *(f"  {plain_line(line)}" for line in bars(chart).splitlines()))
    if report.table and report.table.rows:
        yield from ("", *_table(report.table))
    if report.code:
        yield from ("", *map(plain_line, report.code.splitlines()))
    if report.notes:
        yield from ("", *map(_words, report.notes))


def _words(words: str) -> str:
    return plain(commands(words, "baton funnel"))


def plain_line(line: str) -> str:
    """A line whose blanks count, without anything that a terminal would obey."""
    return "".join(character for character in line if character.isprintable())


def _table(table: Table) -> Iterator[str]:
    """All rows: a terminal has room."""
    table = telling(table)
    head = [plain(column.name, LONGEST_NAME) for column in table.columns]
    rows = [head, *([plain(cell.shown, LONGEST_NAME) for cell in row] for row in table.rows)]
    wide = widths(rows)
    yield plain(table.caption)
    for row in rows:
        yield "  ".join(_placed(table, place, cell, wide[place]) for place, cell in enumerate(row)).rstrip()


def _placed(table: Table, place: int, cell: str, room: int) -> str:
    if table.columns[place].figures:
        return " " * (room - width(cell)) + cell
    return padded(cell, room)


def _short(value: str | int | float | None) -> str | int | float | None:
    return round(value, 6) if isinstance(value, float) else value


def _harmless(value: str | int | float | None) -> str | int | float | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
