"""Every figure that an answer of `/funnel` shows, by name: what `explain` can explain. Pure.

Whoever adds a line or a column to a report adds its metric, or its label to one: a test holds all reports against this.
"""

import re
from collections.abc import Mapping

from bot.stats.metrics.compared import COMPARED, RULES
from bot.stats.metrics.counted import COUNTS
from bot.stats.metrics.metric import Metric
from bot.stats.metrics.rates import RATES, TIMES

METRICS: Mapping[str, Metric] = {one.key: one for one in (*COUNTS, *RATES, *TIMES, *COMPARED, *RULES)}
"""By key, in the order of the help."""

_HORIZON = re.compile(r" (?:by|within) \d.*")


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[\s_-]+", " ", name.casefold()).split())


_TYPED: Mapping[str, Metric] = {_plain(name): one for one in METRICS.values() for name in (one.key, *one.aliases)}
_SHOWN: Mapping[str, Metric] = {
    _plain(_HORIZON.sub(" by", name)): one for one in METRICS.values() for name in (one.name, *one.labels)
}

NAMES: tuple[str, ...] = (*METRICS, *(alias for one in METRICS.values() for alias in one.aliases))
"""Whatever may be typed behind `explain`, keys first."""


def named(name: str) -> Metric:
    """The metric that somebody typed, by key or alias, in any case. KeyError for what is not among NAMES."""
    return _TYPED[_plain(name)]


def shown(label: str) -> Metric | None:
    """The metric behind the label of a line or the key of a column, "Accept by 2 working days"; None if it has none."""
    plain = _plain(_HORIZON.sub(" by", label)).removesuffix(" seconds")
    return _SHOWN.get(plain) or _TYPED.get(plain)
