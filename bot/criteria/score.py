"""Points: what the facts of a lead and its signals add up to, each with its label.

Pure. Only `assess` uses it; decay and caps will come into this room.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.criteria.rules import FitRule, SignalRule, met
from bot.lead import Lead, Signal


@dataclass(frozen=True, slots=True)
class Contribution:
    """One line of a score: how often it counted, and when last, for signals; a fact has no date."""

    label: str
    points: int
    count: int = 1
    last_at: datetime | None = None


def counted(signals: Iterable[Signal], now: datetime) -> Sequence[Signal]:
    """The signals that have happened, each id once.

    Senders repeat themselves and now and then change their words: of one id the earliest version stands, so the
    order of arrival never matters.
    """
    by_id: dict[str, Signal] = {}
    for signal in signals:
        if signal.at <= now:
            by_id[signal.id] = min(signal, by_id.get(signal.id, signal), key=lambda one: (one.at, one.type))
    return list(by_id.values())


def fit(lead: Lead, rules: Sequence[FitRule]) -> Iterator[Contribution]:
    """One contribution for each rule the lead passes."""
    for rule in rules:
        if rule.points and all(met(predicate, lead) for predicate in rule.when):
            yield Contribution(rule.label, rule.points)


def behaviour(signals: Iterable[Signal], rules: Mapping[str, SignalRule]) -> Iterator[Contribution]:
    """One contribution for each type of signal that is worth points, in the order of the rules."""
    dates: dict[str, list[datetime]] = defaultdict(list)
    for signal in signals:
        dates[signal.type].append(signal.at)
    for type_, rule in rules.items():
        if rule.points and (seen := dates.get(type_)):
            yield Contribution(rule.label, rule.points * len(seen), len(seen), max(seen))
