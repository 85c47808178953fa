"""A company in three time zones lives a year: clocks change, holidays come, people leave, fall ill and come back, the
configuration is edited, Slack loses a channel. No hand-off ends up outside the rules.

One year is driven by a fixed seed; hypothesis looks for trouble in shorter stretches, around the days that differ.
"""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.handoff.states import State
from bot.moves.hand_on import NotMine
from bot.store.engine import Store
from tests.store.year_cards import Card
from tests.store.year_checks import shares
from tests.store.year_company import LEAVERS, STAFF, TEAMS, Setup
from tests.store.year_days import Days
from tests.store.year_world import NOT_MINE, World

START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
DAYS_THAT_DIFFER = [(3, 6), (3, 27), (4, 2), (7, 1), (10, 2), (10, 22), (10, 30), (11, 24), (12, 23)]
STARTS = [datetime(2026, month, day, tzinfo=UTC) for month, day in DAYS_THAT_DIFFER]
SPANS = [timedelta(minutes=minutes) for minutes in (1, 14, 16, 120, 700, 2880, 7200)]
BUTTONS = ["accept", "reject", "not mine", "not mine", "snooze", "claim", "reassign", "undo", "take"]
HAPPENS = {"accepted", "rejected", "undone", "voided", "rerouted", "reassigned", "claimed", "snoozed", "redirected"}
HAPPENS |= {"breached", "escalated", "reminded", "expired", "taken", "marked_away", "queued"}
TIERS = st.sampled_from(["P1", "P2", "P3"])
ANYBODY = st.sampled_from([*STAFF, "tom"])


class Stretch(RuleBasedStateMachine):
    """Some days, about when clocks change or somebody has a holiday."""

    template: ClassVar[Path]
    folder: ClassVar[Path]
    lives: ClassVar[int] = 0
    world: World

    @initialize(
        start=st.sampled_from(STARTS),
        hour=st.integers(0, 72),
        setup=st.builds(Setup, *[st.booleans()] * 3),
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

    @rule(time=st.sampled_from(SPANS))
    def time_passes_unseen(self, time: timedelta) -> None:
        self.world.unseen(time)

    @rule(which=st.integers(0, 5))
    def somebody_thinks_twice(self, which: int) -> None:
        if card := self.card(which):
            self.world.thinks_twice(card)

    @rule(which=st.integers(0, 5), choices=st.lists(st.integers(0, 29), min_size=3, max_size=5))
    def a_lead_goes_round(self, which: int, choices: list[int]) -> None:
        if card := self.card(which):
            for choice in choices:
                self.world.press("not mine", card.owner, card, choice)

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
    Days(world, 1).live(START + YEAR, leads=180)
    check_life(world, 150, HAPPENS)
    assert world.now >= START + YEAR


def test_what_the_dice_seldom_bring(sqlite_store: Store) -> None:
    """A lead that goes round, one that comes back to somebody, a second thought, a hotter sign, nobody there."""
    world = World(sqlite_store, datetime(2026, 1, 12, 10, tzinfo=UTC))
    world.lead(0, "P2")
    card = world.book.cards[1]
    for _ in range(3):
        world.press("not mine", card.owner, card, NOT_MINE.index(NotMine("ROUTE_CAPACITY")))
    assert (card.owner, card.reroutes) == ("maya", 3)
    world.lead(1, "P2")
    card = world.book.cards[2]
    first, second = card.owner, next(key for key in ("ruby", "nora") if key != card.owner)
    world.press("reassign", "maya", card, list(STAFF).index(second))
    world.press("not mine", second, card, NOT_MINE.index(NotMine("ROUTE_OWNED", first)))
    assert (card.owner, card.handed_from) == ("maya", {first, second})
    world.lead(8, "P2")
    world.thinks_twice(world.book.cards[3])
    assert world.book.cards[3].hold > world.book.cards[3].end
    world.wait(world.now + timedelta(days=1))
    assert world.book.cards[3].state is State.EXPIRED
    world.lead(9, "P3")
    world.lead(9, "P1")
    assert world.book.kinds["raised"] == 1
    for who in ("omar", "pia", "noah"):
        world.away(who, 0, None)
    before = world.book.kinds["queued"]
    world.lead(3, "P2")
    assert world.book.kinds["queued"] == before + 1, "nobody of that team is there"
    world.back("omar")
    world.wait(world.now + timedelta(minutes=1))
    assert list(world.book.cards.values())[-1].owner == "omar"
    world.wait(datetime(2026, 1, 19, 9, tzinfo=UTC))
    world.lead(16, "P2")
    card = list(world.book.cards.values())[-1]
    for minutes in (0, 1):
        world.press("snooze", card.owner, card, minutes)
    assert world.book.kinds["snoozed"] == 1
    world.loses_channel(card)
    assert world.book.kinds["redirected"] == 1
    world.lead(32, "P2")
    card = list(world.book.cards.values())[-1]
    world.late(card.reminders[-1][0] + timedelta(minutes=1))  # both are due by then
    world.lead(24, "P1")
    card = list(world.book.cards.values())[-1]
    world.wait(card.due)
    world.press("claim", next(key for key in ("ruby", "kai") if key != card.owner), card)
    assert card.claimed
    world.configure(Setup(tight=True))
    world.wait(datetime(2026, 1, 20, 20, tzinfo=UTC))
    world.lead(40, "P3")
    world.press("reassign", "maya", list(world.book.cards.values())[-1], list(STAFF).index("nora"))
    world.wait(datetime(2026, 1, 21, 1, 30, tzinfo=UTC))  # the same day for Nora, who is on call and takes one a day
    world.lead(48, "P1")
    world.sweep()
    world.thorough()


@pytest.mark.timeout(600)
def test_some_days_on_postgresql(postgres_store: Store) -> None:
    world = World(postgres_store, datetime(2026, 10, 23, tzinfo=UTC))
    Days(world, 8).live(world.now + timedelta(days=10), leads=30)
    check_life(world, 12, {"accepted", "expired"})


@pytest.mark.timeout(600)
def test_any_stretch(sqlite_template: Path, tmp_path: Path) -> None:
    Stretch.template, Stretch.folder = sqlite_template, tmp_path
    run_state_machine_as_test(
        Stretch,
        settings=settings(max_examples=15, stateful_step_count=20, suppress_health_check=list(HealthCheck)),
    )


def check_life(world: World, least: int, kinds: set[str]) -> None:
    """A year in which nothing happened would prove nothing; and whoever could have had leads has had their share."""
    world.wait(world.now + timedelta(seconds=1))
    world.thorough()
    book = world.book
    seen = {kind for kind, count in book.kinds.items() if count}
    assert len(book.cards) >= least
    assert seen >= kinds, kinds - seen
    earned, got = shares(world.book)
    total = sum(got.values())
    for person in got:
        assert abs(got[person] - earned[person]) <= max(5, total / 100), (person, got, earned)
