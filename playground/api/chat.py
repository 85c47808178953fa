"""chat.*: messages come, change and go.

Lives here: the methods. May change what they do: Slack. Relies on them: apps, through the API door.
"""

from typing import Any

from playground import draw
from playground.api.call import Call
from playground.blocks import check
from playground.errors import Json, SlackError
from playground.records import Channel, Message
from playground.world import World

TEXT_CUT = 40_000
UPDATE_TEXT = 4_000
ATTACHMENTS = 100
METADATA_KEYS = {"event_type", "event_payload"}


def post_message(call: Call) -> Json:
    """chat.postMessage. A user id opens the direct channel. Errors as Slack's."""
    parts = _parts(call)
    with call.world.changing():
        channel = _target(call)
        message = new_message(call.world, channel.id, parts, _parent(call, channel))
        channel.messages.append(message)
        message.broadcast = bool(message.thread_ts) and call.args.flag("reply_broadcast")
        if message.broadcast:
            message.subtype = "thread_broadcast"
        shown = draw.message_for_app(call.world, message)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def _target(call: Call) -> Channel:
    world, wanted = call.world, call.args.need("channel")
    if wanted in world.people:
        return world.open_direct(wanted)
    by_name = (c.id for c in world.channels.values() if c.kind == "channel" and c.name == wanted.lstrip("#"))
    channel = world.app_channel(wanted if wanted in world.channels else next(by_name, wanted))
    may_write(world, channel)
    return channel


def may_write(world: World, channel: Channel) -> None:
    """In: a channel. Raises is_archived or not_in_channel where the app may not post."""
    if channel.archived:
        raise SlackError("is_archived")
    if world.app_user in channel.members:
        return
    if "chat:write.public" not in world.workspace.app.scopes:
        raise SlackError("not_in_channel")


def _parent(call: Call, channel: Channel) -> str | None:
    ts = call.args.text("thread_ts")
    if not ts:
        return None
    parent = channel.find(ts)
    if parent is None:
        raise SlackError("thread_not_found")
    # A reply's own stamp leads to its parent: Slack has no threads in threads.
    return parent.thread_ts or parent.ts


def _parts(call: Call) -> Json:
    args = call.args
    markdown = args.text("markdown_text")
    if markdown and (args.has("text") or args.has("blocks")):
        raise SlackError("markdown_text_conflict")
    raw = [{"type": "markdown", "text": markdown}] if markdown else args.parsed("blocks", "invalid_blocks_format")
    blocks = check.message_blocks(raw, call.world.workspace.app.native_blocks) if raw is not None else None
    attachments = _attachments(args.parsed("attachments", "invalid_attachments"))
    parts = {"text": args.text("text"), "blocks": blocks, "attachments": attachments, "metadata": _metadata(call)}
    if not args.has("ts") and empty(parts):
        raise SlackError("no_text")
    return parts


def empty(parts: Json) -> bool:
    """In: text, blocks, attachments. Out: whether there is nothing to show."""
    return not parts["text"] and not parts["blocks"] and not parts["attachments"]


def _attachments(raw: Any) -> list[Json] | None:
    if raw is None:
        return None
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        raise SlackError("invalid_attachments")
    if len(raw) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return raw or None


def _metadata(call: Call) -> Json | None:
    return checked_metadata(call.args.parsed("metadata", "invalid_metadata_format"))


def checked_metadata(raw: Any) -> Json | None:
    """In: metadata as it came. Out: the same, None for none. Raises invalid_metadata_format or _schema."""
    if raw is None or raw == {}:
        return None
    if not isinstance(raw, dict) or set(raw) - METADATA_KEYS:
        raise SlackError("invalid_metadata_format")
    kind, payload = raw.get("event_type"), raw.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    return raw


def new_message(world: World, channel: str, parts: Json, parent: str | None) -> Message:
    """In: a channel, text/blocks/attachments, a parent. Out: the app's message, not stored. Raises no_text."""
    if empty(parts):
        raise SlackError("no_text")
    return Message(
        channel=channel,
        ts=world.stamps.next(),
        user=world.app_user,
        text=parts["text"][:TEXT_CUT],
        blocks=parts["blocks"] or None,
        attachments=parts["attachments"],
        metadata=parts["metadata"],
        thread_ts=parent,
        from_app=True,
    )


def _own(call: Call, refusal: str) -> tuple[Channel, Message]:
    channel = call.world.app_channel(call.args.need("channel"))
    message = channel.find(call.args.need("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if not message.from_app:
        raise SlackError(refusal)
    if channel.archived:
        raise SlackError("is_inactive")
    return channel, message


def update(call: Call) -> Json:
    """chat.update: own messages only; text without blocks drops the blocks; metadata stays unless sent."""
    parts = _parts(call)
    if len(parts["text"]) > UPDATE_TEXT:
        raise SlackError("msg_too_long")
    with call.world.changing():
        channel, message = _own(call, "cant_update_message")
        rewrite(call.world, message, parts, call.args.has("text"))
        if call.args.has("metadata"):
            message.metadata = parts["metadata"]
        shown = draw.message_for_app(call.world, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def rewrite(world: World, message: Message, parts: Json, has_text: bool) -> None:
    """In: a message and its new content. Changes it. Raises no_text. The caller holds the lock."""
    if empty(parts):
        raise SlackError("no_text")
    message.text = parts["text"] if has_text else message.text
    message.blocks = parts["blocks"] or None
    message.attachments = parts["attachments"]
    message.edited_at = world.stamps.next()


def delete(call: Call) -> Json:
    """chat.delete: own messages only; a parent with replies leaves a stone behind."""
    with call.world.changing():
        channel, message = _own(call, "cant_delete_message")
        remove(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def remove(channel: Channel, message: Message) -> None:
    """In: a message. Takes it out of its channel. The caller holds the lock."""
    if not draw.replies(channel, message.ts):
        channel.messages.remove(message)
        return
    message.text, message.blocks, message.attachments = "This message was deleted.", None, None
    message.metadata, message.subtype, message.from_app = None, "tombstone", False


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: one person sees it, nobody stores it."""
    world, user = call.world, call.args.need("user")
    parts = _parts(call)
    with world.lock:
        channel = world.app_channel(call.args.need("channel"))
        may_write(world, channel)
        if user not in channel.members:
            raise SlackError("user_not_in_channel")
        message = new_message(world, channel.id, parts, _parent(call, channel))
        message.ephemeral = True
    world.show_ephemeral(message, user, draw.message_for_page(world, message))
    return {"message_ts": message.ts}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink: an address of the page."""
    with call.world.lock:
        channel = call.world.app_channel(call.args.need("channel"))
        message = channel.find(call.args.need("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    link = f"{call.base}/#{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}
