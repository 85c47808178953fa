"""Signals as they are counted: one line per type and UTC day, whatever the order and repetition they came in.

The store keeps such lines for each lead, so that a new signal costs the same however many older ones there are;
`daily` makes the same lines out of signals at hand. `score` puts points on them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import isnan
from operator import attrgetter
from typing import NamedTuple

from bot.criteria.definition import Criteria, SignalRule
from bot.lead import Signal

MEMORY = 10
"""Half-lives after which a signal is forgotten: a thousandth of it would be left."""
MOST = 10**12
"""A value beyond that counts as if it were that: it is an error, and sums must fit into 64 bits."""


class Day(NamedTuple):
    """The signals of one `type` on one UTC day: how many, and their values added up, in hundredths.

    A named tuple, because an assessment may take hundreds: frozen dataclasses take three times as long to make.
    """

    type: str
    day: date
    count: int  # type: ignore[assignment]  # tuples have a method of this name, which nobody needs here
    value: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """Which lines of a type can count: those from `since` on (None: from the first), the newest `most` (None: all).

    A full cap shuts out what is older, so that a new signal costs the same however many older ones there are.
    """

    since: date | None
    most: int | None


def hundredths(value: float | None) -> int:
    """A signal's value as it is counted: in whole hundredths, half of one away from zero.

    None and NaN are 0. What is below zero takes away as much as it would add above. No number raises; see `MOST`.
    """
    if not value:
        return 0
    bounded = float(max(min(value, MOST), -MOST))  # in this order NaN stays what it is
    return 0 if isnan(bounded) else int((Decimal(str(bounded)) * 100).to_integral_value(ROUND_HALF_UP))


def utc_day(moment: datetime) -> date:
    """The UTC day of a moment of any time zone."""
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).date()


def stands_before(one: Signal, other: Signal) -> bool:
    """Whether `one` is the version to keep of two signals with the same id.

    Senders repeat themselves and now and then change their words: the earliest stands, so the order of arrival never
    matters.
    """
    return _version(one) < _version(other)


def daily(signals: Iterable[Signal], now: datetime) -> list[Day]:
    """The lines of all signals up to the UTC day of `now`, each id once: as the store's lines, which know no hours."""
    today = utc_day(now)
    happened = [signal for signal in signals if utc_day(signal.at) <= today]
    kept = {signal.id: signal for signal in happened}
    if len(kept) < len(happened):
        for signal in happened:
            if stands_before(signal, kept[signal.id]):
                kept[signal.id] = signal
    counts = Counter([(signal.type, utc_day(signal.at)) for signal in kept.values()])
    values: dict[tuple[str, date], int] = defaultdict(int)
    for signal in kept.values():
        if signal.value is not None:
            values[signal.type, utc_day(signal.at)] += hundredths(signal.value)
    return [Day(type_, day, count, values.get((type_, day), 0)) for (type_, day), count in counts.items()]


def newest_first(days: Iterable[Day], today: date) -> Mapping[str, Sequence[Day]]:
    """The lines by type, without those of days to come."""
    by_type: dict[str, list[Day]] = defaultdict(list)
    for day in sorted(days, key=attrgetter("day"), reverse=True):
        if day.day <= today:
            by_type[day.type].append(day)
    return dict(by_type)


def reaches(criteria: Criteria, today: date) -> Mapping[str, Reach]:
    """By type of signal, which lines can count today. Of types that are not named none does."""
    found = {type_: _reach(rule, today) for type_, rule in criteria.signals.items()}
    for track in criteria.fast_tracks:
        window = Reach(today - timedelta(days=track.within), track.within + 1)
        found |= {type_: _wider(found.get(type_, window), window) for type_ in track.signals}
    newest = Reach(None, 1)
    return found | {type_: _wider(found.get(type_, newest), newest) for type_ in criteria.standing_signals()}


def _reach(rule: SignalRule, today: date) -> Reach:
    since = None if rule.half_life is None else today - timedelta(days=MEMORY * rule.half_life)
    if rule.per_value:
        return Reach(since, None)
    if not rule.points:
        return Reach(since, 1)
    a_day = min(abs(rule.points), rule.cap_per_day or abs(rule.points))
    return Reach(since, rule.cap and -(-rule.cap // a_day))


def _wider(one: Reach, other: Reach) -> Reach:
    """As far back, and as many, as either asks for."""
    since = None if one.since is None or other.since is None else min(one.since, other.since)
    most = None if one.most is None or other.most is None else max(one.most, other.most)
    return Reach(since, most)


def _version(signal: Signal) -> tuple[datetime, str, int, str, bool]:
    return signal.at, signal.type, hundredths(signal.value), signal.note or "", signal.value is not None
