"""Block elements: buttons, selects, inputs, and where each may stand. The limits are those of Slack's documentation."""

from playground.blocks.objects import (
    ACTION_ID,
    CONFIRM,
    DISPATCH,
    FILTER,
    IMAGE,
    LINK_OPTION,
    OPTION_GROUPS,
    OPTIONS,
    RICH_OPTION,
    URL,
    initial_is_offered,
    option_values_differ,
    plain,
)
from playground.blocks.rules import (
    Fields,
    Rule,
    anything,
    array,
    boolean,
    choice,
    not_both,
    number,
    one_of_fields,
    record,
    string,
)

STYLE = choice("primary", "danger")
DATE = string(10, 10, r"\d{4}-\d{2}-\d{2}")
TIME = string(5, 5, r"\d{2}:\d{2}")
HOLDER: Fields = {"placeholder": plain(150), "focus_on_load": boolean}
ID = string(least=1)


def _element(required: Fields, optional: Fields, *also: Rule) -> Rule:
    return record({"type": anything, **required}, {"action_id": ACTION_ID, **optional}, *also)


def _pick(optional: Fields, *also: Rule) -> Rule:
    return _element({}, {"confirm": CONFIRM, **HOLDER, **optional}, *also)


def _typed(optional: Fields) -> Rule:
    return _element({}, {"dispatch_action_config": DISPATCH, **HOLDER, **optional})


MANY: Fields = {"max_selected_items": number(1, whole=True)}
STATIC: Fields = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
STATIC_RULES = (
    one_of_fields("options", "option_groups"),
    not_both("options", "option_groups"),
    initial_is_offered,
    option_values_differ,
)
TALK: Fields = {"default_to_current_conversation": boolean, "filter": FILTER}
URLS: Fields = {"response_url_enabled": boolean}
TICKS: Fields = {"confirm": CONFIRM, "focus_on_load": boolean}
FEEDBACK = record({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})

ELEMENTS: dict[str, Rule] = {
    "button": _element(
        {"text": plain(75)},
        {"value": string(2000), "url": URL, "style": STYLE, "confirm": CONFIRM, "accessibility_label": string(75)},
    ),
    "workflow_button": _element(
        {"text": plain(75), "workflow": anything}, {"style": STYLE, "accessibility_label": string(75)}
    ),
    "overflow": _element(
        {"options": array(LINK_OPTION, 5)}, {"confirm": CONFIRM}, option_values_differ
    ),
    "static_select": _pick({**STATIC, "initial_option": anything}, *STATIC_RULES),
    "multi_static_select": _pick({**STATIC, **MANY, "initial_options": array(anything)}, *STATIC_RULES),
    "external_select": _pick({"initial_option": anything, "min_query_length": number(0, whole=True)}),
    "multi_external_select": _pick(
        {**MANY, "initial_options": array(anything), "min_query_length": number(0, whole=True)}
    ),
    "users_select": _pick({"initial_user": ID}),
    "multi_users_select": _pick({**MANY, "initial_users": array(ID)}),
    "conversations_select": _pick({**TALK, **URLS, "initial_conversation": ID}),
    "multi_conversations_select": _pick({**TALK, **MANY, "initial_conversations": array(ID)}),
    "channels_select": _pick({**URLS, "initial_channel": ID}),
    "multi_channels_select": _pick({**MANY, "initial_channels": array(ID)}),
    "checkboxes": _element(
        {"options": array(RICH_OPTION, 10)},
        {**TICKS, "initial_options": array(anything)},
        initial_is_offered,
        option_values_differ,
    ),
    "radio_buttons": _element(
        {"options": array(RICH_OPTION, 10)},
        {**TICKS, "initial_option": anything},
        initial_is_offered,
        option_values_differ,
    ),
    "datepicker": _pick({"initial_date": DATE}),
    "timepicker": _pick({"initial_time": TIME, "timezone": string()}),
    "datetimepicker": _element({}, {**TICKS, "initial_date_time": number(1_000_000_000, 9_999_999_999, whole=True)}),
    "plain_text_input": _typed(
        {
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": number(0, 3000, whole=True),
            "max_length": number(1, 3000, whole=True),
        }
    ),
    "email_text_input": _typed({"initial_value": string()}),
    "url_text_input": _typed({"initial_value": string()}),
    "number_input": record(
        {"type": anything, "is_decimal_allowed": boolean},
        {"action_id": ACTION_ID, "dispatch_action_config": DISPATCH, **HOLDER,
         "initial_value": string(), "min_value": string(), "max_value": string()},
    ),
    "rich_text_input": _typed({"initial_value": anything}),
    "file_input": _element({}, {"filetypes": array(string()), "max_files": number(1, 10, whole=True)}),
    "image": IMAGE,
    "feedback_buttons": _element({"positive_button": FEEDBACK, "negative_button": FEEDBACK}, {}),
    "icon_button": _element(
        {"icon": choice("trash"), "text": plain(75)},
        {"value": string(2000), "confirm": CONFIRM, "accessibility_label": string(75),
         "visible_to_user_ids": array(ID)},
    ),
}  # fmt: skip

SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
PICKS = (*SELECTS, *(f"multi_{name}" for name in SELECTS), "checkboxes", "radio_buttons", "datepicker", "timepicker")
FIELDS = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input")
ACCESSORIES = (*PICKS, "button", "overflow", "image", "workflow_button")
ACTIONS = (*PICKS, "button", "overflow", "datetimepicker", "workflow_button", "rich_text_input")
INPUTS = (*PICKS, *FIELDS, "datetimepicker")

# Elements that do not exist on every surface; all others do.
ONLY_ON: dict[str, tuple[str, ...]] = {
    "datetimepicker": ("message", "modal"),
    "email_text_input": ("modal",),
    "number_input": ("modal",),
    "url_text_input": ("modal",),
    "file_input": ("modal",),
    "rich_text_input": ("modal", "home"),
    "workflow_button": ("message",),
}


def placed(names: tuple[str, ...], surface: str) -> dict[str, Rule]:
    """The rules for the types one place takes, without those the surface lacks."""
    return {name: ELEMENTS[name] for name in names if surface in ONLY_ON.get(name, (surface,))}
