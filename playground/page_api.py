"""The page's doors, without HTTP: acts, panel, faults, refused blocks. They change together with the page."""

from collections.abc import Callable

from pydantic import ValidationError

from playground import panel
from playground.acts import accounts, clicks, modals, options, rooms, words
from playground.blocks.layout import PHASED
from playground.errors import Json, Refusal
from playground.faults import NewFault
from playground.game import Game

Act = Callable[[Game, str, Json, str], Json]

ACTS: dict[str, Act] = {
    "block_actions": clicks.click,
    "block_suggestion": lambda game, user, act, _base: options.suggest(game, user, act),
    "view_submission": modals.submit,
    "view_closed": lambda game, user, act, _base: modals.close(game, user, act),
    "command": words.command,
    "message": lambda game, user, act, _base: words.message(game, user, act),
    "open_home": lambda game, user, _act, _base: words.open_home(game, user),
    "delete_message": lambda game, user, act, _base: rooms.delete_message(game, user, act),
    "archive": lambda game, user, act, _base: rooms.archive(game, user, act),
    "unarchive": lambda game, user, act, _base: rooms.unarchive(game, user, act),
    "remove_app": lambda game, user, act, _base: rooms.remove_app(game, user, act),
    "invite_app": lambda game, user, act, _base: rooms.invite_app(game, user, act),
    "set_status": lambda game, _user, act, _base: accounts.set_status(game, act),
    "deactivate": lambda game, _user, act, _base: accounts.deactivate(game, act),
    "reactivate": lambda game, _user, act, _base: accounts.reactivate(game, act),
}


def act(game: Game, given: Json, base: str) -> Json:
    """Do what a person did: {"ok": …}, with errors by block_id or with words for that person."""
    user, kind = given.get("as"), given.get("type")
    if user not in game.world.people:
        return {"ok": False, "error": f"as: expected the id of a person of this workspace, got {user!r}"}
    if kind not in ACTS:
        return {"ok": False, "error": f"type: expected one of {', '.join(ACTS)}, got {kind!r}"}
    # Anybody may bring back anybody, or a workspace could lose its last person for good.
    if game.world.people[user].deactivated and kind != "reactivate":
        return {"ok": False, "error": f"{game.world.people[user].real_name} is deactivated."}
    try:
        return ACTS[str(kind)](game, str(user), given, base)
    except Refusal as refusal:
        return {"ok": False, "error": str(refusal)}


def run_panel(game: Game, given: Json) -> Json:
    """Send a request of the panel: {"status", "body"}; status 0 when nothing was sent or came back."""
    try:
        return panel.run(game.world, given.get("request"), given.get("values"))
    except Refusal as refusal:
        return {"status": 0, "body": str(refusal)}


def move_clock(game: Game, given: Json) -> Json:
    """Make it {"now": …} in the workspace: {"ok": True}, or {"ok": False} with what was expected."""
    try:
        panel.move_clock(game.world, given)
    except Refusal as refusal:
        return {"ok": False, "error": str(refusal)}
    return {"ok": True}


def add_fault(game: Game, given: Json) -> Json:
    """Add a fault: all there are, or {"ok": False} with every complaint."""
    try:
        fault = NewFault.model_validate(given)
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        return {"ok": False, "error": "; ".join(lines)}
    game.world.faults.add(fault)
    with game.world.changing():
        return {"ok": True, "faults": game.world.faults.listed()}


def clear_faults(game: Game) -> Json:
    """Forget all faults."""
    game.world.faults.clear()
    with game.world.changing():
        return {"ok": True, "faults": []}


def refuse_blocks(game: Game, given: Json) -> Json:
    """Make it a workspace without the block types {"without": […]}: {"ok": True}, or {"ok": False} with words."""
    without = given.get("without")
    if not isinstance(without, list) or not all(name in PHASED for name in without):
        return {"ok": False, "error": f"without: expected some of {', '.join(sorted(PHASED))}, got {without!r}"}
    with game.world.changing():
        game.world.without = frozenset(without)
    return {"ok": True}
