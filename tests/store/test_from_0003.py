"""A database as the release before left it gains first owners, times and facets, whatever its rows look like."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from bot.criteria.assess import Assessment
from bot.handoff.facets import OF_LEAD, Touch, Touches, facets
from bot.lead import Lead
from bot.moves.decisions import accept
from bot.moves.hand_on import reassign
from bot.store import handoffs, leads, schema
from bot.store.engine import Store
from bot.store.tables import handoffs as rows
from tests.core.test_facets import ASSESSMENT, TRACK
from tests.core.test_naughty import LIST
from tests.store.test_schema import empty, migrate
from tests.support import NOW, by, in_force, offered, standing

__all__ = ["empty"]

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NULL = "null"  # how JSON says that there is nothing; SQL has a word of its own


def told(one: Assessment, **changes: object) -> str:
    return json.dumps(one.to_dict() | changes)


OLD = json.dumps({"points": 70, "threshold": 60, "grade": "hot", "contributions": []})  # of the first release
HANDOFF = {"state": "offered", "owner": "ana", "assessment": NULL, "routings": None, "imported": False}
LEAD = {"country": None, "attributes": "{}"}
GRADED = {"grade": "B1", "score": 81}

# Of each shape: what its lead and its hand-off hold beside what all have, what its history says, and what is to come.
Shape = tuple[Mapping[str, Any], Mapping[str, Any], str | None, Mapping[str, Any]]
SHAPES: dict[str, Shape] = {
    "bare": ({}, {"owner": None}, None, {}),
    "open": ({}, {"assessment": told(ASSESSMENT)}, '{"owner": "ana", "team": "sales"}', {
        "first_owner": "ana", "facets": {**GRADED, "type": "points"},
    }),
    "reassigned before routings were kept": ({}, {"owner": "ben", "routings": '[{"to": "ben"}]'}, '{"owner": "ana"}', {
        "first_owner": "ana",
    }),
    "without a word on its offer": ({}, {"owner": "ben"}, None, {"first_owner": "ben"}),
    "an offer without an owner": ({}, {}, '{"team": "sales"}', {"first_owner": "ana"}),
    "an offer that is no object": ({}, {}, "[1]", {"first_owner": "ana"}),
    "timed": ({}, {"state": "accepted", "accepted_at": AT + HOUR, "took_wall": 3599, "took_working": 60}, None, {
        "first_owner": "ana", "took_wall": 3599, "took_working": 60,
    }),
    "accepted": ({}, {"state": "won", "accepted_at": AT + HOUR, "won_at": AT + 9 * HOUR}, None, {
        "first_owner": "ana", "took_wall": 3600,
    }),
    "rejected": ({}, {"state": "rejected", "rejected_at": AT + timedelta(microseconds=1_500_001)}, None, {
        "first_owner": "ana", "took_wall": 2,
    }),
    "expired": ({}, {"state": "expired", "expired_at": AT + 48 * HOUR}, None, {
        "first_owner": "ana", "took_wall": 172_800,
    }),
    "void": ({}, {"state": "void", "voided_at": AT}, None, {"first_owner": "ana", "took_wall": 0}),
    "before its offer": ({}, {"state": "accepted", "accepted_at": AT - HOUR}, None, {"first_owner": "ana"}),
    "accepted nobody knows when": ({}, {"state": "won", "won_at": AT + HOUR}, None, {"first_owner": "ana"}),
    "imported": (
        {"country": "ES", "attributes": '{"Channel": " Web "}'},
        {"imported": True, "owner": "0051", "source": "fair", "campaign": "May", "assessment": NULL,
         "state": "rejected", "rejected_at": AT + 2 * HOUR},
        None,
        {"first_owner": "0051", "took_wall": 7200, "facets": {
            "channel": "Web", "region": "ES", "first_source": "fair", "first_campaign": "May", "last_source": "fair",
            "last_campaign": "May"}},
    ),
    "a fast track": ({}, {"assessment": told(ASSESSMENT, because="Uses the product")}, None, {
        "first_owner": "ana", "facets": {**GRADED, "type": "Uses the product"},
    }),
    "no MQL any more": ({}, {"assessment": told(ASSESSMENT, tier=None)}, None, {
        "first_owner": "ana", "facets": GRADED,
    }),
    "of the first release": ({}, {"assessment": OLD}, None, {"first_owner": "ana"}),
    "no assessment": ({}, {"assessment": None}, None, {"first_owner": "ana"}),
    "odd attributes": (
        {"country": " ", "attributes":
            '{"channel": "a\\u0000b", "Use-Case": 3.0, "SEGMENT": true, "region": null, "product": "\\ud800"}'},
        {"source": " ", "campaign": "June"},
        None,
        {"first_owner": "ana", "facets": {
            "channel": "ab", "usecase": "3", "segment": "true", "first_campaign": "June", "last_campaign": "June"}},
    ),
}  # fmt: skip
ODD = [NULL, "[]", "3", '"text"', "{}", "[[]]", '{"fit": {}}', '{"lines": 3, "tier": "P1"}', '{"channel": {"a": [1]}}']
ODD += ['{"fit": "E", "behaviour": 1}', '{"fit": "A", "behaviour": "1"}', '{"fit_points": "1", "behaviour_points": 1}']
ODD += ['{"tier": "P1", "lines": [null, 3, {}], "because": null}', json.dumps(dict(enumerate(LIST)))]


def insert(tx: sa.Connection, table: str, **values: Any) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    told = ", ".join(f":{name}" for name in values)
    tx.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({told})"), {k: plain(tx, v) for k, v in values.items()})


def plain(tx: sa.Connection, value: Any) -> Any:
    naive = isinstance(value, datetime) and tx.dialect.name == "sqlite"
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if naive else value


def insert_lead(tx: sa.Connection, number: int, **values: Any) -> None:
    fixed = {"id": number, "email": f"{number}@b.co", "mql": False, "created_at": AT, "updated_at": AT}
    insert(tx, "leads", **fixed, **LEAD | values)


def insert_handoff(tx: sa.Connection, number: int, **values: Any) -> None:
    fixed = {"id": number, "lead_id": number, "number": 1, "version": 1, "policy": "v1", "offered_at": AT}
    insert(tx, "handoffs", **fixed, steps="[]", step=0, **HANDOFF | values)


@pytest.fixture
def of_0003(empty: Store) -> Store:
    migrate(empty, command.upgrade, "0003")
    return empty


def test_every_shape_of_row_gains_what_is_known_of_it(of_0003: Store) -> None:
    with of_0003.engine.begin() as tx:
        for number, (lead, handoff, offer, _) in enumerate(SHAPES.values(), 1):
            insert_lead(tx, number, **lead)
            insert_handoff(tx, number, **handoff)
            if offer:
                insert(tx, "history", at=AT, kind="offered", lead_id=number, handoff_id=number, detail=offer)
            insert(
                tx, "history", at=AT, kind="reassigned", lead_id=number, handoff_id=number, detail='{"owner": "eve"}'
            )
    migrate(of_0003, command.upgrade, "0004", timezone="Asia/Tokyo")
    names = ("first_owner", "took_wall", "took_working", "facets")
    with of_0003.reading() as tx:
        found = tx.execute(sa.select(*(rows.c[name] for name in names)).order_by(rows.c.id)).all()
        nothing = (
            tx.execute(sa.select(rows.c.id).where(rows.c.facets.is_(sa.null())).order_by(rows.c.id)).scalars().all()
        )
    wanted = [expected for *_, expected in SHAPES.values()]
    assert dict(zip(SHAPES, map(tuple, found), strict=True)) == {
        shape: tuple(expected.get(name) for name in names) for shape, expected in zip(SHAPES, wanted, strict=True)
    }
    assert nothing == [number for number, one in enumerate(wanted, 1) if "facets" not in one]


@pytest.mark.parametrize("odd", range(len(ODD)))
def test_no_json_however_odd_stops_it(of_0003: Store, odd: int) -> None:
    with of_0003.engine.begin() as tx:
        insert_lead(tx, 1, attributes=ODD[odd])
        insert_handoff(tx, 1, assessment=ODD[odd], routings=ODD[odd])
        insert(tx, "history", at=AT, kind="offered", lead_id=1, handoff_id=1, detail=ODD[odd])
    migrate(of_0003, command.upgrade, "0004")
    with of_0003.reading() as tx:
        first_owner, found = tx.execute(sa.select(rows.c.first_owner, rows.c.facets)).one()
    assert first_owner == "ana"
    assert found in (None, {"type": "points"})


def test_naughty_strings_come_out_as_a_new_hand_off_would_have_them(of_0003: Store) -> None:
    """Of this release the migration says what the product says; a later one may say it otherwise."""
    asked = [replace(ASSESSMENT, because=text, lines=(TRACK._replace(label=text),)) for text in LIST]
    with of_0003.engine.begin() as tx:
        for number, (text, assessment) in enumerate(zip(LIST, asked, strict=True), 1):
            insert_lead(tx, number, attributes=json.dumps(dict.fromkeys(OF_LEAD, text)), country=text)
            insert_handoff(tx, number, source=text, campaign=text, assessment=told(assessment))
    migrate(of_0003, command.upgrade, "0004")
    with of_0003.reading() as tx:
        found = tx.execute(sa.select(rows.c.facets).order_by(rows.c.id)).scalars().all()
    touches = [Touches(Touch(text, text), Touch(text, text)) for text in LIST]
    lead = [Lead(country=text, attributes=dict.fromkeys(OF_LEAD, text)) for text in LIST]
    assert found == [facets(*one) for one in zip(lead, touches, asked, strict=True)]


@pytest.mark.parametrize("count", [999, 1_000, 1_001, 2_500])
def test_more_rows_than_go_into_one_batch(sqlite_store: Store, count: int) -> None:
    migrate(sqlite_store, command.downgrade, "0003")
    with sqlite_store.engine.begin() as tx:
        for number in range(1, count + 1):
            key = number + number // 9  # ids have gaps
            insert_lead(tx, key)
            insert_handoff(tx, key, state="expired", expired_at=AT + number * timedelta(seconds=1))
    schema.upgrade(sqlite_store)
    with sqlite_store.reading() as tx:
        found = tx.execute(sa.select(rows.c.took_wall).order_by(rows.c.id)).scalars().all()
    assert found == list(range(1, count + 1))


def test_a_lead_that_was_there_before_came_first_with_what_it_has(of_0003: Store) -> None:
    with of_0003.engine.begin() as tx:
        insert_lead(tx, 1, source="ads", campaign="May")
        insert(tx, "identities", name="email:1@b.co", lead_id=1)
    migrate(of_0003, command.upgrade, "0004")
    with of_0003.transaction() as tx:
        leads.upsert(tx, Lead(email="1@b.co", source="fair"), NOW)
        stored = leads.get(tx, 1)
    assert stored
    assert stored.touches == (("ads", "May"), ("ads", "May"))


def test_an_open_hand_off_goes_down_and_up_again_and_on(store: Store) -> None:
    one = offered(in_force(store))
    reassign(store, NOW, by("U0MAYA", one), "ben")
    with store.reading() as tx:
        before = tx.execute(sa.select(rows)).all()
    migrate(store, command.downgrade, "0003")
    schema.upgrade(store)
    with store.reading() as tx:
        assert tx.execute(sa.select(rows)).all() == before
        assert handoffs.get(tx, one.id) == replace(standing(store, one.id), owner="ben", first_owner="ana")
    accept(store, NOW + HOUR, by("U0BEN", one))
    assert standing(store, one.id).took_wall == 3600
