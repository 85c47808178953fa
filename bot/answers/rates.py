"""How a cohort's hand-offs end, from the database: the clocks, and how far they may be looked at.

Ages are counted as times are: on the wall clock, or in the working hours of whoever a hand-off was offered to, by the
calendars in force.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from bot.answers.inquiry import Inquiry
from bot.clock.calendar import Calendar
from bot.config.policy import Policy
from bot.stats.cohort import Counts, Ending, Tally, Waiting, groups
from bot.stats.onward import shortened
from bot.stats.query import After, Dim, Query
from bot.stats.rates import RATES_FROM, Age, Ends, Horizon, ends
from bot.store import cohorts

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FURTHEST = 400
"""So many days back, at most, somebody's working time is looked for."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Hand-offs of groups: all by outcome, those that have ended by when, and how old the open ones are, by group."""

    tallies: list[Tally]
    ended: list[Ending]
    open: dict[str, list[Age]]


def ends_of(inquiry: Inquiry, horizon: Horizon) -> Ends:
    """How the whole cohort ends."""
    query = inquiry.query
    nobody = ends((), (), Counts(), horizon, query.confidence, by_outcome=query.by_outcome)
    return ends_by(inquiry, horizon, None).get("", nobody)


def ends_by(inquiry: Inquiry, horizon: Horizon, by: Dim | None) -> dict[str, Ends]:
    """How each group of a dimension ends, the largest first; without one, all under the name ""."""
    return assembled(inquiry.query, rows_by(inquiry, horizon, by), horizon)


def rows_by(inquiry: Inquiry, horizon: Horizon, by: Dim | None) -> Rows:
    """What the database has of the groups of a dimension."""
    tx, cohort, as_of = inquiry.tx, inquiry.query.cohort, inquiry.as_of
    old = ripe(inquiry.policy, as_of, horizon)
    open_ = inquiry.folded(by, cohorts.waiting(tx, cohort, as_of, old, by))
    return Rows(
        tallies=inquiry.folded(by, cohorts.tallies(tx, cohort, as_of, by)),
        ended=inquiry.folded(by, cohorts.endings(tx, cohort, as_of, horizon.clock, by)),
        open=ages(open_, inquiry.policy, as_of, horizon),
    )


def assembled(query: Query, rows: Rows, horizon: Horizon) -> dict[str, Ends]:
    """How each group ends, by its rows."""
    endings: dict[str, list[Ending]] = {}
    for one in rows.ended:
        endings.setdefault(one.name, []).append(one)
    return {
        group.name: ends(
            endings.get(group.name, ()),
            rows.open.get(group.name, ()),
            group.counts,
            horizon,
            query.confidence,
            by_outcome=query.by_outcome,
        )
        for group in groups(rows.tallies)
    }


def horizon_of(inquiry: Inquiry) -> Horizon:
    """How far the rates of a query look: what was asked for, else until a card expires; shorter in a young window.

    Where fewer than 10 hand-offs are as old, it is the age that 10 have reached; unless that is less than an hour.
    """
    query, as_of, policy = inquiry.query, inquiry.as_of, inquiry.policy
    asked = wanted(query, policy)
    old = ripe(policy, as_of, asked)
    if query.cohort.window.end <= old:
        return asked
    first = cohorts.oldest(inquiry.tx, query.cohort, as_of, RATES_FROM)
    if len(first) < RATES_FROM or all(one.since and one.since < old for one in first):
        return asked
    every = cohorts.eldest(inquiry.tx, query.cohort, as_of, RATES_FROM)
    reached = sorted(map(_aging(policy, as_of, asked), every))[-RATES_FROM]
    return _shortened(asked, reached)


def wanted(query: Query, policy: Policy) -> Horizon:
    """How far the rates of a query look in a window that is old enough."""
    return horizon(query.after, policy) if query.after else expiry(policy)


