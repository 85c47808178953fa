"""Submitting and closing a modal: what Slack's client checks first, and what the app's answer does."""

from collections.abc import Iterator

from playground import draw
from playground.acts.clicks import seen_view
from playground.api import views
from playground.blocks import values
from playground.blocks.find import elements
from playground.errors import Json, SlackError
from playground.game import Game, envelope
from playground.outgoing import reason
from playground.records import View
from playground.tickets import Hook
from playground.world import World

TROUBLE = "We had some trouble connecting. Try again?"


def submit(game: Game, user: str, act: Json, base: str) -> Json:
    """Send a modal's fields to the app; the page's answer, with `errors` by block_id. Raises Refusal.

    `base` is this server's address.
    """
    world = game.world
    with world.lock:
        view = seen_view(world, user, act)
        filled = values.state(view.blocks, act.get("state") or {}, world.offered)
        errors = values.missing(view.blocks, filled)
        if errors:
            return {"ok": True, "errors": errors}
        payload = envelope(world, "view_submission", user) | {
            "trigger_id": world.tickets.trigger(user, view.id, view.channel),
            "view": draw.view_for_app(world, view, filled),
            "response_urls": list(_response_urls(world, view, filled, base)),
        }
    outcome = game.courier.interaction("view_submission", world.workspace.app.url, payload)
    if not outcome.ok:
        return _trouble(reason(outcome))
    if not outcome.body.strip():
        with world.changing():
            world.close_view(view)
        return {"ok": True}
    return _carry_out(world, view, outcome.json())


def _response_urls(world: World, view: View, filled: Json, base: str) -> Iterator[Json]:
    for block, element in elements(view.blocks):
        if block["type"] != "input" or not element.get("response_url_enabled"):
            continue
        chosen = filled[block["block_id"]][element["action_id"]][values.FIELD[element["type"]][0]]
        if chosen is not None:
            hook = world.tickets.hook(Hook(view.user, chosen, world.clock()))
            place = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": chosen}
            yield place | {"response_url": f"{base}/response/{hook}"}


def _trouble(why: str) -> Json:
    return {"ok": False, "error": f"{TROUBLE} ({why})"}


def _carry_out(world: World, view: View, answer: object) -> Json:
    if not isinstance(answer, dict):
        return _trouble("the app's answer is not a JSON object")
    action = answer.get("response_action")
    if action == "errors":
        return _show_errors(view, answer.get("errors"))
    try:
        with world.changing():
            return _change(world, view, action, answer.get("view"))
    except SlackError as error:
        return _trouble(f"the app's answer: {error.code} {'; '.join(error.messages)}".strip())


def _show_errors(view: View, errors: object) -> Json:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        return _trouble(f"the app's answer: errors must name input blocks of this view, got {errors!r}")
    return {"ok": True, "errors": {str(block_id): str(text) for block_id, text in errors.items()}}


def _change(world: World, view: View, action: object, raw: object) -> Json:
    if action == "clear":
        world.modals[view.user] = []
    elif action == "update":
        views.replace(world, view, views.checked(world, raw, "modal"))
    elif action == "push":
        views.push_view(world, view.user, views.checked(world, raw, "modal"), view.channel)
    elif action is None:
        world.close_view(view)
    else:
        return _trouble(f"the app's answer: response_action {action!r} is not one of errors, update, push, clear")
    return {"ok": True}


def close(game: Game, user: str, act: Json) -> Json:
    """Close a modal, or with `clear` (the x in the corner) the whole stack; the page's answer. Raises Refusal."""
    world = game.world
    with world.changing():
        view = seen_view(world, user, act)
        stack = world.modals.get(user, [])
        clear = bool(act.get("clear")) or bool(view.body.get("clear_on_close"))
        told = stack[0] if clear and stack else view
        payload = envelope(world, "view_closed", user) | {
            "view": draw.view_for_app(world, told, values.state(told.blocks, act.get("state") or {}, world.offered)),
            "is_cleared": clear,
        }
        world.modals[user] = [] if clear else [kept for kept in stack if kept is not view]
    if told.body.get("notify_on_close"):
        game.courier.interaction("view_closed", world.workspace.app.url, payload)
    return {"ok": True}
