"""What several answers share: the accept rate and its course, comparisons, marks, and how others do. Pure."""

from collections.abc import Iterator, Sequence

from bot.blocks.funnel.report import Chart
from bot.blocks.funnel.words import (
    Names,
    change_words,
    could_see,
    day,
    horizon_words,
    left_out,
    percent,
    points,
    rate_words,
    short_rate,
)
from bot.stats.marks import Mark
from bot.stats.maths.differences import Comparison
from bot.stats.query import Dim
from bot.stats.rates import Ends, Rate, Say
from bot.stats.split import Part
from bot.stats.verdicts import suspected

MOST_MARKS = 5
MOST_POINTS = 20
"""Of a chart."""
UNSURE = "There may be a difference, but the rates are too wide (≈) to be sure: wait for more decisions."
BANDS = (
    "Elsewhere: 5–15 % in tech, 20–30 % in fast cycles (“MQL→SAL analytics guide”), 90–95 % and more where both sides "
    "agree (“SAL in Marketing Explained”); definitions differ."
)


def accepted(ends: Ends, *, plain: bool = False, until: bool = True) -> str:
    """The accept rate by its horizon, or `plain` as a share of the decided ones. `until`: the horizon is told."""
    plain = plain or ends.incidence is None
    rate = ends.of_decided("accepted") if plain else ends.rate("accepted")
    if rate.say not in (Say.FEW, Say.RATE):
        return rate_words(rate)
    few = " · few data" if rate.say is Say.FEW else ""
    if plain:
        untimed = f" (of {ends.unknown:,} nobody knows when, so not by a time)" if ends.incidence is None else ""
        return f"{short_rate(rate)} · {rate.k:,} of {rate.n:,} decided{untimed}{few}"
    open_ = f", {ends.counts.open:,} open" if ends.counts.open else ""
    within = f" within {horizon_words(ends.horizon)}" if until else ""
    return f"{short_rate(rate)}{within} · {rate.k:,} of {rate.n:,}{open_}{left_out(rate.left_out)}{few}"


def versus_words(found: Comparison | None, what: str = "difference") -> str:
    """What a comparison comes to; one that chance hardly explains, of wide rates, is neither clear nor none."""
    if found is None or found.clear:
        return change_words(found)
    if suspected(found):
        return f"{points(found.difference)}: not sure yet, the rates are too wide (≈)"
    return f"{points(found.difference)}: no clear {what} ({could_see(found)})"


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
