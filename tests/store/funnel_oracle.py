"""The figures of `/funnel` once more, as plainly as its documentation says them: one hand-off after the other.

Slow, in exact fractions, and shares nothing with bot/stats or bot/store but the query that goes in. Aalen and
Johansen's estimate is spelled out event by event. What comes out are plain numbers, told apart by their names.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from bot.stats.query import Cohort, Query, Window
from tests.store.funnel_cases import Case, Limit
from tests.store.funnel_company import DAY, EXPIRY, HOUR, MINUTE, WORKING_DAY

CAUSES = ("accepted", "rejected", "expired")
MINUTES = {"h": 60, "d": 1440, "bh": 60, "bd": WORKING_DAY}
LIFE, FORTNIGHT = Limit(EXPIRY, "working", life=True), Limit(14 * 1440, "wall")
Item = tuple[int, str | None]
"""After how many minutes, and by what; None: still open at that age."""
Figures = dict[str, Any]


def chosen(cases: Iterable[Case], cohort: Cohort, as_of: datetime) -> list[Case]:
    """Those that pass every filter, whenever they were offered."""
    return [case for case in cases if all(_passes(case, one, cohort.touch, as_of) for one in cohort.filters)]


def _passes(case: Case, one: Any, touch: str, as_of: datetime) -> bool:
    if one.key == "score":
        score = case.score
        low, high = (score if limit is None else limit for limit in (one.low, one.high))
        inside = score is not None and low <= score <= high
    elif one.key == "reason":
        inside = case.outcome(as_of) == "rejected" and case.name("reason") in one.values
    else:
        inside = case.name(one.key, touch) in one.values
    return inside is not one.negated


def within(cases: Iterable[Case], window: Window, as_of: datetime) -> list[Case]:
    """Those offered in a window, by then."""
    return [one for one in cases if window.start <= one.offered_at < window.end and one.offered_at <= as_of]


def counts(cases: Iterable[Case], as_of: datetime) -> Figures:
    """How many there are of each stage."""
    sums = Counter(one.outcome(as_of) for one in cases)
    sums["sql"] += sums["won"]
    sums["accepted"] += sums["sql"]
    return {name: sums[name] for name in ("accepted", "rejected", "expired", "void", "open", "sql", "won")}


def named(cases: Iterable[Case], by: str, touch: str = "trigger") -> dict[str, list[Case]]:
    """The groups of a dimension."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.name(by, touch), []).append(case)
    return groups


def incidence(items: Sequence[Item], horizon: int) -> dict[str | None, Fraction]:
    """The share that ends by each cause within the horizon, and (None) the share that is still open then."""
    shares: dict[str | None, Fraction] = dict.fromkeys(CAUSES, Fraction(0))
    open_ = Fraction(1)
    for minute in sorted({at for at, cause in items if cause and at <= horizon}):
        at_risk = sum(at >= minute for at, _ in items)
        ended = [cause for at, cause in items if at == minute and cause]
        for cause in ended:
            shares[cause] = shares.get(cause, Fraction(0)) + open_ / at_risk
        open_ *= 1 - Fraction(len(ended), at_risk)
    return shares | {None: open_}


def reached(items: Sequence[Item], causes: Iterable[str], share: Fraction) -> int | None:
    """The first minute by which so great a share had ended by one of the causes, all else censored (Kaplan, Meier)."""
    causes = set(causes)
    open_ = Fraction(1)
    for minute in sorted({at for at, cause in items if cause in causes}):
        at_risk = sum(at >= minute for at, _ in items)
        ended = sum(at == minute and cause in causes for at, cause in items)
        open_ *= 1 - Fraction(ended, at_risk)
        if 1 - open_ >= share:
            return minute
    return None


def asked(query: Query) -> Limit:
    """How far rates are to look: as asked, else until a card expires."""
    after = query.after
    if after is None:
        return LIFE
    return Limit(after.amount * MINUTES[after.unit], "working" if after.unit in ("bh", "bd") else "wall")


