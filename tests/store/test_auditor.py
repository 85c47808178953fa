"""The auditor finds what the sweep, the moves and delivery have left undone: each kind is broken by hand, then found.

It reads the tables by queries of its own, so a row that no code would write is how it is tested.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.auditor import Auditor
from bot.handoff.finding import Finding, Trouble
from bot.handoff.states import Handoff
from bot.moves.decisions import accept
from bot.moves.receive import Incoming, receive
from bot.slack import Permanent
from bot.store import audit, queues
from bot.store import tables as t
from bot.store.engine import Store, Tx
from bot.store.staff_tables import profiles
from bot.sweep import sweep
from tests.support import NOW, PEOPLE, by, hot, in_force, offered, owner_slack

MINUTE = timedelta(minutes=1)
OPS = PEOPLE + "ops_channel: C0OPS\n"


class Recorder:
    """A Slack that knows which messages it has."""

    def __init__(self) -> None:
        self.lost: set[str] = set()
        self.refuses = False
        self.asked: list[tuple[str, str]] = []

    def has(self, channel: str, ts: str) -> bool:
        self.asked.append((channel, ts))
        if self.refuses:
            raise Permanent("channel_not_found")
        return ts not in self.lost


class World:
    """A company with an auditor, whose clocks are set by hand."""

    def __init__(self, store: Store) -> None:
        self.store = in_force(store, people=OPS)
        self.slack = Recorder()
        self.now = NOW
        self.wall = datetime.now(UTC)
        self.auditor = Auditor(self.store, self.slack, lambda: self.now, lambda: self.wall)  # type: ignore[arg-type]

    def look(self) -> dict[Trouble, Finding]:
        return {one.kind: one for one in self.auditor.look()}

    def run(self, statement: sa.Executable) -> None:
        with self.store.transaction() as tx:
            tx.execute(statement)

    def told(self) -> list[sa.Row]:
        with self.store.reading() as tx:
            return list(tx.execute(sa.select(t.messages).where(t.messages.c.kind == "audit").order_by(t.messages.c.id)))

    def shown(self, handoff: Handoff, ts: str = "1.1") -> None:
        """Slack has taken the card."""
        card = (t.messages.c.subject == f"handoff:{handoff.id}") & (t.messages.c.kind == "card")
        self.run(sa.update(t.messages).where(card).values(status="sent", channel="C0SALES", ts=ts, shown=1))


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def handoffs_where(handoff: Handoff) -> sa.Update:
    return sa.update(t.handoffs).where(t.handoffs.c.id == handoff.id)


def test_nothing_is_wrong_where_nothing_is_wrong(world: World) -> None:
    first, second = offered(world.store), offered(world.store, "samuel")
    world.shown(first)
    world.shown(second, "2.2")
    accept(world.store, NOW, by(owner_slack(first), first))
    receive(world.store, NOW, Incoming(hot("mia").lead, hot("mia").signals, cards=False))  # waits in `imported`
    world.now += 10 * MINUTE
    assert world.look() == {}
    assert world.told() == []


def test_a_step_that_nobody_took(world: World) -> None:
    handoff = offered(world.store)
    world.shown(handoff)
    assert handoff.next_due_at is not None
    world.now = handoff.next_due_at + timedelta(seconds=89)
    assert world.look() == {}
    world.now += timedelta(seconds=2)
    assert world.look() == {Trouble.STEP_LATE: Finding(Trouble.STEP_LATE, 1, str(handoff.id))}
    sweep(world.store, world.now)
    assert Trouble.STEP_LATE not in world.look()


def test_an_open_hand_off_that_is_nobodys(world: World) -> None:
    handoff = offered(world.store)
    world.shown(handoff)
    world.run(handoffs_where(handoff).values(owner=None))
    assert set(world.look()) == {Trouble.NO_OWNER}
    with world.store.transaction() as tx:
        queues.enter(tx, queues.Entry("unassigned", handoff.lead_id, handoff.id, "nobody is there", NOW))
    assert world.look() == {}


def test_an_owner_whom_nobody_knows_or_who_has_left_slack(world: World) -> None:
    one, other = offered(world.store), offered(world.store, "samuel")
    world.shown(one)
    world.shown(other, "2.2")
    world.run(handoffs_where(one).values(owner="former"))
    assert world.look()[Trouble.OWNER_GONE] == Finding(Trouble.OWNER_GONE, 1, str(one.id))
    world.run(sa.insert(profiles).values(person=other.owner, gone=True, seen_at=NOW))
    assert world.look()[Trouble.OWNER_GONE].count == 2


def test_a_message_that_does_not_get_through(world: World) -> None:
    handoff = offered(world.store)
    world.wall += 4 * MINUTE
    assert Trouble.MESSAGE_STUCK not in world.look()
    world.wall += 2 * MINUTE
    assert world.look()[Trouble.MESSAGE_STUCK].count == 1
    world.shown(handoff)
    assert Trouble.MESSAGE_STUCK not in world.look()


@pytest.mark.parametrize("breaks", ["refused", "never asked for"])
def test_an_open_hand_off_without_a_card(world: World, breaks: str) -> None:
    handoff = offered(world.store)
    card = t.messages.c.subject == f"handoff:{handoff.id}"
    if breaks == "refused":
        world.run(sa.update(t.messages).where(card).values(status="failed"))
    else:
        world.run(sa.delete(t.messages).where(card))
    assert set(world.look()) == {Trouble.CARD_FAILED}
    accept(world.store, NOW, by(owner_slack(handoff), handoff))  # once it is decided, nobody needs it
    assert Trouble.CARD_FAILED not in world.look()


def test_a_card_that_slack_has_lost_is_asked_for_again(world: World) -> None:
    handoff = offered(world.store)
    world.shown(handoff)
    world.slack.lost = {"1.1"}
    assert set(world.look()) == {Trouble.CARD_LOST}
    with world.store.reading() as tx:
        card = tx.execute(sa.select(t.messages).where(t.messages.c.kind == "card")).one()
    assert (card.status, card.wanted) == ("waiting", 2)


def test_a_slack_that_cannot_be_asked_has_lost_nothing(world: World) -> None:
    world.shown(offered(world.store))
    world.slack.refuses = True
    assert world.look() == {}


def test_cards_are_looked_for_in_turn(world: World) -> None:
    for number in range(45):
        with_cap(world, number)
    for _ in range(3):
        world.look()
    assert len({ts for _, ts in world.slack.asked}) == 45
    assert len(world.slack.asked) == 45
    world.look()
    assert len(world.slack.asked) == 65  # and round again


def with_cap(world: World, number: int) -> None:
    """An open hand-off whose card came in an hour of its own: no channel takes 45 in one."""
    handoff = offered(world.store, f"lead{number}", NOW + number * timedelta(minutes=4))
    world.now = max(world.now, NOW + number * timedelta(minutes=4))
    world.shown(handoff, f"{number}.0")
    world.run(handoffs_where(handoff).values(next_due_at=None))


LOSE: dict[str, Callable[[Tx, int], object]] = {
    "its hand-off": lambda tx, lead: (
        tx.execute(sa.delete(t.history).where(t.history.c.lead_id == lead)),
        tx.execute(
            sa.delete(t.grounds).where(
                t.grounds.c.handoff_id.in_(sa.select(t.handoffs.c.id).where(t.handoffs.c.lead_id == lead))
            )
        ),
        tx.execute(sa.delete(t.handoffs).where(t.handoffs.c.lead_id == lead)),
    ),
    "its place in the queue": lambda tx, lead: (
        tx.execute(sa.delete(t.history).where(t.history.c.lead_id == lead)),
        tx.execute(sa.delete(t.queue_entries).where(t.queue_entries.c.lead_id == lead)),
    ),
}


@pytest.mark.parametrize("what", LOSE)
def test_a_crossing_that_came_to_nothing(world: World, what: str) -> None:
    lead = receive(world.store, NOW, Incoming(hot().lead, hot().signals, cards=what == "its hand-off")).lead_id
    world.now += 10 * MINUTE
    assert Trouble.CROSSING_LOST not in world.look()
    with world.store.transaction() as tx:
        LOSE[what](tx, lead)
    assert world.look()[Trouble.CROSSING_LOST] == Finding(Trouble.CROSSING_LOST, 1, str(lead))
    assert Trouble.CROSSING_LOST in world.look()  # and it stays found


def test_operations_is_told_once_a_day_and_again_of_another_kind(world: World) -> None:
    handoff = offered(world.store)
    world.shown(handoff)
    world.run(handoffs_where(handoff).values(owner=None))
    world.look()
    world.now += MINUTE
    world.look()
    assert [(row.recipient, row.detail) for row in world.told()] == [
        ("C0OPS", {"found": [["no_owner", 1, str(handoff.id)]]})
    ]
    world.now += 5 * timedelta(hours=1)  # the sweep stands still
    world.look()
    assert len(world.told()) == 2
    assert [kind for kind, _, _ in world.told()[1].detail["found"]] == ["step_late", "no_owner"]
    world.now += timedelta(days=1)
    world.look()
    world.look()
    assert len(world.told()) == 3


def test_what_was_found_is_kept_for_the_monitor(world: World) -> None:
    handoff = offered(world.store)
    world.shown(handoff)
    world.run(handoffs_where(handoff).values(owner=None))
    world.look()
    with world.store.reading() as tx:
        assert audit.known(tx) == {Trouble.NO_OWNER: (1, NOW.date())}
    world.run(handoffs_where(handoff).values(owner="ana"))
    world.look()
    with world.store.reading() as tx:
        assert audit.known(tx) == {Trouble.NO_OWNER: (0, NOW.date())}  # and operations knows of it for today
    world.now += timedelta(days=2)
    world.run(handoffs_where(handoff).values(next_due_at=None))
    world.look()
    with world.store.reading() as tx:
        assert audit.known(tx) == {}


def test_what_only_a_slice_would_show_is_remembered_and_told_once(world: World) -> None:
    for number in range(45):
        with_cap(world, number)
    card = (t.messages.c.subject == "handoff:7") & (t.messages.c.kind == "card")
    world.run(sa.update(t.messages).where(card).values(status="failed"))
    seen = [Trouble.CARD_FAILED in world.look() for _ in range(8)]
    assert seen[seen.index(True) :] == [True] * (8 - seen.index(True))
    assert len(world.told()) == 1
