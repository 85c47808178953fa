"""The story of a manager who gives a lead to somebody else: a form with one question."""

from slack_bolt import Ack, App

from bot.answers.case import case
from bot.answers.home import presence
from bot.blocks import ids
from bot.blocks.reason_form import STRANGER, Place, at_field
from bot.blocks.reassign_form import given_view, reassign_form
from bot.handlers.clicks import Body, Desk, Pressed, key_of, show
from bot.handoff.decision import Refusal
from bot.handoff.states import Handoff
from bot.moves.carry import Click
from bot.moves.hand_on import IN_FORM, may_reassign, reassign


def ask(desk: Desk, press: Pressed) -> None:
    """Open the form, for the manager."""
    allowed = may_reassign(desk.store, desk.now(), press.click)
    if not isinstance(allowed, Handoff):
        return
    with desk.store.reading() as tx:
        found = case(tx, allowed.id)
    if found:
        show(desk, press, reassign_form(Place(allowed.id, press.click.channel, allowed.owner), found))


def register(app: App, desk: Desk) -> None:
    """The form as it is sent."""

    @app.view(ids.REASSIGN_FORM)
    def sent(ack: Ack, body: Body) -> None:
        ack(**_reassigned(desk, body))


def _reassigned(desk: Desk, body: Body) -> Body:
    """What becomes of the form: a fault at its field, a word where the new owner is away; else it closes."""
    chosen = body["view"]["state"]["values"].get(ids.NEW_OWNER, {}).get(ids.NEW_OWNER, {}).get("selected_user")
    to = key_of(desk.store, chosen or "")
    if to is None:
        return _at_field(STRANGER)
    place, now = Place.load(body["view"]["private_metadata"]), desk.now()
    click = Click(place.handoff, body["user"]["id"], place.channel)
    outcome = reassign(desk.store, now, click, to, place.owner)
    if isinstance(outcome, Refusal):
        return _at_field(at_field(outcome.why, named=True)) if outcome.why in IN_FORM else {}
    with desk.store.reading() as tx:
        there = presence(tx, to, now)
    if there is None or there.away is None:
        return {}
    return {"response_action": "update", "view": given_view(there.person, there.away)}


def _at_field(words: str) -> Body:
    return {"response_action": "errors", "errors": {ids.NEW_OWNER: words}}
