"""What a figure means and how it came about: `/funnel explain`, by the answers that show it."""

from dataclasses import replace

from bot.answers.inquiry import Inquiry
from bot.answers.overview import overview
from bot.answers.period import period
from bot.answers.rates import ends_by, ripe, ripe_by
from bot.answers.reps import age_of, kinds, owned, reps
from bot.answers.velocity import velocity
from bot.stats.explain import Explained, Records, needed, top_reason, value
from bot.stats.explain_rows import BY, counted
from bot.stats.metrics.metric import Metric
from bot.stats.metrics.table import named
from bot.store import reproduce
from bot.store.reproduce import Before, Counted


def explain(inquiry: Inquiry, metric: str) -> Explained:
    """The metric with this name (of metrics.table.NAMES, else KeyError), with the counts of the inquiry's hand-offs.

    Of all of them together: where the question is split, its `query.by` says what has been left undone.
    """
    found = named(metric)
    plain = replace(inquiry, query=replace(inquiry.query, sub="overview", by=None, basis="cohort"))
    records = _records(plain, found)
    query, reason = plain.query, top_reason(records.overview)
    counts, groups = counted(found, records)
    horizon, by = records.overview.now.horizon, BY.get(found.key, ())
    cohort = owned(query.cohort) if found.key == "limits" else query.cohort
    asked = Counted(cohort, inquiry.as_of, horizon, query.previous, reason, by=by, old=_old(plain, found, records))
    return Explained(
        metric=found,
        query=replace(query, by=inquiry.query.by),
        as_of=inquiry.as_of,
        counts=counts,
        value=value(found, records),
        horizon=horizon,
        reason=reason,
        sql=reproduce.sql(tuple(counts), asked),
        by=by,
        rows=() if inquiry.public else groups,
    )


def _records(plain: Inquiry, metric: Metric) -> Records:
    which, one = needed(metric), overview(plain)
    return Records(
        one,
        velocity(plain) if which == "velocity" else None,
        period(plain) if which == "period" else None,
        reps(plain) if which == "reps" else None,
        ends_by(plain, one.now.horizon, "source") if metric.key == "shrunken_rate" else {},
        kinds(plain, age_of(plain)) if metric.key == "limits" else (),
    )


def _old(inquiry: Inquiry, metric: Metric, records: Records) -> Before | None:
    """What is too young to be looked at is not in the figure."""
    if metric.key == "limits":
        return ripe_by(inquiry.policy, inquiry.as_of, age_of(inquiry))
    if metric.key == "mix":
        return {None: ripe(inquiry.policy, inquiry.as_of, records.overview.now.horizon)}
    return None
