"""One turn of a move: the transaction, the policy in force, and the time it happens at."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.config.policy import Policy
from bot.store import policies
from bot.store.engine import Store, Tx
from bot.store.leads import Raced

TRIES = 10
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Turn:
    """What every part of a move needs. `now` is UTC."""

    tx: Tx
    policy: Policy
    now: datetime


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
        yield Turn(tx, policies.current(tx), now)
