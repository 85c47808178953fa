"""What a year brings, by the dice: leads now and then, people who act on them, or do not, and changes about them."""

import random
from datetime import datetime, timedelta

from tests.store.year_company import LEAVERS, STAFF, TEAMS, Setup
from tests.store.year_world import World


class Days:
    """A year of a world; with the same seed it is the same year."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.dice = world, random.Random(seed)

    def live(self, until: datetime, leads: int) -> None:
        """Something happens now and then; a lead comes `leads` times altogether."""
        world, dice = self.world, self.dice
        rest = (until - world.now) / leads
        while world.now < until:
            time = rest * dice.uniform(0.2, 1.8)
            if dice.random() < 0.05:
                world.late(world.now + time)  # an outage
            else:
                world.wait(min(until, world.now + time))
            self.lead_comes()
            for _ in range(dice.randint(0, 4)):
                self.somebody_acts()
            if dice.random() < 0.12:
                self.something_changes()
            if dice.random() < 0.1:
                world.thorough()

    def lead_comes(self) -> None:
        for more in range(4 if self.dice.random() < 0.1 else 1):
            self.world.wait(self.world.now + more * timedelta(minutes=7))
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
            ["accept", "reject", "not mine", "snooze", "claim", "reassign", "undo", "take"], [7, 2, 3, 1, 2, 1, 2, 1]
        )[0]
        if what in {"undo", "take"}:
            card = dice.choice(cards)
        who = card.owner if dice.random() < 0.7 and what not in {"claim", "reassign"} else dice.choice([*STAFF, "tom"])
        if what == "reassign" and dice.random() < 0.8:
            who = TEAMS[card.team]
        time = timedelta(minutes=dice.choice([0, 1, 9, 30, 90]))
        if dice.random() < 0.2:
            self.world.unseen(time)
        else:
            self.world.wait(self.world.now + time)
        self.world.press(what, who, card, dice.randrange(30))
        if what == "not mine" and dice.random() < 0.4:
            for _ in range(4):
                self.world.press(what, card.owner, card, dice.randrange(30))
        elif what == "undo" and dice.random() < 0.5:
            self.world.thinks_twice(card)

    def something_changes(self) -> None:
        world, dice, who = self.world, self.dice, self.dice.choice(list(STAFF))
        match dice.randrange(12):
            case 0 | 1:
                world.away(who, dice.choice([0, 0, 1, 5]), dice.choice([0, 2, 9, None]))
            case 2 | 3 | 8 | 9:
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
