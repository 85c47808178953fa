"""Everything one person sees, as the page fetches it. It changes together with the page."""

from playground import draw
from playground.errors import Json
from playground.records import Channel
from playground.world import World


def state(world: World, user: str) -> Json:
    """What `user`, who must be one of the workspace's people, sees."""
    with world.lock:
        people = [draw.person_for_page(world, person, n) for n, person in enumerate(world.people.values())]
        me = next(person for person in people if person["id"] == user)
        home = world.homes.get(user)
        return {
            "team": {"id": world.workspace.team.id, "name": world.workspace.team.name},
            "me": me,
            "people": [*people, draw.bot_for_page(world)],
            "app": _app(world),
            "channels": [_channel(world, c, user) for c in world.channels.values() if user in c.members],
            "home": draw.view_for_app(world, home) if home else None,
            "modals": [draw.view_for_page(world, view) for view in world.modals.get(user, [])],
            "panel": _panel(world),
            "faults": world.faults.listed(),
            "without": sorted(world.without),
            "ahead": world.ahead,
            "version": world.version,
        }


def _app(world: World) -> Json:
    app = world.workspace.app
    commands = [{"command": c.command, "description": c.description, "usage_hint": c.usage_hint} for c in app.commands]
    return {"id": app.id, "name": app.name, "user_id": app.user.id, "home": app.home, "commands": commands}


def _channel(world: World, channel: Channel, user: str) -> Json:
    other = next(iter(channel.members - {user}), None) if channel.kind == "dm" else None
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "with": other,
        "private": channel.private,
        "archived": channel.archived,
        "app_in": world.app_user in channel.members,
        "messages": [draw.message_for_page(world, message) for message in channel.messages],
    }


def _panel(world: World) -> list[Json]:
    return [
        {
            "index": index,
            "name": request.name,
            "description": request.description,
            "fields": [field.model_dump() for field in request.fields],
        }
        for index, request in enumerate(world.workspace.panel)
    ]
