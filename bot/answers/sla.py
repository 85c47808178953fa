"""Whether hand-offs were answered by their due time: `/funnel sla`, from the database."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.answers.inquiry import Inquiry
from bot.answers.marks import marks
from bot.answers.rates import ages, expiry
from bot.stats.cohort import Due
from bot.stats.query import Cohort, Dim, Window
from bot.stats.sla import Rows, Sla
from bot.stats.sla import sla as answered
from bot.store import due_times

LONGEST = 5
"""Overdue ones that are listed one by one."""
TICK = timedelta(microseconds=1)
FAR = timedelta(days=731)
"""No due time is set further ahead."""


def sla(inquiry: Inquiry) -> Sla:
    """By tier, unless asked by another dimension; how they are answered now, as of the inquiry."""
    tx, query, as_of, policy = inquiry.tx, inquiry.query, inquiry.as_of, inquiry.policy
    by: Dim = query.by or "tier"
    over, horizon = _over(query.cohort, as_of), expiry(policy)
    open_ = inquiry.folded(by, due_times.overdue(tx, over, as_of, by))
    rows = Rows(
        due=inquiry.folded(by, due_rows(inquiry, by)),
        ended=inquiry.folded(by, due_times.answered(tx, over, as_of, by)),
        ages=ages(open_, policy, as_of, horizon),
        versions=due_times.due(tx, over, as_of, "version"),
        before=due_rows(inquiry.before) if inquiry.before else None,
        longest=due_times.longest_overdue(tx, over, as_of, LONGEST),
        marks=marks(inquiry),
    )
    return answered(query, as_of, rows, tiers=list(policy.criteria.tiers), horizon=horizon, target=policy.targets.sla)


def due_rows(inquiry: Inquiry, by: Dim | None = None) -> list[Due]:
    """The hand-offs whose due time fell in the window and is over; and those open now that are due later.

    The latter only where the window reaches to the as-of date. Who answers early what is due later is not in it yet.
    """
    tx, cohort, as_of = inquiry.tx, inquiry.query.cohort, inquiry.as_of
    rows = due_times.due(tx, _over(cohort, as_of), as_of, by)
    if cohort.window.end < as_of:
        return rows
    ahead = replace(cohort, window=Window(as_of + TICK, as_of + FAR, ""))
    return rows + [row for row in due_times.due(tx, ahead, as_of, by) if row.answered == "not_yet"]


def _over(cohort: Cohort, as_of: datetime) -> Cohort:
    """The part of the window that is over."""
    window = cohort.window
    return replace(cohort, window=replace(window, end=min(window.end, as_of + TICK)))
