"""How far hand-offs come after the hand-off: SAL → SQL, MQL → SQL, MQL → won, each by so many days. Pure.

These stages take weeks, so the newest hand-offs have not had the time: the share by a horizon counts them for as long
as they have been watched (competing risks, see incidence.py). Always on the wall clock, in whole hours.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bot.stats.cohort import Fate, Later
from bot.stats.maths.incidence import Event, cumulative, percentiles
from bot.stats.rates import MOST_UNKNOWN, Horizon, Rate

Goal = Literal["sql", "won"]
ENDS = frozenset({"sql", "won", "out"})
HOUR = 60
DAY = 24 * HOUR

SAL_TO_SQL, MQL_TO_SQL, MQL_TO_WON = 30, 45, 180
"""Days that these stages are given."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What became of hand-offs: `reached` the goal, `out` by any other end, or `open` until now.

    `rate` is the share that reached it by the `horizon`; None where too many times are unknown (`unknown` were left out
    of it, and of the median). May be said of it what may be said of as many as are known at the horizon: ended by then,
    or as old. `median`: in how many minutes half had either reached the goal or gone out; None: not yet.
    """

    goal: Goal
    horizon: Horizon
    rate: Rate | None
    reached: int
    out: int
    open: int
    unknown: int
    median: int | None

    @property
    def n(self) -> int:
        """All of them."""
        return self.reached + self.out + self.open


def by_days(days: int) -> Horizon:
    """So many days on the clock."""
    return Horizon(days * DAY, "wall", f"{days}d")


def shortened(horizon: Horizon, youngest: int) -> Horizon:
    """The horizon, or where the youngest of the ten oldest is not as old (in minutes), its age in whole days or hours.

    Of what is not an hour old nothing is known by any horizon: then it stays.
    """
    if youngest >= horizon.minutes or youngest < HOUR:
        return horizon
    unit, length = ("d", DAY) if youngest >= 2 * DAY else ("h", HOUR)
    amount = youngest // length
    return replace(horizon, minutes=amount * length, text=f"{amount}{unit}", shortened=True)


def stage(rows: Iterable[Later], goal: Goal, horizon: Horizon, confidence: float = 0.95) -> Stage:
    """What became of hand-offs, from their rows: hours since the offer, or since the accept."""
    sums, unknown = Counter[Fate](), 0
    events: list[Event] = []
    for _, fate, hours, n in rows:
        sums[fate] += n
        if hours is None:
            unknown += n
        else:
            events.append(Event(hours * HOUR, None if fate == "open" else fate, n))
    (median,) = percentiles(events, (0.5,), causes=ENDS)
    rate = None if unknown > MOST_UNKNOWN * sums.total() else _rate(events, goal, horizon, confidence)
    out = sum(n for fate, n in sums.items() if fate not in (goal, "open"))
    return Stage(goal, horizon, rate, sums[goal], out, sums["open"], unknown, median)


def _rate(events: list[Event], goal: Goal, horizon: Horizon, confidence: float) -> Rate:
    found = cumulative(events, horizon.minutes, confidence, causes=(goal,))
    reached = sum(n for minutes, cause, n in events if cause == goal and minutes <= horizon.minutes)
    young = sum(n for minutes, cause, n in events if cause is None and minutes < horizon.minutes)
    return Rate(reached, found.n, found.n - young, found.shares[goal])
