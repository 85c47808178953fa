"""Blocks: what is right passes, and every limit refuses one step beyond itself."""

from collections.abc import Callable
from typing import Any

import pytest

from playground.blocks import check
from playground.blocks.elements import ACCESSORIES, ACTIONS, INPUTS, ONLY_ON
from playground.blocks.find import all_blocks
from playground.blocks.layout import ONLY_ON as BLOCKS_ONLY_ON
from playground.errors import SlackError
from tests.playground.kit import (
    ANN,
    OPEN,
    Json,
    Play,
    actions,
    button,
    field_block,
    home,
    modal,
    mrkdwn,
    options,
    plain,
    section,
    text_input,
)
from tests.playground.samples import AGENT, ALERT, ELEMENTS, IMAGE, LINE, MESSAGE, NEWEST, PIE, RICH, ROWS, pick
from tests.schemas import check as oracle

RIGHT = {**MESSAGE, **NEWEST, **AGENT}


def complaints(*blocks: Any) -> list[str]:
    try:
        check.message_blocks(list(blocks))
    except SlackError as refused:
        return refused.messages if refused.code == "invalid_blocks" else [f"wrong code: {refused.code}"]
    return []


def view_complaints(view: Any, kind: str = "modal") -> list[str]:
    try:
        check.view(view, kind)
    except SlackError as refused:
        return refused.messages if refused.code == "invalid_arguments" else [f"wrong code: {refused.code}"]
    return []


@pytest.mark.parametrize("kind", RIGHT)
def test_a_right_block_passes_here_and_at_the_oracle(kind: str) -> None:
    assert complaints(RIGHT[kind]) == []
    assert oracle.blocks([RIGHT[kind]]) == []


@pytest.mark.parametrize("kind", ELEMENTS)
def test_a_right_element_passes_in_its_places(kind: str) -> None:
    element, surfaces = ELEMENTS[kind], ONLY_ON.get(kind, ("message", "modal", "home"))
    placed = [
        *([actions(element)] if kind in ACTIONS else []),
        *([section(accessory=element)] if kind in ACCESSORIES else []),
        *([field_block(element)] if kind in INPUTS else []),
    ]
    assert placed
    for surface in surfaces:
        for block in placed:
            found = complaints(block) if surface == "message" else view_complaints(VIEW[surface](block), surface)
            assert found == []
            assert oracle.blocks([block], surface) == []


VIEW: dict[str, Callable[..., Json]] = {"modal": modal, "home": home}


@pytest.mark.parametrize("place", ["accessory", "actions", "input"])
@pytest.mark.parametrize("kind", ELEMENTS)
def test_an_element_stands_in_its_places_only(kind: str, place: str) -> None:
    allowed = {"accessory": ACCESSORIES, "actions": ACTIONS, "input": INPUTS}[place]
    block = {"accessory": section(accessory=ELEMENTS[kind]), "actions": actions(ELEMENTS[kind]),
             "input": field_block(ELEMENTS[kind])}[place]  # fmt: skip
    at = {"accessory": "accessory", "actions": "elements/0", "input": "element"}[place]
    expected = [] if kind in allowed else [f"unsupported type: {kind} [json-pointer:/view/blocks/0/{at}/type]"]
    assert view_complaints(modal(block)) == expected


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize(("kind", "surfaces"), ONLY_ON.items())
def test_an_element_stands_on_its_surfaces_only(kind: str, surfaces: tuple[str, ...], surface: str) -> None:
    element = ELEMENTS.get(kind) or {"type": kind, "text": plain("Run"), "workflow": {}}
    block = field_block(element) if kind in INPUTS else actions(element)
    found = complaints(block) if surface == "message" else view_complaints(VIEW[surface](block), surface)
    assert (found == []) == (surface in surfaces)


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize(("kind", "surfaces"), BLOCKS_ONLY_ON.items())
def test_a_block_stands_on_its_surfaces_only(kind: str, surfaces: tuple[str, ...], surface: str) -> None:
    block = ALERT if kind == "alert" else RIGHT[kind]
    found = complaints(block) if surface == "message" else view_complaints(VIEW[surface](block), surface)
    assert (found == []) == (surface in surfaces)


def x(count: int) -> str:
    return "x" * count


def choices(count: int) -> list[Json]:
    return options(*(f"v{n}" for n in range(count)))


