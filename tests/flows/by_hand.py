"""What no Slack client would send, or no longer: forged requests, outdated screens, buttons of last year."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from bot.blocks import ids
from tests.flows.slack_kit import ANA, SALES, SIGNING, Json, Office


def knock(address: str, payload: Json, *, secret: str = SIGNING, at: float = 0, **headers: str) -> int:
    """Send an interactivity payload to the bot by hand; the status it answers."""
    return _send(address, urlencode({"payload": json.dumps(payload)}), secret, at, headers)


def tell(address: str, event: Json) -> int:
    """Send an event to the bot by hand; the status it answers."""
    return _send(address, json.dumps(event), SIGNING, 0, {"Content_Type": "application/json"})


def _send(address: str, body: str, secret: str, at: float, headers: Mapping[str, str]) -> int:
    stamp = str(int(time.time() + at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body) or ""
    given = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{address}/slack/events", body.encode(), given)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def submission(baton: Office, code: str, answer: str) -> Json:
    """What Slack would send for the open form, with an answer put in by hand."""
    view = baton.page.modals(ANA)[-1]
    question = {"type": "plain_text_input", "value": answer}
    chosen = {"type": "static_select", "selected_option": {"value": code}}
    values = {ids.REASON: {ids.REASON: chosen}, f"{ids.FOLLOW_UP}:{code}": {ids.FOLLOW_UP: question}}
    return {
        "type": "view_submission",
        "team": {"id": "T0TEAM"},
        "user": {"id": ANA},
        "view": view | {"state": {"values": values}},
    }


def press_old(baton: Office, who: str, action: str, old: Json) -> None:
    """Press a button of a card as it looked before: a screen that has not been redrawn yet."""
    looks = baton.page.slack()
    ts = looks.post({"channel": SALES}, {"text": "as it was", "blocks": old["blocks"]}, {"kind": "old"})
    baton.press(who, action, {"channel": SALES, "ts": ts, "blocks": old["blocks"], "text": ""})


def press_by_hand(baton: Office, who: str, action: str, value: str) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Old"}, "action_id": action}
    _press(baton, who, button | ({"value": value} if value else {}))


def choose_by_hand(baton: Office, who: str, value: str) -> None:
    """An entry of a menu as some card may have had it."""
    entry = {"text": {"type": "plain_text", "text": "Old"}, "value": value}
    _press(baton, who, {"type": "overflow", "action_id": ids.MORE, "options": [entry]}, value)


def _press(baton: Office, who: str, element: Json, entry: str | None = None) -> None:
    row = {"type": "actions", "block_id": "old", "elements": [element]}
    ts = baton.page.slack().post({"channel": SALES}, {"text": "an old card", "blocks": [row]}, {"kind": "old"})
    baton.press(who, element["action_id"], {"channel": SALES, "ts": ts, "blocks": [row], "text": ""}, entry)
