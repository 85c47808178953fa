"""The story of a decision in Slack: accept, reject with a form, undo, take. Each click is one move, then the ack.

Bolt sends the response only when the listener is done, so an acknowledged click is a committed one.
"""

import re
from collections.abc import Callable
from datetime import datetime

import structlog
from slack_bolt import Ack, App

from bot.answers.case import case
from bot.blocks import ids
from bot.blocks.drawing import Block
from bot.blocks.reject_form import Place, follow_up_block, reject_form
from bot.handlers.clicks import Body, clicked
from bot.handoff.machine import Refusal, Why
from bot.moves.carry import Click, Outcome, excuse
from bot.moves.decisions import Grounds, accept, may_reject, reject, undo
from bot.moves.take import take
from bot.slack import Slack, SlackFailure
from bot.store import policies
from bot.store.engine import Store

log = structlog.get_logger()

Move = Callable[[Store, datetime, Click], Outcome]

MOVES: dict[str, Move] = {ids.ACCEPT: accept, ids.UNDO: undo, ids.TAKE: take, ids.REJECT: may_reject}


def register(app: App, store: Store, slack: Slack, now: Callable[[], datetime]) -> None:
    """One listener for all buttons of a card (each further one costs every click), and the form's two."""

    @app.action(re.compile(f"^({'|'.join(MOVES)})$"))
    def pressed(ack: Ack, body: Body) -> None:
        click, action = clicked(body), body["actions"][0]["action_id"]
        outcome = MOVES[action](store, now(), click)
        if action == ids.REJECT and not isinstance(outcome, Refusal):
            _open(store, slack, now(), click, body["trigger_id"])
        ack()

    @app.action(ids.REASON)
    def chosen(ack: Ack, body: Body) -> None:
        _redraw(store, slack, body["view"])
        ack()

    @app.view(ids.REJECT_FORM)
    def submitted(ack: Ack, body: Body) -> None:
        place, grounds = Place.load(body["view"]["private_metadata"]), _grounds(body["view"])
        click = Click(place.handoff, body["user"]["id"], place.channel)
        outcome = reject(store, now(), click, grounds) if grounds else Refusal(Why.FOLLOW_UP, ASK)
        errors = _field_errors(outcome, grounds)
        ack(response_action="errors", errors=errors) if errors else ack()


ASK = "Please answer the question of the reason you chose."


def _open(store: Store, slack: Slack, now: datetime, click: Click, trigger_id: str) -> None:
    try:
        slack.open_view(trigger_id, _form(store, Place(click.handoff, click.channel), None))
    except SlackFailure as error:
        log.warning("form not opened", error=str(error))
        excuse(store, now, click, Why.NO_FORM)


def _redraw(store: Store, slack: Slack, view: Body) -> None:
    """The form with the chosen reason's question. If another choice was faster, that one draws it."""
    code = _code(view)
    try:
        slack.update_view(view["id"], view["hash"], _form(store, Place.load(view["private_metadata"]), code))
    except SlackFailure as error:
        log.warning("form not redrawn", error=str(error))


def _form(store: Store, place: Place, chosen: str | None) -> Block:
    with store.reading() as tx:
        found, policy = case(tx, place.handoff), policies.current(tx)
    return reject_form(place, found.lead if found else None, policy.reasons, chosen)


def _grounds(view: Body) -> Grounds | None:
    """What the form holds; None while the chosen reason's own question is not on it."""
    code = _code(view)
    block = view["state"]["values"].get(follow_up_block(code or ""))
    if code is None or block is None:
        return None
    comment = view["state"]["values"].get(ids.COMMENT, {}).get(ids.COMMENT, {}).get("value")
    return Grounds(code, _answer(block[ids.FOLLOW_UP]), comment)


def _code(view: Body) -> str | None:
    option = view["state"]["values"].get(ids.REASON, {}).get(ids.REASON, {}).get("selected_option")
    return str(option["value"]) if option else None


def _answer(state: Body) -> str:
    """The follow-up as it is stored: text, ISO date, or option values separated by commas."""
    if "selected_options" in state:
        return ",".join(option["value"] for option in state["selected_options"])
    if state.get("selected_option"):
        return str(state["selected_option"]["value"])
    return str(state.get("selected_date") or state.get("value") or "")


def _field_errors(outcome: Outcome, grounds: Grounds | None) -> dict[str, str]:
    if not isinstance(outcome, Refusal) or outcome.why is not Why.FOLLOW_UP:
        return {}
    block = follow_up_block(grounds.code) if grounds else ids.REASON
    return {block: outcome.words or ASK}
