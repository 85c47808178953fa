"""An explained assessment in plain words, line by line, for people who sell: no Slack and no terminal in it.

A `Row` is one line of a list; the places that show it set its mark, points and words side by side. Everything from
outside is cleaned; whoever shows it in Slack escapes it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.blocks.criteria_words import LABEL, days, either, field_name, points
from bot.blocks.text import clean
from bot.criteria.assess import Assessment
from bot.criteria.checks import Checked
from bot.criteria.definition import FITS, LEVELS, FastTrack, SignalRule
from bot.criteria.explain import Explanation, Gap, Told
from bot.criteria.rules import Outcome, fields_of
from bot.criteria.score import Line

MOST_UNKNOWN_TYPES = 10
YES, NO, UNKNOWN, WRONG, NEITHER = "✓", "✗", "?", "!", "–"


class Row(NamedTuple):
    """One rule, or several that share their words: a mark, signed points or nothing, and the words."""

    mark: str
    points: str
    words: str


def verdict(assessment: Assessment) -> str:
    """Where the lead stands and why, in one line."""
    because = clean(assessment.because, LABEL)
    if assessment.disqualified:
        return f"{assessment.cell}, but disqualified: {because}"
    if assessment.tier is None:
        return place(assessment.cell, None)
    why = "" if assessment.because == f"cell {assessment.cell}" else f", because: {because}"
    return f"{place(assessment.cell, assessment.tier)}{why}"


def place(cell: str, tier: str | None) -> str:
    """A cell and what it makes of a lead: B1, MQL of tier P2."""
    return f"{cell}, MQL of tier {clean(tier, 20)}" if tier else f"{cell}, no MQL"


def lists(explanation: Explanation) -> Iterator[tuple[str, Iterator[Row]]]:
    """Every rule and data check, in lists with their headings."""
    found, criteria = explanation.assessment, explanation.criteria
    fit_from, behaviour_from = (criteria.fit_from, criteria.behaviour_from) if criteria else ((), ())
    yield f"Fit {found.fit}: {_graded(found.fit_points, FITS, fit_from)}", fit_rows(explanation)
    behaviour = _graded(found.behaviour_points, LEVELS, behaviour_from)
    yield f"Behaviour {found.behaviour}: {behaviour}", behaviour_rows(explanation)
    yield "Fast tracks", track_rows(explanation)
    yield "Never an MQL", disqualifier_rows(explanation)
    yield "Data for a card", check_rows(found.checks)


def _graded(total: int, grades: Sequence[object], starts: Sequence[int]) -> str:
    """Points, and where the grades begin."""
    begins = [f"{grade} from {points(start)}" for grade, start in zip(grades, starts, strict=False)]
    return f"{points(total)} points" + (f" ({', '.join(begins)})" if begins else "")


def fit_rows(explanation: Explanation) -> Iterator[Row]:
    """What holds, the most telling first; what nobody knows; what does not hold."""
    rules = explanation.of("fit")
    for told in _with(Outcome.MET, rules):
        yield Row(YES if told.line.points > 0 else NO, points(told.line.points, signed=True), _label(told.line))
    yield from _not_judged(rules, _worth)
    held = {told.line.group: told.line.points for told in rules if told.line.outcome is Outcome.MET}
    for told in _with(Outcome.MISSED, rules):
        mark = NO if told.line.worth > 0 else NEITHER
        yield Row(mark, "", f"{_label(told.line)}: no ({_would_be(told.line, held)})")


def behaviour_rows(explanation: Explanation) -> Iterator[Row]:
    """What was heard of the lead, the most telling first, and in one line what was not."""
    rules = explanation.of("behaviour")
    for told in _with(Outcome.MET, rules):
        mark = YES if told.line.points > 0 else NO if told.line.points < 0 else NEITHER
        yield Row(mark, points(told.line.points, signed=True), f"{_label(told.line)}: {_heard(told)}")
    silent = [_worth(told.line) for told in _with(Outcome.MISSED, rules)]
    if silent:
        yield Row(NEITHER, "", f"Not heard of, or long ago: {', '.join(silent)}")
    if explanation.unknown_types:
        names = [clean(type_, LABEL) for type_ in explanation.unknown_types[:MOST_UNKNOWN_TYPES]]
        yield Row(WRONG, "", f"Counts for nothing, for no rule knows it: {', '.join(names)}")


def track_rows(explanation: Explanation) -> Iterator[Row]:
    """The fast tracks, whether taken or not."""
    for told in explanation.of("fast track"):
        met = told.line.outcome is Outcome.MET
        yield Row(YES if met else NEITHER, "", f"{_label(told.line)}{_track(told, explanation.assessment)}")


def disqualifier_rows(explanation: Explanation) -> Iterator[Row]:
    """What beats all points: what holds, what nobody knows, and in one line what does not hold."""
    rules = explanation.of("disqualifier")
    for told in _with(Outcome.MET, rules):
        age = f", {_ago(told.line.age)}" if told.line.age is not None else ""
        yield Row(NO, "", f"{_label(told.line)}{age}: this beats all points")
    yield from _not_judged(rules, _label)
    missed = [_label(told.line) for told in _with(Outcome.MISSED, rules)]
    if missed:
        yield Row(YES, "", f"Not so: {', '.join(missed)}")


def check_rows(checks: Sequence[Checked]) -> Iterator[Row]:
    """The data checks of an MQL: what is fine in one line, then each fault."""
    fine = [field_name(one.field) for one in checks if one.fault is None]
    if fine:
        yield Row(YES, "", ", ".join(fine))
    for one in checks:
        if one.fault:
            needed = ": without it there is no card" if one.needed else ""
            yield Row(NO if one.needed else WRONG, "", f"{field_name(one.field)} {clean(one.fault, 200)}{needed}")


def _with(outcome: Outcome, rules: Iterable[Told]) -> list[Told]:
    """The rules of one outcome, the heaviest first."""
    found = (told for told in rules if told.line.outcome is outcome)
    return sorted(found, key=lambda told: (-abs(told.line.points), -told.line.worth))


def _label(line: Line) -> str:
    return clean(line.label, LABEL)


def _worth(line: Line) -> str:
    return f"{_label(line)} {points(line.worth, signed=True)}" if line.worth else _label(line)


def _would_be(line: Line, held: Mapping[int | None, int]) -> str:
    instead = (
        f" instead of {points(held[line.group], signed=True)}" if line.group in held and line.group is not None else ""
    )
    return f"would be {points(line.worth, signed=True)}{instead}"


def _not_judged(rules: Iterable[Told], words: Callable[[Line], str]) -> Iterator[Row]:
    """Rules that wait for the same knowledge stand together: it is what somebody can find out or put right."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for told in [*_with(Outcome.WRONG_TYPE, rules), *_with(Outcome.UNKNOWN, rules)]:
        row = (WRONG, _odd(told)) if told.line.outcome is Outcome.WRONG_TYPE else (UNKNOWN, _gaps(told.gaps))
        waiting.setdefault(row, []).append(words(told.line))
    for (mark, why), labels in waiting.items():
        yield Row(mark, "", f"{why}: {', '.join(labels)}")


