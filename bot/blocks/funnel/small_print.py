"""What several answers share: the accept rate and its course, comparisons, marks, and how others do. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from bot.blocks.funnel.report import Chart
from bot.blocks.funnel.words import (
    Names,
    change_words,
    day,
    horizon_words,
    left_out,
    percent,
    rate_words,
    short_rate,
)
from bot.stats.cohort import Cause
from bot.stats.marks import Mark
from bot.stats.maths.differences import Comparison
from bot.stats.onward import DAY, Goal, Stage
from bot.stats.query import Dim
from bot.stats.rates import RATES_FROM, Ends, Horizon, Rate, Say
from bot.stats.split import Part

MOST_MARKS = 5
MOST_POINTS = 20
"""Of a chart."""
UNSURE = "There may be a difference, but the rates are too wide (≈) to be sure: wait for more decisions."
ONE_SIDED = "No rejection or expiry is recorded, so there is no accept rate: import these too, if there are any."
NOTHING_BEFORE = "nothing was handed off, so there is nothing to compare with"
BY_OUTCOME = "These were chosen by their outcome, so there is no rate, and nothing to compare."
SOONEST = 7
"""Within fewer days hardly anything becomes an SQL: a rate by then says nothing."""
TOLD = (Say.FEW, Say.RATE)
GOALS: Mapping[Goal, str] = {"sql": "SQL", "won": "won"}
BANDS = (
    "Accept rates elsewhere: 5–15 % in tech, 20–30 % in fast cycles (“MQL→SAL analytics guide”), 90–95 % and more "
    "where both sides agree (“SAL in Marketing Explained”); definitions differ."
)


def accepted(ends: Ends, *, plain: bool = False, until: bool = True) -> str:
    """The accept rate by its horizon, or `plain` as a share of the decided ones. `until`: the horizon is told."""
    plain = plain or ends.incidence is None
    rate = ends.of_decided("accepted") if plain else ends.rate("accepted")
    if rate.say not in TOLD:
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
    if rate.say in TOLD or rate.by_outcome or rate.estimate is None or not so_far.n:
        return rate_words(rate)
    counted = f"{so_far.k:,} of {so_far.n:,} decided"
    if so_far.n >= RATES_FROM:
        counted += f", {rate.decided:,} of them within {horizon_words(ends.horizon)}"
    return f"{counted}; a rate from {RATES_FROM} on"


def looked(ends: Ends) -> Horizon | None:
    """How far the shares look, where any is told."""
    return ends.looked if ends.rate("accepted").say in TOLD else None


def stage_words(stage: Stage, since: str, days: int) -> str:
    """How many came further, and their share within so many `days` `since` something, where that is known of enough."""
    counted = f"{stage.reached:,} {GOALS[stage.goal]} · {stage.out:,} dropped out · {stage.open:,} under way"
    if stage.rate is None:
        return f"{counted} (of {stage.unknown:,} nobody knows when)"
    if stage.rate.say not in TOLD:
        return counted
    if stage.horizon.minutes < SOONEST * DAY:
        return f"{counted} (too few are {SOONEST} days old for a rate)"
    few = " · few data" if stage.rate.say is Say.FEW else ""
    short = f" (too few are {days} days old)" if stage.horizon.shortened else ""
    return f"{short_rate(stage.rate)} within {horizon_words(stage.horizon)} {since}{short} · {counted}{few}"


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
    return 100 * rate.estimate.value if rate.estimate and rate.say in (Say.FEW, Say.RATE) else None


def bands(target: float | None) -> str:
    """How others do, with where that is from, and the company's own target: context, and no grade."""
    return f"{BANDS} Your own target: {percent(target)}." if target is not None else BANDS


def marked(marks: Sequence[Mark]) -> Iterator[str]:
    """What happened on the days of a window."""
    if marks:
        more = f" · {len(marks) - MOST_MARKS} more" if len(marks) > MOST_MARKS else ""
        yield "Marked: " + " · ".join(f"{day(one.on)} {_said(one.words)}" for one in marks[-MOST_MARKS:]) + more
    if any(one.kind == "criteria" for one in marks):
        yield "Before and after a change of the rules are mixed here: `by version` tells them apart."


def _said(words: str) -> str:
    """Without backticks, which in a report hold commands."""
    return words.replace("`", "ˋ")
