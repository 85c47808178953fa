"""What routing needs to know of the people it chooses among: what they are owed, and how much they have."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from bot.handoff.routing import WHOLE
from bot.handoff.states import State
from bot.store.engine import Tx, insert_into
from bot.store.staff_tables import turns
from bot.store.tables import handoffs

_BALANCES = sa.select(turns.c.person, turns.c.balance)
_OPEN = (
    sa.select(handoffs.c.owner, sa.func.count())
    .where(handoffs.c.owner.in_(sa.bindparam("people", expanding=True)))
    .where(handoffs.c.state == sa.literal_column(f"'{State.OFFERED.value}'"), ~handoffs.c.imported)
    .group_by(handoffs.c.owner)
)
_CARDS_OF = (
    sa.select(handoffs.c.id, handoffs.c.due_at, sa.func.coalesce(handoffs.c.owner_since, handoffs.c.offered_at))
    .where(handoffs.c.owner == sa.bindparam("person"))
    .where(handoffs.c.state == sa.literal_column(f"'{State.OFFERED.value}'"), ~handoffs.c.imported)
    .order_by(handoffs.c.due_at, handoffs.c.id)
)
_SINCE = (
    sa.select(handoffs.c.owner, sa.func.count())
    .where(handoffs.c.owner.in_(sa.bindparam("people", expanding=True)))
    .where(handoffs.c.owner_since >= sa.bindparam("since"), ~handoffs.c.imported)
    .group_by(handoffs.c.owner)
)


class Card(NamedTuple):
    """An open card: its hand-off, when it is due and since when it is its owner's (UTC)."""

    handoff: int
    due_at: datetime | None
    since: datetime


def balances(tx: Tx) -> dict[str, int]:
    """How much of a lead each person is owed, in millionths; who is not there is owed nothing."""
    return {row.person: row.balance for row in tx.execute(_BALANCES)}


def settle(tx: Tx, shares: Mapping[str, int], winner: str) -> None:
    """Everybody who could have had a lead has earned their share of it; whoever got it has been paid a whole one.

    Call it after `handoffs.take_turns` only: balances are read, then written.
    """
    if not shares:
        return
    due = {**shares, winner: shares.get(winner, 0) - WHOLE}
    insert = insert_into(turns, tx.dialect.name)
    upsert = insert.on_conflict_do_update(
        index_elements=[turns.c.person], set_={"balance": turns.c.balance + insert.excluded.balance}
    )
    tx.execute(upsert, [{"person": person, "balance": part} for person, part in sorted(due.items())])


def open_cards(tx: Tx, people: Collection[str]) -> dict[str, int]:
    """How many open cards each of `people` has; nothing for those who have none."""
    return {row[0]: row[1] for row in tx.execute(_OPEN, {"people": list(people)})} if people else {}


def cards_of(tx: Tx, person: str) -> list[Card]:
    """The open cards of somebody (key), those that are due first first."""
    return [Card(*row) for row in tx.execute(_CARDS_OF, {"person": person})]


def gotten(tx: Tx, since: Mapping[str, datetime]) -> dict[str, int]:
    """How many leads each person has got since then (UTC), of those they still have; nothing for those with none."""
    found: dict[str, int] = {}
    for at in set(since.values()):  # a midnight each for as many zones as there are
        people = [person for person, midnight in since.items() if midnight == at]
        found |= {row[0]: row[1] for row in tx.execute(_SINCE, {"people": people, "since": at})}
    return found
