"""What is open now, and who waits in the queues: `/funnel open`."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from bot.answers.case import claimed
from bot.handoff.notices import handoff_subject
from bot.handoff.open_cards import OfTier, OpenCards, OpenLead
from bot.store import cards, handoffs, leads, policies, queues
from bot.store import open_cards as rows
from bot.store.engine import Tx

MOST = 20
"""Cards that are listed one by one, over all tiers."""


def open_cards(tx: Tx, now: datetime, most: int = MOST) -> OpenCards:
    """As things stand at `now` (UTC), with the `most` urgent cards one by one."""
    policy = policies.current(tx)
    return OpenCards(
        at=now,
        tiers=tuple(_of_tiers(tx, list(policy.criteria.tiers), now, most)),
        queues=queues.counts(tx),
        people=policy.people,
    )


def open_cards_for(tx: Tx, slack: str, now: datetime) -> OpenCards:
    """The same for somebody in Slack (id): names are for those alone whom Baton was told of."""
    known = policies.current(tx).people.by_slack(slack) is not None
    found = open_cards(tx, now, MOST if known else 0)
    return found if known else replace(found, shown=False)


def open_leads(tx: Tx, ids: Iterable[int]) -> Iterator[OpenLead]:
    """Hand-offs with their leads, and where Slack shows their cards."""
    for handoff_id in ids:
        handoff = handoffs.get(tx, handoff_id)
        stored = leads.get(tx, handoff.lead_id) if handoff else None
        if handoff and stored:
            address = cards.address(tx, handoff_subject(handoff.id), handoff.channel)
            yield OpenLead(handoff, stored.lead, address, claimed(tx, handoff))


def _of_tiers(tx: Tx, urgency: list[str], now: datetime, room: int) -> Iterator[OfTier]:
    """The most urgent tier first; last those that the criteria have no more."""
    found = rows.counts(tx, now)
    for tier in sorted(found, key=lambda tier: (_place(tier, urgency), tier or "")):
        ids = rows.first(tx, tier, room) if room else []
        yield OfTier(tier, *found[tier], tuple(open_leads(tx, ids)))
        room -= len(ids)


def _place(tier: str | None, urgency: list[str]) -> int:
    return urgency.index(tier) if tier in urgency else len(urgency)
