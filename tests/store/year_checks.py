"""What must be so of the whole house, whatever has happened; and what everybody should have had."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.handoff.states import State
from bot.store import absences, grounds, handoffs, queues, turns
from bot.store import tables as t
from tests.store.year_book import Book
from tests.store.year_cards import Card
from tests.store.year_company import STAFF, WALLS, Off


def shares(book: Book) -> tuple[dict[str, float], dict[str, int]]:
    """How many leads each person should have had, and has had, by the traces that are stored."""
    earned: Counter[str] = Counter()
    got: Counter[str] = Counter()
    with book.store.reading() as tx:
        traces = [one for card in book.cards for one in grounds.routings(tx, card)]
    for one in traces:
        last = one["trace"][-1]
        left = [one["to"], *last["dropped"]] if last["rule"].startswith("the fair turn") else [one["to"]]
        got[one["to"]] += 1
        for key in left:
            earned[key] += STAFF[key].weight / sum(STAFF[other].weight for other in left)
    return earned, got


def check_is_there(book: Book, card: Card, now: datetime) -> None:
    """Nobody has a lead who is not there until it is due, but for what they got while away."""
    scene, who = book.scene(now), card.owner
    assert who in scene.setup.staff
    assert who not in scene.gone
    plain, zone = scene.plain(who), ZoneInfo(WALLS[scene.plain(who).wall].zone)
    begun = [(off, _midnight(off, zone)) for off in scene.setup.staff[who].leave]
    begun += [
        (one.off, max(_midnight(one.off, zone), one.began))
        for one in book.told
        if one.person == who and one.ended is None
    ]
    today = plain.today(now)
    held = [(off, at) for off, at in begun if at <= now and (off.last is None or today <= off.last)]
    if not any(card.since <= at for _, at in held):
        return
    assert all(off.last for off, _ in held), "gone without an end, and the lead is still theirs"
    assert replace(plain, off=scene.off(who)).opens(now) < card.due, "away until after it is due"


def check_house(book: Book, now: datetime) -> None:
    """The whole house."""
    with book.store.reading() as tx:
        balances = {key: owed for key, owed in turns.balances(tx).items() if owed}
        standing = sorted((one.person, one.leave.first, str(one.leave.last)) for one in absences.standing(tx))
        mql = list(tx.execute(sa.select(t.leads.c.id).where(t.leads.c.mql)).scalars())
        nowhere = [one for one in mql if not handoffs.newest_of_lead(tx, one) and not queues.of_lead(tx, one)]
        expired = {entry.lead_id for entry in queues.waiting(tx, ["expired"], 10_000)}
        waiting = queues.waiting(tx, ["unassigned", "overflow"], 10_000)
    assert balances == {key: owed for key, owed in book.balance.items() if owed}
    assert sum(balances.values()) == 0
    told = [one for one in book.told if one.ended is None]
    assert standing == sorted((one.person, one.off.first, str(one.off.last)) for one in told)
    assert not nowhere
    last = {card.lead: card for card in book.cards.values()}
    assert expired == {card.lead for card in last.values() if card.state is State.EXPIRED} & expired
    for card in last.values():
        again = book.crossed[card.lead] > (card.ended_at or card.offered_at)
        if card.state is State.EXPIRED and not again and not _opted_out(book, card.lead):
            assert card.lead in expired
    _check_waiting(book, now, [entry.lead_id for entry in waiting])


def _check_waiting(book: Book, now: datetime, leads: list[int]) -> None:
    """Right after a sweep nobody waits who could be with somebody."""
    if not book.sweeps or book.sweeps[-1] != now or len(leads) > 5:
        return
    for lead in leads:
        tier = book.tier(lead, now)
        if tier:
            place = book.scene(now).destination(book.wanted[lead], tier, book.barred(lead))
            assert place.owner is None, (lead, place)


def _opted_out(book: Book, lead: int) -> bool:
    with book.store.reading() as tx:
        query = sa.select(t.signals.c.id).where(t.signals.c.lead_id == lead, t.signals.c.type == "opt_out")
        return tx.execute(query).first() is not None


def _midnight(off: Off, zone: ZoneInfo) -> datetime:
    return datetime.combine(off.first, time(), zone).astimezone(UTC)
