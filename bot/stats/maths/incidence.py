"""What share of hand-offs comes to which end by a given age while some are still open: competing risks. Pure.

Hand-offs that are still open are *censored*: they count for as long as they have been watched, as neither yes nor no.
Never 1 − Kaplan–Meier per cause: it treats the rejected as if they might still be accepted, and so overstates.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

from bot.stats.maths.intervals import Estimate, wilson, wilson_estimate

Cause = str

ROUNDING = 1e-9
"""A curve that is nearer to a share than this has reached it; hand-offs would have to number a billion to matter."""


class Event(NamedTuple):
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


Minutes = Mapping[int, int]
"""How many hand-offs ended at each minute, or were open at that age."""


class _Step(NamedTuple):
    """A minute in which hand-offs ended: how many of how many, and which share of all is open before it and after."""

    minute: int
    leaving: int
    at_risk: int
    open: float
    open_after: float


def cumulative(
    events: Iterable[Event], horizon: int, confidence: float = 0.95, causes: Iterable[Cause] = ()
) -> Incidence:
    """The share of hand-offs that ended by each cause within `horizon` minutes, itself included.

    In: events in any order, equal ones may repeat; ends come before censorings of the same minute. The causes of all
    events are listed, and `causes` too where nothing ended so. Of no hand-offs at all, everything is open and nothing
    is known: limits from 0 to 1. ValueError for negative minutes or counts, or a `confidence` not between 0 and 1.

    Without a censoring before the horizon the share is k ÷ n with the Wilson interval. Else the estimator of Aalen and
    Johansen, Scand. J. Statist. 5 (1978), p. 141, with log(−log) limits, F ^ exp(±z·se ÷ (F·ln F)), and the
    Greenwood-type variance, see `_share`. A share of 0 or 1 has none: there the limits are Wilson's of the hand-offs
    whose state at the horizon is known.
    """
    ends, watched = _counted(events)
    n = _all(ends) + sum(watched.values())
    young = {minute: some for minute, some in watched.items() if minute < horizon}
    known = n - sum(young.values())
    until = [*sorted(young), horizon]
    ended = {cause: _joined(ends.get(cause, {}), until) for cause in sorted({*causes, *ends})}
    if known == n:
        shares = {cause: _wilson(own.total(), n, confidence) for cause, own in ended.items()}
        return Incidence(horizon, n, shares, (n - _all(ended)) / n if n else 1.0, dict.fromkeys(ended, float(n)))
    steps = list(_steps(n, _summed(ended.values()), young))
    still_open = steps[-1].open_after if steps else 1.0
    found = {cause: _censored(steps, own, known, confidence) for cause, own in ended.items()}
    effective = {cause: min(size, float(n)) for cause, (_, size) in found.items()}
    return Incidence(horizon, n, {cause: share for cause, (share, _) in found.items()}, still_open, effective)


def curve(events: Iterable[Event], cause: Cause, horizon: int) -> list[tuple[int, float]]:
    """The steps of one cause's share up to `horizon` minutes, itself included: (minute, share from then on).

    The share is 0 before the first step, and rises at every one. Aalen and Johansen as in `cumulative`.
    """
    ends, watched = _counted(events)
    own, share = ends.get(cause, {}), 0.0
    points = []
    for step in _steps(_all(ends) + sum(watched.values()), _summed(ends.values()), watched):
        if step.minute <= horizon and own.get(step.minute):
            share = min(1.0, share + step.open * own[step.minute] / step.at_risk)
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
    rows = sorted((minutes, cause not in causes, n) for minutes, cause, n in events)  # ends come before censorings
    at_risk, still_open = sum(n for *_, n in rows), 1.0
    heights = []
    for _, censored, n in rows:
        if n and not censored:
            still_open *= (at_risk - n) / at_risk
        at_risk -= n
        heights.append(1 - still_open)
    places = [bisect_left(heights, share - ROUNDING) for share in shares]
    return tuple(rows[place][0] if place < len(rows) else None for place in places)


def _counted(events: Iterable[Event]) -> tuple[dict[Cause, dict[int, int]], Minutes]:
    """The hand-offs by minute: those that ended by each cause, and those still open."""
    found: dict[Cause | None, dict[int, int]] = defaultdict(dict)
    for minutes, cause, n in events:
        if minutes < 0 or n < 0:
            raise ValueError(f"{Event(minutes, cause, n)}: expected minutes and n of 0 or more")
        of_cause = found[cause]
        of_cause[minutes] = of_cause.get(minutes, 0) + n
    watched = found.pop(None, {})
    return {cause: of_cause for cause, of_cause in found.items() if cause is not None}, watched


def _summed(parts: Iterable[Minutes]) -> Counter[int]:
    found = Counter[int]()
    for part in parts:
        found.update(part)
    return found


def _all(ends: Mapping[Cause, Minutes]) -> int:
    return sum(sum(of_cause.values()) for of_cause in ends.values())


def _joined(own: Minutes, until: Sequence[int]) -> Counter[int]:
    """The same ends at far fewer minutes, which are `until`, the last one the horizon; what is later is left out.

    Between two censorings neither share nor variance asks when: as long as nobody is censored the steps' products
    telescope, and what ends in between may as well end all at once.
    """
    found = Counter[int]()
    for minute, n in own.items():
        if minute <= until[-1]:
            found[until[bisect_left(until, minute)]] += n
    return found


def _steps(n: int, leaving: Minutes, censored: Minutes) -> Iterator[_Step]:
    """The minutes in which some of `n` hand-offs ended, in order. Ends come before censorings of the same minute."""
    at_risk, still_open = n, 1.0
    for minute in sorted({*leaving, *censored}):
        now = leaving.get(minute, 0)
        if now:
            after = still_open * (at_risk - now) / at_risk
            yield _Step(minute, now, at_risk, still_open, after)
            still_open = after
        at_risk -= now + censored.get(minute, 0)


def _heights(points: list[tuple[int, float]], at: Sequence[int]) -> list[float]:
    minutes = [minute for minute, _ in points]
    heights = [0.0, *(share for _, share in points)]
    return [heights[bisect_right(minutes, minute)] for minute in at]


def _wilson(successes: int, n: int, confidence: float) -> Estimate:
    return wilson_estimate(successes, n, confidence) if n else Estimate(0.0, 0.0, 1.0)


def _censored(steps: Sequence[_Step], own: Counter[int], known: int, confidence: float) -> tuple[Estimate, float]:
    """The share of the cause whose ends are `own`, with its limits, and how many watched hand-offs it is worth."""
    if own.total() == 0:
        return Estimate(0.0, 0.0, wilson(0, known, confidence).high if known else 1.0), known
    if steps[-1].open_after == 0 and own.total() == sum(step.leaving for step in steps):
        return Estimate(1.0, wilson(known, known, confidence).low, 1.0), known
    share, variance = _share(steps, own)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * sqrt(variance) / (share * -log(share))
    return Estimate(share, share ** exp(reach), share ** exp(-reach)), share * (1 - share) / variance


def _share(steps: Sequence[_Step], own: Minutes) -> tuple[float, float]:
    """A cause's share at the last step, and its Greenwood-type variance; k(n − k)/n³ where nobody is censored.

    Of those at risk in a step the part q₁ ends by the cause and q₂ otherwise; S is the share open before and S′ after
    it, L the share that ends by the cause in later steps. The sum over the steps of
    [S²·q₁·q₂ + (q₁·(S′ − L)² + q₂·L²) ÷ (1 − q₁ − q₂)] ÷ at risk is the formula of Marubini and Valsecchi, "Analysing
    Survival Data from Clinical Trials and Observational Studies" (1995), ch. 10, grouped so that nothing cancels;
    recommended by Allignol, Schumacher and Beyersmann, Biometrical Journal 52 (2010), p. 126.
    """
    later = variance = 0.0
    for minute, leaving, at_risk, before, after in reversed(steps):
        ended, left = own.get(minute, 0), at_risk - leaving
        q1, q2 = ended / at_risk, (leaving - ended) / at_risk
        variance += before**2 * q1 * q2 / at_risk
        if left:  # at risk × (1 − q₁ − q₂)
            variance += (q1 * (after - later) ** 2 + q2 * later**2) / left
        later += before * q1
    return later, variance