def _gaps(gaps: Sequence[Gap]) -> str:
    return either([_gap(gap) for gap in gaps], "and") or "not known at the time"


def _gap(gap: Gap) -> str:
    if gap.read_from:
        return f"{field_name(gap.read_from)} does not tell the {field_name(gap.field)}"
    return f"{field_name(gap.field)} is not known"


def _odd(told: Told) -> str:
    condition = getattr(told.rule, "when", None)
    fields = dict.fromkeys(field_name(key) for key in fields_of(condition)) if condition else {"the value": None}
    return f"{either(list(fields))} is written in a way that the rule cannot read"


def _heard(told: Told) -> str:
    """How often and when, and what became of its points."""
    line, rule = told.line, told.rule
    ago = _ago(line.age or 0)
    parts = [ago if line.count == 1 else f"{line.count} times, last {ago}"]
    if isinstance(rule, SignalRule) and _is_capped(line, rule):
        parts.append(f"capped at {points(line.before)}")
    elif line.before != line.points:
        parts.append(f"{points(line.before)} when fresh")
    return ", ".join(parts)


def _is_capped(line: Line, rule: SignalRule) -> bool:
    if rule.per_value:  # how much of it there was is not told, so only the cap of all days can be seen
        return rule.cap is not None and abs(line.before) >= rule.cap
    return abs(line.count * rule.points) > abs(line.before)


def _ago(age: int) -> str:
    return "today" if age == 0 else "yesterday" if age == 1 else f"{age} days ago"


def _track(told: Told, found: Assessment) -> str:
    rule, count = told.rule, told.line.count
    if not isinstance(rule, FastTrack):
        return ""
    window = f"in the last {days(rule.within)}"
    if told.line.outcome is Outcome.MET:
        return f": {count} {window}, makes it {clean(rule.tier, 20)}"
    if count < rule.at_least:
        return f": {count} of {rule.at_least} {window}"
    return f": only for fit {either(rule.fits)}, not {found.fit}"
