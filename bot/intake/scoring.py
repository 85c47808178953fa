"""The rows of a CSV file scored under any criteria: nothing is stored, and no database is asked.

The mapping is that of `leads.py`, and so are the checks of a row. One row is in memory at a time, however long the
file. Each row is scored by itself: what another row or the database knows of the same lead does not count.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Literal, TextIO

from bot.criteria.assess import Assessment, assess
from bot.criteria.days import daily
from bot.criteria.definition import Criteria
from bot.intake.leads import incoming_of
from bot.intake.mapping import LeadsMap
from bot.intake.sheet import MOST_FAULTS, Sheet
from bot.lead import Lead
from bot.yamlfile import Fault, Faults, Page

COLUMNS = (
    "id",
    "fit_points",
    "behaviour_points",
    "points",
    "fit",
    "behaviour",
    "tier",
    "verdict",
    "because",
    "missing",
)
Verdict = Literal["MQL", "data missing", "not yet", "disqualified"]
STEP = 200
"""Rows between two reports of progress."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula: OWASP, CSV Injection."""


@dataclass(slots=True)
class Scored:
    """What became of a file, in rows. `faults` are those of the refused rows, at most sheet.MOST_FAULTS."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    refused: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows that were read."""
        return self.verdicts.total() + self.refused

    def refuse(self, faults: Sequence[Fault]) -> None:
        """One row more that cannot be taken, for these faults."""
        self.refused += 1
        self.faults += faults[: max(0, MOST_FAULTS - len(self.faults))]


def score(
    path: Path,
    mapping: Page[LeadsMap],
    criteria: Criteria,
    now: datetime,
    out: TextIO,
    *,
    progress: Callable[[int], None] | None = None,
) -> Scored:
    """Write a line to `out` for each row that can be taken. `now` is UTC; `progress` is told the bytes read so far.

    Raises Faults where the file cannot be read or lacks a column.
    """
    sheet = Sheet(path, mapping.document, mapping.content)
    lines = csv.writer(out, lineterminator="\n")
    found = Scored()
    for line in _lines(sheet, mapping.content, criteria, now, found):
        lines.writerow(line)
        if progress and found.rows % STEP == 0:
            progress(sheet.bytes_read)
    return found


def _lines(sheet: Sheet, shape: LeadsMap, criteria: Criteria, now: datetime, found: Scored) -> Iterator[Sequence[str]]:
    """The heading, once the file has been found to be in order, and a line for each good row."""
    rows = sheet.rows()
    first = next(rows, None)
    yield COLUMNS
    for row in chain([first] if first else [], rows):
        try:
            incoming = incoming_of(sheet, shape, row, now)
        except Faults as error:
            found.refuse(error.faults)
            continue
        assessment = assess(incoming.lead, daily(incoming.signals, now), criteria, now)
        found.verdicts[verdict(assessment)] += 1
        yield _line(incoming.lead, assessment)


def verdict(found: Assessment) -> Verdict:
    """What would come of the lead: a card, an entry in queue `data-fix`, nothing yet, or nothing at all."""
    if found.mql:
        return "data missing" if found.missing else "MQL"
    return "disqualified" if found.disqualified else "not yet"


def _line(lead: Lead, found: Assessment) -> tuple[str, ...]:
    missing = "; ".join(f"{one.field} {one.fault}" for one in found.missing)
    return (
        _harmless(lead.external_id or lead.email or ""),
        _decimal(found.fit_points),
        _decimal(found.behaviour_points),
        _decimal(found.fit_points + found.behaviour_points),
        found.fit,
        str(found.behaviour),
        _harmless(found.tier or ""),
        verdict(found),
        _harmless(found.because),
        _harmless(missing),
    )


def _decimal(points: int) -> str:
    """Hundredths as an exact decimal: 1250 is 12.5."""
    whole, rest = divmod(abs(points), 100)
    return f"{'-' if points < 0 else ''}{whole}" + f".{rest:02}".rstrip("0").rstrip(".")


def _harmless(text: str) -> str:
    """Text that a spreadsheet would calculate gets an apostrophe in front, which says that it is text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
