"""What time and caps make of points: what is older is never worth more, and nothing is worth more than its cap."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.criteria import score
from bot.criteria.days import MEMORY, MOST, hundredths
from bot.criteria.definition import Criteria, SignalRule
from bot.lead import Signal
from tests.core import criteria_kit as kit
from tests.core import reference
from tests.core.criteria_kit import EMPTY, NOW, judged


def worth(rule: SignalRule, *ages: int, **values: float) -> int:
    """Hundredths of points of one signal of each age, in days."""
    given = [Signal(str(place), "one", NOW - timedelta(days=age), **values) for place, age in enumerate(ages)]
    return judged(given, replace(EMPTY, signals={"one": rule})).behaviour_points


HALF_LIVES = st.integers(1, 365)


@given(HALF_LIVES, st.integers(0, 4000), st.integers(0, 4000))
def test_older_is_never_worth_more(half_life: int, one: int, other: int) -> None:
    rule = SignalRule("x", 1_000_000, half_life=half_life)
    assert worth(rule, max(one, other)) <= worth(rule, min(one, other))


@given(HALF_LIVES)
def test_a_point_halves_with_each_half_life_and_is_forgotten_after_ten(half_life: int) -> None:
    rule = SignalRule("x", 1_024_00, half_life=half_life)
    assert [worth(rule, times * half_life) // 100 for times in range(MEMORY + 1)] == [2**n for n in range(10, -1, -1)]
    assert worth(rule, MEMORY * half_life + 1) == 0


def test_without_a_half_life_a_signal_never_fades() -> None:
    assert worth(SignalRule("x", 700), 0, 9_000) == 1_400


@given(st.integers(0, 4000), HALF_LIVES)
def test_what_is_left_is_the_power_of_a_half_to_the_millionth(age: int, half_life: int) -> None:
    assert score.left(age, half_life) == reference.factor(age, half_life) * score.WHOLE


POSITIVE = st.builds(
    SignalRule,
    label=kit.labels,
    points=st.integers(0, 5000),
    per_value=st.integers(0, 300),
    cap_per_day=kit.limits,
    cap=kit.limits,
    half_life=kit.half_lives,
)
POSITIVE_RULES = st.dictionaries(kit.types, POSITIVE, min_size=1, max_size=4)


def grown(signals: list[Signal]) -> list[Signal]:
    """The signals, without values below zero."""
    return [replace(one, value=abs(one.value)) if one.value else one for one in signals]


@kit.few
@given(kit.signals, POSITIVE_RULES, st.integers(0, 800))
def test_time_alone_never_brings_points(signals: list[Signal], rules: dict[str, SignalRule], days: int) -> None:
    criteria = replace(EMPTY, signals=rules)
    assume(all(one.at <= NOW for one in signals))
    later = judged(grown(signals), criteria, now=NOW + timedelta(days=days))
    assert later.behaviour_points <= judged(grown(signals), criteria).behaviour_points


def test_only_a_minus_that_fades_lets_points_rise() -> None:
    rules = {"bad": SignalRule("x", -1000, half_life=7), "good": SignalRule("y", 1000)}
    given = [Signal("1", "bad", NOW), Signal("2", "good", NOW)]
    weeks = [judged(given, replace(EMPTY, signals=rules), now=NOW + timedelta(weeks=week)) for week in range(3)]
    assert [one.behaviour_points for one in weeks] == [0, 500, 750]


@kit.few
@given(kit.signals, POSITIVE_RULES, kit.types, kit.moments, kit.amounts)
def test_one_more_signal_that_speaks_for_a_lead_never_costs_it_points(
    signals: list[Signal], rules: dict[str, SignalRule], type_: str, at: datetime, value: float | None
) -> None:
    criteria = replace(EMPTY, signals=rules)
    more = grown([*signals, Signal("new", type_, at, value=value)])
    assert judged(more, criteria).behaviour_points >= judged(grown(signals), criteria).behaviour_points


@kit.few
@given(kit.signals, kit.criteria())
def test_no_type_of_signal_is_ever_worth_more_than_its_cap(signals: list[Signal], criteria: Criteria) -> None:
    lines = {line.label: line for line in judged(signals, criteria).lines if line.axis == "behaviour"}
    for rule in criteria.signals.values():
        line = lines[rule.label]
        assume(len(lines) == len(criteria.signals))
        assert rule.cap is None or abs(line.points) <= rule.cap >= abs(line.before)
        assert rule.cap_per_day is None or abs(line.worth) <= rule.cap_per_day


@kit.few
@given(kit.signals, kit.criteria())
def test_a_minus_weighs_what_a_plus_does(signals: list[Signal], criteria: Criteria) -> None:
    turned = {
        type_: replace(rule, points=-rule.points, per_value=-rule.per_value) for type_, rule in criteria.signals.items()
    }
    mirrored = judged(signals, replace(criteria, signals=turned))
    assert mirrored.behaviour_points == -judged(signals, criteria).behaviour_points


def test_a_cap_a_day_comes_first_then_the_cap_in_all_then_decay_and_the_newest_days_fill_the_cap() -> None:
    rule = SignalRule("x", 400, cap_per_day=1000, cap=1500, half_life=7)
    assert worth(rule, 0, 0, 0) == 1000
    assert worth(rule, 0, 0, 0, 7, 7) == 1000 + 500 // 2
    assert worth(rule, 7, 7, 0, 14) == 400 + 800 // 2 + 300 // 4


def test_a_value_counts_for_each_of_its_units() -> None:
    rule = SignalRule("x", 100, per_value=50, cap_per_day=1000)
    assert [worth(rule, 0, value=value) for value in (0, 1, 2.5, 100, -1, -100)] == [100, 150, 225, 1000, 50, -1000]


@pytest.mark.parametrize(
    ("value", "counted"),
    [
        (None, 0),
        (0, 0),
        (-0.0, 0),
        (True, 100),
        (12, 1200),
        (0.004, 0),
        (0.005, 1),
        (1.005, 101),
        (-1.005, -101),
        (0.29, 29),
        (10**12, MOST * 100),
        (1e18, MOST * 100),
        (-1e18, -MOST * 100),
        (10**500, MOST * 100),
        (float("nan"), 0),
        (float("inf"), MOST * 100),
        (float("-inf"), -MOST * 100),
        (5e-324, 0),
    ],
)
def test_every_value_of_a_signal_has_its_hundredths(value: float | None, counted: int) -> None:
    assert hundredths(value) == counted
