"""users.*, auth.test, api.test: who is there, who am I."""

from playground import draw
from playground.api.call import Call
from playground.errors import Json, SlackError


def info(call: Call) -> Json:
    """users.info; whoever names nobody is told that nobody was found."""
    wanted = call.args.text("user")
    if wanted == call.world.app_user:
        return {"user": draw.bot_for_app(call.world)}
    person = call.world.people.get(wanted)
    if person is None:
        raise SlackError("user_not_found")
    return {"user": draw.user_for_app(call.world, person)}


def list_(call: Call) -> Json:
    """users.list: everybody on one page."""
    people = [draw.user_for_app(call.world, person) for person in call.world.people.values()]
    return {"members": [*people, draw.bot_for_app(call.world)], "response_metadata": {"next_cursor": ""}}


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail; it does not find who was deactivated."""
    wanted = call.args.need("email").lower()
    for person in call.world.people.values():
        if (person.email or "").lower() == wanted and not person.deactivated:
            return {"user": draw.user_for_app(call.world, person)}
    raise SlackError("users_not_found")


def auth_test(call: Call) -> Json:
    """auth.test."""
    team, app = call.world.workspace.team, call.world.workspace.app
    return {"url": f"{call.base}/", "team": team.name, "user": app.user.name, "team_id": team.id,
            "user_id": app.user.id, "bot_id": call.world.bot_id, "is_enterprise_install": False}  # fmt: skip


def api_test(call: Call) -> Json:
    """api.test: gives back what it got; `error` makes it fail."""
    shown = {key: value for key, value in call.args.given.items() if key != "token"}
    if call.args.has("error"):
        raise SlackError(call.args.text("error"), args=shown)
    return {"args": shown}
