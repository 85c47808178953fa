"""A company of two teams, and what can be read of a hand-off that goes from hand to hand there."""

from collections.abc import Mapping
from datetime import date, timedelta

import sqlalchemy as sa

from bot.handoff.events import Event, Kind
from bot.handoff.routing import Considered, trace_from_dict
from bot.handoff.states import Handoff
from bot.lead import Leave
from bot.moves.attendance import go_away
from bot.moves.hand_on import NotMine
from bot.moves.receive import receive
from bot.store import grounds, history, turns
from bot.store.engine import Store
from bot.store.tables import messages
from tests.support import HOUR, NOW, hot, standing

PEOPLE = """
persons:
  ana: {name: Ana Ruiz, slack: U0ANA, role: rep}
  ben: {name: Ben Okafor, slack: U0BEN, role: rep}
  cleo: {name: Cleo Petit, slack: U0CLEO, role: rep}
  maya: {name: Maya Lindqvist, slack: U0MAYA, role: manager}
  dan: {name: Dan Levy, slack: U0DAN, role: rep, delegate: eve}
  eve: {name: Eve Moreau, slack: U0EVE, role: rep}
  noah: {name: Noah Brandt, slack: U0NOAH, role: manager}
  tom: {name: Tom Weber, slack: U0TOM, role: marketing}
teams:
  sales: {name: Sales, channel: C0SALES, manager: maya, members: [ana, ben, cleo]}
  emea: {name: EMEA, channel: C0EMEA, manager: noah, members: [dan, eve]}
feedback_channel: C0FEEDBACK
routing: {otherwise: [sales]}
"""
SLACK = {key: f"U0{key.upper()}" for key in ("ana", "ben", "cleo", "maya", "dan", "eve", "noah", "tom")}
DUE = NOW + 4 * HOUR
LATE = DUE + timedelta(seconds=1)
CAPACITY = NotMine("ROUTE_CAPACITY")


def people(*changes: tuple[str, str]) -> str:
    """The company with some of its lines put differently."""
    text = PEOPLE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def out(store: Store, *keys: str, last: date | None = None) -> None:
    """They are away from now on, until they say that they are back or up to the `last` day."""
    for key in keys:
        go_away(store, NOW, key, Leave(NOW.date(), last, "a week off"), key)


def events(store: Store, one: Handoff) -> list[Event]:
    """What has happened to it."""
    with store.reading() as tx:
        return history.of_handoff(tx, one.id)


def kinds(store: Store, one: Handoff) -> list[Kind]:
    """The same in short."""
    return [event.kind for event in events(store, one)]


def routings(store: Store, one: Handoff) -> list[tuple[str, tuple[Considered, ...]]]:
    """Each of its owners, in order, and why they got it."""
    with store.reading() as tx:
        return [(told["to"], trace_from_dict(told["trace"])) for told in grounds.routings(tx, one.id)]


def owed(store: Store) -> Mapping[str, int]:
    """How much of a lead each person is owed."""
    with store.reading() as tx:
        return {person: amount for person, amount in turns.balances(tx).items() if amount}


def told(store: Store, one: Handoff) -> set[tuple[str, str]]:
    """The messages there are of it: kind and recipient."""
    query = sa.select(messages.c.kind, messages.c.recipient).where(messages.c.subject == f"handoff:{one.id}")
    with store.reading() as tx:
        return {(row.kind, row.recipient) for row in tx.execute(query)}


def untouched(store: Store, one: Handoff) -> bool:
    """Whether nothing of it has changed: not the row, not the history, not whose turn it is."""
    return standing(store, one.id) == one and len(events(store, one)) == len(routings(store, one))


def urgent(store: Store) -> Handoff:
    """Due after a quarter of an hour, and to be reassigned at one and a half times that."""
    received = receive(store, NOW, hot(title="VP of Sales"))
    one = standing(store, received.handoff_id or 0)
    assert (one.tier, one.owner) == ("P1", "ana")
    return one


def owner(store: Store, one: Handoff) -> str | None:
    """Whose it is."""
    return standing(store, one.id).owner
