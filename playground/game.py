"""One workspace at play, as acts of persons need it, and the parts every payload shares."""

from dataclasses import dataclass

from playground.errors import Json, Refusal
from playground.events import Events
from playground.outgoing import Courier
from playground.records import Channel, Message
from playground.world import World


@dataclass(frozen=True)
class Game:
    """State, courier and events of one workspace."""

    world: World
    courier: Courier
    events: Events


def envelope(world: World, kind: str, user: str) -> Json:
    """The fields every interactivity payload has."""
    workspace = world.workspace
    person = world.people[user]
    return {
        "type": kind,
        "team": {"id": workspace.team.id, "domain": domain(world)},
        "user": {"id": user, "username": person.name, "name": person.name, "team_id": workspace.team.id},
        "api_app_id": workspace.app.id,
        "token": "not-used-verify-the-signature",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def domain(world: World) -> str:
    """The workspace's name as it would stand in its address."""
    return world.workspace.team.name.lower().replace(" ", "-")


def channel_name(channel: Channel) -> str:
    """What payloads call a channel."""
    return "directmessage" if channel.kind == "dm" else "privategroup" if channel.private else channel.name


def seen_channel(world: World, user: str, channel_id: str) -> Channel:
    """The channel. Raises Refusal where the person is not in it."""
    channel = world.channels.get(channel_id)
    if channel is None or user not in channel.members:
        raise Refusal(f"channel: {channel_id!r} is not a channel {world.people[user].name} is in")
    return channel


def seen_message(world: World, user: str, channel_id: str, ts: str, ephemeral: bool) -> Message:
    """The message at this place. Raises Refusal when it is gone or not theirs."""
    channel = seen_channel(world, user, channel_id)
    message = world.ephemerals.get((user, channel_id, ts)) if ephemeral else channel.find(ts)
    if message is None:
        raise Refusal("This message is no longer there.")
    return message
