"""The reasons of rejection as a chart and a table, and those of groups. Pure."""

from dataclasses import replace

from bot.blocks.funnel.cells import Row, count, named
from bot.blocks.funnel.report import Cell, Chart, Column, Table
from bot.blocks.funnel.words import Names, change_words, short_rate, signed
from bot.stats.maths.differences import Comparison
from bot.stats.query import Dim
from bot.stats.rejections import OfGroup, OfReason, Rejections
from bot.stats.verdicts import small, suspected

TOP_REASONS = 3
MOST_BARS = 20
UNIT = "rejections"

_REASONS = (
    Column("reason", "Reason", figures=False),
    Column("n", "Rejected"),
    Column("share", "Share"),
    Column("before", "Before"),
    Column("change", "Change", figures=False),
    Column("where", "Most from", figures=False),
)
_GROUPS = (
    Column("group", "Group", figures=False),
    Column("rejected", "Rejected"),
    Column("apart", "Unlike the others", figures=False),
    Column("first", "Most", figures=False, bare=True),
    Column("second", "Second", figures=False, bare=True),
    Column("third", "Third", figures=False, bare=True),
)


def chart(found: Rejections, names: Names) -> Chart:
    """How often each reason was given; by the dimension asked for, how many of each group were turned down."""
    if found.groups and found.query.by:
        by, groups = found.query.by, found.groups[:MOST_BARS]
        rejected = {"Rejections": tuple(float(one.counts.rejected) for one in groups)}
        return Chart("bar", f"Rejections by {by}", tuple(names.group(by, one.name) for one in groups), rejected, UNIT)
    shown = [one for one in found.reasons if one.share.k][:MOST_BARS]
    counted = {"Rejections": tuple(float(one.share.k) for one in shown)}
    return Chart("bar", "Rejections by reason", tuple(names.reason(one.code) for one in shown), counted, UNIT)


def table(found: Rejections, names: Names) -> Table:
    """A row for each reason, or for each group."""
    if found.groups:
        rows = tuple(_group_row(one, found.query.by, names) for one in found.groups)
        columns = (replace(_GROUPS[0], name=(found.query.by or "group").capitalize()), *_GROUPS[1:])
        return Table(f"Rejections by {found.query.by}", columns, rows)
    return Table("Rejections by reason", _REASONS, tuple(_row(one, found, names) for one in given(found)))


def given(found: Rejections) -> list[OfReason]:
    """Those that were given, and those that clearly fewer gave than before."""
    return [one for one in found.reasons if one.share.k or (one.change and one.change.clear)]


def _row(one: OfReason, found: Rejections, names: Names) -> Row:
    before, share = one.before, one.share.estimate
    where = f"{called(one.where[0], found.where, names)} {one.where[1]:,}" if one.where else "–"
    return (
        named(names.reason(one.code)),
        count(one.share.k),
        Cell(short_rate(one.share), share.value if share else None),
        Cell(f"{before.k:,} of {before.n:,}" if before and before.n else "–", before.k if before else None),
        named(_change(one.change)),
        named(where),
    )


def _change(change: Comparison | None) -> str:
    if change is None:
        return "–"
    if change.clear:
        return change_words(change).replace(" points", "")
    if unclear(change):
        return "not clear"
    return f"{signed(change.difference.value)}{' small' if small(change) else '? not sure yet'}"


def unclear(change: Comparison) -> bool:
    """Whether chance may be all there is to a change."""
    return not (change.clear or suspected(change) or small(change))


def _group_row(one: OfGroup, by: Dim | None, names: Names) -> Row:
    top = [f"{names.reason(code)} {n:,}" for code, n in one.reasons[:TOP_REASONS]]
    apart = " · ".join(f"{_arrow(how)} {names.reason(code)} {signed(how.difference.value)}" for code, how in one.apart)
    words = [apart or "–", *top, *["–"] * (TOP_REASONS - len(top))]
    return (named(called(one.name, by, names)), count(one.counts.rejected), *map(named, words))


def _arrow(how: Comparison) -> str:
    return "↑" if how.difference.value > 0 else "↓"


def called(name: str, by: Dim | None, names: Names) -> str:
    """How a group is called."""
    return names.group(by, name) if by else name
