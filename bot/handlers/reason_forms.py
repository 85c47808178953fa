"""The story of "why not": the form of a rejection and that of "Not mine…", from the button to what is sent.

A refusal that a field can say is said there; any other closes the form and is told in private.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from slack_bolt import Ack, App

from bot.answers.case import case
from bot.blocks import ids
from bot.blocks.drawing import Block
from bot.blocks.reason_form import STRANGER, Place, at_field, follow_up_block, not_mine_form, reject_form
from bot.handlers.clicks import Body, Desk, Pressed, key_of, show
from bot.handoff.case import Case
from bot.handoff.decision import Refusal, Why
from bot.handoff.states import Handoff
from bot.moves.carry import Click, Outcome
from bot.moves.decisions import Grounds, may_reject, reject
from bot.moves.hand_on import IN_FORM, NotMine, may_pass_on, pass_on
from bot.slack import SlackFailure
from bot.store.engine import Store

log = structlog.get_logger()

FORMS: dict[str, Callable[[Place, Case, str | None], Block]] = {
    ids.REJECT_FORM: reject_form,
    ids.NOT_MINE_FORM: not_mine_form,
}

ASK = "Please answer the question of the reason you chose."


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form holds. `block` is where a fault of the answer is told; `person` that it is a Slack user's id."""

    place: Place
    click: Click
    code: str
    block: str
    answer: str
    person: bool
    comment: str | None


def ask_to_reject(desk: Desk, press: Pressed) -> None:
    """Open the form of a rejection, for whoever may reject."""
    _ask(desk, press, ids.REJECT_FORM, may_reject(desk.store, desk.now(), press.click))


def ask_to_pass_on(desk: Desk, press: Pressed) -> None:
    """Open the form of "Not mine…", for whoever may pass the lead on."""
    _ask(desk, press, ids.NOT_MINE_FORM, may_pass_on(desk.store, desk.now(), press.click))


def register(app: App, desk: Desk) -> None:
    """A choice of a reason, and the two forms that are sent."""

    @app.action(ids.REASON)
    def chosen(ack: Ack, body: Body) -> None:
        _redraw(desk, body["view"])
        ack()

    @app.view(ids.REJECT_FORM)
    def rejected(ack: Ack, body: Body) -> None:
        filled = _filled(body)
        errors = _errors(filled, _reject(desk, filled))
        ack(response_action="errors", errors=errors) if errors else ack()

    @app.view(ids.NOT_MINE_FORM)
    def passed_on(ack: Ack, body: Body) -> None:
        filled = _filled(body)
        errors = _errors(filled, _pass_on(desk, filled))
        ack(response_action="errors", errors=errors) if errors else ack()


def _ask(desk: Desk, press: Pressed, form: str, allowed: Outcome) -> None:
    if isinstance(allowed, Handoff):
        place = Place(allowed.id, press.click.channel, allowed.owner)
        show(desk, press, _drawn(desk.store, form, place, None))


def _drawn(store: Store, form: str, place: Place, chosen: str | None) -> Block:
    with store.reading() as tx:
        found = case(tx, place.handoff)
    if found is None:
        raise LookupError(f"a form of hand-off {place.handoff}, which does not exist")
    return FORMS[form](place, found, chosen)


def _redraw(desk: Desk, view: Body) -> None:
    """The form with the chosen reason's question. If another choice was faster, that one draws it."""
    place = Place.load(view["private_metadata"])
    try:
        form = _drawn(desk.store, view["callback_id"], place, _code(view))
        desk.slack.update_view(view["id"], view["hash"], form)
    except SlackFailure as error:
        log.warning("form not redrawn", error=str(error))


def _reject(desk: Desk, filled: Filled) -> Outcome:
    grounds = Grounds(filled.code, filled.answer, filled.comment)
    return reject(desk.store, desk.now(), filled.click, grounds)


def _pass_on(desk: Desk, filled: Filled) -> Outcome:
    answer = key_of(desk.store, filled.answer) if filled.person and filled.answer else filled.answer
    if answer is None:
        return Refusal(Why.FOLLOW_UP, STRANGER)
    said = NotMine(filled.code, answer, filled.comment, filled.place.owner)
    return pass_on(desk.store, desk.now(), filled.click, said)


def _filled(body: Body) -> Filled:
    view = body["view"]
    place, code, values = Place.load(view["private_metadata"]), _code(view) or "", view["state"]["values"]
    block = follow_up_block(code)
    asked = values.get(block, {}).get(ids.FOLLOW_UP, {})
    return Filled(
        place,
        Click(place.handoff, body["user"]["id"], place.channel),
        code,
        block if asked else ids.REASON,  # Slack shows no error at a field that the form does not have
        _answer(asked),
        "selected_user" in asked,
        values.get(ids.COMMENT, {}).get(ids.COMMENT, {}).get("value"),
    )


def _code(view: Body) -> str | None:
    option = view["state"]["values"].get(ids.REASON, {}).get(ids.REASON, {}).get("selected_option")
    return str(option["value"]) if option else None


def _answer(state: Body) -> str:
    """The follow-up as it is stored: text, ISO date, a Slack id, or option values separated by commas."""
    if "selected_options" in state:
        return ",".join(option["value"] for option in state["selected_options"])
    if state.get("selected_option"):
        return str(state["selected_option"]["value"])
    return str(state.get("selected_user") or state.get("selected_date") or state.get("value") or "")


def _errors(filled: Filled, outcome: Outcome) -> dict[str, str]:
    if not isinstance(outcome, Refusal) or outcome.why not in IN_FORM:
        return {}
    if outcome.why is not Why.FOLLOW_UP:
        return {filled.block: at_field(outcome.why, named=filled.person)}
    return {filled.block: ASK if filled.block == ids.REASON else outcome.words or ASK}
