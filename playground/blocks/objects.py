"""Composition objects: text, options, confirm dialogs and their limits."""

from collections.abc import Iterator
from typing import Any

from playground.blocks.rules import (
    Rule,
    anything,
    array,
    boolean,
    choice,
    fault,
    not_both,
    one_of_fields,
    record,
    string,
    tagged,
)

URL = string(3000, 1, r"https?://\S+")
ACTION_ID = string(255, 1)
BLOCK_ID = string(255)


def text_kinds(most: int, least: int = 1) -> dict[str, Rule]:
    """The rules for plain_text and mrkdwn objects, by type; bounds in characters."""
    body = {"type": anything, "text": string(most, least)}
    return {"plain_text": record(body, {"emoji": boolean}), "mrkdwn": record(body, {"verbatim": boolean})}


def plain(most: int, least: int = 1) -> Rule:
    """The rule for a plain_text object; bounds in characters."""
    return tagged({"plain_text": text_kinds(most, least)["plain_text"]})


def text(most: int, least: int = 1) -> Rule:
    """The rule for a plain_text or mrkdwn object; bounds in characters."""
    return tagged(text_kinds(most, least))


CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
OPTION = record({"text": plain(75), "value": string(150)}, {"description": plain(75)})
RICH_OPTION = record({"text": text(75), "value": string(150)}, {"description": text(75)})
LINK_OPTION = record({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": URL})
OPTIONS = array(OPTION, 100)
OPTION_GROUPS = array(record({"label": plain(75), "options": OPTIONS}), 100)
SLACK_FILE = record({}, {"id": string(), "url": string()}, one_of_fields("id", "url"))
FILTER = record(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public")),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    one_of_fields("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
DISPATCH = record({}, {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2)})
IMAGE = record(
    {"type": anything, "alt_text": string(2000, 1)},
    {"image_url": URL, "slack_file": SLACK_FILE},
    one_of_fields("image_url", "slack_file"),
    not_both("image_url", "slack_file"),
)


def options_of(element: Any) -> list[Any]:
    """An element's options, those in groups included."""
    grouped = [option for group in element.get("option_groups") or [] for option in group.get("options", [])]
    return [*(element.get("options") or []), *grouped]


def initial_is_offered(element: Any, at: str) -> Iterator[str]:
    """A rule: what is chosen at first must be among the options, word for word."""
    try:
        offered = options_of(element)
        first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
        strangers = [option for option in first if option not in offered]
    except (AttributeError, TypeError):
        return  # its shape is wrong, and another rule has said so
    if strangers:
        name = "initial_option" if "initial_option" in element else "initial_options"
        yield fault(f"{name} must exactly match one of the provided options", f"{at}/{name}")


def option_values_differ(element: Any, at: str) -> Iterator[str]:
    """A rule: a value names one option."""
    try:
        values = [option["value"] for option in options_of(element)]
    except (AttributeError, KeyError, TypeError):
        return  # its shape is wrong, and another rule has said so
    if len(values) != len({str(value) for value in values}):
        yield fault("option values must be unique", f"{at}/options")
