"""What numbers went where: every answer that was shared in a channel, sent to somebody, or written into a file."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from bot.store.engine import Tx
from bot.store.staff_tables import shares

How = Literal["share", "dm", "csv", "command_line"]


@dataclass(frozen=True, slots=True)
class Share:
    """The answer to `query` (the command) went out `at` a moment (UTC), by a person's key.

    `where` is a channel, if it went to one; `names` says whether people were named in it.
    """

    at: datetime
    by: str | None
    how: How
    where: str | None
    query: str
    names: bool


_COLUMNS = [shares.c[name] for name in Share.__dataclass_fields__]


def add(tx: Tx, share: Share) -> None:
    """Keep what went out."""
    tx.execute(sa.insert(shares).values(**asdict(share)))


def newest(tx: Tx, most: int) -> list[Share]:
    """What went out last, the last first."""
    query = sa.select(*_COLUMNS).order_by(shares.c.id.desc()).limit(most)
    return [Share(*row) for row in tx.execute(query)]
