"""Answers of `/funnel` in a Slack stand-in: persons who ask, and who press what stands below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.blocks import ids
from bot.store import looks, shares
from bot.store.engine import Store
from bot.store.shares import Share
from bot.store.tables import handoffs, leads, messages
from playground.records import Message
from tests.flows.slack_kit import SALES, Json, Office, elements
from tests.store.answer_kit import Row, offered
from tests.support import NOW as THEN

NATIVE = ["data_table", "data_visualization", "table"]
DAY = timedelta(days=1)


def usual() -> list[Row]:
    """Nine hand-offs of the last days: six of a webinar, two of a partner, one of an advertisement."""
    return [
        *offered(5 * DAY, "accepted", many=4),
        *offered(6 * DAY, "rejected", many=2, reason="FIT_COMPANY", owner="ben", first_owner="ben"),
        *offered(4 * DAY, "accepted", many=2, source="partner", campaign="Fair"),
        *offered(4 * DAY, "expired", source="ads", campaign=None, owner="ben", first_owner="ben"),
    ]


def fill(store: Store, now: datetime, rows: Sequence[Row]) -> None:
    """Put hand-offs into the database, each of a lead of its own, their times moved to end `now`."""
    with store.transaction() as tx:
        for row in rows:
            lead = {"attributes": {}, "mql": True, "created_at": now, "updated_at": now, "name": "Elena Vialetto"}
            lead_id = tx.execute(sa.insert(leads).values(**lead).returning(leads.c.id)).scalar_one()
            moved = {key: one + (now - THEN) if isinstance(one, datetime) else one for key, one in row.items()}
            tx.execute(sa.insert(handoffs).values(**moved | {"lead_id": lead_id}))


@dataclass
class Asker:
    """Somebody in a channel of the office."""

    office: Office
    user: str
    channel: str = SALES

    def ask(self, text: str) -> Json:
        """Type a command; what the ack shows them."""
        self.act("command", channel=self.channel, text=f"/funnel {text}")
        return self.newest()

    def act(self, kind: str, **rest: Any) -> None:
        assert self.office.page.person(self.user).act(kind, **rest) == {"ok": True}

    def newest(self) -> Json:
        """What they alone were shown last."""
        return self.seen()[-1]

    def seen(self) -> list[Json]:
        """All that they alone were shown, oldest first."""
        world = self.office.page.world
        return [_shown(one) for (user, _, _), one in world.ephemerals.items() if user == self.user]

    def press(self, action: str, message: Json, value: str | None = None) -> None:
        """Press a button of a message, with another `value` where somebody forged one; send what follows from it."""
        rows = [row for row in message["blocks"] for one in elements(row) if one.get("action_id") == action]
        assert rows, f"no button {action} on: {message['text']}"
        if value is not None:
            self.forge(message, action, value)
        assert self.office.page.person(self.user).click(message, rows[0]["block_id"], action) == {"ok": True}
        self.office.delivery.drain()

    def forge(self, message: Json, action: str, value: str) -> None:
        """The button has this value from now on."""
        place = (self.user, message["channel"], message["ts"])
        for row in self.office.page.world.ephemerals[place].blocks or []:
            for one in elements(row):
                if one.get("action_id") == action:
                    one["value"] = value

    def form(self, message: Json) -> Json:
        """Open the form of *Share…*."""
        self.press(ids.FUNNEL_SHARE, message)
        [*_, view] = self.office.page.modals(self.user)
        return view

    def share(self, message: Json, to: str) -> Json:
        """Share an answer; what Slack shows of that in the form."""
        self.form(message)
        return self.submit(to)

    def submit(self, to: str) -> Json:
        sent = self.office.page.fill(self.user, **{ids.SHARE_TO: to})
        self.office.delivery.drain()
        return sent


def _shown(message: Message) -> Json:
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "blocks": message.blocks or [],
        "ephemeral": True,
    }


def kept(store: Store) -> list[Share]:
    """What `baton shares` tells, the last first."""
    with store.reading() as tx:
        return shares.newest(tx, 99)


def known(store: Store, now: datetime) -> dict[str, bool]:
    """What is known of this workspace's Slack."""
    with store.reading() as tx:
        return looks.known(tx, now)


def statuses(store: Store, kind: str) -> list[str]:
    """How the messages of a kind stand."""
    with store.reading() as tx:
        query = sa.select(messages.c.status).where(messages.c.kind == kind).order_by(messages.c.id)
        return list(tx.execute(query).scalars())


def types(message: Json) -> list[str]:
    """The types of its blocks."""
    return [block["type"] for block in message["blocks"]]
