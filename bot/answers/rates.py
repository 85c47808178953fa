"""How a cohort's hand-offs end, from the database: the clocks, and how far they may be looked at.

Ages are counted as times are: on the wall clock, or in the working hours of whoever a hand-off was offered to, by the
calendars in force.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.answers.inquiry import Inquiry
from bot.clock.calendar import Calendar
from bot.config.policy import Policy
from bot.stats.cohort import Counts, Ending, Tally, Waiting, groups
from bot.stats.query import After, Clock, Dim, Query
from bot.stats.rates import RATES_FROM, Age, Ends, Horizon, ends
from bot.store import cohorts

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FURTHEST = 400
"""So many days back, at most, somebody's working time is looked for."""


def ends_of(inquiry: Inquiry, horizon: Horizon) -> Ends:
    """How the whole cohort ends."""
    nobody = ends((), (), Counts(), horizon, inquiry.query.confidence)
    return ends_by(inquiry, horizon, None).get("", nobody)


def ends_by(inquiry: Inquiry, horizon: Horizon, by: Dim | None) -> dict[str, Ends]:
    """How each group of a dimension ends, the largest first; without one, all under the name ""."""
    tx, query, as_of = inquiry.tx, inquiry.query, inquiry.as_of
    old = ripe(inquiry.policy, as_of, horizon)
    tallies = inquiry.folded(by, cohorts.tallies(tx, query.cohort, as_of, by))
    ended = inquiry.folded(by, cohorts.endings(tx, query.cohort, as_of, horizon.clock, by))
    open_ = inquiry.folded(by, cohorts.waiting(tx, query.cohort, as_of, old, by))
    return assembled(tallies, ended, ages(open_, inquiry.policy, as_of, horizon), horizon, query.confidence)


def assembled(
    tallies: Iterable[Tally],
    ended: Iterable[Ending],
    open_: Mapping[str, list[Age]],
    horizon: Horizon,
    confidence: float,
) -> dict[str, Ends]:
    """The rows of the database, by group."""
    endings: dict[str, list[Ending]] = {}
    for one in ended:
        endings.setdefault(one.name, []).append(one)
    return {
        group.name: ends(endings.get(group.name, ()), open_.get(group.name, ()), group.counts, horizon, confidence)
        for group in groups(tallies)
    }


def horizon_of(inquiry: Inquiry) -> Horizon:
    """How far the rates of a query look: what was asked for, else until a card expires; shorter in a young window.

    Where fewer than 10 hand-offs are as old, it is the age that 10 have reached.
    """
    query, as_of, policy = inquiry.query, inquiry.as_of, inquiry.policy
    asked = wanted(query, policy)
    if query.cohort.window.end <= ripe(policy, as_of, asked):
        return asked
    first = cohorts.oldest(inquiry.tx, query.cohort, as_of, RATES_FROM)
    if len(first) < RATES_FROM:
        return asked
    youngest = min(_age(one, policy, as_of, asked.clock) for one in first)
    if youngest >= asked.minutes:
        return asked
    minutes = youngest // 60 * 60 or youngest
    unit = "bh" if asked.clock == "working" else "h"
    text = f"{minutes // 60}{unit}" if minutes >= 60 else f"{minutes} min"
    return Horizon(minutes, asked.clock, text, shortened=True)


def wanted(query: Query, policy: Policy) -> Horizon:
    """How far the rates of a query look in a window that is old enough."""
    return horizon(query.after, policy) if query.after else expiry(policy)


def horizon(after: After, policy: Policy) -> Horizon:
    """What was asked for, in minutes. A working day is the longest one of the week of the default calendar."""
    day = next(iter(policy.calendars.values())).full_day
    length = {"h": HOUR, "d": DAY, "bh": HOUR, "bd": day}[after.unit] * after.amount
    return Horizon(length // MINUTE, after.clock, after.text)


def expiry(policy: Policy) -> Horizon:
    """The longest time, under the SLA in force, after which a card expires."""
    calendar = next(iter(policy.calendars.values()))
    longest = max((sla.rungs[-1].after for sla in policy.slas.values()), key=lambda span: span.by(calendar))
    length = longest.by(calendar)
    text = f"{longest.days}bd" if not longest.time else f"{length / HOUR:g}bh"
    return Horizon(length // MINUTE, "working", text)


def ripe(policy: Policy, as_of: datetime, horizon: Horizon) -> datetime:
    """A moment (UTC) such that whatever was offered before it is older than the horizon, whoever's clock it is."""
    length = horizon.minutes * MINUTE
    if horizon.clock == "wall":
        return as_of - length
    return min(_back(calendar, as_of, length) for calendar in _calendars(policy, as_of))


def ages(waiting: Iterable[Waiting], policy: Policy, as_of: datetime, horizon: Horizon) -> dict[str, list[Age]]:
    """How old open hand-offs are on the horizon's clock, by group; what is older than the horizon is as old as it."""
    found: dict[str, list[Age]] = {}
    for one in waiting:
        age = horizon.minutes if one.since is None else _age(one, policy, as_of, horizon.clock)
        found.setdefault(one.name, []).append((min(age, horizon.minutes), one.n))
    return found


def _age(one: Waiting, policy: Policy, as_of: datetime, clock: Clock) -> int:
    if one.since is None:
        raise ValueError("an open hand-off without the moment of its offer has no age")
    if clock == "wall":
        return (as_of - one.since) // MINUTE
    sla = policy.slas.get(one.tier or "")
    hours = policy.clock_of(one.first_owner, one.since, urgent=bool(sla and sla.urgent))
    return hours.between(one.since, as_of) // MINUTE


def _calendars(policy: Policy, as_of: datetime) -> list[Calendar]:
    """All by which somebody works; those on call work more, so their ages are only greater."""
    theirs = {policy.clock_of(key, as_of, urgent=False) for key in policy.people.persons}
    return [*theirs, next(iter(policy.calendars.values()))]


def _back(calendar: Calendar, end: datetime, length: timedelta) -> datetime:
    """A moment, whole days before `end`, since when at least so much working time has passed."""
    for days in range(1, FURTHEST):
        start = end - days * DAY
        if calendar.between(start, end) >= length:
            return start
    return end - FURTHEST * DAY
