"""A replay tells what would have happened: the very crossings that the moves make, where nobody decides."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import count, groupby, product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config import load
from bot.config.policy import Policy
from bot.criteria.definition import CELLS
from bot.handoff.replay import Crossed, Replay
from bot.lead import Lead, Signal
from bot.moves.receive import Incoming, receive
from bot.stats.criteria_diff import CriteriaDiff, Window, criteria_diff
from bot.store import policies
from bot.store.engine import Store
from tests.support import HOUR, NOW, TEXTS

SHIPPED = load.texts(None)["criteria.yaml"]
SLA = TEXTS["sla.yaml"].replace("cards_per_hour: 20", "cards_per_hour: 1000000")
START = NOW - timedelta(days=400)

TYPES = [
    "demo_request",
    "trial_request",
    "product_used",
    "pricing_page_visit",
    "webinar_attended",
    "content_download",
    "page_visit",
    "email_open",
    "careers_page_visit",
    "unsubscribed",
    "opt_out",
    "opt_in",
    "never heard of",
]
LEADS = [
    Lead(company="Vialetto", title="VP Operations", country="IT", attributes={"employees": 300, "industry": "retail"}),
    Lead(company="Vialetto", title="Head of IT", attributes={"employees": 12}),
    Lead(company="Vialetto", title="CEO"),
    Lead(company="Vialetto"),
    Lead(title="CEO", attributes={"employees": 300}),
    Lead(company="Vialetto", title="Student"),
    Lead(company="Vialetto", title="CEO", attributes={"opted_out": True}),
]


@cache
def policy(name: str) -> Policy:
    return load.parse(texts(name))


def texts(name: str) -> dict[str, str]:
    return {**TEXTS, "criteria.yaml": CRITERIA[name], "sla.yaml": SLA}


def tiers(p1: str, p2: str, p3: str) -> str:
    """The shipped criteria with other cells."""
    return (
        SHIPPED.replace("P1: [A1]", f"P1: [{p1}]")
        .replace("P2: [A2, B1, B2]", f"P2: [{p2}]")
        .replace("P3: [A3, C1]", f"P3: [{p3}]")
    )


LOOSE = tiers("A1", "A2, B1, B2", "A3, C1, B3, C2, C3, D1, D2")
EAGER = tiers("A1", "A2, B1, B2", "A3, A4, B4")
SHORT = LOOSE.replace("recycle_after: 60d", "recycle_after: 3d").replace("cooldown: 30d", "cooldown: 1d")
WITH_VALUES = LOOSE.replace(
    "page_visit: {label: Visited a page, points: 1, cap_per_day: 5, cap: 10,",
    "page_visit: {label: Visited a page, points: 1, per_value: 0.33, cap_per_day: 20, cap: 60,",
)
CRITERIA = {"shipped": SHIPPED, "loose": LOOSE, "eager": EAGER, "short": SHORT, "with values": WITH_VALUES}

moments = st.integers(0, 400 * 24).map(lambda hours: START + hours * HOUR) | st.integers(0, 300).map(
    lambda hours: NOW - hours * HOUR
)
signals = st.lists(
    st.tuples(st.sampled_from(TYPES), moments, st.none() | st.integers(-300, 300).map(lambda value: value / 100)),
    max_size=25,
).map(lambda drawn: [Signal(f"s{n}", type_, at, None, value) for n, (type_, at, value) in enumerate(drawn)])

_names = count()


def replayed(policy: Policy, lead: Lead, heard: Iterable[Signal]) -> list[Crossed]:
    return list(Replay(policy.criteria).crossings(lead, heard, NOW))


def named(lead: Lead) -> Lead:
    """The lead as somebody who was never heard of."""
    return Lead(
        email=f"lead{next(_names)}@vialetto.example",
        company=lead.company,
        title=lead.title,
        country=lead.country,
        attributes=lead.attributes,
    )


def lived(store: Store, criteria: str, lead: Lead, heard: list[Signal]) -> list[tuple[object, ...]]:
    """What comes of a lead in a real store to which each signal is brought when it happens."""
    with store.transaction() as tx:
        policies.apply(tx, policy(criteria), texts(criteria), NOW)
    found = []
    for at, together in groupby(sorted(heard, key=lambda one: one.at), key=lambda one: one.at):
        received = receive(store, at, Incoming(lead, list(together)))
        if received.crossing == "handoff":
            found.append((at, received.cell, received.tier, False))
        elif received.crossing == "queue":
            assert received.queue == "data-fix"
            return [(at, received.cell, received.tier, True)]  # where it stays
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(criteria=st.sampled_from(sorted(CRITERIA)), lead=st.sampled_from(LEADS).map(named), heard=signals)
def test_a_replay_tells_the_cards_that_the_moves_would_have_made(
    sqlite_store: Store, criteria: str, lead: Lead, heard: list[Signal]
) -> None:
    told = [(one.at, one.cell, one.tier, one.missing) for one in replayed(policy(criteria), lead, heard)]
    assert told == lived(sqlite_store, criteria, lead, heard)


def test_so_it_is_for_each_kind_of_lead_and_signal(sqlite_store: Store) -> None:
    """Every rule of the shipped criteria by itself, whatever a random life leaves out."""
    for lead, type_, times in product(LEADS, TYPES, (1, 3)):
        who, heard = named(lead), [Signal(f"{n}", type_, START + n * HOUR) for n in range(times)]
        told = [(one.at, one.cell, one.tier, one.missing) for one in replayed(policy("shipped"), who, heard)]
        assert told == lived(sqlite_store, "shipped", who, heard), (lead, type_, times)


def test_the_lives_above_hold_cards_after_an_opt_out_was_lifted(sqlite_store: Store) -> None:
    """Else the property would be about first crossings alone."""
    days = [("demo_request", 0), ("opt_out", 1), ("opt_in", 10), ("page_visit", 20), ("demo_request", 90)]
    heard = [Signal(f"{n}", type_, START + timedelta(days=day)) for n, (type_, day) in enumerate(days)]
    lead = named(LEADS[0])
    told = replayed(policy("shipped"), lead, heard)
    assert [(one.at - START).days for one in told] == [0, 90]
    assert [(one.at, one.cell, one.tier, one.missing) for one in told] == lived(sqlite_store, "shipped", lead, heard)


@given(criteria=st.sampled_from(sorted(CRITERIA)), lead=st.sampled_from(LEADS), heard=signals)
def test_a_replay_does_not_ask_in_which_order_signals_are_given(criteria: str, lead: Lead, heard: list[Signal]) -> None:
    assert replayed(policy(criteria), lead, heard) == replayed(policy(criteria), lead, heard[::-1])


@given(criteria=st.sampled_from(sorted(CRITERIA)), lead=st.sampled_from(LEADS), heard=signals, days=st.integers(1, 400))
def test_a_policy_differs_in_nothing_from_itself(criteria: str, lead: Lead, heard: list[Signal], days: int) -> None:
    found = compared(policy(criteria), policy(criteria), lead, heard, days)
    assert found.same
    assert found.old == found.new
    assert found.old.leads == found.both


@given(cells=st.sets(st.sampled_from(CELLS), min_size=2), lead=st.sampled_from(LEADS), heard=signals, data=st.data())
def test_fewer_cells_never_bring_in_a_lead(
    cells: set[str], lead: Lead, heard: list[Signal], data: st.DataObject
) -> None:
    fewer = data.draw(st.sets(st.sampled_from(sorted(cells)), min_size=1))
    loose, strict = (with_cells(some) for some in (cells, fewer))
    found = compared(loose, strict, lead, heard, 400)
    assert found.new.alone == 0
    assert found.new.leads <= found.old.leads


@given(lead=st.sampled_from(LEADS), heard=signals, days=st.integers(1, 400))
def test_every_lead_that_crosses_is_told_once(lead: Lead, heard: list[Signal], days: int) -> None:
    found = compared(policy("shipped"), policy("loose"), lead, heard, days)
    for side in (found.old, found.new):
        assert side.leads == found.both + side.alone + side.elsewhen
        assert side.cards == side.sources.total()
        assert len(side.examples) == side.alone


def with_cells(cells: set[str]) -> Policy:
    shipped = policy("shipped")
    return replace(shipped, criteria=replace(shipped.criteria, tiers={"P1": (), "P2": tuple(sorted(cells))}))


def compared(old: Policy, new: Policy, lead: Lead, heard: list[Signal], days: int) -> CriteriaDiff:
    found = criteria_diff(old, new, Window(NOW - timedelta(days=days), NOW))
    found.hear(1, lead, replayed(old, lead, heard), replayed(new, lead, heard))
    return found
