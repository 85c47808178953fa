"""What the auditor looks for in the tables, by queries of its own: the sweep's and the moves' may be what is wrong.

Each costs little, however many rows there are; where only a scan could tell, a slice is looked at each time.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.handoff.finding import Finding, Trouble
from bot.store.engine import Tx
from bot.store.staff_tables import profiles
from bot.store.tables import findings, handoffs, leads, messages, queue_entries

MOST = 1000
"""More than this of one kind are not counted: it is enough to know that something is badly wrong."""

_OPEN = sa.text("handoffs.state = 'offered' AND NOT handoffs.imported")
_UNSETTLED = sa.text("messages.status IN ('waiting', 'sending', 'uncertain')")
_ALONE = sa.select(sa.func.pg_advisory_xact_lock(sa.literal(0xA0D17)))
_PLACE = (handoffs.c.owner, handoffs.c.due_at, handoffs.c.id)

Place = tuple[str, datetime, int]
"""Where in the order of open hand-offs a look has got to: owner, due time (UTC), id."""


class Card(NamedTuple):
    """An open hand-off and its card, as far as Slack took it: `ts` is None where it did not."""

    place: Place
    status: str | None
    channel: str | None
    ts: str | None


def late_steps(tx: Tx, before: datetime) -> list[int]:
    """Hand-offs with a step that was due before then (UTC)."""
    query = sa.select(handoffs.c.id).where(handoffs.c.next_due_at < before).order_by(handoffs.c.next_due_at)
    return list(tx.execute(query.limit(MOST)).scalars())


def oldest_step(tx: Tx) -> datetime | None:
    """When the step that comes next, or is most overdue, is due (UTC)."""
    query = sa.select(handoffs.c.next_due_at).where(handoffs.c.next_due_at.is_not(None))
    return tx.execute(query.order_by(handoffs.c.next_due_at).limit(1)).scalar_one_or_none()


def without_owner(tx: Tx) -> list[int]:
    """Open hand-offs that belong to nobody, and whose lead stands in no queue."""
    queued = sa.exists().where(queue_entries.c.lead_id == handoffs.c.lead_id, queue_entries.c.left_at.is_(None))
    query = sa.select(handoffs.c.id).where(_OPEN, handoffs.c.owner.is_(None), ~queued)
    return list(tx.execute(query.limit(MOST)).scalars())


def owners(tx: Tx) -> list[str]:
    """Everybody who owns an open hand-off, found by leaps through the index: as many steps as there are owners."""
    least = sa.select(sa.func.min(handoffs.c.owner)).where(_OPEN, handoffs.c.owner > sa.bindparam("last"))
    found = [""]
    while (owner := tx.execute(least, {"last": found[-1]}).scalar_one()) is not None:
        found.append(owner)
    return found[1:]


def gone(tx: Tx) -> set[str]:
    """Those (keys) whose Slack account is no more."""
    return set(tx.execute(sa.select(profiles.c.person).where(profiles.c.gone)).scalars())


def owned_by(tx: Tx, people: Collection[str]) -> list[int]:
    """Open hand-offs of these people (keys)."""
    query = sa.select(handoffs.c.id).where(_OPEN, handoffs.c.owner.in_(people)).limit(MOST)
    return list(tx.execute(query).scalars())


def stuck_messages(tx: Tx, before: datetime) -> list[int]:
    """Messages that were asked for before then (UTC, real time) and are still on their way, the auditor's own aside."""
    late = messages.c.queued_at < before
    query = sa.select(messages.c.id).where(_UNSETTLED, late, messages.c.kind != "audit").order_by(messages.c.id)
    return list(tx.execute(query.limit(MOST)).scalars())


def cards(tx: Tx, after: Place | None, most: int) -> list[Card]:
    """The next open hand-offs in their order, from the first one without `after`."""
    following = _cards().where(sa.tuple_(*_PLACE) > sa.tuple_(*after)) if after else _cards()
    return [_card(row) for row in tx.execute(following.limit(most))]


