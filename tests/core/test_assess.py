"""An assessment is what the plain reference makes of it, whatever the criteria, the lead, and how signals come in."""

import json
from dataclasses import replace
from datetime import timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.criteria.assess import Assessment, assess
from bot.criteria.days import Day, Reach, daily, newest_first, reaches
from bot.criteria.definition import Criteria, Disqualifier, FastTrack, FitRule, SignalRule
from bot.criteria.rules import Not, Outcome
from bot.lead import Lead, Signal
from tests.core import criteria_kit as kit
from tests.core import reference
from tests.core.criteria_kit import EMPTY, NOW, judged

TODAY = NOW.date()


@settings(max_examples=200)
@given(kit.leads, kit.signals, kit.criteria())
def test_an_assessment_equals_the_reference_in_every_field(
    lead: Lead, signals: list[Signal], criteria: Criteria
) -> None:
    assert judged(signals, criteria, lead) == reference.assess(lead, signals, criteria, NOW)


@kit.few
@given(kit.leads, kit.signals, kit.criteria(), st.data())
def test_order_and_repetition_of_signals_make_no_difference(
    lead: Lead, signals: list[Signal], criteria: Criteria, data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(signals), max_size=6)) if signals else []
    shuffled = data.draw(st.permutations(signals + again))
    assert sorted(daily(shuffled, NOW)) == sorted(daily(signals, NOW))
    assert judged(shuffled, criteria, lead) == judged(signals, criteria, lead)


def test_a_signal_counts_from_the_beginning_of_its_utc_day_as_the_stores_lines_do() -> None:
    start = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    first, last = start, start + timedelta(days=1, microseconds=-1)
    east = last.astimezone(timezone(timedelta(hours=9)))  # where it is tomorrow already
    signals = [Signal("1", "x", last), Signal("2", "x", east), Signal("3", "x", start + timedelta(days=1))]
    assert daily(signals, first) == daily(signals, last) == [Day("x", start.date(), 2)]
    assert {one.id for one in reference.happened(signals, first)} == {"1", "2"}


@kit.few
@given(kit.leads, kit.signals, kit.criteria(), st.data())
def test_the_order_of_days_makes_no_difference_and_days_to_come_count_for_nothing(
    lead: Lead, signals: list[Signal], criteria: Criteria, data: st.DataObject
) -> None:
    days = daily(signals, NOW)
    future = [Day(type_, TODAY + timedelta(days=1), 3, 700) for type_ in kit.TYPES]
    shuffled = data.draw(st.permutations(days + future))
    assert assess(lead, shuffled, criteria, NOW) == assess(lead, days, criteria, NOW)


@kit.few
@given(kit.leads, kit.signals, kit.criteria())
def test_what_the_store_need_not_read_makes_no_difference(
    lead: Lead, signals: list[Signal], criteria: Criteria
) -> None:
    reach, days = reaches(criteria, TODAY), daily(signals, NOW)
    kept = [
        day
        for type_, lines in newest_first(days, TODAY).items()
        if type_ in reach
        for day in lines[: reach[type_].most]
        if reach[type_].since is None or day.day >= reach[type_].since
    ]
    assert assess(lead, kept, criteria, NOW) == assess(lead, days, criteria, NOW)


def test_a_type_of_signal_is_read_as_far_as_anything_asks_for_it() -> None:
    criteria = replace(
        EMPTY,
        signals={
            "short": SignalRule("a", 1, half_life=1),
            "long": SignalRule("b", 1, half_life=7),
            "always": SignalRule("c", 1),
            "capped": SignalRule("g", 300, cap_per_day=200, cap=1000, half_life=7),
            "valued": SignalRule("h", 300, per_value=1, cap=1000),
            "in a track": SignalRule("i", 300, cap=900, half_life=7),
            "refusal": SignalRule("d", 0, half_life=1),
        },
        fast_tracks=(FastTrack("e", ("short", "long", "in a track", "track"), 30, "P1"),),
        disqualifiers=(Disqualifier("f", signal="refusal", lifted_by="consent"),),
    )
    month, ten_weeks = TODAY - timedelta(days=30), TODAY - timedelta(days=70)
    assert reaches(criteria, TODAY) == {
        "short": Reach(month, None),
        "long": Reach(ten_weeks, None),
        "always": Reach(None, None),
        "capped": Reach(ten_weeks, 5),
        "valued": Reach(None, None),
        "in a track": Reach(ten_weeks, 31),
        "track": Reach(month, 31),
        "refusal": Reach(None, 1),
        "consent": Reach(None, 1),
    }


@kit.few
@given(kit.leads, kit.signals, kit.criteria())
def test_an_assessment_survives_being_stored_as_json(lead: Lead, signals: list[Signal], criteria: Criteria) -> None:
    assessment = judged(signals, criteria, lead)
    assert Assessment.from_dict(json.loads(json.dumps(assessment.to_dict(), allow_nan=False))) == assessment


@kit.few
@given(kit.leads, kit.signals, kit.criteria(), st.integers(-23, 23))
def test_the_time_zone_of_now_makes_no_difference(
    lead: Lead, signals: list[Signal], criteria: Criteria, hours: int
) -> None:
    here = NOW.astimezone(timezone(timedelta(hours=hours)))
    moved = [replace(one, at=one.at.astimezone(here.tzinfo)) for one in signals]
    assert judged(moved, criteria, lead, here) == judged(signals, criteria, lead)


@kit.few
@given(kit.leads, kit.signals, kit.criteria())
def test_the_lines_add_up_and_the_verdict_follows_from_them(
    lead: Lead, signals: list[Signal], criteria: Criteria
) -> None:
    verdict = judged(signals, criteria, lead)
    for axis, points in (("fit", verdict.fit_points), ("behaviour", verdict.behaviour_points)):
        assert sum(line.points for line in verdict.lines if line.axis == axis) == points
    met = {line.label for line in verdict.lines if line.outcome is Outcome.MET}
    assert verdict.because == f"cell {verdict.cell}" or verdict.because in met
    assert not (verdict.disqualified and verdict.mql)
    assert verdict.mql or not verdict.checks


@kit.few
@given(kit.leads, kit.signals, kit.criteria())
def test_what_is_unknown_is_worth_nothing_and_passes_nothing(
    lead: Lead, signals: list[Signal], criteria: Criteria
) -> None:
    for line in judged(signals, criteria, lead).lines:
        if line.outcome is not Outcome.MET:
            assert (line.points, line.before) == (0, 0)


@given(kit.conditions, kit.leads)
def test_a_rule_and_its_opposite_are_never_both_met_and_for_the_unknown_neither_is(
    condition: object, lead: Lead
) -> None:
    rules = (FitRule("for", 100, condition), FitRule("against", -100, Not(condition)))  # type: ignore[arg-type]
    one, other = judged([], replace(EMPTY, fit=rules), lead).lines
    assert (one.outcome is Outcome.MET) + (other.outcome is Outcome.MET) == (
        one.outcome in {Outcome.MET, Outcome.MISSED}
    )
