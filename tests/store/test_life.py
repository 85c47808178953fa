"""Invariants 1, 2, 3, 6, 7 and 10 under a random life: leads arrive and go from hand to hand, people press anything,
are away and back, time passes, cards wait.

After each step the tables are held against the history, and against what must always be so.
"""

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.handoff.imported import Fact, Told
from bot.handoff.states import LIVE, State
from bot.lead import Leave, Signal
from bot.moves.attendance import come_back, go_away
from bot.moves.decisions import Grounds, accept, reject, snooze, undo
from bot.moves.hand_on import NotMine, claim, pass_on, reassign, replace_owner
from bot.moves.receive import Incoming, receive
from bot.moves.record import Record, record
from bot.moves.take import take
from bot.store import grounds, handoffs, history, queues, switches, turns
from bot.store import tables as t
from bot.store.engine import Store
from bot.sweep import sweep
from tests.store.retold import handed, replay
from tests.support import EVERYBODY, HOUR, NOW, POLICY, TEXTS, by, hot, in_force, standing

NAMES = ["elena", "samuel", "mia"]
SIGNALS = ["demo_request", "webinar_attended", "trial_request", "unsubscribed", "who_knows"]
GROUNDS = [
    Grounds("JUNK", "spam"),
    Grounds("DUPLICATE", "the other one"),
    Grounds("TIMING", "2030-01-01"),
    Grounds("OTHER", "short"),
    Grounds("GONE", "no such code"),
]
NOT_MINE = [NotMine("ROUTE_CAPACITY"), NotMine("ROUTE_OWNED", "ben"), NotMine("ROUTE_TERRITORY", "sales")]
MOVES = [accept, undo, take, claim]
STAFF = ["ana", "ben", "maya"]
SLA = TEXTS["sla.yaml"].replace(
    "{after: 4h, step: escalate}", "{after: 4h, step: escalate}\n      - {after: 6h, step: reassign}"
)


