"""The counts of a figure that is made of groups, group by group: what `explain` lists below it. Pure."""

from collections.abc import Callable, Iterable, Mapping

from bot.stats.cohort import Counts, Tally, counts
from bot.stats.explain import Records, Row, by_then, columns, totals
from bot.stats.maths.differences import Count
from bot.stats.maths.shrinkage import fit, shrunken
from bot.stats.metrics.metric import Metric
from bot.stats.query import Dim
from bot.stats.verdicts import share

BY: Mapping[str, tuple[Dim, ...]] = {"mix": ("source",), "shrunken_rate": ("source",), "limits": ("grade", "source")}
"""The figures that are made of groups, by key, and what tells these apart."""


def rows(metric: Metric, names: Iterable[str], records: Records) -> tuple[Row, ...]:
    """The groups with the counts of these `names`, the largest first; none where the figure is made of totals."""
    made = _MADE[metric.key](records) if metric.key in _MADE else []
    wanted = tuple(names)
    found = [Row(one.names, {name: one.counts[name] for name in wanted}, one.share) for one in made]
    return tuple(sorted(found, key=lambda row: (-sum(row.counts.values()), row.names)))


def counted(metric: Metric, records: Records) -> tuple[dict[str, int], tuple[Row, ...]]:
    """The counts that a figure is made of, and the groups that they are the sums of, if it is made of such."""
    if metric.key not in BY:
        return totals(metric, records), ()
    names = columns(metric, records)
    found = rows(metric, names, records)
    return {name: sum(row.counts[name] for row in found) for name in names}, found


def _mix(records: Records) -> list[Row]:
    return [Row((name,), _both(*sides)) for name, sides in records.overview.sources.items()]


def _both(before: Count, now: Count) -> dict[str, int]:
    """By the horizon or of the decided ones, as the overview looked at them."""
    (old_k, old_n), (k, n) = before, now
    told = {"accepted_by_then": k, "judged": n, "before_accepted_by_then": old_k, "before_judged": old_n}
    return told | {"accepted": k, "decided": n, "before_accepted": old_k, "before_decided": old_n}


def _ranked(records: Records) -> list[Row]:
    shares = {name: share(one).count for name, one in records.groups.items() if not one.one_sided}
    prior = fit(list(shares.values()))
    return [
        Row((name,), by_then(one), shrunken(*shares[name], prior) if prior and name in shares else None)
        for name, one in records.groups.items()
    ]


def _kinds(records: Records) -> list[Row]:
    """Kinds of leads, whoever has them."""
    tallies: dict[tuple[str, ...], list[Tally]] = {}
    for one in records.kinds:
        tallies.setdefault(one.within, []).append(Tally("", one.outcome, None, one.n))
    found = {within: counts(some) for within, some in tallies.items()}
    return [Row(within, _plain(one)) for within, one in found.items() if one.handed_off]


def _plain(one: Counts) -> dict[str, int]:
    return {name: getattr(one, name) for name in ("handed_off", "accepted", "rejected", "expired", "open")}


_MADE: Mapping[str, Callable[[Records], list[Row]]] = {"mix": _mix, "shrunken_rate": _ranked, "limits": _kinds}
