"""The story of the home tab: it is drawn whenever somebody opens it, and after each of its buttons.

The buttons about who is away work in direct messages too. Slack draws the tab before the ack: like a form it is for
the person who looks at it now, and can be drawn again at any time.
"""

import re
from datetime import date

import structlog
from slack_bolt import Ack, App

from bot.answers.home import home, presence
from bot.blocks import ids
from bot.blocks.home import away_form, home_view
from bot.blocks.refused import refused
from bot.handlers.clicks import Body, Desk, key_of, links, number, opened
from bot.handoff.absence import Absence
from bot.handoff.decision import Refusal, Why
from bot.lead import Leave
from bot.moves.attendance import press_away, press_back, press_status
from bot.moves.carry import Click, excuse
from bot.slack import SlackFailure

log = structlog.get_logger()

BUTTONS = (ids.BACK, ids.AWAY, ids.STATUS_AWAY, ids.STATUS_HERE)


def register(app: App, desk: Desk) -> None:
    """The tab as it is opened, its buttons, and its form."""

    @app.event("app_home_opened")
    def looked(event: Body) -> None:
        if event.get("tab") == "home":
            _draw(desk, event["user"])

    @app.action(re.compile(f"^({'|'.join(BUTTONS)})$"))
    def pressed(ack: Ack, body: Body) -> None:
        why, channel = _pressed(desk, body), body.get("channel", {}).get("id")
        if why and channel:
            excuse(desk.store, desk.now(), Click(0, body["user"]["id"], channel), why)
        elif not channel:
            _draw(desk, body["user"]["id"], why)
        ack()

    @app.view(ids.AWAY_FORM)
    def sent(ack: Ack, body: Body) -> None:
        outcome = _sent(desk, body)
        if isinstance(outcome, Refusal) and outcome.why is Why.FOLLOW_UP:
            ack(response_action="errors", errors={ids.LAST_DAY: outcome.words or ""})
            return
        _draw(desk, body["user"]["id"], outcome.why if isinstance(outcome, Refusal) else None)
        ack()


def _draw(desk: Desk, user: str, why: Why | None = None) -> None:
    """The tab as things stand, and why the last press changed nothing. Where Slack fails, the next look draws it."""
    now = desk.now()
    with desk.store.reading() as tx:
        found = home(tx, user, now)
    cards = {one.handoff.id: one.card for one in found.leads if one.card} if found else {}
    note = refused(why, None).text if why else ""
    try:
        desk.slack.publish_home(user, home_view(found, links(desk.slack, cards), now, note))
    except SlackFailure as error:
        log.warning("home not drawn", error=str(error))


def _pressed(desk: Desk, body: Body) -> Why | None:
    """Why it changed nothing."""
    given, user = body["actions"][0], body["user"]["id"]
    value = str(given.get("value", ""))
    if given["action_id"] == ids.AWAY:
        return _ask(desk, value, body)
    if given["action_id"] == ids.BACK:
        done: Absence | Refusal | None = press_back(desk.store, desk.now(), number(value), user)
    else:
        done = press_status(desk.store, desk.now(), value, user, away=given["action_id"] == ids.STATUS_AWAY)
    return done.why if isinstance(done, Refusal) else None


def _ask(desk: Desk, key: str, body: Body) -> Why | None:
    """Open the form about somebody; whether it may be sent is asked when it is."""
    with desk.store.reading() as tx:
        asked = presence(tx, key, desk.now())
    if asked is None:
        return Why.UNKNOWN
    own = key_of(desk.store, body["user"]["id"]) == key
    return None if opened(desk.slack, body["trigger_id"], away_form(asked, own)) else Why.NO_FORM


def _sent(desk: Desk, body: Body) -> Absence | Refusal:
    values, key = body["view"]["state"]["values"], body["view"]["private_metadata"]
    first, last = (_day(values, block) for block in (ids.FIRST_DAY, ids.LAST_DAY))
    label = str(values.get(ids.LABEL, {}).get(ids.LABEL, {}).get("value") or "").strip()
    with desk.store.reading() as tx:
        asked = presence(tx, key, desk.now())
    if asked is None:
        return Refusal(Why.UNKNOWN)
    leave = Leave(first or asked.today, last, label or "Out of office")
    return press_away(desk.store, desk.now(), key, leave, body["user"]["id"])


def _day(values: Body, block: str) -> date | None:
    chosen = values.get(block, {}).get(block, {}).get("selected_date")
    return date.fromisoformat(chosen) if chosen else None