def horizon(cases: Sequence[Case], query: Query, as_of: datetime) -> Limit:
    """The same, but no further than ten hand-offs are old, in whole hours, or days; below one hour as it was."""
    limit = asked(query)
    ages = sorted(one.age(limit, as_of, exact=True) for one in cases if one.outcome(as_of) != "void")
    if len(ages) < 10 or not 60 <= ages[-10] < limit.minutes:
        return limit
    unit = 1440 if limit.clock == "wall" and ages[-10] >= 2 * 1440 else 60
    return Limit(ages[-10] // unit * unit, limit.clock)


def ended(cases: Iterable[Case], as_of: datetime, limit: Limit) -> list[tuple[int | None, str]]:
    """After how many minutes those ended that have, and by what; where the limit is a card's life, all within it."""
    found = []
    for one in cases:
        cause, took = one.cause(as_of), one.took(limit.clock, as_of)
        if cause:
            found.append((min(took, limit.minutes) if took is not None and limit.life else took, cause))
    return found


def waiting(cases: Iterable[Case], as_of: datetime, limit: Limit) -> list[Item]:
    """How old those are that are open."""
    return [(one.age(limit, as_of), None) for one in cases if one.outcome(as_of) == "open"]


def ends(cases: Sequence[Case], as_of: datetime, limit: Limit) -> Figures:
    """How they end by a horizon; without shares where the times of more than a tenth of the ended are unknown."""
    every = ended(cases, as_of, limit)
    known: list[Item] = [(at, cause) for at, cause in every if at is not None]
    unknown, open_ = len(every) - len(known), waiting(cases, as_of, limit)
    by_then = Counter(cause for at, cause in known if at <= limit.minutes)
    found: Figures = {
        "counts": counts(cases, as_of),
        "unknown": unknown,
        "by_then": {cause: by_then[cause] for cause in CAUSES},
        "horizon": limit,
    }
    if 10 * unknown > len(every):
        return found
    return found | {"shares": incidence([*known, *open_], limit.minutes), "n": len(known) + len(open_)}


def times(cases: Sequence[Case], as_of: datetime, limit: Limit) -> Figures:
    """Percentiles of the time to an accept or a reject; what came after the horizon is open until then."""
    every, decisions = ended(cases, as_of, limit), ("accepted", "rejected")
    decided = [at for at, cause in every if cause in decisions]
    unknown = decided.count(None)
    items = waiting(cases, as_of, limit)
    items += [(min(at, limit.minutes), cause if at <= limit.minutes else None) for at, cause in every if at is not None]
    p50, p75, p90 = (reached(items, decisions, Fraction(p, 100)) for p in (50, 75, 90))
    return {"p50": p50, "p75": p75, "p90": p90, "decided": len(decided) - unknown, "unknown": unknown}


def onward(cases: Iterable[Case], as_of: datetime, goal: str, days: int, start: str) -> Figures:
    """What became of hand-offs after the offer, or the accept, by so many days, or as many as ten have behind them."""
    began = [(one, one.offered_at if start == "offer" else one.dates.get("accepted")) for one in cases]
    first = sorted(at for one, at in began if at is not None and one.offered_at <= at <= as_of)[:10]
    limit = days * 1440
    if len(first) == 10 and HOUR <= as_of - first[-1] < limit * MINUTE:
        unit = DAY if as_of - first[-1] >= 2 * DAY else HOUR
        limit = (as_of - first[-1]) // unit * unit // MINUTE
    fates = [(*_fate(one, as_of, goal), at) for one, at in began]
    hours = [(_hours(at, date), fate) for fate, date, at in fates]
    items: list[Item] = [(at * 60, None if fate == "open" else fate) for at, fate in hours if at is not None]
    sums, unknown = Counter(fate for _, fate in hours), len(hours) - len(items)
    found: Figures = {
        "reached": sums[goal],
        "out": sums["out"],
        "open": sums["open"],
        "unknown": unknown,
        "median": reached(items, (goal, "out"), Fraction(1, 2)),
        "horizon": limit,
    }
    return found if 10 * unknown > len(hours) else found | {"share": incidence(items, limit).get(goal, Fraction(0))}


def _fate(case: Case, as_of: datetime, goal: str) -> tuple[str, datetime | None]:
    """What became of it by then, and when that was; None: nobody knows."""
    outcome = case.outcome(as_of)
    if outcome == "won" or outcome == goal:
        return goal, case.dated(goal, as_of)
    ends_of = ("out", "lost") if goal == "won" else ("out",)
    gone = outcome if outcome in ("rejected", "expired") else next((e for e in ends_of if case.is_in(e, as_of)), None)
    return ("out", case.dated(gone, as_of)) if gone and outcome != "open" else ("open", as_of)


def _hours(start: datetime | None, end: datetime | None) -> int | None:
    if start is None or end is None or end < start:
        return None
    return (end - start) // HOUR


def due(cases: Iterable[Case], window: Window, as_of: datetime) -> Figures:
    """First and repeated ones by how they were answered, whose due time fell in the window and is over.

    Beside them those that are open and not due, where the window reaches to now.
    """
    sums: Counter[str] = Counter()
    for one in cases:
        if one.due_at is None or one.offered_at > as_of or one.outcome(as_of) == "void":
            continue
        if window.start <= one.due_at < window.end and one.due_at <= as_of:
            sums[answered(one, as_of)] += 1
        elif one.due_at > as_of and window.end >= as_of and one.outcome(as_of) == "open":
            sums["not_yet"] += 1
    return {name: sums[name] for name in ("met", "missed", "overdue", "not_yet", "unknown")}


def answered(case: Case, as_of: datetime) -> str:
    """How one was that is due."""
    cause = case.cause(as_of)
    if cause is None:
        return "overdue"
    decided = case.dates.get("accepted") or case.dates.get("rejected")
    if cause == "expired" or case.due_at is None:
        return "missed"
    if decided is None:
        return "unknown"
    return "met" if decided <= case.due_at else "missed"


def reasons(cases: Iterable[Case], as_of: datetime) -> dict[str, int]:
    """Codes of those that stood rejected then."""
    return dict(Counter(one.name("reason") for one in cases if one.outcome(as_of) == "rejected"))


def happened(cases: Iterable[Case], window: Window, as_of: datetime) -> Figures:
    """Offers, accepts and SQLs by their own dates, whichever cohort they are of.

    Accepts of those offered in the window that nobody knows the date of are counted beside them.
    """
    every = [one for one in cases if one.outcome(as_of) != "void" and one.offered_at <= as_of]

    def fell(dates: Iterable[datetime | None]) -> int:
        return sum(at is not None and window.start <= at < window.end and at <= as_of for at in dates)

    return {
        "offered": fell(one.offered_at for one in every),
        "accepted": fell(one.dates.get("accepted") for one in every),
        "sql": fell(next((one.dates[name] for name in REACHED_SQL if one.dates.get(name)), None) for one in every),
        "undated": sum(
            one.cause(as_of) == "accepted" and one.dates.get("accepted") is None for one in within(every, window, as_of)
        ),
    }


REACHED_SQL = ("qualified", "won", "lost")


def rerouted(cases: Iterable[Case], as_of: datetime) -> int:
    """How many of them had been passed on as not theirs by somebody."""
    return sum(any(at <= as_of for at in one.passed_on) for one in cases if one.outcome(as_of) != "void")
