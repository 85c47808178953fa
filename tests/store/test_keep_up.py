"""A lead goes on living while sales has it, waits for its data, or sits still while its interest fades."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.answers.case import case
from bot.blocks.card import card
from bot.handoff.decision import Refusal, Why
from bot.handoff.states import Handoff, State
from bot.lead import Lead, Signal
from bot.moves.decisions import Grounds, accept, reject, undo
from bot.moves.offer import offer
from bot.moves.receive import Incoming, Received, judge_anew, mend, receive
from bot.moves.take import take
from bot.store import grounds, leads, queues
from bot.store.engine import Store, Tx
from bot.store.leads import Ambiguous
from bot.store.tables import handoffs, history, messages
from bot.sweep import sweep
from tests.support import CRITERIA, HOUR, NOW, by, hot, in_force, offered, owner_slack, standing

DAY = timedelta(days=1)
FADING = CRITERIA.replace("points: 60, intent: true}", "points: 60, half_life: 10d, intent: true}")
NEEDS = CRITERIA + "data: {email: {needed: true, accept: [business]}, company: {needed: true}, phone: {}}\n"
USES = [Signal(f"use-{n}", "product_used", NOW + HOUR) for n in range(3)]
OPT_OUT = Signal("out", "opt_out", NOW + HOUR)


def told(store: Store, lead_id: int) -> list[str]:
    """The history of a lead, in words."""
    with store.reading() as tx:
        rows = tx.execute(sa.select(history.c.kind).where(history.c.lead_id == lead_id).order_by(history.c.id))
        return list(rows.scalars())


def kinds(store: Store) -> list[str]:
    """The kinds of all messages, in the order in which they were asked for."""
    with store.reading() as tx:
        return list(tx.execute(sa.select(messages.c.kind).order_by(messages.c.id)).scalars())


def later(store: Store, *signals: Signal) -> Received:
    return receive(store, NOW + HOUR, Incoming(hot().lead, signals))


def test_a_hot_signal_raises_the_tier_of_an_open_card_and_leaves_its_due_times(store: Store) -> None:
    before = offered(in_force(store))
    assert later(store, *USES).tier == "P1"
    after = standing(store, before.id)
    assert (before.tier, after.tier, after.raised_from) == ("P2", "P1", "P2")
    assert (after.due_at, after.steps, after.next_due_at) == (before.due_at, before.steps, before.next_due_at)
    assert kinds(store) == ["card", "raised"]
    later(store, Signal("more", "product_used", NOW + HOUR))
    assert told(store, before.lead_id).count("raised") == 1


def test_whoever_hands_it_on_while_it_becomes_hotter_waits_for_nobody_in_a_circle(postgres_store: Store) -> None:
    """The hand-off first, then its grounds. The other way round PostgreSQL ends one of the two as a deadlock."""
    handoff = offered(in_force(postgres_store))
    with ThreadPoolExecutor(1) as other:
        with postgres_store.transaction() as tx:
            tx.execute(sa.select(handoffs.c.id).where(handoffs.c.id == handoff.id).with_for_update(key_share=True))
            arriving = other.submit(later, postgres_store, *USES)
            wait_for_somebody(postgres_store)
            grounds.add_routing(tx, handoff.id, {"to": "ben"})
        assert arriving.result().tier == "P1"
    with postgres_store.reading() as tx:
        assert [one["to"] for one in grounds.routings(tx, handoff.id)] == ["ana", "ben"]
    assert standing(postgres_store, handoff.id).tier == "P1"


def wait_for_somebody(store: Store) -> None:
    """Until a transaction waits for a row."""
    waits = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(1_000):
        with store.reading() as tx:
            if tx.execute(waits).scalar_one():
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_a_tier_is_never_lowered_and_a_decided_card_never_raised(store: Store) -> None:
    before = offered(in_force(store))
    later(store, *USES)
    later(store, Signal("off", "unsubscribed", NOW + HOUR))
    assert standing(store, before.id).tier == "P1"
    other = offered(store, "zoe")
    accept(store, NOW, by(owner_slack(other), other))
    receive(store, NOW + HOUR, Incoming(hot("zoe").lead, USES))
    assert standing(store, other.id).tier == "P2"


def test_a_hand_off_keeps_the_assessment_it_was_offered_with_and_the_newest_one(store: Store) -> None:
    handoff = offered(in_force(store))
    later(store, *USES)
    with store.reading() as tx:
        first, newest = grounds.offered_with(tx, handoff.id), grounds.assessment(tx, handoff.id)
    assert first
    assert newest
    assert (first.at, first.because, newest.because) == (NOW, "cell D1", "Uses the product")
    assert first.criteria == newest.criteria == handoff.policy


def test_an_opt_out_makes_an_open_card_void_and_nothing_brings_it_back(store: Store) -> None:
    handoff = offered(in_force(store))
    assert later(store, OPT_OUT).tier is None
    after = standing(store, handoff.id)
    assert (after.state, after.next_due_at, after.comment) == (State.VOID, None, "Must not be contacted")
    assert kinds(store) == ["card", "withdrawn"]
    assert told(store, handoff.lead_id) == ["crossed", "offered", "signalled", "voided", "fell"]
    assert undo(store, NOW + HOUR, by("U0MAYA", handoff)) == Refusal(Why.UNDO_TOO_LATE)
    again = receive(store, NOW + 100 * DAY, Incoming(hot().lead, [Signal("again", "demo_request", NOW + 100 * DAY)]))
    assert (again.crossing, again.tier) == ("none", None)


def test_whoever_has_accepted_is_warned_once_and_their_decision_stands(store: Store) -> None:
    handoff = offered(in_force(store))
    accept(store, NOW, by(owner_slack(handoff), handoff))
    later(store, OPT_OUT)
    later(store, Signal("out-again", "opt_out", NOW + HOUR))
    assert standing(store, handoff.id).state is State.ACCEPTED
    assert kinds(store).count("withdrawn") == 1
    assert told(store, handoff.lead_id).count("barred") == 1


def test_an_undo_does_not_reopen_the_card_of_a_lead_that_opted_out_meanwhile(store: Store) -> None:
    in_force(store)
    accepted, turned_down = offered(store), offered(store, "zoe")
    accept(store, NOW, by("U0MAYA", accepted))
    reject(store, NOW, by("U0MAYA", turned_down), Grounds("NOT_READY", "just looking"))
    for name in ("elena", "zoe"):
        receive(store, NOW, Incoming(hot(name).lead, [Signal(f"{name}-out", "opt_out", NOW)]))
    for handoff in (accepted, turned_down):
        undo(store, NOW, by("U0MAYA", handoff))
        assert standing(store, handoff.id).state is State.VOID


def test_a_competitor_stays_on_the_card_for_the_rep_to_decide(store: Store) -> None:
    handoff = offered(in_force(store))
    known = receive(
        store, NOW + HOUR, Incoming(Lead(email=hot().lead.email, attributes={"relationship": "competitor"}))
    )
    assert known.tier is None
    assert standing(store, handoff.id).state is State.OFFERED


def test_an_expired_lead_that_opted_out_cannot_be_taken_and_one_that_faded_keeps_its_tier(store: Store) -> None:
    in_force(store, criteria=FADING)
    gone, faded = offered(store), offered(store, "zoe")
    sweep(store, NOW + 2 * DAY)
    receive(store, NOW + 3 * DAY, Incoming(hot().lead, [Signal("out", "opt_out", NOW + 3 * DAY)]))
    assert take(store, NOW + 40 * DAY, by("U0MAYA", gone)) == Refusal(Why.BARRED)
    with store.reading() as tx:
        shown = case(tx, gone.id)
    assert shown
    assert "Take it" not in str(card(shown).blocks), "no button that only refuses"
    assert "Do not contact" in card(shown).text
    taken = take(store, NOW + 40 * DAY, by("U0MAYA", faded))
    assert isinstance(taken, Handoff)
    assert (taken.tier, taken.state) == ("P2", State.ACCEPTED)


def test_without_needed_data_there_is_no_card_but_an_entry_that_says_what_is_missing(store: Store) -> None:
    in_force(store, criteria=NEEDS)
    waiting = receive(store, NOW, hot(email="elena@gmail.com"))
    assert (waiting.crossing, waiting.queue) == ("queue", "data-fix")
    with store.reading() as tx:
        (entry,) = queues.of_lead(tx, waiting.lead_id)
    assert entry.reason == "email is free, expected business, company is missing"
    assert kinds(store) == []


def test_mended_data_brings_the_card_whether_a_person_or_the_next_arrival_mends_it(store: Store) -> None:
    in_force(store, criteria=NEEDS)
    by_hand, by_itself = (receive(store, NOW, hot(name)).lead_id for name in ("elena", "zoe"))
    assert mend(store, NOW + HOUR, by_hand, Lead(phone="+39 02 5550 134")).crossing == "queue"  # type: ignore[union-attr]
    done = mend(store, NOW + HOUR, by_hand, Lead(company="Vialetto"))
    assert done
    assert done.crossing == "handoff"
    assert told(store, by_hand) == ["crossed", "queued", "mended", "mended", "left_queue", "offered"]
    arrived = receive(store, NOW + HOUR, Incoming(Lead(email=hot("zoe").lead.email, company="Zoe Ltd")))
    assert (arrived.lead_id, arrived.crossing) == (by_itself, "handoff")
    assert mend(store, NOW, 404, Lead(company="X")) is None


def test_a_mended_address_is_one_more_name_of_the_lead_and_never_another_leads(store: Store) -> None:
    in_force(store, criteria=NEEDS)
    lead_id = receive(store, NOW, hot(email="elena@gmail.com", company="Vialetto")).lead_id
    receive(store, NOW, Incoming(Lead(email="taken@vialetto.example")))
    with pytest.raises(Ambiguous):
        mend(store, NOW, lead_id, Lead(email="taken@vialetto.example"))
    assert mend(store, NOW, lead_id, Lead(email="elena@vialetto.example")).crossing == "handoff"  # type: ignore[union-attr]
    assert receive(store, NOW, Incoming(Lead(email="elena@vialetto.example"))).lead_id == lead_id


def test_a_mended_address_has_not_bounced(store: Store) -> None:
    in_force(store, criteria=NEEDS)
    bounced = Lead(email="old@vialetto.example", company="Vialetto", attributes={"email_bounced": True})
    waiting = receive(store, NOW, Incoming(bounced, hot().signals))
    assert waiting.queue == "data-fix"
    assert mend(store, NOW, waiting.lead_id, Lead(email="new@vialetto.example")).crossing == "handoff"  # type: ignore[union-attr]


def test_a_lead_that_waits_elsewhere_moves_to_data_fix_when_its_turn_comes_and_data_is_missing(store: Store) -> None:
    in_force(store)
    imported = receive(store, NOW, Incoming(hot().lead, hot().signals, cards=False)).lead_id
    in_force(store, criteria=NEEDS)
    moved = offer(store, NOW + HOUR, imported)
    assert moved
    with store.reading() as tx:
        assert [entry.queue for entry in queues.of_lead(tx, imported)] == ["data-fix"]
    assert offer(store, NOW + HOUR, imported) == moved
    assert told(store, imported).count("queued") == 2


def test_a_person_can_take_up_a_lead_of_any_queue(store: Store) -> None:
    in_force(store)
    imported = receive(store, NOW, Incoming(hot().lead, hot().signals, cards=False)).lead_id
    assert isinstance(offer(store, NOW, imported), Handoff)
    expired = offered(store, "zoe")
    sweep(store, NOW + 2 * DAY)
    again = offer(store, NOW + 2 * DAY, expired.lead_id)
    assert isinstance(again, Handoff)
    assert (again.number, again.previous_id) == (2, expired.id)


def test_the_nightly_pass_notices_who_fell_by_decay_once_and_makes_nobody_cross(store: Store) -> None:
    in_force(store, criteria=FADING)
    handoff = offered(store)
    assert sweep(store, NOW + 14 * HOUR).fell == 0, "a day is a UTC day"
    assert sweep(store, NOW + DAY).fell == 1, "a day later it has less than 60 points"
    assert sweep(store, NOW + DAY).fell == 0
    assert sweep(store, NOW + 2 * DAY).fell == 0
    assert told(store, handoff.lead_id).count("fell") == 1
    with store.reading() as tx:
        stored = leads.get(tx, handoff.lead_id)
    assert stored
    assert stored.mql is False


def test_the_nightly_pass_looks_at_each_lead_once_a_day_and_leaves_its_card_in_peace(store: Store) -> None:
    in_force(store)
    handoff = offered(store)
    with store.reading() as tx:
        assert leads.to_judge(tx, NOW.date(), 10) == []
        assert len(leads.to_judge(tx, NOW.date() + DAY, 10)) == 1
        before = messages_wanted(tx)
    assert not judge_anew(store, NOW + DAY, handoff.lead_id)
    with store.reading() as tx:
        assert leads.to_judge(tx, NOW.date() + DAY, 10) == []
        assert len(leads.to_judge(tx, NOW.date() + 2 * DAY, 10)) == 1
        assert messages_wanted(tx)[handoff.id] == before[handoff.id]


def messages_wanted(tx: Tx) -> dict[int, int]:
    """The version wanted of each card, by hand-off."""
    rows = tx.execute(sa.select(messages.c.subject, messages.c.wanted).where(messages.c.kind == "card"))
    return {int(subject.removeprefix("handoff:")): wanted for subject, wanted in rows}


def test_a_signal_that_is_dated_ahead_makes_the_lead_cross_when_its_day_has_come(store: Store) -> None:
    in_force(store)
    ahead = Incoming(hot().lead, [Signal("soon", "demo_request", NOW + 3 * DAY)])
    assert receive(store, NOW, ahead).crossing == "none"
    sweep(store, NOW + 2 * DAY)
    assert "crossed" not in told(store, 1)
    sweep(store, NOW + 3 * DAY)
    assert told(store, 1) == ["crossed", "offered"]


def test_an_opt_out_that_is_dated_ahead_withdraws_the_card_when_its_day_has_come(store: Store) -> None:
    handoff = offered(in_force(store))
    receive(store, NOW, Incoming(hot().lead, [Signal("out", "opt_out", NOW + DAY)]))
    assert standing(store, handoff.id).state is State.OFFERED
    assert judge_anew(store, NOW + DAY, handoff.lead_id)
    assert standing(store, handoff.id).state is State.VOID


def test_the_card_of_an_expired_lead_is_left_in_peace_at_night(store: Store) -> None:
    handoff = offered(in_force(store))
    sweep(store, NOW + 2 * DAY)
    with store.reading() as tx:
        before = messages_wanted(tx)
    judge_anew(store, NOW + 3 * DAY, handoff.lead_id)
    with store.reading() as tx:
        assert messages_wanted(tx) == before


def test_a_senders_clock_that_is_fast_loses_nobody(store: Store) -> None:
    first = offered(in_force(store))
    sweep(store, NOW + 2 * DAY)
    fast = NOW + 2 * DAY + timedelta(seconds=30)
    again = receive(store, NOW + 2 * DAY, Incoming(hot().lead, [Signal("fast", "demo_request", fast)]))
    assert again.crossing == "handoff"
    assert standing(store, again.handoff_id or 0).previous_id == first.id


def test_a_lead_that_fell_while_it_waited_for_data_comes_back_when_it_asks_again(store: Store) -> None:
    in_force(store, criteria=NEEDS.replace("points: 60, intent: true}", "points: 60, half_life: 10d, intent: true}"))
    lead_id = receive(store, NOW, hot()).lead_id
    sweep(store, NOW + DAY)
    with store.reading() as tx:
        assert queues.of_lead(tx, lead_id) == [], "nobody waits for an offer who is no MQL"
    assert mend(store, NOW + DAY, lead_id, Lead(company="Vialetto")).crossing == "none"  # type: ignore[union-attr]
    again = Incoming(hot().lead, [Signal("again", "demo_request", NOW + 2 * DAY)])
    assert receive(store, NOW + 2 * DAY, again).crossing == "handoff"


def test_a_lead_that_opted_out_waits_nowhere_and_comes_back_when_it_opts_in_and_asks(store: Store) -> None:
    in_force(store)
    lead_id = receive(store, NOW, Incoming(hot().lead, hot().signals, cards=False)).lead_id
    later(store, OPT_OUT)
    with store.reading() as tx:
        assert queues.of_lead(tx, lead_id) == []
    back = [Signal("in", "opt_in", NOW + 2 * DAY), Signal("please", "demo_request", NOW + 2 * DAY)]
    assert receive(store, NOW + 2 * DAY, Incoming(hot().lead, back)).crossing == "handoff"


def test_an_imported_lead_that_asks_for_a_demo_gets_its_card(store: Store) -> None:
    in_force(store)
    receive(store, NOW, Incoming(hot().lead, hot().signals, cards=False))
    assert later(store, Signal("visit", "page_visit", NOW + HOUR)).crossing == "none"
    assert later(store, Signal("asks", "pricing_request", NOW + HOUR)).crossing == "handoff"


def test_an_import_without_cards_makes_no_card_of_a_lead_that_waits_for_data(store: Store) -> None:
    in_force(store, criteria=NEEDS)
    receive(store, NOW, hot())
    known = Incoming(hot(company="Vialetto").lead, cards=False)
    assert receive(store, NOW + HOUR, known).crossing == "none"


def test_every_opt_out_of_an_accepted_lead_is_told(store: Store) -> None:
    handoff = offered(in_force(store))
    accept(store, NOW, by(owner_slack(handoff), handoff))
    for day, type_ in enumerate(("opt_out", "opt_in", "opt_out"), start=1):
        at = NOW + day * DAY
        receive(store, at, Incoming(hot().lead, [Signal(f"{type_}-{day}", type_, at)]))
    assert kinds(store).count("withdrawn") == 2


def test_a_tier_that_the_criteria_no_longer_have_is_not_raised(store: Store) -> None:
    handoff = offered(in_force(store))
    renamed = CRITERIA.replace("{P1: [A1], P2: [B1, C1, D1]}", "{P1: [A1], P3: [B1, C1, D1]}")
    in_force(store, criteria=renamed)
    later(store, Signal("visit", "page_visit", NOW + HOUR))
    assert standing(store, handoff.id).tier == "P2"


def test_leads_whose_data_is_found_wanting_hold_up_nobody_behind_them(store: Store) -> None:
    in_force(store, people="persons: {}\nteams: {}\n")
    for name in ("elena", "zoe", "mia"):
        receive(store, NOW, hot(name))
    good = receive(store, NOW, hot("kim", company="Kim Ltd"))
    assert good.queue == "unassigned"
    in_force(store, criteria=NEEDS)
    assert sweep(store, NOW).offered == 1
