"""What a card says about its lead: why now, how good the fit, how warm, what speaks for and against, which data.

Lines of text, each safe to show; the card puts them together. Fit and behaviour stand side by side, never added up.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from bot.blocks.criteria_words import field_name, points
from bot.blocks.text import day, escape, joined, when
from bot.criteria.assess import Assessment
from bot.criteria.checks import Checked
from bot.criteria.explain import for_and_against
from bot.criteria.rules import Outcome
from bot.criteria.score import Line
from bot.handoff.case import Case, Heard
from bot.handoff.states import State
from bot.lead import Lead

MOST_UNKNOWN = 4
SPACE = "\N{NO-BREAK SPACE}"
CONTACT = ("email", "phone", "country")
"""The data somebody needs at hand to get in touch: on a card it is written out, not just ticked."""


def barred(case: Case) -> str:
    """A loud line while a lead that must not be worked is still in sales' hands; "" where it may be."""
    found = case.assessment
    if found is None or not found.disqualified:
        return ""
    return f":no_entry: *{'Do not contact' if found.withdrawn else 'Disqualified'}: {escape(found.because, 75)}*"


def undecided(case: Case) -> str:
    """Disqualifiers that nobody can judge, for the lead came with a value of the wrong type; "" where there is none."""
    lines = case.assessment.lines if case.assessment else ()
    labels = [line.label for line in lines if line.axis == "disqualifier" and line.outcome is Outcome.WRONG_TYPE]
    if not labels:
        return ""
    more = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
    return f":warning: {escape(labels[0], 75)}{more}: cannot tell, the value is of the wrong type"


def raised(case: Case) -> str:
    """From which tier an open card was raised, and why; "" where it was not."""
    handoff, found = case.handoff, case.assessment
    if handoff.state is not State.OFFERED or not handoff.raised_from:
        return ""
    why = f": {escape(reason(found), 75)}" if found and found.tier == handoff.tier else ""
    return f":arrow_up: Raised from {escape(handoff.raised_from, 20)}{why}"


def reason(found: Assessment) -> str:
    """Why it is an MQL, as people would say it: by a fast track, if one holds, else by its cell."""
    return fast_track(found) or found.because


def fast_track(found: Assessment) -> str | None:
    """The fast track that gave the tier, else the first that holds at all."""
    held = [line.label for line in found.lines if line.axis == "fast track" and line.outcome is Outcome.MET]
    return found.because if found.because in held else next(iter(held), None)


def why_now(case: Case, most: int) -> list[str]:
    """The fast track that made it an MQL, and the last signals with age and note; what came after the offer first.

    For a lead that is disqualified no fast track counts any more, and there is no hurry.
    """
    news, latest = case.news, case.latest
    offered = case.handoff.offered_at
    shown = [_heard(one, offered, "*New:* ") for one in news[: most - 1 if latest and most > 1 else most]]
    shown += [_heard(one, offered) for one in latest[: most - len(shown)]]
    found = case.assessment
    over = found is not None and found.disqualified
    track = fast_track(found) if found and not over else None
    heading = "Heard last" if over else f"Why now: {escape(track, 60)}" if track else "Why now"
    return [f"*{heading}*", *shown] if track or shown else []


def standing(found: Assessment, unknown: Sequence[str]) -> Iterator[str]:
    """Fit and behaviour with what is not known, then what speaks for the lead and what against it.

    What disqualifies beats all points, so beside it none are shown.
    """
    yield " · ".join([f"*Fit {found.fit}*", f"*Behaviour {found.behaviour}*", *_unknown(unknown)])
    good, bad = ((), ()) if found.disqualified else for_and_against(found)
    if good:
        yield "*For*  " + " · ".join(_counted(line) for line in good)
    if bad:
        yield "*Against*  " + " · ".join(_counted(line) for line in bad)


def data(lead: Lead, checks: Sequence[Checked]) -> str:
    """How to reach the lead and whether that data will do, then where the lead comes from."""
    by_field = {one.field: one for one in checks}
    others = [one for one in checks if one.field not in CONTACT]
    parts = [_contact(lead, field, by_field.get(field)) for field in CONTACT]
    parts += [f"✗{SPACE}{_name(one.field)} {escape(one.fault, 100)}" for one in others if one.fault]
    good = ", ".join(_name(one.field) for one in others if not one.fault)
    parts += [f"✓{SPACE}{good}"] if good else []
    origin = (("Source", lead.source), ("Campaign", lead.campaign))
    return joined([*parts, *(f"{label}{SPACE}{escape(value, 60)}" for label, value in origin if value)])


def _heard(signal: Heard, offered: datetime, mark: str = "") -> str:
    """Of what was long ago when the card was made, the hour is of no interest."""
    at = day(signal.at) if offered - signal.at > timedelta(days=1) else when(signal.at)
    note = f" — “{escape(signal.note, 90)}”" if signal.note else ""
    return f"• {mark}{escape(signal.label, 60)} · {at}{note}"


def _unknown(fields: Sequence[str]) -> Iterable[str]:
    """Neither for nor against: what a first call may find out."""
    if not fields:
        return []
    more = f" and {len(fields) - MOST_UNKNOWN} more" if len(fields) > MOST_UNKNOWN else ""
    return ["? " + ", ".join(_name(field) for field in fields[:MOST_UNKNOWN]) + more]


def _counted(line: Line) -> str:
    """A rule that holds with its points, and a signal's age; or a rule that does not hold."""
    label = escape(line.label, 60)
    if not line.points:
        return f"{label}:{SPACE}no"
    if line.points == line.before or not line.age:
        return f"{label}{SPACE}{points(line.points, signed=True)}"
    age = f"({line.age} d ago)".replace(" ", SPACE)
    return f"{label}{SPACE}{points(round(line.points, -1), signed=True)}{SPACE}{age}"


def _contact(lead: Lead, field: str, checked: Checked | None) -> str:
    """The value, ticked where it was checked and will do. What nobody has is missing, checked or not."""
    value = escape(lead.value(field) or "", 80)
    if not value:
        return f"✗{SPACE}{_name(field)} is missing"
    if checked and checked.fault:
        return f":warning: {_name(field)} {value} {escape(checked.fault, 100)}"
    return f"✓{SPACE}{value}" if checked else value


def _name(field: str) -> str:
    return escape(field_name(field), 30)
