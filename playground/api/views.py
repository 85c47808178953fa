"""views.*: modals and the Home. An app's answer to view_submission takes the same steps."""

import json

from playground import draw
from playground.api.call import Call
from playground.blocks import check
from playground.errors import Json, SlackError
from playground.ids import new_id, short_id
from playground.records import View
from playground.world import World

STACK = 3
VIEW_BYTES = 250_000


def open_(call: Call) -> Json:
    """views.open: spends a trigger; from within a modal the new one lies on top."""
    return _with_trigger(call, from_view=False)


def push(call: Call) -> Json:
    """views.push: spends a trigger that came from an open modal."""
    return _with_trigger(call, from_view=True)


def _with_trigger(call: Call, from_view: bool) -> Json:
    world, body = call.world, checked(call.world, call.args.parsed("view", "invalid_arguments"), "modal")
    with world.changing():
        trigger = world.tickets.spend_trigger(call.args.need("trigger_id"))
        stack = world.modals.get(trigger.user, [])
        inside = any(view.id == trigger.view_id for view in stack)
        if from_view and not inside:
            raise SlackError("not_found")
        if not inside:
            world.modals[trigger.user] = []
        view = push_view(world, trigger.user, body, trigger.channel)
    return {"view": draw.view_for_app(world, view)}


def checked(world: World, raw: object, kind: str) -> Json:
    """A view of this kind, its ids filled in. Raises SlackError."""
    if raw is None:
        raise SlackError("invalid_arguments", ["missing required field: view"])
    if len(json.dumps(raw)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return check.view(raw, kind, world.without)


def push_view(world: World, user: str, body: Json, channel: str | None) -> View:
    """A new view on top of a person's stack, opened in `channel` if in any. Raises SlackError.

    The caller holds the lock.
    """
    stack = world.modals.setdefault(user, [])
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    _unique(world, body, None)
    view_id = new_id("V")
    root = stack[0].id if stack else view_id
    view = View(view_id, user, body, _hash(world), root, stack[-1].id if stack else None, channel)
    stack.append(view)
    return view


def _hash(world: World) -> str:
    return f"{int(world.clock())}.{short_id()}{short_id()}"


def _unique(world: World, body: Json, itself: View | None) -> None:
    wanted = body.get("external_id")
    if wanted and any(view.body.get("external_id") == wanted for view in world.views() if view is not itself):
        raise SlackError("duplicate_external_id")


def replace(world: World, view: View, body: Json) -> None:
    """Give a view its checked new body. Raises SlackError. The caller holds the lock."""
    _unique(world, body, view)
    view.body = body
    view.hash = _hash(world)


def update(call: Call) -> Json:
    """views.update: by view_id or external_id; a stale `hash` is refused."""
    world = call.world
    raw = call.args.parsed("view", "invalid_arguments")
    with world.changing():
        view = _wanted(call)
        body = checked(world, raw, view.body["type"])
        _fresh(call, view)
        replace(world, view, body)
        shown = draw.view_for_app(world, view)
    return {"view": shown}


def _wanted(call: Call) -> View:
    view_id, external_id = call.args.text("view_id"), call.args.text("external_id")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments", ["missing required field: view_id"])
    for view in call.world.views():
        if view.id == view_id or (external_id and view.body.get("external_id") == external_id):
            return view
    raise SlackError("not_found")


def _fresh(call: Call, view: View) -> None:
    if call.args.has("hash") and call.args.text("hash") != view.hash:
        raise SlackError("hash_conflict")


def publish(call: Call) -> Json:
    """views.publish: one Home per person."""
    world, user = call.world, call.args.need("user_id")
    if not world.workspace.app.home:
        raise SlackError("not_enabled")
    body = checked(world, call.args.parsed("view", "invalid_arguments"), "home")
    if user not in world.people:
        raise SlackError("invalid_arguments", ["user_id is not a valid user [json-pointer:/user_id]"])
    with world.changing():
        view = world.homes.get(user)
        if view is None:
            _unique(world, body, None)
            view_id = new_id("V")
            view = world.homes[user] = View(view_id, user, body, _hash(world), view_id)
        else:
            _fresh(call, view)
            replace(world, view, body)
        shown = draw.view_for_app(world, view)
    return {"view": shown}
