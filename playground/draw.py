"""Records as JSON: in Slack's words for the app, in the page's words for the page."""

from playground.errors import Json
from playground.records import STONE, Channel, Message, View
from playground.workspace import Person, Status
from playground.world import World

COLOURS = ("#1264a3", "#2e7d32", "#8e24aa", "#c2410c", "#00796b", "#ad1457", "#5d4037", "#3949ab")


def message_for_app(world: World, message: Message, all_metadata: bool = True) -> Json:
    """A message as history and payloads show it; the metadata's payload only with `all_metadata`."""
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.from_app:
        shown |= {"bot_id": world.bot_id, "app_id": world.workspace.app.id, "bot_profile": _bot_profile(world)}
    shown["team"] = world.workspace.team.id
    for key in ("subtype", "blocks", "attachments", "thread_ts"):
        value = getattr(message, key)
        if value is not None:
            shown[key] = value
    if message.subtype == STONE:
        shown["hidden"] = True
    if message.edited_at:
        shown["edited"] = {"user": message.user, "ts": message.edited_at}
    if message.metadata is not None:
        kept = message.metadata if all_metadata else {"event_type": message.metadata["event_type"]}
        shown["metadata"] = kept
    if message.thread_ts and message.thread_ts != message.ts:
        shown["parent_user_id"] = _parent_user(world, message)
    return shown | _thread_facts(world, message)


def _bot_profile(world: World) -> Json:
    app = world.workspace.app
    return {"id": world.bot_id, "app_id": app.id, "name": app.user.name, "deleted": False, "updated": 0,
            "icons": {}, "team_id": world.workspace.team.id}  # fmt: skip


def _parent_user(world: World, message: Message) -> str | None:
    parent = world.channels[message.channel].find(message.thread_ts or "")
    return parent.user if parent else None


def replies(channel: Channel, ts: str) -> list[Message]:
    """The replies below a parent, oldest first."""
    return [message for message in channel.messages if message.thread_ts == ts and message.ts != ts]


def _thread_facts(world: World, message: Message) -> Json:
    below = [] if message.ephemeral else replies(world.channels[message.channel], message.ts)
    if not below:
        return {}
    users = sorted({reply.user for reply in below})
    return {"thread_ts": message.ts, "reply_count": len(below), "reply_users": users,
            "reply_users_count": len(users), "latest_reply": below[-1].ts}  # fmt: skip


def message_for_page(world: World, message: Message) -> Json:
    """A message as the page draws it; the mark "edited" is hidden where there are blocks."""
    shown: Json = {
        "ts": message.ts,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "reply_count": _thread_facts(world, message).get("reply_count", 0),
        "edited": bool(message.edited_at) and not message.blocks,
        "ephemeral": message.ephemeral,
        "channel": message.channel,
    }
    if message.metadata is not None:
        shown["metadata"] = message.metadata
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.broadcast:
        shown["broadcast"] = True
    if message.subtype == STONE:
        shown["deleted"] = True
    return shown


VIEW_DEFAULTS: Json = {"private_metadata": "", "callback_id": "", "title": None, "submit": None, "close": None,
                       "clear_on_close": False, "notify_on_close": False, "submit_disabled": False,
                       "external_id": ""}  # fmt: skip
# Slack gives a Home a title nobody sees.
HOME_DEFAULTS: Json = {"title": {"type": "plain_text", "text": "View Title", "emoji": True}}


def view_for_app(world: World, view: View, values: Json | None = None) -> Json:
    """A view as replies and payloads carry it; `values` stand in its fields."""
    app = world.workspace.app
    return {
        **VIEW_DEFAULTS,
        **(HOME_DEFAULTS if view.body["type"] == "home" else {}),
        **view.body,
        "id": view.id,
        "team_id": world.workspace.team.id,
        "state": {"values": values or {}},
        "hash": view.hash,
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": app.id,
        "app_installed_team_id": world.workspace.team.id,
        "bot_id": world.bot_id,
    }


def view_for_page(world: World, view: View) -> Json:
    """A modal as the page draws it: it also says where the person was when it opened."""
    return {**view_for_app(world, view), "channel": view.channel}


def person_for_page(world: World, person: Person, number: int) -> Json:
    """A person as the page lists them; their place in the list decides the colour."""
    words = person.real_name.split() or [person.name]
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "title": person.title,
        "is_bot": False,
        "initials": "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper(),
        "colour": COLOURS[number % len(COLOURS)],
        "tz": person.tz,
        "deactivated": person.deactivated,
        "status": _status(world, person).model_dump(),
    }


def bot_for_page(world: World) -> Json:
    """The app's own user as the page lists it."""
    app = world.workspace.app
    return {"id": app.user.id, "name": app.user.name, "real_name": app.name, "title": "", "is_bot": True,
            "initials": app.name[:1].upper(), "colour": "#4a154b"}  # fmt: skip


def user_for_app(world: World, person: Person) -> Json:
    """A person as users.info gives them; the e-mail only with its scope."""
    status = _status(world, person)
    profile: Json = {"real_name": person.real_name, "display_name": person.name, "title": person.title,
                     "status_text": status.text, "status_emoji": status.emoji,
                     "status_expiration": status.expiration}  # fmt: skip
    if "users:read.email" in world.workspace.app.scopes and person.email:
        profile["email"] = person.email
    shown = _user(world, person.id, person.name, is_bot=False) | {"profile": profile}
    # Of somebody deactivated Slack keeps neither zone nor name outside the profile.
    if person.deactivated:
        return shown | {"deleted": True, "is_forgotten": False}
    return shown | {"real_name": person.real_name, "tz": person.tz}


def _status(world: World, person: Person) -> Status:
    """What a person's status is now: one that ran out is none, words without an emoji get Slack's balloon."""
    status = person.status
    if 0 < status.expiration <= world.clock():
        return Status()
    return status if status.emoji or not status.text else status.model_copy(update={"emoji": ":speech_balloon:"})


def bot_for_app(world: World) -> Json:
    """The app's own user as users.info gives it."""
    app = world.workspace.app
    profile = {"real_name": app.name, "display_name": app.user.name, "bot_id": world.bot_id, "api_app_id": app.id}
    shown = _user(world, app.user.id, app.user.name, is_bot=True)
    return shown | {"real_name": app.name, "tz": "Etc/UTC", "profile": profile}


def _user(world: World, user_id: str, name: str, is_bot: bool) -> Json:
    return {"id": user_id, "team_id": world.workspace.team.id, "name": name, "deleted": False,
            "is_bot": is_bot, "is_app_user": False, "updated": 0}  # fmt: skip


def channel_for_app(world: World, channel: Channel) -> Json:
    """A channel as conversations.info gives it."""
    shared = {"is_ext_shared": False, "is_shared": False, "is_org_shared": False, "created": 0}
    if channel.kind == "dm":
        other = next(iter(channel.members - {world.app_user}))
        gone = other not in world.present(channel)
        return {"id": channel.id, "is_im": True, "is_channel": False, "is_archived": False, "user": other,
                "is_user_deleted": gone, **shared}  # fmt: skip
    public, member = not channel.private, world.app_user in channel.members
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": public,
        "is_group": channel.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_general": False,
        "is_member": member,
        "num_members": len(world.present(channel)),
        "topic": {"value": ""},
        "purpose": {"value": ""},
        **shared,
    }
