"""What a figure means and how it came about: `/funnel explain`, by the answers that show it."""

from dataclasses import replace

from bot.answers.inquiry import Inquiry
from bot.answers.overview import overview
from bot.answers.period import period
from bot.answers.reps import reps
from bot.answers.velocity import velocity
from bot.stats.explain import Explained, Records, counted, needed, top_reason, value
from bot.stats.metrics.table import named
from bot.store import reproduce


def explain(inquiry: Inquiry, metric: str) -> Explained:
    """The metric with this name (one of metrics.NAMES, else KeyError), with the counts of the inquiry's hand-offs."""
    found = named(metric)
    plain = replace(inquiry, query=replace(inquiry.query, sub="overview", by=None, basis="cohort"))
    which = needed(found)
    records = Records(
        overview(plain),
        velocity(plain) if which == "velocity" else None,
        period(plain) if which == "period" else None,
        reps(plain) if which == "reps" else None,
    )
    query, reason = plain.query, top_reason(records.overview)
    horizon = records.overview.now.horizon
    return Explained(
        metric=found,
        query=query,
        as_of=inquiry.as_of,
        counts=counted(found, records),
        value=value(found, records),
        horizon=horizon,
        reason=reason,
        sql=reproduce.sql(
            found.counts, reproduce.Counted(query.cohort, inquiry.as_of, horizon, query.previous, reason)
        ),
    )
