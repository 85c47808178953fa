"""History comes in: the right numbers from the first day, and nothing is woken."""

import csv
import shutil
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config.load import parse, texts
from bot.handoff.events import Event, Kind
from bot.handoff.imported import Fact, Standing, Told, account_of, standing
from bot.handoff.reasons import NOT_RECORDED
from bot.handoff.states import State
from bot.intake.history import Summary, import_history
from bot.intake.mapping import HistoryMap, load
from bot.lead import Lead, Signal
from bot.moves.receive import Incoming, receive
from bot.moves.record import Record, Refused, record
from bot.store import handoffs, leads, policies, queues
from bot.store.dead_letters import newest
from bot.store.engine import Store
from bot.store.tables import dead_letters, identities, messages
from bot.store.tables import handoffs as handoff_rows
from bot.store.tables import history as history_rows
from bot.store.tables import leads as lead_rows
from bot.yamlfile import Faults

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = datetime(2025, 6, 1, tzinfo=UTC)

FIRST = """
lead: {origin: {value: old-crm}, external_id: id, source: source}
handed_off: handed
undecided: UNDECIDED
"""
SECOND = """
lead: {origin: {value: old-crm}, external_id: id}
owner: rep
won: {column: won, implies_accepted: time unknown}
rejected: {at: rejected, code: why, codes: {No budget: NOT_READY, Double: DUPLICATE}, follow_up: not recorded}
"""


@dataclass(frozen=True)
class Deal:
    """One lead of a made-up funnel."""

    id: int
    source: str
    handed: datetime
    rep: str
    outcome: str
    after: timedelta

    @property
    def time(self) -> str:
        return (self.handed + self.after).isoformat()


def write(path: Path, header: str, rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])
    return path


class Funnel:
    """The two files of a funnel with their mappings, in a folder of its own."""

    def __init__(self, folder: Path, deals: Sequence[Deal], undecided: str = "open") -> None:
        folder.mkdir()
        self.maps = {1: folder / "first.yaml", 2: folder / "second.yaml"}
        self.maps[1].write_text(FIRST.replace("UNDECIDED", undecided))
        self.maps[2].write_text(SECOND)
        decided = [deal for deal in deals if deal.outcome]
        rows = [(deal.id, deal.handed.isoformat(), deal.source) for deal in deals]
        self.files = {
            1: write(folder / "first.csv", "id,handed,source", rows),
            2: write(folder / "second.csv", "id,rep,won,rejected,why", [decision(deal) for deal in decided]),
        }

    def into(self, store: Store, which: int) -> Summary:
        return import_history(store, NOW, self.files[which], load(self.maps[which], HistoryMap))


def decision(deal: Deal) -> tuple[object, ...]:
    if deal.outcome == "won":
        return (deal.id, deal.rep, deal.time, "", "")
    return (deal.id, deal.rep, "", deal.time, deal.outcome)


def picture(store: Store) -> list[tuple[Any, ...]]:
    """Every hand-off with all that numbers are made of, by the lead's own id."""
    columns = [handoff_rows.c[field.name] for field in fields(Standing)]
    query = sa.select(identities.c.name, handoff_rows.c.number, *columns).join_from(
        handoff_rows, identities, identities.c.lead_id == handoff_rows.c.lead_id
    )
    with store.reading() as tx:
        return sorted((tuple(row) for row in tx.execute(query)), key=str)


def recount(store: Store) -> list[tuple[Any, ...]]:
    """The same from history alone, the slow way."""
    query = sa.select(identities.c.name, history_rows).join_from(
        history_rows, identities, identities.c.lead_id == history_rows.c.lead_id
    )
    said: dict[str, list[Event]] = {}
    with store.reading() as tx:
        for row in tx.execute(query.order_by(history_rows.c.id)):
            said.setdefault(row.name, []).append(Event(Kind(row.kind), row.at, row.by, row.detail))
    stands = {name: standing(account_of(rows)) for name, rows in said.items()}
    found = [
        (name, 1, *(getattr(one, field.name) for field in fields(Standing))) for name, one in stands.items() if one
    ]
    return sorted(found, key=str)


