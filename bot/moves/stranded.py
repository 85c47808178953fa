"""Leads whose owner is not there: gone, not configured any more, or away until after they are due. Others get them.

And leads for which nobody is there: whoever can bring somebody back is told. Called by `bot.attendance`, at its tick.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import NamedTuple

import structlog

from bot.clock.calendar import Calendar, NeverOpen
from bot.config.policy import Policy, without
from bot.handoff.absence import Absence
from bot.handoff.events import HANDED
from bot.handoff.notices import waiting_notices
from bot.handoff.routing import Queue
from bot.handoff.states import Handoff
from bot.lead import Leave
from bot.moves.hand_on import replace_owner
from bot.moves.turn import turn
from bot.store import absences, audit, history, policies, profiles, turns
from bot.store.engine import Store, Tx
from bot.store.turns import Card

NOT_CONFIGURED = "is not in the configuration any more"
LEFT = "left Slack"

log = structlog.get_logger()


def rehome(store: Store, now: datetime, most: int) -> int:
    """Give up to `most` leads to somebody who is there, a transaction for each; how many were."""
    moved = 0
    with store.reading() as tx:
        stranded = list(_stranded(tx, policies.current(tx), now))
    for owner, handoff_id, why in stranded:
        try:
            outcome = replace_owner(store, now, handoff_id, owner, why)
        except Exception:  # stops none of the others
            log.exception("a lead stays with somebody who is not there", handoff=handoff_id, owner=owner)
            continue
        moved += isinstance(outcome, Handoff)
        if moved == most:
            break
    return moved


def tell_waiting(store: Store, now: datetime, queue: Queue) -> None:
    """Managers and operations learn, once a day, that leads wait in `queue` for somebody to be there or have room."""
    with turn(store, now) as here:
        told = waiting_notices(queue, now, here.policy.people)
        here.wanted.extend(told)
    if not told:
        log.warning("leads wait, and nobody is configured who could be told", queue=queue)


def _stranded(tx: Tx, policy: Policy, now: datetime) -> Iterator[tuple[str, int, str]]:
    """Owner (key), hand-off and why; for each owner those first that are due first."""
    gone, owners = profiles.gone(tx), audit.owners(tx)
    applied = policies.since(tx) or datetime.min.replace(tzinfo=UTC)
    told: dict[str, list[Absence]] = {owner: [] for owner in owners}
    for one in absences.standing(tx, owners):
        told[one.person].append(one)
    for owner in owners:
        try:
            known = _known(policy, applied, owner, told[owner])
        except (ValueError, OverflowError):  # days that no clock of theirs can show: others wait for no such thing
            log.exception("it cannot be told whether somebody is away", person=owner)
            continue
        for card in turns.cards_of(tx, owner):
            if owner in gone or known is None:
                yield owner, card.handoff, LEFT if owner in gone else NOT_CONFIGURED
                continue
            away = (one for one in known.off_for(card, now) if not _given_by_hand(tx, card.handoff, one.begins))
            if off := next(away, None):
                yield owner, card.handoff, f"is away: {off.leave.label}"


def _given_by_hand(tx: Tx, handoff_id: int, since: datetime) -> bool:
    """Whether a person chose its owner after then (UTC), away as they were: no newer configuration undoes that."""
    handed = [event for event in history.of_handoff(tx, handoff_id) if event.kind in HANDED]
    return bool(handed) and handed[-1].by is not None and handed[-1].at >= since


class _Off(NamedTuple):
    """Days off, when they begin, and since when it counts for leads: not before somebody had said so (UTC).

    Since when the configuration has said so nobody knows, so that its days begin at their midnight. Of those that
    somebody told it is known: what a person gave them that morning, before they fell ill, was not meant so.
    """

    leave: Leave
    begins: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class _Owner:
    """Somebody whom the configuration knows: their hours without the days off, and those days."""

    hours: Calendar
    off: tuple[_Off, ...]

    def off_for(self, card: Card, now: datetime) -> Iterator[_Off]:
        """The days for which a card cannot stay with them. What they got while away was meant so."""
        day = now.astimezone(self.hours.zone).date()
        for one in self.off:
            begun = one.since <= now and (one.leave.last is None or day <= one.leave.last)
            if begun and card.since <= one.since and not self._back_before(card.due_at, now):
                yield one

    def _back_before(self, due: datetime | None, now: datetime) -> bool:
        if due is None or any(one.leave.last is None and one.since <= now for one in self.off):
            return False
        try:
            return self.hours.opens(now) < due
        except NeverOpen:
            return False


def _known(policy: Policy, applied: datetime, owner: str, told: Sequence[Absence]) -> _Owner | None:
    """`applied` is when the configuration said so (UTC)."""
    person = policy.people.persons.get(owner)
    if person is None:
        return None
    hours = policy.hours_of(owner)

    def start(leave: Leave) -> datetime:
        return datetime.combine(leave.first, time(), hours.zone).astimezone(UTC)

    off = [_Off(one, start(one), max(start(one), applied)) for one in person.leave]
    for one in told:
        since = max(start(one.leave), one.began_at)
        off.append(_Off(one.leave, since, since))
    return _Owner(without(hours, [one.leave for one in off]), tuple(off))
