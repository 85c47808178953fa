"""`/funnel by DIM`: the groups of a cohort beside each other, and which of them chance does not explain."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.answers.inquiry import Inquiry
from bot.answers.marks import marks
from bot.answers.rates import assembled, horizon_of, rows_by
from bot.stats.cohort import Counts
from bot.stats.query import Dim, Window
from bot.stats.rates import Ends, ends
from bot.stats.split import STRATA, Part, Parts, behind, compares, explains, largest, parts, rests
from bot.store import cohorts


def split(inquiry: Inquiry) -> Parts:
    """The groups of `query.by`; ValueError where it has none."""
    query, as_of, by = inquiry.query, inquiry.as_of, inquiry.query.by
    if by is None:
        raise ValueError(f"query {query.text}: expected a dimension to split by")
    total, found = groups(inquiry, by)
    return Parts(
        query=query,
        as_of=as_of,
        by=by,
        total=total,
        groups=tuple(_looked_behind(inquiry, by, found)),
        marks=marks(inquiry),
    )


def groups(inquiry: Inquiry, by: Dim) -> tuple[Ends, tuple[Part, ...]]:
    """How all hand-offs end together, and in the groups of a dimension."""
    query, horizon = inquiry.query, horizon_of(inquiry)
    rows = rows_by(inquiry, horizon, by)
    by_name = assembled(query, rows, horizon)
    total = ends(
        rows.ended,
        [age for some in rows.open.values() for age in some],
        sum((one.counts for one in by_name.values()), Counts()),
        horizon,
        query.confidence,
        by_outcome=query.by_outcome,
    )
    others = rests(largest(by_name), by_name, rows.ended, rows.open, query.confidence) if compares(by) else {}
    return total, parts(by, by_name, others, until(query.cohort.window, inquiry))


def until(window: Window, inquiry: Inquiry) -> Window:
    """The window up to now: what is left of it has not happened yet."""
    return replace(window, end=min(window.end, inquiry.as_of))


def _looked_behind(inquiry: Inquiry, by: Dim, found: Sequence[Part]) -> Iterator[Part]:
    """The groups, and for those that differ whether something else explains it; asked only if one does."""
    if not any(part.versus and part.versus.clear for part in found):
        yield from found
        return
    tx, cohort, as_of = inquiry.tx, inquiry.query.cohort, inquiry.as_of
    strata = {dim: cohorts.strata(tx, cohort, as_of, by, (dim,)) for dim in STRATA if dim != by}
    for part in found:
        clear = part.versus and part.versus.clear
        dim = next((dim for dim, rows in strata.items() if explains(part, rows)), None) if clear else None
        yield behind(part, dim) if dim else part
