"""Leads come in from a CSV file, by the same rules as over HTTP."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.config.load import parse, texts
from bot.intake.leads import Crossings, Summary, import_leads
from bot.intake.mapping import LeadsMap, load
from bot.store import leads, policies, queues
from bot.store.dead_letters import newest
from bot.store.engine import Store
from bot.store.tables import handoffs, messages, metadata, signals

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

MAP = """
lead:
  email: Mail
  origin: {value: fair}
  external_id: Badge
  name: Name
  company: {value: Example Ltd}
  campaign: {value: Spring fair}
  attributes:
    employees: {column: Staff, as: number}
signal: {type: What, at: {column: When, timezone: Europe/Berlin}}
"""
HEADER = "Mail,Badge,Name,Staff,What,When"
HOT = "ada@example.com,1,Ada,120,demo_request,2026-02-27 10:00"
WARM = "bob@example.com,2,Bob,8,page_visit,2026-02-27"
SILENT = "cid@example.com,3,Cid,,,"

PEOPLE = """
persons:
  ana: {name: Ana Ruiz, slack: U012AB3CD, role: rep}
  max: {name: Max Weber, slack: U045EF6GH, role: manager}
teams:
  emea: {name: EMEA, channel: C012AB3CD, manager: max, members: [ana]}
"""


@pytest.fixture(autouse=True)
def sales(store: Store) -> None:
    files = {**texts(None), "people.yaml": PEOPLE}
    with store.transaction() as tx:
        policies.apply(tx, parse(files), files, NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "map.yaml").write_text(MAP)
    return tmp_path


def take(store: Store, folder: Path, *lines: str, cards: bool = True, dry_run: bool = False) -> Summary:
    (folder / "fair.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    mapping = load(folder / "map.yaml", LeadsMap)
    return import_leads(store, NOW, folder / "fair.csv", mapping, cards=cards, dry_run=dry_run)


def rows(store: Store) -> dict[str, int]:
    with store.reading() as tx:
        tables = [table for table in metadata.sorted_tables if table.name != "policies"]
        counts = {
            table.name: tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables
        }
    return {name: count for name, count in counts.items() if count}


def test_a_lead_that_crosses_is_offered_and_the_others_are_stored(store: Store, folder: Path) -> None:
    summary = take(store, folder, HOT, WARM, SILENT)
    assert summary == Summary(3, 3, 2, Crossings(1, 0, {}), 0, ())
    with store.reading() as tx:
        cards = tx.execute(sa.select(messages.c.kind, messages.c.recipient)).all()
        heard = tx.execute(sa.select(signals.c.at).where(signals.c.type == "demo_request")).scalar_one()
        ada = leads.get(tx, 1)
    assert cards == [("card", "C012AB3CD")]
    assert heard == datetime(2026, 2, 27, 9, tzinfo=UTC)
    assert ada
    assert (ada.lead.campaign, ada.lead.attributes) == ("Spring fair", {"employees": 120})


def test_the_same_file_again_changes_nothing(store: Store, folder: Path) -> None:
    broken = "nobody,9,Eve,1,page_visit,2026-02-27"
    first = take(store, folder, HOT, WARM, WARM, broken)
    before = rows(store)
    again = take(store, folder, HOT, WARM, WARM, broken)
    assert rows(store) == before
    assert (first.new_signals, again.new_signals, again.crossings) == (2, 0, Crossings(0, 0, {}))


def test_a_signal_of_a_lead_in_sales_hands_is_a_line_on_its_card(store: Store, folder: Path) -> None:
    take(store, folder, HOT)
    summary = take(store, folder, HOT.replace("demo_request", "page_visit"))
    assert (summary.new_signals, summary.crossings.handoffs) == (1, 0)
    with store.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(handoffs)).scalar_one() == 1


def test_without_cards_crossings_wait_in_queue_imported(store: Store, folder: Path) -> None:
    summary = take(store, folder, HOT, WARM, cards=False)
    assert summary.crossings == Crossings(0, 0, {"imported": 1})
    with store.reading() as tx:
        assert [entry.lead_id for entry in queues.waiting(tx, ["imported"], 10)] == [1]
    assert "messages" not in rows(store)


def test_a_dry_run_says_what_would_happen_and_leaves_no_trace(store: Store, folder: Path) -> None:
    broken = "nobody,9,Eve,1,page_visit,2026-02-27"
    would = take(store, folder, HOT, WARM, broken, dry_run=True)
    assert rows(store) == {}
    assert would == take(store, folder, HOT, WARM, broken)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nobody,1,Ada,120,,", "fair.csv:2: Mail: 'nobody' is no e-mail address"),
        (",,Ada,120,,", "fair.csv:2: nothing says who this is; expected email, or origin and external_id"),
        ("a@b.example,1,Ada,many,,", "fair.csv:2: Staff: got 'many', expected a number"),
        ("a@b.example,1,Ada,1,page_visit,", "fair.csv:2: When: got '', expected the time of this page_visit"),
        ("a@b.example,1,Ada,1,,2026-02-27", "fair.csv:2: What: got nothing, expected text"),
        ("a@b.example,1,Ada,1,page_visit,soon", "fair.csv:2: When: got 'soon', expected an ISO 8601 date or time"),
        ("a@b.example,1,Ada,1,page_visit,2027-01-01", "fair.csv:2: When: "),
        (f"a@b.example,1,{'A' * 4_001},1,,", "fair.csv:2: Name: got"),
        ("a@b.example,1,A\0da,1,,", "fair.csv:2: Name: 'A\\x00da' holds NUL"),
        (
            "ada@example.com,2,Ada,1,,",
            "fair.csv:2: e-mail ada@example.com belongs to lead 1, external id 2 of fair belongs to lead 2",
        ),
    ],
)
def test_a_refused_row_is_told_by_line_and_column_and_kept(store: Store, folder: Path, line: str, words: str) -> None:
    take(store, folder, HOT, WARM)
    summary = take(store, folder, line, SILENT)
    assert (summary.rows, summary.stored, summary.refused) == (2, 1, 1)
    assert words in str(summary.faults[0])
    with store.reading() as tx:
        letter = newest(tx, 1)[0]
    assert (letter.door, letter.position) == ("csv", 2)
    assert words in letter.faults[0]


def test_a_signal_may_carry_a_value(store: Store, folder: Path) -> None:
    (folder / "map.yaml").write_text(MAP.replace("What, at", "What, value: Staff, at"))
    blank = "cid@example.com,3,Cid,,page_visit,2026-02-27"
    text = "dan@example.com,4,Dan,1_0 %,page_visit,2026-02-27"
    huge = "eve@example.com,5,Eve,1000000000000,page_visit,2026-02-27"
    summary = take(store, folder, HOT, blank, text, huge)
    with store.reading() as tx:
        assert set(tx.execute(sa.select(signals.c.value)).scalars()) == {120, None}
    assert (summary.stored, summary.refused) == (2, 2)
    assert "fair.csv:5: Staff: 1000000000000 cannot be the value of a signal" in str(summary.faults[-1])


def test_progress_is_told_to_the_end(store: Store, folder: Path) -> None:
    told: list[int] = []
    (folder / "fair.csv").write_text("\n".join([HEADER, *[f"{n}@b.example,{n},,,," for n in range(501)]]))
    import_leads(
        store, NOW, folder / "fair.csv", load(folder / "map.yaml", LeadsMap), dry_run=True, progress=told.append
    )
    assert told == [500, 501]
