"""What brought a lead, first, last and now; and what is frozen with its hand-off, whatever becomes of either."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.handoff.facets import OF_LEAD, Touch, Touches
from bot.handoff.imported import Fact, Told
from bot.handoff.states import Handoff
from bot.lead import Lead, Signal, Value
from bot.moves.decisions import Grounds, accept, reject, undo
from bot.moves.hand_on import claim, pass_on, reassign
from bot.moves.offer import offer
from bot.moves.receive import Incoming, mend, receive
from bot.moves.record import Record, record
from bot.store import leads, switches
from bot.store.engine import Store
from bot.store.leads import StoredLead
from bot.store.tables import handoffs, history
from bot.store.tables import leads as lead_rows
from bot.sweep import sweep
from tests.core.test_naughty import TEXTS
from tests.store.hand_on_kit import CAPACITY, LATE
from tests.support import HOUR, NOW, by, hot, in_force, offered, standing

MAIL = "elena@vialetto.example"
Said = tuple[str | None, str | None]
payloads = st.lists(st.tuples(*[st.sampled_from([None, "", "a", "b", "c"])] * 2), min_size=1, max_size=6)


def told(store: Store, *said: Said) -> StoredLead:
    """A lead after these sources and campaigns came in, one after the other."""
    for source, campaign in said:
        with store.transaction() as tx:
            stored = leads.upsert(tx, Lead(email=MAIL, source=source, campaign=campaign), NOW)
    return stored


def walked(said: Sequence[Said]) -> Touches:
    """The same by slow and obvious means: every touch is kept until something else is said in place of it."""
    past: list[Touch] = []
    source, campaign = None, None
    for now in said:
        another = (source and now[0] not in {None, source}) or (campaign and now[1] not in {None, campaign})
        past += [Touch(source, campaign)] if another else []
        source, campaign = (new if new is not None else old for new, old in zip(now, (source, campaign), strict=True))
    present = Touch(source, campaign)
    return Touches(past[0] if past else present, past[-1] if past else present)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payloads)
@example([("a", None), (None, "x"), ("b", None), ("b", "y")])
def test_touches_are_followed_in_whatever_order_payloads_come(store: Store, said: list[Said]) -> None:
    with store.transaction() as tx:
        tx.execute(sa.text("DELETE FROM identities"))
    stored = told(store, *said)
    assert stored.touches == walked(said)
    assert told(store, said[-1]) == stored  # the same again is no other touch
    with store.reading() as tx:
        assert leads.get(tx, stored.id) == stored


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ([("ads", "May")], ("ads", "May"), ("ads", "May")),
        ([("ads", "May"), ("ads", "May")], ("ads", "May"), ("ads", "May")),
        ([("ads", "May"), (None, None)], ("ads", "May"), ("ads", "May")),
        ([("ads", None), (None, "May")], ("ads", "May"), ("ads", "May")),
        ([("ads", "May"), ("fair", "June")], ("ads", "May"), ("ads", "May")),
        ([("ads", "May"), ("ads", "June")], ("ads", "May"), ("ads", "May")),
        ([("ads", "May"), ("fair", "June"), ("web", "July")], ("ads", "May"), ("fair", "June")),
        ([("ads", "May"), ("fair", "June"), ("ads", "May")], ("ads", "May"), ("fair", "June")),
        ([(None, None), ("ads", "May")], ("ads", "May"), ("ads", "May")),
        ([("ads", "May"), ("", ""), ("fair", "June")], ("ads", "May"), ("ads", "May")),
    ],
)
def test_first_is_what_it_came_with_and_last_what_it_had_just_before(
    store: Store, said: list[Said], first: Said, last: Said
) -> None:
    assert told(store, *said).touches == (first, last)


def test_a_source_that_is_put_right_was_no_touch(store: Store) -> None:
    one = told(store, ("gogle", "May"))
    with store.transaction() as tx:
        mended = leads.mend(tx, one.id, Lead(source="google"), NOW)
    assert mended.touches == (("google", "May"), ("google", "May"))
    assert told(store, ("fair", None)).touches == (("google", "May"), ("google", "May"))


def test_what_an_import_fills_in_is_the_first_touch_and_what_it_says_otherwise_is_none(store: Store) -> None:
    in_force(store)
    for lead in (Lead(email=MAIL, source="ads"), Lead(email=MAIL, source="fair", campaign="May")):
        record(store, NOW, [Record(lead, {Fact.WON: Told(NOW)})])
    with store.reading() as tx:
        stored = leads.get(tx, 1)
    assert stored
    assert stored.touches == (("ads", "May"), ("ads", "May"))


# Frozen


def frozen(store: Store, handoff: Handoff | int) -> tuple[Any, ...]:
    """First owner, source, campaign and facets of a hand-off."""
    key = handoff if isinstance(handoff, int) else handoff.id
    columns = [handoffs.c[name] for name in ("first_owner", "source", "campaign", "facets")]
    with store.reading() as tx:
        return tuple(tx.execute(sa.select(*columns).where(handoffs.c.id == key)).one())


def arrive(store: Store, **said: Any) -> None:
    receive(store, NOW, Incoming(Lead(email=MAIL, **said)))


def test_the_touch_that_brought_the_crossing_is_the_hand_offs_own(store: Store) -> None:
    in_force(store)
    arrive(store, source="ads", campaign="May")
    arrive(store, source="fair", campaign="June", attributes={"Use Case": "Reporting", "employees": 3}, country="ES")
    one = offered(store)  # from the webinar
    assert frozen(store, one) == (
        "ana",
        "webinar",
        "Q4 webinar",
        {
            "usecase": "Reporting",
            "region": "ES",
            "first_source": "ads",
            "first_campaign": "May",
            "last_source": "fair",
            "last_campaign": "June",
            "grade": "B1",
            "score": 90,
            "type": "points",
        },
    )


def test_a_lead_that_waited_has_the_touch_of_the_day_it_is_offered(store: Store) -> None:
    with in_force(store).transaction() as tx:
        switches.turn_on(tx, switches.PAUSED, "a fair", NOW)
    waiting = receive(store, NOW, hot())
    arrive(store, source="ads", campaign="May")
    with store.transaction() as tx:
        switches.turn_off(tx, switches.PAUSED)
    one = offer(store, NOW, waiting.lead_id)
    assert isinstance(one, Handoff)
    _, source, campaign, facets = frozen(store, one)
    assert (source, campaign, facets["first_source"], facets["last_campaign"]) == (
        "ads",
        "May",
        "webinar",
        "Q4 webinar",
    )


def test_a_fast_track_is_the_type_of_what_it_brought(store: Store) -> None:
    uses = [Signal(f"use-{n}", "product_used", NOW) for n in range(3)]
    received = receive(in_force(store), NOW, Incoming(hot().lead, uses))
    assert received.handoff_id
    facets = frozen(store, received.handoff_id)[3]
    assert (facets["type"], facets["grade"], facets["score"]) == ("Uses the product", "D3", 15)


LATER = [Signal("later", "pricing_request", NOW + HOUR)]
HAPPENS: Mapping[str, Callable[[Store, Handoff], object]] = {
    "another touch": lambda store, _: arrive(store, source="ads", campaign="May"),
    "other attributes": lambda store, _: arrive(store, country="ES", attributes={"channel": "fair", "region": "south"}),
    "a mended source": lambda store, one: mend(store, NOW, one.lead_id, Lead(source="ads", campaign="May")),
    "a hot signal": lambda store, _: receive(
        store, NOW, Incoming(Lead(email=MAIL, title="Chief", source="ads"), LATER)
    ),
    "history from elsewhere": lambda store, _: record(
        store, NOW, [Record(Lead(email=MAIL, country="ES", source="ads"), {Fact.HANDED_OFF: Told(NOW - HOUR)}, "eve")]
    ),
    "not mine": lambda store, one: pass_on(store, NOW, by("U0ANA", one), CAPACITY),
    "the manager": lambda store, one: reassign(store, NOW, by("U0MAYA", one), "ben"),
    "a claim": lambda store, one: claim(store, LATE, by("U0BEN", one)),
    "an accept": lambda store, one: accept(store, NOW, by("U0ANA", one)),
    "an undo": lambda store, one: (accept(store, NOW, by("U0ANA", one)), undo(store, NOW, by("U0ANA", one))),
    "a reject": lambda store, one: reject(store, NOW, by("U0ANA", one), Grounds("JUNK", "spam")),
    "silence": lambda store, one: [sweep(store, one.steps[-1].at) for _ in one.steps],
}


@pytest.mark.parametrize("name", HAPPENS)
def test_what_is_frozen_with_a_hand_off_never_changes(store: Store, name: str) -> None:
    one = offered(in_force(store))
    before, as_it_was = frozen(store, one), everything(store)
    HAPPENS[name](store, one)
    assert everything(store) != as_it_was, "nothing has happened"
    assert frozen(store, one) == before
    assert standing(store, one.id).first_owner == "ana"


def everything(store: Store) -> list[Any]:
    with store.reading() as tx:
        return [tx.execute(sa.select(table)).all() for table in (lead_rows, handoffs, history)]


def test_the_next_hand_off_of_a_lead_has_its_own(store: Store) -> None:
    one = offered(in_force(store))
    HAPPENS["silence"](store, one)
    later = NOW + 90 * 24 * HOUR
    lead = replace(hot().lead, source="ads", attributes={"channel": "paid"})
    two = receive(store, later, Incoming(lead, [Signal("again", "demo_request", later)])).handoff_id
    assert two
    assert frozen(store, one)[3] == {
        "first_source": "webinar",
        "first_campaign": "Q4 webinar",
        "last_source": "webinar",
        "last_campaign": "Q4 webinar",
        "grade": "D1",
        "score": 60,
        "type": "points",
    }
    facets = frozen(store, two)[3]
    assert (frozen(store, two)[1], facets["first_source"], facets["last_source"], facets["channel"]) == (
        "ads",
        "webinar",
        "webinar",
        "paid",
    )


@pytest.mark.parametrize("start", range(0, len(TEXTS), 100))
def test_facets_are_read_by_the_database_whatever_is_in_them(store: Store, start: int) -> None:
    """PostgreSQL refuses a whole statement for one NUL in one row."""
    in_force(store)
    values: Sequence[Value] = TEXTS[start : start + 100]
    for number, value in enumerate(values):
        stored = Lead(email=f"{number}@a.example", attributes=dict.fromkeys(OF_LEAD, value))
        record(store, NOW, [Record(stored, {Fact.HANDED_OFF: Told(NOW)})])
    query = sa.select(handoffs.c.facets, *(handoffs.c.facets[name].as_string() for name in OF_LEAD))
    with store.reading() as tx:
        rows = tx.execute(query).all()
    assert len(rows) == len(values)
    for facets, *words in rows:
        assert words == [(facets or {}).get(name) for name in OF_LEAD]


def test_a_hand_off_of_which_nothing_is_known_has_no_facets_at_all(store: Store) -> None:
    record(in_force(store), NOW, [Record(Lead(email=MAIL), {Fact.HANDED_OFF: Told(NOW)})])
    with store.reading() as tx:
        assert tx.execute(sa.select(handoffs.c.id).where(handoffs.c.facets.is_(sa.null()))).scalar_one() == 1
