"""What a person chose, in the page's plain form and in Slack's, and what Slack's own client checks before it sends."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from playground.blocks.find import elements
from playground.blocks.objects import options_of
from playground.errors import Json, Refusal

# How each element names the thing chosen, and the thing chosen at first.
FIELD: dict[str, tuple[str, str]] = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
}
NOT_IN_STATE = ("overflow",)
REQUIRED = "Please complete this required field."
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https?://\S+")
Offered = Mapping[tuple[str, str], Json]


def chosen(element: Json, value: Any, offered: Offered) -> Json:
    """Slack's fields for the page's plain value; `offered` is what an options URL gave.

    Raises Refusal when the value is not one the element has.
    """
    field = FIELD.get(element["type"], ("", ""))[0]
    if not field:
        return {}
    if field == "selected_options":
        return {field: [_option(element, each, offered) for each in _as_list(value)]}
    if field == "selected_option":
        return {field: None if value in (None, "") else _option(element, value, offered)}
    if element["type"].startswith("multi_") or field == "files":
        return {field: _as_list(value)}
    return {field: None if value in (None, "") else value}


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [] if value in (None, "") else [value]


def _option(element: Json, value: Any, offered: Offered) -> Json:
    wanted = value.get("value") if isinstance(value, dict) else value
    for option in [*options_of(element), *(element.get("initial_options") or [element.get("initial_option")])]:
        if option and option["value"] == wanted:
            return {key: option[key] for key in ("text", "value", "description") if key in option}
    known = offered.get((element["action_id"], str(wanted)))
    if known is None:
        raise Refusal(f"{element['action_id']}: {wanted!r} is not one of its options")
    return known


def at_first(element: Json) -> Json:
    """Slack's fields for what an element shows before anybody touches it."""
    field, initial = FIELD[element["type"]]
    many = field in ("selected_options", "files") or element["type"].startswith("multi_")
    return {field: element.get(initial, [] if many else None)}


def state(blocks: list[Json], given: Json, offered: Offered) -> Json:
    """Slack's state.values for the page's {block_id: {action_id: value}}, untouched fields included. Raises Refusal."""
    values: Json = {}
    for block, element in elements(blocks):
        if element["type"] not in FIELD or element["type"] in NOT_IN_STATE:
            continue
        here = given.get(block["block_id"]) or {}
        action_id = element["action_id"]
        fields = chosen(element, here[action_id], offered) if action_id in here else at_first(element)
        values.setdefault(block["block_id"], {})[action_id] = {"type": element["type"], **fields}
    return values


def missing(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack's client says below each field it would not send, by block_id."""
    errors: dict[str, str] = {}
    for block, element in elements(blocks):
        if block["type"] != "input" or element["type"] not in FIELD:
            continue
        value = values[block["block_id"]][element["action_id"]][FIELD[element["type"]][0]]
        complaint = _complaint(block, element, value)
        if complaint:
            errors[block["block_id"]] = complaint
    return errors


def _complaint(block: Json, element: Json, value: Any) -> str | None:
    if value in (None, "", []) or (isinstance(value, str) and not value.strip()):
        return None if block.get("optional") else REQUIRED
    return next(_complaints(element, value), None)


def _complaints(element: Json, value: Any) -> Iterator[str]:
    kind = element["type"]
    if kind == "plain_text_input":
        yield from _length(element, str(value))
    elif kind == "email_text_input" and not EMAIL.fullmatch(str(value)):
        yield "Please enter a valid email address."
    elif kind == "url_text_input" and not URL.fullmatch(str(value)):
        yield "Please enter a valid URL."
    elif kind == "number_input":
        yield from _number(element, str(value))
    elif "max_selected_items" in element and len(value) > element["max_selected_items"]:
        yield f"Please choose no more than {element['max_selected_items']} items."


def _length(element: Json, value: str) -> Iterator[str]:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        yield f"Must be at least {least} characters ({least - len(value)} more)."
    if len(value) > most:
        yield f"Must be no more than {most} characters ({len(value) - most} too many)."


def _number(element: Json, value: str) -> Iterator[str]:
    try:
        given = Decimal(value)
    except InvalidOperation:
        yield "Please enter a number."
        return
    if not element["is_decimal_allowed"] and given != given.to_integral_value():
        yield "Please enter a whole number."
    if "min_value" in element and given < Decimal(element["min_value"]):
        yield f"Must be at least {element['min_value']}."
    if "max_value" in element and given > Decimal(element["max_value"]):
        yield f"Must be no more than {element['max_value']}."
