"""Notes: what was done is said, and which ones there are."""

from datetime import date

import pytest

from bot.blocks.funnel.notes import report
from bot.blocks.funnel.terminal import as_json
from bot.stats.notes import Done, Note, Noted
from tests.core.funnel_kit import NAMES, line, words

FAIR = Note(3, date(2026, 3, 4), "Trade fair in Bologna", "maya")
PRICES = Note(1, date(2026, 2, 1), "New price list", None)


def test_the_newest_notes_have_numbers_days_and_authors() -> None:
    told = report(Noted((FAIR, PRICES)), NAMES)
    assert told.table
    assert [[cell.shown for cell in row] for row in told.table.rows] == [
        ["3", "4 Mar 2026", "Trade fair in Bologna", "Maya Lindqvist"],
        ["1", "1 Feb 2026", "New price list", "command line"],
    ]
    assert told.command == "note"
    assert as_json(Noted((FAIR,)))["newest"][0]["on"] == "2026-03-04"


@pytest.mark.parametrize(
    ("done", "number", "label", "said"),
    [
        ("added", 3, "Note 3", "is kept: it marks its day in every answer"),
        ("removed", 4, "Note 4", "is gone: it marks no answer any more"),
        ("missing", 7, "Note 7", "is not there: these are"),
        ("too long", None, "Not kept", "a note has at most 200 characters, to fit beside the figures"),
    ],
)
def test_it_says_what_was_done(done: Done, number: int | None, label: str, said: str) -> None:
    assert line(report(Noted((FAIR,), done, number), NAMES), label) == said


def test_without_notes_it_says_how_to_write_one() -> None:
    told = report(Noted(()), NAMES)
    assert told.table is None
    assert told.notes[0] == "There is none yet."
    assert "Trade fair" in words(told)