def table(kind: str, rows: int, columns: int, text: str = "x") -> Json:
    caption = {"caption": "All"} if kind == "data_table" else {}
    return {"type": kind, **caption, "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def chart(**chart: Any) -> Json:
    return {"type": "data_visualization", "title": "t", "chart": chart}


def pie(count: int, value: float = 1, label: str = "a") -> Json:
    return chart(type="pie", segments=[{"label": label, "value": value}] * count)


def plot(series: int, points: int, name: str = "s") -> Json:
    data = [{"label": f"c{n}", "value": n} for n in range(points)]
    return chart(
        type="bar",
        series=[{"name": f"{name}{n}", "data": data} for n in range(series)],
        axis_config={"categories": [f"c{n}" for n in range(points)]},
    )


def confirm(title: int = 1, text: int = 1, yes: int = 1, no: int = 1) -> Json:
    words = {"title": plain(x(title)), "text": plain(x(text)), "confirm": plain(x(yes)), "deny": plain(x(no))}
    return actions(button(confirm=words))


def select(**more: Any) -> Json:
    return actions(pick("static_select", **({"options": choices(1)} | more)))


# What is measured, its limit, and a block that has just so much of it.
LIMITS: list[tuple[str, int, Callable[[int], Json]]] = [
    ("section text", 3000, lambda n: section(x(n))),
    ("section field", 2000, lambda n: {"type": "section", "fields": [mrkdwn(x(n))]}),
    ("section fields", 10, lambda n: {"type": "section", "fields": [mrkdwn("a")] * n}),
    ("header", 150, lambda n: {"type": "header", "text": plain(x(n))}),
    ("context elements", 10, lambda n: {"type": "context", "elements": [plain("a")] * n}),
    ("actions elements", 25, lambda n: actions(*(button(f"b{k}") for k in range(n)))),
    ("block_id", 255, lambda n: section(block_id=x(n))),
    ("action_id", 255, lambda n: actions(button(x(n)))),
    ("button text", 75, lambda n: actions(button(text=plain(x(n))))),
    ("button value", 2000, lambda n: actions(button(value=x(n)))),
    ("button url", 3000, lambda n: actions(button(url="https://x.test/" + x(n - 15)))),
    ("button label", 75, lambda n: actions(button(accessibility_label=x(n)))),
    ("options", 100, lambda n: select(options=choices(n))),
    ("option groups", 100, lambda n: select_groups([{"label": plain("a"), "options": choices(1)}] * n)),
    ("options in a group", 100, lambda n: select_groups([{"label": plain("a"), "options": choices(n)}])),
    ("group label", 75, lambda n: select_groups([{"label": plain(x(n)), "options": choices(1)}])),
    ("option text", 75, lambda n: select(options=[{"text": plain(x(n)), "value": "a"}])),
    ("option value", 150, lambda n: select(options=[{"text": plain("a"), "value": x(n)}])),
    ("option description", 75, lambda n: select(options=[{**choices(1)[0], "description": plain(x(n))}])),
    ("placeholder", 150, lambda n: select(placeholder=plain(x(n)))),
    ("checkboxes", 10, lambda n: actions(pick("checkboxes", options=choices(n)))),
    ("radio buttons", 10, lambda n: actions(pick("radio_buttons", options=choices(n)))),
    ("overflow", 5, lambda n: actions(pick("overflow", options=choices(n)))),
    ("label", 2000, lambda n: field_block(text_input(), label=plain(x(n)))),
    ("hint", 2000, lambda n: field_block(text_input(), hint=plain(x(n)))),
    ("max_length", 3000, lambda n: field_block(text_input(max_length=n))),
    ("min_length", 3000, lambda n: field_block(text_input(min_length=n))),
    ("confirm title", 100, lambda n: confirm(title=n)),
    ("confirm text", 300, lambda n: confirm(text=n)),
    ("confirm yes", 30, lambda n: confirm(yes=n)),
    ("confirm no", 30, lambda n: confirm(no=n)),
    ("alt text", 2000, lambda n: {**IMAGE, "alt_text": x(n)}),
    ("image title", 2000, lambda n: {**IMAGE, "title": plain(x(n))}),
    ("image url", 3000, lambda n: {**IMAGE, "image_url": "https://x.test/" + x(n - 15)}),
    ("markdown", 12_000, lambda n: {"type": "markdown", "text": x(n)}),
    ("table rows", 100, lambda n: table("table", n, 1)),
    ("table columns", 20, lambda n: table("table", 2, n)),
    ("table characters", 10_000, lambda n: table("table", 1, 1, x(n))),
    ("data table rows", 101, lambda n: table("data_table", n, 1)),
    ("data table columns", 20, lambda n: table("data_table", 2, n)),
    ("data table page", 100, lambda n: {**NEWEST["data_table"], "page_size": n}),
    ("chart title", 50, lambda n: {**NEWEST["data_visualization"], "title": x(n)}),
    ("pie segments", 6, pie),
    ("pie label", 20, lambda n: pie(1, label=x(n))),
    ("chart series", 6, lambda n: plot(n, 2)),
    ("chart points", 20, lambda n: plot(1, n)),
    ("chart series name", 20, lambda n: plot(1, 1, x(n - 1))),
    ("chart axis label", 50, lambda n: chart(**{**LINE, "axis_config": {**LINE["axis_config"], "x_label": x(n)}})),
    ("container children", 10, lambda n: {**NEWEST["container"], "child_blocks": [{"type": "divider"}] * n}),
    ("container title", 150, lambda n: {**NEWEST["container"], "title": plain(x(n))}),
    ("card title", 150, lambda n: {**NEWEST["card"], "title": plain(x(n))}),
    ("card body", 200, lambda n: {**NEWEST["card"], "body": plain(x(n))}),
    ("card buttons", 3, lambda n: {**NEWEST["card"], "actions": [button(f"b{k}") for k in range(n)]}),
    ("carousel", 10, lambda n: {"type": "carousel", "elements": [{"type": "card", "title": plain("a")}] * n}),
    ("context actions", 5, lambda n: {"type": "context_actions", "elements": [
        {"type": "icon_button", "action_id": f"i{k}", "icon": "trash", "text": plain("x")} for k in range(n)]}),
]  # fmt: skip


def select_groups(groups: list[Json]) -> Json:
    return actions(pick("static_select", option_groups=groups))


@pytest.mark.parametrize(("name", "limit", "block"), LIMITS, ids=[name for name, _, _ in LIMITS])
def test_every_limit_holds_to_the_last_character(name: str, limit: int, block: Callable[[int], Json]) -> None:
    # The groups of one sample repeat a value, which is a fault of its own.
    beyond = [line for line in complaints(block(limit + 1)) if "unique" not in line]
    within = [line for line in complaints(block(limit)) if "unique" not in line]
    assert within == []
    assert len(beyond) >= 1


def test_complaints_read_as_at_slack(play: Play) -> None:
    reply = play.call("chat.postMessage", channel=OPEN, text="x", blocks=[section("x" * 3001)])
    line = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert reply == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [line],
        "response_metadata": {"messages": [f"[ERROR] {line}"]},
    }
    assert play.ann.messages() == []


