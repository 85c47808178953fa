"""Layout blocks: what each may hold, and which surface takes it: message, modal or home."""

import functools
from collections.abc import Iterator
from typing import Any

from playground.blocks.elements import ACCESSORIES, ACTIONS, ELEMENTS, INPUTS, placed
from playground.blocks.newest import CONTAINER_MORE, ICON, TEXTUAL, container_whole
from playground.blocks.objects import BLOCK_ID, IMAGE, SLACK_FILE, URL, plain, text, text_kinds
from playground.blocks.richtext import RICH_TEXT
from playground.blocks.rules import (
    Fields,
    Rule,
    anything,
    array,
    boolean,
    fault,
    not_both,
    one_of_fields,
    record,
    string,
    tagged,
)

SURFACES = ("message", "modal", "home")
# Blocks that do not exist on every surface; all others do.
ONLY_ON: dict[str, tuple[str, ...]] = {
    "markdown": ("message",),
    "table": ("message",),
    "data_table": ("message",),
    "data_visualization": ("message",),
    "container": ("message",),
    "context_actions": ("message",),
    "task_card": ("message",),
    "plan": ("message",),
    "card": ("message", "home"),
    "carousel": ("message", "home"),
    "alert": ("modal",),
}
# The blocks that roll out in phases: a workspace without them answers invalid_blocks.
PHASED = frozenset({"table", "data_table", "data_visualization", "markdown", "container", "card", "carousel", "alert"})


def _block(required: Fields, optional: Fields | None = None, *also: Rule) -> Rule:
    return record({"type": anything, **required}, {"block_id": BLOCK_ID, **(optional or {})}, *also)


def _action_ids_once(value: Any, at: str) -> Iterator[str]:
    elements = value.get("elements")
    ids = [e.get("action_id") for e in elements if isinstance(e, dict)] if isinstance(elements, list) else []
    given = [name for name in ids if isinstance(name, str)]
    for name in sorted({name for name in given if given.count(name) > 1}):
        yield fault(f"`action_id` {name} already exists for one of the interactive elements in this block", at)


def _classic(surface: str) -> dict[str, Rule]:
    image = {"image_url": URL, "slack_file": SLACK_FILE, "title": plain(2000)}
    context = tagged({"image": IMAGE, **text_kinds(3000)})
    return {
        "divider": _block({}),
        "header": _block({"text": plain(150)}),
        "section": _block(
            {},
            {
                "text": text(3000),
                "fields": array(text(2000), 10),
                "accessory": tagged(placed(ACCESSORIES, surface)),
                "expand": boolean,
            },
            one_of_fields("text", "fields"),
        ),
        "context": _block({"elements": array(context, 10)}),
        "actions": _block({"elements": array(tagged(placed(ACTIONS, surface)), 25)}, None, _action_ids_once),
        "input": _block(
            {"label": plain(2000), "element": tagged(placed(INPUTS, surface))},
            {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        ),
        "image": _block(
            {"alt_text": string(2000, 1)},
            image,
            one_of_fields("image_url", "slack_file"),
            not_both("image_url", "slack_file"),
        ),
        "rich_text": RICH_TEXT,
        "video": _video(),
    }


def _video() -> Rule:
    required: Fields = {"alt_text": string(least=1), "title": plain(199), "thumbnail_url": URL, "video_url": URL}
    optional: Fields = {
        "author_name": string(49),
        "description": plain(200),
        "provider_icon_url": URL,
        "provider_name": string(),
        "title_url": URL,
    }
    return _block(required, optional)


def _newest(classic: dict[str, Rule], without: frozenset[str]) -> dict[str, Rule]:
    card_fields: Fields = {
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "icon": ICON,
        "hero_image": ICON,
        "actions": array(tagged({"button": ELEMENTS["button"]}), 3),
    }
    card = _block({}, card_fields, one_of_fields("title", "body", "hero_image", "actions"))
    feedback = {name: ELEMENTS[name] for name in ("feedback_buttons", "icon_button")}
    textual = {name: _block(required, optional, *also) for name, (required, optional, also) in TEXTUAL.items()}
    children = classic if "table" in without else {**classic, "table": textual["table"]}
    return {
        **textual,
        "card": card,
        "carousel": _block({"elements": array(tagged({"card": card}), 10)}),
        "context_actions": _block({"elements": array(tagged(feedback), 5)}),
        "container": _block({"child_blocks": array(tagged(children), 10)}, CONTAINER_MORE, container_whole),
    }


@functools.cache
def block(surface: str, without: frozenset[str]) -> Rule:
    """The rule for a block on one surface of a workspace that takes all blocks but those in `without`."""
    classic = _classic(surface)
    every = {**classic, **_newest(classic, without)}
    here = (name for name in every if surface in ONLY_ON.get(name, SURFACES) and name not in without)
    return tagged({name: every[name] for name in here})
