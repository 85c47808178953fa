"""What is clicked on: a database full of open hand-offs, and signed clicks of Accept on each of them."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from bench.server import SIGNING_SECRET
from bot.answers.case import case
from bot.blocks import ids
from bot.blocks.card import card
from bot.config import load
from bot.lead import Lead, Signal
from bot.moves.receive import Incoming, receive
from bot.store import policies
from bot.store.engine import Store
from bot.store.tables import handoffs, history, leads, messages, metadata

OWNER, CHANNEL = "U0ANA", "C0SALES"
PEOPLE = f"""
persons:
  ana: {{name: Ana Ruiz, slack: {OWNER}, role: rep}}
  maya: {{name: Maya Lindqvist, slack: U0MAYA, role: manager}}
teams:
  sales: {{name: Sales, channel: {CHANNEL}, manager: maya, members: [ana]}}
feedback_channel: C0FEEDBACK
"""
LEAD = Lead(
    email="elena@vialetto.example",
    name="Elena Vialetto",
    company="Vialetto S.p.A.",
    title="Head of Operations",
    source="webinar",
    campaign="Q4 webinar",
)


@dataclass(frozen=True, slots=True)
class Count:
    """Hand-offs that stand accepted, and acceptances that the history tells of."""

    accepted: int
    told: int


def fill(store: Store, many: int) -> list[dict[str, Any]]:
    """Make the tables, offer one lead, and copy it until `many` hand-offs are open. The blocks of its card."""
    metadata.create_all(store.engine)
    now = datetime.now(UTC)
    texts = {**load.texts(None), "people.yaml": PEOPLE}
    with store.transaction() as tx:
        policies.apply(tx, load.parse(texts), texts, now)
    receive(store, now, Incoming(LEAD, [Signal("demo", "demo_request", now, "please call")]))
    with store.transaction() as tx:
        tx.execute(sa.update(messages).values(status="sent", shown=1, channel=CHANNEL, ts="1700000000.000100"))
        for table, changing in ((leads, ("id",)), (handoffs, ("id", "lead_id")), (messages, ("subject",))):
            _copy(tx, table, changing, range(2, many + 1))
        offered = case(tx, 1)
    with store.engine.connect() as analyzing:
        analyzing.execute(sa.text("ANALYZE"))
        analyzing.commit()
    if offered is None:
        raise RuntimeError("hand-off 1: is missing, expected it after a lead that crosses")
    return card(offered).blocks


def count(store: Store) -> Count:
    """What the database says about all clicks so far."""
    with store.reading() as tx:
        accepted = sa.select(sa.func.count()).where(handoffs.c.state == "accepted")
        told = sa.select(sa.func.count()).where(history.c.kind == "accepted")
        return Count(tx.execute(accepted).scalar_one(), tx.execute(told).scalar_one())


def clicks(numbers: Iterable[int], blocks: Sequence[dict[str, Any]]) -> list[bytes]:
    """Whole HTTP requests, signed now: the owner's first press of Accept on each of these hand-offs."""
    return [_request(urlencode({"payload": json.dumps(_payload(number, blocks))})) for number in numbers]


def _copy(tx: sa.Connection, table: sa.Table, changing: Sequence[str], numbers: Iterable[int]) -> None:
    """Row 1 of the table, once for each number. Ids nobody refers to are left to the database to count."""
    first = dict(tx.execute(sa.select(table).where(table.c.id == 1)).one()._mapping)
    del first["id"]
    named = {name: (lambda number: f"handoff:{number}") if name == "subject" else int for name in changing}
    rows = [{**first, **{name: value(number) for name, value in named.items()}} for number in numbers]
    tx.execute(sa.insert(table), rows)


def _request(body: str) -> bytes:
    stamp = str(int(time.time()))
    signed = hmac.new(SIGNING_SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1",
        "Host: 127.0.0.1",
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept: application/json,*/*",
        "Content-Type: application/x-www-form-urlencoded",
        f"X-Slack-Request-Timestamp: {stamp}",
        f"X-Slack-Signature: v0={signed}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join([*head, "", body]).encode()


def _payload(number: int, blocks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What Slack sends for a button of a message: the whole card travels along."""
    ts = "1700000000.000100"
    message = {"type": "message", "user": "U0BATON", "ts": ts, "bot_id": "B0BATON", "app_id": "A0BATON"}
    return {
        "type": "block_actions",
        "user": {"id": OWNER, "username": "ana", "name": "ana", "team_id": "T0"},
        "api_app_id": "A0BATON",
        "token": "unused",
        "container": {"type": "message", "message_ts": ts, "channel_id": CHANNEL, "is_ephemeral": False},
        "trigger_id": "1.2.a",
        "team": {"id": "T0", "domain": "company"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": CHANNEL, "name": "sales"},
        "message": {**message, "text": "New lead", "team": "T0", "blocks": blocks},
        "state": {"values": {}},
        "response_url": "https://hooks.slack.example/actions/T0/1/a",
        "actions": [
            {
                "action_id": ids.ACCEPT,
                "block_id": f"handoff:{number}",
                "text": {"type": "plain_text", "text": "Accept", "emoji": True},
                "value": str(number),
                "style": "primary",
                "type": "button",
                "action_ts": ts,
            }
        ],
    }
