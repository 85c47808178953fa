"""What several answers share: outcomes, the accept rate and its course, times, comparisons, marks, bands. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from bot.blocks.funnel.report import Chart
from bot.blocks.funnel.words import (
    Names,
    change_words,
    day,
    horizon_words,
    left_out,
    minutes_words,
    percent,
    rate_words,
    short_rate,
    without_code,
)
from bot.stats.cohort import Cause, Counts
from bot.stats.marks import Mark
from bot.stats.maths.differences import Comparison
from bot.stats.onward import DAY, Goal, Stage
from bot.stats.query import Dim
from bot.stats.rates import RATES_FROM, Ends, Horizon, Rate, Say
from bot.stats.split import Part
from bot.stats.times import Times

MOST_MARKS = 5
MOST_POINTS = 20
"""Of a chart."""
UNSURE = "There may be a difference, but the rates are too wide (≈) to be sure: wait for more decisions."
ONE_SIDED = "No rejection or expiry is recorded, so there is no accept rate: import these too, if there are any."
NOTHING_BEFORE = "nothing was handed off, so there is nothing to compare with"
BY_OUTCOME = "These were chosen by their outcome, so there is no rate, and nothing to compare."
SOONEST = 7
"""Within fewer days hardly anything becomes an SQL: a rate by then says nothing."""
GOALS: Mapping[Goal, str] = {"sql": "SQL", "won": "won"}
BANDS = (
    "Accept rates elsewhere: 5–15 % in tech, 20–30 % in fast cycles (“MQL→SAL analytics guide”), 90–95 % and more "
    "where both sides agree (“SAL in Marketing Explained”); definitions differ."
)


def outcomes(counts: Counts) -> str:
    """What became of hand-offs: "214 → 121 accepted · 57 rejected · 9 expired · 27 open"."""
    ended = f"{counts.accepted:,} accepted · {counts.rejected:,} rejected · {counts.expired:,} expired"
    return f"{counts.handed_off:,} → {ended} · {counts.open:,} open"


def further(counts: Counts) -> str:
    """How far the accepted ones came."""
    return f"{counts.sql:,} SQL · {counts.won:,} won so far"


def accepted(ends: Ends, *, plain: bool = False, until: bool = True) -> str:
    """The accept rate by its horizon, or `plain` as a share of the decided ones. `until`: the horizon is told."""
    plain = plain or ends.incidence is None
    rate = ends.of_decided("accepted") if plain else ends.rate("accepted")
    if not rate.told:
        return share_words(ends, "accepted")
    few = " · few data" if rate.say is Say.FEW else ""
    if plain:
        untimed = f" (of {ends.unknown:,} nobody knows when, so not by a time)" if ends.incidence is None else ""
        return f"{short_rate(rate)} · {rate.k:,} of {rate.n:,} decided{untimed}{few}"
    open_ = f", {ends.counts.open:,} open" if ends.counts.open else ""
    within = f" within {horizon_words(ends.horizon)}" if until else ""
    return f"{short_rate(rate)}{within} · {rate.k:,} of {rate.n:,}{open_}{left_out(rate.left_out)}{few}"


def share_words(ends: Ends, cause: Cause) -> str:
    """The rate of any cause; where that would claim too much, counts of all so far: "6 of 8 decided; a rate …"."""
    rate, so_far = ends.rate(cause), ends.of_decided(cause)
    if rate.told or rate.by_outcome or rate.estimate is None or not so_far.n:
        return rate_words(rate)
    counted = f"{so_far.k:,} of {so_far.n:,} decided"
    if so_far.n >= RATES_FROM:
        counted += f", but only {rate.decided:,} of them within {horizon_words(ends.horizon)}"
    return f"{counted}; a rate from {RATES_FROM} on"


def looked(ends: Ends) -> Horizon | None:
    """How far the shares look, where any is told."""
    return ends.looked if ends.rate("accepted").told else None


def stage_words(stage: Stage, since: str, days: int) -> str:
    """How many came further, and their share within so many `days` `since` something, where that is known of enough."""
    counted = f"{stage.reached:,} {GOALS[stage.goal]} · {stage.out:,} dropped out · {stage.open:,} under way"
    if stage.rate is None:
        return f"{counted} (of {stage.unknown:,} nobody knows when)"
    if not stage.rate.told:
        return counted
    if stage.horizon.minutes < SOONEST * DAY:
        return f"{counted} (too few are {SOONEST} days old for a rate)"
    few = " · few data" if stage.rate.say is Say.FEW else ""
    short = f" (too few are {days} days old)" if stage.horizon.shortened else ""
    return f"{short_rate(stage.rate)} within {horizon_words(stage.horizon)} {since}{short} · {counted}{few}"


def quarters(times: Times) -> str:
    """How long decisions take, on the clock of the times: "half within 1 h, 75 % 3 h, 90 % longer than 17 hours"."""
    parts = (("half within", times.median), ("75 %", times.p75), ("90 %", times.p90))
    return ", ".join(f"{name} {minutes_words(one, times.horizon.clock, times.horizon)}" for name, one in parts)


def overdue_words(overdue: int) -> str:
    """What to do about so many open cards beyond their due time."""
    cards = f"{overdue:,} cards are" if overdue > 1 else "One card is"
    return f"{cards} overdue and somebody is waiting: `open` shows whose turn it is."


def late_words(in_time: Rate, target: float | None) -> str:
    """Only the company's own target is one, and only what is below it beyond chance is late; else nothing is said."""
    if target is None or not in_time.below(target):
        return ""
    return f"Answers come late: in time {rate_words(in_time)}, below your own target of {percent(target)}."


def versus_words(found: Comparison | None, one: Ends, other: Ends, none: str = "no clear difference") -> str:
    """What a comparison of the accept rates of two comes to; where one has none, that is why."""
    if one.by_outcome or other.by_outcome or one.one_sided or other.one_sided:
        return "nothing to compare"
    return change_words(found, none)


def course(parts: Sequence[Part], by: Dim, names: Names) -> Iterator[Chart]:
    """Accept rates over weeks or months that are over, with how many are decided; from two points on it is a line."""
    shown = [part for part in parts if part.over][-MOST_POINTS:]
    values = tuple(percent_of(part.rate) for part in shown)
    if sum(value is not None for value in values) > 1:
        labels = (f"{names.group(by, one.name).removeprefix('week of ')} ({one.counts.decided:,})" for one in shown)
        yield Chart("line", f"Accept rate by {by} (decided)", tuple(labels), {"Accept rate": values}, unit="%")


def percent_of(rate: Rate) -> float | None:
    """A rate for a chart, from 0 to 100; None where there is too little for one."""
    return 100 * rate.estimate.value if rate.estimate and rate.told else None


def bands(target: float | None) -> str:
    """How others do, with where that is from, and the company's own target: context, and no grade."""
    return f"{BANDS} Your own target: {percent(target)}." if target is not None else BANDS


def marked(marks: Sequence[Mark]) -> Iterator[str]:
    """What happened on the days of a window."""
    if marks:
        more = f" · {len(marks) - MOST_MARKS} more" if len(marks) > MOST_MARKS else ""
        yield "Marked: " + " · ".join(f"{day(one.on)} {without_code(one.words)}" for one in marks[-MOST_MARKS:]) + more
    if any(one.kind == "criteria" for one in marks):
        yield "Before and after a change of the rules are mixed here: `by version` tells them apart."
