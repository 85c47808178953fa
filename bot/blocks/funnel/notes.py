"""The words of `note`: what was done, and which notes mark the numbers."""

from collections.abc import Iterator

from bot.blocks.funnel.cells import Row, named
from bot.blocks.funnel.report import Cell, Column, Line, Report, Step, Table
from bot.blocks.funnel.words import Names, day
from bot.stats.notes import LONGEST, Note, Noted

READING = "Notes mark their day (UTC) in every answer whose window it lies in"
HOW = 'Write one: `note "Trade fair" 2026-03-04`. Take one away: `note remove 3`.'

_COLUMNS = (
    Column("number", "No."),
    Column("on", "Day", figures=False),
    Column("words", "Note", figures=False),
    Column("by", "By", figures=False),
)


def report(noted: Noted, names: Names) -> Report:
    """The newest notes, below what has just been done to one of them."""
    table = Table("Notes, the latest day first", _COLUMNS, tuple(_row(one, names) for one in noted.newest), most=20)
    return Report(
        title="Notes",
        command="note",
        reading=READING,
        lines=tuple(_done(noted)),
        table=table if noted.newest else None,
        notes=(HOW,) if noted.newest else ("There is none yet.", HOW),
        steps=(Step("Overview", ""),),
        data=table,
        unsharable=True,
    )


def _done(noted: Noted) -> Iterator[Line]:
    match noted.done:
        case "added":
            yield Line(f"Note {noted.number}", "is kept: it marks its day in every answer")
        case "removed":
            yield Line(f"Note {noted.number}", "is gone: it marks no answer any more")
        case "missing":
            yield Line(f"Note {noted.number}", "is not there" + (": these are" if noted.newest else ""))
        case "too long":
            yield Line("Not kept", f"a note has at most {LONGEST} characters, to fit beside the figures")


def _row(one: Note, names: Names) -> Row:
    by = names.person(one.by) if one.by else "command line"
    return (
        Cell(str(one.number), one.number),
        Cell(f"{day(one.on)} {one.on.year}", one.on.isoformat()),
        named(one.words),
        named(by),
    )
