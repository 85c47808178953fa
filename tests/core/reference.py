"""The assessment once more, as plainly as the documentation says it: signal by signal, in exact fractions of points.

Slow, and shares nothing with bot/criteria but the records that go in and come out. `FAULTS` says what is wrong with
the few addresses and numbers that the tests use.
"""

import math
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from bot.criteria.assess import Assessment
from bot.criteria.checks import Checked
from bot.criteria.definition import Check, Criteria, Disqualifier, FastTrack, FitRule, SignalRule
from bot.criteria.rules import Outcome
from bot.criteria.score import Line
from bot.lead import Lead, Signal
from tests.core.reference_rules import CODES, KINDS, MET, MISSED, known, outcome

FAULTS = {
    "ana": "is no e-mail address: no @",
    "call me": "is no phone number",
    "+44 123": "is too short for a phone number",
    "+44 20 7946 0123": None,
}


def rounded(number: Fraction | Decimal, to: int) -> Fraction:
    """To so many parts of one, half a part away from zero."""
    parts = abs(Fraction(number)) * to
    whole = math.floor(parts + Fraction(1, 2))
    return Fraction(whole if number >= 0 else -whole, to)


def fit_lines(criteria: Criteria, lead: Lead) -> list[Line]:
    """One line per rule, but none for those that stand behind the first of their group that is met."""
    lines: list[Line] = []
    for rule in criteria.fit:
        if any(one.group is not None and one.group == rule.group and one.outcome is MET for one in lines):
            continue
        result = outcome(rule.when, lead, criteria.derived)
        lines.append(_fit_line(rule, result))
    return lines


def _fit_line(rule: FitRule, result: Outcome) -> Line:
    return Line("fit", rule.label, result, rule.points if result is MET else 0, rule.points, rule.group)


def amount(value: float | None) -> Fraction:
    """A signal's value to the hundredth; none and NaN are 0, and nothing is more than a million millions."""
    if value is None or value != value:
        return Fraction(0)
    limited = max(-(10**12), min(value, 10**12))
    return rounded(Decimal(str(limited)), 100)


def day_worth(rule: SignalRule, values: list[float | None]) -> Fraction:
    """What one day of signals with these values is worth on that day, in points."""
    per_value = rounded(Fraction(rule.per_value, 100) * sum(map(amount, values)), 100)
    return _clipped(Fraction(rule.points, 100) * len(values) + per_value, rule.cap_per_day)


def factor(age: int, half_life: int | None) -> Fraction:
    """What is left of a point after so many days: half after each half-life, to the millionth; nothing after ten."""
    if half_life is None:
        return Fraction(1)
    if age > 10 * half_life:
        return Fraction(0)
    left = Decimal("0.5") ** (Decimal(age) / Decimal(half_life))
    return Fraction(left.quantize(Decimal("0.000001"), ROUND_HALF_UP))


def signal_line(rule: SignalRule, signals: list[Signal], today: date) -> Line:
    """Days are capped, then all together, the newest first; then each fades by its age."""
    fresh = day_worth(rule, [None])
    ages = {signal.id: (today - signal.at.astimezone(UTC).date()).days for signal in signals}
    remembered = [one for one in signals if factor(ages[one.id], rule.half_life) > 0]
    if not remembered:
        return Line("behaviour", rule.label, MISSED, worth=int(fresh * 100))
    room = None if rule.cap is None else Fraction(rule.cap, 100)
    before = faded = Fraction(0)
    counted = 0
    days = sorted({ages[one.id] for one in remembered})
    for age in days if rule.points or rule.per_value else days[:1]:
        if room == 0:  # what a full cap shuts out does not count
            break
        on_that_day = [one.value for one in remembered if ages[one.id] == age]
        points = day_worth(rule, on_that_day)
        if room is not None:
            points = max(-room, min(points, room))
            room -= abs(points)
        before += points
        faded += points * factor(age, rule.half_life)
        counted += len(on_that_day)
    return Line(
        "behaviour",
        rule.label,
        MET,
        points=int(rounded(faded, 100) * 100),
        worth=int(fresh * 100),
        count=counted,
        before=int(before * 100),
        age=min(ages[one.id] for one in remembered),
    )


def _clipped(points: Fraction, limit: int | None) -> Fraction:
    return points if limit is None else max(Fraction(-limit, 100), min(points, Fraction(limit, 100)))


# The verdict


