"""Leads and signals over signed HTTP: what is stored, what is answered, and that nothing counts twice."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config.load import parse
from bot.intake.http import MOST_LETTER
from bot.store import dead_letters, handoffs, leads, policies, queues, signals
from bot.store.engine import Store
from bot.store.tables import metadata
from tests.flows.intake_kit import NOON, Door, lead, open_door, signal

PEOPLE = """
persons:
  ana: {name: Ana Ruiz, slack: U012AB3CD, role: rep}
  max: {name: Max Weber, slack: U045EF6GH, role: manager}
teams:
  emea: {name: EMEA, channel: C012AB3CD, manager: max, members: [ana]}
"""


@pytest.fixture
def door(store: Store) -> Iterator[Door]:
    with open_door(store) as opened:
        yield opened


@pytest.fixture
def lite_door(sqlite_store: Store) -> Iterator[Door]:
    with open_door(sqlite_store) as opened:
        yield opened


def count(store: Store, table: str) -> int:
    with store.reading() as tx:
        return int(tx.execute(sa.select(sa.func.count()).select_from(metadata.tables[table])).scalar_one())


def letters(store: Store) -> list[dead_letters.DeadLetter]:
    with store.reading() as tx:
        return dead_letters.newest(tx, 100)


def test_one_bare_lead_is_stored_and_answered(door: Door, store: Store) -> None:
    answer = door.send(lead(name="Ada", attributes={"employees": 80}, signals=[signal("a"), signal("b")]))

    assert answer.status == 200
    [result] = answer.body["results"]
    assert answer.body == {"accepted": 1, "refused": 0, "results": [result], "faults": []}
    assert result == {"index": 0, "lead_id": result["lead_id"], "new_signals": 2, "cell": "C4", "crossing": "none"}
    with store.reading() as tx:
        stored = leads.get(tx, result["lead_id"])
        assert stored is not None
        assert (stored.lead.name, stored.lead.attributes) == ("Ada", {"employees": 80})
        assert {one.id for one in signals.all_signals(tx, stored.id)} == {"a", "b"}


def test_of_a_batch_the_good_leads_are_stored_and_the_bad_ones_come_back_by_index(door: Door, store: Store) -> None:
    bad = lead("zoë", signals=[signal(at="2026-13-01")])
    answer = door.send({"leads": [lead("a@example.com"), bad, lead("b@example.com"), 7]})

    assert answer.status == 200
    assert (answer.body["accepted"], answer.body["refused"]) == (2, 2)
    assert [one["index"] for one in answer.body["results"]] == [0, 2]
    assert [(one["index"], one["field"]) for one in answer.body["faults"]] == [
        (1, "email"),
        (1, "signals.0.at"),
        (3, ""),
    ]
    assert answer.body["faults"][1]["problem"] == "'2026-13-01' is no date; expected ISO 8601 with a time zone"
    assert count(store, "leads") == 2


def test_a_lead_under_the_names_of_two_others_is_told_whose_they_are(lite_door: Door) -> None:
    by_id = {"origin": "hubspot", "external_id": "7"}
    answer = lite_door.send({"leads": [lead("ada@example.com"), by_id, lead("ada@example.com", **by_id)]})
    words = "e-mail ada@example.com belongs to lead 1, external id 7 of hubspot belongs to lead 2; "
    words += "expected names of one lead"
    assert answer.body["faults"] == [{"index": 2, "field": "", "problem": words}]


def test_bad_leads_are_kept_as_dead_letters_that_a_person_can_read(door: Door, store: Store) -> None:
    bad = lead("zoë", name="Zoë \ud800\0")
    door.send({"leads": [lead(), bad]})

    [letter] = letters(store)
    assert (letter.door, letter.position, letter.received_at) == ("http", 1, NOON)
    assert json.loads(letter.body) == bad
    assert "zoë" in letter.body
    assert [fault.partition(":")[0] for fault in letter.faults] == ["email", "name"]


def test_a_dead_letter_is_cut_where_it_would_fill_the_database(lite_door: Door, sqlite_store: Store) -> None:
    lite_door.send(lead(name="x" * 900_000))
    [letter] = letters(sqlite_store)
    assert MOST_LETTER < len(letter.body) < MOST_LETTER + 20
    assert letter.body.endswith("… (cut)")


def test_if_no_lead_is_good_the_answer_has_the_same_shape_and_says_422(lite_door: Door, sqlite_store: Store) -> None:
    answer = lite_door.send({"leads": [{}, lead("nobody")]})
    assert answer.status == 422
    assert (answer.body["accepted"], answer.body["refused"], answer.body["results"]) == (0, 2, [])
    assert {one["index"] for one in answer.body["faults"]} == {0, 1}
    assert count(sqlite_store, "leads") == 0


def test_a_lead_without_email_is_known_by_its_origin_and_external_id(lite_door: Door) -> None:
    first, again = (lite_door.send({"origin": "hubspot", "external_id": "42"}).body for _ in range(2))
    other = lite_door.send({"origin": "pipedrive", "external_id": "42"}).body
    assert first["results"][0]["lead_id"] == again["results"][0]["lead_id"] != other["results"][0]["lead_id"]


def test_case_and_blanks_around_an_email_make_no_second_lead(lite_door: Door, sqlite_store: Store) -> None:
    one = lite_door.send(lead(" Ada@Example.com\n")).body["results"][0]["lead_id"]
    assert lite_door.send(lead("ada@example.COM")).body["results"][0]["lead_id"] == one
    lite_door.send(lead("\tAda@Example.com"))
    with sqlite_store.reading() as tx:
        stored = leads.get(tx, one)
    assert stored is not None
    assert stored.lead.email == "Ada@Example.com"  # as sent, without the blanks


def test_the_same_signal_id_twice_is_stored_once(door: Door, store: Store) -> None:
    first = door.send(lead(signals=[signal("s"), signal("s", "webinar_attended"), signal("t")])).body["results"][0]
    second = door.send(lead(signals=[signal(" s"), signal("u")])).body["results"][0]
    assert (first["new_signals"], second["new_signals"]) == (2, 1)
    assert count(store, "signals") == 3


def test_a_request_sent_again_changes_nothing(door: Door, store: Store) -> None:
    request = {"leads": [lead(f"{name}@example.com", signals=[signal(type_="demo_request")]) for name in "abc"]}
    door.send(request)
    tables = ("leads", "signals", "identities", "queue_entries", "handoffs", "history")
    before = {table: count(store, table) for table in tables}
    again = door.send(request).body
    assert {table: count(store, table) for table in tables} == before
    assert {(one["new_signals"], one["crossing"]) for one in again["results"]} == {(0, "none")}


def test_a_crossing_is_answered_with_its_hand_off(lite_door: Door, sqlite_store: Store) -> None:
    texts = {"people.yaml": PEOPLE}
    with sqlite_store.transaction() as tx:
        policies.apply(tx, parse(texts), texts, NOON)
    [result] = lite_door.send(lead(signals=[signal(type_="demo_request")])).body["results"]
    with sqlite_store.reading() as tx:
        live = handoffs.live_of_lead(tx, result["lead_id"])
    assert live is not None
    assert (result["crossing"], result["handoff_id"]) == ("handoff", live.id)


def test_a_crossing_that_no_rep_can_take_is_answered_with_its_queue(lite_door: Door, sqlite_store: Store) -> None:
    [result] = lite_door.send(lead(signals=[signal(type_="demo_request")])).body["results"]
    with sqlite_store.reading() as tx:
        [entry] = queues.of_lead(tx, result["lead_id"])
    assert (result["crossing"], result["queue"], "handoff_id" in result) == ("queue", entry.queue, False)


def test_a_lead_with_the_names_of_two_is_refused_and_changes_neither(door: Door, store: Store) -> None:
    ada = door.send(lead("ada@example.com")).body["results"][0]["lead_id"]
    bob = door.send({"origin": "crm", "external_id": "7", "name": "Bob"}).body["results"][0]["lead_id"]
    mixed = lead("ada@example.com", origin="crm", external_id="7", name="Mixed up")
    answer = door.send({"leads": [mixed, lead("eve@example.com")]})

    assert (answer.body["accepted"], answer.body["refused"]) == (1, 1)
    [fault] = answer.body["faults"]
    assert fault["index"] == 0
    assert str(ada) in fault["problem"]
    assert str(bob) in fault["problem"]
    assert count(store, "leads") == 3
    assert len(letters(store)) == 1
    with store.reading() as tx:
        names = {stored.lead.name for stored in (leads.get(tx, ada), leads.get(tx, bob)) if stored}
    assert names == {None, "Bob"}


def test_many_identical_requests_at_once_store_one_lead(door: Door, store: Store) -> None:
    names = {"email": "ada@example.com", "origin": "crm", "external_id": "7", "company": "Example Ltd"}
    request_body = {**names, "signals": [signal("s", "demo_request"), signal("t")]}
    start = threading.Barrier(12)

    def send(_: int) -> Any:
        start.wait()
        return door.send(request_body)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(12)))
    assert {answer.status for answer in answers} == {200}
    results = [answer.body["results"][0] for answer in answers]
    assert len({result["lead_id"] for result in results}) == 1
    assert sum(result["new_signals"] for result in results) == 2
    assert [result["crossing"] for result in results].count("queue") == 1
    assert (count(store, "leads"), count(store, "signals"), count(store, "queue_entries")) == (1, 2, 1)


def test_a_broken_database_is_a_500_that_tells_nothing_and_all_can_be_sent_again(door: Door, store: Store) -> None:
    request = {"leads": [lead("a@example.com"), lead("b@example.com", signals=[signal()]), {}]}
    signals = metadata.tables["signals"]
    signals.drop(store.engine)
    broken = door.send(request)
    assert (broken.status, broken.body) == (500, b"Internal Server Error")

    signals.create(store.engine)
    again = door.send(request).body
    assert (again["accepted"], again["refused"]) == (2, 1)
    assert (count(store, "leads"), count(store, "signals"), count(store, "dead_letters")) == (2, 1, 1)


def test_while_one_request_waits_for_the_database_others_are_answered(lite_door: Door, sqlite_store: Store) -> None:
    with ThreadPoolExecutor(1) as pool:
        with sqlite_store.transaction():  # the one writer there is
            waiting = pool.submit(lite_door.send, lead())
            assert lite_door.raw(b"{}", []).status == 401
            assert not waiting.done()
        assert waiting.result().status == 200


anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
key = anything.map(str.strip).filter(bool)
numbers = st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(-1e17, 1e17)
values = anything | numbers | st.booleans() | st.none()
whoever = st.fixed_dictionaries(
    {"origin": key.filter(lambda text: ":" not in text), "external_id": key},
    optional={
        **dict.fromkeys(["name", "company", "title", "phone", "country", "source", "campaign"], anything | st.none()),
        "attributes": st.dictionaries(anything.filter(bool), values, max_size=4),
    },
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=whoever, note=anything, id_=key)
def test_whatever_passes_can_be_stored_and_comes_back_as_it_was(
    door: Door, store: Store, sent: dict[str, Any], note: str, id_: str
) -> None:
    answer = door.send({**sent, "signals": [{**signal(id_), "note": note}]})
    assert answer.status == 200, answer.body
    with store.reading() as tx:
        stored = leads.get(tx, answer.body["results"][0]["lead_id"])
        assert stored is not None
        notes = {one.id: one.note for one in signals.all_signals(tx, stored.id)}
    given_ = {name: value for name, value in sent.items() if name != "attributes" and value is not None}
    assert {name: getattr(stored.lead, name) for name in given_} == given_
    assert sent.get("attributes", {}).items() <= stored.lead.attributes.items()
    assert id_ in notes
