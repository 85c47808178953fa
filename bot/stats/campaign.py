"""One campaign against all others: its accept rate, why its leads are turned down, and its course. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.stats.cohort import Tally, reasons
from bot.stats.marks import Mark
from bot.stats.maths.differences import Comparison, Count
from bot.stats.period import Period
from bot.stats.query import Dim, Query, Window
from bot.stats.rates import Ends
from bot.stats.split import Part
from bot.stats.verdicts import pair, plain, verdicts

LONG = timedelta(days=92)
"""From such windows on the course is told by months, else by weeks."""


@dataclass(frozen=True, slots=True)
class Why:
    """One reason's share of all rejections, of the campaign's and of the others'."""

    code: str
    own: Count
    rest: Count
    versus: Comparison | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """The answer. `rest` are the hand-offs of all other campaigns, and of none, in the same window.

    `versus` holds the accept rates against each other; it and all of `why` are one family. `course` are the campaign's
    weeks or months (`by`). `period` is its plain formula, where that was asked for (`basis=period`).
    """

    query: Query
    as_of: datetime
    name: str
    own: Ends
    rest: Ends
    versus: Comparison | None
    why: tuple[Why, ...]
    by: Dim
    course: tuple[Part, ...]
    marks: tuple[Mark, ...] = ()
    period: Period | None = None


def course_by(window: Window) -> Dim:
    """By what the course is told."""
    return "month" if window.end - window.start >= LONG else "week"


def compared(
    own: Ends, rest: Ends, own_rows: Iterable[Tally], rest_rows: Iterable[Tally]
) -> tuple[Comparison | None, tuple[Why, ...]]:
    """The accept rate, and each reason that the campaign's leads were given, the most frequent first."""
    mine, theirs = reasons(own_rows), dict(reasons(rest_rows))
    all_mine, all_theirs = sum(n for _, n in mine), sum(theirs.values())
    counts: Mapping[str, tuple[Count, Count]] = {
        code: ((n, all_mine), (theirs.get(code, 0), all_theirs)) for code, n in mine
    }
    pairs = [(plain(*k, own.confidence), plain(*other, own.confidence)) for k, other in counts.values()]
    versus, *found = verdicts([pair(own, rest), *pairs], own.confidence)
    why = (Why(code, *both, verdict) for (code, both), verdict in zip(counts.items(), found, strict=True))
    return versus, tuple(why)
