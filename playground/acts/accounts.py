"""What happens to people's accounts while the page runs: a status, deactivation, its end. Here anybody may do it."""

from typing import Any

from pydantic import ValidationError

from playground import draw
from playground.errors import Json, Refusal
from playground.game import Game
from playground.workspace import Person, Status


def set_status(game: Game, act: Json) -> Json:
    """Give a person the status {text, emoji, expiration}; an empty one clears it. Raises Refusal."""
    try:
        status = Status.model_validate(act.get("status"))
    except ValidationError as error:
        lines = (f"{'.'.join(['status', *map(str, each['loc'])])}: {each['msg']}" for each in error.errors())
        raise Refusal("; ".join(lines)) from error
    return _change(game, act, status=status)


def deactivate(game: Game, act: Json) -> Json:
    """Deactivate a person's account; what they said stays. Raises Refusal."""
    return _change(game, act, deactivated=True)


def reactivate(game: Game, act: Json) -> Json:
    """Give a person their account back, in the channels they were in. Raises Refusal."""
    return _change(game, act, deactivated=False)


def _change(game: Game, act: Json, **changes: Any) -> Json:
    world = game.world
    with world.changing():
        person = _whom(world.people, act.get("person"))
        changed = world.people[person.id] = person.model_copy(update=changes)
        event = {"type": "user_change", "user": draw.user_for_app(world, changed), "cache_ts": int(world.clock()),
                 "event_ts": world.stamps.next()}  # fmt: skip
    game.events.emit("user_change", event)
    return {"ok": True}


def _whom(people: dict[str, Person], wanted: object) -> Person:
    if not isinstance(wanted, str) or wanted not in people:
        raise Refusal(f"person: expected the id of a person of this workspace, got {wanted!r}")
    return people[wanted]