WRONG: dict[str, tuple[Any, str]] = {
    "unknown block": ({"type": "nonsense"}, "unsupported type: nonsense [json-pointer:/blocks/0/type]"),
    "no type": ({}, "missing required field: type [json-pointer:/blocks/0]"),
    "not an object": ("x", "must provide an object [json-pointer:/blocks/0]"),
    "unknown field": (section(colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
    "unknown field in text": (
        {"type": "section", "text": {**mrkdwn("a"), "emoji": True}},
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    "image without alt_text": (
        {"type": "image", "image_url": "https://x.test"},
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    "image without picture": ({"type": "image", "alt_text": "a"}, "must define either `image_url` or `slack_file`"),
    "header with mrkdwn": ({"type": "header", "text": mrkdwn("a")}, "unsupported type: mrkdwn"),
    "section without anything": ({"type": "section"}, "must define either `text` or `fields`"),
    "empty text": (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "input without label": ({"type": "input", "element": text_input()}, "missing required field: label"),
    "button style": (actions(button(style="green")), "must be one of: primary, danger"),
    "button with mrkdwn": (actions(button(text=mrkdwn("a"))), "unsupported type: mrkdwn"),
    "text that is a string": ({"type": "header", "text": "a"}, "must provide an object [json-pointer:/blocks/0/text]"),
    "text that is a number": (section(5), "must provide a string"),  # type: ignore[arg-type]
    "flag that is a word": (section(expand="yes"), "must be a valid boolean"),
    "no elements": (actions(), "no less than 1 items allowed"),
    "elements not a list": ({"type": "actions", "elements": {}}, "must provide an array"),
    "one action id twice": (actions(button(), button()), "`action_id` yes already exists"),
    "select without options": (actions(pick("static_select")), "must define either `options` or `option_groups`"),
    "options and groups": (
        actions(pick("static_select", options=choices(1), option_groups=[])),
        "cannot define both `options` and `option_groups`",
    ),
    "initial option not offered": (
        select(initial_option=options("other")[0]),
        "initial_option must exactly match one of the provided options",
    ),
    "one option value twice": (select(options=options("a", "a")), "option values must be unique"),
    "date": (actions(pick("datepicker", initial_date="31.1.2026")), "must be more than 9 characters"),
    "time": (actions(pick("timepicker", initial_time="9h30x")), "does not match the expected format"),
    "url": (actions(button(url="javascript:alert(1)")), "does not match the expected format"),
    "two focused": (
        actions(pick("static_select", options=choices(1), focus_on_load=True), button())
        | {"elements": [
            {"type": "users_select", "action_id": "a", "focus_on_load": True},
            {"type": "users_select", "action_id": "b", "focus_on_load": True},
        ]},
        "only one element can have focus_on_load",
    ),
    "rich text part": (
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "sound"}]}]},
        "unsupported type: sound",
    ),
    "data table header": (
        {**NEWEST["data_table"], "rows": [[RICH, RICH], ROWS[1]]},
        "unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]",
    ),
    "data table of unequal rows": (
        {**NEWEST["data_table"], "rows": [ROWS[0], ROWS[1][:1]]},
        "all rows must have the same number of cells",
    ),
    "data table of a header only": ({**NEWEST["data_table"], "rows": ROWS[:1]}, "no less than 2 items allowed"),
    "data table without caption": ({"type": "data_table", "rows": ROWS}, "missing required field: caption"),
    "pie without weight": (pie(1, 0), "must be more than 0"),
    "chart with a gap": (
        chart(**{**LINE, "axis_config": {"categories": ["Mon", "Tue", "Wed"]}}),
        "must have one value for every category",
    ),
    "chart with twins": (chart(**{**LINE, "series": LINE["series"] * 2}), "series names must be unique"),
    "chart of no kind": (chart(type="radar"), "unsupported type: radar"),
    "container without title": (
        {"type": "container", "child_blocks": [section()]},
        "must define either `title` or `rich_text_title`",
    ),
    "container in a container": (
        {**NEWEST["container"], "child_blocks": [NEWEST["container"]]},
        "unsupported type: container",
    ),
    "collapsed but not collapsible": (
        {"type": "container", "title": plain("a"), "child_blocks": [section()], "default_collapsed": True},
        "default_collapsed requires is_collapsible",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named(name: str) -> None:
    block, line = WRONG[name]
    found = complaints(block)
    assert any(line in each for each in found), found


def test_a_message_holds_fifty_blocks_and_a_view_a_hundred() -> None:
    divider = {"type": "divider"}
    assert complaints(*[divider] * 50) == []
    assert complaints(*[divider] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]
    for kind in ("modal", "home"):
        assert view_complaints(VIEW[kind](*[divider] * 100), kind) == []
        assert view_complaints(VIEW[kind](*[divider] * 101), kind) == [
            "no more than 100 items allowed [json-pointer:/view/blocks]"
        ]


def test_a_block_id_is_used_once_containers_included() -> None:
    assert complaints(section(block_id="a"), section(block_id="b")) == []
    assert complaints(section(block_id="a"), section(block_id="a")) == [
        "`block_id` must be unique, a is used more than once [json-pointer:/blocks]"
    ]
    inside = {**NEWEST["container"], "child_blocks": [section(block_id="a")]}
    assert complaints(section(block_id="a"), inside) != []


@pytest.mark.parametrize(
    ("blocks", "line"),
    [
        ([table("table", 1, 1)] * 2, "no more than 1 table or data_table blocks allowed"),
        ([table("data_table", 2, 1)] * 2, "no more than 1 table or data_table blocks allowed"),
        ([table("table", 1, 1), table("data_table", 2, 1)], "no more than 1 table or data_table blocks allowed"),
        ([pie(1)] * 3, "no more than 2 data_visualization blocks allowed"),
        ([{"type": "markdown", "text": "x" * 6001}] * 2, "markdown blocks must be less than 12001 characters in all"),
    ],
)
def test_some_blocks_are_counted_over_the_whole_message(blocks: list[Json], line: str) -> None:
    assert complaints(*blocks[:1]) == []
    assert any(line in each for each in complaints(*blocks))


def test_a_table_of_ten_thousand_characters_is_the_largest() -> None:
    assert complaints(table("table", 2, 1, x(5_000))) == []
    assert "tables must be less than 10001 characters in all" in complaints(table("data_table", 2, 1, x(5_001)))[0]


def test_ids_are_filled_in_everywhere_and_kept_where_given() -> None:
    given = [section(), {**NEWEST["container"], "child_blocks": [section(block_id="mine")]},
             {"type": "actions", "elements": [{"type": "button", "text": plain("a")}]}]  # fmt: skip
    blocks = check.message_blocks(given)
    ids = [block["block_id"] for block in all_blocks(blocks)]
    assert len(set(ids)) == 4
    assert "mine" in ids
    assert blocks[2]["elements"][0]["action_id"]
    assert "block_id" not in given[0]


@pytest.mark.parametrize("blocks", ["nonsense", {"type": "divider"}, 5])
def test_blocks_that_are_no_list_have_a_code_of_their_own(play: Play, blocks: Any) -> None:
    assert play.error("chat.postMessage", channel=OPEN, text="x", blocks=blocks) == "invalid_blocks_format"


@pytest.mark.parametrize("kind", NEWEST)
def test_a_workspace_that_does_not_take_a_block_yet_refuses_it_and_no_other(play: Play, kind: str) -> None:
    assert play.ann.state["without"] == []
    refuse(play, kind)
    here = {"channel": OPEN, "user": ANN, "text": "x", "ts": play.post()["ts"]}
    for method in ("chat.postMessage", "chat.postEphemeral", "chat.update"):
        reply = play.call(method, **here, blocks=[section(), NEWEST[kind]])
        assert (reply["error"], reply["errors"]) == (
            "invalid_blocks",
            [f"unsupported type: {kind} [json-pointer:/blocks/1/type]"],
        )
    for other in NEWEST.keys() - {kind, "container"}:
        assert play.call("chat.postMessage", channel=OPEN, text="x", blocks=[NEWEST[other]])["ok"]
    refuse(play)
    assert play.call("chat.postMessage", channel=OPEN, text="x", blocks=[NEWEST[kind]])["ok"]


def test_a_table_in_a_container_is_a_table(play: Play) -> None:
    blocks = [{**NEWEST["container"], "child_blocks": [NEWEST["table"]]}]
    assert play.error("chat.postMessage", channel=OPEN, text="x", blocks=blocks) is None
    refuse(play, "table")
    assert play.error("chat.postMessage", channel=OPEN, text="x", blocks=blocks) == "invalid_blocks"


def refuse(play: Play, *kinds: str) -> None:
    assert play.ann.post("/page/blocks", {"without": kinds}) == {"ok": True}
    assert play.ann.state["without"] == list(kinds)


@pytest.mark.parametrize("without", [["section"], "table", None])
def test_a_workspace_cannot_be_without_what_every_workspace_has(play: Play, without: Any) -> None:
    assert "without: expected some of alert, card" in play.ann.post("/page/blocks", {"without": without})["error"]
    assert play.ann.state["without"] == []


VIEW_LIMITS: list[tuple[str, int, Callable[[int], Json]]] = [
    ("title", 24, lambda n: modal(title=plain(x(n)))),
    ("submit", 24, lambda n: modal(submit=plain(x(n)))),
    ("close", 24, lambda n: modal(close=plain(x(n)))),
    ("private_metadata", 3000, lambda n: modal(private_metadata=x(n))),
    ("callback_id", 255, lambda n: modal(callback_id=x(n))),
    ("external_id", 255, lambda n: modal(external_id=x(n))),
]


@pytest.mark.parametrize(("name", "limit", "view"), VIEW_LIMITS, ids=[name for name, _, _ in VIEW_LIMITS])
def test_a_view_has_limits(name: str, limit: int, view: Callable[[int], Json]) -> None:
    assert view_complaints(view(limit)) == []
    (line,) = view_complaints(view(limit + 1))
    assert line.startswith(f"must be less than {limit + 1} characters [json-pointer:/view/{name}")


def test_inputs_need_a_submit_button() -> None:
    without = {key: value for key, value in modal(field_block(text_input())).items() if key != "submit"}
    assert view_complaints(without) == ["missing required field: submit [json-pointer:/view]"]
    assert view_complaints(without | {"blocks": [section()]}) == []


@pytest.mark.parametrize(
    ("view", "line"),
    [
        (home(), "must be one of: modal [json-pointer:/view/type]"),
        (modal(colour="red"), "invalid additional property: colour [json-pointer:/view]"),
        (modal(title="Form"), "must provide an object [json-pointer:/view/title]"),
        ("x", "must provide an object [json-pointer:/view]"),
        (modal(section(block_id="a"), section(block_id="a")), "`block_id` must be unique, a is used more than once"),
    ],
)
def test_a_view_has_a_form(view: Any, line: str) -> None:
    assert any(line in each for each in view_complaints(view))


def test_pie_and_line_are_both_charts() -> None:
    assert complaints(chart(**PIE)) == []
    assert complaints(chart(**LINE)) == []
