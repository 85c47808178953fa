"""The year's book: every row of the history, in order, held against what the rules allowed at that moment.

It keeps what it has read; the oracle says who should have got a lead, the cards what they should look like.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.handoff.states import Handoff, State
from bot.store import handoffs
from bot.store import tables as t
from bot.store.engine import Store
from tests.store.year_cards import EVER, Card, silent_in_a_row
from tests.store.year_company import SLACK, STAFF, TEAMS, WALLS, Off, Setup
from tests.store.year_oracle import WHOLE, Hours, Place, Scene, Wanted

APART, TOGETHER, UNDO = timedelta(minutes=15), timedelta(seconds=10), timedelta(minutes=10)
UNANSWERED = "nobody answered"
HANDED = {"rerouted", "reassigned", "claimed"}


@dataclass
class Told:
    """Days off that somebody told of, or that silence brought."""

    person: str
    off: Off
    began: datetime
    ended: datetime | None = None


class Said(NamedTuple):
    """One row of the history."""

    id: int
    at: datetime
    kind: str
    lead: int
    handoff: int | None
    by: str | None
    detail: dict[str, Any]


class Book:
    """Read after every move. `sweeps` are the moments at which a worker has looked for what is due."""

    def __init__(self, store: Store, setup: Setup) -> None:
        self.store, self.setup = store, setup
        self.wanted: dict[int, Wanted] = {}
        self.signs: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
        self.cards: dict[int, Card] = {}
        self.told: list[Told] = []
        self.gone: set[str] = set()
        self.refused: dict[int, set[str]] = defaultdict(set)
        self.balance: Counter[str] = Counter()
        self.earned: Counter[str] = Counter()
        self.got: Counter[str] = Counter()
        self.sweeps: list[datetime] = []
        self.nudges: dict[str, datetime] = {}
        self.kinds: Counter[str] = Counter()
        self.rows: dict[int, Handoff] = {}
        self.taking: set[int] = set()
        self.silent: set[int] = set()
        self.last = 0

    # What it knows.

    def scene(self, at: datetime) -> Scene:
        """Everybody as they stand at a moment that has been read up to."""
        told = [(one.person, one.off) for one in self.told if one.ended is None]
        gone = frozenset(self.gone)
        scene = Scene(self.setup, at, told, gone, self._open(), {}, self.balance)
        midnights = {key: _midnight(scene.plain(key), at) for key in self.setup.staff}
        today = Counter(one.owner for one in self.cards.values() if one.since >= midnights.get(one.owner, EVER))
        return Scene(self.setup, at, told, gone, scene.open, today, self.balance)

    def open(self) -> list[Card]:
        """The cards that nobody has answered."""
        return [one for one in self.cards.values() if one.state is State.OFFERED]

    def barred(self, lead: int) -> set[str]:
        """Who has refused a lead, or let it expire."""
        ended = [one for one in self.of(lead) if one.state in {State.REJECTED, State.EXPIRED}]
        return self.refused[lead] | {who for one in ended for who in (one.owner, one.by) if who}

    def of(self, lead: int) -> list[Card]:
        """All cards of a lead, in order."""
        return [one for one in self.cards.values() if one.lead == lead]

    def tier(self, lead: int, at: datetime) -> str | None:
        """The tier that its signs give it; None where they disagree."""
        tiers = {tier for when, tier in self.signs[lead] if at - when < timedelta(days=3)}
        return tiers.pop() if len(tiers) == 1 else None

    def swept(self, at: datetime) -> datetime:
        """The first sweep that could see what was due then."""
        return self.sweeps[bisect_left(self.sweeps, at)]

    def go_away(self, person: str, off: Off, at: datetime) -> None:
        """Somebody has said so."""
        self.told.append(Told(person, off, at))

    def come_back(self, person: str, at: datetime, today: date) -> None:
        """What has begun ends; or else what is still to come."""
        last = [one for one in self.told if one.person == person and one.ended is None]
        ahead = [one for one in last if one.off.last is None or today <= one.off.last]
        begun = [one for one in ahead if one.off.first <= today]
        for one in begun or ahead:
            one.ended = at

    # What it reads.

    def read(self, swept: datetime | None = None) -> None:
        """Everything that is new, then every row that can have changed; `swept`: a sweep has just been."""
        with self.store.reading() as tx:
            new = [Said(*row) for row in tx.execute(_NEW, {"last": self.last})]
            touched = {one.handoff for one in new if one.handoff} | {one.id for one in self.open()}
            self.rows = {row.id: row for row in (handoffs.get(tx, one) for one in sorted(touched)) if row}
        for one in new:
            self.last = one.id
            self.kinds[one.kind] += 1
            rule: Callable[[Said, Card], None] | None = getattr(self, f"_{one.kind}", None)
            if one.kind == "offered":
                self._offered(one)
            elif one.kind == "queued":
                self._queued(one)
            elif rule and one.handoff in self.cards:
                rule(one, self.cards[one.handoff])
        assert not self.silent, "somebody is silent, and was not marked as away"
        self._check(new, swept)

    def _check(self, new: Iterable[Said], swept: datetime | None) -> None:
        handed = {one.handoff for one in new if one.kind in HANDED | {"offered", "snoozed"}}
        for key, row in self.rows.items():
            card = self.cards[key]
            card.check(row)
            if swept is None and key in handed and card.state is State.OFFERED:
                card.check_reminders(row)
            if swept and card.state is State.OFFERED:
                card.check_swept(row, swept, Hours(*self._usual(card.owner, swept)))

    def _usual(self, key: str, at: datetime) -> tuple[str, tuple[Off, ...]]:
        scene = self.scene(at)
        return scene.plain(key).wall, scene.off(key)

    def _open(self) -> Counter[str]:
        return Counter(one.owner for one in self.open())

    def _settle(self, place: Place, owner: str) -> None:
        self.got[owner] += 1
        if not place.shares:
            self.earned[owner] += WHOLE
            return
        self.balance.update(place.shares)
        self.earned.update(place.shares)
        self.balance[owner] -= WHOLE

    # One rule for each kind of row.

    def _offered(self, said: Said) -> None:
        row, owner = self.rows[said.handoff or 0], said.detail["owner"]
        tier, scene = row.raised_from or row.tier or "", self.scene(said.at)
        assert all(one.state not in {State.OFFERED, State.ACCEPTED} for one in self.of(said.lead)), "two live ones"
        if said.lead in self.taking:
            self.taking.remove(said.lead)
            place = Place(owner)
        else:
            barred = self.barred(said.lead)
            place = scene.destination(self.wanted[said.lead], tier, barred)
            assert owner == place.owner, (said, place)
            assert not scene.away(owner, tier)
            assert owner not in barred
        self._settle(place, owner)
        number, hours = len(self.of(said.lead)) + 1, scene.hours(owner, tier)
        team = place.team or STAFF[owner].team
        card = Card(row.id, said.lead, number, tier, self.setup, hours, said.at, owner, team)
        card.offer()
        self.cards[card.id] = card

    def _queued(self, said: Said) -> None:
        tier = self.tier(said.lead, said.at)
        if said.detail["queue"] == "expired":
            assert self.cards[said.handoff or 0].state is State.EXPIRED
        elif tier:
            place = self.scene(said.at).destination(self.wanted[said.lead], tier, self.barred(said.lead))
            assert said.detail["queue"] == place.queue, (said, place)

    def _rerouted(self, said: Said, card: Card) -> None:
        self._may(said, card)
        named, barred = said.detail["follow_up"], self.barred(card.lead) | {card.owner}
        team = named if said.detail["reason"] == "ROUTE_TERRITORY" else None
        person = named if said.detail["reason"] == "ROUTE_OWNED" else None
        if said.detail["reason"] == "ROUTE_CAPACITY":
            team = card.team
        place = self.scene(said.at).destination(self.wanted[card.lead], card.tier, barred, team, person)
        manager = TEAMS[card.team]
        round_ = card.reroutes >= 2 or place.owner in card.handed_from
        if place.owner is None or (round_ and said.by != manager):
            place = Place(manager)
        assert said.detail["to"] == place.owner, (said, place)
        self.refused[card.lead].add(card.owner)
        card.reroutes += 1
        self._handed(said, card, place)

    def _reassigned(self, said: Said, card: Card) -> None:
        if said.by:
            assert said.by == TEAMS[card.team], "the manager alone moves a lead"
            self._handed(said, card, Place(said.detail["to"]))
        elif said.detail["why"] == UNANSWERED:
            place = self._unanswered(said, card)
            assert said.detail["to"] == place.owner, (said, place)
            self.refused[card.lead].add(card.owner)
            self._handed(said, card, place)
        else:
            self._replaced(said, card)

    def _unanswered(self, said: Said, card: Card) -> Place:
        due = next(at for at, step in card.own if step == "reassign")
        assert due <= said.at in self.sweeps
        barred = self.barred(card.lead) | {card.owner}
        place = self.scene(said.at).destination(self.wanted[card.lead], card.tier, barred, card.team)
        found = STAFF.get(place.owner or "")
        return place if found and found.team == card.team and not found.manager else Place(None)

    def _replaced(self, said: Said, card: Card) -> None:
        scene, barred = self.scene(said.at), self.barred(card.lead) | {card.owner}
        place = scene.destination(self.wanted[card.lead], card.tier, barred, card.team, card.owner)
        if place.owner is None:
            place = Place(TEAMS[card.team])
        if place.owner == card.owner:
            place = Place(next(one for one in (TEAMS[card.team], *TEAMS.values()) if one != card.owner))
        assert said.detail["to"] == place.owner, (said, place)
        self._handed(said, card, place)

    def _claimed(self, said: Said, card: Card) -> None:
        assert said.at >= card.due
        assert said.by == said.detail["to"]
        assert card.team == self.setup.staff[said.by or ""].team
        self._handed(said, card, Place(said.by))
        card.claimed = True

    def _handed(self, said: Said, card: Card, place: Place) -> None:
        assert card.state is State.OFFERED
        assert said.detail["from"] == card.owner
        assert place.owner
        if place.shares:
            self._settle(place, place.owner)
        team = place.team or STAFF[place.owner].team
        card.hand(place.owner, team, said.at, self.scene(said.at).hours(place.owner, card.tier))

    def _snoozed(self, said: Said, card: Card) -> None:
        self._may(said, card)
        until, hours = datetime.fromisoformat(said.detail["until"]), self.scene(said.at).hours(card.owner, card.tier)
        assert not card.snoozed
        assert until < card.due
        assert until in [hours.add(said.at, timedelta(minutes=minutes)) for minutes in (30, 60, 120)]
        card.snooze(until)

    def _breached(self, said: Said, card: Card) -> None:
        assert card.breached_by is None
        assert said.at >= card.due
        card.breached_by = card.owner_at(card.due)
        assert said.detail["owner"] == card.breached_by

    def _escalated(self, said: Said, card: Card) -> None:
        assert said.detail["rung"] not in card.rungs
        card.rungs.add(said.detail["rung"])
        if said.detail["step"] == "reassign":
            assert self._unanswered(said, card).owner is None, "somebody was there for it"
            return
        due = card.escalations[card.told]
        assert said.at == self.swept(max(due, card.reopened))
        if card.quiet and card.tier != "P1" and not card.told:
            assert card.reminded
        card.told += 1

    def _reminded(self, said: Said, card: Card) -> None:
        assert said.detail["rung"] not in card.rungs
        card.rungs.add(said.detail["rung"])
        assert self.rows[card.id].steps[said.detail["rung"]].at <= said.at
        card.reminded += 1
        if card.tier == "P1" or card.owner not in self.setup.staff:
            assert said.detail["nudge"] is None
            return
        assert Hours(*self._usual(card.owner, said.at)).works(said.at), "in quiet hours"
        sent = datetime.fromisoformat(said.detail["nudge"].removeprefix(f"nudge:{card.owner}:"))
        assert abs(said.at - sent) <= TOGETHER
        before = self.nudges.get(card.owner, EVER)
        assert sent == before or sent - before >= APART
        self.nudges[card.owner] = sent

    def _expired(self, said: Said, card: Card) -> None:
        assert said.at == self.swept(max(card.end, card.hold))
        card.ends(State.EXPIRED, said.at, None)
        if self._is_silent(card, said.at):
            self.silent.add(card.id)

    def _marked_away(self, said: Said, card: Card) -> None:
        assert said.detail["person"] == card.owner
        self.silent.remove(card.id)
        self.go_away(card.owner, Off(self.scene(said.at).plain(card.owner).today(said.at), None), said.at)

    def _is_silent(self, card: Card, at: datetime) -> bool:
        scene, who = self.scene(at), card.owner
        if who not in self.setup.staff or who == TEAMS[card.team]:
            return False
        today = scene.plain(who).today(at)
        if any(one.first <= today and (one.last is None or today <= one.last) for one in scene.off(who)):
            return False
        since = max((one.ended for one in self.told if one.person == who and one.ended), default=EVER)
        return silent_in_a_row(list(self.cards.values()), who, since) >= 2

    def _accepted(self, said: Said, card: Card) -> None:
        self._decided(said, card, State.ACCEPTED)

    def _rejected(self, said: Said, card: Card) -> None:
        self._decided(said, card, State.REJECTED)

    def _voided(self, said: Said, card: Card) -> None:
        self._decided(said, card, State.VOID)

    def _decided(self, said: Said, card: Card, state: State) -> None:
        if said.by:
            self._may(said, card)
            card.undo_until = said.at + UNDO
        card.ends(state, said.at, said.by)

    def _may(self, said: Said, card: Card) -> None:
        stands_in = self.setup.delegate(card.owner) if card.owner in self.setup.staff else None
        assert said.by in {card.owner, stands_in, TEAMS[card.team]}

    def _undone(self, said: Said, card: Card) -> None:
        assert card.undo_until
        assert said.at <= card.undo_until
        assert said.by in {card.by, TEAMS[card.team]}
        assert card is self.of(card.lead)[-1]
        card.reopen(said.at)

    def _taken(self, said: Said, card: Card) -> None:
        assert card.state is State.EXPIRED
        assert card is self.of(card.lead)[-1]
        assert card.team == self.setup.staff[said.by or ""].team
        self.taking.add(card.lead)

    def _redirected(self, said: Said, card: Card) -> None:
        assert said.detail["to"] == SLACK[card.owner]


def _midnight(hours: Hours, at: datetime) -> datetime:
    zone = ZoneInfo(WALLS[hours.wall].zone)
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(UTC)


_NEW = (
    sa.select(*(t.history.c[name] for name in ("id", "at", "kind", "lead_id", "handoff_id", "by", "detail")))
    .where(t.history.c.id > sa.bindparam("last"))
    .order_by(t.history.c.id)
)
