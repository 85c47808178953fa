"""A click or a choice in a message, a modal or the Home: block_actions."""

from typing import Any

from playground import draw
from playground.blocks import values
from playground.blocks.find import element_at
from playground.errors import Json, Refusal
from playground.game import Game, channel_name, envelope, seen_channel, seen_message
from playground.outgoing import Outcome, reason
from playground.records import Message, View
from playground.tickets import Hook
from playground.world import World

SHOWN_WITH = ("text", "style", "confirm", "placeholder")


def click(game: Game, user: str, act: Json, base: str) -> Json:
    """Tell the app of a click; the page's answer. `base` is this server's address. Raises Refusal."""
    with game.world.lock:
        in_view = "view_id" in act
        payload = _in_view(game.world, user, act) if in_view else _in_message(game.world, user, act, base)
    outcome = game.courier.interaction("block_actions", game.world.workspace.app.url, payload)
    return {"ok": True} if outcome.ok else {"ok": False, "error": warning(outcome)}


def warning(outcome: Outcome) -> str:
    """The words beside Slack's warning sign after a failed delivery."""
    return f"⚠ Something went wrong: {reason(outcome)}."


def _in_message(world: World, user: str, act: Json, base: str) -> Json:
    fleeting = bool(act.get("ephemeral"))
    message = seen_message(world, user, str(act.get("channel")), str(act.get("ts")), fleeting)
    channel = seen_channel(world, user, message.channel)
    kept = world.chosen.setdefault((user, channel.id, message.ts), {})
    action = _action(world, message.blocks or [], act)
    _remember(kept, act)
    given = {**kept, **(act.get("state") or {})}
    payload = envelope(world, "block_actions", user) | {
        "container": container(message),
        "trigger_id": world.tickets.trigger(user, channel=channel.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": values.state(message.blocks or [], given, world.offered)},
        "response_url": f"{base}/response/{world.tickets.hook(_hook(world, user, message))}",
        "actions": [action],
    }
    # Slack does not send the content of an ephemeral message along.
    return payload if fleeting else payload | {"message": draw.message_for_app(world, message)}


def _hook(world: World, user: str, message: Message) -> Hook:
    return Hook(user, message.channel, world.clock(), message.ts, message.thread_ts, message.ephemeral)


def container(message: Message) -> Json:
    """Where a message stands, as payloads say it."""
    place: Json = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
    if message.thread_ts and message.thread_ts != message.ts:
        place["thread_ts"] = message.thread_ts
    return place | {"is_ephemeral": message.ephemeral}


def _remember(kept: dict[str, Json], act: Json) -> None:
    kept.setdefault(str(act.get("block_id")), {})[str(act.get("action_id"))] = act.get("value")


def _in_view(world: World, user: str, act: Json) -> Json:
    view = seen_view(world, user, act)
    given = _merged(act.get("state") or {}, act)
    action = _action(world, view.blocks, act)
    shown = draw.view_for_app(world, view, values.state(view.blocks, given, world.offered))
    return envelope(world, "block_actions", user) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.tickets.trigger(user, view.id, view.channel),
        "view": shown,
        "state": shown["state"],
        "actions": [action],
    }


def _merged(state: Json, act: Json) -> Json:
    kept = {block_id: dict(fields) for block_id, fields in state.items()}
    _remember(kept, act)
    return kept


def seen_view(world: World, user: str, act: Json) -> View:
    """The view an act names. Raises Refusal when it is closed or not theirs."""
    view = world.view(str(act.get("view_id")))
    if view is None or view.user != user:
        raise Refusal("This view is no longer open.")
    return view


def _action(world: World, blocks: list[Json], act: Json) -> Json:
    block_id, action_id = str(act.get("block_id")), str(act.get("action_id"))
    found = element_at(blocks, block_id, action_id)
    if found is None:
        raise Refusal(f"block_id, action_id: {block_id!r}, {action_id!r} is not an element here")
    block, element = found
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise Refusal(f"{block_id}: an input without dispatch_action sends nothing before it is submitted")
    shown = {key: element[key] for key in SHOWN_WITH if key in element}
    return {
        "type": element["type"],
        "action_id": action_id,
        "block_id": block_id,
        **shown,
        **_value(world, element, act.get("value")),
        "action_ts": world.stamps.next(),
    }


def _value(world: World, element: Json, value: Any) -> Json:
    if element["type"] in ("button", "icon_button", "workflow_button"):
        return {"value": element["value"]} if "value" in element else {}
    if element["type"] == "feedback_buttons":
        pair = (element["positive_button"], element["negative_button"])
        button = next((button for button in pair if button["value"] == value), None)
        if button is None:
            raise Refusal(f"{element['action_id']}: {value!r} is neither of its buttons")
        return {"value": value, "text": button["text"]}
    return values.chosen(element, value, world.offered)
