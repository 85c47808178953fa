"""Looks, independently of the sweep, for what should have happened and did not; tells operations in one message.

One per worker process, its own tick, its own queries. It mends nothing but a card that Slack has lost.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.handoff.finding import Finding, Trouble
from bot.handoff.notices import Notice, handoff_subject, ops_of
from bot.slack import Slack, SlackFailure
from bot.store import audit, messages, policies
from bot.store.audit import Card, Place
from bot.store.engine import Store, Tx

LATE = timedelta(seconds=90)
"""How long after its time a step may be taken: the sweep comes every second, and needs its time when much is due."""
STUCK = timedelta(minutes=5)
CARDS = 20
"""So many cards are looked for in Slack at each look."""
LEADS = 5_000
NAMED = 5

log = structlog.get_logger()
Clock = Callable[[], datetime]


class Auditor:
    """`look` once a minute. `now` is domain time, `wall` real time, both UTC."""

    def __init__(self, store: Store, slack: Slack, now: Clock, wall: Clock) -> None:
        self._store = store
        self._slack = slack
        self._now = now
        self._wall = wall
        self._place: Place | None = None
        self._lead = 0
        self._lost: set[int] = set()
        self._failed: set[int] = set()

    def look(self) -> list[Finding]:
        """Everything that is wrong; what is new of it today is told."""
        now = self._now()
        with self._store.reading() as tx:
            found = [*self._plain(tx, now), *self._crossings(tx, now)]
            again, cards = audit.cards_of(tx, self._failed), audit.cards(tx, self._place, CARDS)
        self._place = cards[-1].place if len(cards) == CARDS else None
        found += self._cards([*again, *cards])
        with self._store.transaction() as tx:
            self._tell(tx, found, now)
        return found

    def _plain(self, tx: Tx, now: datetime) -> Iterable[Finding]:
        people = policies.current(tx).people.persons
        gone = set(audit.owners(tx)) & audit.gone(tx) | (set(audit.owners(tx)) - set(people))
        yield from _finding(Trouble.STEP_LATE, audit.late_steps(tx, now - LATE))
        yield from _finding(Trouble.NO_OWNER, audit.without_owner(tx))
        yield from _finding(Trouble.OWNER_GONE, audit.owned_by(tx, gone) if gone else [])
        yield from _finding(Trouble.MESSAGE_STUCK, audit.stuck_messages(tx, self._wall() - STUCK))

    def _crossings(self, tx: Tx, now: datetime) -> Iterable[Finding]:
        """The next slice of leads, and once more those that were found before."""
        lost = audit.lost_crossings(tx, self._lead + 1, self._lead + LEADS, now - STUCK)
        self._lost = {one for each in self._lost for one in audit.lost_crossings(tx, each, each, now - STUCK)}
        self._lost |= set(lost)
        self._lead = self._lead + LEADS if self._lead + LEADS < audit.last_lead(tx) else 0
        return _finding(Trouble.CROSSING_LOST, sorted(self._lost))

    def _cards(self, cards: Sequence[Card]) -> Iterable[Finding]:
        """Whether open hand-offs have a card, and whether Slack still has it; one that it lost is posted anew."""
        self._failed = {card.place[2] for card in cards if card.status in {None, "failed"}}
        lost = [card.place[2] for card in cards if card.channel and card.ts and self._is_lost(card.channel, card.ts)]
        if lost:
            with self._store.transaction() as tx:
                for handoff_id in lost:
                    messages.touch(tx, handoff_subject(handoff_id))
        return [*_finding(Trouble.CARD_FAILED, sorted(self._failed)), *_finding(Trouble.CARD_LOST, lost)]

    def _is_lost(self, channel: str, ts: str) -> bool:
        try:
            return not self._slack.has(channel, ts)
        except SlackFailure:
            return False  # it cannot be asked now; what is wrong with the channel shows elsewhere

    def _tell(self, tx: Tx, found: Sequence[Finding], now: datetime) -> None:
        """One message about everything, when there is a kind of which nobody was told today."""
        audit.alone(tx)
        today, before = now.date(), audit.known(tx)
        news = [one for one in found if before.get(one.kind, (0, None))[1] != today]
        audit.keep(tx, found, now, today if news else None)
        if not news:
            return
        log.error("the auditor found", **{one.kind.value: one.count for one in found})
        detail = {"found": [[one.kind.value, one.count, one.sample] for one in found]}
        for ops in ops_of(policies.current(tx).people):
            messages.want(tx, Notice("audit", "audit", ops, now.isoformat()), now, detail)


def _finding(kind: Trouble, ids: Sequence[int]) -> list[Finding]:
    if not ids:
        return []
    more = ", …" if len(ids) > NAMED else ""
    return [Finding(kind, len(ids), ", ".join(str(one) for one in ids[:NAMED]) + more)]
