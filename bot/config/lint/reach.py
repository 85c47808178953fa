"""Which fit and behaviour grades a lead can have at all under given criteria. Used by the lints.

Where it is hard to be sure, the answer is that it can: nobody should be told off for a scorecard that works. Points
are in hundredths.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, gcd, inf

from bot.config.lint.logic import Fields, Only, can_be_tried, samples
from bot.criteria import score
from bot.criteria.days import MEMORY
from bot.criteria.definition import FITS, LEVELS, Criteria, FitRule, SignalRule
from bot.criteria.rules import fields_of

MOST_SUMS = 50_000


@dataclass(frozen=True, slots=True)
class Range:
    """Sums of points: from `low` to `high` in steps, or exactly these `sums`."""

    low: float
    high: float
    step: int = 1
    sums: frozenset[int] | None = None

    def reaches(self, start: float, end: float) -> bool:
        """Whether a sum is at least `start` and below `end`."""
        if self.sums is not None:
            return any(start <= points < end for points in self.sums)
        first, last = max(self.low, start), min(self.high, end - 1)
        return first <= last and (first == -inf or ceil(first / self.step) * self.step <= last)


def reachable(criteria: Criteria, fields: Fields) -> dict[str, Range]:
    """The grades that some lead can have, A to D and 1 to 4, each with what the points of its axis can come to."""
    fit, behaviour = _fit(criteria.fit, fields), _behaviour(list(criteria.signals.values()))
    return _graded(FITS, criteria.fit_from, fit) | _graded(LEVELS, criteria.behaviour_from, behaviour)


def _graded(names: Sequence[object], starts: Sequence[int], points: Range) -> dict[str, Range]:
    ends = (inf, *starts)
    return {
        str(name): points
        for name, start, end in zip(names, (*starts, -inf), ends, strict=True)
        if points.reaches(start, end)
    }


# Fit: every sum of what the rules can come to


def _fit(rules: Sequence[FitRule], fields: Fields) -> Range:
    choices = [_options(bundle, fields) for bundle in _bundles(rules)]
    low, high = sum(map(min, choices)), sum(map(max, choices))
    sums = _sums(choices)
    return Range(low, high, sums=None if sums is None else frozenset(sums))


def _sums(choices: Iterable[set[int]]) -> set[int] | None:
    """Every sum of one number out of each set; None where those are too many."""
    sums = {0}
    for options in choices:
        sums = {one + other for one in sums for other in options}
        if len(sums) > MOST_SUMS:
            return None
    return sums


def _bundles(rules: Sequence[FitRule]) -> list[list[FitRule]]:
    """The rules of a group together, and those that ask for one field alone: they may exclude each other."""
    groups: dict[object, list[FitRule]] = {}
    for place, rule in enumerate(rules):
        groups.setdefault(_group(place, rule), []).append(rule)
    bundles: dict[object, list[FitRule]] = {}
    for key, members in groups.items():
        asked = {field for rule in members for field in fields_of(rule.when)}
        bundles.setdefault(asked.pop() if len(asked) == 1 else key, []).extend(members)
    return list(bundles.values())


def _options(bundle: Sequence[FitRule], fields: Fields) -> set[int]:
    """The points that a bundle can come to."""
    conditions = [rule.when for rule in bundle]
    asked = {field for condition in conditions for field in fields_of(condition)}
    field = asked.pop() if len(asked) == 1 else None
    tried = field is not None and can_be_tried(field, conditions, fields)
    values = samples(field, conditions, conditions, fields) if field is not None and tried else None
    if values is not None:
        return {sum(line.points for line in score.fit(bundle, Only(value))) for value in values}
    groups: dict[object, set[int]] = {}
    for place, rule in enumerate(bundle):
        groups.setdefault(_group(place, rule), {0}).add(rule.points)
    return _sums(groups.values()) or {0}


def _group(place: int, rule: FitRule) -> object:
    return ("rule", place) if rule.group is None else ("group", rule.group)


# Behaviour: as much as the caps let through, and by decay whatever lies below


def _behaviour(rules: Sequence[SignalRule]) -> Range:
    high = sum(_most(rule) for rule in rules if rule.points > 0 or rule.per_value)
    low = sum(-_most(rule) for rule in rules if rule.points < 0 or rule.per_value)
    smooth = any(rule.half_life or rule.per_value for rule in rules)
    step = gcd(*(points or 0 for rule in rules for points in (rule.points, rule.cap_per_day, rule.cap)))
    return Range(low, high, 1 if smooth else step or 1)


def most_before_decay(rule: SignalRule) -> float:
    """The points of signals on every day that is remembered; without a bound where caps or days have none."""
    if rule.cap_per_day is None or rule.half_life is None:
        return inf
    return rule.cap_per_day * (MEMORY * rule.half_life + 1)


def _most(rule: SignalRule) -> float:
    """The most that signals of one type can come to, or take away."""
    if rule.cap_per_day is None or rule.half_life is None:
        return rule.cap or inf
    days = range(MEMORY * rule.half_life + 1)
    decayed = ceil(rule.cap_per_day * sum(2 ** (-age / rule.half_life) for age in days))
    return min(rule.cap or inf, decayed)
