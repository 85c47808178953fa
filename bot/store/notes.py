"""Notes about what happened outside, such as a trade fair or a new price list: answers mark the windows they lie in."""

from datetime import date, datetime

import sqlalchemy as sa

from bot.stats.notes import Note
from bot.store.engine import Tx
from bot.store.staff_tables import notes

_STANDING = sa.select(notes.c.id, notes.c.on, notes.c.words, notes.c.by).where(notes.c.removed_at.is_(None))


def add(tx: Tx, on: date, words: str, by: str | None, now: datetime) -> Note:
    """Somebody (a key; None: the command line) notes something about the UTC day `on`."""
    insert = sa.insert(notes).values(on=on, words=words, by=by, created_at=now).returning(notes.c.id)
    return Note(tx.execute(insert).scalar_one(), on, words, by)


def remove(tx: Tx, note_id: int, by: str | None, now: datetime) -> bool:
    """Take a note away; whether there was one. The row stays, with who did it."""
    one = (notes.c.id == note_id) & notes.c.removed_at.is_(None)
    return tx.execute(sa.update(notes).where(one).values(removed_at=now, removed_by=by)).rowcount == 1


def within(tx: Tx, first: date, last: date, as_of: datetime) -> list[Note]:
    """The notes about the UTC days from `first` to `last`, both included, in the order of their days.

    Those that were written by then (UTC), and have not been taken away since.
    """
    there = _STANDING.where(notes.c.on.between(first, last), notes.c.created_at <= as_of)
    return [Note(*row) for row in tx.execute(there.order_by(notes.c.on, notes.c.id))]


def newest(tx: Tx, most: int) -> list[Note]:
    """The notes about the latest days, those first."""
    query = _STANDING.order_by(notes.c.on.desc(), notes.c.id.desc()).limit(most)
    return [Note(*row) for row in tx.execute(query)]
