"""chat.*: messages come, change and go."""

from typing import Any

from playground import draw
from playground.api.args import Args
from playground.api.call import Call
from playground.blocks import check
from playground.errors import Json, SlackError
from playground.records import STONE, Channel, Message
from playground.world import World

TEXT_CUT = 40_000
UPDATE_TEXT = 4_000
ATTACHMENTS = 100
SLACKBOT = "USLACKBOT"
METADATA_KEYS = {"event_type", "event_payload"}


def post_message(call: Call) -> Json:
    """chat.postMessage. A user id opens the direct channel. Errors as Slack's."""
    content = parts(call.world, call.args)
    with call.world.changing():
        channel = _target(call)
        message = new_message(call.world, channel.id, content, _parent(call, channel))
        channel.messages.append(message)
        message.broadcast = bool(message.thread_ts) and call.args.flag("reply_broadcast")
        if message.broadcast:
            message.subtype = "thread_broadcast"
        shown = draw.message_for_app(call.world, message)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def _target(call: Call) -> Channel:
    world, wanted = call.world, call.args.need("channel")
    if wanted in world.people:
        return _direct(world, wanted)
    by_name = (c.id for c in world.channels.values() if c.kind == "channel" and c.name == wanted.lstrip("#"))
    channel = world.app_channel(wanted if wanted in world.channels else next(by_name, wanted))
    may_write(world, channel)
    return channel


def _direct(world: World, user: str) -> Channel:
    # Slack takes messages for a deactivated person as long as there is a channel to put them in.
    if world.people[user].deactivated and world.direct(user) is None:
        raise SlackError("channel_not_found")
    return world.open_direct(user)


def may_write(world: World, channel: Channel) -> None:
    """Raise is_archived or not_in_channel where the app may not post."""
    if channel.archived:
        raise SlackError("is_archived")
    if world.app_user in channel.members:
        return
    if "chat:write.public" not in world.workspace.app.scopes:
        raise SlackError("not_in_channel")


def _parent(call: Call, channel: Channel) -> str | None:
    parent = channel.find(call.args.text("thread_ts"))
    # Where the parent is gone Slack says nothing: the reply stands in the channel itself.
    # A reply's own stamp leads to its parent: Slack has no threads in threads.
    return None if parent is None else parent.thread_ts or parent.ts


def parts(world: World, args: Args) -> Json:
    """What a message shall hold, checked: text, blocks, attachments, metadata. Raises SlackError."""
    markdown = args.text("markdown_text")
    if markdown and (args.has("text") or args.has("blocks")):
        raise SlackError("markdown_text_conflict")
    raw = [{"type": "markdown", "text": markdown}] if markdown else args.parsed("blocks", "invalid_blocks_format")
    return {
        "text": args.text("text"),
        "blocks": check.message_blocks(raw, world.without) if raw is not None else None,
        "attachments": _attachments(args.parsed("attachments", "invalid_attachments")),
        "metadata": _metadata(args.parsed("metadata", "invalid_metadata_format")),
    }


def _empty(content: Json) -> bool:
    """Whether there is nothing to show."""
    return not content["text"] and not content["blocks"] and not content["attachments"]


def _attachments(raw: Any) -> list[Json] | None:
    if raw is None:
        return None
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        raise SlackError("invalid_attachments")
    if len(raw) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return raw or None


def _metadata(raw: Any) -> Json | None:
    """The same, None for none. Raises invalid_metadata_format or invalid_metadata_schema."""
    if raw is None or raw == {}:
        return None
    if not isinstance(raw, dict) or set(raw) - METADATA_KEYS:
        raise SlackError("invalid_metadata_format")
    kind, payload = raw.get("event_type"), raw.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    return raw


def new_message(world: World, channel: str, content: Json, parent: str | None) -> Message:
    """A message of the app's, not stored yet. Raises no_text."""
    if _empty(content):
        raise SlackError("no_text")
    return Message(
        channel=channel,
        ts=world.stamps.next(),
        user=world.app_user,
        text=content["text"][:TEXT_CUT],
        blocks=content["blocks"] or None,
        attachments=content["attachments"],
        metadata=content["metadata"],
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
    content = parts(call.world, call.args)
    if len(content["text"]) > UPDATE_TEXT:
        raise SlackError("msg_too_long")
    with call.world.changing():
        channel, message = _own(call, "cant_update_message")
        rewrite(call.world, message, content, call.args.has("text"))
        if call.args.has("metadata"):
            message.metadata = content["metadata"]
        shown = draw.message_for_app(call.world, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def rewrite(world: World, message: Message, content: Json, has_text: bool) -> None:
    """Give a message new content. Raises no_text. The caller holds the lock."""
    if _empty(content):
        raise SlackError("no_text")
    message.text = content["text"] if has_text else message.text
    message.blocks = content["blocks"] or None
    message.attachments = content["attachments"]
    message.edited_at = world.stamps.next()


def delete(call: Call) -> Json:
    """chat.delete: own messages only; a parent with replies leaves a stone behind."""
    with call.world.changing():
        channel, message = _own(call, "cant_delete_message")
        remove(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def remove(channel: Channel, message: Message) -> None:
    """Take a message out of its channel; a parent with replies leaves a stone, until the last of them is gone.

    The caller holds the lock.
    """
    if draw.replies(channel, message.ts):
        message.text, message.blocks, message.attachments = "This message was deleted.", None, None
        message.metadata, message.subtype, message.from_app, message.user = None, STONE, False, SLACKBOT
        return
    channel.messages.remove(message)
    parent = channel.find(message.thread_ts or "")
    if parent is not None and parent.subtype == STONE and not draw.replies(channel, parent.ts):
        channel.messages.remove(parent)


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: one person sees it, nobody stores it."""
    world, user = call.world, call.args.need("user")
    content = parts(call.world, call.args)
    with world.lock:
        channel = world.app_channel(call.args.need("channel"))
        may_write(world, channel)
        if user not in world.present(channel):
            raise SlackError("user_not_in_channel")
        message = new_message(world, channel.id, content, _parent(call, channel))
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