def rows(store: Store, table: sa.Table) -> int:
    with store.reading() as tx:
        return tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def in_queue(store: Store) -> list[int]:
    with store.reading() as tx:
        return sorted(entry.lead_id for entry in queues.waiting(tx, ["imported"], 100_000))


def counts(store: Store) -> Counter[tuple[str, str | None]]:
    with store.reading() as tx:
        return Counter(tx.execute(sa.select(handoff_rows.c.state, handoff_rows.c.source)).all())


deals = st.builds(
    Deal,
    id=st.integers(1, 10**9),
    source=st.sampled_from(["", "unknown", "ads", "<!channel>"]),
    handed=st.datetimes(datetime(2025, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)),
    rep=st.sampled_from(["", "4ef15afb", "ana"]),
    outcome=st.sampled_from(["", "", "won", "No budget", "Double"]),
    after=st.timedeltas(timedelta(days=-2), timedelta(days=40)),
)
funnels = st.lists(deals, max_size=12, unique_by=lambda deal: deal.id)
_folders = count(1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(funnels, st.sampled_from(["open", "expired", "{expired_after: 3d}"]))
def test_any_order_and_any_repetition_of_the_files_give_the_same_numbers(
    tmp_path: Path, sqlite_template: Path, made_up: list[Deal], undecided: str
) -> None:
    folder = tmp_path / str(next(_folders))
    funnel = Funnel(folder, made_up, undecided)
    pictures = []
    for name, order in {"there": [1, 2], "back": [2, 1], "again": [1, 2, 1, 2, 2], "back again": [2, 1, 2]}.items():
        store = Store(f"sqlite:///{shutil.copy(sqlite_template, folder / f'{name}.sqlite')}")
        try:
            for which in order:
                summary = funnel.into(store, which)
                assert summary.refused == 0
            pictures.append(picture(store))
            assert pictures[-1] == recount(store)
            assert rows(store, messages) == 0
            with store.reading() as tx:
                assert not handoffs.any_due(tx, NOW + timedelta(days=10_000), NOW - timedelta(days=10_000))
                assert not any(tx.execute(sa.select(lead_rows.c.mql)).scalars())
        finally:
            store.close()
    assert all(one == pictures[0] for one in pictures)
    assert len(pictures[0]) == len(made_up)
    won = [row for row in pictures[0] if State.WON in row]
    assert len(won) == sum(deal.outcome == "won" for deal in made_up)


MADE_UP = [
    Deal(number, ["", "unknown", "ads"][number % 3], START + timedelta(hours=number), "4ef15afb", outcome, after)
    for number, (outcome, after) in enumerate(
        [("", timedelta()), ("won", timedelta(days=9)), ("No budget", timedelta(hours=2)), ("Double", timedelta())] * 6
    )
]


def test_the_first_file_again_after_the_second_resets_nothing(store: Store, tmp_path: Path) -> None:
    funnel = Funnel(tmp_path / "files", MADE_UP)
    assert funnel.into(store, 1) == Summary(24, new=24, changed=0, unchanged=0, waiting=0, refused=0, faults=())
    assert funnel.into(store, 2) == Summary(18, new=0, changed=18, unchanged=0, waiting=0, refused=0, faults=())
    before, said, waiting = picture(store), rows(store, history_rows), in_queue(store)
    assert funnel.into(store, 1) == Summary(24, new=0, changed=0, unchanged=24, waiting=0, refused=0, faults=())
    assert funnel.into(store, 2) == Summary(18, new=0, changed=0, unchanged=18, waiting=0, refused=0, faults=())
    assert (picture(store), rows(store, history_rows), in_queue(store)) == (before, said, waiting)
    assert before == recount(store)


def test_blank_sources_stay_apart_from_unknown_ones(store: Store, tmp_path: Path) -> None:
    funnel = Funnel(tmp_path / "files", MADE_UP)
    funnel.into(store, 1)
    funnel.into(store, 2)
    found = counts(store)
    assert found["won", None] == found["won", "unknown"] == found["won", "ads"] == 2
    assert found["void", None] == found["rejected", None] == found["offered", None] == 2


def test_what_is_known_of_a_lead_nobody_has_handed_over_waits_and_is_not_counted(store: Store, tmp_path: Path) -> None:
    funnel = Funnel(tmp_path / "files", MADE_UP)
    assert funnel.into(store, 2).waiting == 18
    assert funnel.into(store, 2).unchanged == 18
    assert picture(store) == []
    assert funnel.into(store, 1).new == 24
    assert picture(store) == recount(store)
    assert counts(store)["won", "ads"] == 2


def test_open_ones_stand_in_queue_imported_until_a_later_import_decides(store: Store, tmp_path: Path) -> None:
    funnel = Funnel(tmp_path / "files", MADE_UP)
    funnel.into(store, 1)
    assert len(in_queue(store)) == 24
    funnel.into(store, 2)
    assert len(in_queue(store)) == 6
    with store.reading() as tx:
        kinds = Counter(tx.execute(sa.select(history_rows.c.kind)).scalars())
    assert (kinds["queued"], kinds["left_queue"]) == (24, 18)


PEOPLE = """
persons:
  ana: {name: Ana Ruiz, slack: U012AB3CD, role: rep}
  max: {name: Max Weber, slack: U045EF6GH, role: manager}
teams:
  emea: {name: EMEA, channel: C012AB3CD, manager: max, members: [ana]}
"""


@pytest.fixture
def sales(store: Store) -> None:
    """Somebody to offer leads to."""
    files = {**texts(None), "people.yaml": PEOPLE}
    with store.transaction() as tx:
        policies.apply(tx, parse(files), files, NOW)


LEAD = Lead(email="ada@example.com", origin="old-crm", external_id="7", company="Example Ltd", source="ads")
DEMO = Incoming(LEAD, [Signal("s1", "demo_request", NOW)])


def test_a_new_crossing_of_an_imported_lead_opens_handoff_number_2(store: Store, sales: None) -> None:
    record(store, NOW, [Record(LEAD, {Fact.HANDED_OFF: Told(START)})])
    received = receive(store, NOW, DEMO)
    assert received.crossing == "handoff"
    with store.reading() as tx:
        second = handoffs.get(tx, received.handoff_id or 0)
        assert second
        assert (second.number, second.imported) == (2, False)
        first = handoffs.get(tx, second.previous_id or 0)
        assert first
        assert (first.number, first.state, first.imported, first.next_id) == (1, State.OFFERED, True, second.id)
    assert in_queue(store) == []


def test_an_import_about_a_lead_in_sales_hands_changes_nothing_for_them(store: Store, sales: None) -> None:
    live = receive(store, NOW, DEMO).handoff_id or 0
    with store.reading() as tx:
        before = handoffs.get(tx, live)
    assert record(store, NOW, [Record(LEAD, {Fact.HANDED_OFF: Told(START)})]).new == 1
    assert record(store, NOW, [Record(LEAD, {Fact.WON: Told(START), Fact.ACCEPTED: Told(None)})]).changed == 1
    with store.reading() as tx:
        assert handoffs.get(tx, live) == before
        assert handoffs.live_of_lead(tx, before.lead_id if before else 0) == before
    assert in_queue(store) == []


def test_a_lead_that_crossed_since_keeps_its_place_in_the_queue(store: Store) -> None:
    record(store, NOW, [Record(LEAD, {Fact.HANDED_OFF: Told(START)})])
    receive(store, NOW, Incoming(LEAD, DEMO.signals, cards=False))
    record(store, NOW, [Record(LEAD, {Fact.LOST: Told(START), Fact.ACCEPTED: Told(None)})])
    assert len(in_queue(store)) == 1


def test_what_baton_knows_of_a_lead_wins_over_what_is_imported(store: Store) -> None:
    receive(store, NOW, Incoming(Lead(email="ada@example.com", name="Ada", attributes={"size": 5})))
    old = Lead(email="ADA@example.com", name="A.", company="Acme", attributes={"size": 1, "city": "Ulm"})
    record(store, NOW, [Record(old, {Fact.HANDED_OFF: Told(START)})])
    with store.reading() as tx:
        stored = leads.get(tx, leads.find(tx, old) or 0)
    assert stored
    assert (stored.lead.name, stored.lead.company, stored.mql) == ("Ada", "Acme", False)
    assert stored.lead.attributes == {"size": 5, "city": "Ulm"}


def test_several_rows_about_one_lead_are_one_handoff(store: Store) -> None:
    by_mail, by_id = Lead(email="ada@example.com"), Lead(origin="old-crm", external_id="7")
    said = [
        Record(by_mail, {Fact.HANDED_OFF: Told(START)}),
        Record(LEAD, {Fact.ACCEPTED: Told(START + timedelta(hours=1), "ana")}),
        Record(by_id, {Fact.WON: Told(START + timedelta(days=1))}, owner="ana"),
        Record(by_id, {Fact.WON: Told(START + timedelta(days=1))}, owner="ana"),
    ]
    done = record(store, NOW, said)
    assert (done.new, done.changed, done.unchanged) == (1, 2, 1)
    assert rows(store, handoff_rows) == 1
    with store.reading() as tx:
        assert handoffs.live_of_lead(tx, 1) is None  # it is imported, and nobody's to decide
    assert counts(store) == {("won", "ads"): 1}


PROMISED = """
lead: {email: mail}
handed_off: handed
accepted: accepted
tier: priority
due: {column: by, format: "%d.%m.%Y %H:%M", timezone: Europe/Berlin}
"""


def test_tier_and_due_time_have_columns_of_their_own(store: Store, tmp_path: Path) -> None:
    (mapping := tmp_path / "map.yaml").write_text(PROMISED)
    cells = [
        ("a@example.com", START.isoformat(), START.isoformat(), "P1", "02.06.2025 10:00"),
        ("b@example.com", START.isoformat(), "", "", ""),
        ("c@example.com", START.isoformat(), "", "hot", ""),
        ("d@example.com", START.isoformat(), "", "P1", "tomorrow"),
    ]
    file = write(tmp_path / "file.csv", "mail,handed,accepted,priority,by", cells)
    done = import_history(store, NOW, file, load(mapping, HistoryMap))
    assert (done.new, done.refused) == (2, 2)
    assert [str(one) for one in done.faults] == [
        "file.csv:5: by: got 'tomorrow', expected a time written as %d.%m.%Y %H:%M",
        "file.csv:4: priority: 'hot' is no tier; expected one of P1, P2, P3",
    ]
    with store.reading() as tx:
        found = tx.execute(sa.select(handoff_rows.c.tier, handoff_rows.c.due_at).order_by(handoff_rows.c.id)).all()
    assert found == [("P1", datetime(2025, 6, 2, 8, tzinfo=UTC)), (None, None)]


def test_names_of_two_leads_in_one_row_are_refused_and_the_others_are_taken(store: Store) -> None:
    by_mail, by_id = Lead(email="ada@example.com"), Lead(origin="old-crm", external_id="7")
    handed = {Fact.HANDED_OFF: Told(START)}
    done = record(store, NOW, [Record(lead, handed) for lead in (by_mail, by_id, LEAD)])
    words = "e-mail ada@example.com belongs to lead 1, external id 7 of old-crm belongs to lead 2; "
    words += "expected names of one lead"
    assert (done.new, done.refused) == (2, (Refused(2, "lead", words),))


def test_silence_is_expiry_after_the_ladder_or_after_the_time_the_mapping_names(store: Store) -> None:
    handed = {Fact.HANDED_OFF: Told(START)}
    record(store, NOW, [Record(LEAD, handed, undecided="expired")])
    recent = {Fact.HANDED_OFF: Told(NOW - timedelta(days=1))}
    record(store, NOW, [Record(Lead(email="b@example.com"), recent, undecided="expired")])
    record(store, NOW, [Record(Lead(email="c@example.com"), handed, undecided=timedelta(days=9))])
    with store.reading() as tx:
        found = tx.execute(sa.select(handoff_rows.c.state, handoff_rows.c.expired_at).order_by("id")).all()
    ladder, own = START + timedelta(days=2), START + timedelta(days=9)
    assert found == [("expired", ladder), ("offered", None), ("expired", own)]
    assert record(store, NOW + timedelta(days=1), [Record(LEAD, handed, undecided="expired")]).unchanged == 1


MAP = """
lead: {email: mail}
handed_off: {column: handed, format: "%d.%m.%Y", timezone: Europe/Berlin}
accepted: accepted
rejected: {at: rejected, code: why, follow_up: note}
won: won
by: who
"""
HEADER = "mail,handed,accepted,rejected,why,note,won,who"


def imported(store: Store, tmp_path: Path, *lines: str, mapping: str = MAP) -> Summary:
    (tmp_path / "map.yaml").write_text(mapping)
    (tmp_path / "old.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    return import_history(store, NOW, tmp_path / "old.csv", load(tmp_path / "map.yaml", HistoryMap))


REFUSED = {
    "a,01.06.2025,,,,,,": "old.csv:2: mail: 'a' is no e-mail address",
    "a@b.example,2025-06-01,,,,,,": "old.csv:2: handed: got '2025-06-01', expected a time written as %d.%m.%Y",
    "a@b.example,,,,,,,": "old.csv:2: expected a time at which the lead was handed over",
    "a@b.example,01.06.2025,,,,,2025-06-09,": "old.csv:2: won: got '2025-06-09', nothing says accepted",
    "a@b.example,01.06.2025,,2025-06-02,NOPE,x,,": "old.csv:2: why: 'NOPE' is no reason code; expected one of DATA_",
    "a@b.example,01.06.2025,,2025-06-02,,x,,": "old.csv:2: why: got '', expected a reason code",
    "a@b.example,01.06.2025,,,JUNK,spam,,": "old.csv:2: rejected: got '', expected the time of what why says",
    "a@b.example,01.06.2025,,2025-06-02,JUNK,meat,,": "old.csv:2: note: 'meat' is no answer to 'What is it?'",
    "a@b.example,01.06.2125,,,,,,": "old.csv:2: handed: 2125-05-31 22:00 UTC is out of range",
    "a@b.example,01.06.1900,,,,,,": "out of range; expected a time from 2000 until now",
    "a@b.example,01.06.2025": "old.csv:2: has 2 cells; expected 8",
}


@pytest.mark.parametrize(("line", "words"), REFUSED.items())
def test_a_refused_row_says_line_column_value_and_expectation(
    sqlite_store: Store, tmp_path: Path, line: str, words: str
) -> None:
    good = "good@b.example,01.06.2025,,,,,,"
    summary = imported(sqlite_store, tmp_path, line, good)
    assert (summary.rows, summary.new, summary.refused) == (2, 1, 1)
    assert words in str(summary.faults[0])
    imported(sqlite_store, tmp_path, line, good)
    with sqlite_store.reading() as tx:
        kept = newest(tx, 10)
    assert [(letter.door, letter.position) for letter in kept] == [("history", 2)]
    assert words in kept[0].faults[0]
    assert rows(sqlite_store, handoff_rows) == 1


def test_times_persons_and_follow_ups_are_kept_as_they_were_told(store: Store, tmp_path: Path) -> None:
    accepted = "a@b.example,01.06.2025,2025-06-01T10:00:00Z,,,,2025-06-09,x7f3"
    rejected = "c@d.example,01.06.2025,,2025-06-02,JUNK,,,ana"
    assert imported(store, tmp_path, accepted, rejected).new == 2
    with store.reading() as tx:
        found = {row.state: row for row in tx.execute(sa.select(handoff_rows))}
    won, turned_down = found["won"], found["rejected"]
    assert won.offered_at == datetime(2025, 5, 31, 22, tzinfo=UTC)
    assert (won.accepted_at, won.decided_by) == (datetime(2025, 6, 1, 10, tzinfo=UTC), "x7f3")
    assert (turned_down.reason, turned_down.follow_up, turned_down.decided_by) == ("JUNK", NOT_RECORDED, "ana")
    assert turned_down.decided_at == turned_down.rejected_at


def test_a_translation_into_an_unknown_code_is_told_at_its_line(sqlite_store: Store, tmp_path: Path) -> None:
    wrong = MAP.replace("follow_up: note", "codes: {Bad: BAD}, follow_up: note")
    with pytest.raises(Faults, match=r"map\.yaml:5: rejected\.codes\.Bad: 'BAD' is no reason code; expected one of"):
        imported(sqlite_store, tmp_path, mapping=wrong)
    assert rows(sqlite_store, dead_letters) == 0


def test_two_imports_at_once_store_every_lead_once(postgres_store: Store) -> None:
    said = [
        Record(Lead(email=f"{number}@b.example", external_id=str(number), origin="x"), {Fact.HANDED_OFF: Told(START)})
        for number in range(120)
    ]
    turned = list(reversed(said))
    batches = [part[start : start + 30] for part in (said, turned) for start in range(0, 120, 30)] * 2
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda batch: record(postgres_store, NOW, batch), batches))
    assert sum(one.new for one in done) == 120
    assert sum(one.unchanged for one in done) == 360
    assert len(in_queue(postgres_store)) == 120
    assert rows(postgres_store, handoff_rows) == 120


