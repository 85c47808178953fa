"""Points: what the facts of a lead and the days of its signals add up to, rule by rule.

Pure, in whole hundredths of points. Only `assess` and `explain` use it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from bot.criteria.days import MEMORY, Day
from bot.criteria.definition import FitRule, SignalRule
from bot.criteria.rules import MET, MISSED, Known, Outcome, judge

Axis = Literal["fit", "behaviour", "fast track", "disqualifier"]
WHOLE = 1_000_000
"""What decay is counted in: millionths that are left of a day's points."""


class Line(NamedTuple):
    """One rule and what it came to, in hundredths of points.

    `worth`: what it is worth to a lead for which it holds, a fresh signal for instance. For signals, `count` says how
    many counted, `before` what they came to before decay, and `age` how many days ago the newest one was.

    A named tuple, because every assessment makes one for each rule: frozen dataclasses take three times as long.
    """

    axis: Axis
    label: str
    outcome: Outcome
    points: int = 0
    worth: int = 0
    group: int | None = None
    count: int = 0  # type: ignore[assignment]  # tuples have a method of this name, which nobody needs here
    before: int = 0
    age: int | None = None


def fit(rules: Iterable[FitRule], known: Known) -> Iterator[Line]:
    """One line per rule; those that stand behind the rule of their group that holds are not asked."""
    settled: set[int | None] = set()
    for rule in rules:
        if rule.group in settled:
            continue
        outcome = judge(rule.when, known)
        met = outcome is MET
        if met and rule.group is not None:
            settled.add(rule.group)
        yield Line("fit", rule.label, outcome, rule.points if met else 0, rule.points, rule.group)


def behaviour(rules: Mapping[str, SignalRule], days: Mapping[str, Sequence[Day]], today: date) -> Iterator[Line]:
    """One line per type of signal, in the order of the rules; `days` are those until today, as `newest_first` has them.

    One more signal of a type that only brings points never makes them fewer. Where points and `per_value` differ in
    sign, or values are below zero, it can: of the days that then fill the cap, some take away.
    """
    for type_, rule in rules.items():
        yield _signals(rule, days.get(type_, ()), today)


def grade(points: int, starts: Sequence[int]) -> int:
    """The place of the first grade that begins at or below `points`; `len(starts)` for the last one."""
    return next((place for place, start in enumerate(starts) if points >= start), len(starts))


def worth(rule: SignalRule, count: int, value: int = 0) -> int:
    """What a day of `count` signals, with values of `value` hundredths in all, is worth on that day."""
    points = count * rule.points
    if rule.per_value:
        points += _divided(value * rule.per_value, 100)
    limit = rule.cap_per_day
    return points if limit is None or -limit <= points <= limit else _within(points, limit)


@cache
def left(age: int, half_life: int | None) -> int:
    """How many millionths are left after `age` days: 0.5 ** (age / half-life), and nothing once it is forgotten.

    Rounded to the nearest, halves up.
    """
    if half_life is None:
        return WHOLE
    return int(WHOLE * 0.5 ** (age / half_life) + 0.5) if age <= MEMORY * half_life else 0


def _signals(rule: SignalRule, newest_first: Sequence[Day], today: date) -> Line:
    """Caps first, the newest days filling them; then decay. Of signals that are worth nothing the last day is told."""
    room, before, decayed, count = rule.cap, 0, 0, 0
    for day in newest_first if rule.points or rule.per_value else newest_first[:1]:
        remains = left((today - day.day).days, rule.half_life)
        if not remains or room == 0:
            break
        points = worth(rule, day.count, day.value)
        if room is not None:
            points = points if -room <= points <= room else _within(points, room)
            room -= abs(points)
        before += points
        decayed += points * remains
        count += day.count
    if not count:
        return Line("behaviour", rule.label, MISSED, 0, worth(rule, 1))
    age, points = (today - newest_first[0].day).days, _divided(decayed, WHOLE)
    return Line("behaviour", rule.label, MET, points, worth(rule, 1), None, count, before, age)


def _within(points: int, limit: int) -> int:
    return max(-limit, min(points, limit))


def _divided(number: int, by: int) -> int:
    """Rounded to the nearest, halves away from zero: a minus weighs what a plus does."""
    quotient = (abs(number) + by // 2) // by
    return quotient if number >= 0 else -quotient
