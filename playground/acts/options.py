"""Typing into an external select: block_suggestion to the options URL. What was offered can be chosen later."""

from typing import Any

from playground import draw
from playground.acts.clicks import container, seen_view
from playground.blocks.find import element_at
from playground.blocks.objects import OPTION_GROUPS, OPTIONS
from playground.errors import Json, Refusal
from playground.game import Game, channel_name, envelope, seen_channel, seen_message
from playground.outgoing import reason
from playground.world import World


def suggest(game: Game, user: str, act: Json) -> Json:
    """Ask the app for options that go with the text typed; the page's answer, with `options` or `option_groups`.

    Raises Refusal.
    """
    world, app = game.world, game.world.workspace.app
    with world.lock:
        payload = _payload(world, user, act)
    outcome = game.courier.interaction("block_suggestion", app.options_url or app.url, payload)
    answer = outcome.json()
    if not outcome.ok or not isinstance(answer, dict):
        return {"ok": False, "error": f"No results ({reason(outcome) if not outcome.ok else 'not a JSON object'})"}
    flat, grouped = answer.get("options"), answer.get("option_groups")
    rule, given = (OPTIONS, flat) if flat is not None else (OPTION_GROUPS, grouped)
    faults = list(rule(given, "/options")) if given != [] else []
    if faults:
        return {"ok": False, "error": f"No results (the app's answer: {'; '.join(faults)})"}
    _remember(world, payload["action_id"], flat, grouped)
    return {"ok": True, "options": flat, "option_groups": grouped}


def _payload(world: World, user: str, act: Json) -> Json:
    place, blocks = _place(world, user, act)
    block_id, action_id = str(act.get("block_id")), str(act.get("action_id"))
    found = element_at(blocks, block_id, action_id)
    if found is None or not found[1]["type"].endswith("external_select"):
        raise Refusal(f"block_id, action_id: {block_id!r}, {action_id!r} is not an external select here")
    typed = {"action_id": action_id, "block_id": block_id, "value": str(act.get("value") or "")}
    return envelope(world, "block_suggestion", user) | place | typed


def _place(world: World, user: str, act: Json) -> tuple[Json, list[Json]]:
    if "view_id" in act:
        view = seen_view(world, user, act)
        return {"container": {"type": "view", "view_id": view.id}, "view": draw.view_for_app(world, view)}, view.blocks
    message = seen_message(world, user, str(act.get("channel")), str(act.get("ts")), bool(act.get("ephemeral")))
    channel = seen_channel(world, user, message.channel)
    shown = {} if message.ephemeral else {"message": draw.message_for_app(world, message)}
    place = {"container": container(message), "channel": {"id": channel.id, "name": channel_name(channel)}, **shown}
    return place, message.blocks or []


def _remember(world: World, action_id: str, flat: Any, grouped: Any) -> None:
    options = flat if flat is not None else [option for group in grouped for option in group["options"]]
    with world.lock:
        for option in options:
            world.offered[action_id, option["value"]] = option
