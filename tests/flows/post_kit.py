"""Delivery between a real database and a Slack that can be made unwell."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.delivery import Delivery
from bot.slack import Content, Place, Slack
from bot.store.engine import Store
from bot.store.tables import messages
from playground.records import Message
from tests.flows.slack_kit import Json, SlackPage, Wall
from tests.support import NOW

GRACE = 21
"""Seconds after which an uncertain message is looked up, and one more."""


class Odd(Slack):
    """A Slack to which something happens just before or just after the next post."""

    before_post: Callable[[], None] | None = None
    after_post: Callable[[], None] | None = None

    def post(self, place: Place, content: Content, identity: dict[str, Any]) -> str:
        before, self.before_post = self.before_post, None
        if before:
            before()
        ts = super().post(place, content, identity)
        after, self.after_post = self.after_post, None
        if after:
            after()
        return ts


@dataclass
class Post:
    """Delivery between a database and a Slack that can be made unwell."""

    page: SlackPage
    store: Store
    wall: Wall
    slack: Odd
    now: datetime = NOW
    delivery: Delivery = field(init=False)

    def __post_init__(self) -> None:
        self.delivery = Delivery(self.store, self.slack, self.wall, lambda: self.now)

    def deliver(self, *, after: float = 0) -> None:
        self.wall.pass_by(after)
        self.delivery.drain()

    def cards(self) -> list[Json]:
        return self.page.posted("card")

    def status(self, kind: str = "card") -> list[str]:
        with self.store.reading() as tx:
            query = sa.select(messages.c.status).where(messages.c.kind == kind).order_by(messages.c.id)
            return list(tx.execute(query).scalars())

    def delete(self, message: Json) -> None:
        """Somebody with the right to deletes a message in Slack."""
        kept: list[Message] = self.page.world.channels[message["channel"]].messages
        kept.remove(next(one for one in kept if one.ts == message["ts"]))
