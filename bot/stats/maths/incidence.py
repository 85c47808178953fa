"""What share of hand-offs comes to which end by a given age while some are still open: competing risks. Pure.

Hand-offs that are still open are *censored*: they count for as long as they have been watched, as neither yes nor no.
Never 1 − Kaplan–Meier per cause: it treats the rejected as if they might still be accepted, and so overstates.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

from bot.stats.maths.intervals import Estimate, wilson, wilson_estimate

Cause = str

ROUNDING = 1e-9
"""A curve that is nearer to a share than this has reached it; hand-offs would have to number a billion to matter."""


@dataclass(frozen=True, slots=True)
class Event:
    """`n` hand-offs that ended by `cause` after so many minutes, or (None) were still open at that age."""

    minutes: int
    cause: Cause | None
    n: int


@dataclass(frozen=True, slots=True)
class Incidence:
    """By `horizon` minutes, of `n` hand-offs: the share that ended by each cause, and the share still open.

    `shares` and `open` sum to 1. `effective` is how many hand-offs, all watched to the horizon, would make the share as
    sure as it is: F(1 − F) ÷ Var(F), at most `n`; `n` where nobody is censored before the horizon; and those whose
    state at the horizon is known where nobody ended so, or everybody. A test of a censored share takes F × effective
    of effective for its counts.
    """

    horizon: int
    n: int
    shares: Mapping[Cause, Estimate]
    open: float
    effective: Mapping[Cause, float]


@dataclass(frozen=True, slots=True)
class _Step:
    """A minute in which hand-offs ended: how many were open as it began, which share of all that is, and who ended.

    `leaving` is how many ended in all.
    """

    minute: int
    at_risk: int
    open: float
    ended: Mapping[Cause, int]
    leaving: int

    @property
    def open_after(self) -> float:
        return self.open * (self.at_risk - self.leaving) / self.at_risk

    def rise(self, cause: Cause) -> float:
        """By how much the share of the cause rises in this minute."""
        return self.open * self.ended.get(cause, 0) / self.at_risk


def cumulative(
    events: Iterable[Event], horizon: int, confidence: float = 0.95, causes: Iterable[Cause] = ()
) -> Incidence:
    """The share of hand-offs that ended by each cause within `horizon` minutes, itself included.

    In: events in any order, equal ones may repeat; ends come before censorings of the same minute. The causes of all
    events are listed, and `causes` too where nothing ended so. Of no hand-offs at all, everything is open and nothing
    is known: limits from 0 to 1. ValueError for negative minutes or counts, or a `confidence` not between 0 and 1.

    Without a censoring before the horizon the share is k ÷ n with the Wilson interval. Else the estimator of Aalen and
    Johansen, Scand. J. Statist. 5 (1978), p. 141, with log(−log) limits, F ^ exp(±z·se ÷ (F·ln F)), and the
    Greenwood-type variance, see `_variance`. A share of 0 or 1 has none: there the limits are Wilson's of the hand-offs
    whose state at the horizon is known.
    """
    known_events = list(events)
    steps = [step for step in _steps(_joined(known_events, horizon)) if step.minute <= horizon]
    n = sum(event.n for event in known_events)
    known = n - sum(event.n for event in known_events if event.cause is None and event.minutes < horizon)
    ended: Counter[Cause] = Counter()
    for step in steps:
        ended.update(step.ended)
    named = sorted({*causes, *(event.cause for event in known_events if event.cause is not None)})
    if known == n:
        shares = {cause: _wilson(ended[cause], n, confidence) for cause in named}
        return Incidence(horizon, n, shares, (n - ended.total()) / n if n else 1.0, dict.fromkeys(named, float(n)))
    still_open = steps[-1].open_after if steps else 1.0
    found = {cause: _censored(steps, cause, ended, known, confidence) for cause in named}
    effective = {cause: min(size, float(n)) for cause, (_, size) in found.items()}
    return Incidence(horizon, n, {cause: share for cause, (share, _) in found.items()}, still_open, effective)


def curve(events: Iterable[Event], cause: Cause, horizon: int) -> list[tuple[int, float]]:
    """The steps of one cause's share up to `horizon` minutes, itself included: (minute, share from then on).

    The share is 0 before the first step, and rises at every one. Aalen and Johansen as in `cumulative`.
    """
    share = 0.0
    points = []
    for step in _steps(events):
        if step.minute <= horizon and cause in step.ended:
            share = min(1.0, share + step.rise(cause))
            points.append((step.minute, share))
    return points


def sampled(events: Iterable[Event], causes: Iterable[Cause], at: Sequence[int]) -> dict[Cause, list[float]]:
    """The share of each cause at each of the minutes `at`, in their order: a curve in few points, for a chart.

    Beyond the age of the oldest hand-off the curves stay where they are; it is for the caller not to draw them there.
    """
    known_events = list(events)
    return {cause: _heights(curve(known_events, cause, max(at, default=0)), at) for cause in causes}


def percentiles(
    events: Iterable[Event], shares: Sequence[float] = (0.5, 0.75, 0.9), *, causes: frozenset[Cause]
) -> tuple[int | None, ...]:
    """After how many minutes each of `shares` had ended by one of `causes`; None where the curve does not get there.

    The first minute at which the share is reached. All other ends are censored, as the open ones are: Kaplan and Meier,
    JASA 53 (1958), p. 457. ValueError for a share that is not above 0 and at most 1.
    """
    for share in shares:
        if not 0 < share <= 1:
            raise ValueError(f"shares {share}: expected more than 0 and at most 1, such as 0.5")
    decided = [Event(event.minutes, "any" if event.cause in causes else None, event.n) for event in events]
    # With one cause alone, Aalen–Johansen is 1 − Kaplan–Meier.
    points = curve(decided, "any", max((event.minutes for event in decided), default=0))
    return tuple(next((minute for minute, height in points if height >= p - ROUNDING), None) for p in shares)


def _steps(events: Iterable[Event]) -> Iterator[_Step]:
    by_minute: dict[int, dict[Cause | None, int]] = {}
    for event in events:
        if event.minutes < 0 or event.n < 0:
            raise ValueError(f"{event}: expected minutes and n of 0 or more")
        same = by_minute.setdefault(event.minutes, {})
        same[event.cause] = same.get(event.cause, 0) + event.n
    at_risk = sum(sum(same.values()) for same in by_minute.values())
    share = 1.0
    for minute in sorted(by_minute):
        censored = by_minute[minute].pop(None, 0)
        ended = {cause: n for cause, n in by_minute[minute].items() if cause is not None and n}
        leaving = sum(ended.values())
        if leaving:
            step = _Step(minute, at_risk, share, ended, leaving)
            yield step
            share = step.open_after
        at_risk -= leaving + censored


def _joined(events: Sequence[Event], horizon: int) -> Iterator[Event]:
    """The same hand-offs with far fewer minutes: between two censorings neither share nor variance asks when.

    As long as nobody is censored the steps' products telescope: what ends in between may as well end all at once.
    """
    censored = sorted({event.minutes for event in events if event.cause is None and event.minutes < horizon})
    for event in events:
        if event.cause is None or not 0 <= event.minutes <= horizon:
            yield event
        else:
            place = bisect_left(censored, event.minutes)
            yield Event(censored[place] if place < len(censored) else horizon, event.cause, event.n)


def _heights(points: list[tuple[int, float]], at: Sequence[int]) -> list[float]:
    minutes = [minute for minute, _ in points]
    heights = [0.0, *(share for _, share in points)]
    return [heights[bisect_right(minutes, minute)] for minute in at]


def _wilson(successes: int, n: int, confidence: float) -> Estimate:
    return wilson_estimate(successes, n, confidence) if n else Estimate(0.0, 0.0, 1.0)


def _censored(
    steps: Sequence[_Step], cause: Cause, ended: Counter[Cause], known: int, confidence: float
) -> tuple[Estimate, float]:
    """The share of one cause with its limits, and how many watched hand-offs it is worth."""
    if ended[cause] == 0:
        return Estimate(0.0, 0.0, wilson(0, known, confidence).high if known else 1.0), known
    if ended[cause] == ended.total() and steps[-1].open_after == 0:
        return Estimate(1.0, wilson(known, known, confidence).low, 1.0), known
    share = sum(step.rise(cause) for step in steps)
    variance = _variance(steps, cause)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * sqrt(variance) / (share * -log(share))
    return Estimate(share, share ** exp(reach), share ** exp(-reach)), share * (1 - share) / variance


def _variance(steps: Sequence[_Step], cause: Cause) -> float:
    """The Greenwood-type variance of a cause's share at the last step; k(n − k)/n³ where nobody is censored.

    Of those at risk in a step the part q₁ ends by the cause and q₂ otherwise; S is the share open before and S′ after
    it, L the share that ends by the cause in later steps. The sum over the steps of
    [S²·q₁·q₂ + (q₁·(S′ − L)² + q₂·L²) ÷ (1 − q₁ − q₂)] ÷ at risk is the formula of Marubini and Valsecchi, "Analysing
    Survival Data from Clinical Trials and Observational Studies" (1995), ch. 10, grouped so that nothing cancels;
    recommended by Allignol, Schumacher and Beyersmann, Biometrical Journal 52 (2010), p. 126.
    """
    later = variance = 0.0
    for step in reversed(steps):
        own, all_ends = step.ended.get(cause, 0) / step.at_risk, step.leaving / step.at_risk
        other = (step.leaving - step.ended.get(cause, 0)) / step.at_risk
        variance += step.open**2 * own * other / step.at_risk
        if step.leaving < step.at_risk:
            after = own * (step.open_after - later) ** 2 + other * later**2
            variance += after / (1 - all_ends) / step.at_risk
        later += step.rise(cause)
    return variance
