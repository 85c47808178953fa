"""One right block of every type and one right element of every type, for the tables of tests."""

from typing import Any

from tests.playground.kit import Json, actions, button, field_block, mrkdwn, options, plain, section, text_input

IMAGE = {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a"}
RICH: Json = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "bold", "style": {"bold": True}},
                {"type": "link", "url": "https://x.test", "text": "link"},
                {"type": "user", "user_id": "U0ANN"},
                {"type": "emoji", "name": "wave"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "item"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quote"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
    ],
}
ROWS = [[{"type": "raw_text", "text": "Name"}, {"type": "raw_text", "text": "Won"}],
        [{"type": "raw_text", "text": "Ann"}, {"type": "raw_number", "value": 3, "text": "3"}]]  # fmt: skip
PIE: Json = {"type": "pie", "segments": [{"label": "a", "value": 1}]}
LINE: Json = {
    "type": "line",
    "series": [{"name": "leads", "data": [{"label": "Mon", "value": 1}, {"label": "Tue", "value": 2.5}]}],
    "axis_config": {"categories": ["Mon", "Tue"], "x_label": "Day"},
}


def pick(kind: str, **more: Any) -> Json:
    return {"type": kind, "action_id": "pick", **more}


CHOICE: Json = {"options": options("one", "two")}
ELEMENTS: dict[str, Json] = {
    "button": button(url="https://x.test", style="primary", accessibility_label="Yes, do"),
    "overflow": pick("overflow", **CHOICE),
    "static_select": pick("static_select", placeholder=plain("Pick"), initial_option=options("one")[0], **CHOICE),
    "multi_static_select": pick("multi_static_select", placeholder=plain("Pick"), max_selected_items=1, **CHOICE),
    "external_select": pick("external_select", placeholder=plain("Pick"), min_query_length=0),
    "multi_external_select": pick("multi_external_select", placeholder=plain("Pick")),
    "users_select": pick("users_select", placeholder=plain("Pick"), initial_user="U0ANN"),
    "multi_users_select": pick("multi_users_select", placeholder=plain("Pick"), initial_users=["U0ANN"]),
    "conversations_select": pick("conversations_select", placeholder=plain("Pick"), filter={"include": ["im"]}),
    "multi_conversations_select": pick("multi_conversations_select", placeholder=plain("Pick")),
    "channels_select": pick("channels_select", placeholder=plain("Pick"), initial_channel="C0OPEN"),
    "multi_channels_select": pick("multi_channels_select", placeholder=plain("Pick")),
    "checkboxes": pick("checkboxes", initial_options=options("two"), **CHOICE),
    "radio_buttons": pick("radio_buttons", **CHOICE),
    "datepicker": pick("datepicker", initial_date="2026-01-31"),
    "timepicker": pick("timepicker", initial_time="09:30"),
    "datetimepicker": pick("datetimepicker", initial_date_time=1_700_000_000),
    "plain_text_input": text_input("pick", multiline=True, min_length=2, max_length=5),
    "email_text_input": pick("email_text_input"),
    "url_text_input": pick("url_text_input"),
    "number_input": pick("number_input", is_decimal_allowed=False, min_value="1", max_value="5"),
    "rich_text_input": pick("rich_text_input"),
    "file_input": pick("file_input", max_files=1),
}

MESSAGE: dict[str, Json] = {
    "divider": {"type": "divider"},
    "header": {"type": "header", "text": plain("Title")},
    "section": section(fields=[mrkdwn("a"), plain("b")], accessory=button(), expand=True),
    "context": {"type": "context", "elements": [IMAGE, mrkdwn("a"), plain("b")]},
    "actions": actions(button("one"), button("two")),
    "input": field_block(text_input(), hint=plain("hint"), optional=True, dispatch_action=True),
    "image": {**IMAGE, "title": plain("a")},
    "rich_text": RICH,
    "video": {"type": "video", "alt_text": "a", "title": plain("a"), "thumbnail_url": "https://x.test/a.png",
              "video_url": "https://x.test/a"},
}  # fmt: skip
NEWEST: dict[str, Json] = {
    "markdown": {"type": "markdown", "text": "# a"},
    "table": {"type": "table", "rows": ROWS, "column_settings": [{"align": "right", "is_wrapped": True}]},
    "data_table": {"type": "data_table", "caption": "All", "rows": ROWS, "page_size": 5, "row_header_column_index": 0},
    "data_visualization": {"type": "data_visualization", "title": "Leads", "chart": LINE},
    "container": {"type": "container", "title": plain("More"), "child_blocks": [section()], "is_collapsible": True,
                  "default_collapsed": True, "width": "wide"},
    "card": {"type": "card", "title": mrkdwn("a"), "body": mrkdwn("b"), "actions": [button()]},
    "carousel": {"type": "carousel", "elements": [{"type": "card", "title": mrkdwn("a")}]},
}  # fmt: skip
AGENT: dict[str, Json] = {
    "context_actions": {"type": "context_actions", "elements": [
        {"type": "feedback_buttons", "action_id": "f", "positive_button": {"text": plain("Good"), "value": "g"},
         "negative_button": {"text": plain("Bad"), "value": "b"}},
        {"type": "icon_button", "action_id": "i", "icon": "trash", "text": plain("Remove")}]},
    "task_card": {"type": "task_card", "task_id": "1", "title": "Look", "status": "complete"},
    "plan": {"type": "plan", "title": "Plan"},
}  # fmt: skip
ALERT: Json = {"type": "alert", "text": plain("Careful"), "level": "warning"}
