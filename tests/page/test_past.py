"""The demo company's past: made up, but such as could have been, and taken by the door for files to the last row."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.config.load import load, parse, texts
from bot.config.policy import Policy
from bot.handoff.reasons import fault
from bot.intake import mapping
from bot.intake.history import import_history
from bot.store import policies
from bot.store.engine import Store
from bot.store.tables import handoffs, history, leads
from demo import bulk
from demo.history import HANDOFFS, write
from demo.past import Past, past

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
MONTH = timedelta(days=30)
CONFIG = Path(bulk.__file__).parent / "config"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(CONFIG)


@pytest.fixture(scope="module", params=[NOW, NOW + timedelta(days=3, hours=9)], ids=["Sunday noon", "Wednesday night"])
def ones(request: pytest.FixtureRequest, policy: Policy) -> tuple[datetime, list[Past]]:
    return request.param, past(policy, request.param, HANDOFFS)


def test_the_past_is_the_same_whenever_it_is_asked_for(policy: Policy) -> None:
    assert past(policy, NOW, HANDOFFS) == past(policy, NOW, HANDOFFS)
    a_week_on = past(policy, NOW + timedelta(days=7), HANDOFFS)
    assert [one.who for one in a_week_on] == [one.who for one in past(policy, NOW, HANDOFFS)]


def test_everything_happened_in_order_and_before_now(ones: tuple[datetime, list[Past]]) -> None:
    now, made = ones
    assert len(made) == HANDOFFS
    assert [one.offered_at for one in made] == sorted(one.offered_at for one in made)
    assert made[0].offered_at >= now - timedelta(days=70)
    for one in made:
        later = one.won_at or one.lost_at
        told = (one.offered_at, one.ended_at, one.qualified_at or one.disqualified_at, later)
        dates = [at for at in told if at]
        assert dates == sorted(dates)
        assert dates[-1] <= now
        assert (one.ended_at is None) == (one.outcome == "open")
        assert bool(one.reason) == (one.outcome in {"rejected", "void"})


def test_a_lead_comes_back_only_after_it_was_turned_down_or_left(ones: tuple[datetime, list[Past]]) -> None:
    last: dict[int, Past] = {}
    for one in ones[1]:
        before = last.get(one.lead)
        assert one.number == (before.number + 1 if before else 1)
        assert before is None or (before.outcome in {"rejected", "expired"} and before.who == one.who)
        last[one.lead] = one


def test_every_reason_has_an_answer_the_reason_takes(policy: Policy, ones: tuple[datetime, list[Past]]) -> None:
    refused = [one for one in past(policy, ones[0], 3_000) if one.reason and one.ended_at]
    assert {policy.reasons[one.reason or ""].family for one in refused} == {"DATA", "FIT", "READINESS", "OTHER"}
    for one in refused:
        assert one.ended_at
        assert one.reason
        assert fault(policy.reasons[one.reason], one.follow_up or "", one.ended_at.date()) is None


def test_the_story_can_be_read_off_the_numbers(ones: tuple[datetime, list[Past]]) -> None:
    now, made = ones
    ended = Counter(one.outcome for one in made)
    assert 0.5 < ended["accepted"] / HANDOFFS < 0.7
    assert 0.2 < ended["rejected"] / HANDOFFS < 0.4
    assert min(ended["expired"], ended["open"]) >= 2
    assert len({one.source for one in made}) == 5
    assert len({one.campaign for one in made}) == 6
    lately, before = _accepted(made, now - MONTH, now), _accepted(made, now - 2 * MONTH, now - MONTH)
    assert before["paid_search"] - lately["paid_search"] > 0.25
    assert before["webinar"] - lately["webinar"] < 0.2
    assert sum(bool(one.qualified_at) for one in made) > 20
    assert sum(bool(one.won_at) for one in made) > 3


def _accepted(made: list[Past], start: datetime, end: datetime) -> dict[str, float]:
    """The share accepted of those decided, by source."""
    decided = [one for one in made if start <= one.offered_at < end and one.outcome in {"accepted", "rejected"}]
    total = Counter(one.source for one in decided)
    return {
        name: sum(one.outcome == "accepted" for one in decided if one.source == name) / total[name] for name in total
    }


@pytest.fixture
def companys(store: Store) -> Store:
    """A database with the demo company's configuration in force."""
    found = texts(CONFIG)
    with store.transaction() as tx:
        policies.apply(tx, parse(found), found, NOW)
    return store


