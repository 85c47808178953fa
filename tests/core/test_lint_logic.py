"""The lint never cries wolf: what it calls impossible no lead does, whatever conditions and leads chance makes up."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config.lint.logic import COUNTRY_CODES, Fields, Only, always_holds, can_hold, implies
from bot.config.lint.reach import reachable
from bot.criteria import rules, score
from bot.criteria.days import Day, newest_first
from bot.criteria.definition import FITS, LEVELS, Criteria, Crossing, Derived, FitRule, SignalRule
from bot.criteria.rules import AllOf, AnyOf, Condition, Not, Outcome, judge
from bot.lead import Value

FIELDS = Fields.of([Derived("rank", "title", {"high": ("vp",), "low": ("clerk",)})])
WORDS = ["a", "ab", "b", "c"]
NUMBERS = [1, 2, 2.5, 3]


class Known:
    """A lead of two facts and a rank."""

    def __init__(self, **facts: Value) -> None:
        self._facts = facts

    def value(self, key: str) -> Value:
        return self._facts.get(key)


def test_of(field: str, comparison: str, *values: Value) -> rules.Test:
    return rules.Test(field, comparison, values)  # type: ignore[arg-type]


test_of.__test__ = False  # type: ignore[attr-defined]

tests = st.one_of(
    st.builds(test_of, st.sampled_from("xy"), st.sampled_from(["equals", "contains"]), st.sampled_from(WORDS)),
    st.builds(test_of, st.sampled_from("xy"), st.sampled_from(["in", "contains"]), *[st.sampled_from(WORDS)] * 2),
    st.builds(
        test_of,
        st.sampled_from("xy"),
        st.sampled_from(["at_least", "at_most", "above", "below", "equals"]),
        st.sampled_from(NUMBERS),
    ),
    st.builds(test_of, st.sampled_from("xy"), st.just("is_blank"), st.booleans()),
    st.builds(test_of, st.sampled_from("xy"), st.just("matches"), st.sampled_from(["(?i)^a", "(?i)b"])),
    st.builds(test_of, st.just("rank"), st.sampled_from(["equals", "contains"]), st.sampled_from(["high", "low"])),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=5,
)
test_of_blanks = st.builds(test_of, st.sampled_from(["x", "y", "rank"]), st.just("is_blank"), st.booleans())
facts = st.one_of(
    st.none(), st.booleans(), st.sampled_from([0, 1, 1.5, 2, 2.2, 2.5, 3, 9]), st.text("abc ", min_size=1, max_size=4)
)
leads = st.builds(Known, x=facts, y=facts, rank=st.sampled_from([None, "high", "low"]))


@settings(max_examples=300)
@given(conditions, leads)
def test_what_can_never_hold_holds_for_nobody(condition: Condition, lead: Known) -> None:
    if judge(condition, lead) is Outcome.MET:
        assert can_hold(condition, FIELDS)


@settings(max_examples=300)
@given(conditions, test_of_blanks, leads)
def test_what_always_holds_holds_for_everybody(condition: Condition, blank: Condition, lead: Known) -> None:
    for one in (condition, AnyOf((condition, blank)), AnyOf((Not(condition), condition, blank))):
        if always_holds(one, FIELDS):
            assert judge(one, lead) is Outcome.MET


@settings(max_examples=300)
@given(conditions, conditions, leads)
def test_what_is_implied_is_met_wherever_the_other_is(one: Condition, other: Condition, lead: Known) -> None:
    if implies(one, other, FIELDS) and judge(one, lead) is Outcome.MET:
        assert judge(other, lead) is Outcome.MET


@given(conditions)
def test_every_condition_implies_itself_and_whatever_is_wider(condition: Condition) -> None:
    assert implies(condition, condition, FIELDS)
    assert implies(condition, AnyOf((test_of("z", "equals", 1), condition)), FIELDS)
    assert implies(AllOf((condition, test_of("z", "equals", 1))), condition, FIELDS)


IMPLIED = [
    (test_of("x", "in", "a", "b"), test_of("x", "in", "c", "b", "a")),
    (test_of("x", "equals", "vice president"), test_of("x", "contains", "president")),
    (test_of("x", "contains", "vice president"), test_of("x", "contains", "president", "chief")),
    (test_of("x", "at_least", 60), test_of("x", "above", 50)),
    (test_of("x", "equals", 5), AllOf((test_of("x", "above", 4), test_of("x", "below", 6)))),
    (test_of("x", "equals", 5), test_of("x", "is_blank", False)),
    (test_of("rank", "equals", "high"), Not(test_of("rank", "equals", "low"))),
    (test_of("rank", "is_blank", False), test_of("rank", "in", "high", "low")),
    (AllOf((test_of("x", "above", 5), test_of("y", "equals", "a"))), test_of("x", "above", 4)),
    (test_of("x", "matches", "^a"), test_of("x", "matches", "^a")),
]


@pytest.mark.parametrize(("one", "other"), IMPLIED)
def test_a_shadow_that_anybody_sees_is_seen_in_one_direction(one: Condition, other: Condition) -> None:
    assert implies(one, other, FIELDS)
    assert one == other or not implies(other, one, FIELDS) or "rank" in rules.fields_of(one)


NOT_IMPLIED = [
    (test_of("x", "contains", "a"), Not(test_of("x", "contains", "c"))),
    (AllOf((test_of("x", "contains", "a"), Not(test_of("x", "contains", "b")))), Not(test_of("x", "contains", "c"))),
    (test_of("x", "contains", "a"), test_of("x", "equals", "a")),
    (test_of("x", "contains", "ab"), test_of("x", "contains", "abc")),
    (test_of("x", "at_least", 5), test_of("x", "above", 5)),
    (test_of("x", "above", 5), test_of("x", "at_least", 5.01)),
    (Not(test_of("x", "equals", 5)), test_of("x", "above", 5)),
    (test_of("x", "is_blank", False), test_of("x", "at_least", -(10**17))),
    (test_of("x", "at_least", 5), test_of("y", "at_least", 5)),
    (test_of("x", "matches", "^a"), test_of("x", "matches", "^ab?")),
    (AnyOf((test_of("x", "equals", 1), test_of("y", "equals", 1))), test_of("x", "equals", 1)),
]


@pytest.mark.parametrize(("one", "other"), NOT_IMPLIED)
def test_what_only_looks_like_a_shadow_is_none(one: Condition, other: Condition) -> None:
    assert not implies(one, other, FIELDS)


def test_the_country_codes_are_those_of_iso_and_kosovo() -> None:
    assert len(COUNTRY_CODES) == 250
    assert {"de", "gb", "no", "xk"} <= set(COUNTRY_CODES)
    assert "uk" not in COUNTRY_CODES


BLANK, KNOWN = test_of("x", "is_blank", True), test_of("x", "is_blank", False)
ALWAYS = [
    AnyOf((BLANK, KNOWN)),
    Not(AllOf((BLANK, KNOWN))),
    AnyOf((test_of("y", "equals", "a"), AnyOf((BLANK, KNOWN)))),
    AnyOf((BLANK, Not(BLANK))),
    AnyOf((test_of("rank", "in", "high", "low"), test_of("rank", "is_blank", True))),
    AnyOf((test_of("z", "equals", 1), AllOf((AnyOf((BLANK, KNOWN)), AnyOf((BLANK, KNOWN, test_of("y", "above", 1))))))),
]


@pytest.mark.parametrize("condition", ALWAYS)
def test_what_every_lead_meets_is_seen(condition: Condition) -> None:
    assert always_holds(condition, FIELDS)


def test_a_list_too_long_to_try_is_let_through() -> None:
    words = [test_of("x", "contains", *(f"{letter}{number}" for number in range(20))) for letter in "abcd"]
    assert can_hold(AllOf(tuple(words)), FIELDS)
    assert not implies(AllOf(tuple(words)), test_of("x", "contains", "0"), FIELDS)


points = st.integers(-3, 3).map(lambda number: number * 50)
starts = st.lists(st.integers(-8, 16), min_size=3, max_size=3, unique=True).map(
    lambda given: tuple(sorted((number * 25 for number in given), reverse=True))
)
fit_rules = st.lists(
    st.builds(FitRule, st.just("a rule"), points, conditions, st.sampled_from([None, None, 1, 2])), max_size=5
).map(lambda found: sorted(found, key=lambda rule: rule.group or 0))
signal_rules = st.builds(
    SignalRule,
    label=st.just("a signal"),
    points=points,
    per_value=st.sampled_from([0, 0, 10, -10]),
    cap_per_day=st.sampled_from([None, 50, 100]),
    cap=st.sampled_from([None, 100, 150]),
    half_life=st.sampled_from([None, 1, 3]),
)
TODAY = date(2026, 3, 2)
days = st.lists(
    st.tuples(st.sampled_from(["one", "two"]), st.integers(0, 12), st.integers(1, 4), st.integers(-300, 300)),
    max_size=6,
)


def criteria(fit: list[FitRule], signals: dict[str, SignalRule], from_: tuple[int, int, int]) -> Criteria:
    return Criteria("v", {}, from_, from_, (), tuple(fit), signals, (), (), (), Crossing(1, 1))


@settings(max_examples=200)
@given(fit_rules, starts, leads)
def test_a_fit_that_some_lead_has_is_within_reach(
    found: list[FitRule], from_: tuple[int, int, int], lead: Known
) -> None:
    total = sum(line.points for line in score.fit(found, lead))
    assert FITS[score.grade(total, from_)] in reachable(criteria(found, {}, from_), FIELDS)


@settings(max_examples=200)
@given(signal_rules, signal_rules, starts, days)
def test_a_behaviour_that_some_lead_has_is_within_reach(
    one: SignalRule, two: SignalRule, from_: tuple[int, int, int], given_days: list[tuple[str, int, int, int]]
) -> None:
    signals = {"one": one, "two": two}
    by_day = {(type_, age): (count, value) for type_, age, count, value in given_days}
    lines = [Day(type_, TODAY - timedelta(age), count, value) for (type_, age), (count, value) in by_day.items()]
    total = sum(line.points for line in score.behaviour(signals, newest_first(lines, TODAY), TODAY))
    assert str(LEVELS[score.grade(total, from_)]) in reachable(criteria([], signals, from_), FIELDS)


def test_only_knows_its_one_value_under_any_key() -> None:
    assert Only("a").value("x") == "a"
