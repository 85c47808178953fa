"""The reasons of rejection as a table for programs: a row for each reason, or for each of each group. Pure."""

from collections.abc import Iterator

from bot.blocks.funnel.cells import Row, raw, shares, verdict
from bot.blocks.funnel.report import Column, Table
from bot.blocks.funnel.words import Names
from bot.stats.rejections import Rejections

COLUMNS = (
    Column("group", "Group", figures=False),
    Column("reason", "Reason", figures=False),
    Column("label", "Label", figures=False),
    Column("family", "Family", figures=False),
    Column("n", "Count"),
    Column("rejections", "Of"),
    Column("share", "Share"),
    Column("low", "From"),
    Column("high", "To"),
    Column("before_n", "Before"),
    Column("before_rejections", "Before, of"),
    Column("difference", "Difference"),
    Column("clear", "Clear", figures=False),
    Column("where", "Most from", figures=False),
    Column("where_n", "Most"),
)


def data(found: Rejections, names: Names) -> Table:
    """All of it: counts, and shares of the rejections from 0 to 1 with their limits.

    The difference is to the window before; of a group, to all other groups, and told only where it is clear.
    """
    rows = _of_groups(found, names) if found.groups else _of_all(found, names)
    return Table("Reasons of rejection", COLUMNS, tuple(rows))


def _of_all(found: Rejections, names: Names) -> Iterator[Row]:
    for one in found.reasons:
        where, most = one.where or (None, None)
        before = (one.before.k, one.before.n) if one.before else (None, None)
        code = (None, one.code, names.reason(one.code), one.family)
        place = names.group(found.where, where) if where else None
        figures = (one.share.k, one.share.n, *shares(one.share.estimate), *before, *verdict(one.change))
        yield raw(*code, *figures, place, most)


def _of_groups(found: Rejections, names: Names) -> Iterator[Row]:
    families = {one.code: one.family for one in found.reasons}
    for group in found.groups:
        name = names.group(found.query.by, group.name) if found.query.by else group.name
        apart, n = dict(group.apart), group.counts.rejected
        for code, k in group.reasons:
            figures = (k, n, k / n, None, None, None, None, *verdict(apart.get(code)))
            yield raw(name, code, names.reason(code), families.get(code), *figures, None, None)
