"""The sweep takes what is due once, in batches; what fails, or has to wait, holds up nobody."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot import sweep as sweeping
from bot.handoff.events import Kind
from bot.handoff.states import State
from bot.lead import Lead, Signal
from bot.moves import due
from bot.moves.carry import carry_out
from bot.moves.due import MOST
from bot.moves.offer import offer
from bot.moves.receive import Incoming, receive
from bot.store import handoffs, history
from bot.store import tables as t
from bot.store.engine import Store
from bot.sweep import REST, ROUND, Sweeper, sweep
from tests.support import HOUR, NOW, PEOPLE, TEXTS, hot, in_force, offered, standing

DUE = NOW + 4 * HOUR
MANY = 2 * MOST + 5
SECOND = timedelta(seconds=1)
WIDE = TEXTS["sla.yaml"].replace("cards_per_hour: 20", "cards_per_hour: 1000")


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What is logged: in full colour it would take a second for each fault."""
    with capture_logs() as entries:
        yield entries


def kinds(store: Store, handoff_id: int) -> list[Kind]:
    with store.reading() as tx:
        return [event.kind for event in history.of_handoff(tx, handoff_id)]


@pytest.fixture
def company(store: Store) -> Store:
    return in_force(store, sla=WIDE)


def test_more_than_a_batch_is_due_and_every_step_is_taken_once(company: Store) -> None:
    ids = [offered(company, f"lead{number}").id for number in range(MANY)]
    worker = Sweeper(company)
    assert worker.sweep(DUE).climbed == MANY
    assert worker.sweep(DUE).climbed == Sweeper(company).sweep(DUE).climbed == 0
    assert {tuple(kinds(company, one)) for one in ids} == {(Kind.OFFERED, Kind.BREACHED, Kind.ESCALATED)}


