"""History from elsewhere has its times and facets as hand-offs of our own have: known as far as it is told."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from bot.config import load
from bot.handoff import imported
from bot.handoff.imported import Fact, Told
from bot.lead import Lead
from bot.moves.receive import Incoming, receive
from bot.moves.record import Record, Refused, record
from bot.store import history
from bot.store.engine import Store
from bot.store.tables import handoffs
from tests.core.clock_kit import local
from tests.store.hand_on_kit import people
from tests.support import in_force

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OFFICES = """
default: madrid
calendars:
  madrid: {zone: Europe/Madrid, hours: {mon-fri: [09:00-13:00, 14:00-18:00]}}
  new_york: {zone: America/New_York, hours: {mon-fri: [09:00-17:00]}}
"""
SHORTER = OFFICES.replace("[09:00-13:00, 14:00-18:00]", "[09:00-13:00]")
TEAM = people(
    ("slack: U0ANA, role: rep", "slack: U0ANA, role: rep, away: [{on: 2026-03-09, label: A day off}]"),
    ("slack: U0BEN, role: rep", "slack: U0BEN, role: rep, calendar: new_york"),
)
FRIDAY = local("2026-03-06 16:00", "Europe/Madrid")
MONDAY = local("2026-03-09 09:30", "Europe/Madrid")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SLA = load.texts(None)["sla.yaml"]
MAIL = "elena@vialetto.example"
NOBODY = "0051000000XyZ"  # an id of the other system's, which no person has


@pytest.fixture
def store(store: Store) -> Store:
    return in_force(store, people=TEAM, calendar=OFFICES, sla=SLA)


def told(store: Store, owner: Any = None, attributes: Any = None, **facts: Any) -> str:
    """What becomes of a row that says when what happened; None: it did, and nobody knows when."""
    said = {Fact(name): Told(at, reason="JUNK", follow_up="not recorded") for name, at in facts.items()}
    lead = Lead(email=MAIL, source="fair", campaign="May", attributes=attributes or {})
    done = record(store, NOW, [Record(lead, said, owner)])
    assert not done.refused
    return next(name for name in ("new", "changed", "unchanged", "waiting") if getattr(done, name))


def row(store: Store, *names: str) -> Any:
    with store.reading() as tx:
        return tx.execute(sa.select(*(handoffs.c[name] for name in names))).one()


def took(store: Store) -> tuple[float | None, ...]:
    """Hours on the clock, and of work."""
    found = row(store, "took_wall", "took_working")
    return tuple(None if seconds is None else seconds / 3600 for seconds in found)


@pytest.mark.parametrize("ending", ["accepted", "rejected", "expired"])
def test_it_was_open_until_the_first_thing_that_ended_that(store: Store, ending: str) -> None:
    told(store, NOBODY, **{"handed_off": FRIDAY, ending: MONDAY})
    assert took(store) == (65.5, 2.5)


def test_what_makes_it_void_ends_it_too(store: Store) -> None:
    void = Told(MONDAY, reason="DUPLICATE", follow_up="not recorded")
    record(store, NOW, [Record(Lead(email=MAIL), {Fact.HANDED_OFF: Told(FRIDAY), Fact.REJECTED: void})])
    assert row(store, "state") == ("void",)
    assert took(store) == (65.5, 2.5)


@pytest.mark.parametrize("later", ["qualified", "disqualified", "won", "lost"])
def test_what_came_after_an_accept_is_not_the_time_it_was_open(store: Store, later: str) -> None:
    told(store, None, **{"handed_off": FRIDAY, "accepted": MONDAY, later: MONDAY + 30 * DAY})
    assert took(store) == (65.5, 2.5)


@pytest.mark.parametrize("later", ["qualified", "disqualified", "won", "lost"])
def test_an_accept_without_a_time_took_nobody_knows_how_long(store: Store, later: str) -> None:
    told(store, None, **{"handed_off": FRIDAY, "accepted": None, later: MONDAY})
    assert took(store) == (None, None)


def test_neither_does_what_is_open_or_was_decided_before_it_was_offered(store: Store) -> None:
    told(store, handed_off=FRIDAY)
    assert took(store) == (None, None)
    told(store, accepted=FRIDAY - timedelta(microseconds=1))
    assert took(store) == (None, None)


def test_a_decision_at_once_took_no_time(store: Store) -> None:
    told(store, handed_off=FRIDAY, accepted=FRIDAY)
    assert took(store) == (0, 0)


@pytest.mark.parametrize(("owner", "hours"), [(None, 2.5), (NOBODY, 2.5), ("ana", 2), ("ben", 7)])
def test_the_working_time_is_that_of_its_owner_less_their_days_off_and_a_strangers_that_of_everybody(
    store: Store, owner: str | None, hours: float
) -> None:
    """From Friday 16:00 to Monday 09:30 in Madrid: two hours and a half there, seven in New York, where it is early."""
    told(store, owner, handed_off=FRIDAY, rejected=MONDAY)
    assert took(store) == (65.5, hours)
    assert row(store, "owner", "first_owner") == (owner, owner)


# What is told later


def test_news_of_other_dates_or_owners_are_counted_anew(store: Store) -> None:
    told(store, handed_off=FRIDAY)
    assert took(store) == (None, None)
    assert told(store, accepted=None) == "changed"
    assert took(store) == (None, None)
    assert told(store, accepted=FRIDAY + HOUR) == "changed"
    assert took(store) == (1, 1)
    assert told(store, "ben", qualified=MONDAY) == "changed"
    assert took(store) == (1, 1)  # in New York they work by then, too
    assert row(store, "first_owner") == ("ben",)


def test_an_accept_that_overtakes_a_rejection_is_what_ended_it(store: Store) -> None:
    told(store, handed_off=FRIDAY, rejected=FRIDAY + HOUR)
    told(store, accepted=MONDAY)
    assert took(store) == (65.5, 2.5)


def test_what_was_counted_stays_when_the_calendar_changes_or_what_is_told_later_does_not_touch_it(
    store: Store,
) -> None:
    told(store, handed_off=FRIDAY, accepted=MONDAY)
    in_force(store, people=TEAM, calendar=SHORTER, sla=SLA)
    assert told(store, handed_off=FRIDAY, accepted=MONDAY) == "unchanged"
    assert told(store, won=MONDAY + DAY) == "changed"
    assert took(store) == (65.5, 2.5)
    assert told(store, NOBODY, qualified=MONDAY + DAY) == "changed"
    assert took(store) == (65.5, 0.5)


def test_what_an_older_release_has_not_counted_is_counted_when_the_file_is_read_again(store: Store) -> None:
    told(store, handed_off=FRIDAY, accepted=MONDAY, attributes={"channel": "web"})
    with store.transaction() as tx:
        tx.execute(sa.update(handoffs).values(took_working=None, facets=None))
    version = row(store, "version")
    assert told(store, handed_off=FRIDAY, accepted=MONDAY) == "unchanged"
    assert took(store) == (65.5, 2.5)
    assert row(store, "facets")[0]["channel"] == "web"
    assert row(store, "version") == version


PARTS: list[dict[str, Any]] = [
    {"handed_off": FRIDAY, "attributes": {"channel": "web"}},
    {"accepted": MONDAY, "owner": "ben"},
    {"won": MONDAY + DAY, "accepted": None, "attributes": {"Segment": "SMB"}},
    {"handed_off": FRIDAY, "attributes": {"region": "south"}},
]


@pytest.mark.parametrize("order", list(permutations(range(len(PARTS)))))
def test_in_whatever_order_files_come_times_and_facets_are_the_same(
    sqlite_store: Store, order: tuple[int, ...]
) -> None:
    in_force(sqlite_store, people=TEAM, calendar=OFFICES, sla=SLA)
    for part in (*order, *order):
        told(sqlite_store, **PARTS[part])
    assert took(sqlite_store) == (65.5, 7)
    assert row(sqlite_store, "state", "first_owner", "facets") == (
        "won",
        "ben",
        {
            "channel": "web",
            "segment": "SMB",
            "region": "south",
            "first_source": "fair",
            "first_campaign": "May",
            "last_source": "fair",
            "last_campaign": "May",
        },
    )


# Facets


def test_what_is_known_by_now_stays_and_what_becomes_known_is_added(store: Store) -> None:
    told(store, handed_off=FRIDAY, attributes={"channel": "web"})
    receive(store, NOW, Incoming(Lead(email=MAIL, country="ES", source="ads", attributes={"channel": "paid"})))
    assert row(store, "facets")[0]["channel"] == "web"
    told(store, handed_off=FRIDAY)
    assert row(store, "source", "facets") == (
        "fair",
        {
            "channel": "web",
            "region": "ES",
            "first_source": "fair",
            "first_campaign": "May",
            "last_source": "fair",
            "last_campaign": "May",
        },
    )


# Due times and tiers


def promised(store: Store, tier: str | None = None, due: datetime | None = None, **facts: datetime) -> list[Refused]:
    said = {Fact(name): Told(at) for name, at in facts.items()}
    return list(record(store, NOW, [Record(Lead(email=MAIL), said, tier=tier, due=due)]).refused)


def test_what_was_promised_is_kept_as_it_was_told_first_and_starts_no_clock(store: Store) -> None:
    east = (MONDAY + HOUR).astimezone(timezone(9 * HOUR))
    assert promised(store, None, east, handed_off=FRIDAY) == []
    assert row(store, "tier", "due_at") == (None, MONDAY + HOUR)
    assert promised(store, "P1", NOW + 30 * DAY, accepted=NOW) == []
    assert row(store, "tier", "due_at", "next_due_at", "breached_by") == ("P1", MONDAY + HOUR, None, None)
    with store.reading() as tx:
        told_by = imported.standing(imported.account_of(history.of_handoff(tx, 1)))
    assert told_by
    assert (told_by.tier, told_by.due_at) == ("P1", MONDAY + HOUR)


def test_a_due_time_waits_with_what_else_is_told_until_somebody_says_when_it_was_handed_over(store: Store) -> None:
    promised(store, "P2", MONDAY, won=NOW)
    promised(store, handed_off=FRIDAY)
    assert row(store, "tier", "due_at") == ("P2", MONDAY)


def test_a_tier_that_nobody_has_and_a_due_time_of_another_age_are_refused(store: Store) -> None:
    assert promised(store, "p1", datetime(1999, 12, 31, tzinfo=UTC), handed_off=FRIDAY) == [
        Refused(0, "tier", "'p1' is no tier; expected one of P1, P2"),
        Refused(0, "due", "1999-12-31 00:00 UTC is out of range; expected a time from 2000 on"),
    ]
    with pytest.raises(TypeError):
        promised(store, due=datetime(2026, 3, 1), handed_off=FRIDAY)


def test_a_batch_may_hold_everything_at_once(store: Store) -> None:
    """Rows of one statement have the same columns, whatever each of them knows."""
    handed, done = {Fact.HANDED_OFF: Told(FRIDAY)}, {Fact.ACCEPTED: Told(MONDAY)}
    records = [
        Record(Lead(email="1@a.example"), handed),
        Record(Lead(email="2@a.example", attributes={"channel": "web"}), {**handed, **done}, "ben"),
        Record(Lead(email="3@a.example"), {**handed, Fact.ACCEPTED: Told(None)}),
        Record(Lead(email="2@a.example", attributes={"segment": "SMB"}), {Fact.WON: Told(NOW)}),
    ]
    assert record(store, NOW, records).new == 3
    columns = [handoffs.c[name] for name in ("first_owner", "took_wall", "took_working", "facets")]
    with store.reading() as tx:
        rows = [tuple(row) for row in tx.execute(sa.select(*columns).order_by(handoffs.c.lead_id))]
    nothing = (None, None, None, None)
    assert rows == [nothing, ("ben", 235_800, 25_200, {"channel": "web", "segment": "SMB"}), nothing]
