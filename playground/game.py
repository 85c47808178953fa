"""One workspace at play: its state, its courier, its events. What acts of persons need, in one record.

Lives here: the record, and the parts every payload shares. May change it: nobody. Relies on it: acts, page, app.
"""

from dataclasses import dataclass

from playground.errors import Json, Refusal
from playground.events import Events
from playground.outgoing import Courier
from playground.records import Channel, Message
from playground.world import World


@dataclass(frozen=True)
class Game:
    """The parts."""

    world: World
    courier: Courier
    events: Events


def envelope(world: World, kind: str, user: str) -> Json:
    """In: a payload's type and who did it. Out: the fields every interactivity payload has."""
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
    """Out: the workspace's name as it would stand in its address."""
    return world.workspace.team.name.lower().replace(" ", "-")


def channel_name(channel: Channel) -> str:
    """In: a channel. Out: what payloads call it."""
    return "directmessage" if channel.kind == "dm" else "privategroup" if channel.private else channel.name


def seen_channel(world: World, user: str, channel_id: str) -> Channel:
    """In: a person and a channel id. Out: the channel. Raises Refusal where they are not in it."""
    channel = world.channels.get(channel_id)
    if channel is None or user not in channel.members:
        raise Refusal(f"channel: {channel_id!r} is not a channel {world.people[user].name} is in")
    return channel


def seen_message(world: World, user: str, channel_id: str, ts: str, ephemeral: bool) -> Message:
    """In: a person and the place of a message. Out: the message. Raises Refusal when it is gone or not theirs."""
    channel = seen_channel(world, user, channel_id)
    message = world.ephemerals.get((user, channel_id, ts)) if ephemeral else channel.find(ts)
    if message is None:
        raise Refusal("This message is no longer there.")
    return message
