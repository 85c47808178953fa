"""`baton criteria explain`, `show` and `unknown`, from a stored lead, from a file and from a folder."""

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from bot.answers.criteria import handoff_explained, lead_explained
from bot.blocks import why
from bot.config import load
from bot.lead import Lead, Signal
from bot.moves.decisions import Grounds, reject
from bot.moves.receive import Incoming, receive
from bot.store import handoffs, policies
from bot.store.engine import Store
from tests.flows.test_command_line import Done, baton, refused
from tests.schemas import check
from tests.support import CRITERIA, NOW, POLICY, TEXTS, by, hot, in_force, offered, owner_slack

SHIPPED = load.load(None).criteria


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an up-to-date SQLite database in it."""
    assert baton("db", "upgrade", cwd=tmp_path).returncode == 0
    return tmp_path


@pytest.fixture
def shop(folder: Path) -> Iterator[Store]:
    """Its database, with the company's configuration in force."""
    store = Store(f"sqlite:///{folder / 'baton.sqlite'}")
    yield in_force(store)
    store.close()


def explain(folder: Path, *arguments: str) -> str:
    done = baton("criteria", "explain", *arguments, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 110
    return done.stdout


# A stored lead


def test_a_stored_lead_is_explained_by_its_number_or_its_e_mail(folder: Path, shop: Store) -> None:
    handoff = offered(shop)
    told, same = explain(folder, str(handoff.lead_id)), explain(folder, "Elena@Vialetto.example")
    assert told.splitlines()[3:] == same.splitlines()[3:]
    assert told.splitlines()[:2] == ["Lead 1: Elena", "D1, MQL of tier P2"]
    assert f"criteria {POLICY.version}" in told
    assert "✓    +60  Asked for a demo" in told
    assert "Hand-off 1, offered to Ana Ruiz 2026-03-02 09:00 UTC: nobody has answered yet." in told


def test_a_folder_stands_in_for_the_criteria_in_force(folder: Path, shop: Store) -> None:
    handoff = offered(shop)
    stricter = folder / "stricter"
    stricter.mkdir()
    (stricter / "criteria.yaml").write_text(CRITERIA.replace("points: 60,", "points: 7,"))
    told = explain(folder, str(handoff.lead_id), "--config", str(stricter))
    assert "D4, no MQL" in told
    assert f"criteria {load.load(stricter).version}" in told


def test_a_lead_is_explained_as_the_moves_judge_it_to_the_day(store: Store) -> None:
    in_force(store)
    later = [Signal("1", "demo_request", NOW + timedelta(hours=5)), Signal("2", "opt_out", NOW + timedelta(days=1))]
    received = receive(store, NOW, Incoming(Lead(email="a@x.example"), later))
    with store.reading() as tx:
        explained = lead_explained(tx, received.lead_id, POLICY, NOW)
    assert explained
    found = explained.explanation.assessment
    assert (found.cell, found.tier) == (received.cell, received.tier) == ("D1", "P2")


def test_signals_that_no_rule_knows_are_told_with_the_lead(folder: Path, shop: Store) -> None:
    receive(shop, NOW, Incoming(Lead(email="a@x.example"), [Signal("1", "ebook", NOW)]))
    assert "Counts for nothing, for no rule knows it: ebook" in explain(folder, "a@x.example")


@pytest.mark.parametrize("lead", ["17", "nobody@x.example", "", "²", "9" * 40, "-1x"])
def test_a_lead_that_is_not_there_is_one_line(folder: Path, lead: str) -> None:
    done = baton("criteria", "explain", "--", lead, cwd=folder)
    refused(done, "LEAD: got", "expected the number or the e-mail address of a stored lead")
    assert len(done.stderr.strip().splitlines()) == 1


def test_what_to_explain_must_be_said_once(folder: Path) -> None:
    refused(baton("criteria", "explain", cwd=folder), "LEAD: expected a lead's number or e-mail address, or --file")
    refused(baton("criteria", "explain", "1", "--file", "x", cwd=folder), "LEAD: expected")


def test_what_holds_a_lead_back_is_told_with_until_when(store: Store) -> None:
    in_force(store)
    handoff = offered(store)
    reject(store, NOW, by(owner_slack(handoff), handoff), Grounds("FIT_PERSON", "an intern", None))
    later = NOW + timedelta(days=1)
    receive(store, later, Incoming(hot().lead, [Signal("again", "demo_request", later)]))
    with store.reading() as tx:
        explained = lead_explained(tx, handoff.lead_id, POLICY, later)
    assert explained
    assert explained.standing
    turn: Any = explained.standing.turn
    assert turn.why == "turned_down"
    assert turn.until > later


# A file


ELENA: dict[str, Any] = {
    "email": "elena@vialetto.example",
    "name": "Elena Vialetto",
    "title": "Chief of Operations",
    "signals": [{"id": "1", "type": "demo_request", "at": (datetime.now(UTC) - timedelta(days=2)).isoformat()}],
}


def test_a_lead_in_a_file_is_explained_without_being_stored(folder: Path, shop: Store) -> None:
    (folder / "lead.json").write_text(json.dumps(ELENA))
    told = explain(folder, "--file", "lead.json")
    assert told.splitlines()[:2] == ["Elena Vialetto, Chief of Operations", "A1, MQL of tier P1"]
    assert "Where it stands" not in told
    refused(baton("criteria", "explain", ELENA["email"], cwd=folder), "LEAD: got")


def test_with_a_folder_a_file_needs_no_database(tmp_path: Path) -> None:
    (tmp_path / "lead.json").write_text(json.dumps({"leads": [ELENA]}))
    (tmp_path / "rules").mkdir()
    assert "criteria" in explain(tmp_path, "--file", "lead.json", "--config", "rules")
    assert not (tmp_path / "baton.sqlite").exists()


def test_a_lead_is_read_from_standard_input(folder: Path) -> None:
    with mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(ELENA).encode()))):
        assert "Elena Vialetto" in explain(folder, "--file", "-")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"email":', "line 1 column 10 is not JSON"),
        ("[]", "expected {"),
        ('{"email": 3}', "email: got 3, expected text"),
        ('{"email": "a@x.example", "colour": 1}', "colour: unknown key"),
        ('{"leads": [{"email": "a@x.example"}, {"email": "b@x.example"}]}', "got 2 leads, expected one"),
        ("{}", "nothing says who this is"),
    ],
)
def test_a_file_that_is_no_lead_is_told_in_a_line(folder: Path, content: str, said: str) -> None:
    (folder / "lead.json").write_text(content)
    done = baton("criteria", "explain", "--file", "lead.json", cwd=folder)
    refused(done, "lead.json: ", said)
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("name", ["nix.json", "."])
def test_a_file_that_cannot_be_read_is_told_in_a_line(folder: Path, name: str) -> None:
    refused(baton("criteria", "explain", "--file", name, cwd=folder), f"--file: {name} cannot be read")


