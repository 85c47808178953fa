"""Whether a lead is an MQL, and why: a table of predicates, and properties that hold for every order of signals."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.load import load
from bot.criteria.assess import Assessment, assess
from bot.criteria.rules import Criteria, FitRule, Operator, Predicate, SignalRule, met
from bot.criteria.score import Contribution
from bot.lead import Lead, Signal, Value

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CRITERIA = Criteria(
    version="v1",
    threshold=50,
    tier="P2",
    signals={
        "demo": SignalRule(40, "Asked for a demo"),
        "visit": SignalRule(5, "Visited"),
        "open": SignalRule(0, "Opened"),
        "gone": SignalRule(-30, "Unsubscribed"),
    },
    fit=(
        FitRule((Predicate("title", "contains", ("head of",)),), 15, "Senior"),
        FitRule((Predicate("employees", "at_least", (50,)), Predicate("employees", "at_most", (500,))), 10, "Size"),
        FitRule((Predicate("email", "contains", ("@gmail.",)),), -20, "Personal mailbox"),
    ),
)
HEAD = Lead(title="Head of Data", attributes={"employees": 120})


def signal(type_: str, number: int = 1, ago: timedelta = timedelta(hours=1)) -> Signal:
    return Signal(f"{type_}-{number}", type_, NOW - ago)


PREDICATES: list[tuple[Operator, tuple[Value, ...], Value, bool]] = [
    ("equals", ("Head",), "head", True),
    ("equals", ("head",), "  HEAD ", True),
    ("equals", ("straße",), "STRASSE", True),
    ("equals", ("head",), "heads", False),
    ("equals", (7,), 7, True),
    ("equals", (7,), 7.0, True),
    ("equals", (1,), True, False),
    ("equals", (True,), True, True),
    ("equals", (True,), 1, False),
    ("equals", (False,), 0, False),
    ("equals", ("7",), 7, False),
    ("equals", (7,), "7", False),
    ("equals", ("x",), None, False),
    ("equals", ("",), "", False),
    ("equals", ("",), "  ", False),
    ("in", ("DE", "AT"), "at", True),
    ("in", ("DE", "AT"), "CH", False),
    ("in", (1, 2), 2, True),
    ("in", (1, 2), "2", False),
    ("in", ("DE",), None, False),
    ("in", ("DE",), " ", False),
    ("in", (), "DE", False),
    ("at_least", (50,), 50, True),
    ("at_least", (50,), 49.9, False),
    ("at_least", (0.5,), 1, True),
    ("at_least", (50,), "60", False),
    ("at_least", (0,), True, False),
    ("at_least", (0,), None, False),
    ("at_least", (0,), float("nan"), False),
    ("at_most", (50,), 50, True),
    ("at_most", (50,), 51, False),
    ("at_most", (50,), "40", False),
    ("at_most", (50,), False, False),
    ("at_most", (50,), None, False),
    ("at_most", (50,), float("nan"), False),
    ("contains", ("Head of",), "the head OF it", True),
    ("contains", ("vp", "chief"), "Chief of Staff", True),
    ("contains", ("vp",), "head", False),
    ("contains", ("vp",), None, False),
    ("contains", ("",), "anything", False),
    ("contains", ("1",), 12, False),
    ("contains", ("",), "", False),
]


@pytest.mark.parametrize(("operator", "wanted", "known", "holds"), PREDICATES)
def test_a_predicate_is_met_only_by_a_known_value_of_its_own_type(
    operator: Operator, wanted: tuple[Value, ...], known: Value, holds: bool
) -> None:
    predicate = Predicate("thing", operator, wanted)
    assert met(predicate, Lead(attributes={"thing": known})) is holds


@pytest.mark.parametrize("known", [None, "", "a\tb"])
def test_a_predicate_reads_fields_of_the_lead_and_attributes_alike(known: str | None) -> None:
    field = met(Predicate("title", "equals", ("a\tb",)), Lead(title=known, attributes={"title": "other"}))
    attribute = met(Predicate("thing", "equals", ("a\tb",)), Lead(attributes={"thing": known}))
    assert field is attribute is (known == "a\tb")


def test_every_operator_has_rows_met_missed_unknown_and_of_a_wrong_type() -> None:
    for operator in get_args(Operator):
        rows = [row for row in PREDICATES if row[0] == operator]
        assert {row[3] for row in rows} == {True, False}
        assert any(row[2] is None for row in rows)


@given(
    st.sampled_from(get_args(Operator)),
    st.lists(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), max_size=3),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
)
def test_no_value_whatever_makes_a_predicate_raise(operator: Operator, wanted: list[Value], known: Value) -> None:
    assert met(Predicate("thing", operator, tuple(wanted)), Lead(attributes={"thing": known})) in {True, False}


def test_a_lead_that_fits_and_asked_for_a_demo_is_an_mql_and_every_point_is_explained() -> None:
    signals = [signal("demo"), signal("visit", 1), signal("visit", 2, timedelta(minutes=5))]
    assert assess(HEAD, signals, CRITERIA, NOW) == Assessment(
        criteria="v1",
        at=NOW,
        fit=25,
        behaviour=50,
        points=75,
        tier="P2",
        mql=True,
        contributions=(
            Contribution("Asked for a demo", 40, 1, NOW - timedelta(hours=1)),
            Contribution("Senior", 15),
            Contribution("Size", 10),
            Contribution("Visited", 10, 2, NOW - timedelta(minutes=5)),
        ),
    )


@pytest.mark.parametrize(("visits", "mql"), [(4, False), (5, True), (6, True)])
def test_the_threshold_itself_is_enough_and_a_point_less_is_not(visits: int, mql: bool) -> None:
    verdict = assess(HEAD, [signal("visit", number) for number in range(visits)], CRITERIA, NOW)
    assert (verdict.mql, verdict.tier) == (mql, "P2" if mql else None)


@pytest.mark.parametrize("signals", [[], [signal("open")], [signal("gone"), signal("visit")]])
def test_fit_alone_never_crosses(signals: list[Signal]) -> None:
    easy = replace(CRITERIA, threshold=-100)
    assert not assess(HEAD, signals, easy, NOW).mql


def test_what_speaks_against_a_lead_is_ranked_by_its_weight() -> None:
    lead = replace(HEAD, email="ana@gmail.com")
    verdict = assess(lead, [signal("demo"), signal("gone"), signal("visit")], CRITERIA, NOW)
    assert [line.points for line in verdict.contributions] == [40, -30, -20, 15, 10, 5]
    assert verdict.points == 20


def test_a_signal_of_zero_points_counts_for_nothing() -> None:
    verdict = assess(Lead(), [signal("open"), signal("demo")], CRITERIA, NOW)
    assert [line.label for line in verdict.contributions] == ["Asked for a demo"]


def test_signals_no_rule_speaks_of_count_for_nothing() -> None:
    signals = [signal("zeta"), signal("alpha"), signal("zeta", 2), signal("Demo")]
    verdict = assess(Lead(), signals, CRITERIA, NOW)
    assert (verdict.contributions, verdict.points) == ((), 0)


def test_a_signal_from_the_future_does_not_count_until_its_time() -> None:
    later = Signal("1", "demo", NOW + timedelta(seconds=1))
    assert assess(Lead(), [later], CRITERIA, NOW).points == 0
    assert assess(Lead(), [later], CRITERIA, later.at).points == 40


def test_time_alone_changes_nothing_but_the_date() -> None:
    early = assess(HEAD, [signal("demo")], CRITERIA, NOW)
    assert assess(HEAD, [signal("demo")], CRITERIA, NOW + timedelta(days=999)) == replace(
        early, at=NOW + timedelta(days=999)
    )


def test_an_unknown_lead_is_neither_for_nor_against() -> None:
    assert assess(Lead(), [], CRITERIA, NOW).contributions == ()


SIGNALS = st.lists(
    st.builds(
        Signal,
        id=st.sampled_from("abcdefgh"),
        type=st.sampled_from(["demo", "visit", "open", "gone", "zeta"]),
        at=st.integers(-5, 5).map(lambda hours: NOW + timedelta(hours=hours)),
        note=st.none() | st.just("again"),
    ),
    max_size=12,
)


@given(SIGNALS, st.data())
def test_order_and_repetition_of_signals_make_no_difference(signals: list[Signal], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(signals), max_size=6)) if signals else []
    shuffled = data.draw(st.permutations(signals + again))
    assert assess(HEAD, shuffled, CRITERIA, NOW) == assess(HEAD, signals, CRITERIA, NOW)


@given(SIGNALS)
def test_the_contributions_add_up_and_the_verdict_follows_from_them(signals: list[Signal]) -> None:
    verdict = assess(HEAD, signals, CRITERIA, NOW)
    assert sum(line.points for line in verdict.contributions) == verdict.points
    assert verdict.points == verdict.fit + verdict.behaviour
    assert verdict.mql is (verdict.points >= 50 and verdict.behaviour > 0)


@given(SIGNALS)
def test_an_assessment_survives_being_stored_as_json(signals: list[Signal]) -> None:
    verdict = assess(HEAD, signals, CRITERIA, NOW)
    assert Assessment.from_dict(json.loads(json.dumps(verdict.to_dict()))) == verdict


def test_a_stored_assessment_with_a_key_of_another_version_is_still_read() -> None:
    verdict = assess(HEAD, [signal("demo")], CRITERIA, NOW)
    assert Assessment.from_dict(verdict.to_dict() | {"unknown_signals": ["zeta"]}) == verdict


@pytest.mark.parametrize(
    ("lead", "signals", "mql"),
    [
        (Lead(), ["demo_request"], True),
        (Lead(), ["contact_sales"], True),
        (Lead(title="Intern", email="x@gmail.com"), ["demo_request"], False),
        (Lead(title="Head of IT", country="de"), ["trial_request"], True),
        (Lead(), ["trial_request"], False),
        (Lead(title="Head of IT", country="NO", attributes={"employees": 200}), ["webinar_attended"], False),
        (
            Lead(title="Head of IT", country="NO", attributes={"employees": 200}),
            ["webinar_attended", "content_download"],
            True,
        ),
        (Lead(title="CEO"), ["email_open"] * 500, False),
        (Lead(title="Director of International Sales"), ["demo_request", "unsubscribed"], False),
    ],
)
def test_the_shipped_criteria_judge_as_a_salesperson_would(lead: Lead, signals: list[str], mql: bool) -> None:
    given = [signal(type_, number) for number, type_ in enumerate(signals)]
    assert assess(lead, given, load(None).criteria, NOW).mql is mql
