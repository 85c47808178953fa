"""A company in three time zones lives a year: clocks change, holidays come, people leave, fall ill and come back, the
configuration is edited, Slack loses a channel. No hand-off ends up outside the rules.

One year is driven by a fixed seed; hypothesis looks for trouble in shorter stretches, around the days that differ.
"""

import random
from datetime import UTC, datetime, timedelta

from bot.store.engine import Store
from tests.store.year_company import LEAVERS, STAFF, Setup
from tests.store.year_world import World

START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)


class Days:
    """What a year brings, by the dice."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.dice = world, random.Random(seed)

    def live(self, until: datetime, leads: int) -> None:
        """Something happens now and then; a lead comes `leads` times altogether."""
        world, dice = self.world, self.dice
        rest = (until - world.now) / leads
        while world.now < until:
            world.wait(min(until, world.now + rest * dice.uniform(0.2, 1.8)))
            self.lead_comes()
            for _ in range(dice.randint(0, 4)):
                self.somebody_acts()
            if dice.random() < 0.08:
                self.something_changes()
            if dice.random() < 0.1:
                world.thorough()

    def lead_comes(self) -> None:
        for _ in range(3 if self.dice.random() < 0.1 else 1):
            number = self.dice.randrange(300)
            if self.dice.random() < 0.02:
                self.world.opts_out(number)
            else:
                self.world.lead(number, self.dice.choice(["P1", "P2", "P2", "P3"]))

    def somebody_acts(self) -> None:
        cards, dice = list(self.world.book.cards.values())[-12:], self.dice
        if not cards:
            return
        card = dice.choice([one for one in cards if one in self.world.book.open()] or cards)
        what = dice.choices(
            ["accept", "reject", "not mine", "snooze", "claim", "reassign", "undo", "take"], [5, 2, 3, 1, 1, 1, 1, 1]
        )[0]
        if what in {"undo", "take"}:
            card = dice.choice(cards)
        who = card.owner if dice.random() < 0.7 and what not in {"claim", "reassign"} else dice.choice([*STAFF, "tom"])
        if what == "reassign" and dice.random() < 0.8:
            who = {"world": "maya", "majors": "noah"}[card.team]
        self.world.wait(self.world.now + timedelta(minutes=dice.choice([0, 1, 9, 30, 90])))
        self.world.press(what, who, card, dice.randrange(30))

    def something_changes(self) -> None:
        world, dice, who = self.world, self.dice, self.dice.choice(list(STAFF))
        match dice.randrange(8):
            case 0 | 1:
                world.away(who, dice.choice([0, 0, 1, 5]), dice.choice([0, 2, 9, None]))
            case 2 | 3:
                for one in STAFF:
                    world.back(one)
            case 4:
                world.slack_account(who, gone=True)
            case 5:
                for one in STAFF:
                    world.slack_account(one, gone=False)
            case 6:
                without = frozenset(one for one in LEAVERS if dice.random() < 0.2)
                world.configure(Setup(*(dice.random() < 0.4 for _ in range(3)), without))
            case _:
                if world.book.open():
                    world.loses_channel(dice.choice(world.book.open()))


def test_a_year(sqlite_store: Store) -> None:
    world = World(sqlite_store, START)
    Days(world, 4).live(START + YEAR, leads=400)
    world.thorough()
