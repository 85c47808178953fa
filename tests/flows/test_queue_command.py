"""`baton queue`: whoever has to put data right sees who waits and for what, mends it, and the card appears."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.lead import Lead, Signal
from bot.moves.receive import Incoming, receive
from bot.store import leads
from bot.store.engine import Store
from tests.flows.test_command_line import baton, refused
from tests.support import CRITERIA, in_force

NEEDS = CRITERIA + "data: {email: {needed: true, accept: [business]}, company: {needed: true}, phone: {}}\n"


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """A folder whose database has Mia (lead 1) and Zoe (lead 2) in data-fix, and Kim (lead 3) in imported."""
    assert baton("db", "upgrade", cwd=tmp_path).returncode == 0
    store = in_force(Store(f"sqlite:///{tmp_path}/baton.sqlite"), criteria=NEEDS)
    now = datetime.now(UTC) - timedelta(hours=1)
    for name, mail in (("Mia\x1b[31m", "mia@mailinator.com"), ("Zoe", "zoe@gmail.com"), ("Kim", "kim@x.example")):
        company = "X" if name == "Kim" else None
        signals = [Signal(f"{name}-1", "demo_request", now)]
        receive(store, now, Incoming(Lead(email=mail, name=name, company=company), signals, cards=name != "Kim"))
    store.close()
    return tmp_path


def test_the_list_says_who_waits_where_and_for_what(waiting: Path) -> None:
    done = baton("queue", "list", cwd=waiting)
    assert done.stdout.splitlines()[0] == "data-fix 2, imported 1"
    assert "lead 1  data-fix  since" in done.stdout
    assert "email is disposable, expected business, company is missing" in done.stdout
    assert "\x1b" not in done.stdout, "a name cannot colour the terminal"
    assert baton("queue", "list", "overflow", cwd=waiting).stdout == "nobody waits\n"
    assert "and 2 more" in baton("queue", "list", "--most", "1", cwd=waiting).stdout


def test_mending_all_that_was_missing_makes_the_card(waiting: Path) -> None:
    half = baton("queue", "mend", "1", "company=Pixel Bakery", "employees=14", cwd=waiting)
    assert half.stdout == "lead 1: company, employees stored; it stands in queue data-fix\n"
    assert "email is disposable" in baton("queue", "list", "data-fix", cwd=waiting).stdout
    whole = baton("queue", "mend", "1", "email=mia@pixelbakery.example", cwd=waiting)
    assert whole.stdout == "lead 1: email stored; offered, hand-off 1\n"
    store = Store(f"sqlite:///{waiting}/baton.sqlite")
    with store.reading() as tx:
        stored = leads.get(tx, 1)
    store.close()
    assert stored
    assert (stored.lead.company, stored.lead.attributes) == ("Pixel Bakery", {"employees": 14})


def test_the_reason_in_the_list_is_what_is_missing_now(waiting: Path) -> None:
    baton("queue", "mend", "1", "company=Pixel Bakery", cwd=waiting)
    first = baton("queue", "list", "data-fix", "--most", "1", cwd=waiting).stdout
    assert "lead 1" in first
    assert "company is missing" not in first


def test_a_lead_of_any_queue_can_be_taken_up_by_hand(waiting: Path) -> None:
    assert baton("queue", "take-up", "3", cwd=waiting).stdout == "lead 3: offered, hand-off 1\n"
    still = baton("queue", "take-up", "--all", "data-fix", cwd=waiting).stdout.splitlines()
    assert [line[:34] for line in still] == [
        "lead 1: stays in queue data-fix: ",
        "lead 2: stays in queue data-fix: ",
    ] or still
    assert baton("queue", "take-up", "--all", "imported", cwd=waiting).stdout == "nobody waits in imported\n"
    assert "waits in no queue" in baton("queue", "take-up", "3", cwd=waiting).stdout


def test_what_was_mended_stays_whatever_the_sender_says_next(waiting: Path) -> None:
    baton("queue", "mend", "1", "email=mia@pixelbakery.example", "company=X", cwd=waiting)
    store = Store(f"sqlite:///{waiting}/baton.sqlite")
    now = datetime.now(UTC)
    receive(store, now, Incoming(Lead(email="mia@mailinator.com"), [Signal("Mia-2", "page_visit", now)]))
    with store.reading() as tx:
        stored = leads.get(tx, 1)
    store.close()
    assert stored
    assert stored.lead.email == "mia@pixelbakery.example"


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["list", "datafix"], ["QUEUE: got 'datafix'", "data-fix"]),
        (["mend", "404", "phone=1"], ["there is no lead 404"]),
        (["mend", "1", "phone"], ["SAID: got 'phone'", "expected a field and its value"]),
        (["mend", "1", "email=nobody"], ["email", "no e-mail address"]),
        (["mend", "1", "email=zoe@gmail.com"], ["e-mail zoe@gmail.com belongs to lead 2; expected names of lead 1"]),
        (["take-up"], ["LEAD", "--all"]),
        (["take-up", "1", "--all", "imported"], ["LEAD", "--all"]),
    ],
)
def test_a_mistake_is_a_sentence_and_changes_nothing(waiting: Path, arguments: list[str], parts: list[str]) -> None:
    before = baton("queue", "list", cwd=waiting).stdout
    refused(baton("queue", *arguments, cwd=waiting), *parts)
    assert baton("queue", "list", cwd=waiting).stdout == before
