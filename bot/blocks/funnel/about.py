"""What an answer is about, for every row of its CSV: by these columns anybody gets the same rows again. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.blocks.funnel.report import Value
from bot.stats.campaign import Campaign
from bot.stats.explain import Explained
from bot.stats.overview import Overview
from bot.stats.period import PeriodAnswer
from bot.stats.rates import Horizon
from bot.stats.reps import Rep, Reps
from bot.stats.sla import Sla
from bot.stats.split import Parts
from bot.stats.velocity import Velocity

_LOOKED: Mapping[type, Callable[[Any], tuple[Horizon, int | None]]] = {
    Overview: lambda of: (of.now.horizon, of.now.unknown),
    Parts: lambda of: (of.total.horizon, of.total.unknown),
    Campaign: lambda of: (of.own.horizon, of.own.unknown),
    PeriodAnswer: lambda of: (of.cohort.horizon, of.cohort.unknown),
    Velocity: lambda of: (of.ends.horizon, of.ends.unknown),
    Sla: lambda of: (of.total.times.horizon, of.total.times.unknown),
    Rep: lambda of: (of.own.ends.horizon, of.own.ends.unknown),
    Reps: lambda of: (of.age, None),
    Explained: lambda of: (of.horizon, None),
}
"""How far each answer looks, and of how many hand-offs that have ended nobody knows when; rejections need neither."""


def about(record: Any) -> Mapping[str, Value]:
    """The question behind a record, by the keys of its columns; nothing for a list of notes.

    Times are ISO 8601 in UTC; `window_end` is the first moment after the window. `without_time` ended at a time that
    nobody knows, and are in no rate by a horizon.
    """
    query = getattr(record, "query", None)
    if query is None:
        return {}
    window = query.cohort.window
    horizon, unknown = _LOOKED.get(type(record), lambda _: (None, None))(record)
    return {
        "query": query.text,
        "window_start": window.start.isoformat(),
        "window_end": window.end.isoformat(),
        "as_of": record.as_of.isoformat(),
        "horizon_seconds": horizon and 60 * horizon.minutes,
        "horizon_clock": horizon and horizon.clock,
        "without_time": unknown,
    }
