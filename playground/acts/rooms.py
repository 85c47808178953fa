"""What happens to channels and messages while the page runs, by any member's hand: archiving, the app put out and
let in again, a message deleted.
"""

from playground.api import chat
from playground.errors import Json, Refusal
from playground.game import Game, seen_channel, seen_message
from playground.records import STONE, Channel


def archive(game: Game, user: str, act: Json) -> Json:
    """Archive a channel, which puts the app out of it. Raises Refusal."""
    with game.world.changing():
        game.world.archive(_room(game, user, act))
    return {"ok": True}


def unarchive(game: Game, user: str, act: Json) -> Json:
    """Open an archived channel again; the app has to be invited anew. Raises Refusal."""
    with game.world.changing():
        _room(game, user, act).archived = False
    return {"ok": True}


def remove_app(game: Game, user: str, act: Json) -> Json:
    """Put the app out of a channel. Slack sends it no event of that. Raises Refusal."""
    with game.world.changing():
        _room(game, user, act).members.discard(game.world.app_user)
    return {"ok": True}


def invite_app(game: Game, user: str, act: Json) -> Json:
    """Let the app into a channel. Raises Refusal."""
    with game.world.changing():
        _open(_room(game, user, act)).members.add(game.world.app_user)
    return {"ok": True}


def delete_message(game: Game, user: str, act: Json) -> Json:
    """Delete a message, whoever wrote it: an administrator may at Slack. Raises Refusal."""
    with game.world.changing():
        message = seen_message(game.world, user, str(act.get("channel")), str(act.get("ts")), ephemeral=False)
        channel = _open(game.world.channels[message.channel])
        if message.subtype == STONE:
            raise Refusal("This message is no longer there.")
        chat.remove(channel, message)
    return {"ok": True}


def _room(game: Game, user: str, act: Json) -> Channel:
    channel = seen_channel(game.world, user, str(act.get("channel")))
    if channel.kind == "dm":
        raise Refusal("A direct message is between its two.")
    return channel


def _open(channel: Channel) -> Channel:
    if channel.archived:
        raise Refusal("This channel is archived.")
    return channel
