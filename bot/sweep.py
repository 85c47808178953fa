"""What is due becomes moves: ladders that climb, and leads in a queue for which there is room now.

Called by every worker's tick. Safe to run in several processes at once: the moves compare and swap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

import structlog

from bot.handoff.machine import Refusal
from bot.handoff.routing import Queue
from bot.moves.due import climb
from bot.moves.offer import offer
from bot.store import handoffs, queues
from bot.store.engine import Store

BATCH = 200
OFFERABLE: list[Queue] = ["overflow", "unassigned"]
"""Queues whose leads wait for nothing but room, or for somebody to be there."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Swept:
    """How many steps were taken, and how many waiting leads were offered."""

    climbed: int
    offered: int


def sweep(store: Store, now: datetime) -> Swept:
    """Do everything that is due at `now` (UTC)."""
    climbed = 0
    while steps := _climb_batch(store, now):
        climbed += steps
    return Swept(climbed, _offer_waiting(store, now))


def _climb_batch(store: Store, now: datetime) -> int:
    """One batch; 0 when nothing moved, so that a hand-off that fails cannot keep the sweep turning."""
    with store.reading() as tx:
        due = handoffs.due(tx, now, BATCH)
    return sum(_safely(_climb, store, now, handoff_id) for handoff_id in due)


def _offer_waiting(store: Store, now: datetime) -> int:
    """The longest waiting first, until there is no room for one: then there is none for those behind it."""
    with store.reading() as tx:
        waiting = queues.waiting(tx, OFFERABLE, BATCH)
    leads = (entry.lead_id for entry in waiting)
    return sum(1 for _ in takewhile(lambda lead_id: _safely(_offer, store, now, lead_id), leads))


def _climb(store: Store, now: datetime, handoff_id: int) -> bool:
    return not isinstance(climb(store, now, handoff_id), Refusal)


def _offer(store: Store, now: datetime, lead_id: int) -> bool:
    return offer(store, now, lead_id) is not None


def _safely(step: Callable[[Store, datetime, int], bool], store: Store, now: datetime, which: int) -> bool:
    """One failing hand-off or lead must not hold up the others."""
    try:
        return step(store, now, which)
    except Exception:
        log.exception("sweep step failed", which=which)
        return False
