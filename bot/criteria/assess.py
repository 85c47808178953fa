"""Criteria applied to one lead at one time: fit × behaviour, the verdict, and every rule with what it came to.

Pure: the moves store what comes out and offer a hand-off on it; the card shows it. Whatever decides whether a lead
is an MQL is decided here and nowhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from bot.criteria import score
from bot.criteria.checks import Checked, check
from bot.criteria.days import Day, newest_first, utc_day
from bot.criteria.definition import FITS, LEVELS, Criteria, Disqualifier, FastTrack, Grade, Level
from bot.criteria.facts import Facts
from bot.criteria.rules import MET, MISSED, Outcome, judge
from bot.criteria.score import Line
from bot.lead import Lead

Heard = Mapping[str, Sequence[Day]]
"""Days of signals by their type, newest first, none of them to come."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A lead judged at `at` (UTC) under the criteria of one version. Points are in hundredths.

    `tier` is None while it is no MQL. `because` names what made it one, or what disqualified it: a fast track, a
    disqualifier, or the cell. `checks` holds the data checks, which only an MQL is put to. `withdrawn`: it is
    disqualified in a way that takes even an open card back.
    """

    criteria: str
    at: datetime
    fit: Grade
    behaviour: Level
    fit_points: int
    behaviour_points: int
    tier: str | None
    because: str
    lines: tuple[Line, ...]
    checks: tuple[Checked, ...] = ()
    withdrawn: bool = False

    @property
    def mql(self) -> bool:
        """Whether marketing's criteria are met."""
        return self.tier is not None

    @property
    def cell(self) -> str:
        """Fit and behaviour as people say them: B1."""
        return f"{self.fit}{self.behaviour}"

    @property
    def disqualified(self) -> bool:
        """Whether something beats all points."""
        return any(line.axis == "disqualifier" and line.outcome is MET for line in self.lines)

    @property
    def missing(self) -> tuple[Checked, ...]:
        """Needed data that is not there or no good: without it no card is made."""
        return tuple(one for one in self.checks if one.needed and one.fault)

    def to_dict(self) -> dict[str, Any]:
        """The assessment in what JSON can hold; `from_dict` turns it back."""
        told: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        lines, checks = [_brief(line) for line in self.lines], [asdict(one) for one in self.checks]
        return told | {"at": self.at.isoformat(), "lines": lines, "checks": checks}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The assessment that `to_dict` wrote. Raises KeyError or TypeError for what another Baton wrote otherwise."""
        lines = tuple(Line(**line | {"outcome": Outcome(line["outcome"])}) for line in stored["lines"])
        checks = tuple(Checked(**one) for one in stored["checks"])
        return cls(**{**stored, "at": datetime.fromisoformat(stored["at"]), "lines": lines, "checks": checks})


def _brief(line: Line) -> dict[str, Any]:
    """Without what goes without saying: each hand-off keeps dozens of lines."""
    usual = Line._field_defaults
    return {name: value for name, value in line._asdict().items() if name not in usual or value != usual[name]}


def assess(lead: Lead, days: Iterable[Day], criteria: Criteria, now: datetime) -> Assessment:
    """What the lead is at `now`: the same whatever order its days are given in. `now` is of any time zone.

    Whatever is known of the lead, and however odd, this does not raise.
    """
    known, today = Facts(lead, criteria.derived), utc_day(now)
    heard = newest_first(days, today)
    facts = tuple(score.fit(criteria.fit, known))
    events = tuple(score.behaviour(criteria.signals, heard, today))
    fit_points, behaviour_points = (sum(line.points for line in lines) for lines in (facts, events))
    fit = FITS[score.grade(fit_points, criteria.fit_from)]
    level = LEVELS[score.grade(behaviour_points, criteria.behaviour_from)]
    tracks = tuple(_track(one, fit, heard, today) for one in criteria.fast_tracks)
    against = tuple(_disqualifier(one, known, heard, today) for one in criteria.disqualifiers)
    tier, because = _verdict(criteria, f"{fit}{level}", tracks, against)
    return Assessment(
        criteria=criteria.version,
        at=now,
        fit=fit,
        behaviour=level,
        fit_points=fit_points,
        behaviour_points=behaviour_points,
        tier=tier,
        because=because,
        lines=facts + events + tracks + against,
        checks=check(criteria.checks, lead, known) if tier else (),
        withdrawn=any(
            rule.voids_card and line.outcome is MET for rule, line in zip(criteria.disqualifiers, against, strict=True)
        ),
    )


def _verdict(criteria: Criteria, cell: str, tracks: Sequence[Line], against: Sequence[Line]) -> tuple[str | None, str]:
    """The tier and what gave it: a disqualifier beats everything, then the most urgent tier wins."""
    barred = next((line.label for line in against if line.outcome is MET), None)
    if barred is not None:
        return None, barred
    tier, because = criteria.tier_of(cell), f"cell {cell}"
    for rule, line in zip(criteria.fast_tracks, tracks, strict=True):
        if line.outcome is MET and (tier is None or criteria.more_urgent(rule.tier, tier)):
            tier, because = rule.tier, rule.label
    return tier, because


def _track(rule: FastTrack, fit: Grade, heard: Heard, today: date) -> Line:
    since = today - timedelta(days=rule.within)
    count, newest = 0, None
    for type_ in set(rule.signals):
        for day in heard.get(type_, ()):
            if day.day < since:
                break
            count += day.count
            newest = day.day if newest is None or day.day > newest else newest
    met = count >= rule.at_least and fit in rule.fits
    age = None if newest is None else (today - newest).days
    return Line("fast track", rule.label, MET if met else MISSED, count=count, age=age)


def _disqualifier(rule: Disqualifier, known: Facts, heard: Heard, today: date) -> Line:
    if rule.when is not None:
        return Line("disqualifier", rule.label, judge(rule.when, known))
    said, lifted = _last(rule.signal, heard), _last(rule.lifted_by, heard)
    stands = said is not None and (lifted is None or lifted <= said)  # on the same day the refusal stands
    age = (today - said).days if said else None
    return Line("disqualifier", rule.label, MET if stands else MISSED, age=age)


def _last(type_: str | None, heard: Heard) -> date | None:
    days = heard.get(type_, ()) if type_ else ()
    return days[0].day if days else None
