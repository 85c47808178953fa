"""Silence, and what comes after it: expiry into a named queue, and a second hand-off for whoever takes the lead."""

from datetime import timedelta

from bot.handoff.decision import Refusal, Why
from bot.handoff.imported import Fact, Told
from bot.handoff.states import Handoff, State
from bot.lead import Lead
from bot.moves.record import Record, record
from bot.moves.take import take
from bot.store import queues
from bot.store.engine import Store
from bot.sweep import sweep
from tests.support import HOUR, NOW, by, in_force, offered, standing

END = NOW + timedelta(days=2)


def expired(store: Store) -> Handoff:
    """A hand-off that nobody answered."""
    first = offered(in_force(store))
    sweep(store, END)
    return standing(store, first.id)


def test_an_unanswered_lead_stands_in_the_queue_expired_with_its_reason(store: Store) -> None:
    first = expired(store)
    assert (first.state, first.expired_at) == (State.EXPIRED, END)
    with store.reading() as tx:
        (entry,) = queues.of_lead(tx, first.lead_id)
    assert (entry.queue, entry.handoff_id) == ("expired", first.id)
    assert entry.reason


def test_whoever_takes_it_owns_the_next_hand_off_and_has_accepted_it(store: Store) -> None:
    first = expired(store)
    second = take(store, END + HOUR, by("U0BEN", first))
    assert isinstance(second, Handoff)
    assert (second.state, second.owner, second.number, second.previous_id) == (State.ACCEPTED, "ben", 2, first.id)
    assert standing(store, first.id).next_id == second.id
    with store.reading() as tx:
        assert queues.of_lead(tx, first.lead_id) == []


def test_the_second_taker_learns_that_it_has_moved_on(store: Store) -> None:
    first = expired(store)
    take(store, END, by("U0BEN", first))
    assert take(store, END, by("U0ANA", first)) == Refusal(Why.MOVED_ON)


def test_history_that_is_imported_late_does_not_come_between_a_lead_and_its_next_hand_off(store: Store) -> None:
    first = expired(store)
    told = {Fact.HANDED_OFF: Told(NOW - timedelta(days=90))}
    record(store, END, [Record(Lead(email="elena@vialetto.example"), told)])
    second = take(store, END, by("U0BEN", first))
    assert isinstance(second, Handoff)
    assert second.previous_id == first.id
    assert take(store, END, by("U0ANA", first)) == Refusal(Why.MOVED_ON)


def test_rungs_that_are_all_overdue_after_a_long_stop_are_climbed_in_one_sweep(store: Store) -> None:
    first = offered(in_force(store))
    assert sweep(store, END + timedelta(days=7)).climbed == 2, "escalation and expiry; the reminder is overtaken"
    assert standing(store, first.id).state is State.EXPIRED
    assert sweep(store, END + timedelta(days=7)).climbed == 0
