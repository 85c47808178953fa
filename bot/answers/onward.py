"""How far hand-offs come in weeks, from the database: SAL → SQL, MQL → SQL, MQL → won; and how far back to look."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.answers.inquiry import Inquiry
from bot.answers.rates import ripe
from bot.config.policy import Policy
from bot.stats.onward import Goal, Stage, by_days, shortened, stage
from bot.stats.rates import RATES_FROM, Horizon
from bot.stats.times import ON_THE_WALL
from bot.store import cohorts

MINUTE = timedelta(minutes=1)


def after_accept(inquiry: Inquiry, days: int) -> Stage:
    """The accepted ones of a cohort on their way to SQL, by so many days after the accept."""
    tx, cohort, as_of = inquiry.tx, inquiry.query.cohort, inquiry.as_of
    horizon = reach(cohorts.accepts(tx, cohort, as_of, RATES_FROM), as_of, days)
    return stage(cohorts.later(tx, cohort, as_of), "sql", horizon, inquiry.query.confidence)


def after_offer(inquiry: Inquiry, goal: Goal, days: int) -> Stage:
    """All of a cohort on their way to `goal`, by so many days after the offer."""
    tx, cohort, as_of = inquiry.tx, inquiry.query.cohort, inquiry.as_of
    first = [one.since for one in cohorts.oldest(tx, cohort, as_of, RATES_FROM) if one.since]
    rows = cohorts.onward(tx, cohort, as_of, goal)
    return stage(rows, goal, reach(first, as_of, days), inquiry.query.confidence)


def reach(first: Sequence[datetime], as_of: datetime, days: int) -> Horizon:
    """So many days, or as many as ten have behind them: `first` are the moments (UTC) at which the first ten began.

    Fewer than ten get no rate anyway, and all the days.
    """
    if len(first) < RATES_FROM:
        return by_days(days)
    return shortened(by_days(days), (as_of - max(first)) // MINUTE)


def watched_since(policy: Policy, as_of: datetime, horizon: Horizon) -> datetime:
    """A moment (UTC): what was offered before it and is open is older than the horizon, and than times are told."""
    return min(ripe(policy, as_of, horizon), as_of - ON_THE_WALL.minutes * MINUTE)
