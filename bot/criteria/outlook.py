"""What would change an assessment: what the next better grade takes, and when the lead falls if nothing happens.

Pure. Nothing is guessed: each answer is the lead assessed again with one thing changed, so that caps, decay, fast
tracks and disqualifiers all count. Points are in hundredths.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.criteria.assess import Assessment, assess
from bot.criteria.days import Day, utc_day
from bot.criteria.definition import FITS, LEVELS, Criteria
from bot.criteria.rules import Outcome
from bot.criteria.score import Line
from bot.lead import Lead

HORIZON = 365
"""Days that are looked ahead."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A fit rule that would bring `gain` more points, were it otherwise: held, or for a met minus, not held."""

    line: Line
    gain: int


@dataclass(frozen=True, slots=True)
class BetterFit:
    """The next fit grade: `cell` and `tier` are where it would put the lead, `lacking` the points it takes.

    `chances` holds at most one rule of each group, what is unknown before what is known to be otherwise.
    """

    cell: str
    tier: str | None
    lacking: int
    chances: tuple[Chance, ...]


@dataclass(frozen=True, slots=True)
class Fresh:
    """Signals any one of which, heard today, would put the lead into `cell` and `tier`, most points first."""

    labels: tuple[str, ...]
    cell: str
    tier: str | None
    because: str


@dataclass(frozen=True, slots=True)
class Fall:
    """Where the lead will be in so many `days` if nothing more is heard of it."""

    days: int
    cell: str
    tier: str | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """`lacking`: points to the next behaviour grade; None at the best, as is `fit`. `fresh`: most telling first.

    `falls` begins with the next one and ends with the last within a year.
    """

    fit: BetterFit | None
    lacking: int | None
    fresh: tuple[Fresh, ...]
    falls: tuple[Fall, ...]


def outlook(lead: Lead, days: Sequence[Day], criteria: Criteria, standing: Assessment) -> Outlook:
    """What would change `standing`, which is `lead` with `days` assessed under `criteria`."""
    level = LEVELS.index(standing.behaviour)
    return Outlook(
        fit=_better_fit(lead, days, criteria, standing),
        lacking=criteria.behaviour_from[level - 1] - standing.behaviour_points if level else None,
        fresh=_fresh(lead, days, criteria, standing),
        falls=tuple(_falls(lead, days, criteria, standing)),
    )


def chances(lines: Iterable[Line]) -> tuple[Chance, ...]:
    """What fit could still gain, rule by rule; of a group, in which one rule counts, the rule that would gain most."""
    facts = [line for line in lines if line.axis == "fit"]
    held = {line.group: line.points for line in facts if line.group is not None and line.outcome is Outcome.MET}
    found = [Chance(line, _gain(line, held)) for line in facts]
    hopeful = sorted((one for one in found if one.gain > 0), key=_promise)
    best: dict[object, Chance] = {}
    for one in hopeful:
        best.setdefault(one.line.label if one.line.group is None else one.line.group, one)
    return tuple(best.values())


def _gain(line: Line, held: dict[int, int]) -> int:
    if line.outcome is Outcome.MET:
        return -line.points
    return line.worth - (held.get(line.group, 0) if line.group is not None else 0)


def _promise(chance: Chance) -> tuple[bool, int]:
    return chance.line.outcome is not Outcome.UNKNOWN, -chance.gain


def _better_fit(lead: Lead, days: Sequence[Day], criteria: Criteria, standing: Assessment) -> BetterFit | None:
    place = FITS.index(standing.fit)
    if not place:
        return None
    lacking = criteria.fit_from[place - 1] - standing.fit_points
    then = assess(lead, days, _eased(criteria, lacking), standing.at)
    return BetterFit(then.cell, then.tier, lacking, chances(standing.lines))


def _fresh(lead: Lead, days: Sequence[Day], criteria: Criteria, standing: Assessment) -> tuple[Fresh, ...]:
    """Signals that end alike are told together; the most urgent tier comes first, then the best grade."""
    today, heard = utc_day(standing.at), {day.type for day in days}
    tries = []
    for type_, rule in criteria.signals.items():
        lean = _lean(criteria, standing, {type_, *heard})
        tries.append((rule.label, assess(lead, _with_one_more(days, type_, today), lean, standing.at)))
    better = [(label, then) for label, then in tries if _is_better(then, standing, criteria)]
    together: dict[tuple[str, str | None, str], list[str]] = {}
    for label, then in sorted(better, key=lambda one: -one[1].behaviour_points):
        together.setdefault((then.cell, then.tier, then.because), []).append(label)
    found = (Fresh(tuple(labels), cell, tier, because) for (cell, tier, because), labels in together.items())
    return tuple(sorted(found, key=lambda one: (criteria.urgency(one.tier), one.cell)))


def _with_one_more(days: Sequence[Day], type_: str, today: date) -> list[Day]:
    so_far = next((day for day in days if (day.type, day.day) == (type_, today)), Day(type_, today, 0))
    return [*(day for day in days if day != so_far), so_far._replace(count=so_far.count + 1)]


def _falls(lead: Lead, days: Sequence[Day], criteria: Criteria, standing: Assessment) -> Iterator[Fall]:
    before, lean = standing, _lean(criteria, standing, {day.type for day in days})
    for ahead in range(1, HORIZON + 1):
        if before.tier is None and before.behaviour == LEVELS[-1]:
            return
        then = assess(lead, days, lean, standing.at + timedelta(days=ahead))
        if then.behaviour > before.behaviour or criteria.more_urgent(before.tier, then.tier):
            yield Fall(ahead, then.cell, then.tier)
        before = then


def _lean(criteria: Criteria, standing: Assessment, types: Collection[str]) -> Criteria:
    """Criteria that judge this lead alike, quickly: what its facts came to stays, and only `types` are looked at."""
    held = {line.label for line in standing.lines if line.axis == "disqualifier" and line.outcome is Outcome.MET}
    return replace(
        _eased(criteria, standing.fit_points),
        fit=(),
        signals={type_: rule for type_, rule in criteria.signals.items() if type_ in types},
        disqualifiers=tuple(rule for rule in criteria.disqualifiers if rule.signal or rule.label in held),
        checks=(),
    )


def _eased(criteria: Criteria, points: int) -> Criteria:
    """Criteria whose fit grades begin so many points sooner."""
    a, b, c = criteria.fit_from
    return replace(criteria, fit_from=(a - points, b - points, c - points))


def _is_better(then: Assessment, standing: Assessment, criteria: Criteria) -> bool:
    """A better grade is nothing gained while the lead is disqualified."""
    hotter = criteria.more_urgent(then.tier, standing.tier)
    return hotter or (then.behaviour < standing.behaviour and not then.disqualified)
