"""`/funnel basis=period`: the plain formula by the dates of events, for matching the reports of other systems."""

from collections.abc import Iterable
from dataclasses import replace

from bot.answers.inquiry import Inquiry
from bot.answers.rates import ends_of, horizon_of
from bot.stats.period import Period, PeriodAnswer, ordered, summed
from bot.store import cohorts


def period(inquiry: Inquiry) -> PeriodAnswer:
    """The answer, with groups where the query has a dimension."""
    query, by, before = inquiry.query, inquiry.query.by, inquiry.before
    rows = cohorts.period(inquiry.tx, query.cohort, inquiry.as_of, by)
    old = cohorts.period(inquiry.tx, before.query.cohort, inquiry.as_of) if before else None
    return PeriodAnswer(
        query=query,
        as_of=inquiry.as_of,
        by=by,
        total=summed(rows),
        before=summed(old) if old is not None else None,
        groups=ordered(_folded(inquiry.folded(by, rows)), by) if by else (),
        cohort=ends_of(inquiry, horizon_of(inquiry)),
    )


def _folded(rows: Iterable[Period]) -> Iterable[Period]:
    """One row for each name: persons who are not shown one by one have the same."""
    by_name: dict[str, Period] = {}
    for row in rows:
        known = [by_name[row.name]] if row.name in by_name else []
        by_name[row.name] = replace(summed([*known, row]), name=row.name)
    return by_name.values()
