"""Charts and tables of a report as Slack's blocks, and as text for where nobody takes those.

Limits are Slack's documented ones, the lower where its pages differ:
https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block, …/data-table-block and …/table-block.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.blocks.drawing import Block
from bot.blocks.funnel.report import Cell, Chart, Column, Table
from bot.blocks.text import clean, escape
from bot.blocks.width import padded, width

CHART, DATA_TABLE, TABLE = "data_visualization", "data_table", "table"
NATIVE = (CHART, DATA_TABLE, TABLE)
"""Blocks that not every workspace takes."""

MOST_SERIES, MOST_CATEGORIES, LONGEST_LABEL, LONGEST_TITLE = 6, 20, 20, 50
MOST_IN_A_TABLE = 9_000
"""Characters, of the 10,000 that all rows of a message may have."""
PAGE = 15
BAR = 10
LONGEST_NAME = 18


NOTHING = ("", "–", "0")
"""What a cell shows that has nothing to tell."""

_COUNT = re.compile("[0-9,]+")


def native(blocks: Iterable[Block]) -> frozenset[str]:
    """The types among these blocks that not every workspace takes."""
    return frozenset(block["type"] for block in blocks if block["type"] in NATIVE)


def chart_block(chart: Chart) -> Block:
    """The chart as Slack draws it. Categories without a value in some series are left out: Slack wants all of them."""
    names = _labels(chart.categories)
    series = dict(list(chart.series.items())[:MOST_SERIES])
    whole = [
        place for place in range(len(chart.categories)) if all(values[place] is not None for values in series.values())
    ][-MOST_CATEGORIES:]
    plot = [
        {"name": name, "data": [{"label": names[place], "value": _shown(values[place])} for place in whole]}
        for name, values in zip(_labels(series), series.values(), strict=True)
    ]
    axis = {"categories": [names[place] for place in whole], "y_label": clean(chart.unit, LONGEST_TITLE) or "–"}
    return {
        "type": CHART,
        "title": clean(chart.title, LONGEST_TITLE) or "–",
        "chart": {"type": chart.kind, "series": plot, "axis_config": axis},
    }


def drawable(chart: Chart) -> bool:
    """Whether there is anything to draw."""
    return any(values for values in zip(*chart.series.values(), strict=True) if None not in values)


def telling(table: Table) -> Table:
    """The table without the columns that have nothing to tell in any row; the first one always stays."""
    every = range(1, len(table.columns))
    places = (0, *(at for at in every if any(row[at].shown not in NOTHING for row in table.rows)))
    rows = tuple(tuple(row[at] for at in places) for row in table.rows)
    return replace(table, columns=tuple(table.columns[at] for at in places), rows=rows)


def data_table_block(table: Table) -> Block:
    """The table as Slack sorts it and turns its pages."""
    table = telling(table)
    head = [_text(column.name) for column in table.columns]
    return {
        "type": DATA_TABLE,
        "caption": clean(table.caption) or "–",
        "page_size": PAGE,
        "rows": [head, *_rows(table)],
    }


def table_block(table: Table) -> Block:
    """The table as Slack shows it, figures on the right; words are wrapped instead of cut."""
    table = telling(table)
    head = [_text(column.name) for column in table.columns]
    settings = [
        {"align": "right"} if column.figures else {"align": "left", "is_wrapped": True} for column in table.columns
    ]
    return {"type": TABLE, "column_settings": settings, "rows": [head, *_rows(table)]}


def told_by_bars(chart: Chart) -> bool:
    """Whether it is drawn where nobody takes charts: of several series the table says the same, and better."""
    return drawable(chart) and len(chart.series) == 1


def bars(chart: Chart) -> str:
    """A chart of one series as lines of text in a fixed width, narrow enough for a phone."""
    names = [clean(name, LONGEST_NAME) for name in chart.categories]
    (values,) = chart.series.values()
    most = 100.0 if chart.unit == "%" else max((value for value in values if value is not None), default=0) or 1
    room = max(map(width, names), default=0)
    lines = (
        f"{padded(name, room)} {'█' * min(BAR, round(BAR * value / most)):░<{BAR}} {_number(value, chart.unit)}"
        for name, value in zip(names, values, strict=True)
        if value is not None
    )
    return "\n".join(lines)


def listed(table: Table) -> Iterator[str]:
    """The table as lines that wrap anywhere, safe to show: "*webinar*  accepted 62 % [50–73] · 64 handed off"."""
    for row in table.rows[: table.most]:
        first, *rest = row
        told = [
            _told(column, cell.shown)
            for column, cell in zip(table.columns[1:], rest, strict=True)
            if cell.shown not in NOTHING
        ]
        yield f"*{escape(first.shown, 60) or '–'}*  {' · '.join(told) or '–'}"
    yield from left_out(table)


def _told(column: Column, shown: str) -> str:
    """A count stands before what is counted: "64 handed off"; of all else the name comes first."""
    if column.bare:
        return escape(shown)
    name, shown = escape(_in_a_line(column.name)), escape(shown)
    return f"{shown} {name}" if _COUNT.fullmatch(shown) else f"{name} {shown}"


def _in_a_line(name: str) -> str:
    """The head of a column inside a line: "handed off", "SLA met"."""
    return " ".join(word if word.isupper() else word.lower() for word in name.split(" "))


def left_out(table: Table) -> Iterator[str]:
    """Says so where rows are not shown."""
    if len(table.rows) > table.most:
        yield f"and {len(table.rows) - table.most} more; CSV has them all"


def escape_line(line: str) -> str:
    """A line of a code block, in which blanks count, safe to show."""
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("`", "ˋ")


def _rows(table: Table) -> Iterator[list[Block]]:
    room = MOST_IN_A_TABLE
    for row in table.rows[: table.most]:
        room -= sum(len(cell.shown) for cell in row)
        if room < 0:
            return
        yield [_cell(cell) for cell in row]


def _cell(cell: Cell) -> Block:
    shown = _text(cell.shown)
    if isinstance(cell.value, int | float):
        return {"type": "raw_number", "value": cell.value, "text": shown["text"]}
    return shown


def _text(words: str) -> Block:
    return {"type": "raw_text", "text": clean(words) or "–"}


def _labels(names: Iterable[str]) -> list[str]:
    """Names that are short enough, and no two of them alike."""
    found: list[str] = []
    for name in names:
        short, number = clean(name, LONGEST_LABEL) or "–", 2
        while short in found:
            mark = f" {number}"
            short, number = clean(name, LONGEST_LABEL - len(mark)) + mark, number + 1
        found.append(short)
    return found


def _shown(value: float | None) -> float:
    return round(value or 0, 1)


def _number(value: float, unit: str) -> str:
    return f"{value:.0f} %" if unit == "%" else f"{value:,.0f}"
