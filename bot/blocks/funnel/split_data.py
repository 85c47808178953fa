"""A cohort split by a dimension as a table for programs: a row for each group. Pure."""

from bot.blocks.funnel.cells import Row, raw, shares, verdict
from bot.blocks.funnel.report import Column, Table
from bot.blocks.funnel.words import Names
from bot.stats.split import Part, Parts

DATA = (
    ("group", "Group"),
    ("handed_off", "Handed off"),
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("expired", "Expired"),
    ("open", "Open"),
    ("void", "Void"),
    ("sql", "SQL"),
    ("won", "Won"),
    ("accept_rate", "Accept rate"),
    ("low", "From"),
    ("high", "To"),
    ("difference", "Against the rest"),
    ("clear", "Clear"),
    ("shrunken_rate", "Shrunken rate"),
)


def data(parts: Parts, names: Names) -> Table:
    """Counts, and shares from 0 to 1 with their limits."""
    columns = tuple(Column(key, name, figures=key not in ("group", "clear")) for key, name in DATA)
    return Table(f"By {parts.by}", columns, tuple(_row(parts, part, names) for part in parts.groups))


def _row(parts: Parts, part: Part, names: Names) -> Row:
    counts = (getattr(part.counts, key) for key, _ in DATA[1:9])
    known = part.rate.estimate if part.rate.n else None
    return raw(names.group(parts.by, part.name), *counts, *shares(known), *verdict(part.versus), part.shrunken)