def horizon(after: After, policy: Policy) -> Horizon:
    """What was asked for, in minutes. A working day is the longest one of the week of the default calendar."""
    day = next(iter(policy.calendars.values())).full_day
    length = {"h": HOUR, "d": DAY, "bh": HOUR, "bd": day}[after.unit] * after.amount
    return Horizon(length // MINUTE, after.clock, after.text)


def expiry(policy: Policy) -> Horizon:
    """Until a card expires, by whoever's calendar it is counted: the longest of the SLA in force.

    Its text is that of the default calendar.
    """
    calendar = next(iter(policy.calendars.values()))
    spans = [sla.rungs[-1].after for sla in policy.slas.values()]
    longest = max(spans, key=lambda span: span.by(calendar))
    text = f"{longest.days}bd" if not longest.time else f"{longest.by(calendar) / HOUR:g}bh"
    everybodys = (one for key in (*policy.people.persons, None) for one in _clocks(policy, key, None))
    return Horizon(max(_life(policy, one) for one in everybodys) // MINUTE, "working", text, life=True)


def ripe(policy: Policy, as_of: datetime, horizon: Horizon) -> datetime:
    """A moment (UTC) such that whatever was offered before it is older than the horizon, whoever's clock it is."""
    return min(ripe_by(policy, as_of, horizon).values())


def ripe_by(policy: Policy, as_of: datetime, horizon: Horizon) -> dict[str | None, datetime]:
    """The same for each person (key) it may have been offered to; under None for everybody else."""
    if horizon.clock == "wall":
        return {None: as_of - horizon.minutes * MINUTE}
    moments: dict[Calendar, datetime] = {}
    found: dict[str | None, datetime] = {}
    for key in (*policy.people.persons, None):
        clocks = _clocks(policy, key, as_of)
        for one in clocks:
            if one not in moments:
                moments[one] = _back(one, as_of, _length(policy, one, horizon))
        found[key] = min(moments[one] for one in clocks)
    return found


def ages(waiting: Iterable[Waiting], policy: Policy, as_of: datetime, horizon: Horizon) -> dict[str, list[Age]]:
    """How old open hand-offs are on the horizon's clock, by group; what is older than the horizon is as old as it."""
    found: dict[str, list[Age]] = {}
    age = _aging(policy, as_of, horizon)
    for one in waiting:
        found.setdefault(one.name, []).append((age(one), one.n))
    return found


def _shortened(asked: Horizon, reached: int) -> Horizon:
    """The horizon, or where so many minutes are less, these in whole hours; less than an hour tells nothing."""
    if asked.clock == "wall":
        return shortened(asked, reached)
    if reached >= asked.minutes or reached < 60:
        return asked
    return Horizon(reached // 60 * 60, "working", f"{reached // 60}bh", shortened=True)


def _aging(policy: Policy, as_of: datetime, horizon: Horizon) -> Callable[[Waiting], int]:
    """Tells an age in minutes, no more than the horizon's; whose hours those are, it looks up once per person."""
    furthest = horizon.minutes
    urgent = {tier for tier, sla in policy.slas.items() if sla.urgent}
    usual = cache(lambda key: policy.clock_of(key, as_of, urgent=False))
    length = cache(lambda hours: _length(policy, hours, horizon))

    def on_the_wall(one: Waiting) -> int:
        return min((as_of - one.since) // MINUTE, furthest) if one.since else furthest

    def at_work(one: Waiting) -> int:
        if one.since is None:
            return furthest
        key, since = one.first_owner, one.since
        hours = policy.clock_of(key, since, urgent=True) if one.tier in urgent else usual(key)
        age = hours.between(since, as_of)
        return furthest if age >= length(hours) else min(age // MINUTE, furthest)

    return on_the_wall if horizon.clock == "wall" else at_work


def _length(policy: Policy, calendar: Calendar, horizon: Horizon) -> timedelta:
    """The horizon by somebody's calendar."""
    return _life(policy, calendar) if horizon.life else horizon.minutes * MINUTE


def _life(policy: Policy, calendar: Calendar) -> timedelta:
    """How long a card lives at most that is counted by a calendar."""
    return max(sla.rungs[-1].after.by(calendar) for sla in policy.slas.values())


def _clocks(policy: Policy, key: str | None, as_of: datetime | None) -> list[Calendar]:
    """The calendars by which a hand-off to somebody may be counted: their hours, and those on call if any is urgent.

    Days off count where a moment is given.
    """
    hours = policy.clock_of(key, as_of, urgent=False) if as_of else policy.hours_of(key)
    on_call = policy.on_call_of(key) if any(sla.urgent for sla in policy.slas.values()) else None
    return [hours, on_call] if on_call else [hours]


def _back(calendar: Calendar, end: datetime, length: timedelta) -> datetime:
    """A moment, whole days before `end`, since when at least so much working time has passed."""
    for days in range(1, FURTHEST):
        start = end - days * DAY
        if calendar.between(start, end) >= length:
            return start
    return end - FURTHEST * DAY
