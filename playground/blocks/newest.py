"""The blocks Slack added last: markdown, tables, charts, containers, cards and the like.

Their limits are the documented ones; where sources differ, the lower.
"""

from collections.abc import Iterator
from typing import Any

from playground.blocks.objects import IMAGE, plain, text
from playground.blocks.richtext import RICH_TEXT
from playground.blocks.rules import Rule, anything, array, boolean, choice, fault, number, record, string, tagged

MARKDOWN_CHARS = 12_000
# In all tables of a message together.
TABLE_CHARS = 10_000
KIND = {"type": anything}
RAW: dict[str, Rule] = {
    "raw_text": record({**KIND, "text": string(least=1)}),
    "raw_number": record({**KIND, "value": number(), "text": string(least=1)}),
}
CELL = tagged({**RAW, "rich_text": RICH_TEXT})
COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _setting(value: Any, at: str) -> Iterator[str]:
    if value is not None:  # null skips a column
        yield from COLUMN(value, at)


def characters(value: Any) -> int:
    """How many characters a reader sees in table rows, a cell or a piece of rich text."""
    if isinstance(value, dict):
        return sum(characters(value[key]) for key in ("text", "elements") if key in value)
    if isinstance(value, list):
        return sum(characters(each) for each in value)
    return len(value) if isinstance(value, str) else 0


def _data_table_whole(value: Any, at: str) -> Iterator[str]:
    rows = value.get("rows")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        return
    if len({len(row) for row in rows}) > 1:
        yield fault("all rows must have the same number of cells", f"{at}/rows")
    for place, cell in enumerate(rows[0]):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            yield fault("unsupported type: rich_text", f"{at}/rows/0/{place}/type")


SEGMENT = record({"label": string(20, 1), "value": number()})
SERIES = record({"name": string(20, 1), "data": array(record({"label": string(20, 1), "value": number()}), 20)})
AXIS = record({"categories": array(string(20, 1), 20)}, {"x_label": string(50), "y_label": string(50)})


def _positive(value: Any, at: str) -> Iterator[str]:
    try:
        wrong = [n for n, segment in enumerate(value["segments"]) if segment["value"] <= 0]
    except (KeyError, TypeError):
        return  # its shape is wrong, and another rule has said so
    yield from (fault("must be more than 0", f"{at}/segments/{n}/value") for n in wrong)


def _complete(value: Any, at: str) -> Iterator[str]:
    try:
        categories = value["axis_config"]["categories"]
        names = [series["name"] for series in value["series"]]
        labels = [[point["label"] for point in series["data"]] for series in value["series"]]
        wrong = [n for n, given in enumerate(labels) if sorted(given) != sorted(categories)]
    except (KeyError, TypeError):
        return  # its shape is wrong, and another rule has said so
    if len(names) != len(set(names)):
        yield fault("series names must be unique", f"{at}/series")
    yield from (fault("must have one value for every category", f"{at}/series/{n}/data") for n in wrong)


PLOT = record({**KIND, "series": array(SERIES, 6), "axis_config": AXIS}, None, _complete)
CHART = tagged(
    {
        "pie": record({**KIND, "segments": array(SEGMENT, 6)}, None, _positive),
        **dict.fromkeys(("line", "bar", "area"), PLOT),
    }
)
ICON = tagged({"image": IMAGE})
TASK: dict[str, Rule] = {
    "task_id": string(least=1),
    "title": string(least=1),
    "status": choice("pending", "in_progress", "complete", "error"),
}
TASK_MORE: dict[str, Rule] = {
    "details": tagged({"rich_text": RICH_TEXT}),
    "output": tagged({"rich_text": RICH_TEXT}),
    "sources": array(record({**KIND, "url": string(3000, 1), "text": string()})),
}
CONTAINER_MORE: dict[str, Rule] = {
    "title": plain(150),
    "rich_text_title": tagged({"rich_text": RICH_TEXT}),
    "subtitle": text(150),
    "width": choice("narrow", "standard", "wide", "full"),
    "icon": ICON,
    "is_collapsible": boolean,
    "default_collapsed": boolean,
    "has_header_divider": boolean,
}


def container_whole(value: Any, at: str) -> Iterator[str]:
    """A rule: a container's header fields fit together."""
    if "title" not in value and "rich_text_title" not in value:
        yield fault("must define either `title` or `rich_text_title`", at)
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        yield fault("default_collapsed requires is_collapsible", f"{at}/default_collapsed")
    if value.get("has_header_divider") and value.get("is_collapsible"):
        yield fault("has_header_divider cannot be set when is_collapsible is true", f"{at}/has_header_divider")


ROWS = array(array(CELL, 20), 100)
# (required fields, optional fields, rules for the whole) by type; the layout table adds type and block_id.
TEXTUAL: dict[str, tuple[dict[str, Rule], dict[str, Rule], tuple[Rule, ...]]] = {
    "markdown": ({"text": string(MARKDOWN_CHARS, 1)}, {}, ()),
    "table": ({"rows": ROWS}, {"column_settings": array(_setting, 20)}, ()),
    "data_table": (
        {"caption": string(least=1), "rows": array(array(CELL, 20), 101, 2)},
        {"page_size": number(1, 100, whole=True), "row_header_column_index": number(0, 19, whole=True)},
        (_data_table_whole,),
    ),
    "data_visualization": ({"title": string(50, 1), "chart": CHART}, {}, ()),
    "task_card": (TASK, TASK_MORE, ()),
    "plan": ({"title": string(least=1)}, {"tasks": array(anything)}, ()),
    "alert": ({"text": text(200)}, {"level": choice("default", "info", "warning", "error", "success")}, ()),
}
