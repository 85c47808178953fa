"""An assessment taken apart: what speaks for and against, what would change it, and when it falls by itself."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import load
from bot.criteria.assess import Assessment, assess
from bot.criteria.days import Day, daily
from bot.criteria.definition import Criteria, FitRule
from bot.criteria.explain import Explanation, Gap, explain, explain_kept, for_and_against
from bot.criteria.outlook import HORIZON, Fall, Fresh, chances
from bot.criteria.rules import Outcome
from bot.criteria.rules import Test as Comparison
from bot.criteria.score import Axis, Line
from bot.lead import Lead, Signal, Value

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SHIPPED = load.load(None).criteria
ELENA = Lead(
    email="elena@vialetto.example",
    company="Vialetto",
    title="Head of Operations",
    country="Italy",
    attributes={"employees": 120},
)


def heard(*types: str, ago: int = 0) -> list[Signal]:
    return [Signal(f"{type_}-{ago}-{n}", type_, NOW - timedelta(days=ago)) for n, type_ in enumerate(types)]


def told(lead: Lead, *signals: Signal, criteria: Criteria = SHIPPED) -> Explanation:
    return explain(lead, daily(signals, NOW), criteria, NOW)


def ahead(lead: Lead, *signals: Signal) -> Iterator[Fresh]:
    outlook = told(lead, *signals).outlook
    assert outlook
    yield from outlook.fresh


# For and against


def line(label: str, points: int = 0, worth: int = 0, group: int | None = None, axis: Axis = "fit") -> Line:
    outcome = Outcome.MET if points else Outcome.MISSED
    return Line(axis, label, outcome, points, worth or points, group)


def judged(*lines: Line) -> Assessment:
    return replace(assess(Lead(), [], SHIPPED, NOW), lines=lines)


def labels(assessment: Assessment) -> tuple[list[str], list[str]]:
    good, bad = for_and_against(assessment)
    return [one.label for one in good], [one.label for one in bad]


def test_for_are_the_three_rules_with_the_most_points_of_either_axis() -> None:
    found = judged(line("a", 100), line("b", 400, axis="behaviour"), line("c", 300), line("d", 200))
    assert labels(found) == (["b", "c", "d"], [])


def test_against_are_minus_points_before_anything_that_is_missed() -> None:
    found = judged(line("small", worth=100), line("large", worth=900), line("minus", -50, axis="behaviour"))
    assert labels(found) == ([], ["minus", "large"])


def test_of_rules_that_share_one_place_only_one_is_missed_and_none_where_one_holds() -> None:
    sizes = [line("big", worth=500, group=1), line("middling", worth=400, group=1)]
    assert labels(judged(*sizes, line("other", worth=10))) == ([], ["big", "other"])
    assert labels(judged(line("big", worth=500, group=1), line("middling", 400, group=1))) == (["middling"], [])


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.WRONG_TYPE])
def test_what_nobody_knows_speaks_neither_for_nor_against(outcome: Outcome) -> None:
    assert labels(judged(Line("fit", "x", outcome, 0, 900))) == ([], [])


def test_a_signal_that_never_came_and_a_minus_that_does_not_hold_are_not_against() -> None:
    assert labels(judged(line("demo", worth=900, axis="behaviour"), line("free mail", worth=-900))) == ([], [])


# What nobody knows


@pytest.mark.parametrize(
    ("lead", "label", "gaps"),
    [
        (Lead(), "Industry we know", [Gap("industry")]),
        (Lead(), "Decides on a budget", [Gap("title")]),
        (Lead(title="Wizard"), "Decides on a budget", [Gap("seniority", "title")]),
        (Lead(), "Country we sell to", [Gap("country")]),
        (Lead(country="Narnia"), "Country we sell to", [Gap("country_code", "country")]),
        (Lead(), "Personal mailbox", [Gap("email")]),
        (Lead(), "50 to 1,000 employees", [Gap("employees")]),
        (Lead(), "Competitor", [Gap("relationship")]),
        (Lead(title="CEO"), "Decides on a budget", []),
        (Lead(attributes={"employees": "many"}), "50 to 1,000 employees", []),
    ],
)
def test_a_gap_is_named_by_what_somebody_could_fill_in(lead: Lead, label: str, gaps: list[Gap]) -> None:
    [rule] = [one for one in told(lead).rules if one.line.label == label]
    assert list(rule.gaps) == gaps


def test_every_line_finds_its_rule_and_the_other_way_round() -> None:
    found = told(Lead(), *heard("demo_request"))
    assert all(one.rule and one.rule.label == one.line.label for one in found.rules)
    axes: list[Axis] = ["fit", "behaviour", "fast track", "disqualifier"]
    told_of = [one.rule for axis in axes for one in found.of(axis)]
    assert told_of == [*SHIPPED.fit, *SHIPPED.signals.values(), *SHIPPED.fast_tracks, *SHIPPED.disqualifiers]


def test_signals_that_no_rule_knows_are_named() -> None:
    assert told(Lead(), *heard("ebook", "demo_request", "ebook")).unknown_types == ("ebook",)


def test_a_kept_assessment_is_told_with_and_without_its_criteria() -> None:
    kept = Assessment.from_dict(json.loads(json.dumps(told(ELENA, *heard("demo_request")).assessment.to_dict())))
    assert explain_kept(kept, SHIPPED, ELENA).rules == told(ELENA, *heard("demo_request")).rules
    without = explain_kept(kept, None, ELENA)
    assert [one.line for one in without.rules] == list(kept.lines)
    assert {one.rule for one in without.rules} == {None}
    assert without.outlook is None


# A better fit


def known_to_be(rule_label: str) -> Lead:
    """Elena without her country, and with what makes one more rule hold."""
    more = {"Industry we know": "software", "Uses a system we connect to": "hubspot"}
    key = {"Industry we know": "industry", "Uses a system we connect to": "technology"}[rule_label]
    attributes: dict[str, Value] = {"employees": 20, key: more[rule_label]}
    return replace(ELENA, attributes=attributes, country=None)


def test_the_points_lacking_are_those_that_the_next_grade_takes() -> None:
    lead = replace(ELENA, attributes={"employees": 20}, country=None)  # 20 + 10 + 5
    outlook = told(lead).outlook
    assert outlook
    assert outlook.fit
    assert (outlook.fit.lacking, outlook.fit.cell, outlook.fit.tier) == (1500, "A4", None)
    open_rules = {chance.line.label: chance.gain for chance in outlook.fit.chances}
    assert open_rules == {
        "Industry we know": 1000,
        "Country we sell to": 1000,
        "Uses a system we connect to": 1000,
        "50 to 1,000 employees": 1500,  # it would take the place of 5
        "Decides on a budget": 500,
    }
    for label in ("Industry we know", "Uses a system we connect to"):
        then = told(known_to_be(label)).outlook
        assert then
        assert then.fit
        assert then.fit.lacking == 1500 - open_rules[label]


def test_unknown_facts_come_before_those_that_are_known_to_be_otherwise() -> None:
    found = chances(told(replace(ELENA, attributes={"employees": 20})).assessment.lines)
    assert [(one.line.outcome, one.gain) for one in found] == [
        (Outcome.UNKNOWN, 1000),
        (Outcome.UNKNOWN, 1000),
        (Outcome.MISSED, 1500),
        (Outcome.MISSED, 500),
    ]


def test_a_minus_that_holds_is_a_chance_and_one_that_does_not_hold_is_none() -> None:
    assert "Personal mailbox" in {one.line.label for one in chances(told(Lead(email="a@gmail.com")).assessment.lines)}
    assert "Personal mailbox" not in {one.line.label for one in chances(told(ELENA).assessment.lines)}


def test_the_best_fit_has_no_next_one() -> None:
    outlook = told(ELENA).outlook
    assert outlook
    assert told(ELENA).assessment.fit == "A"
    assert outlook.fit is None


def test_a_better_fit_may_open_a_fast_track() -> None:
    lead = Lead(email="kid@gmail.com")
    assert told(lead, *heard("trial_request")).assessment.tier is None
    outlook = told(lead, *heard("trial_request")).outlook
    assert outlook
    assert outlook.fit
    assert outlook.fit.tier == "P1"


# One more signal


def test_signals_that_end_alike_stand_together_and_the_most_urgent_come_first() -> None:
    found = list(ahead(Lead(email="a@gmail.com")))
    assert [(one.cell, one.tier) for one in found] == [("D1", "P1"), ("D2", None), ("D3", None)]
    assert set(found[0].labels) == {"Asked for a demo", "Asked to talk to sales", "Asked for a quote"}
    assert found[0].because == "Asked to be called"


def test_a_tier_counts_for_more_than_a_grade() -> None:
    used = [*heard("product_used", ago=1), *heard("product_used", ago=2)]
    found = [(one.cell, one.tier) for one in ahead(Lead(email="a@gmail.com"), *used)]
    assert found.index(("D2", "P1")) < found.index(("D1", None))


def test_a_signal_whose_cap_for_the_day_is_full_is_not_offered() -> None:
    ten_short = heard("webinar_attended", "careers_page_visit", "pricing_page_visit")
    offered = {label for one in ahead(ELENA, *ten_short) for label in one.labels}
    assert "Compared us with others" in offered
    assert "Looked at pricing" not in offered
    assert "Looked at pricing" in {label for one in ahead(ELENA, *ten_short[:1]) for label in one.labels}


def test_while_disqualified_only_what_lifts_it_helps() -> None:
    out = heard("opt_out", ago=3)
    assert list(ahead(ELENA, *out)) == []
    assert [(one.labels, one.tier) for one in ahead(ELENA, *out, *heard("demo_request"))] == [
        (("Allowed contact again",), "P1")
    ]


days = st.lists(
    st.builds(
        Day,
        st.sampled_from(sorted(SHIPPED.signals)),
        st.integers(0, 60).map(lambda ago: NOW.date() - timedelta(days=ago)),
        st.integers(1, 5),
    ),
    max_size=8,
    unique_by=lambda day: (day.type, day.day),
)
people = st.sampled_from([ELENA, Lead(email="a@gmail.com"), Lead(title="CEO", company="X"), Lead(title="Intern")])


@settings(max_examples=30)
@given(people, days)
def test_each_signal_leads_where_it_is_said_to_lead_and_no_better_one_is_left_out(lead: Lead, lines: list[Day]) -> None:
    found = explain(lead, lines, SHIPPED, NOW)
    assert found.outlook
    said = {label: fresh for fresh in found.outlook.fresh for label in fresh.labels}
    standing = found.assessment
    for type_, rule in SHIPPED.signals.items():
        counts = {(day.type, day.day): day.count for day in lines}
        counts[type_, NOW.date()] = counts.get((type_, NOW.date()), 0) + 1
        then = assess(lead, [Day(*key, count) for key, count in counts.items()], SHIPPED, NOW)
        if rule.label in said:
            fresh = said[rule.label]
            assert (fresh.cell, fresh.tier, fresh.because) == (then.cell, then.tier, then.because)
            assert then.behaviour < standing.behaviour or SHIPPED.more_urgent(then.tier, standing.tier)
        elif not standing.disqualified:
            assert then.behaviour >= standing.behaviour
            assert not SHIPPED.more_urgent(then.tier, standing.tier)


# Falling


def test_a_lead_falls_on_the_day_it_is_said_to_fall_and_not_a_day_before() -> None:
    signals = heard("demo_request", "webinar_attended")
    outlook = told(ELENA, *signals).outlook
    assert outlook
    first = outlook.falls[0]
    for ago, cell, tier in ((first.days - 1, "A1", "P1"), (first.days, first.cell, first.tier)):
        then = assess(ELENA, daily(signals, NOW), SHIPPED, NOW + timedelta(days=ago))
        assert (then.cell, then.tier) == (cell, tier)
    assert outlook.falls[-1].tier is None
    assert [fall.days for fall in outlook.falls] == sorted(fall.days for fall in outlook.falls)


def test_what_stands_just_at_the_edge_falls_tomorrow() -> None:
    outlook = told(ELENA, *heard("demo_request")).outlook
    assert outlook
    assert outlook.falls[0] == Fall(1, "A2", "P1")


def test_the_end_of_a_fast_track_is_a_fall_though_the_grade_stays() -> None:
    found = told(Lead(email="b@x.example"), *heard("trial_request", "demo_request"))
    assert found.outlook
    end = next(fall for fall in found.outlook.falls if fall.tier is None)
    assert (end.days, end.cell[0]) == (15, "D")


def test_what_never_fades_never_falls_and_what_has_nothing_to_lose_neither() -> None:
    forever = replace(
        SHIPPED, signals={name: replace(rule, half_life=None) for name, rule in SHIPPED.signals.items()}, fast_tracks=()
    )
    kept = explain(ELENA, daily(heard("demo_request"), NOW), forever, NOW).outlook
    lost = told(ELENA).outlook
    assert kept
    assert lost
    assert kept.falls == lost.falls == ()


@settings(max_examples=10)
@given(people, days)
def test_each_fall_is_where_the_lead_will_be_and_the_day_before_it_is_better(lead: Lead, lines: list[Day]) -> None:
    outlook = explain(lead, lines, SHIPPED, NOW).outlook
    assert outlook
    for fall in outlook.falls:
        assert 1 <= fall.days <= HORIZON
        before, then = (assess(lead, lines, SHIPPED, NOW + timedelta(days=fall.days - less)) for less in (1, 0))
        assert (fall.cell, fall.tier) == (then.cell, then.tier)
        assert then.behaviour > before.behaviour or SHIPPED.more_urgent(before.tier, then.tier)


def test_nothing_breaks_where_there_are_no_rules_at_all() -> None:
    empty = replace(SHIPPED, fit=(), signals={}, fast_tracks=(), disqualifiers=(), derived=())
    found = explain(ELENA, daily(heard("demo_request"), NOW), empty, NOW)
    assert found.rules == ()
    assert found.unknown_types == ("demo_request",)
    assert for_and_against(found.assessment) == ([], [])


def test_a_rule_of_the_wrong_type_is_an_open_chance_too() -> None:
    rule = FitRule("Big", 2000, Comparison("employees", "at_least", (50,)))
    found = told(Lead(attributes={"employees": "many"}), criteria=replace(SHIPPED, fit=(rule,)))
    [chance] = chances(found.assessment.lines)
    assert (chance.line.outcome, chance.gain) == (Outcome.WRONG_TYPE, 2000)
