"""However often a hand-off goes from hand to hand, between people of three time zones, what is the lead's stays."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import ladder
from bot.clock.calendar import ROUND_THE_CLOCK, Calendar
from bot.clock.ladder import OWNERS
from bot.config import load
from bot.handoff.commands import (
    Accept,
    Claim,
    Command,
    Escalate,
    Expire,
    Hold,
    Reassign,
    Reroute,
    Snooze,
    Undo,
)
from bot.handoff.decision import Change, Refusal
from bot.handoff.events import Event, Kind
from bot.handoff.machine import decide
from bot.handoff.routing import Route
from bot.handoff.states import State
from tests.core.clock_kit import calendar, local, utc
from tests.core.machine_kit import BEN, MOMENT, REASONS, TEN, becomes
from tests.support import HOUR, POLICY, handoff

SLAS = load.load(None).slas
HOURS: dict[str, Calendar] = {
    "ana": calendar("Europe/Madrid", *["09:00-13:00 14:00-18:00"] * 4, "09:00-14:00"),
    "ben": calendar("America/New_York", *["09:00-17:30"] * 5),
    "kei": calendar("Asia/Tokyo", *["22:00-06:00"] * 7),
    "maya": ROUND_THE_CLOCK,
}
PEOPLE = sorted(HOURS)
FRIDAY = utc("2026-03-27 15:30")  # the clocks of Madrid change on the Sunday, those of New York have
MINUTE = timedelta(minutes=1)


@dataclass
class Life:
    """A hand-off that goes from hand to hand, with every step as it was offered and every event so far."""

    tier: str
    now: datetime = FRIDAY
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        built = ladder.build(SLAS[self.tier], FRIDAY, HOURS["ana"])
        self.own = [step for step in built.steps if step.step not in OWNERS]
        self.handoff = handoff(steps=built.steps, due_at=built.due_at, offered_at=FRIDAY, owner_since=FRIDAY)

    def give(self, command: Command) -> bool:
        decision = decide(self.handoff, command, self.now)
        if isinstance(decision, Refusal):
            return False
        self.charged(decision)
        self.events += decision.events
        self.handoff = decision.handoff
        return True

    def charged(self, change: Change) -> None:
        """Whoever had it before the change, at the due time."""
        for event in change.events:
            if event.kind is Kind.BREACHED:
                assert (event.detail["owner"], self.now >= self.due) == (self.handoff.owner, True)

    @property
    def due(self) -> datetime:
        assert self.handoff.due_at is not None
        return self.handoff.due_at

    def handed(self, how: str, to: str) -> None:
        """Somebody gets it; their reminders are in their hours, as if it were offered to them now."""
        left = self.handoff.steps[self.handoff.step :]
        if self.handoff.state is not State.OFFERED:
            return
        steps = ladder.pass_on(SLAS[self.tier], left, self.due, self.now, HOURS[to])
        for step in steps:
            if step.step in OWNERS:
                assert step.at >= self.now
                assert HOURS[to].works(step.at) or HOURS[to].works(step.at - MOMENT)
        place = Route("sales", to, "C0SALES")
        commands: dict[str, Command] = {
            "reroute": Reroute(str(self.handoff.owner), REASONS["ROUTE_CAPACITY"], "", place, steps),
            "reassign": Reassign("maya", "by hand", place, steps),
            "claim": Claim(to, place, steps),
        }
        if self.give(commands[how]):  # what was to find another owner has been forestalled
            found = [one for one in left if one.step == "reassign" and (one.at <= self.now or how == "claim")]
            self.own = [one for one in self.own if one not in found]

    def clock(self, to: str, hold: bool) -> None:
        """Everything that is due, as the sweep does it."""
        while (due := self.handoff.next_due_at) and due <= self.now:
            rung = self.handoff.steps[self.handoff.step].step
            before = (self.handoff.step, len(self.handoff.steps), self.handoff.steps)
            if rung == "expire":
                assert self.give(Expire())
            elif rung == "reassign" and to != self.handoff.owner:
                self.handed("reassign", to)
            elif rung in OWNERS and hold:
                assert self.give(Hold(self.now + 15 * MINUTE))
            else:
                assert self.give(Escalate("nudge" if self.tier != "P1" else None))
            assert self.handoff.state is State.EXPIRED or before != (
                self.handoff.step, len(self.handoff.steps), self.handoff.steps,
            ), "the clock gets on"  # fmt: skip


ACTS = st.tuples(
    st.sampled_from(["reroute", "reassign", "claim", "snooze", "clock", "clock and hold", "accept", "undo"]),
    st.sampled_from(PEOPLE),
    st.integers(0, 36 * 60),
)


@given(st.sampled_from(sorted(SLAS)), st.lists(ACTS, max_size=20))
def test_however_it_goes_from_hand_to_hand_what_is_the_leads_stays(tier: str, acts: list[tuple[str, str, int]]) -> None:
    life = Life(tier)
    due = life.due
    for act, who, minutes in acts:
        life.now += minutes * MINUTE
        owner = str(life.handoff.owner)
        if act in {"reroute", "reassign", "claim"}:
            life.handed(act, who)
        elif act == "snooze":
            life.give(Snooze(owner, HOURS[owner].add(life.now, HOUR)))
        elif act == "accept":
            life.give(Accept(owner, TEN))
        elif act == "undo":
            life.give(Undo(owner))
        else:
            life.clock(who, "hold" in act)
        holds(life, due)
    life.now += timedelta(days=20)
    life.give(Undo("maya"))
    life.clock("ben", hold=False)
    holds(life, due)
    assert life.handoff.state in {State.EXPIRED, State.ACCEPTED}


def holds(life: Life, due: datetime) -> None:
    """What is true of every hand-off at any time."""
    one = life.handoff
    assert one.due_at == due
    assert [step for step in one.steps if step.step not in OWNERS] == life.own
    left = one.steps[one.step :]
    assert list(left) == sorted(left, key=lambda step: step.at)
    assert [step.step for step in one.steps].count("expire") == 1
    assert one.steps[-1].step == "expire"
    rungs = [event.detail["rung"] for event in life.events if event.kind in {Kind.REMINDED, Kind.ESCALATED}]
    assert rungs == sorted(set(rungs)), "no two messages of the ladder have the same name"
    breaches = [event for event in life.events if event.kind is Kind.BREACHED]
    assert [event.detail["owner"] for event in breaches] == ([one.breached_by] if one.breached_by else [])
    escalations = [event.at for event in life.events if event.kind is Kind.ESCALATED]
    assert not breaches or all(at >= breaches[0].at for at in escalations)
    assert snoozes(life.events) <= 1
    assert one.snoozed_until is None or one.snoozed_until < due


def snoozes(events: Iterable[Event]) -> int:
    """The most that any one owner has snoozed it."""
    most = count = 0
    for event in events:
        handed = event.kind in {Kind.REROUTED, Kind.REASSIGNED, Kind.CLAIMED}
        count = 0 if handed else count + (event.kind is Kind.SNOOZED)
        most = max(most, count)
    return most


def test_a_lead_that_moves_to_another_continent_is_due_when_it_was_and_reminds_when_the_new_owner_works() -> None:
    """Offered to Ana on Friday at 11:00 and passed on at noon, when New York has not begun."""
    offered, noon = local("2026-04-10 11:00", "Europe/Madrid"), local("2026-04-10 12:00", "Europe/Madrid")
    built = ladder.build(SLAS["P2"], offered, HOURS["ana"])
    assert built.due_at == local("2026-04-13 10:00", "Europe/Madrid")
    first = handoff(steps=built.steps, due_at=built.due_at, offered_at=offered, owner_since=offered)
    steps = ladder.pass_on(SLAS["P2"], built.steps, built.due_at, noon, HOURS["ben"])
    bens = becomes(decide(first, Reassign("maya", "by hand", BEN, steps), noon))
    assert bens.due_at == built.due_at
    new_york = {step.step: step.at for step in bens.steps}
    assert new_york["remind"] == local("2026-04-10 11:00", "America/New_York")
    assert new_york["last_call"] == local("2026-04-10 12:12", "America/New_York")
    assert new_york["escalate"] == built.due_at


def test_all_of_this_is_tested_with_the_ladders_that_are_shipped() -> None:
    assert set(POLICY.slas) <= set(SLAS)
    assert {step.step for sla in SLAS.values() for step in sla.rungs} == {
        "remind",
        "last_call",
        "escalate",
        "reassign",
        "expire",
    }