# The definition, and what no rule knows


def shown(done: Done) -> list[str]:
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) < 15
    assert max(map(len, lines)) <= 110
    return lines


def test_the_definition_in_force_is_shown_by_either_command(folder: Path, shop: Store) -> None:
    lines = shown(baton("criteria", "show", cwd=folder))
    assert lines == shown(baton("funnel", "criteria", cwd=folder))
    assert lines[0] == f"Criteria      version {POLICY.version}, in force since 2026-03-02 09:00 UTC"
    assert lines[1] == "MQL           P1: A1 · P2: B1, C1, D1"


def test_the_definition_of_a_folder_needs_no_database(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    lines = shown(baton("criteria", "show", "--config", "rules", cwd=tmp_path))
    assert lines[0] == f"Criteria      version {SHIPPED.version}, as rules says"
    refused(baton("criteria", "show", "--config", "nowhere", cwd=tmp_path), "nowhere")


def test_signals_that_no_rule_knows_are_counted(folder: Path, shop: Store) -> None:
    assert "has a rule" in baton("criteria", "unknown", cwd=folder).stdout
    for name in ("a", "b"):
        signals = [Signal(f"{name}{n}", "ebook", NOW - timedelta(days=n)) for n in range(3)]
        receive(shop, NOW, Incoming(Lead(email=f"{name}@x.example"), signals))
    receive(shop, NOW, hot())
    assert baton("criteria", "unknown", cwd=folder).stdout.splitlines()[1:] == [
        "        6          2  2026-03-02  ebook"
    ]


# A hand-off


def test_a_hand_off_is_explained_as_it_was_offered_and_as_it_is(store: Store) -> None:
    in_force(store)
    handoff = offered(store)
    later = NOW + timedelta(hours=1)
    receive(
        store,
        later,
        Incoming(Lead(email="elena@vialetto.example", title="Chief"), [Signal("w", "webinar_attended", later)]),
    )
    with store.reading() as tx:
        explained = handoff_explained(tx, handoff.id, later)
    assert explained
    assert explained.shown
    assert explained.offered
    assert (explained.offered.cell, explained.shown.assessment.cell) == ("D1", "A1")
    assert explained.today
    view = why.view(explained)
    assert check.view(view) == []
    assert "when it was offered: D1, MQL of tier P2" in str(view)


def test_a_hand_off_is_explained_by_the_criteria_of_its_own_version(store: Store) -> None:
    in_force(store)
    handoff = offered(store)
    stricter = TEXTS | {"criteria.yaml": CRITERIA.replace("1: 60, 2: 30", "1: 61, 2: 30")}
    with store.transaction() as tx:
        policies.apply(tx, load.parse(stricter), stricter, NOW)
        explained = handoff_explained(tx, handoff.id, NOW)
    assert explained
    assert explained.shown
    assert explained.shown.criteria == POLICY.criteria
    assert "1 from 60" in str(why.view(explained))
    assert "Judged anew it is D2, no MQL" in str(why.view(explained))


def test_a_settled_hand_off_has_no_outlook_and_one_that_is_not_there_no_explanation(store: Store) -> None:
    in_force(store)
    handoff = offered(store)
    reject(store, NOW, by(owner_slack(handoff), handoff), Grounds("FIT_PERSON", "an intern", None))
    with store.reading() as tx:
        explained = handoff_explained(tx, handoff.id, NOW)
        assert handoff_explained(tx, 99, NOW) is None
    assert explained
    assert explained.today is None
    assert "What would change it" not in str(why.view(explained))


def test_a_hand_off_without_an_assessment_says_so(store: Store) -> None:
    in_force(store)
    handoff = offered(store)
    with store.transaction() as tx:
        copy = handoffs.insert(tx, replace(handoff, imported=True), None)
        explained = handoff_explained(tx, copy.id, NOW)
    assert explained
    assert why.NONE_KEPT in str(why.view(explained))
    assert explained.today is None
