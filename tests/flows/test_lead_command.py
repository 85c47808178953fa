"""`baton lead`: all that is known of a lead, in a terminal and for programs."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
import sqlalchemy as sa

from bot.answers import story as answer
from bot.answers.story import story
from bot.blocks.story_text import WIDTH, story_text
from bot.config import load
from bot.handoff.events import Event, Kind
from bot.lead import Lead, Signal
from bot.moves.decisions import accept, snooze
from bot.moves.hand_on import NotMine, claim, pass_on
from bot.moves.receive import Incoming, receive
from bot.store import handoffs, history, schema
from bot.store.engine import Store
from bot.store.tables import grounds
from bot.store.tables import handoffs as rows
from bot.sweep import sweep
from tests.flows.test_command_line import baton, refused
from tests.support import HOUR, NOW, by, hot, in_force, offered, owner_slack, standing

OFFICE = """
default: office
calendars:
  office: {zone: Europe/Madrid, hours: {mon-fri: [09:00-18:00]}}
"""
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Store]:
    """A folder's database, with the company's configuration in force."""
    store = Store(f"sqlite:///{tmp_path / 'baton.sqlite'}")
    schema.upgrade(store)
    yield in_force(store)
    store.close()


def told(store: Store, lead_id: int, now: datetime) -> str:
    with store.reading() as tx:
        found = story(tx, lead_id, now)
    assert found
    text = story_text(found, now)
    assert max(map(len, text.split("\n"))) <= WIDTH
    return " ".join(text.split())


def test_an_open_one_says_why_then_why_they_and_how_much_work_is_left(store: Store) -> None:
    in_force(store, calendar=OFFICE, sla=load.texts(None)["sla.yaml"])
    handoff = offered(store, now=NOW - 12 * HOUR)  # Sunday, 22:00 in Madrid
    text = told(store, handoff.lead_id, NOW)
    assert text.startswith("Lead 1: Elena campaign Q4 webinar · e-mail elena@vialetto.example · source webinar ")
    assert "Where it stands D1, MQL of tier P2." in text
    assert "Hand-off 1: nobody has answered yet; tier P2; owner Ana Ruiz" in text
    assert "Due Mon 2 Mar 2026, 13:00 (Europe/Madrid), after 4 h of working time." in text
    assert "out of hours, so counting began Mon 2 Mar 2026, 09:00" in text
    assert "Left: 3 h on the clock, all of it working time of Ana Ruiz." in text
    assert "1. The fair turn: Ana Ruiz" in text
    assert "2026-03-01 21:00 UTC offered to Ana Ruiz" in text
    assert "Outside of hand-offs 2026-03-01 21:00 UTC became an MQL, D1" in text


def test_a_life_with_several_owners_is_told_in_order(store: Store) -> None:
    in_force(store)
    handoff = offered(store)
    pass_on(store, NOW + MINUTE, by("U0ANA", handoff), NotMine("ROUTE_CAPACITY", "", "at a fair", "ana"))
    snooze(store, NOW + 2 * MINUTE, by("U0BEN", handoff), 30)
    snoozed = told(store, handoff.lead_id, NOW + 3 * MINUTE)
    assert "Snoozed until 2026-03-02 09:32 UTC." in snoozed
    assert "claim it." not in snoozed

    late = NOW + 4 * HOUR + MINUTE
    sweep(store, late)
    overdue = told(store, handoff.lead_id, late)
    assert "It became overdue while Ben Okafor had it. Anyone on the team may claim it." in overdue
    assert "It has changed hands; the due time stayed. Overdue by 1 min on the clock." in overdue
    assert "Snoozed until" not in overdue.split("What happened")[0]

    claim(store, late + MINUTE, by("U0ANA", handoff))
    accept(store, late + 2 * MINUTE, by("U0ANA", handoff))
    text = told(store, handoff.lead_id, late + HOUR)
    assert "Hand-off 1: accepted; tier P2; owner Ana Ruiz" in text
    assert "It was open for 4 h 3 min on the clock, of which 4 h 3 min were working time." in text
    happened = [
        "offered to Ana Ruiz",
        "Ana Ruiz passed it on to Ben Okafor: No time for it now; “at a fair”",
        "Ben Okafor snoozed it until 2026-03-02 09:32 UTC",
        "became overdue, with Ben Okafor",
        "the manager was told",
        "Ana Ruiz claimed it from Ben Okafor",
        "Ana Ruiz accepted it",
    ]
    places = [text.index(line, text.index("What happened")) for line in happened]
    assert places == sorted(places)
    for name, at in [("Ana Ruiz", "09:00"), ("Ben Okafor", "09:01"), ("Ana Ruiz", "13:02")]:
        assert f"{name}, Mon 2 Mar 2026, {at} UTC 1." in text


def test_the_newest_hand_off_comes_first_and_each_has_its_own_history(store: Store) -> None:
    in_force(store)
    first = offered(store)
    sweep(store, NOW + timedelta(days=3))
    again = NOW + timedelta(days=40)
    second = receive(store, again, Incoming(Lead(email="elena@vialetto.example"), [Signal("2", "demo_request", again)]))
    text = told(store, first.lead_id, again)
    new, old = text.index(f"Hand-off {second.handoff_id}: nobody"), text.index(f"Hand-off {first.id}: expired")
    assert new < old
    assert "expired, nobody had answered" in text[old:]
    assert "expired, nobody" not in text[new:old]


def test_a_lead_that_waits_in_a_queue_says_in_which_and_why(store: Store) -> None:
    in_force(store, people="persons: {}\nteams: {}\n")
    received = receive(store, NOW, hot())
    assert received.queue == "unassigned"
    text = told(store, received.lead_id, NOW)
    assert "Waits in queue unassigned since 2026-03-02 09:00 UTC" in text
    assert "went into the queue unassigned" in text
    assert "Hand-off" not in text


def test_what_an_older_baton_did_not_keep_is_said_to_be_missing(store: Store) -> None:
    handoff = offered(in_force(store))
    with store.transaction() as tx:
        tx.execute(sa.update(grounds).values(deadline=None, routings=None))
    text = told(store, handoff.lead_id, NOW)
    assert "Why it is due when it is was not kept." in text
    assert "How it was routed was not kept." in text


def test_a_long_history_is_told_from_its_end(store: Store) -> None:
    handoff = offered(in_force(store))
    with store.transaction() as tx:
        events = [Event(Kind.SIGNALLED, NOW + n * MINUTE, detail={"signals": n}) for n in range(1, 30)]
        history.append(tx, events, handoff.lead_id, handoff.id)
    with mock.patch.object(answer, "MOST_EVENTS", 10):
        text = told(store, handoff.lead_id, NOW)
    assert "new signals: 29" in text
    assert "new signals: 20 " in text
    assert "new signals: 19 " not in text
    assert text.endswith("21 earlier events are left out.")


@pytest.mark.parametrize("asked", ["1", "Elena@Vialetto.example", "handoff:1"])
def test_a_lead_goes_by_its_number_its_e_mail_or_a_hand_off(tmp_path: Path, shop: Store, asked: str) -> None:
    offered(shop)
    done = baton("lead", asked, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Lead 1: Elena\n")
    assert baton("criteria", "explain", asked, cwd=tmp_path).stdout.startswith("Lead 1: Elena\n")


@pytest.mark.parametrize(
    "asked", ["2", "0", "handoff:2", "handoff:", "lead:1", "nobody@x.example", "", "9" * 30, "²", "-1"]
)
def test_somebody_nobody_knows_is_one_sentence(tmp_path: Path, shop: Store, asked: str) -> None:
    offered(shop)
    refused(baton("lead", "--", asked, cwd=tmp_path), f"ID: got {asked!r}", "expected a lead's number")


def test_json_has_the_same_facts(tmp_path: Path, shop: Store) -> None:
    handoff = offered(shop)
    pass_on(shop, NOW + MINUTE, by(owner_slack(handoff), handoff), NotMine("ROUTE_CAPACITY", "", None, handoff.owner))
    told = json.loads(baton("lead", "1", "--json", cwd=tmp_path).stdout)
    assert told["lead"]["email"] == "elena@vialetto.example"
    assert (told["verdict"]["cell"], told["queues"], told["earlier_events_left_out"]) == ("D1", [], 0)
    [one] = told["handoffs"]
    assert (one["id"], one["state"], one["owner"], one["overdue"]) == (handoff.id, "offered", "ben", True)
    assert one["due_at"] == "2026-03-02T13:00:00+00:00"
    assert one["deadline"]["zone"] == "UTC"
    assert [placed["to"] for placed in one["owners"]] == ["ana", "ben"]
    assert [event["kind"] for event in one["history"]] == ["offered", "rerouted"]
    assert [event["kind"] for event in told["history"]] == ["crossed"]
    assert one["steps_taken"] == standing(shop, handoff.id).step


def test_what_an_import_brought_has_no_clock_to_explain(store: Store) -> None:
    handoff = offered(in_force(store))
    with store.transaction() as tx:
        tx.execute(sa.update(rows).values(imported=True))
        assert handoffs.ids_of_lead(tx, handoff.lead_id) == [handoff.id]
    text = told(store, handoff.lead_id, NOW)
    assert "owner Ana Ruiz; imported" in text
    assert "Why then" not in text
    assert "Next:" not in text
