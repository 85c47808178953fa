"""What is due becomes moves: ladders that climb, leads in a queue for which there is room now, verdicts of yesterday.

Each worker has a `Sweeper` and calls it at every tick. Safe to run in several processes at once: what one of them has
in hand the others pass over, and the moves compare and swap.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog

from bot.criteria.days import utc_day
from bot.handoff.routing import Entry, Queued
from bot.handoff.states import Handoff
from bot.moves.due import climb, climb_due, is_due, is_step
from bot.moves.offer import OFFERABLE, offer
from bot.moves.receive import judge_anew
from bot.store import handoffs, leads, queues
from bot.store.engine import Store

BATCH = 200
OFFERS = 50
"""How many waiting leads are taken up in one sweep, at most."""
ROUND = 5
"""How many of them although another one that waits for the same thing has to go on waiting."""
REST = timedelta(minutes=1)
"""How long what has failed is left alone; and how long what is long due can go unseen, see `Sweeper`."""
LATE = timedelta(minutes=5)

EVER = datetime.min.replace(tzinfo=UTC)
Result = TypeVar("Result")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Swept:
    """How many steps were taken, how many waiting leads were offered, and how many verdicts fell."""

    climbed: int
    offered: int
    fell: int


class Sweeper:
    """One worker's way through what is due. It remembers how far it came, what has failed, and whom it asked last.

    It looks from a little before the last due time it has dealt with; once every `REST` it looks at everything. So
    what turns up long overdue (somebody takes a decision back, another worker dies) waits for a minute at most.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since = EVER
        self._seen_all = EVER
        self._resting: dict[tuple[str, int], datetime] = {}
        self._asked = 0

    def sweep(self, now: datetime) -> Swept:
        """Do everything that is due at `now` (UTC)."""
        self._resting = {which: until for which, until in self._resting.items() if now < until <= now + REST}
        return Swept(self._climb(now), self._offer_waiting(now), self._judge_anew(now))

    def _climb(self, now: datetime) -> int:
        """Batch by batch, each from where the last one ended; a hand-off that fails is not met twice."""
        since, steps = self._begin(now), 0
        besides = self._tired("hand-off")
        with self._store.reading() as tx:
            if not handoffs.any_due(tx, now, since):
                return 0
        while (batch := climb_due(self._store, now, since, besides)).until:
            steps += batch.steps + sum(self._climb_alone(now, one) for one in batch.left)
            besides.update(batch.left)
            since = batch.until
            self._since = max(self._since, since - LATE)
        return steps

    def _begin(self, now: datetime) -> datetime:
        if self._seen_all <= now < self._seen_all + REST:
            return self._since
        self._seen_all, self._since = now, EVER
        return EVER

    def _climb_alone(self, now: datetime, handoff_id: int) -> int:
        """Every rung of one hand-off that is due, in transactions of their own."""
        steps = 0
        while True:
            with self._store.reading() as tx:
                seen = handoffs.get(tx, handoff_id)
            if seen is None or not is_due(seen, now):
                return steps
            outcome = self._safely("hand-off", climb, now, handoff_id)
            if not isinstance(outcome, Handoff):
                return steps
            steps += is_step(seen, outcome)

    def _offer_waiting(self, now: datetime) -> int:
        """The longest waiting first. Those who wait for the same thing wait until the first of them has got it.

        That is judged by the reason they stand there for, and leads differ: so a few of all are asked each time, in
        turn. A lead whose data is found wanting takes no room.
        """
        offered, hopeless, asked = 0, set[tuple[str, str]](), set[int]()
        for entry, in_turn in self._waiting():
            if entry.lead_id in asked or (not in_turn and (entry.queue, entry.reason) in hopeless):
                continue
            asked.add(entry.lead_id)
            outcome = self._safely("lead", offer, now, entry.lead_id)
            offered += isinstance(outcome, Handoff)
            if isinstance(outcome, Queued) and outcome.queue != "data-fix":
                hopeless.add((entry.queue, entry.reason))
        return offered

    def _waiting(self) -> Iterator[tuple[Entry, bool]]:
        """The first of each reason; then whose turn it is."""
        with self._store.reading() as tx:
            first = queues.heads(tx, OFFERABLE, OFFERS)
            turn = queues.next_in_round(tx, OFFERABLE, self._asked, ROUND) if first else []
        self._asked = turn[-1].lead_id if len(turn) == ROUND else 0
        tired = self._tired("lead")
        yield from ((entry, False) for entry in first if entry.lead_id not in tired)
        yield from ((entry, True) for entry in turn if entry.lead_id not in tired)

    def _judge_anew(self, now: datetime) -> int:
        """One batch per sweep, so that a new day never keeps what is due waiting."""
        with self._store.reading() as tx:
            waiting = leads.to_judge(tx, utc_day(now), BATCH)
        return sum(self._safely("verdict", judge_anew, now, lead_id) is True for lead_id in waiting)

    def _safely(
        self, what: str, move: Callable[[Store, datetime, int], Result], now: datetime, which: int
    ) -> Result | None:
        """One failing hand-off or lead must not hold up the others, nor be tried again at every tick."""
        try:
            return move(self._store, now, which)
        except Exception:
            self._resting[what, which] = now + REST
            log.exception("sweep step failed", what=what, which=which)
            return None

    def _tired(self, what: str) -> set[int]:
        return {which for kind, which in self._resting if kind == what}


def sweep(store: Store, now: datetime) -> Swept:
    """Everything that is due at `now` (UTC), by somebody who knows nothing of what was before."""
    return Sweeper(store).sweep(now)
