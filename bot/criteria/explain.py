"""An assessment taken apart for people: every rule with what it came to, what it lacks, and what would change it.

Pure, structured and without wording: `blocks/explained_words.py` has the words. The card takes `for_and_against`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.criteria.assess import Assessment, assess
from bot.criteria.days import Day
from bot.criteria.definition import Criteria, Derived, Disqualifier, FastTrack, FitRule, SignalRule
from bot.criteria.facts import READ_OUT, Facts
from bot.criteria.outlook import Outlook, outlook
from bot.criteria.rules import Condition, Outcome, fields_of
from bot.criteria.score import Axis, Line
from bot.lead import Lead

MOST_FOR = 3
MOST_AGAINST = 2

Rule = FitRule | SignalRule | FastTrack | Disqualifier


@dataclass(frozen=True, slots=True)
class Gap:
    """A field that nobody knows. `read_from` is the field it would be read out of: given, but it does not say."""

    field: str
    read_from: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One line of an assessment, the rule it comes from, and what keeps the rule from being judged.

    `rule` is None where the criteria of the assessment are not kept any more.
    """

    line: Line
    rule: Rule | None
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """`outlook` is there for a lead that was judged just now; a kept assessment has none.

    `unknown_types` are the types of signals at hand that no rule knows.
    """

    assessment: Assessment
    criteria: Criteria | None
    rules: tuple[Told, ...]
    outlook: Outlook | None = None
    unknown_types: tuple[str, ...] = ()

    def of(self, axis: Axis) -> tuple[Told, ...]:
        """The rules of one axis, in the order of the criteria."""
        return tuple(told for told in self.rules if told.line.axis == axis)


def explain(lead: Lead, days: Sequence[Day], criteria: Criteria, now: datetime) -> Explanation:
    """The lead judged at `now` (of any time zone), and what would change that."""
    assessment = assess(lead, days, criteria, now)
    kept = explain_kept(assessment, criteria, lead)
    unknown_types = tuple(sorted({day.type for day in days} - criteria.signals.keys()))
    return Explanation(assessment, criteria, kept.rules, outlook(lead, days, criteria, assessment), unknown_types)


def explain_kept(assessment: Assessment, criteria: Criteria | None, lead: Lead) -> Explanation:
    """An assessment of before, under the `criteria` of its own version; gaps are those that `lead` has now."""
    known = Facts(lead, criteria.derived if criteria else ())
    derived = {one.name: one for one in criteria.derived} if criteria else {}
    by_label = {(axis, rule.label): rule for axis, rule in _rules(criteria)} if criteria else {}
    rules = []
    for line in assessment.lines:
        rule = by_label.get((line.axis, line.label))
        condition = rule.when if isinstance(rule, FitRule | Disqualifier) else None
        unknown = condition is not None and line.outcome is Outcome.UNKNOWN
        rules.append(Told(line, rule, tuple(_gaps(condition, known, derived)) if unknown and condition else ()))
    return Explanation(assessment, criteria, tuple(rules))


def for_and_against(assessment: Assessment) -> tuple[Sequence[Line], Sequence[Line]]:
    """The three rules that say most for the lead, and the two that say most against it.

    Against are minus points first, then what fit misses most, one rule of a group in which none holds. What is
    unknown speaks neither for nor against.
    """
    lines = assessment.lines
    plus = sorted((line for line in lines if line.points > 0), key=lambda line: -line.points)
    minus = sorted((line for line in lines if line.points < 0), key=lambda line: line.points)
    return plus[:MOST_FOR], [*minus, *_missed(lines)][:MOST_AGAINST]


def _missed(lines: Iterable[Line]) -> list[Line]:
    facts = [line for line in lines if line.axis == "fit"]
    settled = {line.group for line in facts if line.outcome is Outcome.MET and line.group is not None}
    found: dict[object, Line] = {}
    for line in sorted(facts, key=lambda line: -line.worth):
        if line.outcome is Outcome.MISSED and line.worth > 0 and line.group not in settled:
            found.setdefault(line.label if line.group is None else line.group, line)
    return list(found.values())


def _rules(criteria: Criteria) -> Iterator[tuple[Axis, Rule]]:
    yield from (("fit", rule) for rule in criteria.fit)
    yield from (("behaviour", rule) for rule in criteria.signals.values())
    yield from (("fast track", rule) for rule in criteria.fast_tracks)
    yield from (("disqualifier", rule) for rule in criteria.disqualifiers)


def _gaps(condition: Condition, known: Facts, derived: Mapping[str, Derived]) -> Iterator[Gap]:
    """The fields of a condition that are not known, each once, by the name under which somebody could fill it in."""
    seen = set()
    for field in fields_of(condition):
        if known.value(field) is None and (gap := _gap(field, known, derived)) not in seen:
            seen.add(gap)
            yield gap


def _gap(field: str, known: Facts, derived: Mapping[str, Derived]) -> Gap:
    source = READ_OUT[field][0] if field in READ_OUT else derived[field].field if field in derived else None
    if source is None:
        return Gap(field)
    return Gap(source) if known.value(source) is None else Gap(field, source)
