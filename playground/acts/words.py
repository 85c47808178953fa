"""What a person types: slash commands and messages. And opening the app's Home."""

import re

from playground import draw
from playground.answers import say
from playground.api.door import Reply, note
from playground.errors import Json, Refusal, SlackError
from playground.game import Game, channel_name, domain, seen_channel
from playground.outgoing import reason
from playground.records import Channel, Message
from playground.tickets import Hook
from playground.workspace import Command
from playground.world import World

EVENT_OF = {"dm": "message.im", "private": "message.groups", "channel": "message.channels"}
AT = re.compile(r"(?<![\w<])@([\w.\-]+)")
ANSWER = "command_answer"
"""What the log of calls names an answer to a command that was refused."""
HASH = re.compile(r"(?<![\w<])#([\w\-]+)")


def command(game: Game, user: str, act: Json, base: str) -> Json:
    """Send a slash command; the page's answer. What the app says to it goes to the channel. Raises Refusal."""
    world = game.world
    with world.lock:
        channel = seen_channel(world, user, str(act.get("channel")))
        spec, text = _parsed(world, str(act.get("text", "")))
        hook = world.tickets.hook(Hook(user, channel.id, world.clock()))
        fields = _fields(world, user, channel, spec, text) | {
            "response_url": f"{base}/response/{hook}",
            "trigger_id": world.tickets.trigger(user, channel=channel.id),
        }
    outcome = game.courier.command(world.workspace.app.url, fields)
    if not outcome.ok:
        code = "operation_timeout" if outcome.problem == "http_timeout" else "dispatch_failed"
        return _failed(spec, code, reason(outcome))
    body = outcome.json()
    answer = body if isinstance(body, dict) else {"text": outcome.body} if outcome.body.strip() else None
    _answered(world, Hook(user, channel.id, 0), answer, f"{spec.command} {text}".strip())
    return {"ok": True}


def _failed(spec: Command, code: str, why: str) -> Json:
    return {"ok": False, "error": f'{spec.command} failed with the error "{code}" ({why})'}


def _parsed(world: World, typed: str) -> tuple[Command, str]:
    name, _, text = typed.strip().partition(" ")
    for spec in world.workspace.app.commands:
        if spec.command == name:
            return spec, _escaped(world, text.strip()) if spec.should_escape else text.strip()
    raise Refusal(f"{name} is not a valid command. In Slack, all messages that start with / are commands.")


def _escaped(world: World, text: str) -> str:
    channels = {channel.name: channel.id for channel in world.channels.values() if channel.kind == "channel"}
    with_people = AT.sub(lambda m: _mention(world, m, named=True), text)
    return HASH.sub(lambda m: f"<#{channels[m[1]]}|{m[1]}>" if m[1] in channels else m[0], with_people)


def _mention(world: World, match: re.Match[str], named: bool) -> str:
    app = world.workspace.app
    ids = {person.name: person.id for person in world.people.values()} | {app.user.name: app.user.id}
    if match[1] not in ids:
        return match[0]
    return f"<@{ids[match[1]]}|{match[1]}>" if named else f"<@{ids[match[1]]}>"


def _fields(world: World, user: str, channel: Channel, spec: Command, text: str) -> dict[str, str]:
    return {
        "token": "not-used-verify-the-signature",
        "team_id": world.workspace.team.id,
        "team_domain": domain(world),
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user,
        "user_name": world.people[user].name,
        "command": spec.command,
        "text": text,
        "api_app_id": world.workspace.app.id,
        "is_enterprise_install": "false",
    }


def _answered(world: World, hook: Hook, answer: Json | None, typed: str) -> None:
    """Show what the app says to a command. What Slack would refuse is not shown, and nobody is told; it is logged."""
    public = answer is not None and answer.get("response_type") == "in_channel"
    if answer is None or not (public or set(answer) - {"response_type"}):
        return
    try:
        with world.changing():
            mine = Message(hook.channel, world.stamps.next(), hook.user, typed)
            say(world, hook, answer)
            if public:
                world.channels[hook.channel].messages.insert(-1, mine)
    except SlackError as error:
        note(world, ANSWER, answer, Reply(200, error.reply()))


def message(game: Game, user: str, act: Json) -> Json:
    """Store what a person writes and tell an app that listens; the page's answer. Raises Refusal."""
    world, text = game.world, str(act.get("text", "")).strip()
    if not text:
        raise Refusal("text: a message needs words")
    with world.changing():
        channel = seen_channel(world, user, str(act.get("channel")))
        thread_ts = act.get("thread_ts")
        if thread_ts and channel.find(str(thread_ts)) is None:
            raise Refusal("This thread is no longer there.")
        if channel.archived:
            raise Refusal("This channel is archived.")
        said = Message(channel.id, world.stamps.next(), user, _typed(world, text), thread_ts=thread_ts or None)
        channel.messages.append(said)
        event = draw.message_for_app(world, said) | {"channel": channel.id, "event_ts": said.ts}
    _tell(game, channel, event)
    return {"ok": True}


def _typed(world: World, text: str) -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return AT.sub(lambda m: _mention(world, m, named=False), safe)


def _tell(game: Game, channel: Channel, event: Json) -> None:
    if game.world.app_user not in channel.members:
        return
    kind = "private" if channel.private else channel.kind
    channel_type = {"dm": "im", "private": "group", "channel": "channel"}[kind]
    game.events.emit(EVENT_OF[kind], event | {"channel_type": channel_type})
    if f"<@{game.world.app_user}>" in event["text"] and kind != "dm":
        game.events.emit("app_mention", event | {"type": "app_mention"})


def open_home(game: Game, user: str) -> Json:
    """Tell the app that somebody looks at its Home; the page's answer. Raises Refusal."""
    world = game.world
    if not world.workspace.app.home:
        raise Refusal("This app has no Home.")
    with world.changing():
        channel = world.open_direct(user)
        view = world.homes.get(user)
        shown = {"view": draw.view_for_app(world, view)} if view else {}
    event = {"type": "app_home_opened", "user": user, "channel": channel.id, "event_ts": world.stamps.next(),
             "tab": "home", **shown}  # fmt: skip
    game.events.emit("app_home_opened", event)
    return {"ok": True}