def test_the_door_takes_every_row(companys: Store, ones: tuple[datetime, list[Past]], tmp_path: Path) -> None:
    now, made = ones
    write(tmp_path / "past.csv", made)
    page = mapping.load(Path(bulk.__file__).parent / "past.yaml", mapping.HistoryMap)
    done = import_history(companys, now, tmp_path / "past.csv", page)
    firsts = [one for one in made if one.number == 1]
    assert (done.faults, done.new) == ((), len(firsts))
    assert import_history(companys, now, tmp_path / "past.csv", page).unchanged == len(firsts)
    rows = _rows(companys, sa.select(handoffs))
    assert Counter(row.state for row in rows) == Counter(bulk.state_of(one) for one in firsts)
    assert Counter((row.tier, row.due_at) for row in rows) == Counter((one.tier, one.due_at) for one in firsts)
    assert {row.next_due_at for row in rows} == {None}
    assert {row.took_working is None for row in rows if row.state != "offered"} == {False}


@pytest.mark.parametrize("many", [3, 30, 1_000])
def test_any_number_of_them_can_be_put_into_a_database(store: Store, many: int) -> None:
    bulk.fill(store, NOW, many)
    bulk.fill(store, NOW, 5, seed=6)  # beside what is there
    rows = _rows(store, sa.select(handoffs))
    assert len(rows) == many + 5
    for row in rows:
        ended = row.accepted_at or row.rejected_at or row.voided_at or row.expired_at
        wall = round((ended - row.offered_at).total_seconds()) if ended else None
        assert (row.took_wall, row.took_working is None) == (wall, ended is None)
        assert row.due_at > row.offered_at
        assert None not in {row.first_owner, row.tier, row.facets.get("grade")}
        assert row.next_due_at is None  # nobody is reminded
    told = Counter(row.kind for row in _rows(store, sa.select(history)))
    assert told["offered"] == many + 5
    assert told["accepted"] == sum(row.accepted_at is not None for row in rows)
    assert len(_rows(store, sa.select(leads))) == sum(row.number == 1 for row in rows)


@pytest.mark.parametrize("said", ["0", "-3", "2.5", "many"])
def test_what_is_no_number_of_hand_offs_is_told_what_was_expected(
    said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["demo.bulk", "--handoffs", said, "--database", "sqlite://"])
    with pytest.raises(SystemExit) as left:
        bulk.main()
    assert left.value.code == 2
    told = f"argument --handoffs: got '{said}', expected a whole number from 1 on"
    assert told in capsys.readouterr().err


def test_hand_offs_of_one_lead_know_of_each_other(sqlite_store: Store) -> None:
    bulk.fill(sqlite_store, NOW, 1_000)
    rows = {row.id: row for row in _rows(sqlite_store, sa.select(handoffs))}
    second = [row for row in rows.values() if row.number == 2]
    assert second
    for row in second:
        before = rows[row.previous_id]
        assert (before.lead_id, before.number, before.next_id) == (row.lead_id, 1, row.id)


def test_times_are_counted_in_the_hours_of_whoever_it_was_offered_to(sqlite_store: Store, policy: Policy) -> None:
    bulk.fill(sqlite_store, NOW, 300)
    rows = _rows(sqlite_store, sa.select(handoffs).where(handoffs.c.took_working.is_not(None)))
    assert {row.first_owner for row in rows} == {"ana", "ben", "chloe"}
    for row in rows:
        hours = policy.clock_of(row.first_owner, row.offered_at, urgent=row.tier == "P1")
        end = row.offered_at + timedelta(seconds=row.took_wall)
        assert row.took_working == round(hours.between(row.offered_at, end).total_seconds())
        assert (row.expired_at is None) or row.took_working > 0


def _rows(store: Store, query: sa.Select[Any]) -> list[Any]:
    with store.reading() as tx:
        return list(tx.execute(query))
