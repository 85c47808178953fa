"""How fast hand-offs move: `/funnel velocity`, from the database."""

from collections.abc import Iterator
from dataclasses import replace

from bot.answers.inquiry import Inquiry
from bot.answers.marks import marks
from bot.answers.onward import after_accept, after_offer, watched_since
from bot.answers.rates import ages, expiry, horizon_of
from bot.stats.onward import MQL_TO_SQL, MQL_TO_WON, SAL_TO_SQL, Stage
from bot.stats.query import Clock
from bot.stats.rates import Horizon
from bot.stats.times import ON_THE_WALL, Times, times
from bot.stats.velocity import Rows, Velocity
from bot.stats.velocity import velocity as answered
from bot.store import cohorts


def velocity(inquiry: Inquiry) -> Velocity:
    """The curve by the horizon asked for, else until a card expires; times; and by the dimension asked for, if any."""
    horizon, until = horizon_of(inquiry), expiry(inquiry.policy)
    rows = _rows(inquiry, horizon, {"working": replace(until, minutes=until.minutes + 1), "wall": ON_THE_WALL})
    stages = () if inquiry.query.by else _stages(inquiry)
    return answered(inquiry.query, inquiry.as_of, rows, horizon=horizon, expiry=until, stages=stages)


def _rows(inquiry: Inquiry, horizon: Horizon, furthest: dict[Clock, Horizon]) -> Rows:
    tx, cohort, as_of, by = inquiry.tx, inquiry.query.cohort, inquiry.as_of, inquiry.query.by
    old = min(watched_since(inquiry.policy, as_of, one) for one in (horizon, *furthest.values()))
    open_ = inquiry.folded(by, cohorts.waiting(tx, cohort, as_of, old, by))
    return Rows(
        tallies=inquiry.folded(by, cohorts.tallies(tx, cohort, as_of, by)),
        ended={clock: inquiry.folded(by, cohorts.endings(tx, cohort, as_of, clock, by)) for clock in furthest},
        ages={clock: ages(open_, inquiry.policy, as_of, one) for clock, one in furthest.items()},
        waiting=[age for some in ages(open_, inquiry.policy, as_of, horizon).values() for age in some],
        repeats=cohorts.repeats(tx, cohort, as_of),
        before=_times(inquiry.before) if inquiry.before else None,
        marks=marks(inquiry),
    )


def _times(inquiry: Inquiry) -> Times | None:
    """At work, of all hand-offs of a window; None where there are none."""
    tx, cohort, as_of, policy = inquiry.tx, inquiry.query.cohort, inquiry.as_of, inquiry.policy
    until = expiry(policy)
    open_ = cohorts.waiting(tx, cohort, as_of, watched_since(policy, as_of, until))
    ended = cohorts.endings(tx, cohort, as_of, "working")
    return times(ended, ages(open_, policy, as_of, until).get("", ()), until) if ended or open_ else None


def _stages(inquiry: Inquiry) -> Iterator[Stage]:
    yield after_accept(inquiry, SAL_TO_SQL)
    yield after_offer(inquiry, "sql", MQL_TO_SQL)
    yield after_offer(inquiry, "won", MQL_TO_WON)
