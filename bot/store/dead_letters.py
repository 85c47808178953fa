"""What came in and could not be taken: kept readable, with what was wrong, so that nothing is lost."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.engine import Tx
from bot.store.tables import dead_letters


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One refused item: which door, its place in the batch, its text as sent, and the faults in words."""

    door: str
    position: int
    body: str
    faults: Sequence[str]
    received_at: datetime


_COLUMNS = [dead_letters.c[name] for name in ("door", "position", "body", "faults", "received_at")]


def keep(tx: Tx, letters: Sequence[DeadLetter]) -> None:
    """Store refused items."""
    rows = [asdict(one) | {"faults": list(one.faults)} for one in letters]
    if rows:
        tx.execute(sa.insert(dead_letters), rows)


def newest(tx: Tx, most: int) -> list[DeadLetter]:
    """The latest refused items, newest first."""
    query = sa.select(*_COLUMNS).order_by(dead_letters.c.id.desc()).limit(most)
    return [DeadLetter(*row) for row in tx.execute(query)]
