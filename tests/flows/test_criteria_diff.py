"""`baton criteria diff`: who would cross that does not, who no longer, and how many cards each rep would get."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.answers.replay import compare
from bot.config import load
from bot.config.policy import Policy
from bot.lead import Lead, Signal
from bot.stats.criteria_diff import CriteriaDiff
from bot.store import leads, replays
from bot.store import signals as heard
from bot.store.engine import Store
from bot.store.tables import metadata
from tests.flows.test_command_line import Done, baton, refused
from tests.support import CRITERIA, NOW, TEXTS

LOOSER = CRITERIA.replace("P2: [B1, C1, D1]", "P2: [B1, C1, D1, A2, D2]")
NEEDING_COMPANY = CRITERIA + "data: {company: {needed: true}}\n"
HURRIED = CRITERIA.replace("{P1: [A1], P2: [B1, C1, D1]}", "{P1: [A1, D1], P2: [B1, C1]}")

Did = tuple[str, float]
"""A type of signal, and how many days ago."""

ASKED: Did = ("demo_request", 5)
LISTENED: tuple[Did, ...] = (("webinar_attended", 6), ("webinar_attended", 5))


def policy(criteria: str) -> Policy:
    return load.parse(TEXTS | {"criteria.yaml": criteria})


def stored(store: Store, mailbox: str, *did: Did, now: datetime = NOW, **known: Any) -> int:
    """Somebody who did this and whom nobody has judged yet."""
    lead = Lead(**{"email": f"{mailbox}@x.example", "name": mailbox.title(), "source": "webinar"} | known)
    new = [Signal(f"{n}", type_, now - timedelta(days=ago)) for n, (type_, ago) in enumerate(did)]
    with store.transaction() as tx:
        lead_id = leads.upsert(tx, lead, now).id
        heard.add_signals(tx, lead_id, new, now)
        return lead_id


def compared(store: Store, old: str, new: str, days: int = 90) -> CriteriaDiff:
    with store.reading() as tx:
        return compare(tx, policy(old), policy(new), NOW, days)


def test_a_looser_policy_brings_in_leads_and_says_who(store: Store) -> None:
    stored(store, "ada", ASKED)
    bob = stored(store, "bob", *LISTENED, company="Acme", source="fair")
    stored(store, "cid", ("page_visit", 3))
    found = compared(store, CRITERIA, LOOSER)
    assert (found.leads, found.both, found.old.alone, found.new.alone) == (3, 1, 0, 1)
    (example,) = found.new.examples
    assert (example.lead_id, example.name, example.source) == (bob, "Bob, Acme", "fair")
    assert (example.crossed.cell, example.crossed.tier) == ("D2", "P2")
    assert (found.old.cards, found.new.cards) == (1, 2)
    assert dict(found.new.sources) == {"webinar": 1, "fair": 1}
    back = compared(store, LOOSER, CRITERIA)
    assert (back.old, back.new) == (found.new, found.old)


def test_leads_that_were_silent_in_the_window_are_left_out(store: Store) -> None:
    stored(store, "ada", ("demo_request", 91))
    stored(store, "bob", ("demo_request", 89))
    stored(store, "cid", ("demo_request", -3))
    stored(store, "dan")
    found = compared(store, CRITERIA, CRITERIA)
    assert (found.leads, found.old.leads) == (1, 1)


def test_who_crossed_before_the_window_under_one_is_neither_new_nor_lost(store: Store) -> None:
    stored(store, "ada", ("webinar_attended", 120), ("webinar_attended", 110), ("demo_request", 10))
    found = compared(store, CRITERIA, LOOSER)
    assert (found.old.leads, found.new.leads, found.old.alone, found.new.alone) == (1, 0, 0, 0)
    assert found.old.elsewhen == 1
    assert not found.same


def test_who_lands_elsewhere_is_counted_by_where(store: Store) -> None:
    stored(store, "ada", ASKED)
    stored(store, "bob", ASKED, company="Acme")
    assert dict(compared(store, CRITERIA, HURRIED).moved) == {("P2", "P1"): 2}
    found = compared(store, CRITERIA, NEEDING_COMPANY)
    assert dict(found.moved) == {("P2", "data-fix"): 1}
    assert (found.old.cards, found.new.cards, found.new.waiting_for_data) == (2, 1, 1)
    assert not found.same


def test_cards_are_shared_among_the_reps_of_each_policy(store: Store) -> None:
    for n in range(6):
        stored(store, f"lead{n}", ("demo_request", 3 if n < 4 else 8))
    alone = load.parse(TEXTS | {"people.yaml": TEXTS["people.yaml"].replace("[ana, ben]", "[ana]")})
    nobody = load.load(None)
    with store.reading() as tx:
        old, new = (compare(tx, policy(CRITERIA), other, NOW, 30) for other in (alone, nobody))
    assert (old.old.reps, old.new.reps, new.new.reps) == (2, 1, 0)
    assert old.new.busiest == ((NOW - timedelta(days=3)).date(), 4)
    assert (old.old.per_rep(6 / 30), old.new.per_rep(4)) == (0.1, 4)
    assert new.new.per_rep(4) is None


def test_leads_are_read_in_batches_and_each_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [stored(store, f"lead{n}", ASKED, ("page_visit", 1), ("page_visit", 400)) for n in range(7)]
    with store.reading() as tx:
        start, end = NOW - timedelta(days=90), NOW
        batches = list(replays.heard(tx, start, end, 3))
        assert replays.count(tx, start, end) == 7
        told: list[tuple[int, int]] = []
        compare(tx, policy(CRITERIA), policy(LOOSER), NOW, 90, progress=lambda more, many: told.append((more, many)))
    assert [len(batch) for batch in batches] == [3, 3, 1]
    assert [lead_id for batch in batches for lead_id, _, _ in batch] == ids
    for _, lead, signals in (one for batch in batches for one in batch):
        assert lead.email
        assert [signal.type for signal in signals] == ["page_visit", "demo_request", "page_visit"]
        assert all(one.at <= other.at for one, other in pairwise(signals))
    assert told == [(7, 7)]


def test_a_replay_changes_nothing(store: Store) -> None:
    stored(store, "ada", ASKED)
    before = rows(store)
    compared(store, CRITERIA, LOOSER)
    assert rows(store) == before


def rows(store: Store) -> dict[str, list[Any]]:
    with store.reading() as tx:
        return {table.name: [tuple(row) for row in tx.execute(sa.select(table))] for table in metadata.sorted_tables}


# The command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A database with three folders of configuration beside it, the first of which is in force."""
    assert baton("db", "upgrade", cwd=tmp_path).returncode == 0
    for name, criteria in (("now", CRITERIA), ("looser", LOOSER), ("picky", NEEDING_COMPANY)):
        (tmp_path / name).mkdir()
        for file, text in (TEXTS | {"criteria.yaml": criteria}).items():
            (tmp_path / name / file).write_text(text)
    assert baton("config", "apply", "now", cwd=tmp_path).returncode == 0
    return tmp_path


