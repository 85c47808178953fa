"""One turn of a move: the transaction, the policy in force, and the time it happens at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.config.policy import Policy
from bot.store import policies
from bot.store.engine import Store, Tx


@dataclass(frozen=True, slots=True)
class Turn:
    """What every part of a move needs. `now` is UTC."""

    tx: Tx
    policy: Policy
    now: datetime


@contextmanager
def turn(store: Store, now: datetime) -> Iterator[Turn]:
    """A transaction under the policy in force: committed at the end of the block, rolled back by any error."""
    with store.transaction() as tx:
        yield Turn(tx, policies.current(tx), now)
