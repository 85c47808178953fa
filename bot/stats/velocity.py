"""How fast hand-offs move: what `velocity` answers, and the arithmetic that makes it. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.stats.cohort import Counts, Ending, Tally, counts, groups
from bot.stats.marks import Mark
from bot.stats.maths.incidence import ROUNDING, Event, curve, sampled
from bot.stats.onward import Stage
from bot.stats.query import Clock, Query
from bot.stats.rates import CAUSES, Age, Ends, Horizon, ends
from bot.stats.split import TIMES, complete
from bot.stats.times import DAY, ON_THE_WALL, Times, times

NONE = Counts()
POINTS = 18
"""Steps of a curve at most: with its beginning and its end it has 20 points, which is what charts take."""
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440)
"""Minutes between two points of a curve: whatever is read easily. Beyond them whole days."""


@dataclass(frozen=True, slots=True)
class Curve:
    """How many hand-offs had ended by each cause so many `minutes` after the offer: shares (0 to 1), and counts.

    The shares allow for those that are not as old.
    """

    minutes: tuple[int, ...]
    shares: Mapping[str, tuple[float, ...]]
    counts: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the hand-offs of one group are decided, on the working clock and on the wall.

    `over` says whether its time is: a week that is not complete is no point of a line.
    """

    name: str
    counts: Counts
    working: Times
    wall: Times
    over: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Velocity:
    """The answer. `ends` says how hand-offs end by the horizon and `curve` how they come to it; None where too many
    times are unknown.

    `half`: in how many minutes half of all hand-offs had been accepted, on the horizon's clock; None: not within it.
    `stages`: SAL → SQL, MQL → SQL, MQL → won; none where the question was asked by a dimension, which has `groups`.
    `stuck` open ones are older, in working time, than nine tenths are when they are decided; None where that is not
    known. `repeats` are hand-offs of leads that had been offered before, in no other figure. `before` are the times at
    work of the window to compare with, None where nothing was handed off in it; nobody says whether the difference is
    one, so it gets no arrow.
    """

    query: Query
    as_of: datetime
    ends: Ends
    curve: Curve | None
    half: int | None
    total: Pace
    stages: tuple[Stage, ...]
    stuck: int | None
    repeats: Counts
    before: Times | None = None
    groups: tuple[Pace, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """What the store counted, by group: outcomes, and on each clock what has ended and the ages of what is open.

    Ages are those that times are told by; a minute more at work is older than any card. `waiting` are those of all, as
    the horizon asked for has them.
    """

    tallies: Sequence[Tally]
    ended: Mapping[Clock, Sequence[Ending]]
    ages: Mapping[Clock, Mapping[str, Sequence[Age]]]
    waiting: Sequence[Age]
    repeats: Counts = NONE
    before: Times | None = None
    marks: tuple[Mark, ...] = ()


def velocity(
    query: Query, as_of: datetime, rows: Rows, *, horizon: Horizon, expiry: Horizon, stages: Iterable[Stage] = ()
) -> Velocity:
    """The answer. Rates look as far as the `horizon`; times on the working clock as far as a card lives (`expiry`)."""
    ended, ages = rows.ended[horizon.clock], rows.waiting
    found = ends(ended, ages, counts(rows.tallies), horizon, query.confidence, by_outcome=query.by_outcome)
    events = [Event(horizon.told(one.minutes), one.cause, one.n) for one in ended if one.minutes is not None]
    events += [Event(minutes, None, n) for minutes, n in ages]
    rising = curve(events, "accepted", horizon.minutes) if found.incidence else []
    total = _pace(
        "", found.counts, rows.ended, {clock: _all(of_clock) for clock, of_clock in rows.ages.items()}, expiry
    )
    return Velocity(
        query=query,
        as_of=as_of,
        ends=found,
        curve=_curve(events, horizon) if found.incidence and found.counts.handed_off else None,
        half=next((minute for minute, share in rising if share >= 0.5 - ROUNDING), None),
        total=total,
        stages=tuple(stages),
        stuck=_stuck(total.working, _all(rows.ages["working"])),
        repeats=rows.repeats,
        before=rows.before,
        groups=tuple(_groups(query, as_of, rows, expiry)),
        marks=rows.marks,
    )


def marks(minutes: int) -> tuple[int, ...]:
    """The minutes at which a curve is read: 0, easily read ones, and the last; 20 at most."""
    step = next((one for one in STEPS if minutes <= POINTS * one), DAY * -(-minutes // (POINTS * DAY)))
    return (*range(0, minutes, step), minutes)


def _curve(events: Sequence[Event], horizon: Horizon) -> Curve:
    at = marks(horizon.minutes)
    shares = {cause: tuple(heights) for cause, heights in sampled(events, CAUSES, at).items()}
    return Curve(at, shares, {cause: tuple(_by_then(events, cause, at)) for cause in CAUSES})


def _by_then(events: Iterable[Event], cause: str, at: Iterable[int]) -> Iterator[int]:
    of_cause = [(event.minutes, event.n) for event in events if event.cause == cause]
    return (sum(n for minutes, n in of_cause if minutes <= last) for last in at)


def _stuck(took: Times, ages: Iterable[Age]) -> int | None:
    if took.p90 is None or not took.enough:
        return None
    return sum(n for minutes, n in ages if minutes > took.p90)


def _groups(query: Query, as_of: datetime, rows: Rows, expiry: Horizon) -> Iterator[Pace]:
    """The largest first; weeks, months and tiers in their order, people by name (there is no league)."""
    by, window = query.by, replace(query.cohort.window, end=min(query.cohort.window.end, as_of))
    found = groups(rows.tallies) if by else ()
    in_order = by in TIMES or by in ("rep", "tier")
    by_name = {clock: _by_name(of_clock) for clock, of_clock in rows.ended.items()} if by else {}
    for group in sorted(found, key=lambda one: one.name) if in_order else found:
        ended = {clock: of_clock.get(group.name, ()) for clock, of_clock in by_name.items()}
        ages = {clock: of_clock.get(group.name, ()) for clock, of_clock in rows.ages.items()}
        over = by is None or by not in TIMES or complete(by, group.name, window)
        yield replace(_pace(group.name, group.counts, ended, ages, expiry), over=over)


def _by_name(endings: Iterable[Ending]) -> dict[str, list[Ending]]:
    found: dict[str, list[Ending]] = {}
    for one in endings:
        found.setdefault(one.name, []).append(one)
    return found


def _pace(
    name: str,
    of_group: Counts,
    ended: Mapping[Clock, Sequence[Ending]],
    ages: Mapping[Clock, Sequence[Age]],
    expiry: Horizon,
) -> Pace:
    working = times(ended["working"], ages["working"], expiry)
    return Pace(name, of_group, working, times(ended["wall"], ages["wall"], ON_THE_WALL))


def _all(ages: Mapping[str, Sequence[Age]]) -> list[Age]:
    return [age for of_name in ages.values() for age in of_name]
