"""Messages that Slack would not show where they belong: let go of, once another way is found for what they say."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from bot.store.engine import Tx
from bot.store.messages import Message
from bot.store.tables import messages


@dataclass(frozen=True, slots=True)
class Reply:
    """A message that waits to stand in the thread of another one."""

    id: int
    kind: str
    occurrence: str


def replies(tx: Tx, subject: str, recipient: str, kinds: Collection[str]) -> list[Reply]:
    """Those of these kinds about `subject` that `recipient`, a channel, has never been shown."""
    query = sa.select(messages.c.id, messages.c.kind, messages.c.occurrence).where(
        messages.c.subject == subject,
        messages.c.recipient == recipient,
        messages.c.kind.in_(kinds),
        messages.c.ts.is_(None),
        messages.c.status.in_(["waiting", "sending", "uncertain"]),
    )
    return [Reply(*row) for row in tx.execute(query.order_by(messages.c.id))]


def let_go(tx: Tx, message: Message, others: Collection[int], error: str) -> None:
    """Neither `message` nor the `others` (ids) are tried any more until they change or are wanted again.

    What was never shown is `dropped`: nobody misses it there. What was shown has `failed`: its next change is tried.
    """
    ids = sorted({message.id, *others})
    locked = sa.select(messages.c.id).where(messages.c.id.in_(ids)).order_by(messages.c.id).with_for_update()
    status = sa.case((messages.c.ts.is_(None), "dropped"), else_="failed")
    mine = (messages.c.id != message.id) | (messages.c.lease_until == message.lease_until)
    statement = sa.update(messages).where(messages.c.id.in_(locked), mine)
    tx.execute(statement.values(status=status, error=error, lease_until=None, not_before=None))