@pytest.fixture
def database(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'baton.sqlite'}")


def lived(database: Store, mailbox: str, *did: Did, **known: Any) -> None:
    stored(database, mailbox, *did, now=datetime.now(UTC), **known)
    database.close()


def diff(folder: Path, *arguments: str) -> Done:
    return baton("criteria", "diff", *arguments, cwd=folder)


def test_the_command_says_who_and_how_many(folder: Path, database: Store) -> None:
    lived(database, "ada", ASKED)
    lived(database, "bob", *LISTENED, company="Acme", source=None)
    done = diff(folder, "current", "looser")
    assert done.returncode == 0, done
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    day = (datetime.now(UTC) - timedelta(days=5)).date()
    for line in (
        f"OLD {policy(CRITERIA).version} current",
        f"NEW {policy(LOOSER).version} looser",
        "Leads that cross 1 2",
        "Cards 1 2",
        "Reps 2 2",
        f"on the busiest day 0.5 ({day:%m-%d}) 1.0 ({day:%m-%d})",
        "Cross under NEW alone: 1",
        f"Bob, Acme (blank) {day} P2 D2",
        "webinar 1 1",
        "(blank) 0 1",
    ):
        assert line in lines
    assert "Cross under OLD alone" not in done.stdout
    assert "no card as decided" in done.stdout


def test_a_policy_is_named_by_folder_version_or_current(folder: Path, database: Store) -> None:
    lived(database, "ada", ASKED)
    version = policy(CRITERIA).version
    for old, new in (("current", "now"), (version, "current"), ("now", version)):
        assert "No difference to 1 lead with a signal in 90 days" in diff(folder, old, new).stdout
    for nothing in ("nowhere", "0123456789ab", ""):
        refused(diff(folder, "current", nothing), f"{nothing!r} is no folder and no stored version")
    (folder / "now" / "criteria.yaml").write_text("tiers: 3\n")
    refused(diff(folder, "current", "now"), "criteria.yaml:1: tiers")


def test_what_a_replay_cannot_ask_for_is_a_sentence(folder: Path) -> None:
    assert diff(folder, "current", "now", "--days", "0").returncode == 2
    (folder / "baton.sqlite").unlink()
    refused(diff(folder, "current", "now"), "run `baton db upgrade`")


def test_at_most_ten_names_are_told_each_way(folder: Path, database: Store) -> None:
    for n in range(13):
        lived(database, f"lead{n}", *LISTENED)
    for old, new, heading in (("now", "looser", "NEW"), ("looser", "now", "OLD")):
        told = diff(folder, old, new).stdout
        assert f"Cross under {heading} alone: 13" in told
        assert told.count("D2") == 10
        assert "  … and 3 more" in told


def test_json_holds_it_all(folder: Path, database: Store) -> None:
    lived(database, "ada", ASKED)
    lived(database, "bob", *LISTENED)
    found = json.loads(diff(folder, "current", "looser", "--days", "30", "--json").stdout)
    assert (found["leads"], found["cross_under_both"]) == (2, 1)
    assert (found["old"]["cards"], found["new"]["cards"]) == (1, 2)
    assert found["new"]["cards_per_rep_and_day"] == pytest.approx(2 / 2 / 30)
    assert [(one["name"], one["cell"]) for one in found["new"]["examples"]] == [("Bob", "D2")]
    moved = json.loads(diff(folder, "current", "picky", "--json").stdout)["moved"]
    assert moved == [{"old": "P2", "new": "data-fix", "leads": 1}]


def test_a_name_cannot_take_over_the_terminal(folder: Path, database: Store) -> None:
    lived(database, "ada", *LISTENED, name="\x1b[2J\x1b]0;evil\x07\u202eEve\n\nOLD", source="\x9b31m" + "x" * 4_000)
    told = diff(folder, "current", "looser").stdout
    assert "Eve OLD" in told
    assert not {letter for letter in told if not letter.isprintable()} - {"\n"}
    assert max(map(len, told.splitlines())) < 150


def test_without_leads_nothing_differs(folder: Path) -> None:
    assert "No difference to 0 leads" in diff(folder, "current", "looser").stdout
