"""The judgement on blocks and views as a whole, and the ids Slack fills in. What came is copied, not changed."""

import copy
from collections.abc import Iterator
from typing import Any

from playground.blocks.find import all_blocks, elements
from playground.blocks.layout import BLOCK
from playground.blocks.newest import MARKDOWN_CHARS, TABLE_CHARS, characters
from playground.blocks.objects import plain
from playground.blocks.rules import Rule, array, boolean, choice, fault, record, string
from playground.errors import Json, SlackError
from playground.ids import short_id

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
# What one message may hold only so many of.
AT_MOST = {"table": 1, "data_visualization": 2}


def message_blocks(raw: Any, native: bool) -> list[Json]:
    """A checked copy of a message's blocks; `native` if the newest are known. Raises invalid_blocks(_format)."""
    if not isinstance(raw, list):
        raise SlackError("invalid_blocks_format")
    faults = list(array(BLOCK["message", native], MESSAGE_BLOCKS, 0)(raw, "/blocks"))
    if not faults:
        faults = [*_ids_once(raw, "/blocks"), *_message_whole(raw)]
    if faults:
        raise SlackError("invalid_blocks", faults, errors=faults)
    return filled(raw)


def view(raw: Any, kind: str, native: bool) -> Json:
    """A checked copy of a view of this kind; `native` if the newest blocks are known. Raises invalid_arguments."""
    faults = list(_view_rule(kind, native)(raw, "/view"))
    if not faults:
        faults = [*_ids_once(raw["blocks"], "/view/blocks"), *_view_whole(raw, kind)]
    if faults:
        raise SlackError("invalid_arguments", faults)
    return {**raw, "blocks": filled(raw["blocks"])}


def _view_rule(kind: str, native: bool) -> Rule:
    blocks = array(BLOCK[kind, native], VIEW_BLOCKS, 0)
    common = {"callback_id": string(255), "external_id": string(255), "private_metadata": string(3000)}
    required = {"type": choice(kind), "blocks": blocks}
    if kind == "home":
        return record(required, common)
    flags = dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), boolean)
    return record({**required, "title": plain(24)}, {**common, **flags, "submit": plain(24), "close": plain(24)})


def _ids_once(blocks: list[Json], at: str) -> Iterator[str]:
    given = [block["block_id"] for block in all_blocks(blocks) if block.get("block_id")]
    for twice in sorted({name for name in given if given.count(name) > 1}):
        yield fault(f"`block_id` must be unique, {twice} is used more than once", at)
    focused = [e for block, e in elements(blocks) if e.get("focus_on_load")]
    if len(focused) > 1:
        yield fault("only one element can have focus_on_load", at)


def _message_whole(blocks: list[Json]) -> Iterator[str]:
    kinds = [block["type"] for block in all_blocks(blocks)]
    for kind, most in AT_MOST.items():
        if kinds.count(kind) > most:
            yield fault(f"no more than {most} {kind} blocks allowed", "/blocks")
    written = sum(len(block["text"]) for block in all_blocks(blocks) if block["type"] == "markdown")
    if written > MARKDOWN_CHARS:
        yield fault(f"markdown blocks must be less than {MARKDOWN_CHARS + 1} characters in all", "/blocks")
    tables = [block["rows"] for block in all_blocks(blocks) if block["type"] in ("table", "data_table")]
    if characters(tables) > TABLE_CHARS:
        yield fault(f"tables must be less than {TABLE_CHARS + 1} characters in all", "/blocks")


def _view_whole(body: Json, kind: str) -> Iterator[str]:
    if kind == "modal" and "submit" not in body and any(block["type"] == "input" for block in body["blocks"]):
        yield fault("missing required field: submit", "/view")


def filled(blocks: list[Json]) -> list[Json]:
    """A copy of checked blocks in which every block has a block_id and every element an action_id."""
    result = copy.deepcopy(blocks)
    for block in all_blocks(result):
        block["block_id"] = block.get("block_id") or short_id()
    for _, element in elements(result):
        element.setdefault("action_id", short_id())
    return result
