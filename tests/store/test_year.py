"""A company in three time zones lives a year: clocks change, holidays come, people leave, fall ill and come back, the
configuration is edited, Slack loses a channel. No hand-off ends up outside the rules.

One year is driven by a fixed seed; hypothesis looks for trouble in shorter stretches, around the days that differ.
"""

import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.store.engine import Store
from tests.store.year_cards import Card
from tests.store.year_company import LEAVERS, STAFF, TEAMS, Setup
from tests.store.year_world import World

START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
DAYS_THAT_DIFFER = [(3, 6), (3, 27), (4, 2), (7, 1), (10, 2), (10, 22), (10, 30), (11, 24), (12, 23)]
STARTS = [datetime(2026, month, day, tzinfo=UTC) for month, day in DAYS_THAT_DIFFER]
SPANS = [timedelta(minutes=minutes) for minutes in (1, 14, 16, 120, 700, 2880, 7200)]
BUTTONS = ["accept", "reject", "not mine", "not mine", "snooze", "claim", "reassign", "undo", "take"]
NONE: frozenset[str] = frozenset()
TIERS = st.sampled_from(["P1", "P2", "P3"])
ANYBODY = st.sampled_from([*STAFF, "tom"])


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
            if dice.random() < 0.12:
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
            ["accept", "reject", "not mine", "snooze", "claim", "reassign", "undo", "take"], [7, 2, 3, 1, 2, 1, 2, 1]
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
        match dice.randrange(10):
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


class Stretch(RuleBasedStateMachine):
    """Some days, about when clocks change or somebody has a holiday."""

    template: ClassVar[Path]
    folder: ClassVar[Path]
    lives: ClassVar[int] = 0
    world: World

    @initialize(
        start=st.sampled_from(STARTS),
        hour=st.integers(0, 72),
        setup=st.builds(Setup, *[st.booleans()] * 3, st.just(NONE)),
    )
    def begins(self, start: datetime, hour: int, setup: Setup) -> None:
        type(self).lives += 1
        path = self.folder / f"stretch-{self.lives}.sqlite"
        shutil.copy(self.template, path)
        self.store = Store(f"sqlite:///{path}")
        self.world = World(self.store, start + timedelta(hours=hour), setup)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()

    def card(self, which: int) -> Card | None:
        """An open card, if there is one; else any."""
        cards = self.world.book.open() or list(self.world.book.cards.values())
        return cards[-1 - which % len(cards)] if cards else None

    @rule(number=st.integers(0, 20), tiers=st.lists(TIERS, min_size=1, max_size=4))
    def leads_come(self, number: int, tiers: list[str]) -> None:
        for more, tier in enumerate(tiers):
            self.world.lead(number + more, tier)

    @rule(number=st.integers(0, 20))
    def a_lead_opts_out(self, number: int) -> None:
        self.world.opts_out(number)

    @rule(what=st.sampled_from(BUTTONS), who=ANYBODY, which=st.integers(0, 5), choice=st.integers(0, 29))
    def somebody_presses(self, what: str, who: str, which: int, choice: int) -> None:
        if card := self.card(which):
            self.world.press(what, who, card, choice)

    @rule(what=st.sampled_from(BUTTONS), which=st.integers(0, 5), choice=st.integers(0, 29))
    def whoever_may_presses(self, what: str, which: int, choice: int) -> None:
        if card := self.card(which):
            who = {"reassign": TEAMS[card.team], "undo": card.by, "claim": TEAMS[card.team]}.get(what) or card.owner
            self.world.press(what, who, card, choice)

    @rule(who=ANYBODY, ahead=st.sampled_from([0, 0, 1, 3]), days=st.sampled_from([None, 0, 1, 7]))
    def somebody_goes(self, who: str, ahead: int, days: int | None) -> None:
        self.world.away(who, ahead, days)

    @rule(who=ANYBODY)
    def somebody_is_back(self, who: str) -> None:
        self.world.back(who)

    @rule(who=ANYBODY, gone=st.booleans())
    def slack_says(self, who: str, gone: bool) -> None:
        self.world.slack_account(who, gone=gone)

    @rule(setup=st.builds(Setup, *[st.booleans()] * 3, st.sets(st.sampled_from(LEAVERS), max_size=2).map(frozenset)))
    def the_configuration_is_edited(self, setup: Setup) -> None:
        self.world.configure(setup)

    @rule(which=st.integers(0, 5))
    def a_channel_is_lost(self, which: int) -> None:
        if self.world.book.open():
            self.world.loses_channel(self.world.book.open()[-1 - which % len(self.world.book.open())])

    @rule(time=st.sampled_from(SPANS))
    def time_passes(self, time: timedelta) -> None:
        self.world.wait(self.world.now + time)

    @rule()
    def the_next_step_is_due(self) -> None:
        self.world.wait(max(self.world.due() or self.world.now, self.world.now + timedelta(seconds=1)))

    @rule(time=st.sampled_from(SPANS))
    def no_worker_runs(self, time: timedelta) -> None:
        self.world.late(self.world.now + time)

    @invariant()
    def the_house_is_in_order(self) -> None:
        if hasattr(self, "world") and self.world.book.sweeps[-1:] == [self.world.now]:
            self.world.thorough()


@pytest.mark.timeout(600)
def test_a_year(sqlite_store: Store) -> None:
    world = World(sqlite_store, START)
    Days(world, 1).live(START + YEAR, leads=240)
    check_life(world, 200)
    assert world.now >= START + YEAR


@pytest.mark.timeout(600)
def test_some_days_on_postgresql(postgres_store: Store) -> None:
    world = World(postgres_store, datetime(2026, 10, 23, tzinfo=UTC))
    Days(world, 8).live(world.now + timedelta(days=14), leads=40)
    check_life(world, 30)


@pytest.mark.timeout(600)
def test_any_stretch(sqlite_template: Path, tmp_path: Path) -> None:
    Stretch.template, Stretch.folder = sqlite_template, tmp_path
    run_state_machine_as_test(
        Stretch,
        settings=settings(max_examples=20, stateful_step_count=20, suppress_health_check=list(HealthCheck)),
    )


def check_life(world: World, least: int) -> None:
    """A year in which nothing happened would prove nothing; and whoever could have had leads has had their share."""
    world.wait(world.now + timedelta(seconds=1))
    world.thorough()
    book = world.book
    seen = {kind for kind, count in book.kinds.items() if count}
    assert len(book.cards) >= least
    assert seen >= {"accepted", "rejected", "rerouted", "reassigned", "escalated", "reminded", "expired", "marked_away"}
    earned, got = world.shares()
    total = sum(got.values())
    for person in got:
        assert abs(got[person] - earned[person]) <= max(5, total / 100), (person, got, earned)
