"""A company's life, one action at a time: what people do, what comes in, and the worker that sweeps as time passes.

After every action the book reads what has happened; `thorough` looks at the rest of the house.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import sqlalchemy as sa

from bot.auditor import Auditor
from bot.config import load
from bot.config.policy import Policy
from bot.lead import Lead, Leave, Signal
from bot.moves.attendance import account_gone, come_back, go_away, note
from bot.moves.carry import Click
from bot.moves.decisions import Grounds, accept, reject, snooze, undo
from bot.moves.hand_on import NotMine, claim, pass_on, reassign
from bot.moves.lost_card import turn_away
from bot.moves.receive import Incoming, receive
from bot.moves.stranded import rehome
from bot.moves.take import take
from bot.moves.turn import turn
from bot.store import messages, policies
from bot.store import tables as t
from bot.store.engine import Store
from bot.sweep import Sweeper
from tests.store.year_book import Book
from tests.store.year_cards import Card
from tests.store.year_checks import check_house, check_is_there
from tests.store.year_company import CHANNELS, SIGN, SLACK, STAFF, TEAMS, Off, Setup
from tests.store.year_oracle import Wanted

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
GROUNDS = [Grounds("JUNK", "spam"), Grounds("DUPLICATE", "the other one"), Grounds("NOT_READY", "all of them")]
NOT_MINE = [
    NotMine("ROUTE_CAPACITY"),
    *(NotMine("ROUTE_OWNED", key) for key in (*STAFF, "tom")),
    *(NotMine("ROUTE_TERRITORY", team) for team in TEAMS),
]
WANTED = [
    Wanted(),
    Wanted(),
    Wanted(spanish=True),
    Wanted(large=True),
    Wanted(spanish=True, large=True),
    Wanted(account="ruby"),
    Wanted(account="lucia"),  # by its e-mail domain
    Wanted(account="omar", spanish=True),
]
_SLACK = cast(Any, SimpleNamespace(has=lambda channel, ts: True))


@cache
def policy(setup: Setup) -> Policy:
    """The configuration, linted once."""
    return load.parse(setup.texts())


class World:
    """One company with its own database. Every action takes a second."""

    def __init__(self, store: Store, start: datetime, setup: Setup | None = None) -> None:
        self.store, self.now, self.signals = store, start, 0
        self.book = Book(store, setup or Setup())
        self.worker = Sweeper(store)
        self.auditor = Auditor(store, _SLACK, lambda: self.now, lambda: datetime.now(UTC))
        self.configure(self.book.setup)

    # What comes in, and what people press.

    def lead(self, number: int, tier: str) -> None:
        """A lead, new or known, gives a sign."""
        self.now += SECOND
        self.signals += 1
        wanted = WANTED[number % len(WANTED)]
        at = self.now
        received = receive(
            self.store, at, Incoming(_lead(number, wanted), [Signal(f"sign-{self.signals}", SIGN[tier], at)])
        )
        self.book.wanted[received.lead_id] = wanted
        self.book.signs[received.lead_id].append((at, tier))
        self.book.read()

    def opts_out(self, number: int) -> None:
        """A lead asks not to be contacted."""
        self.now += SECOND
        self.signals += 1
        wanted = WANTED[number % len(WANTED)]
        signal = Signal(f"sign-{self.signals}", "opt_out", self.now)
        received = receive(self.store, self.now, Incoming(_lead(number, wanted), [signal]))
        self.book.wanted[received.lead_id] = wanted
        self.book.read()

    def press(self, what: str, who: str, card: Card, choice: int = 0) -> None:
        """Somebody presses a button of a card, whether they may or not; `choice` is what they fill in."""
        self.now += SECOND
        click = Click(card.id, SLACK.get(who, "U0STRANGER"), CHANNELS["world"])
        match what:
            case "accept" | "undo" | "take" | "claim":
                {"accept": accept, "undo": undo, "take": take, "claim": claim}[what](self.store, self.now, click)
            case "reject":
                reject(self.store, self.now, click, GROUNDS[choice % len(GROUNDS)])
            case "not mine":
                pass_on(self.store, self.now, click, NOT_MINE[choice % len(NOT_MINE)])
            case "snooze":
                snooze(self.store, self.now, click, (30, 60, 120)[choice % 3])
            case "reassign":
                reassign(self.store, self.now, click, [*STAFF, "tom"][choice % (len(STAFF) + 1)])
        self.book.read()

    def thinks_twice(self, card: Card) -> None:
        """Its owner accepts a lead at the last moment, and takes that back when it would have expired."""
        self.wait(card.end - timedelta(minutes=1))
        self.press("accept", card.owner, card)
        self.wait(self.now + timedelta(minutes=5))
        self.press("undo", card.owner, card)

    # Who is there.

    def away(self, who: str, ahead: int, days: int | None) -> None:
        """Somebody is off, some days ahead, for so many days or until they come back."""
        if who not in self.book.setup.staff:
            return
        self.now += SECOND
        first = self.book.scene(self.now).plain(who).today(self.now) + timedelta(days=ahead)
        off = Off(first, first + timedelta(days=days) if days is not None else None)
        go_away(self.store, self.now, who, Leave(off.first, off.last, "off"), who)
        self.book.go_away(who, off, self.now)
        self.tick()

    def back(self, who: str) -> None:
        """Somebody is back, or will not leave after all."""
        self.now += SECOND
        come_back(self.store, self.now, who, who)
        self.book.come_back(who, self.now, self.book.scene(self.now).plain(who).today(self.now))
        self.tick()

    def slack_account(self, who: str, *, gone: bool) -> None:
        """Somebody's account is closed, or opened again."""
        if who not in self.book.setup.staff or who in TEAMS.values():
            return
        self.now += SECOND
        if gone:
            with turn(self.store, self.now) as here:
                account_gone(here, who)
            self.book.gone.add(who)
        else:
            note(self.store, self.now, who, gone=False, status=None)
            self.book.gone.discard(who)
        self.tick()

    def configure(self, setup: Setup) -> None:
        """Another configuration from now on."""
        self.now += SECOND
        with self.store.transaction() as tx:
            policies.apply(tx, policy(setup), setup.texts(), self.now)
        self.book.setup = setup
        for card in self.book.open():
            card.quiet = False
        self.tick()

    def loses_channel(self, card: Card) -> None:
        """Slack shows everything but this card: its channel is archived."""
        self.now += SECOND
        mine = (t.messages.c.subject == f"handoff:{card.id}") & (t.messages.c.kind == "card")
        channels = t.messages.c.recipient.in_(CHANNELS.values())
        shown = {"status": "sent", "channel": t.messages.c.recipient, "ts": "1.1", "shown": t.messages.c.wanted}
        with self.store.transaction() as tx:
            tx.execute(
                sa.update(t.messages).where(~(mine & channels), t.messages.c.status == "waiting").values(**shown)
            )
            message = messages.claim(tx, datetime.now(UTC))
        if message and message.kind == "card" and message.recipient in CHANNELS.values():
            shows = self.book.rows[card.id].channel
            turn_away(self.store, self.now, message, "is_archived")
            self.book.read()
            assert self.book.rows[card.id].channel == (SLACK[card.owner] if shows == message.recipient else shows)

    # Time.

    def wait(self, until: datetime, tick: timedelta = timedelta(hours=12)) -> None:
        """Time passes: the worker sweeps as each step is due, and every now and then it looks for who is not there."""
        while self.now < until:
            due, looks = max(self.due() or until, self.now + SECOND), min(until, self.now + tick)
            self.now = min(due, looks)
            self.sweep()
            if self.now == looks:
                self.tick()

    def unseen(self, time: timedelta) -> None:
        """Time passes, and no worker runs: whatever comes next comes before it."""
        self.now += time
        for card in self.book.open():
            card.quiet = False

    def late(self, until: datetime) -> None:
        """Time passes, and no worker runs: then one starts."""
        self.now = max(self.now, until)
        for card in self.book.open():
            card.quiet = False
        self.worker = Sweeper(self.store)
        self.sweep()
        self.tick()

    def sweep(self) -> None:
        """What is due is done."""
        self.book.sweeps.append(self.now)
        self.worker.sweep(self.now)
        self.book.read(swept=self.now)

    def tick(self) -> None:
        """Leads of people who are not there go to others."""
        for card in self.book.open():
            if any(one.person == card.owner for one in self.book.told):
                card.quiet = False
        rehome(self.store, self.now, 1000)
        self.book.read()
        for card in self.book.open():
            check_is_there(self.book, card, self.now)

    def thorough(self) -> None:
        """Look at the whole house, as the auditor does."""
        check_house(self.book, self.now)
        assert self.auditor.look() == []

    def due(self) -> datetime | None:
        """When the next step is due."""
        with self.store.reading() as tx:
            return tx.execute(sa.select(sa.func.min(t.handoffs.c.next_due_at))).scalar_one()


def _lead(number: int, wanted: Wanted) -> Lead:
    known: dict[str, Any] = {"employees": 5000} if wanted.large else {}
    known |= {"language": "es"} if wanted.spanish else {}
    known |= {"account_owner": wanted.account} if wanted.account and wanted.account != "lucia" else {}
    domain = "prado.example" if wanted.account == "lucia" else "vialetto.example"
    return Lead(email=f"lead{number}@{domain}", name=f"Lead {number}", source="web", attributes=known)
