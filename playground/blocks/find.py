"""Walks over checked blocks, those that hold others included: which there are, which elements somebody can use."""

from collections.abc import Iterator

from playground.errors import Json

PASSIVE = ("image", "plain_text", "mrkdwn")


def all_blocks(blocks: list[Json]) -> Iterator[Json]:
    """Each block, those inside containers and carousels included."""
    for block in blocks:
        yield block
        yield from all_blocks(block.get("child_blocks", []))
        if block["type"] == "carousel":
            yield from block["elements"]


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """(block, element) for each element a person can use."""
    for block in all_blocks(blocks):
        for element in _held(block):
            if element["type"] not in PASSIVE:
                yield block, element


def _held(block: Json) -> list[Json]:
    if block["type"] in ("actions", "context_actions"):
        held: list[Json] = block["elements"]
        return held
    if block["type"] == "card":
        return list(block.get("actions", []))
    single = block.get({"section": "accessory", "input": "element"}.get(block["type"], ""))
    return [single] if single else []


def element_at(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """The block and the element that two ids name, if they are there."""
    for block, element in elements(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    return None