def test_a_hand_off_that_fails_holds_up_nobody_and_is_tried_again_a_minute_later(
    company: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [offered(company, f"lead{number}").id for number in range(MANY)]
    tries: list[int] = []

    def broken(here: Any, handoff: Any, command: Any) -> Any:
        if handoff.id == ids[0]:
            tries.append(handoff.id)
            raise RuntimeError("a fault of ours")
        return carry_out(here, handoff, command)

    monkeypatch.setattr(due, "carry_out", broken)
    worker = Sweeper(company)
    assert worker.sweep(DUE).climbed == MANY - 1
    tried = len(tries)
    assert tried <= 2, "once with its batch, once by itself"
    assert worker.sweep(DUE + SECOND).climbed == 0
    assert len(tries) == tried
    monkeypatch.undo()
    assert worker.sweep(DUE + REST).climbed == 1
    assert standing(company, ids[0]).step == 2


def test_many_that_fail_do_not_hold_up_those_that_became_due_later(
    company: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = {offered(company, f"lead{number}").id for number in range(MANY)}
    later = offered(company, "late", NOW + HOUR)

    def broken(here: Any, handoff: Any, command: Any) -> Any:
        if handoff.id in first:
            raise RuntimeError("a fault of ours")
        return carry_out(here, handoff, command)

    monkeypatch.setattr(due, "carry_out", broken)
    assert Sweeper(company).sweep(DUE + HOUR).climbed == 1
    assert standing(company, later.id).step == 2


def test_a_message_that_cannot_be_stored_takes_only_its_own_step_back(
    company: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [offered(company, f"lead{number}").id for number in range(3)]

    def broken(tx: Any, notices: Any, *rest: Any) -> None:
        if any(one.subject == f"handoff:{ids[1]}" for one in notices):
            raise RuntimeError("a fault of ours")

    monkeypatch.setattr("bot.moves.turn.ask", broken)
    assert Sweeper(company).sweep(DUE).climbed == 2
    assert [standing(company, one).step for one in ids] == [2, 0, 2]


def test_what_turns_up_long_overdue_is_seen_within_a_minute(company: Store) -> None:
    worker = Sweeper(company)
    for number in range(3):
        offered(company, f"lead{number}")
    assert worker.sweep(DUE).climbed == 3
    forgotten = offered(company, "forgotten", NOW - HOUR)
    worker.sweep(DUE + SECOND)
    worker.sweep(DUE + REST)
    assert standing(company, forgotten.id).step == 2


def test_a_claim_leaves_out_what_is_not_due_what_is_older_and_what_it_was_told_to(company: Store) -> None:
    ids = [offered(company, f"lead{number}", NOW + number * HOUR).id for number in range(4)]
    first = standing(company, ids[0]).next_due_at
    assert first

    def claimed(now: datetime, since: datetime, besides: list[int]) -> list[int]:
        with company.transaction() as tx:
            assert handoffs.any_due(tx, now, since) == (now >= since)
            return [one.id for one in handoffs.claim_due(tx, now, since, 10, besides)]

    assert claimed(first + 2 * HOUR, first, []) == ids[:3]
    assert claimed(first + 2 * HOUR, first + HOUR, []) == ids[1:3]
    assert claimed(first + 2 * HOUR, first + HOUR, [ids[1]]) == [ids[2]]
    assert claimed(first - SECOND, first, []) == []


def test_what_one_worker_has_in_hand_another_passes_over(postgres_store: Store) -> None:
    store = in_force(postgres_store, sla=WIDE)
    ids = [offered(store, f"lead{number}").id for number in range(MANY)]
    with store.transaction() as tx, store.transaction() as other:
        mine = {one.id for one in handoffs.claim_due(tx, DUE, NOW, MOST)}
        others = {one.id for one in handoffs.claim_due(other, DUE, NOW, MANY)}
        assert len(mine) == MOST
        assert mine | others == set(ids)
        assert not mine & others


REASSIGNS = TEXTS["sla.yaml"].replace(
    "- {after: 15m, step: escalate}\n", "- {after: 15m, step: escalate}\n      - {after: 20m, step: reassign}\n"
)


def urgent(store: Store, name: str) -> int:
    """A lead that uses the product, which is urgent."""
    uses = [Signal(f"{name}-{number}", "product_used", NOW) for number in range(3)]
    received = receive(store, NOW, Incoming(hot(name).lead, uses))
    assert received.tier == "P1"
    return received.handoff_id or 0


def test_an_urgent_lead_that_is_not_answered_goes_to_another_once_and_then_on_to_its_end(store: Store) -> None:
    in_force(store, sla=REASSIGNS)
    handoff = urgent(store, "elena")
    before = standing(store, handoff).owner
    assert sweep(store, NOW + timedelta(minutes=20)).climbed == 2, "escalated, reassigned; the reminder is overtaken"
    after = standing(store, handoff)
    assert {before, after.owner} == {"ana", "ben"}
    assert kinds(store, handoff).count(Kind.REASSIGNED) == 1
    assert sweep(store, NOW + timedelta(minutes=21)).climbed == 0
    sweep(store, NOW + timedelta(days=2))
    assert standing(store, handoff).state is State.EXPIRED
    assert kinds(store, handoff).count(Kind.REASSIGNED) == 1


def test_with_nobody_to_go_to_it_stays_and_the_clock_goes_on(store: Store) -> None:
    in_force(store, sla=REASSIGNS, people=PEOPLE.replace("members: [ana, ben]", "members: [ana]"))
    handoff = urgent(store, "elena")
    sweep(store, NOW + timedelta(minutes=20))
    assert standing(store, handoff).owner == "ana"
    assert sweep(store, NOW + timedelta(minutes=21)).climbed == 0
    assert standing(store, handoff).next_due_at == NOW + timedelta(days=2)


REGIONS = """
persons:
  ana: {name: Ana Ruiz, slack: U0ANA, role: rep, capacity: {open: 1}}
  ben: {name: Ben Okafor, slack: U0BEN, role: rep, capacity: {open: 1}}
  maya: {name: Maya Lindqvist, slack: U0MAYA, role: manager}
teams:
  north: {name: North, channel: C0NORTH, manager: maya, members: [ana]}
  south: {name: South, channel: C0SOUTH, manager: maya, members: [ben]}
routing:
  rules:
    - {label: From Italy, when: {field: country, equals: IT}, teams: [south]}
    - {label: From Sweden, when: {field: country, equals: SE}, teams: [north]}
"""


@pytest.fixture
def regions(store: Store) -> Store:
    return in_force(store, people=REGIONS, sla=WIDE)


def waits(store: Store, name: str, country: str) -> int:
    received = receive(store, NOW, hot(name, country=country))
    assert received.queue == "overflow", received
    return received.lead_id


def frees(store: Store, person: str) -> None:
    """The person's card is decided behind everybody's back."""
    with store.transaction() as tx:
        statement = sa.update(t.handoffs).where(t.handoffs.c.owner == person)
        tx.execute(statement.values(state="accepted", next_due_at=None))


def owners(store: Store) -> Counter[str]:
    with store.reading() as tx:
        return Counter(tx.execute(sa.select(t.handoffs.c.owner).where(t.handoffs.c.state == "offered")).scalars())


def test_a_lead_that_has_no_place_does_not_hold_up_one_behind_it_that_has(regions: Store) -> None:
    receive(regions, NOW, hot("first", country="SE"))
    receive(regions, NOW, hot("second", country="IT"))
    for number in range(3):
        waits(regions, f"sweden{number}", "SE")
    italian = waits(regions, "italy", "IT")
    frees(regions, "ben")
    assert sweep(regions, NOW).offered == 1
    with regions.reading() as tx:
        newest = handoffs.newest_of_lead(tx, italian)
    assert newest
    assert newest.owner == "ben"


def test_the_longest_waiting_goes_first(regions: Store) -> None:
    receive(regions, NOW, hot("first", country="SE"))
    longest = waits(regions, "a", "SE")
    for number in range(12):
        waits(regions, f"b{number}", "SE")
    worker = Sweeper(regions)
    for _ in range(5):
        assert worker.sweep(NOW).offered == 0
    frees(regions, "ana")
    assert worker.sweep(NOW).offered == 1
    with regions.reading() as tx:
        assert handoffs.newest_of_lead(tx, longest)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The leads that the sweep tries to place."""
    tried: list[int] = []

    def noticing(store: Store, now: datetime, lead_id: int) -> Any:
        tried.append(lead_id)
        return offer(store, now, lead_id)

    monkeypatch.setattr(sweeping, "offer", noticing)
    return tried


def test_however_many_wait_for_the_same_a_sweep_asks_for_few_and_in_the_end_for_all(
    regions: Store, asked: list[int]
) -> None:
    receive(regions, NOW, hot("first", country="SE"))
    leads = {waits(regions, f"sweden{number}", "SE") for number in range(42)}
    worker = Sweeper(regions)
    for number in range(1, 12):
        worker.sweep(NOW + number * SECOND)
        assert len(asked) <= number * (ROUND + 1)
    assert set(asked) == leads


def test_whoever_stands_there_for_a_reason_that_is_none_any_more_is_found(regions: Store, asked: list[int]) -> None:
    receive(regions, NOW, hot("first", country="SE"))
    receive(regions, NOW, hot("second", country="IT"))
    for number in range(30):
        waits(regions, f"sweden{number}", "SE")
    italian = waits(regions, "italy", "IT")
    with regions.transaction() as tx:
        tx.execute(sa.update(t.queue_entries).values(reason="as somebody wrote it long ago"))
    frees(regions, "ben")
    worker = Sweeper(regions)
    assert sum(worker.sweep(NOW + number * SECOND).offered for number in range(8)) == 1
    assert italian in asked


def test_a_waiting_lead_that_fails_is_left_alone_for_a_minute(regions: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(regions, NOW, hot("first", country="SE"))
    poison = waits(regions, "a", "SE")
    waits(regions, "b", "SE")
    frees(regions, "ana")
    tried: list[int] = []

    def broken(store: Store, now: datetime, lead_id: int) -> Any:
        tried.append(lead_id)
        if lead_id == poison:
            raise RuntimeError("a fault of ours")
        return offer(store, now, lead_id)

    monkeypatch.setattr(sweeping, "offer", broken)
    worker = Sweeper(regions)
    assert worker.sweep(NOW).offered == 1
    worker.sweep(NOW + SECOND)
    assert tried.count(poison) == 1
    worker.sweep(NOW + REST)
    assert tried.count(poison) == 2


def test_a_lead_without_a_name_for_it_is_no_reason_to_stop(regions: Store, asked: list[int]) -> None:
    """Nobody waits: nobody is asked."""
    receive(regions, NOW, Incoming(Lead(email="x@y.example"), []))
    assert sweep(regions, NOW).offered == 0
    assert asked == []
