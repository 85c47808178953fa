"""The wrong payloads each get their problem named, and the right ones are left in peace."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.schemas import check

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(text: str = "Accept", **more: Any) -> Json:
    return {"type": "button", "action_id": f"do_{text[:200]}", "text": plain(text)} | more


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn("*Ada* wants a demo")} | more


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"Option {n}"), "value": str(n)} for n in range(count)]


def select(count: int) -> Json:
    return {"type": "static_select", "action_id": "pick", "placeholder": plain("Pick"), "options": options(count)}


def text_input(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "why"} | more


def question(**more: Any) -> Json:
    return {"type": "input", "block_id": "why", "label": plain("Why?"), "element": text_input()} | more


def modal(*blocks: Json, **more: Any) -> Json:
    frame = {"type": "modal", "title": plain("Reject the lead"), "submit": plain("Reject")}
    return frame | {"blocks": list(blocks)} | more


def without(thing: Json, *keys: str) -> Json:
    return {key: value for key, value in thing.items() if key not in keys}


def rich_text(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def row(*texts: str) -> list[Json]:
    return [{"type": "raw_text", "text": text} for text in texts]


def numbered(text: str) -> Json:
    return {"type": "raw_number", "value": 3, "text": text}


def table(**more: Any) -> Json:
    cell = rich_text({"type": "text", "text": "Ada", "style": {"bold": True}})
    return {"type": "table", "rows": [row("Lead", "Score"), [cell, numbered("3")]]} | more


def data_table(**more: Any) -> Json:
    rows = [row("Lead", "Score"), [row("Ada")[0], numbered("3")]]
    return {"type": "data_table", "caption": "Leads of the week", "rows": rows} | more


def chart(*labels: str, categories: tuple[str, ...] = ("Mon", "Tue"), **more: Any) -> Json:
    series = {"name": "Leads", "data": [{"label": label, "value": 3} for label in labels or categories]}
    body = {"type": "bar", "series": [series], "axis_config": {"categories": list(categories)}}
    return {"type": "data_visualization", "title": "Leads a day", "chart": body | more}


def pie(*values: float) -> Json:
    segments = [{"label": f"Source {n}", "value": value} for n, value in enumerate(values)]
    return {
        "type": "data_visualization",
        "title": "Where from",
        "chart": {"type": "pie", "segments": segments},
    }


def container(*children: Json, **more: Any) -> Json:
    return {"type": "container", "title": plain("Lead 7"), "child_blocks": list(children)} | more


IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "Score over time"}

SAMPLES = [
    section(fields=[mrkdwn("a")]),
    actions(button()),
    IMAGE,
    table(),
    data_table(),
    chart(),
    pie(1),
    container(section()),
]
WRONG_BLOCKS: dict[str, tuple[list[Any], str]] = {
    "W1 51 blocks": ([{"type": "divider"}] * 51, ": 51 blocks, at most 50 in a message"),
    "W2 section text 3001": (
        [section(text=mrkdwn("x" * 3001))],
        "/0: text attribute cannot exceed 3000 characters",
    ),
    "W3 unknown type": ([section(), {"type": "nonsense"}], "/1: unknown block type 'nonsense'"),
    "W4 unknown field": ([section(colour="red")], "/0/colour: unknown field"),
    "W5 image without alt_text": ([without(IMAGE, "alt_text")], "/0: 'alt_text' is missing"),
    "W6 header with mrkdwn": (
        [{"type": "header", "text": mrkdwn("Lead")}],
        "/0/text/type: 'plain_text' was expected",
    ),
    "W7 26 elements": (
        [actions(*(button(str(n)) for n in range(26)))],
        "/0: elements attribute cannot exceed 25 elements",
    ),
    "W8 button text 76": ([actions(button("x" * 76))], "/0: text attribute cannot exceed 75 characters"),
    "W9 101 options": ([actions(select(101))], "/0: options attribute cannot exceed 100 elements"),
    "X1 section without text": ([{"type": "section"}], "/0: text or fields attribute must be specified"),
    "X2 input without label": ([without(question(), "label")], "/0: 'label' is missing"),
    "X3 duplicate block_id": (
        [section(block_id="a"), section(block_id="a")],
        ": block_id 'a' is used twice",
    ),
    "X4 button style": (
        [actions(button(style="green"))],
        "/0/elements/0/style: 'green' is not one of ['primary', 'danger']",
    ),
    "X6 text input in actions": (
        [actions(text_input())],
        "/0/elements/0: 'plain_text_input' does not belong here",
    ),
    "not an object": (["section"], "/0: a block is an object with a type"),
    "nothing but None": ([section(text=None)], "/0/text: None does not belong here"),
    "field of 2001": ([section(fields=[mrkdwn("x" * 2001)])], "/0/fields: 2001 characters, at most 2000"),
    "empty text": ([section(text=mrkdwn(""))], "/0/text/text: empty"),
    "empty list": ([section(fields=[])], "/0/fields: empty"),
    "option description": (
        [actions(select(1) | {"options": [options(1)[0] | {"description": plain("x" * 76)}]})],
        "/0/elements/0/options/0/description: 76 characters, at most 75",
    ),
    "11 checkboxes": (
        [actions({"type": "checkboxes", "options": options(11)})],
        "/0/elements/0/options: 11 items, at most 10",
    ),
    "same action_id": ([actions(button(), button())], "/0/elements: action_id 'do_Accept' is used twice"),
    "modal's input": (
        [question(element={"type": "file_input"})],
        "/0/element: file_input does not belong in a message",
    ),
    "alert": ([{"type": "alert", "text": plain("Late")}], "/0: alert does not belong in a message"),
    "markdown in all": (
        [{"type": "markdown", "text": "x" * 7000}] * 2,
        ": 14000 characters of markdown, at most 12000 in a message",
    ),
    "max_length": (
        [question(element=text_input(max_length=3001))],
        "/0/element/max_length: 3001, at most 3000",
    ),
    "table of 101 rows": ([table(rows=[row("a")] * 101)], "/0/rows: length 101, at most 100"),
    "table of 21 columns": ([table(rows=[row(*"abcdefghijklmnopqrstu")])], "/0/rows/0: length 21, at most 20"),
    "two tables": ([table(), table()], ": 2 table or data_table blocks, at most 1 in a message"),
    "a table of each kind": ([table(), data_table()], ": 2 table or data_table blocks, at most 1 in a message"),
    "long table": (
        [table(rows=[row("x" * 2001)] * 5)],
        ": 10005 characters in tables, at most 10000 in a message",
    ),
    "table cell": ([table(rows=[[mrkdwn("a")]])], "/0/rows/0/0: 'mrkdwn' does not belong here"),
    "data_table, caption": ([without(data_table(), "caption")], "/0: 'caption' is missing"),
    "data_table, header only": ([data_table(rows=[row("a")])], "/0/rows: length 1, at least 2"),
    "data_table, 102 rows": ([data_table(rows=[row("a")] * 102)], "/0/rows: length 102, at most 101"),
    "data_table, rich header": (
        [data_table(rows=[[rich_text()], row("a")])],
        "/0/rows/0/0: 'rich_text' does not belong here",
    ),
    "data_table, ragged": (
        [data_table(rows=[row("a", "b"), row("a")])],
        "/0/rows/1: 1 cells, the header has 2",
    ),
    "data_table, page": (
        [data_table(page_size=101)],
        "/0/page_size: 101 is greater than the maximum of 100",
    ),
    "data_table, block_id twice": (
        [data_table(block_id="a"), section(block_id="a")],
        ": block_id 'a' is used twice",
    ),
    "chart, title": ([chart() | {"title": "x" * 51}], "/0/title: length 51, at most 50"),
    "chart, kind": ([chart(type="radar")], "/0/chart: 'radar' does not belong here"),
    "chart, label": ([chart(categories=("x" * 21,))], "/0/chart/axis_config/categories/0: length 21, at most 20"),
    "chart, no series": ([chart(series=[])], "/0/chart/series: length 0, at least 1"),
    "chart, missing value": (
        [chart("Mon", categories=("Mon", "Tue"))],
        "/0/chart/series/0/data: needs one value for every category",
    ),
    "chart, names": (
        [chart(series=chart()["chart"]["series"] * 2)],
        "/0/chart/series/0/name: 'Leads' is used twice",
    ),
    "chart, pie of 7": ([pie(1, 2, 3, 4, 5, 6, 7)], "/0/chart/segments: length 7, at most 6"),
    "chart, empty slice": (
        [pie(1, 0)],
        "/0/chart/segments/1/value: 0 is less than or equal to the minimum of 0",
    ),
    "three charts": ([chart(), pie(1), chart()], ": 3 data_visualization blocks, at most 2 in a message"),
    "container, untitled": (
        [without(container(section()), "title")],
        "/0: 'title' is missing",
    ),
    "container of 11": ([container(*[section()] * 11)], "/0/child_blocks: length 11, at most 10"),
    "container in container": (
        [container(container(section()))],
        "/0/child_blocks/0: 'container' does not belong here",
    ),
    "container, child's id": (
        [container(section(block_id="a")), section(block_id="a")],
        ": block_id 'a' is used twice",
    ),
    "container, child's field": (
        [container(section(fields=[mrkdwn("x" * 2001)]))],
        "/0/child_blocks/0/fields: 2001 characters, at most 2000",
    ),
}


@pytest.mark.parametrize("name", WRONG_BLOCKS)
def test_wrong_blocks_are_named(name: str) -> None:
    blocks, problem = WRONG_BLOCKS[name]
    assert problem in check.blocks(blocks)


WRONG_VIEWS = {
    "W10 title 25": (modal(question(), title=plain("x" * 25)), ": title must be between 1 and 24 characters"),
    "X5 no submit": (without(modal(question()), "submit"), "/submit: is missing, and there are inputs"),
    "type": ({"type": "workflow_step", "blocks": []}, "/type: 'workflow_step' is neither modal nor home"),
    "unknown field": (modal(section(), hash="1"), "/hash: unknown field"),
    "untitled": (without(modal(section()), "title"), ": 'title' is missing"),
    "title in mrkdwn": (modal(section(), title=mrkdwn("Reject")), "/title/type: 'plain_text' was expected"),
    "101 blocks": (modal(*[section()] * 101), "/blocks: 101 blocks, at most 100 in a modal"),
    "no blocks": (modal(), "/blocks: a view needs at least one block"),
    "wrong block": (modal(section(), {"type": "section"}), "/blocks/1: text or fields attribute must be specified"),
    "private_metadata": (
        modal(section(), private_metadata="x" * 3001),
        ": private_metadata cannot exceed 3000 characters",
    ),
    "external_id": (modal(section(), external_id="x" * 256), "/external_id: more than 255 characters"),
    "message's block": (modal(chart()), "/blocks/0: data_visualization does not belong in a modal"),
    "home with title": ({"type": "home", "title": plain("Home"), "blocks": [section()]}, "/title: unknown field"),
    "home with table": ({"type": "home", "blocks": [table()]}, "/blocks/0: table does not belong in a home"),
    "too big": (
        modal(*[section(text=mrkdwn("x" * 2900))] * 90),
        ": more than 250000 bytes",
    ),
}


def spoilt(node: Any, junk: Any) -> Iterator[Any]:
    """The same thing with junk in one place, for every place."""
    yield junk
    if isinstance(node, dict):
        yield from (node | {key: other} for key in node for other in spoilt(node[key], junk))
    if isinstance(node, list):
        yield from ([*node[:n], other, *node[n + 1 :]] for n in range(len(node)) for other in spoilt(node[n], junk))


@pytest.mark.parametrize("junk", [None, 7, "", [], {}, [None], {"type": []}, {"type": "plain_text"}])
def test_junk_never_breaks_the_check(junk: Any) -> None:
    for block in (*SAMPLES, {"type": "section", "accessory": select(1)}, question()):
        for other in spoilt(block, junk):
            assert isinstance(check.blocks([other]), list)
    for other in spoilt(without(modal(question()), "type"), junk):
        if isinstance(other, dict):
            assert isinstance(check.view({"type": "modal"} | other), list)
            assert isinstance(check.call("views.open", {"trigger_id": "1", "view": other}), list)
            assert isinstance(check.call("chat.update", {"attachments": [other], "metadata": other}), list)


@pytest.mark.parametrize("name", WRONG_VIEWS)
def test_wrong_views_are_named(name: str) -> None:
    view, problem = WRONG_VIEWS[name]
    assert problem in check.view(view)


CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("It goes back."), "confirm": plain("Yes"), "deny": plain("No")}
RIGHT_MESSAGES = {
    "a card with buttons": [
        {"type": "header", "text": plain("New lead")},
        section(block_id="facts", fields=[mrkdwn("*Score*\n82"), plain("Berlin")], expand=True),
        {"type": "divider"},
        actions(
            button("Accept", style="primary", value="7", accessibility_label="Accept lead 7"),
            button("Reject", style="danger", value="7", confirm=CONFIRM | {"style": "danger"}),
            button("CRM", url="https://example.com/7"),
        ),
        {"type": "context", "elements": [mrkdwn("Waiting for 2 h"), IMAGE]},
    ],
    "selects and an overflow": [
        actions(
            select(100),
            {"type": "users_select", "action_id": "who", "placeholder": plain("Hand over to")},
            {"type": "datepicker", "action_id": "when", "initial_date": "2026-11-21"},
        ),
        section(accessory={"type": "overflow", "action_id": "more", "options": options(5)}),
        section(accessory={"type": "external_select", "action_id": "crm", "min_query_length": 0}),
        IMAGE | {"title": plain("Scores"), "block_id": "image"},
    ],
    "rich text": [
        rich_text(
            {"type": "text", "text": "Accepted by ", "style": {"bold": True}},
            {"type": "user", "user_id": "U1"},
            {"type": "link", "url": "https://example.com", "text": "CRM"},
        ),
        {"type": "markdown", "text": "**Bold**"},
    ],
    "a table": [section(), table(block_id="t", column_settings=[{"align": "right", "is_wrapped": True}])],
    "a data table": [data_table(page_size=10, row_header_column_index=0, block_id="d")],
    "charts": [chart(), pie(1, 2.5)],
    "a container": [container(section(), {"type": "divider"}, is_collapsible=True, width="wide")],
    "nothing": [],
    "50 blocks": [section()] * 50,
}


@pytest.mark.parametrize("name", RIGHT_MESSAGES)
def test_right_messages_are_left_in_peace(name: str) -> None:
    assert check.blocks(RIGHT_MESSAGES[name]) == []


RIGHT_VIEWS = {
    "a modal": modal(
        question(
            hint=plain("The marketer reads it"), optional=True, element=text_input(multiline=True, max_length=3000)
        ),
        question(block_id="r", element={"type": "radio_buttons", "action_id": "r", "options": options(10)}),
        question(block_id="c", element={"type": "checkboxes", "action_id": "c", "options": options(2)}),
        question(block_id="n", element={"type": "number_input", "is_decimal_allowed": False}, dispatch_action=True),
        question(block_id="e", element={"type": "email_text_input", "action_id": "mail"}),
        {"type": "alert", "text": plain("It is late"), "level": "warning"},
        close=plain("Cancel"),
        callback_id="reject",
        private_metadata="{}",
        notify_on_close=True,
        clear_on_close=False,
        external_id="one",
    ),
    "a modal to read": without(modal(*[section()] * 100), "submit"),
    "a home": {"type": "home", "blocks": [*RIGHT_MESSAGES["a card with buttons"]], "private_metadata": "x"},
}


@pytest.mark.parametrize("name", RIGHT_VIEWS)
def test_right_views_are_left_in_peace(name: str) -> None:
    assert check.view(RIGHT_VIEWS[name]) == []


POST = {"channel": "C1", "text": "New lead", "blocks": [section()]}
OPEN = {"trigger_id": "1.2.3", "view": modal(question())}
HOME = {"type": "home", "blocks": [section()]}
RIGHT_CALLS = [
    ("chat.postMessage", POST),
    ("chat.postMessage", POST | {"thread_ts": "1.2", "reply_broadcast": True, "unfurl_links": False}),
    ("chat.postMessage", POST | {"metadata": {"event_type": "lead", "event_payload": {"id": "7", "n": 1}}}),
    ("chat.postMessage", {"channel": "C1", "text": "x", "attachments": [{"color": "#f00", "blocks": [section()]}]}),
    ("chat.update", POST | {"ts": "1.2"}),
    ("chat.update", {"channel": "C1", "ts": "1.2", "text": "Gone", "blocks": []}),
    ("chat.postEphemeral", POST | {"user": "U1", "thread_ts": "1.2"}),
    ("chat.getPermalink", {"channel": "C1", "message_ts": "1.2"}),
    ("views.open", OPEN),
    ("views.update", {"view_id": "V1", "hash": "1.a", "view": modal(question())}),
    ("views.update", {"external_id": "one", "view": HOME}),
    ("views.publish", {"user_id": "U1", "view": HOME}),
    ("conversations.open", {"users": "U1,U2", "return_im": True}),
    ("conversations.history", {"channel": "C1", "limit": 15, "latest": "1.2", "inclusive": True, "cursor": "x"}),
    ("conversations.replies", {"channel": "C1", "ts": "1.2", "include_all_metadata": True}),
    ("users.info", {"user": "U1", "include_locale": True}),
]
WRONG_CALLS = [
    ("chat.postMessage", POST | {"colour": "red"}, "/colour: unknown field"),
    ("chat.postMessage", without(POST, "channel"), ": 'channel' is missing"),
    ("chat.postMessage", {"channel": "C1"}, ": 'text' is missing"),
    ("chat.postMessage", POST | {"thread_ts": 1.2}, "/thread_ts: 1.2 is not of type 'string'"),
    ("chat.postMessage", POST | {"blocks": [section(), {"type": "x"}]}, "/blocks/1: unknown block type 'x'"),
    ("chat.postMessage", POST | {"blocks": "[]"}, "/blocks: '[]' is not of type 'array'"),
    ("chat.postMessage", POST | {"text": "x" * 40_001}, "/text: more than 40000 characters"),
    (
        "chat.postMessage",
        {"channel": "C1", "text": "x", "attachments": [{"blocks": [{"type": "section"}]}]},
        "/attachments/0/blocks/0: text or fields attribute must be specified",
    ),
    ("chat.update", POST, ": 'ts' is missing"),
    ("chat.update", POST | {"ts": "1.2", "text": "x" * 4001}, "/text: more than 4000 characters"),
    ("chat.postEphemeral", POST, ": 'user' is missing"),
    ("chat.getPermalink", {"channel": "C1", "ts": "1.2"}, "/ts: unknown field"),
    ("views.open", without(OPEN, "trigger_id"), ": 'trigger_id' is missing"),
    ("views.open", without(OPEN, "view"), ": 'view' is missing"),
    ("views.open", OPEN | {"view": modal(section(colour="red"))}, "/view/blocks/0/colour: unknown field"),
    ("views.open", OPEN | {"view": HOME}, "/view/type: views.open takes a modal"),
    ("views.update", {"view": modal(question())}, ": 'external_id' is missing"),
    ("views.publish", {"user_id": "U1", "view": modal(question())}, "/view/type: views.publish takes a home"),
    ("conversations.open", {"users": ["U1"]}, "/users: ['U1'] is not of type 'string'"),
    ("conversations.history", {"channel": "C1", "limit": "15"}, "/limit: '15' is not of type 'number'"),
    ("conversations.replies", {"channel": "C1"}, ": 'ts' is missing"),
    ("users.info", {}, ": 'user' is missing"),
    ("chat.nonsense", {}, ": no schema for chat.nonsense"),
    ("modal", {}, ": no schema for modal"),
]


@pytest.mark.parametrize(("method", "args"), RIGHT_CALLS)
def test_right_arguments_are_left_in_peace(method: str, args: Json) -> None:
    assert check.call(method, args) == []


@pytest.mark.parametrize(("method", "args", "problem"), WRONG_CALLS)
def test_wrong_arguments_are_named(method: str, args: Json, problem: str) -> None:
    assert problem in check.call(method, args)


SENT_VIEW = without(RIGHT_VIEWS["a modal"], "external_id") | {
    "id": "V1",
    "team_id": "T1",
    "app_id": "A1",
    "app_installed_team_id": "T1",
    "bot_id": "B1",
    "state": {"values": {"why": {"why": {"type": "plain_text_input", "value": "Too small"}}}},
    "hash": "1.a",
    "root_view_id": "V1",
    "previous_view_id": None,
}
SENDER = {
    "team": {"id": "T1", "domain": "acme"},
    "user": {"id": "U1", "username": "ada", "name": "ada", "team_id": "T1"},
    "api_app_id": "A1",
    "token": "fixed",
    "enterprise": None,
    "is_enterprise_install": False,
}
CLICK: Json = SENDER | {
    "type": "block_actions",
    "trigger_id": "1.2.3",
    "response_url": "https://example.com/respond",
    "container": {"type": "message", "message_ts": "1.2", "channel_id": "C1", "is_ephemeral": False},
    "channel": {"id": "C1", "name": "leads"},
    "message": {"type": "message", "ts": "1.2", "user": "U9", "text": "New lead", "blocks": [section()]},
    "state": {"values": {}},
    "actions": [button(block_id="a", action_ts="1.3", value="7")],
}
PICK = {
    "type": "static_select",
    "block_id": "a",
    "action_id": "pick",
    "action_ts": "1.3",
    "selected_option": options(1)[0],
}
VIEW_CLICK = without(CLICK, "message", "channel", "response_url") | {
    "container": {"type": "view", "view_id": "V1"},
    "view": SENT_VIEW,
}
SUBMIT = SENDER | {"type": "view_submission", "trigger_id": "1.2.3", "view": SENT_VIEW, "response_urls": []}
CLOSE = SENDER | {"type": "view_closed", "view": SENT_VIEW, "is_cleared": False}
COMMAND = {
    "token": "fixed",
    "team_id": "T1",
    "team_domain": "acme",
    "channel_id": "C1",
    "channel_name": "leads",
    "user_id": "U1",
    "user_name": "ada",
    "command": "/leads",
    "text": "",
    "api_app_id": "A1",
    "is_enterprise_install": "false",
    "response_url": "https://example.com/respond",
    "trigger_id": "1.2.3",
}
OPENED = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "1.2"}
EVENT = {
    "token": "fixed",
    "team_id": "T1",
    "api_app_id": "A1",
    "event": OPENED,
    "type": "event_callback",
    "event_id": "Ev1",
    "event_time": 1,
}
RIGHT_INBOUND: list[tuple[check.Kind, Json]] = [
    ("block_actions", CLICK),
    ("block_actions", CLICK | {"actions": [PICK]}),
    ("block_actions", VIEW_CLICK),
    ("view_submission", SUBMIT),
    ("view_closed", CLOSE),
    ("command", COMMAND),
    ("app_home_opened", OPENED),
    ("app_home_opened", EVENT),
]
WRONG_INBOUND: list[tuple[check.Kind, Json, str]] = [
    ("block_actions", without(CLICK, "response_url"), ": 'response_url' is missing"),
    ("block_actions", CLICK | {"actions": [without(CLICK["actions"][0], "text")]}, "/actions/0: 'text' is missing"),
    ("block_actions", CLICK | {"actions": [without(PICK, "block_id")]}, "/actions/0: 'block_id' is missing"),
    (
        "block_actions",
        CLICK | {"actions": [without(PICK, "selected_option")]},
        "/actions/0: 'selected_option' is missing",
    ),
    ("block_actions", VIEW_CLICK | {"view": without(SENT_VIEW, "state")}, "/view: 'state' is missing"),
    ("view_submission", SUBMIT | {"view": without(SENT_VIEW, "clear_on_close")}, "/view: 'clear_on_close' is missing"),
    ("view_submission", without(SUBMIT, "trigger_id"), ": 'trigger_id' is missing"),
    ("view_closed", without(CLOSE, "is_cleared"), ": 'is_cleared' is missing"),
    ("view_closed", SUBMIT, "/type: 'view_closed' was expected"),
    ("command", without(COMMAND, "response_url"), ": 'response_url' is missing"),
    ("app_home_opened", without(OPENED, "event_ts"), ": 'event_ts' is missing"),
    ("app_home_opened", EVENT | {"event": without(OPENED, "user")}, "/event: 'user' is missing"),
]


@pytest.mark.parametrize(("kind", "payload"), RIGHT_INBOUND)
def test_right_payloads_are_left_in_peace(kind: check.Kind, payload: Json) -> None:
    assert check.inbound(kind, payload) == []


@pytest.mark.parametrize(("kind", "payload", "problem"), WRONG_INBOUND)
def test_wrong_payloads_are_named(kind: check.Kind, payload: Json, problem: str) -> None:
    assert problem in check.inbound(kind, payload)
