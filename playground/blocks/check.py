"""The judgement on blocks and views as a whole, and the ids Slack fills in. What came is copied, not changed."""

import copy
from collections.abc import Iterator
from typing import Any

from playground.blocks.find import all_blocks, elements
from playground.blocks.layout import block
from playground.blocks.newest import MARKDOWN_CHARS, TABLE_CHARS, characters
from playground.blocks.objects import plain
from playground.blocks.rules import Rule, array, boolean, choice, fault, record, string
from playground.errors import Json, SlackError
from playground.ids import short_id

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
# What one message may hold only so many of, of all these kinds together.
AT_MOST = {("table", "data_table"): 1, ("data_visualization",): 2}
NONE: frozenset[str] = frozenset()


def message_blocks(raw: Any, without: frozenset[str] = NONE) -> list[Json]:
    """A checked copy of a message's blocks, of types not in `without`. Raises invalid_blocks(_format)."""
    if not isinstance(raw, list):
        raise SlackError("invalid_blocks_format")
    faults = list(array(block("message", without), MESSAGE_BLOCKS, 0)(raw, "/blocks"))
    if not faults:
        faults = [*_ids_once(raw, "/blocks"), *_message_whole(raw)]
    if faults:
        raise SlackError("invalid_blocks", faults, errors=faults)
    return filled(raw)


def view(raw: Any, kind: str, without: frozenset[str] = NONE) -> Json:
    """A checked copy of a view of this kind, of block types not in `without`. Raises invalid_arguments."""
    faults = list(_view_rule(kind, without)(raw, "/view"))
    if not faults:
        faults = [*_ids_once(raw["blocks"], "/view/blocks"), *_view_whole(raw, kind)]
    if faults:
        raise SlackError("invalid_arguments", faults)
    return {**raw, "blocks": filled(raw["blocks"])}


def _view_rule(kind: str, without: frozenset[str]) -> Rule:
    blocks = array(block(kind, without), VIEW_BLOCKS, 0)
    common = {"callback_id": string(255), "external_id": string(255), "private_metadata": string(3000)}
    required = {"type": choice(kind), "blocks": blocks}
    if kind == "home":
        return record(required, common)
    flags = dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), boolean)
    return record({**required, "title": plain(24)}, {**common, **flags, "submit": plain(24), "close": plain(24)})


def _ids_once(blocks: list[Json], at: str) -> Iterator[str]:
    given = [each["block_id"] for each in all_blocks(blocks) if each.get("block_id")]
    for twice in sorted({name for name in given if given.count(name) > 1}):
        yield fault(f"`block_id` must be unique, {twice} is used more than once", at)
    focused = [element for _, element in elements(blocks) if element.get("focus_on_load")]
    if len(focused) > 1:
        yield fault("only one element can have focus_on_load", at)


def _message_whole(blocks: list[Json]) -> Iterator[str]:
    kinds = [each["type"] for each in all_blocks(blocks)]
    for counted, most in AT_MOST.items():
        if sum(kind in counted for kind in kinds) > most:
            yield fault(f"no more than {most} {' or '.join(counted)} blocks allowed", "/blocks")
    written = sum(len(each["text"]) for each in all_blocks(blocks) if each["type"] == "markdown")
    if written > MARKDOWN_CHARS:
        yield fault(f"markdown blocks must be less than {MARKDOWN_CHARS + 1} characters in all", "/blocks")
    tables = [each["rows"] for each in all_blocks(blocks) if each["type"] in ("table", "data_table")]
    if characters(tables) > TABLE_CHARS:
        yield fault(f"tables must be less than {TABLE_CHARS + 1} characters in all", "/blocks")


def _view_whole(body: Json, kind: str) -> Iterator[str]:
    if kind == "modal" and "submit" not in body and any(each["type"] == "input" for each in body["blocks"]):
        yield fault("missing required field: submit", "/view")


def filled(blocks: list[Json]) -> list[Json]:
    """A copy of checked blocks in which every block has a block_id and every element an action_id."""
    result = copy.deepcopy(blocks)
    for each in all_blocks(result):
        each["block_id"] = each.get("block_id") or short_id()
    for _, element in elements(result):
        element.setdefault("action_id", short_id())
    return result