def cards_of(tx: Tx, ids: Collection[int]) -> list[Card]:
    """Of these hand-offs those that are open."""
    return [_card(row) for row in tx.execute(_cards().where(handoffs.c.id.in_(ids)))]


def _card(row: sa.Row[Any]) -> Card:
    return Card((row.owner, row.due_at, row.id), row.status, row.channel, row.ts)


def _cards() -> sa.Select[Any]:
    subject = sa.literal("handoff:") + sa.cast(handoffs.c.id, sa.Text)
    card = sa.and_(messages.c.subject == subject, messages.c.kind == "card", messages.c.recipient == handoffs.c.channel)
    return (
        sa.select(*_PLACE, messages.c.status, messages.c.channel, messages.c.ts)
        .select_from(handoffs.outerjoin(messages, card))
        .where(_OPEN, handoffs.c.owner.is_not(None), handoffs.c.due_at.is_not(None))
        .order_by(*_PLACE)
    )


def lost_crossings(tx: Tx, first: int, last: int, before: datetime) -> list[int]:
    """Of the leads with these ids: MQLs that crossed before then (UTC), without a hand-off and in no queue since."""
    since = leads.c.crossed_at
    own = sa.and_(handoffs.c.lead_id == leads.c.id, ~handoffs.c.imported)
    ended = sa.func.coalesce(handoffs.c.decided_at, handoffs.c.expired_at, handoffs.c.lapsed_at, handoffs.c.voided_at)
    live = handoffs.c.state.in_(["offered", "accepted", "qualified"])
    offered = sa.exists().where(own, (handoffs.c.offered_at >= since) | live | (ended >= since))
    left = queue_entries.c.left_at
    queued = sa.exists().where(queue_entries.c.lead_id == leads.c.id, left.is_(None) | (left >= since))
    query = sa.select(leads.c.id).where(leads.c.id.between(first, last), leads.c.mql, since < before)
    return list(tx.execute(query.where(~offered, ~queued)).scalars())


def last_lead(tx: Tx) -> int:
    """The newest lead's id; 0 where there is none."""
    return tx.execute(sa.select(sa.func.max(leads.c.id))).scalar_one() or 0


def alone(tx: Tx) -> None:
    """Hold back the auditors of other processes until this transaction ends: each thing is told once."""
    if tx.dialect.name == "postgresql":
        tx.execute(_ALONE)


def unsettled(tx: Tx) -> dict[str, int]:
    """How many messages are on their way, by status; those with none are left out."""
    rows = tx.execute(sa.select(messages.c.status, sa.func.count()).where(_UNSETTLED).group_by(messages.c.status))
    return {row[0]: row[1] for row in rows}


def known(tx: Tx) -> dict[Trouble, tuple[int, date | None]]:
    """What was found at the last look: how many of each kind, and on which UTC day operations was told."""
    rows = tx.execute(sa.select(findings.c.kind, findings.c.count, findings.c.told_on))
    return {Trouble(kind): (count, told_on) for kind, count, told_on in rows}


def keep(tx: Tx, found: Sequence[Finding], now: datetime, told_on: date | None) -> None:
    """Replace what was found before; `told_on` is the UTC day on which operations was told of all of it, if it was.

    Of what was told that day a row stays, with a count of 0 once it is mended.
    """
    before = {row.kind: row for row in tx.execute(sa.select(findings))}
    tx.execute(sa.delete(findings))
    mended = [Finding(Trouble(kind), 0, "") for kind, row in before.items() if row.told_on == now.date()]
    here = {one.kind for one in found}
    for one in [*found, *(one for one in mended if one.kind not in here)]:
        earlier = before.get(one.kind.value)
        values = {"kind": one.kind.value, "count": one.count, "sample": one.sample}
        since, told = (earlier.since, earlier.told_on) if earlier else (now, None)
        tx.execute(sa.insert(findings).values(**values, since=since, told_on=told_on or told))
