"""Where Slack shows the cards of hand-offs, and where it would not. Read-only: `messages` has the rows."""

import sqlalchemy as sa

from bot.store.engine import Tx
from bot.store.tables import messages

_CARDS = sa.select(messages.c.channel, messages.c.ts, messages.c.error).where(
    messages.c.kind == "card", messages.c.recipient == sa.bindparam("recipient")
)
_SHOWN = _CARDS.where(messages.c.subject == sa.bindparam("subject"), messages.c.ts.is_not(None))
_REFUSED = _CARDS.where(messages.c.error.is_not(None)).order_by(messages.c.created_at.desc()).limit(1)


def address(tx: Tx, subject: str, recipient: str | None) -> tuple[str, str] | None:
    """Channel and ts of the card that went to `recipient`, a channel or a person; None while Slack has none there."""
    row = tx.execute(_SHOWN, {"subject": subject, "recipient": recipient}).first()
    return (row.channel, row.ts) if row else None


def last_error(tx: Tx, channel: str) -> str | None:
    """What Slack said to the newest card that it would not show in `channel`."""
    row = tx.execute(_REFUSED, {"recipient": channel}).first()
    return row.error if row else None