class Life(RuleBasedStateMachine):
    """One small company's weeks."""

    template: ClassVar[Path]
    folder: ClassVar[Path]
    lives: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).lives += 1
        path = self.folder / f"life-{self.lives}.sqlite"
        shutil.copy(self.template, path)
        self.store = in_force(Store(f"sqlite:///{path}"), sla=SLA)
        self.now = NOW

    def teardown(self) -> None:
        self.store.close()

    @rule(name=st.sampled_from(NAMES), kind=st.sampled_from(SIGNALS), number=st.integers(1, 3), cards=st.booleans())
    def lead_comes(self, name: str, kind: str, number: int, cards: bool) -> None:
        signal = Signal(f"{kind}-{number}", kind, NOW)
        receive(self.store, self.now, Incoming(hot(name).lead, [signal], cards=cards or number < 3))

    @rule(name=st.sampled_from(NAMES), won=st.booleans())
    def history_comes(self, name: str, won: bool) -> None:
        told = {Fact.HANDED_OFF: Told(NOW - timedelta(days=60))}
        if won:
            told |= {Fact.ACCEPTED: Told(NOW - timedelta(days=59)), Fact.WON: Told(NOW - timedelta(days=30))}
        record(self.store, self.now, [Record(hot(name).lead, told)])

    @rule(who=st.sampled_from(EVERYBODY), which=st.integers(0, 6), move=st.sampled_from(MOVES))
    def somebody_presses(self, who: str, which: int, move) -> None:
        move(self.store, self.now, by(who, which))

    @rule(who=st.sampled_from(EVERYBODY), which=st.integers(1, 6), grounds=st.sampled_from(GROUNDS))
    def somebody_rejects(self, who: str, which: int, grounds: Grounds) -> None:
        reject(self.store, self.now, by(who, which), grounds)

    @rule(who=st.sampled_from(EVERYBODY), which=st.integers(1, 6), said=st.sampled_from(NOT_MINE))
    def somebody_passes_it_on(self, who: str, which: int, said: NotMine) -> None:
        pass_on(self.store, self.now, by(who, which), said)

    @rule(which=st.integers(1, 6), to=st.sampled_from([*STAFF, "tom"]), by_hand=st.booleans())
    def it_gets_another_owner(self, which: int, to: str, by_hand: bool) -> None:
        if by_hand:
            reassign(self.store, self.now, by("U0MAYA", which), to)
        else:
            replace_owner(self.store, self.now, which, to, "left Slack")

    @rule(who=st.sampled_from(EVERYBODY), which=st.integers(1, 6), minutes=st.sampled_from([30, 120]))
    def somebody_snoozes(self, who: str, which: int, minutes: int) -> None:
        snooze(self.store, self.now, by(who, which), minutes)

    @rule(who=st.sampled_from(STAFF), back=st.booleans())
    def somebody_goes_or_comes(self, who: str, back: bool) -> None:
        if back:
            come_back(self.store, self.now, who, who)
        else:
            go_away(self.store, self.now, who, Leave(self.now.date(), None, "off"), who)

    @rule(minutes=st.sampled_from([5, 16, 130, 300, 3000]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        sweep(self.store, self.now)

    @rule(paused=st.booleans())
    def operator_switches(self, paused: bool) -> None:
        with self.store.transaction() as tx:
            switches.turn_off(tx, switches.PAUSED)
            if paused:
                switches.turn_on(tx, switches.PAUSED, "by hand", self.now)

    @invariant()
    def a_lead_has_at_most_one_live_hand_off(self) -> None:
        live = Counter(one.lead_id for one in self.own() if one.state in LIVE)
        assert not live or max(live.values()) == 1

    @invariant()
    def an_open_hand_off_has_an_owner_or_stands_in_a_queue(self) -> None:
        with self.store.reading() as tx:
            ids = tx.execute(sa.select(t.handoffs.c.id).where(t.handoffs.c.state == State.OFFERED.value)).scalars()
            for one in [handoffs.get(tx, each) for each in ids]:
                assert one is not None
                if one.imported:
                    stands = {entry.queue for entry in queues.of_lead(tx, one.lead_id)}
                    own = handoffs.newest_of_lead(tx, one.lead_id)
                    assert "imported" in stands or own is not None
                else:
                    assert one.owner in POLICY.people.persons

    @invariant()
    def an_mql_is_never_nowhere(self) -> None:
        """A lead that crossed has a hand-off of its own, or stands in a named queue."""
        with self.store.reading() as tx:
            for lead_id in tx.execute(sa.select(t.leads.c.id).where(t.leads.c.mql)).scalars():
                assert handoffs.newest_of_lead(tx, lead_id) or queues.of_lead(tx, lead_id)

    @invariant()
    def an_expired_lead_that_nobody_took_stands_in_the_queue(self) -> None:
        for one in self.own():
            if one.state is State.EXPIRED and one.next_id is None:
                with self.store.reading() as tx:
                    assert "expired" in {entry.queue for entry in queues.of_lead(tx, one.lead_id)}

    @invariant()
    def every_crossing_has_one_result(self) -> None:
        """Between two crossings of a lead there is one offer, one line, or one stay in a queue, and never two."""
        with self.store.reading() as tx:
            rows = tx.execute(sa.select(t.history).order_by(t.history.c.lead_id, t.history.c.id)).all()
        offers: Counter[int] = Counter()
        for row in rows:
            if row.kind == "crossed":
                offers[row.lead_id] = 0 if row.handoff_id is None else 1  # a line is a result too
            elif row.kind == "taken":
                offers[row.lead_id] -= 1  # the next hand-off is the taker's doing, not the crossing's
            elif row.kind == "offered":
                offers[row.lead_id] += 1
                assert offers[row.lead_id] <= 1, rows

    @invariant()
    def the_rows_equal_a_recount_from_history(self) -> None:
        for one in self.own():
            with self.store.reading() as tx:
                told = replay(history.of_handoff(tx, one.id))
            row = (
                one.state,
                one.decided_by,
                one.reason,
                one.accepted_at,
                one.rejected_at,
                one.voided_at,
                one.expired_at,
            )
            assert row == told

    @invariant()
    def a_rejection_has_its_reason_and_the_follow_up_it_asks_for(self) -> None:
        for one in self.own():
            if one.state in {State.REJECTED, State.VOID}:
                assert one.reason in POLICY.reasons
                assert one.follow_up
                assert (one.reason == "DUPLICATE") == (one.state is State.VOID)

    @invariant()
    def due_times_are_those_of_the_offer(self) -> None:
        for one in self.own():
            assert one.due_at == one.offered_at + 4 * HOUR

    @invariant()
    def the_ladder_goes_on_to_its_end_whoever_has_it(self) -> None:
        for one in self.own():
            left = one.steps[one.step :]
            assert list(left) == sorted(left, key=lambda step: step.at)
            assert one.steps[-1].step == "expire"
            assert one.snoozed_until is None or one.snoozed_until < one.due_at

    @invariant()
    def the_owner_and_who_let_it_become_overdue_are_those_of_the_history(self) -> None:
        for one in self.own():
            with self.store.reading() as tx:
                assert (one.owner, one.breached_by) == handed(history.of_handoff(tx, one.id), one.due_at)
                assert one.owner == grounds.routings(tx, one.id)[-1]["to"]

    @invariant()
    def every_turn_that_somebody_got_is_one_that_the_others_are_owed(self) -> None:
        with self.store.reading() as tx:
            assert sum(turns.balances(tx).values()) == 0

    def own(self):
        """All hand-offs but imported ones."""
        with self.store.reading() as tx:
            ids = list(tx.execute(sa.select(t.handoffs.c.id).where(~t.handoffs.c.imported)).scalars())
        return [standing(self.store, one) for one in ids]


def test_whatever_happens_the_house_stays_in_order(sqlite_template: Path, tmp_path: Path) -> None:
    Life.template, Life.folder = sqlite_template, tmp_path
    run_state_machine_as_test(
        Life,
        settings=settings(max_examples=30, stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )


def test_the_machine_would_notice(sqlite_store: Store) -> None:
    """A hand-off whose row was changed behind the history's back does not pass the recount."""
    handoff = receive(in_force(sqlite_store), NOW, hot()).handoff_id or 0
    with sqlite_store.transaction() as tx:
        tx.execute(sa.update(t.handoffs).values(state="accepted"))
        told = replay(history.of_handoff(tx, handoff))
    assert told[0] is not standing(sqlite_store, handoff).state
