"""What a review found by trying to break it, kept so that it stays mended."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import sweep as sweeping
from bot.answers.case import case
from bot.config import load
from bot.handoff.decision import Refusal, Why
from bot.handoff.states import Handoff, State
from bot.intake import payload
from bot.lead import Signal
from bot.moves.decisions import Grounds, accept, reject, undo
from bot.moves.offer import offer
from bot.moves.receive import Incoming, receive
from bot.moves.take import take
from bot.store import policies
from bot.store import tables as t
from bot.store.engine import Store
from bot.sweep import sweep
from tests.support import HOUR, NOW, TEXTS, by, hot, in_force, offered, owner_slack, standing

# Text that PostgreSQL cannot compress into its index rows.
NOISE = "".join(random.Random(7).choices([chr(code) for code in range(0x4E00, 0x9000)], k=255))


def test_the_longest_campaign_that_passes_the_door_can_be_rejected(store: Store) -> None:
    in_force(store)
    item = {"email": "a@x.example", "campaign": NOISE, "source": NOISE, "origin": NOISE, "external_id": NOISE}
    received = receive(store, NOW, payload.read(item | {"signals": [_demo()]}, NOW))
    handoff = standing(store, received.handoff_id or 0)
    done = reject(store, NOW, by(owner_slack(handoff), handoff), Grounds("JUNK", "spam"))
    assert isinstance(done, Handoff)


def _demo() -> dict[str, str]:
    return {"id": "1", "type": "demo_request", "at": NOW.isoformat()}


def test_a_team_that_moves_to_another_channel_gets_no_second_card_for_what_is_open(store: Store) -> None:
    handoff = offered(in_force(store))
    moved = TEXTS | {"people.yaml": TEXTS["people.yaml"].replace("C0SALES", "C0NEW")}
    with store.transaction() as tx:
        policies.apply(tx, load.parse(moved), moved, NOW)
    sweep(store, NOW + timedelta(days=3))
    with store.reading() as tx:
        rows = tx.execute(sa.select(t.messages.c.kind, t.messages.c.recipient).order_by(t.messages.c.id)).all()
    assert [tuple(row) for row in rows if row.kind == "card"] == [("card", "C0SALES")]
    assert {row.recipient for row in rows} == {"C0SALES"}
    assert handoff.channel == "C0SALES"


def test_the_cap_holds_while_many_threads_bring_leads(postgres_store: Store) -> None:
    store = in_force(postgres_store, sla=TEXTS["sla.yaml"].replace("cards_per_hour: 20", "cards_per_hour: 5"))
    with ThreadPoolExecutor(20) as pool:
        received = list(pool.map(lambda n: receive(store, NOW + n * HOUR / 3600, hot(f"lead{n}")), range(20)))
    assert [one.crossing for one in received].count("handoff") == 5
    assert [one.queue for one in received].count("overflow") == 15


def test_one_lead_that_fails_does_not_hold_up_those_behind_it(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sqlite_store
    waiting = [receive(store, NOW, hot(f"lead{n}", company="Vialetto")).lead_id for n in range(4)]
    in_force(store)
    receive(store, NOW, Incoming(hot("lead1").lead, [Signal("off", "unsubscribed", NOW)]))

    def broken(store: Store, now, lead_id: int):
        if lead_id == waiting[0]:
            raise RuntimeError("a fault of ours")
        return offer(store, now, lead_id)

    monkeypatch.setattr(sweeping, "offer", broken)
    assert sweep(store, NOW).offered == 2


def test_a_signal_that_arrives_late_is_news_on_the_card(store: Store) -> None:
    handoff = offered(in_force(store))
    old = Signal("late", "trial_request", NOW - timedelta(days=3), "from the nightly sync")
    receive(store, NOW + HOUR, Incoming(hot().lead, [old]))
    with store.reading() as tx:
        shown = case(tx, handoff.id)
    assert shown
    assert [one.note for one in shown.news] == ["from the nightly sync"]


def test_a_signal_of_an_expired_lead_is_shown_where_it_can_be_taken(store: Store) -> None:
    handoff = offered(in_force(store))
    end = NOW + timedelta(days=2)
    sweep(store, end)
    before = _versions_of_the_card(store)
    receive(store, end, Incoming(hot().lead, [Signal("again", "demo_request", end, "hello?")]))
    with store.reading() as tx:
        shown = case(tx, handoff.id)
    assert shown
    assert [one.note for one in shown.news] == ["hello?"]
    assert _versions_of_the_card(store) == before + 1


def _versions_of_the_card(store: Store) -> int:
    with store.reading() as tx:
        return tx.execute(sa.select(t.messages.c.wanted).where(t.messages.c.kind == "card")).scalar_one()


def test_a_rejection_next_month_is_counted_in_the_thread_where_it_is_told(store: Store) -> None:
    late = NOW.replace(month=3, day=31, hour=22)
    handoff = offered(in_force(store), now=late)
    reject(store, late + 3 * HOUR, by(owner_slack(handoff), handoff), Grounds("JUNK", "spam"))
    with store.reading() as tx:
        subject = tx.execute(sa.select(t.messages.c.subject).where(t.messages.c.kind == "thread")).scalar_one()
    assert subject == "campaign:2026-03:Q4 webinar"


def test_each_refusal_is_about_the_button_that_was_pressed(store: Store) -> None:
    in_force(store)
    first = offered(store)
    assert accept(store, NOW, by("U0TOM", first)) == Refusal(Why.NOT_YOURS)
    reject(store, NOW, by("U0MAYA", first), Grounds("JUNK", "spam"))
    assert undo(store, NOW, by(owner_slack(first), first)) == Refusal(Why.NOT_YOUR_DECISION)
    second = offered(store, "samuel")
    sweep(store, NOW + timedelta(days=2))
    assert standing(store, second.id).state is State.EXPIRED
    assert take(store, NOW, by("U0TOM", second)) == Refusal(Why.NOT_YOUR_TEAM)
    take(store, NOW + timedelta(days=2), by("U0BEN", second))
    assert take(store, NOW, by("U0TOM", second)) == Refusal(Why.MOVED_ON)


def test_what_a_failing_statement_was_about_is_in_no_error(store: Store) -> None:
    with pytest.raises(sa.exc.DatabaseError) as caught, store.transaction() as tx:
        tx.execute(sa.text("SELECT :email FROM nowhere"), {"email": "hush@x.example"})
    assert "hush" not in str(caught.value)
