"""`/funnel campaign "x"`: one campaign beside all others."""

from dataclasses import replace

from bot.answers.inquiry import Inquiry
from bot.answers.marks import marks
from bot.answers.rates import ends_of, horizon_of
from bot.answers.split import groups
from bot.stats.campaign import Campaign, compared, course_by
from bot.stats.period import summed
from bot.stats.query import Filter
from bot.store import cohorts


def campaign(inquiry: Inquiry) -> Campaign:
    """The campaign `query.subject` and its rest; ValueError where there is no subject."""
    query, name = inquiry.query, inquiry.query.subject
    if name is None:
        raise ValueError(f"query {query.text}: expected a campaign")
    mine, others = (_only(inquiry, name, negated=negated) for negated in (False, True))
    horizon, by = horizon_of(mine), course_by(query.cohort.window)
    own, rest = ends_of(mine, horizon), ends_of(others, horizon)
    rows = [cohorts.tallies(one.tx, one.query.cohort, one.as_of) for one in (mine, others)]
    versus, why = compared(own, rest, *rows)
    _, course = groups(mine, by)
    return Campaign(
        query=query,
        as_of=inquiry.as_of,
        name=name,
        own=own,
        rest=rest,
        versus=versus,
        why=why,
        by=by,
        course=course,
        marks=marks(inquiry),
        period=summed(cohorts.period(mine.tx, mine.query.cohort, mine.as_of)) if query.basis == "period" else None,
    )


def _only(inquiry: Inquiry, name: str, *, negated: bool) -> Inquiry:
    query = inquiry.query
    chosen = (*query.cohort.filters, Filter("campaign", (name,), negated=negated))
    return replace(inquiry, query=replace(query, cohort=replace(query.cohort, filters=chosen)))
