"""What is due becomes moves: ladders that climb, leads in a queue for which there is room now, verdicts of yesterday.

Called by every worker's tick. Safe to run in several processes at once: the moves compare and swap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import TypeVar

import structlog

from bot.criteria.days import utc_day
from bot.handoff.routing import Queue, Queued
from bot.handoff.states import Handoff
from bot.moves.due import climb
from bot.moves.offer import offer
from bot.moves.receive import judge_anew
from bot.store import handoffs, leads, queues
from bot.store.engine import Store

BATCH = 200
OFFERABLE: list[Queue] = ["overflow", "unassigned"]
"""Queues whose leads wait for nothing but room, or for somebody to be there."""

Result = TypeVar("Result")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Swept:
    """How many steps were taken, how many waiting leads were offered, and how many verdicts fell."""

    climbed: int
    offered: int
    fell: int


def sweep(store: Store, now: datetime) -> Swept:
    """Do everything that is due at `now` (UTC)."""
    climbed = 0
    while steps := _climb_batch(store, now):
        climbed += steps
    return Swept(climbed, _offer_waiting(store, now), _judge_anew(store, now))


def _climb_batch(store: Store, now: datetime) -> int:
    """One batch; 0 when nothing moved, so that a hand-off that fails cannot keep the sweep turning."""
    with store.reading() as tx:
        due = handoffs.due(tx, now, BATCH)
    return sum(isinstance(_safely(climb, store, now, handoff_id), Handoff) for handoff_id in due)


def _offer_waiting(store: Store, now: datetime) -> int:
    """The longest waiting first, until there is no room for one: then there is none for those behind it.

    A lead whose data is found wanting takes no room.
    """
    with store.reading() as tx:
        waiting = queues.waiting(tx, OFFERABLE, BATCH)
    outcomes = (_safely(offer, store, now, entry.lead_id) for entry in waiting)
    return sum(
        isinstance(one, Handoff)
        for one in takewhile(lambda one: not isinstance(one, Queued) or one.queue == "data-fix", outcomes)
    )


def _judge_anew(store: Store, now: datetime) -> int:
    """One batch per sweep, so that a new day never keeps what is due waiting."""
    with store.reading() as tx:
        waiting = leads.to_judge(tx, utc_day(now), BATCH)
    return sum(_safely(judge_anew, store, now, lead_id) is True for lead_id in waiting)


def _safely(step: Callable[[Store, datetime, int], Result], store: Store, now: datetime, which: int) -> Result | None:
    """One failing hand-off or lead must not hold up the others."""
    try:
        return step(store, now, which)
    except Exception:
        log.exception("sweep step failed", which=which)
        return None
