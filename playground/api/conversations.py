"""conversations.*: channels, their members, what was said."""

import base64
import binascii

from playground import draw
from playground.api.call import Call
from playground.errors import Json, RateLimited, SlackError
from playground.records import Channel, Message

LIMIT = 100
MOST = 999
# What an app sold outside the Marketplace gets since May 2025: one call a minute, 15 objects.
NOT_INTERNAL_MOST = 15
NOT_INTERNAL_WAIT = 60
HISTORY_SCOPE = {"im": "im:history", "private_channel": "groups:history", "public_channel": "channels:history"}


def open_(call: Call) -> Json:
    """conversations.open: the direct channel with one person (group messages are not part of this stand-in)."""
    world = call.world
    if call.args.has("channel"):
        channel = world.channel(call.args.need("channel"))
        return {"channel": _opened(call, channel), "no_op": True, "already_open": True}
    users = [user.strip() for user in call.args.need("users").split(",") if user.strip()]
    if world.app_user in users:
        raise SlackError("cannot_dm_bot")
    if not users or any(user not in world.people for user in users):
        raise SlackError("user_not_found")
    if any(world.people[user].deactivated for user in users):
        raise SlackError("user_disabled")
    if len(users) > 1:
        raise SlackError("not_supported", ["this stand-in opens direct messages with one person only"])
    with world.changing():
        known = world.direct(users[0]) is not None
        channel = world.open_direct(users[0])
        shown = _opened(call, channel)
    return {"channel": shown, **({"no_op": True, "already_open": True} if known else {})}


def _opened(call: Call, channel: Channel) -> Json:
    return draw.channel_for_app(call.world, channel) if call.args.flag("return_im") else {"id": channel.id}


def _readable(call: Call) -> Channel:
    channel = call.world.app_channel(call.args.need("channel"))
    # The door let in any of the history scopes; the kind of channel asks for its own.
    needed, scopes = HISTORY_SCOPE[_kind(channel)], call.world.workspace.app.scopes
    if needed not in scopes:
        raise SlackError("missing_scope", needed=needed, provided=",".join(scopes))
    if call.world.app_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def history(call: Call) -> Json:
    """conversations.history: newest first, without replies."""
    limit = _limit(call, "history")
    with call.world.lock:
        channel = _readable(call)
        found = [m for m in _between(call, channel.messages) if m.thread_ts in (None, m.ts) or m.broadcast]
        page, rest = _page(call, found[::-1], limit, newest_first=True)
        return _answer(call, page, rest) | {"pin_count": 0}


def replies(call: Call) -> Json:
    """conversations.replies: the parent, then its replies, oldest first."""
    limit = _limit(call, "replies")
    with call.world.lock:
        channel = _readable(call)
        asked = channel.find(call.args.need("ts"))
        if asked is None:
            raise SlackError("thread_not_found")
        parent = channel.find(asked.thread_ts or asked.ts) or asked
        below = _between(call, draw.replies(channel, parent.ts))
        page, rest = _page(call, [parent, *below], limit, newest_first=False)
        return _answer(call, page, rest)


def _limit(call: Call, method: str) -> int:
    limit = call.args.number("limit", LIMIT)
    if limit < 1:
        raise SlackError("invalid_limit")
    if call.world.workspace.app.internal:
        return min(limit, MOST)
    if not call.world.once_in(method, NOT_INTERNAL_WAIT):
        raise RateLimited(NOT_INTERNAL_WAIT)
    return min(limit, NOT_INTERNAL_MOST)


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = _stamp(call, "oldest", 0.0), _stamp(call, "latest", float("inf"))
    if call.args.flag("inclusive"):
        return [m for m in messages if oldest <= float(m.ts) <= latest]
    return [m for m in messages if oldest < float(m.ts) < latest]


def _stamp(call: Call, name: str, default: float) -> float:
    value = call.args.given.get(name)
    if value in (None, ""):
        return default
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise SlackError(f"invalid_ts_{name}") from error


def _page(call: Call, found: list[Message], limit: int, newest_first: bool) -> tuple[list[Message], bool]:
    cursor = call.args.text("cursor")
    if cursor:
        last = _last_seen(cursor)
        found = [m for m in found if (float(m.ts) < last if newest_first else float(m.ts) > last)]
    return found[:limit], len(found) > limit


def _last_seen(cursor: str) -> float:
    try:
        name, ts = base64.b64decode(cursor, validate=True).decode().split(":")
        if name != "next_ts":
            raise SlackError("invalid_cursor")
        return float(ts)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise SlackError("invalid_cursor") from error


def _answer(call: Call, page: list[Message], rest: bool) -> Json:
    all_metadata = call.args.flag("include_all_metadata")
    answer: Json = {
        "messages": [draw.message_for_app(call.world, message, all_metadata) for message in page],
        "has_more": rest,
    }
    if rest:
        cursor = base64.b64encode(f"next_ts:{page[-1].ts}".encode()).decode()
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def info(call: Call) -> Json:
    """conversations.info."""
    with call.world.lock:
        channel = call.world.app_channel(call.args.need("channel"))
        return {"channel": draw.channel_for_app(call.world, channel)}


def list_(call: Call) -> Json:
    """conversations.list: public channels, private ones and direct messages the app is in, as `types` asks."""
    world, types = call.world, call.args.text("types", "public_channel").split(",")
    with world.lock:
        found = [c for c in world.channels.values() if _kind(c) in types]
        mine = [c for c in found if _kind(c) == "public_channel" or world.app_user in c.members]
        kept = [c for c in mine if not (c.archived and call.args.flag("exclude_archived"))]
        return {"channels": [draw.channel_for_app(world, c) for c in kept], "response_metadata": {"next_cursor": ""}}


def _kind(channel: Channel) -> str:
    if channel.kind == "dm":
        return "im"
    return "private_channel" if channel.private else "public_channel"


def members(call: Call) -> Json:
    """conversations.members."""
    with call.world.lock:
        channel = call.world.app_channel(call.args.need("channel"))
        return {"members": sorted(call.world.present(channel)), "response_metadata": {"next_cursor": ""}}


def join(call: Call) -> Json:
    """conversations.join: public channels only."""
    world = call.world
    with world.changing():
        channel = world.app_channel(call.args.need("channel"))
        if channel.kind == "dm" or channel.private:
            raise SlackError("method_not_supported_for_channel_type")
        if channel.archived:
            raise SlackError("is_archived")
        channel.members.add(world.app_user)
        return {"channel": draw.channel_for_app(world, channel)}
