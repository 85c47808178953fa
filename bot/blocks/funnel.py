"""What `/funnel` looks like in Slack: the overview, the help, and the answer to a line nobody can read.

All of it is for the one who asked. The table is text in a fixed width, which every Slack client shows.
"""

from html import unescape

from bot.blocks.drawing import Block, Drawing
from bot.blocks.funnel_words import (
    DEFINITION,
    EXAMPLES,
    WHAT_IT_COUNTS,
    Labels,
    Names,
    lines,
    period,
    rows,
    short_rate,
    width,
    widths,
)
from bot.blocks.text import context, escape, plain_text, section
from bot.stats.cohort import Counts, Overview
from bot.stats.query import Problem

COMMAND = "/funnel"
MOST_ROWS = 15
LONGEST_NAME = 16
LONGEST_LINE = 400


def overview_blocks(overview: Overview, people_names: Names, reason_labels: Labels) -> Drawing:
    """The overview. `people_names` turns the key of a group into the name it is shown by."""
    figures = [(label, escape(words, LONGEST_LINE)) for label, words in lines(overview, reason_labels)]
    header: Block = {"type": "header", "text": plain_text(f"Funnel · {period(overview.query)}")}
    table = _table(overview, people_names)
    blocks = [
        header,
        context(f"`{COMMAND} {overview.query.text}`", "UTC days · by the day of the hand-off"),
        section("\n".join(f"*{label}*  {words}" for label, words in figures)),
        *([section(f"```\n{table}\n```")] if table else []),
        context(DEFINITION),
    ]
    spoken = [f"Funnel, {period(overview.query)}.", *(f"{label}: {words}" for label, words in figures)]
    return Drawing("\n".join([*spoken, *_spoken_groups(overview, people_names)]), blocks)


def help_blocks() -> Drawing:
    """What can be asked."""
    examples = "\n".join(f"`{f'{COMMAND} {text}'.strip()}`  {meaning}" for text, meaning in EXAMPLES)
    words = f"{examples}\n{WHAT_IT_COUNTS}"
    return Drawing(f"What {COMMAND} can be asked:\n{words}", [section(examples), context(WHAT_IT_COUNTS, DEFINITION)])


def problem_blocks(problem: Problem) -> Drawing:
    """What was not understood, and what would be."""
    near = f" Did you mean `{COMMAND} {problem.suggestion}`?" if problem.suggestion else ""
    words = f"{escape(problem.words, LONGEST_LINE)}{near}\n`{COMMAND} help` shows what can be asked."
    return Drawing(words, [section(words)])


def _table(overview: Overview, names: Names) -> str:
    """The groups in columns, ready for Slack; empty where there are none."""
    table = [_cells(name, counts) for name, counts in rows(overview, names, MOST_ROWS)]
    if not table:
        return ""
    table.insert(0, [overview.query.by.capitalize(), "sent", "acc", "rej", "exp", "open", "rate"])
    wide = widths(table, _width)
    return "\n".join(_row(cells, wide) for cells in table)


def _cells(name: str, counts: Counts) -> list[str]:
    figures = (counts.handed_off, counts.accepted, counts.rejected, counts.expired, counts.open)
    return [escape(name, LONGEST_NAME), *map(str, figures), short_rate(counts)]


def _row(cells: list[str], wide: list[int]) -> str:
    """The name on the left, counts to the right, the rate as it comes."""
    gaps = [" " * (width - _width(cell)) for cell, width in zip(cells, wide, strict=True)]
    counts = (gap + cell for gap, cell in zip(gaps[1:-1], cells[1:-1], strict=True))
    return " ".join([cells[0] + gaps[0], *counts, cells[-1]])


def _width(escaped: str) -> int:
    return width(unescape(escaped))


def _spoken_groups(overview: Overview, names: Names) -> list[str]:
    """The table for whoever hears it."""
    groups = [
        f"{escape(name, LONGEST_NAME)}: {counts.handed_off} handed off, {counts.accepted} accepted, "
        f"{counts.rejected} rejected, {counts.expired} expired, {counts.open} open"
        for name, counts in rows(overview, names, MOST_ROWS)
    ]
    return [f"By {overview.query.by}: {'; '.join(groups)}."] if groups else []