def test_an_import_and_an_intake_at_once_know_one_lead(postgres_store: Store) -> None:
    people = [Lead(email=f"{number}@b.example") for number in range(60)]
    said = [Record(lead, {Fact.HANDED_OFF: Told(START)}) for lead in people]
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(receive, postgres_store, NOW, Incoming(lead)) for lead in reversed(people)]
        waiting += [pool.submit(record, postgres_store, NOW, said[start : start + 20]) for start in (0, 20, 40)]
        for one in waiting:
            one.result()
    assert rows(postgres_store, lead_rows) == rows(postgres_store, handoff_rows) == 60


def test_two_files_about_the_same_leads_at_once_lose_nothing(postgres_store: Store) -> None:
    people = [Lead(email=f"{number}@b.example") for number in range(20)]
    for lead in people:
        receive(postgres_store, NOW, Incoming(lead))
    files: list[dict[Fact, Told]] = [
        {Fact.HANDED_OFF: Told(START)},
        {Fact.ACCEPTED: Told(START + timedelta(hours=1), "ana")},
        {Fact.QUALIFIED: Told(START + timedelta(days=1))},
        {Fact.WON: Told(START + timedelta(days=2))},
    ]
    batches = [[Record(lead, said) for lead in people] for said in files]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda batch: record(postgres_store, NOW, batch), batches * 2))
    assert in_queue(postgres_store) == []
    assert picture(postgres_store) == recount(postgres_store)
    assert counts(postgres_store) == {("won", None): 20}
    assert rows(postgres_store, history_rows) == 80 + left(postgres_store)


def left(store: Store) -> int:
    """History rows about having been in the queue and out again."""
    with store.reading() as tx:
        kinds = Counter(tx.execute(sa.select(history_rows.c.kind)).scalars())
    assert kinds["left_queue"] == kinds["queued"]
    return kinds["left_queue"] + kinds["queued"]
