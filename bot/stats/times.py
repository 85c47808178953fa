"""How long hand-offs wait for a decision: percentiles that count open ones for as long as they have waited. Pure.

Kaplan and Meier's estimate of the time to an accept or a reject. Expired and open ones are censored: leaving them out
would make a slow team look fast. The overview, `sla` and `velocity` tell times by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.stats.cohort import Ending
from bot.stats.maths.incidence import Event, percentiles
from bot.stats.rates import RATES_FROM, Age, Horizon

DECISIONS = frozenset({"accepted", "rejected"})
DAY = 24 * 60
ON_THE_WALL = Horizon(14 * DAY, "wall", "14d")
"""How far times are told on the wall clock: a card expires sooner than that, whatever weekends lie in between."""


@dataclass(frozen=True, slots=True)
class Times:
    """In how many whole minutes half, three quarters and nine tenths of the hand-offs had been accepted or rejected.

    None: not within the `horizon`, whose clock all of them are told by. `decided` of them have a known time; `unknown`
    were decided as well, nobody knows when, and are left out.
    """

    horizon: Horizon
    median: int | None
    p75: int | None
    p90: int | None
    decided: int
    unknown: int

    @property
    def enough(self) -> bool:
        """Whether they are shown at all."""
        return self.decided >= RATES_FROM


def times(endings: Iterable[Ending], ages: Iterable[Age], horizon: Horizon) -> Times:
    """The percentiles, from hand-offs that have ended and the ages of open ones, both on the horizon's clock.

    What came after the horizon came after it: it counts as open until then.
    """
    decided = unknown = 0
    events = [Event(minutes, None, n) for minutes, n in ages]
    for _, cause, minutes, n in endings:
        if minutes is None:
            unknown += n if cause in DECISIONS else 0
            continue
        decided += n if cause in DECISIONS else 0
        if minutes <= horizon.minutes:
            events.append(Event(minutes, cause, n))
        else:
            events.append(Event(horizon.minutes, cause if horizon.life else None, n))
    median, p75, p90 = percentiles(events, (0.5, 0.75, 0.9), causes=DECISIONS)
    return Times(horizon, median, p75, p90, decided, unknown)
