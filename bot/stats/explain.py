"""What a figure means, with its counts and its value: taken from the records of the answers that show it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.stats.cohort import BLANK, Stratum
from bot.stats.maths.differences import Comparison
from bot.stats.metrics.metric import Metric
from bot.stats.onward import Stage
from bot.stats.overview import Overview
from bot.stats.period import PeriodAnswer
from bot.stats.query import Dim, Query
from bot.stats.rates import Ends, Horizon, Rate
from bot.stats.reps import Reps
from bot.stats.times import Times
from bot.stats.velocity import Velocity
from bot.stats.verdicts import plain

Source = Literal["overview", "velocity", "period", "reps"]


@dataclass(frozen=True, slots=True)
class Records:
    """The answers to the question behind an explanation; those that are not needed are None.

    `groups` are how the hand-offs of each source end, and `kinds` those that reps are judged by, by grade and source.
    """

    overview: Overview
    velocity: Velocity | None = None
    period: PeriodAnswer | None = None
    reps: Reps | None = None
    groups: Mapping[str, Ends] = field(default_factory=dict)
    kinds: Sequence[Stratum] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """What a figure came to: at most one of these. `number` is hand-offs, a share, minutes or reps, as the metric says.

    `horizon` is how far it looks, and by which clock.
    """

    rate: Rate | None = None
    times: Times | None = None
    comparison: Comparison | None = None
    number: float | None = None
    horizon: Horizon | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One group's counts; `names` has a value for each dimension. `share` (0 to 1) is what came of them, if one did."""

    names: tuple[str, ...]
    counts: Mapping[str, int]
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A metric with its `counts` for one question, its value, and the SQL that gives these counts, by the same names.

    `reason` is the code of the one that is counted as `top_reason`. A figure that is made of groups has its counts by
    these: `rows` with the values of the dimensions `by`, of which `counts` are the sums.
    """

    metric: Metric
    query: Query
    as_of: datetime
    counts: Mapping[str, int]
    value: Value
    horizon: Horizon
    reason: str
    sql: str
    by: tuple[Dim, ...] = ()
    rows: tuple[Row, ...] = ()


def needed(metric: Metric) -> Source:
    """Which answer shows the figure, beside the overview that all explanations begin with."""
    return _NEEDED.get(metric.key, "overview")


def columns(metric: Metric, records: Records) -> tuple[str, ...]:
    """The names of the counts that a figure is made of."""
    one = records.overview
    both = any(name.startswith("before_") for name in metric.counts)
    timed = one.by_horizon if both else one.now.incidence is not None
    return metric.counts if timed else metric.plain or metric.counts


def totals(metric: Metric, records: Records) -> dict[str, int]:
    """The counts that a figure of all together is made of."""
    every = _counts(records)
    return {name: every[name] for name in columns(metric, records)}


def by_then(ends: Ends) -> dict[str, int]:
    """The counts that a share by a horizon is made of, or where there is none a share of the decided ones."""
    one = ends.counts
    return {
        "handed_off": one.handed_off,
        "accepted": one.accepted,
        "rejected": one.rejected,
        "expired": one.expired,
        "decided": one.decided,
        "open": one.open,
        **{f"{cause}_by_then": n for cause, n in ends.by_then.items()},
        "times_unknown": ends.unknown,
    }


def top_reason(overview: Overview) -> str:
    """The code of the most frequent reason of rejection."""
    return overview.reasons[0][0] if overview.reasons else BLANK


def value(metric: Metric, records: Records) -> Value:
    """What it came to. A figure that is just a count is its own."""
    read = _VALUES.get(metric.key)
    if read:
        return read(records)
    return Value(number=totals(metric, records)[metric.key]) if metric.key in metric.counts else Value()


_NEEDED: Mapping[str, Source] = {
    **dict.fromkeys(("mql_sql_rate", "won_rate", "accept_time", "stuck"), "velocity"),
    **dict.fromkeys(("period_rate", "period_sql_rate"), "period"),
    **dict.fromkeys(("limits", "from_others"), "reps"),
}


def _counts(records: Records) -> dict[str, int]:
    one, period, reps = records.overview, records.period, records.reps
    nothing = dict.fromkeys(by_then(one.now), 0)
    before = by_then(one.before) if one.before else nothing
    return {
        **by_then(one.now),
        **{f"before_{name}": n for name, n in before.items()},
        **{name: getattr(one.now.counts, name) for name in ("void", "sql", "won")},
        "timed": one.working.decided,
        "decided_unknown": one.working.unknown,
        "timed_wall": one.wall.decided,
        "decided_unknown_wall": one.wall.unknown,
        "out": one.sql.out,
        "underway": one.sql.open,
        "repeats": one.repeats.handed_off,
        "repeats_accepted": one.repeats.accepted,
        "rerouted": one.rerouted,
        "top_reason": one.reasons[0][1] if one.reasons else 0,
        "due": one.sla.due,
        "met": one.sla.met,
        "missed": one.sla.missed,
        "overdue": one.sla.overdue,
        "due_unknown": one.sla.unknown,
        "period_offered": period.total.offered if period else 0,
        "period_accepted": period.total.accepted if period else 0,
        "period_sql": period.total.sql if period else 0,
        "period_undated": period.total.undated if period else 0,
        "from_others": reps.moved if reps else 0,
    }


def _accept(records: Records) -> Value:
    return Value(rate=records.overview.now.rate("accepted"), horizon=records.overview.now.horizon)


def _of_decided(records: Records) -> Value:
    return Value(rate=records.overview.now.of_decided("accepted"))


def _compared(records: Records) -> Value:
    return Value(comparison=records.overview.change, horizon=records.overview.now.horizon)


def _stage(stage: Stage) -> Value:
    return Value(rate=stage.rate, horizon=stage.horizon)


def _staged(place: int) -> Callable[[Records], Value]:
    return lambda records: _stage(records.velocity.stages[place]) if records.velocity else Value()


def _before(records: Records) -> Value:
    before = records.overview.before
    if before is None:
        return Value()
    if not records.overview.by_horizon:
        return Value(rate=before.of_decided("accepted"))
    return Value(rate=before.rate("accepted"), horizon=before.horizon)


def _reason(records: Records) -> Value:
    one = records.overview
    top = one.reasons[0][1] if one.reasons else 0
    return Value(rate=plain(top, one.now.counts.rejected, one.query.confidence).rate)


def _half(records: Records) -> Value:
    one = records.velocity
    return Value(number=one.half, horizon=one.ends.horizon) if one else Value()


_VALUES: Mapping[str, Callable[[Records], Value]] = {
    **dict.fromkeys(("accept_rate", "horizon", "bands", "interval", "few_data"), _accept),
    "accept_of_decided": _of_decided,
    **dict.fromkeys(("difference", "clear", "could_see"), _compared),
    "reject_rate": lambda of: Value(rate=of.overview.now.rate("rejected"), horizon=of.overview.now.horizon),
    "expire_rate": lambda of: Value(rate=of.overview.now.rate("expired"), horizon=of.overview.now.horizon),
    "sql_rate": lambda of: _stage(of.overview.sql),
    "mql_sql_rate": _staged(1),
    "won_rate": _staged(2),
    "period_rate": lambda of: Value(number=of.period.total.accept_rate if of.period else None),
    "period_sql_rate": lambda of: Value(number=of.period.total.sql_rate if of.period else None),
    "reason_share": _reason,
    "decision_time": lambda of: Value(times=of.overview.working, horizon=of.overview.working.horizon),
    "wall_time": lambda of: Value(times=of.overview.wall, horizon=of.overview.wall.horizon),
    "accept_time": _half,
    "sla_met": lambda of: Value(rate=of.overview.sla.rate(of.overview.query.confidence)),
    "stuck": lambda of: Value(number=of.velocity.stuck if of.velocity else None),
    "target": lambda of: Value(number=of.overview.accept_target),
    "previous": _before,
    "mix": lambda of: Value(number=of.overview.mix.split.mix if of.overview.mix else None),
    "limits": lambda of: Value(number=len(of.reps.outside) if of.reps and of.reps.judged else None),
}
