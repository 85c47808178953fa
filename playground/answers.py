"""What an app says through a response_url or in a command's answer."""

import json

from playground import draw
from playground.api import chat
from playground.api.args import Args, read
from playground.api.door import Reply, Request, after, before, note
from playground.errors import Json, RateLimited, SlackError
from playground.records import Message
from playground.tickets import Hook
from playground.world import World

METHOD = "response_url"


def door(world: World, name: str, request: Request) -> Reply:
    """The reply to a POST to the response_url that ends in `name`: 200 `ok`, or 404 once it is used up or too old."""
    given: Json = {}
    fault = world.faults.take(METHOD)
    try:
        given = _given(request)
        reply = before(fault) or after(fault, _respond(world, name, given))
    except RateLimited as error:
        reply = Reply(429, error.reply(), {"Retry-After": str(error.retry_after)})
    except SlackError as error:
        gone = error.code in ("used_url", "expired_url")
        reply = after(fault, Reply(404 if gone else 400, error.reply()))
    note(world, METHOD, given, reply)
    return reply


def _given(request: Request) -> Json:
    given = read(request.content_type, "", request.body)
    if "payload" not in given:
        return given
    try:
        payload = json.loads(given["payload"])
    except (TypeError, ValueError) as error:
        raise SlackError("invalid_payload") from error
    return payload if isinstance(payload, dict) else {}


def _respond(world: World, name: str, given: Json) -> Reply:
    hook = world.tickets.use_hook(name)
    args = Args(given)
    if args.flag("delete_original"):
        _delete(world, hook)
    elif args.flag("replace_original") and hook.ts:
        _replace(world, hook, args)
    else:
        with world.changing():
            say(world, hook, given)
    return Reply(200, "ok")


def say(world: World, hook: Hook, given: Json) -> None:
    """Say it where `hook` leads: to the one person, or to all with in_channel. Raises SlackError.

    The caller holds the lock.
    """
    args = Args(given)
    thread = args.text("thread_ts") or None
    message = chat.new_message(world, hook.channel, chat.parts(world, args), thread)
    if args.text("response_type") == "in_channel":
        world.channels[hook.channel].messages.append(message)
        return
    message.ephemeral = True
    message.thread_ts = thread or hook.thread_ts
    world.show_ephemeral(message, hook.user, draw.message_for_page(world, message))


def _origin(world: World, hook: Hook) -> Message:
    key = (hook.user, hook.channel, hook.ts or "")
    found = world.ephemerals.get(key) if hook.ephemeral else world.channels[hook.channel].find(hook.ts or "")
    if found is None:
        raise SlackError("message_not_found")
    return found


def _replace(world: World, hook: Hook, args: Args) -> None:
    parts = chat.parts(world, args)
    with world.changing():
        message = _origin(world, hook)
        chat.rewrite(world, message, parts, has_text=True)
        if message.ephemeral:
            world.show_ephemeral(message, hook.user, draw.message_for_page(world, message))


def _delete(world: World, hook: Hook) -> None:
    with world.changing():
        message = _origin(world, hook)
        if message.ephemeral:
            del world.ephemerals[hook.user, hook.channel, message.ts]
            gone = {"type": "ephemeral_deleted", "channel": message.channel, "ts": message.ts}
            world.stream.publish(gone, hook.user)
        else:
            chat.remove(world.channels[hook.channel], message)
