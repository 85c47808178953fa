"""Reports as Slack shows them: in its own charts and tables where the workspace takes those, else as text.

`taken` says of each block in shapes.NATIVE what is known: True, False, or nothing. What Slack refuses inside an ack
nobody is told, so there only `sure` ones are used; a message that is posted may try, and has a plainer one behind it.
"""

from collections.abc import Iterable, Iterator, Mapping

from bot.blocks import ids
from bot.blocks.drawing import Block, Drawing
from bot.blocks.funnel.report import Chart, Report, commands
from bot.blocks.funnel.shapes import (
    CHART,
    DATA_TABLE,
    TABLE,
    bars,
    chart_block,
    data_table_block,
    drawable,
    escape_line,
    left_out,
    listed,
    table_block,
    told_by_bars,
)
from bot.blocks.ids import COMMAND
from bot.blocks.text import aloud, button, buttons, clean, context, escape, paragraphs, plain_text, section, with_code
from bot.stats.query import Problem

LONGEST_LINE = 600
LONGEST_VALUE = 2_000
"""Characters of a button's value: a longer command can be typed again, not pressed."""
HEADLINE = 3
"""So many lines stand before what is to be done: on a phone both are seen at once."""
MOST_CHARTS = 2
"""Slack takes no more in one message."""

Taken = Mapping[str, bool]


def sure_blocks(report: Report, taken: Taken) -> Drawing:
    """The report for an ack: with what this workspace has taken before."""
    return _drawn(report, {kind for kind, known in taken.items() if known}, private=True)


def best_blocks(report: Report, taken: Taken, *, private: bool) -> Drawing:
    """The report for a message: with all that this workspace has not refused, and plainer ones behind it.

    In `private` it has the buttons of whoever asked.
    """
    plainer: Drawing | None = None
    for kinds in ((), (TABLE,), (CHART, DATA_TABLE, TABLE)):
        allowed = {kind for kind in kinds if taken.get(kind, True)}
        if allowed or not kinds:
            drawn = _drawn(report, allowed, private=private)
            if plainer is None or drawn.blocks != plainer.blocks:
                plainer = Drawing(drawn.text, drawn.blocks, plainer)
    assert plainer is not None  # noqa: S101 - the first one always is
    return plainer


_SORRY = "That went wrong on Baton's side, not on yours; its log has it. Please ask once more in a minute."
FAILED = Drawing(_SORRY, [section(_SORRY)])
"""The answer to a question that could not be answered."""


def problem_blocks(problem: Problem) -> Drawing:
    """What was not understood, and what would be: a button for each."""
    words = escape(problem.words, LONGEST_LINE)
    near = [one for one in problem.suggestions if len(one) <= LONGEST_VALUE]
    if len(near) == 1:
        words += f" Did you mean `{COMMAND} {escape(near[0])}`?"
    elif near:
        words += " Did you mean one of these?"
    words += f"\n`{COMMAND} help` shows what can be asked."
    offered = [_ask(place, one or "overview", one) for place, one in enumerate(near[:5])]
    return Drawing(aloud(words), [section(words), *([buttons(*offered)] if offered else [])])


def _drawn(report: Report, kinds: set[str], *, private: bool) -> Drawing:
    lines = [f"*{escape(line.label)}*  {_words(line.words)}" for line in report.lines]
    advice = [f"• {_words(words)}" for words in report.advice]
    small = [shown for words in report.notes if (shown := _words(words))]
    asked = f"{COMMAND} {escape(report.command, LONGEST_LINE)}".strip()
    table = list(listed(report.table)) if report.table else []
    first = HEADLINE if advice else len(lines)
    blocks = [
        {"type": "header", "text": plain_text(clean(report.title) or "Funnel")},
        context(*filter(None, (f"`{asked}`", escape(report.reading, LONGEST_LINE)))),
        *paragraphs(lines[:first]),
        *(paragraphs(["*What to do now*", *advice]) if advice else []),
        *paragraphs(lines[first:]),
        *_charts(report, kinds),
        *_table(report, kinds, table),
        *([section(f"```\n{_code(report.code)}\n```")] if report.code else []),
        *([context(*small[:10])] if small else []),
        *([_steps(report)] if private else []),
    ]
    spoken = [f"{escape(report.title)}. {escape(report.reading, LONGEST_LINE)}.", *lines, *advice, *table, *small]
    return Drawing(aloud("\n".join(spoken)), blocks)


def _charts(report: Report, kinds: set[str]) -> Iterator[Block]:
    for chart in _shown(report, kinds):
        if CHART in kinds:
            yield chart_block(chart)
        else:
            yield section(f"*{escape(chart.title)}*\n```\n{_code(bars(chart))}\n```")


def _shown(report: Report, kinds: set[str]) -> list[Chart]:
    shown = [one for one in report.charts if (drawable(one) if CHART in kinds else told_by_bars(one))]
    return shown[:MOST_CHARTS]


def _table(report: Report, kinds: set[str], told: Iterable[str]) -> Iterator[Block]:
    table = report.table
    if table is None or not table.rows:
        return
    over = {chart.title for chart in _shown(report, kinds)}
    caption = [] if table.caption in over else [f"*{escape(table.caption)}*"]
    if DATA_TABLE in kinds:
        yield data_table_block(table)
    elif TABLE in kinds:
        yield from paragraphs(caption)
        yield table_block(table)
    else:
        yield from paragraphs([*caption, *(f"• {line}" for line in told)])
        return
    yield from (context(line) for line in left_out(table))


def _steps(report: Report) -> Block:
    short = [step for step in report.steps if len(step.command) <= LONGEST_VALUE]
    asked = [_ask(place, step.label, step.command) for place, step in enumerate(short[:5])]
    command = report.command if 0 < len(report.command) <= LONGEST_VALUE else "overview"
    kept = [] if report.unsharable else [button("Share…", ids.FUNNEL_SHARE, command)]
    sheet = [button("CSV", ids.FUNNEL_CSV, command)] if report.data and kept else []
    return buttons(*asked, button("Send to my DM", ids.FUNNEL_DM, command), *kept, *sheet)


def _ask(place: int, label: str, command: str) -> Block:
    return button(clean(label, 75) or "Ask", f"{ids.FUNNEL_ASK}_{place}", command or "overview")


def _words(words: str) -> str:
    return with_code(commands(words, COMMAND), LONGEST_LINE)


def _code(lines: str) -> str:
    return "\n".join(map(escape_line, lines.splitlines()))
