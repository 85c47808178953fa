"""Rates as `/funnel` tells them: how much is known, and so how much is said. Pure; the maths is in incidence.py.

The one place that decides between a share by a horizon and a plain share of the decided ones, and when a rate is
shown at all: below 10 decided hand-offs counts only, below 30 "few data", "≈" where the interval is wide
(the US National Center for Health Statistics is stricter: it shows no proportion of fewer than 30).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.stats.cohort import Cause, Counts, Ending
from bot.stats.maths.incidence import Event, Incidence, cumulative
from bot.stats.maths.intervals import Estimate, wilson_estimate
from bot.stats.query import Clock

RATES_FROM = 10
FEW_BELOW = 30
MOST_UNKNOWN = 0.10
"""Above this share of ended hand-offs whose time nobody knows, no share by a horizon is claimed."""

CAUSES: tuple[Cause, ...] = ("accepted", "rejected", "expired")


class Say(StrEnum):
    """How much may be said of a rate."""

    NOTHING = "nothing"  # nothing is decided yet
    COUNTS = "counts"
    FEW = "few data"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Horizon:
    """So long after the offer, in minutes of a clock; `text` as it is typed. `shortened`: too few are older.

    With `life` it is until a card expires, by whoever's calendar: `minutes` are the longest such time, and whatever has
    ended, ended within it.
    """

    minutes: int
    clock: Clock
    text: str
    shortened: bool = False
    life: bool = False

    def told(self, minutes: int) -> int:
        """When an end is counted that came after so many minutes."""
        return min(minutes, self.minutes) if self.life else minutes


@dataclass(frozen=True, slots=True)
class Rate:
    """`k` of `n` and the share that this makes (None: it would say nothing); the two differ where some of the `n` are
    still under way.

    `decided` says of how many the outcome is known: what may be said goes by it. `left_out` are in none of these, as
    nobody knows when they ended. Those that were chosen `by_outcome` have counts and no rate.
    """

    k: int
    n: int
    decided: int
    estimate: Estimate | None
    left_out: int = 0
    by_outcome: bool = False

    @property
    def say(self) -> Say:
        """How much may be said of it."""
        if self.decided == 0:
            return Say.NOTHING
        if self.decided < RATES_FROM or self.by_outcome or self.estimate is None:
            return Say.COUNTS
        return Say.FEW if self.decided < FEW_BELOW else Say.RATE

    @property
    def told(self) -> bool:
        """Whether it is told at all, and not its counts alone."""
        return self.say in (Say.FEW, Say.RATE)

    def below(self, target: float) -> bool:
        """Whether it is below a share of 0 to 1 beyond chance."""
        return self.told and self.estimate is not None and self.estimate.high < target

    @property
    def firm(self) -> bool:
        """Whether it is sure enough to be compared with an arrow."""
        return self.told and self.estimate is not None and not self.estimate.wide


@dataclass(frozen=True, slots=True)
class Ends:
    """How the hand-offs of a cohort, or a group of it, end: three causes that compete.

    `incidence` holds the shares by the `horizon`; None where too many times are unknown (`unknown` says how many were
    left out of it), and then `rate` is a share of the decided ones. `by_then` counts what ended by the horizon.
    `by_outcome`: they were chosen by how they ended, so no share of them says anything.
    """

    horizon: Horizon
    counts: Counts
    incidence: Incidence | None
    by_then: dict[Cause, int]
    unknown: int
    confidence: float = 0.95
    by_outcome: bool = False

    @property
    def looked(self) -> Horizon | None:
        """How far the shares look; None where they are those of the decided ones."""
        return self.horizon if self.incidence else None

    def rate(self, cause: Cause) -> Rate:
        """The share of one cause."""
        if self.incidence:
            share = self.incidence.shares[cause]
            return Rate(
                self.by_then[cause], self.incidence.n, self._decided, share, self.unknown, by_outcome=self.by_outcome
            )
        return self.of_decided(cause)

    def of_decided(self, cause: Cause) -> Rate:
        """Its plain share of all that are not open any more: comparable with other systems, biased while some are."""
        k, n = getattr(self.counts, cause), self.counts.decided
        known = wilson_estimate(k, n, self.confidence) if n and not self.one_sided else None
        return Rate(k, n, n, known, by_outcome=self.by_outcome)

    @property
    def one_sided(self) -> bool:
        """Whether accepts are the only ends on record, and nobody knows when they were.

        So it is with deals that were brought from elsewhere: all that is not one of them is open for ever, and 100 % of
        the decided ones would be taken for good news.
        """
        return self.incidence is None and 0 < self.counts.accepted == self.counts.decided

    @property
    def _decided(self) -> int:
        return sum(self.by_then.values())


Age = tuple[int, int]
"""The age of open hand-offs in minutes, and how many are that old."""


def ends(
    endings: Iterable[Ending],
    ages: Iterable[Age],
    counts: Counts,
    horizon: Horizon,
    confidence: float = 0.95,
    *,
    by_outcome: bool = False,
) -> Ends:
    """How hand-offs end: from those that have ended, the ages of open ones on the horizon's clock, and the counts."""
    events = [Event(horizon.told(one.minutes), one.cause, one.n) for one in endings if one.minutes is not None]
    unknown = counts.decided - sum(one.n for one in events)
    in_time = [one for one in events if one.minutes <= horizon.minutes]
    by_then = {cause: sum(one.n for one in in_time if one.cause == cause) for cause in CAUSES}
    incidence = None
    if unknown <= MOST_UNKNOWN * counts.decided:
        events += [Event(minutes, None, n) for minutes, n in ages]
        incidence = cumulative(events, horizon.minutes, confidence, causes=CAUSES)
    return Ends(horizon, counts, incidence, by_then, unknown, confidence, by_outcome)
