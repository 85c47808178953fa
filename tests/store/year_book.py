"""The year's book: every row of the history, in order, held against what the rules allowed at that moment.

It keeps what it has read; the oracle says who should have got a lead, the cards what they should look like.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.handoff.states import State
from bot.store import handoffs
from bot.store import tables as t
from tests.store.year_cards import EVER, Card
from tests.store.year_company import SLACK, STAFF, TEAMS, Off
from tests.store.year_ledger import Ledger, Said
from tests.store.year_oracle import WHOLE, Hours, Place

APART, TOGETHER, UNDO = timedelta(minutes=15), timedelta(seconds=10), timedelta(minutes=10)
UNANSWERED = "nobody answered"
HANDED = {"rerouted", "reassigned", "claimed"}


class Book(Ledger):
    """Read after every move."""

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
            if one.kind == "crossed":
                self.crossed[one.lead] = one.at
            elif one.kind == "offered":
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
        self.may(said, card)
        named, barred = said.detail["follow_up"], self.barred(card.lead) | {card.owner}
        team = named if said.detail["reason"] == "ROUTE_TERRITORY" else None
        person = named if said.detail["reason"] == "ROUTE_OWNED" else None
        team = card.team if said.detail["reason"] == "ROUTE_CAPACITY" else team
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
        assert due <= said.at < card.end, "nobody gets a lead that expires in their hands at once"
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
        assert (card.state, card.owner) == (State.OFFERED, said.detail["from"])
        if place.shares:
            self._settle(place, said.detail["to"])
        hours = self.scene(said.at).hours(said.detail["to"], card.tier)
        card.hand(said.detail["to"], place.team or STAFF[said.detail["to"]].team, said.at, hours)

    def _snoozed(self, said: Said, card: Card) -> None:
        self.may(said, card)
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
        this, following = self.rows[card.id].steps[said.detail["rung"] :][:2]
        assert this.at <= said.at < following.at, "too early, or overtaken by what comes next"
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
        if self.is_silent(card, said.at):
            self.silent.add(card.id)

    def _marked_away(self, said: Said, card: Card) -> None:
        assert said.detail["person"] == card.owner
        self.silent.remove(card.id)
        self.go_away(card.owner, Off(self.scene(said.at).plain(card.owner).today(said.at), None), said.at)

    def _accepted(self, said: Said, card: Card) -> None:
        self._decided(said, card, State.ACCEPTED)

    def _rejected(self, said: Said, card: Card) -> None:
        self._decided(said, card, State.REJECTED)

    def _voided(self, said: Said, card: Card) -> None:
        self._decided(said, card, State.VOID)

    def _decided(self, said: Said, card: Card, state: State) -> None:
        if said.by:
            self.may(said, card)
            card.undo_until = said.at + UNDO
        card.ends(state, said.at, said.by)

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


_NEW = (
    sa.select(*(t.history.c[name] for name in ("id", "at", "kind", "lead_id", "handoff_id", "by", "detail")))
    .where(t.history.c.id > sa.bindparam("last"))
    .order_by(t.history.c.id)
)
