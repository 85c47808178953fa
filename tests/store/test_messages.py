"""The life of a message, in any order of things that can happen to it, with several processes that crash and sleep."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.handoff.notices import Notice
from bot.store import messages
from bot.store.engine import Store
from bot.store.messages import LEASE, Message
from bot.store.tables import messages as table
from bot.store.tables import metadata
from tests.support import NOW

SECOND = timedelta(seconds=1)
PARENTS = [Notice(f"handoff:{number}", "card", "C0SALES") for number in (1, 2)]
NOTICES = [
    *PARENTS,
    *(Notice(parent.subject, "escalation", "C0SALES", "1", parent) for parent in PARENTS),
    Notice("handoff:1", "reminder", "U0ANA", "0"),
]


@dataclass
class Held:
    """A message in the hands of one process, and whether it has sent its request."""

    message: Message
    posted: str | None = None


class Life(RuleBasedStateMachine):
    """Processes claim, send, crash and sleep; people change things; `slack` is what really stands there."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store("sqlite://")
        metadata.create_all(self.store.engine)
        self.tx = self.store.engine.connect()
        self.wall = NOW
        self.held: list[Held] = []
        self.slack: list[tuple[int, str, str | None]] = []
        self.deleted: set[str] = set()

    def teardown(self) -> None:
        self.tx.close()
        self.store.close()

    # What people and moves do

    @initialize(notice=st.sampled_from(NOTICES))
    def first(self, notice: Notice) -> None:
        messages.want(self.tx, notice, NOW)

    @rule(notice=st.sampled_from(NOTICES))
    def want(self, notice: Notice) -> None:
        messages.want(self.tx, notice, NOW)

    @rule(number=st.integers(1, 2))
    def touch(self, number: int) -> None:
        messages.touch(self.tx, f"handoff:{number}")

    @rule(seconds=st.sampled_from([1, 5, 20, 21, 59, 60, 61, 300]))
    def time_passes(self, seconds: int) -> None:
        self.wall += seconds * SECOND

    # What processes do

    @rule()
    def claim(self) -> None:
        message = messages.claim(self.tx, self.wall)
        if message is None:
            return
        assert not [one for one in self.in_time() if one.message.id == message.id], "two leases on one message"
        parent = self.row(message.id)["parent_id"]
        assert parent is None or message.thread_ts, "a child before its parent"
        self.held.append(Held(message))

    @precondition(lambda self: self.sendable())
    @rule(data=st.data())
    def send(self, data: Any) -> None:
        """The request goes out, as delivery does it: not once the lease is over, and the channel is stored first."""
        held = data.draw(st.sampled_from(self.sendable()))
        messages.store_channel(self.tx, held.message, f"D{held.message.id}")
        held.posted = held.message.ts
        if held.message.action == "post":
            held.posted = f"{len(self.slack) + 1}.0"
            self.slack.append((held.message.id, held.posted, held.message.thread_ts))

    @precondition(lambda self: self.answered())
    @rule(data=st.data(), outcome=st.sampled_from(["sent", "doubt"]))
    def hear(self, data: Any, outcome: str) -> None:
        """The answer arrives, however late, or gets lost."""
        held = data.draw(st.sampled_from(self.answered()))
        self.held.remove(held)
        if outcome == "sent":
            messages.sent(self.tx, held.message, f"D{held.message.id}", held.posted)
        elif held.message.action == "post":
            messages.doubt(self.tx, held.message, self.wall, "no answer")
        else:
            messages.wait(self.tx, held.message, self.wall + SECOND, "no answer")

    @precondition(lambda self: self.unsent())
    @rule(data=st.data(), outcome=st.sampled_from(["wait", "fail"]))
    def refused(self, data: Any, outcome: str) -> None:
        """Slack says no, or not now; perhaps it takes long to say so."""
        held = data.draw(st.sampled_from(self.unsent()))
        self.held.remove(held)
        if outcome == "wait":
            messages.wait(self.tx, held.message, self.wall + SECOND, "not now")
        else:
            messages.fail(self.tx, held.message, "no")

    @precondition(lambda self: self.updating())
    @rule(data=st.data())
    def gone(self, data: Any) -> None:
        """Somebody has deleted it in Slack."""
        held = data.draw(st.sampled_from(self.updating()))
        self.held.remove(held)
        if held.message in [one.message for one in self.in_time()] or self.row(held.message.id)["ts"]:
            self.deleted.add(held.message.ts or "")
        messages.forget_address(self.tx, held.message, "message_not_found")

    @precondition(lambda self: self.looking())
    @rule(data=st.data(), works=st.booleans())
    def look_up(self, data: Any, works: bool) -> None:
        held = data.draw(st.sampled_from(self.looking()))
        self.held.remove(held)
        there = [ts for number, ts, _ in self.slack if number == held.message.id and ts not in self.deleted]
        if not works:
            messages.still_in_doubt(self.tx, held.message, self.wall + LEASE, "Slack is away")
        elif there:
            messages.sent(self.tx, held.message, f"D{held.message.id}", there[-1])
        else:
            messages.wait(self.tx, held.message, None, "not found")

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def crash(self, data: Any) -> None:
        self.held.remove(data.draw(st.sampled_from(self.held)))

    # Who holds what

    def in_time(self) -> list[Held]:
        return [held for held in self.held if self.wall < held.message.lease_until]

    def sendable(self) -> list[Held]:
        return [held for held in self.in_time() if held in self.unsent()]

    def unsent(self) -> list[Held]:
        return [held for held in self.held if held.posted is None and held.message.action != "look_up"]

    def answered(self) -> list[Held]:
        return [held for held in self.held if held.posted]

    def updating(self) -> list[Held]:
        return [held for held in self.unsent() if held.message.action == "update"]

    def looking(self) -> list[Held]:
        return [held for held in self.held if held.message.action == "look_up" and held in self.in_time()]

    def row(self, number: int) -> Any:
        return self.tx.execute(sa.select(table).where(table.c.id == number)).one()._mapping

    def rows(self) -> list[Any]:
        return [row._mapping for row in self.tx.execute(sa.select(table))]

    # What always holds

    @invariant()
    def nothing_is_shown_that_was_not_wanted(self) -> None:
        assert all(row["shown"] <= row["wanted"] for row in self.rows())

    @invariant()
    def a_settled_message_shows_what_is_wanted(self) -> None:
        assert all(row["shown"] == row["wanted"] for row in self.rows() if row["status"] == "sent")

    @invariant()
    def a_sent_message_has_the_address_it_has_in_slack(self) -> None:
        known = {(number, ts) for number, ts, _ in self.slack}
        assert all((row["id"], row["ts"]) in known for row in self.rows() if row["ts"])

    @invariant()
    def nothing_stands_twice_in_slack(self) -> None:
        standing = Counter(number for number, ts, _ in self.slack if ts not in self.deleted)
        assert max(standing.values(), default=0) <= 1, standing

    @invariant()
    def what_is_not_settled_will_be_worked_on(self) -> None:
        """Nothing can get stuck: long enough from now there is work, unless only children of lost parents wait."""
        later = self.wall + timedelta(days=1)
        waits = [row for row in self.rows() if row["status"] in {"waiting", "sending", "uncertain"}]
        addressed = {row["id"] for row in self.rows() if row["ts"]}
        ready = [row for row in waits if row["parent_id"] is None or row["parent_id"] in addressed]
        assert messages.any_work(self.tx, later) == bool(ready)


Life.TestCase.settings = settings(max_examples=30, stateful_step_count=40, suppress_health_check=list(HealthCheck))
TestLife = Life.TestCase
