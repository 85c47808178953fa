"""Why a hand-off is what it is moves out of its row, and back, and nothing of it is lost."""

import json

import pytest
import sqlalchemy as sa
from alembic import command

from bot.store import grounds, schema
from bot.store.engine import Store
from bot.store.tables import grounds as papers
from bot.store.tables import handoffs as rows
from tests.store.test_from_0003 import ASSESSMENT, ODD, insert_handoff, insert_lead, told
from tests.store.test_schema import empty, migrate
from tests.support import in_force, offered

__all__ = ["empty"]

NAMES = "assessment, reassessed, deadline, routings"
ROUTINGS = [{"to": "ana"}, {"to": "ben"}]
KEPT = {
    1: {"assessment": told(ASSESSMENT), "deadline": '{"tier": "P2"}', "routings": json.dumps(ROUTINGS)},
    2: {"assessment": told(ASSESSMENT), "reassessed": told(ASSESSMENT, because="asked"), "routings": "null"},
    3: {},
    **{number: dict.fromkeys(("assessment", "deadline", "routings"), odd) for number, odd in enumerate(ODD, 4)},
}


@pytest.fixture
def of_0004(empty: Store) -> Store:
    migrate(empty, command.upgrade, "0004")
    with empty.engine.begin() as tx:
        for number, kept in KEPT.items():
            insert_lead(tx, number)
            insert_handoff(tx, number, **kept)
        insert_lead(tx, 99)
        insert_handoff(tx, 99, imported=True, assessment=None)
    return empty


def raw(store: Store, table: str, key: str) -> list[tuple[object, ...]]:
    with store.engine.connect() as tx:
        columns = ", ".join(f"CAST({name} AS TEXT)" for name in NAMES.split(", "))
        return [tuple(row) for row in tx.execute(sa.text(f"SELECT {key}, {columns} FROM {table} ORDER BY {key}"))]


def test_every_hand_off_of_batons_own_keeps_its_grounds(of_0004: Store) -> None:
    before = raw(of_0004, "handoffs", "id")
    schema.upgrade(of_0004)
    assert raw(of_0004, "grounds", "handoff_id") == [row for row in before if row[0] != 99]
    with of_0004.transaction() as tx:
        assert (grounds.deadline(tx, 1), grounds.routings(tx, 1)) == ({"tier": "P2"}, ROUTINGS)
        assert grounds.offered_with(tx, 1) == grounds.assessment(tx, 1) == ASSESSMENT
        newest = grounds.assessment(tx, 2)
        assert newest is not None
        assert newest.because == "asked"
        for number in (3, 99, 1_000):
            assert (grounds.assessment(tx, number), grounds.deadline(tx, number)) == (None, None)
            assert grounds.routings(tx, number) == []
    migrate(of_0004, command.downgrade, "0004")
    assert raw(of_0004, "handoffs", "id") == before


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_what_they_took_of_the_row_is_given_back(of_0004: Store) -> None:
    """SQLite gives it back by VACUUM, which is the operator's."""
    with of_0004.engine.begin() as tx:
        tx.execute(
            sa.text("UPDATE handoffs SET routings = CAST(:long AS json)"), {"long": json.dumps([{"to": "x" * 1_500}])}
        )
    before = pages(of_0004)
    schema.upgrade(of_0004)
    assert pages(of_0004) < before / 2


def pages(store: Store) -> int:
    with store.engine.connect() as tx:
        return int(tx.execute(sa.text("SELECT pg_relation_size('handoffs')")).scalar_one())


def test_one_that_came_without_gets_some_with_the_first_change(store: Store) -> None:
    handoff = offered(in_force(store))
    with store.transaction() as tx:
        tx.execute(sa.delete(papers))
        grounds.add_routing(tx, handoff.id, {"to": "ben"})
        grounds.reassess(tx, handoff.id, ASSESSMENT)
        assert grounds.routings(tx, handoff.id) == [{"to": "ben"}]
        assert grounds.assessment(tx, handoff.id) == ASSESSMENT
        assert grounds.offered_with(tx, handoff.id) is None


def test_a_new_hand_off_has_its_own(store: Store) -> None:
    handoff = offered(in_force(store))
    with store.transaction() as tx:
        assert list(tx.execute(sa.select(papers.c.handoff_id)).scalars()) == [handoff.id]
        grounds.add_routing(tx, handoff.id, {"to": "ben"})
        assert [one["to"] for one in grounds.routings(tx, handoff.id)] == ["ana", "ben"]
    assert not {column.name for column in papers.c} & {column.name for column in rows.c}
