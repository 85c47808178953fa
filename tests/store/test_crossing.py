"""Invariant 1: a crossing has exactly one result, a lead at most one live hand-off, however often and in whatever
order signals arrive, from however many processes.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.handoff.crossing import Held
from bot.handoff.events import Kind
from bot.lead import Lead, Signal
from bot.moves.decisions import Grounds, accept, reject
from bot.moves.offer import offer
from bot.moves.receive import Incoming, receive
from bot.moves.take import take
from bot.store import leads, switches
from bot.store.engine import Store
from bot.store.leads import Ambiguous
from bot.store.tables import handoffs, history, messages, queue_entries
from bot.sweep import sweep
from tests.support import HOUR, NOW, by, hot, in_force, offered, owner_slack, standing


def results(store: Store) -> Counter[str]:
    """How often each kind of result is in the history and in the tables."""
    with store.reading() as tx:
        kinds = Counter(tx.execute(sa.select(history.c.kind)).scalars())
        kinds["handoff rows"] = tx.execute(sa.select(sa.func.count()).select_from(handoffs)).scalar_one()
        kinds["cards"] = tx.execute(
            sa.select(sa.func.count()).select_from(messages).where(messages.c.kind == "card")
        ).scalar_one()
        kinds["open entries"] = tx.execute(
            sa.select(sa.func.count()).select_from(queue_entries).where(queue_entries.c.left_at.is_(None))
        ).scalar_one()
    return kinds


def test_many_threads_send_the_same_new_lead_and_it_is_offered_once(postgres_store: Store) -> None:
    store = in_force(postgres_store)
    with ThreadPoolExecutor(16) as pool:
        received = list(pool.map(lambda _: receive(store, NOW, hot()), range(64)))
    assert len({one.lead_id for one in received}) == 1
    assert Counter(one.crossing for one in received) == {"handoff": 1, "none": 63}
    assert sum(one.new_signals for one in received) == 1
    count = results(store)
    assert (count["crossed"], count["offered"], count["handoff rows"], count["cards"]) == (1, 1, 1, 1)


def test_many_threads_each_bring_one_signal_and_the_lead_crosses_once(store: Store) -> None:
    in_force(store)
    lead = hot().lead
    one_each = [Incoming(lead, [Signal(f"w-{n}", "webinar_attended", NOW)]) for n in range(12)]
    with ThreadPoolExecutor(12) as pool:
        received = list(pool.map(lambda incoming: receive(store, NOW, incoming), one_each))
    assert Counter(one.crossing for one in received)["handoff"] == 1
    count = results(store)
    assert (count["crossed"], count["handoff rows"], count["cards"]) == (1, 1, 1)


def test_a_lead_under_two_names_from_two_systems_at_once_is_one_lead(postgres_store: Store) -> None:
    store = in_force(postgres_store)
    both = [replace(hot().lead, origin="crm", external_id=str(n % 2)) for n in range(32)]
    with ThreadPoolExecutor(16) as pool:
        ids = {one.lead_id for one in pool.map(lambda lead: receive(store, NOW, Incoming(lead)), both)}
    assert len(ids) == 1


def test_names_of_two_different_leads_change_neither(store: Store) -> None:
    in_force(store)
    receive(store, NOW, Incoming(Lead(email="a@x.example")))
    receive(store, NOW, Incoming(Lead(origin="crm", external_id="7", name="Seven")))
    with pytest.raises(Ambiguous):
        receive(store, NOW, Incoming(Lead(email="a@x.example", origin="crm", external_id="7", name="Changed")))
    with store.reading() as tx:
        seven = leads.get(tx, leads.find(tx, Lead(origin="crm", external_id="7")) or 0)
    assert seven
    assert seven.lead.name == "Seven"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), repeats=st.lists(st.integers(0, 5), max_size=4))
def test_order_and_repetition_of_signals_make_no_difference(
    sqlite_store: Store, order: list[int], repeats: list[int]
) -> None:
    store = in_force(sqlite_store, sla=_sla(cards_per_hour=1000))
    lead = Lead(email=f"lead-{sorted(order)}-{order}-{repeats}@x.example".replace(" ", "").replace(",", "."))
    signals = [Signal(f"s-{n}", "webinar_attended", NOW - n * HOUR) for n in range(6)]
    received = [receive(store, NOW, Incoming(lead, [signals[n]])) for n in [*order, *repeats]]
    assert Counter(one.crossing for one in received)["handoff"] == 1
    assert (received[-1].cell, received[-1].tier) == ("D1", "P2")
    assert sum(one.new_signals for one in received) == 6


def test_an_expired_lead_that_is_taken_while_it_crosses_anew_never_has_two_live_hand_offs(
    postgres_store: Store,
) -> None:
    store = in_force(postgres_store, sla=_sla(cards_per_hour=1000))
    for round_ in range(12):
        first = offered(store, f"lead{round_}")
        end = NOW + timedelta(days=2)
        sweep(store, end)
        again = Incoming(hot(f"lead{round_}").lead, [Signal(f"again-{round_}", "demo_request", end + HOUR)])
        with ThreadPoolExecutor(2) as pool:
            taken = pool.submit(take, store, end + HOUR, by("U0BEN", first))
            crossed = pool.submit(receive, store, end + HOUR, again)
            taken.result(), crossed.result()
        with store.reading() as tx:
            live = sa.select(sa.func.count()).where(
                handoffs.c.lead_id == first.lead_id, handoffs.c.state.in_(["offered", "accepted"])
            )
            assert tx.execute(live).scalar_one() == 1
        assert crossed.result().crossing in {"handoff", "none"}


def test_a_crossing_while_a_hand_off_is_live_is_a_line_on_that_one(store: Store) -> None:
    in_force(store)
    first = offered(store)
    accept(store, NOW, by(owner_slack(first), first))
    with store.transaction() as tx:
        leads.set_verdict(tx, first.lead_id, False, NOW)
    again = receive(store, NOW + HOUR, hot())
    assert (again.crossing, again.handoff_id) == ("line", first.id)
    assert results(store)["handoff rows"] == 1


def test_a_lead_that_was_turned_down_comes_back_by_new_intent_after_its_wait_as_a_linked_hand_off(store: Store) -> None:
    in_force(store)
    first = offered(store)
    reject(store, NOW, by(owner_slack(first), first), Grounds("NOT_READY", "only a download"))
    wait = timedelta(days=60)
    early = receive(store, NOW + wait / 2, Incoming(hot().lead, [_asks("early", NOW + wait / 2)]))
    assert (early.crossing, early.held) == ("none", Held("turned_down", NOW + wait))
    visit = receive(store, NOW + wait, Incoming(hot().lead, [Signal("visit", "page_visit", NOW + wait)]))
    assert visit.crossing == "none", "a visit is no sign of intent"
    again = receive(store, NOW + wait + HOUR, Incoming(hot().lead, [_asks("late", NOW + wait + HOUR)]))
    assert again.crossing == "handoff"
    second = standing(store, again.handoff_id or 0)
    assert (second.number, second.previous_id) == (2, first.id)
    assert standing(store, first.id).next_id == second.id
    more = receive(store, NOW + wait + HOUR, Incoming(hot().lead, [_asks("more", NOW + wait + HOUR)]))
    assert more.crossing == "none"


def test_a_lead_that_fell_does_not_cross_again_before_the_cooldown_is_over(store: Store) -> None:
    in_force(store, people="persons: {}\nteams: {}\n")
    lead = hot().lead
    assert receive(store, NOW, hot()).queue == "unassigned"
    assert receive(store, NOW, Incoming(lead, [Signal("off", "unsubscribed", NOW)])).tier is None
    soon = receive(store, NOW + HOUR, Incoming(lead, [_asks("soon", NOW)]))
    assert (soon.crossing, soon.held) == ("none", Held("crossed_lately", NOW + timedelta(days=30)))
    sweep(store, NOW + timedelta(days=31))
    assert results(store)["crossed"] == 1, "time alone never causes a crossing"
    late = receive(store, NOW + timedelta(days=31), Incoming(lead, [Signal("visit", "page_visit", NOW)]))
    assert late.crossing == "queue"


def test_a_fall_is_an_event_and_time_alone_is_none(store: Store) -> None:
    in_force(store)
    first = offered(store)
    receive(store, NOW, Incoming(hot().lead, [Signal("off", "unsubscribed", NOW), Signal("on", "page_visit", NOW)]))
    assert results(store)["fell"] == 1
    before = results(store)
    sweep(store, NOW + HOUR)
    after = results(store)
    assert (after["crossed"], after["fell"]) == (before["crossed"], before["fell"])
    assert first.number == 1


def test_over_the_cap_crossings_stand_in_overflow_and_are_offered_when_there_is_room(store: Store) -> None:
    in_force(store, sla=_sla(cards_per_hour=2))
    crossings = [receive(store, NOW, hot(f"lead{n}")).crossing for n in range(5)]
    assert crossings == ["handoff", "handoff", "queue", "queue", "queue"]
    sweep(store, NOW + HOUR - timedelta(seconds=1))
    assert results(store)["handoff rows"] == 2
    assert sweep(store, NOW + HOUR).offered == 2
    assert results(store)["open entries"] == 1
    assert sweep(store, NOW + 2 * HOUR).offered == 1
    count = results(store)
    assert (count["handoff rows"], count["open entries"], count["crossed"]) == (5, 0, 5)


def test_an_overflowing_lead_has_no_clock_until_it_is_offered(store: Store) -> None:
    in_force(store, sla=_sla(cards_per_hour=0 + 1))
    receive(store, NOW, hot("first"))
    waiting = receive(store, NOW, hot("second"))
    later = NOW + 3 * HOUR
    handoff = offer(store, later, waiting.lead_id)
    assert handoff
    assert (handoff.offered_at, handoff.due_at) == (later, later + 4 * HOUR)


def test_while_paused_nothing_is_offered_and_nothing_is_lost(store: Store) -> None:
    in_force(store)
    with store.transaction() as tx:
        switches.turn_on(tx, switches.PAUSED, "trade fair", NOW)
    assert receive(store, NOW, hot()).queue == "overflow"
    assert sweep(store, NOW + HOUR).offered == 0
    with store.transaction() as tx:
        switches.turn_off(tx, switches.PAUSED)
    assert sweep(store, NOW + HOUR).offered == 1


def test_nobody_to_own_a_lead_puts_it_into_a_named_queue_until_somebody_is_there(store: Store) -> None:
    waiting = receive(store, NOW, hot(company="Vialetto"))
    assert waiting.queue == "unassigned"
    assert sweep(store, NOW).offered == 0
    in_force(store)
    assert sweep(store, NOW).offered == 1
    assert results(store)["left_queue"] == 1


def test_without_cards_crossings_are_imported_and_stay_so(store: Store) -> None:
    in_force(store)
    assert receive(store, NOW, replace(hot(), cards=False)).queue == "imported"
    sweep(store, NOW + HOUR)
    count = results(store)
    assert (count["handoff rows"], count["cards"], count["open entries"]) == (0, 0, 1)


def test_a_dry_run_says_the_same_and_stores_nothing(store: Store) -> None:
    in_force(store)
    dry = receive(store, NOW, hot(), dry_run=True)
    assert dry.crossing == "handoff"
    assert not +results(store)
    assert receive(store, NOW, hot()).crossing == "handoff"


def test_leads_go_round_the_reps(store: Store) -> None:
    in_force(store)
    owners = [offered(store, f"lead{n}", NOW + n * HOUR).owner for n in range(6)]
    assert Counter(owners) == {"ana": 3, "ben": 3}


def test_every_result_of_a_crossing_is_in_the_history(store: Store) -> None:
    in_force(store)
    handoff = offered(store)
    with store.reading() as tx:
        kinds = list(
            tx.execute(
                sa.select(history.c.kind).where(history.c.lead_id == handoff.lead_id).order_by(history.c.id)
            ).scalars()
        )
    assert kinds == [Kind.CROSSED, Kind.OFFERED]


def _asks(name: str, at: datetime) -> Signal:
    return Signal(name, "pricing_request", at)


def _sla(cards_per_hour: int) -> str:
    return f"""
undo_minutes: 10
cards_per_hour: {cards_per_hour}
tiers:
  P1: {{due: 15m, ladder: [{{after: 15m, step: escalate}}, {{after: 2d, step: expire}}]}}
  P2: {{due: 4h, ladder: [{{after: 2h, step: remind}}, {{after: 4h, step: escalate}}, {{after: 2d, step: expire}}]}}
"""
