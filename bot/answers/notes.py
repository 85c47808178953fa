"""Notes about what happened outside: stored, listed, taken away. Whether somebody may is for the door to ask."""

from datetime import datetime

from bot.stats.notes import LONGEST, Done, Noted
from bot.stats.query import NewNote, Notes
from bot.store import notes
from bot.store.engine import Tx

MOST = 20


def noted(tx: Tx, asked: NewNote | Notes, by: str | None, now: datetime) -> Noted:
    """The newest 20 notes, after what was asked for is done by somebody (a key; None: the command line).

    Words longer than 200 characters are not kept. A note that was removed marks no window any more.
    """
    done, number = _done(tx, asked, by, now)
    return Noted(tuple(notes.newest(tx, MOST)), done, number)


def _done(tx: Tx, asked: NewNote | Notes, by: str | None, now: datetime) -> tuple[Done | None, int | None]:
    if isinstance(asked, NewNote):
        if len(asked.words) > LONGEST:
            return "too long", None
        return "added", notes.add(tx, asked.on, asked.words, by, now).number
    if asked.remove is None:
        return None, None
    return ("removed" if notes.remove(tx, asked.remove, by, now) else "missing"), asked.remove
