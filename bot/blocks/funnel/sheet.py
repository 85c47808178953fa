"""An answer as CSV in a private message: a spreadsheet takes it as it is pasted."""

from bot.blocks.drawing import Drawing
from bot.blocks.funnel.report import Report
from bot.blocks.funnel.shapes import escape_line
from bot.blocks.funnel.terminal import report_csv
from bot.blocks.ids import COMMAND
from bot.blocks.text import context, escape, section

MOST_IN_A_BLOCK = 2_800
MOST_BLOCKS = 10


def sheet_blocks(report: Report) -> Drawing:
    """As many rows as a message holds; what is left out the command line has."""
    rows = report_csv(report).splitlines()
    parts: list[list[str]] = [[]]
    for row in map(escape_line, rows):
        if sum(len(one) + 1 for one in parts[-1]) + len(row) > MOST_IN_A_BLOCK:
            parts.append([])
        parts[-1].append(row)
    shown = parts[:MOST_BLOCKS]
    told = sum(map(len, shown))
    words = f"`{COMMAND} {escape(report.command, 400)}` · {told - 1} rows"
    if told < len(rows):
        words += f' of {len(rows) - 1}; all of them: `baton funnel "…" --csv`'
    codes = [section("```\n{}\n```".format("\n".join(part))) for part in shown if part]
    return Drawing(f"{escape(report.title)}: {max(told - 1, 0)} rows as CSV.", [context(words), *codes])
