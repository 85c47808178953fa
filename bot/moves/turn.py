"""One turn of a move: the transaction, the policy in force, the time it happens at, and what it asks Slack to show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.config.policy import Policy
from bot.handoff.notices import Notice
from bot.store import policies
from bot.store.asking import ask
from bot.store.engine import Store, Tx
from bot.store.leads import Raced

TRIES = 10
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Turn:
    """What every part of a move needs. `now` is UTC.

    Messages are asked for at the end of it, all at once: a move that waits for somebody else's holds none itself.
    """

    tx: Tx
    policy: Policy
    now: datetime
    wanted: list[Notice] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)

    def want(self, notice: Notice) -> None:
        """The message is to exist; if it does, it is redrawn."""
        self.wanted.append(notice)

    def touch(self, *subjects: str) -> None:
        """Something about `subjects` has changed: all their messages are to be drawn anew."""
        self.changed.update(subjects)


def unless_raced(once: Callable[[], Result]) -> Result:
    """Run a whole transaction, and again if somebody stored the same new lead at the same moment."""
    for _ in range(TRIES - 1):
        try:
            return once()
        except Raced:
            continue
    return once()


@contextmanager
def turn(store: Store, now: datetime, *, keep: bool = True) -> Iterator[Turn]:
    """A transaction under the policy in force: committed at the end of the block, rolled back by any error.

    Without `keep` nothing stays of it.
    """
    with store.transaction(keep=keep) as tx:
        here = Turn(tx, policies.current(tx), now)
        yield here
        if here.wanted or here.changed:
            ask(tx, here.wanted, here.changed, now)
