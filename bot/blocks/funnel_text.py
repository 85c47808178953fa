"""The overview outside Slack: aligned text for a terminal, and JSON for programs (its keys are in docs/funnel.md)."""

from html import unescape
from typing import Any

from bot.blocks.funnel_words import (
    DEFINITION,
    EXAMPLES,
    WHAT_IT_COUNTS,
    Labels,
    Names,
    lines,
    padded,
    period,
    rows,
    short_rate,
    width,
    widths,
)
from bot.blocks.text import escape
from bot.stats.cohort import Counts, Overview, Rate
from bot.stats.query import Problem

LONGEST_NAME = 40
STAGES = ("handed_off", "accepted", "rejected", "expired", "void", "open", "sql", "won")


def overview_text(overview: Overview, people_names: Names, reason_labels: Labels) -> str:
    """The overview as lines of plain text; the first one is the command that means the same."""
    asked = [f'baton funnel "{overview.query.text}"']
    asked += [f"{period(overview.query)}, UTC days, as of {overview.as_of:%Y-%m-%d %H:%M} UTC", ""]
    figures = [f"{label:18}{_plain(words, 400)}" for label, words in lines(overview, reason_labels)]
    return "\n".join([*asked, *figures, *_table(overview, people_names), "", DEFINITION])


def help_text() -> str:
    """What can be asked, on a command line."""
    examples = [f'{f"""baton funnel "{text}" """:50}{meaning}' for text, meaning in EXAMPLES]
    return "\n".join([*examples, "", WHAT_IT_COUNTS, DEFINITION])


def problem_text(problem: Problem) -> str:
    """What was not understood, and what would be, in one line."""
    near = f' Did you mean "{problem.suggestion}"?' if problem.suggestion else ' "help" shows what can be asked.'
    return _plain(problem.words, 400) + near


def overview_json(overview: Overview) -> dict[str, Any]:
    """The overview as JSON types. Times are ISO 8601 in UTC, shares go from 0 to 1."""
    median = overview.median_to_decision
    return {
        "query": overview.query.text,
        "start": overview.query.start.isoformat(),
        "end": overview.query.end.isoformat(),
        "as_of": overview.as_of.isoformat(),
        "total": _counts(overview.total),
        "accept_rate": _rate(overview.accept_rate) if overview.accept_rate else None,
        "median_seconds_to_decision": median.total_seconds() if median is not None else None,
        "decision_times_unknown": overview.times_unknown,
        "top_reasons": [{"code": code, "count": n} for code, n in overview.top_reasons],
        "groups": [{"name": one.name, **_counts(one.counts)} for one in overview.groups],
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {stage: getattr(counts, stage) for stage in STAGES}


def _rate(rate: Rate) -> dict[str, float]:
    return {
        "accepted": rate.successes,
        "decided": rate.n,
        "rate": rate.share,
        "low": rate.low,
        "high": rate.high,
    }


def _table(overview: Overview, names: Names) -> list[str]:
    table = [
        [_plain(name, LONGEST_NAME), *(str(getattr(counts, stage)) for stage in STAGES), short_rate(counts)]
        for name, counts in rows(overview, names)
    ]
    if not table:
        return []
    table.insert(0, [overview.query.by, *(stage.replace("_", " ") for stage in STAGES), "accept rate"])
    wide = widths(table, width)
    return ["", *(_row(cells, wide) for cells in table)]


def _row(cells: list[str], wide: list[int]) -> str:
    counts = (cell.rjust(room) for cell, room in zip(cells[1:-1], wide[1:-1], strict=True))
    return "  ".join([padded(cells[0], wide[0]), *counts, cells[-1]])


def _plain(words: str, limit: int) -> str:
    """Safe for a terminal: what `escape` takes out stays out, what it puts in for Slack goes."""
    return unescape(escape(words, limit)).replace("\u200b", "")