def happened(signals: list[Signal], now: datetime) -> list[Signal]:
    """What has happened by the end of this UTC day, each id once: its earliest version, then by type, value, note."""
    kept: dict[str, Signal] = {}
    for one in sorted(signals, key=lambda one: (one.at, one.type, amount(one.value), one.note or ""), reverse=True):
        kept[one.id] = one
    return [one for one in kept.values() if one.at.astimezone(UTC).date() <= now.astimezone(UTC).date()]


def track_line(track: FastTrack, signals: list[Signal], fit: str, today: date) -> Line:
    """So many signals in so many days."""
    ages = [(today - one.at.astimezone(UTC).date()).days for one in signals if one.type in track.signals]
    recent = [age for age in ages if age <= track.within]
    met = len(recent) >= track.at_least and fit in track.fits
    return Line("fast track", track.label, MET if met else MISSED, count=len(recent), age=min(recent, default=None))


def against_line(rule: Disqualifier, signals: list[Signal], lead: Lead, criteria: Criteria, today: date) -> Line:
    """A condition that is met, or a signal that none of a later day has lifted."""
    if rule.when is not None:
        return Line("disqualifier", rule.label, outcome(rule.when, lead, criteria.derived))
    said = [one.at.astimezone(UTC).date() for one in signals if one.type == rule.signal]
    lifted = [one.at.astimezone(UTC).date() for one in signals if one.type == rule.lifted_by]
    stands = bool(said) and not (lifted and max(lifted) > max(said))
    age = (today - max(said)).days if said else None
    return Line("disqualifier", rule.label, MET if stands else MISSED, age=age)


def checked(check: Check, lead: Lead) -> Checked:
    """What is wrong with one field."""
    value = known(lead, (), check.field)
    fault = None
    if value is None:
        fault = "is missing"
    elif check.field == "phone":
        fault = FAULTS[str(lead.phone)]
    elif check.field == "country" and CODES[str(lead.country)] is None:
        fault = "is no country we know"
    elif check.field == "email":
        fault = _email(check, lead)
    return Checked(check.field, check.needed, fault)


def _email(check: Check, lead: Lead) -> str | None:
    bounced, kind = known(lead, (), "email_bounced"), KINDS[str(lead.email)]
    if lead.email in FAULTS:
        return FAULTS[lead.email]
    if bounced in (True, "true", "yes", "y", "1") or bounced == str(lead.email).casefold():
        return "bounced"
    return f"is {kind}, expected {' or '.join(check.accept)}" if check.accept and kind not in check.accept else None


def assess(lead: Lead, signals: list[Signal], criteria: Criteria, now: datetime) -> Assessment:
    """The whole of it."""
    today, heard = now.astimezone(UTC).date(), happened(signals, now)
    facts = fit_lines(criteria, lead)
    events = [
        signal_line(rule, [one for one in heard if one.type == type_], today)
        for type_, rule in criteria.signals.items()
    ]
    fit_points, points = sum(line.points for line in facts), sum(line.points for line in events)
    fit = next((one for one, start in zip("ABC", criteria.fit_from, strict=True) if fit_points >= start), "D")
    level = next((one for one, start in zip((1, 2, 3), criteria.behaviour_from, strict=True) if points >= start), 4)
    tracks = [track_line(one, heard, fit, today) for one in criteria.fast_tracks]
    against = [against_line(one, heard, lead, criteria, today) for one in criteria.disqualifiers]

    claims = [(tier, f"cell {fit}{level}") for tier, cells in criteria.tiers.items() if f"{fit}{level}" in cells]
    pairs = zip(criteria.fast_tracks, tracks, strict=True)
    claims += [(track.tier, track.label) for track, line in pairs if line.outcome is MET]
    urgency = list(criteria.tiers)
    tier, because = min(claims, key=lambda one: urgency.index(one[0]), default=(None, f"cell {fit}{level}"))
    barred = [rule for rule, line in zip(criteria.disqualifiers, against, strict=True) if line.outcome is MET]
    if barred:
        tier, because = None, barred[0].label
    return Assessment(
        criteria=criteria.version,
        at=now,
        fit=fit,  # type: ignore[arg-type]
        behaviour=level,  # type: ignore[arg-type]
        fit_points=fit_points,
        behaviour_points=points,
        tier=tier,
        because=because,
        lines=(*facts, *events, *tracks, *against),
        checks=tuple(checked(one, lead) for one in criteria.checks) if tier else (),
        withdrawn=any(rule.voids_card for rule in barred),
    )
