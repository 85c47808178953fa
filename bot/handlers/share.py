"""The story of an answer that goes on: the buttons below it ask again, send it, share it or turn it into CSV.

What a press leads to comes as a message of its own, by delivery: nothing is said to Slack after the ack, the answer
that was there stays to be compared with, and a response_url, which lets anybody speak for Baton, is never stored. The
value of a button is a command, read anew with the rights of whoever presses it.
"""

import re
from dataclasses import replace

from slack_bolt import Ack, App

from bot.blocks import ids
from bot.blocks.drawing import Drawing
from bot.blocks.funnel.share_form import (
    LONGEST,
    NO_CHANNEL,
    NO_FORM,
    NOT_THERE,
    NOTHING,
    SENT,
    TOO_LONG,
    Place,
    is_channel,
    share_form,
)
from bot.blocks.funnel.slack import problem_blocks
from bot.funnel import told, understood, viewer
from bot.handlers.clicks import Body, Desk, opened
from bot.moves import share
from bot.moves.share import Press, Sent
from bot.stats.language.grammar import canonical, command
from bot.stats.query import Asked, Explain, Notes, Problem, Query, query_of
from bot.stats.visibility import for_channel, may_note, visible
from bot.store import policies


def register(app: App, desk: Desk) -> None:
    """The buttons below an answer, and the form that asks where to."""
    others = (ids.FUNNEL_DM, ids.FUNNEL_SHARE, ids.FUNNEL_CSV)

    @app.action(re.compile(f"^({ids.FUNNEL_ASK}_[0-9]+|{'|'.join(others)})$"))
    def clicked(ack: Ack, body: Body) -> None:
        action, text = body["actions"][0]["action_id"], str(body["actions"][0].get("value") or "")
        press = _press(body)
        if action == ids.FUNNEL_DM:
            problem = _send(desk, press, text)
        elif action == ids.FUNNEL_SHARE:
            problem = _open(desk, press, text, body.get("trigger_id", ""))
        else:
            problem = _ask(desk, press, text, csv=action == ids.FUNNEL_CSV)
        if problem:
            share.refuse(desk.store, desk.now(), press, problem)
        ack()

    @app.view(ids.SHARE_FORM)
    def sent(ack: Ack, body: Body) -> None:
        error = _shared(desk, body)
        ack(response_action="errors", errors={ids.SHARE_TO: error}) if error else ack()


def open_form(desk: Desk, trigger: str, text: str, user: str, channel: str) -> Drawing | None:
    """Ask where the answer to a line is to go. None where the form is open, else why it is not, for the ack."""
    problem = _open(desk, Press(user, channel, trigger), text, trigger)
    return problem_blocks(problem) if problem else None


def send_directly(desk: Desk, text: str, user: str) -> Drawing:
    """Send the answer to a line as a direct message; what is said of that in the ack."""
    problem = _send(desk, Press(user, user, desk.now().isoformat()), text)
    return problem_blocks(problem) if problem else SENT


def _press(body: Body) -> Press:
    """A press of a button is known by its message, so that two of them are one."""
    user, container = body["user"]["id"], body.get("container", {})
    channel = body.get("channel", {}).get("id") or container.get("channel_id") or user
    return Press(user, channel, f"{channel} {container.get('message_ts') or body.get('trigger_id', '')}")


def _ask(desk: Desk, press: Press, text: str, *, csv: bool) -> Problem | None:
    asked = _understood(desk, press, text) if csv else None
    if isinstance(asked, Query | Explain):
        asked = _as_csv(asked)
        share.keep_export(desk.store, desk.now(), press.user, asked)
        text = command(asked)
    share.ask(desk.store, desk.now(), press, text)
    return None


def _as_csv(asked: Query | Explain) -> Query | Explain:
    query = replace(query_of(asked), csv=True)
    query = replace(query, text=canonical(query))
    return replace(asked, query=query) if isinstance(asked, Explain) else query


def _send(desk: Desk, press: Press, text: str) -> Problem | None:
    asked = _sent(_understood(desk, press, text))
    if isinstance(asked, Problem):
        return asked
    problem = _private(desk, press, asked)
    if problem is None:
        share.send(desk.store, desk.now(), press, asked)
    return problem


def _open(desk: Desk, press: Press, text: str, trigger: str) -> Problem | None:
    """Open the form, unless the answer may go to no channel at all."""
    asked = _shareable(_understood(desk, press, text))
    if isinstance(asked, Problem):
        return asked
    place = Place(command(asked), press.channel)
    if len(place.command) > LONGEST:
        return TOO_LONG
    with desk.store.reading() as tx:
        people, who = policies.current(tx).people, viewer(tx, press.user)
    problem = for_channel(asked, who, people, "")
    if problem:
        return problem
    return None if opened(desk.slack, trigger, share_form(place, people.names_in)) else NO_FORM


def _shared(desk: Desk, body: Body) -> str | None:
    """Share what the form says. What is wrong, for the field, if anything is."""
    view, now = body["view"], desk.now()
    place = Place.load(view["private_metadata"])
    press = Press(body["user"]["id"], place.channel, str(view["id"]))
    to = str(view["state"]["values"].get(ids.SHARE_TO, {}).get(ids.SHARE_TO, {}).get("selected_conversation") or "")
    asked = _shareable(_understood(desk, press, place.command))
    if not is_channel(to):
        return NO_CHANNEL
    if isinstance(asked, Problem):
        return asked.words
    with desk.store.reading() as tx:
        people, who = policies.current(tx).people, viewer(tx, press.user)
        names = to in people.names_in
        problem = for_channel(asked, who, people, to)
        found = problem or told(tx, asked, now, who, public=True, names=names)
    if isinstance(found, Problem):
        return found.words
    if not desk.slack.reaches(to):
        return NOT_THERE
    share.share(desk.store, now, press, asked, to, names=names)
    return None


def _shareable(asked: Asked) -> Query | Explain | Problem:
    """Notes stand in every answer already."""
    sent = _sent(asked)
    return NOTHING if isinstance(sent, Notes) else sent


def _private(desk: Desk, press: Press, asked: Sent) -> Problem | None:
    """Why somebody may not have an answer; None if they may."""
    with desk.store.reading() as tx:
        people, who = policies.current(tx).people, viewer(tx, press.user)
    if isinstance(asked, Notes):
        return may_note(asked, who)
    allowed = visible(asked.query if isinstance(asked, Explain) else asked, who, people)
    return allowed if isinstance(allowed, Problem) else None


def _understood(desk: Desk, press: Press, text: str) -> Asked:
    with desk.store.reading() as tx:
        return understood(tx, text, desk.now(), viewer(tx, press.user))


def _sent(asked: Asked) -> Sent | Problem:
    """What of a question can go on, without what it said about where to."""
    match asked:
        case Query():
            plain = replace(asked, to="private", csv=False)
            return replace(plain, text=canonical(plain))
        case Explain():
            plain = replace(asked.query, to="private", csv=False)
            return replace(asked, query=replace(plain, text=canonical(plain)))
        case Notes(remove=None) | Problem():
            return asked
        case _:
            return NOTHING
