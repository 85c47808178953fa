"""Conditions: every comparison × met, missed, unknown, wrong type; `all`, `any` and `not` over all four outcomes."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.conditions import ConditionShape
from bot.criteria import rules
from bot.criteria.facts import Facts
from bot.criteria.rules import COMPARISONS, LONGEST, AllOf, AnyOf, Comparison, Condition, Not, Outcome, judge
from bot.lead import Lead, Value

MET, MISSED, UNKNOWN, WRONG_TYPE = Outcome
NAN, INFINITY = math.nan, math.inf


def outcome(known: Value, **comparisons: object) -> Outcome:
    """What comes of one test of a criteria file for an attribute with this value."""
    condition = ConditionShape.model_validate({"field": "thing", **comparisons}).build()
    return judge(condition, Facts(Lead(attributes={"thing": known})))


# Per comparison what stands in the file, and for each outcome the values that end in it.
TABLE: dict[Comparison, list[tuple[object, dict[Outcome, list[Value]]]]] = {
    "equals": [
        ("Head of IT", {MET: ["head of it", "  HEAD OF IT\n"], MISSED: ["heads of it", "head", "7"]}),
        ("Head", {UNKNOWN: [None, "", " \t\n"], WRONG_TYPE: [7, 0.5, True]}),
        ("straße", {MET: ["STRASSE", "Straße"]}),
        (
            7,
            {MET: [7, 7.0], MISSED: [8, 7.1, -7, 10**400], WRONG_TYPE: ["7", True, NAN, INFINITY], UNKNOWN: [None, ""]},
        ),
        (1, {MET: [1, 1.0], WRONG_TYPE: [True, "1"]}),
        (0.5, {MET: [0.5], MISSED: [1, 10**400], WRONG_TYPE: ["0.5", False, NAN]}),
        (True, {MET: [True], MISSED: [False], UNKNOWN: [None, " "], WRONG_TYPE: [1, 1.0, "true", "yes"]}),
        (False, {MET: [False], MISSED: [True], WRONG_TYPE: [0, "false", "no"]}),
    ],
    "in": [
        (["DE", "at"], {MET: ["de", " AT "], MISSED: ["CH", "d"], UNKNOWN: [None, "", "  "], WRONG_TYPE: [1, True]}),
        ([1, 2.5], {MET: [1, 1.0, 2.5], MISSED: [2, 10**400], WRONG_TYPE: ["1", True, NAN, -INFINITY]}),
        ([1, "one", True], {MET: [1, "One", True], MISSED: [2, "1", False], WRONG_TYPE: [NAN]}),
    ],
    "at_least": [
        (50, {MET: [50, 50.0, 51, 10**400], MISSED: [49.99, -1, -(10**400)], UNKNOWN: [None, "", " "]}),
        (50, {WRONG_TYPE: ["60", "fifty", True, NAN, INFINITY, -INFINITY]}),
        (0.5, {MET: [0.5, 1], MISSED: [0, 0.49]}),
    ],
    "at_most": [
        (50, {MET: [50, 50.0, 49.99, -(10**400)], MISSED: [50.01, 51, 10**400], UNKNOWN: [None, "", " "]}),
        (50, {WRONG_TYPE: ["40", "forty", False, NAN, INFINITY, -INFINITY]}),
    ],
    "above": [
        (50, {MET: [50.01, 10**400], MISSED: [50, 50.0, 49], UNKNOWN: [None, ""], WRONG_TYPE: ["51", True, NAN]}),
    ],
    "below": [
        (50, {MET: [49.99, -(10**400)], MISSED: [50, 50.0, 51], UNKNOWN: [None, ""], WRONG_TYPE: ["49", False, NAN]}),
    ],
    "contains": [
        ("Head of", {MET: ["the head OF it", "HEAD OF"], MISSED: ["head", "of head"], UNKNOWN: [None, "", " "]}),
        (["vp", "chief"], {MET: ["Chief of Staff", "MVP"], MISSED: ["head", "v p"], WRONG_TYPE: [7, True, 0.5, NAN]}),
        ("1", {WRONG_TYPE: [1, 12, True]}),
        (["ß"], {MET: ["STRASSE", "Straße"]}),
    ],
    "matches": [
        ("head|chief", {MET: ["CHIEF of staff", "a head"], MISSED: ["cheif"], UNKNOWN: [None, "", "\n"]}),
        (r"^vp\b", {MET: ["VP Sales", " vp"], MISSED: ["MVP", "vps"], WRONG_TYPE: [7, True, 0.5, NAN]}),
        ("Straße$", {MET: ["Hauptstraße", "HAUPTSTRASSE"], MISSED: ["Hauptstrase"]}),
        (r"\S \W [É]", {MET: ["a - é", "Ü & É"], MISSED: ["a b é", "- -e"]}),
        ("7", {MET: ["B7"], WRONG_TYPE: [7]}),
    ],
    "is_blank": [
        (True, {MET: [None, "", " \t\n", "\u3000"], MISSED: ["x", 0, False, NAN, "\x00"]}),
        (False, {MET: ["x", 0, 0.0, False, True, NAN, INFINITY], MISSED: [None, "", "  "]}),
    ],
}
ROWS = [
    (comparison, wanted, expected, known)
    for comparison, entries in TABLE.items()
    for wanted, outcomes in entries
    for expected, values in outcomes.items()
    for known in values
]


@pytest.mark.parametrize(("comparison", "wanted", "expected", "known"), ROWS, ids=lambda one: ascii(one)[:40])
def test_a_comparison_is_met_missed_unknown_or_asked_of_the_wrong_type(
    comparison: Comparison, wanted: object, expected: Outcome, known: Value
) -> None:
    assert outcome(known, **{comparison: wanted}) is expected


def test_every_comparison_has_rows_for_every_outcome() -> None:
    rows = {(comparison, expected) for comparison, _, expected, _ in ROWS}
    always_known = {("is_blank", UNKNOWN), ("is_blank", WRONG_TYPE)}  # that something is blank is known of everything
    assert rows == set(product(COMPARISONS, Outcome)) - always_known


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_a_field_of_the_lead_and_an_attribute_are_read_alike(comparison: Comparison) -> None:
    wanted: object = {"in": ["a"], "is_blank": True}.get(comparison, "a")
    if comparison in {"at_least", "at_most", "above", "below"}:
        wanted = 1
    for known in (None, "", " A ", "b", "\x00"):
        shape = ConditionShape.model_validate({"field": "title", comparison: wanted})
        assert judge(shape.build(), Facts(Lead(title=known))) is outcome(known, **{comparison: wanted})


def test_a_field_is_never_hidden_by_an_attribute_of_its_name() -> None:
    lead = Lead(title="Head", attributes={"title": "Chief"})
    assert judge(rules.Test("title", "equals", ("head",)), Facts(lead)) is MET


# all, any, not


class Given:
    """Knows of each field what makes a test of it, `equals: true`, end as the field is called."""

    def value(self, key: str) -> Value:
        known: dict[str, Value] = {MET: True, MISSED: False, UNKNOWN: None, WRONG_TYPE: "yes"}
        return known[key]


def ends(one: Outcome) -> Condition:
    return rules.Test(one, "equals", (True,))


ALL = {
    MET: {MET: MET, MISSED: MISSED, UNKNOWN: UNKNOWN, WRONG_TYPE: WRONG_TYPE},
    MISSED: {MET: MISSED, MISSED: MISSED, UNKNOWN: MISSED, WRONG_TYPE: MISSED},
    UNKNOWN: {MET: UNKNOWN, MISSED: MISSED, UNKNOWN: UNKNOWN, WRONG_TYPE: WRONG_TYPE},
    WRONG_TYPE: {MET: WRONG_TYPE, MISSED: MISSED, UNKNOWN: WRONG_TYPE, WRONG_TYPE: WRONG_TYPE},
}
ANY = {
    MET: {MET: MET, MISSED: MET, UNKNOWN: MET, WRONG_TYPE: MET},
    MISSED: {MET: MET, MISSED: MISSED, UNKNOWN: UNKNOWN, WRONG_TYPE: WRONG_TYPE},
    UNKNOWN: {MET: MET, MISSED: UNKNOWN, UNKNOWN: UNKNOWN, WRONG_TYPE: WRONG_TYPE},
    WRONG_TYPE: {MET: MET, MISSED: WRONG_TYPE, UNKNOWN: WRONG_TYPE, WRONG_TYPE: WRONG_TYPE},
}
NOT = {MET: MISSED, MISSED: MET, UNKNOWN: UNKNOWN, WRONG_TYPE: WRONG_TYPE}
PAIRS = pytest.mark.parametrize(("one", "other"), list(product(Outcome, Outcome)))


@PAIRS
def test_all_of_two(one: Outcome, other: Outcome) -> None:
    assert judge(AllOf((ends(one), ends(other))), Given()) is ALL[one][other]


@PAIRS
def test_any_of_two(one: Outcome, other: Outcome) -> None:
    assert judge(AnyOf((ends(one), ends(other))), Given()) is ANY[one][other]


@pytest.mark.parametrize("one", Outcome)
def test_not_makes_nothing_known_that_was_unknown(one: Outcome) -> None:
    assert judge(ends(one), Given()) is one
    assert judge(Not(ends(one)), Given()) is NOT[one]


@pytest.mark.parametrize("three", list(product(Outcome, repeat=3)))
def test_of_three_it_is_the_same_as_of_two_and_the_third_and_order_never_matters(three: tuple[Outcome, ...]) -> None:
    one, other, third = three
    parts = tuple(map(ends, three))
    for kind, two in ((AllOf, ALL), (AnyOf, ANY)):
        assert judge(kind(parts), Given()) is two[two[one][other]][third]
        assert judge(kind(parts[::-1]), Given()) is judge(kind(parts), Given())
    assert judge(Not(AllOf(parts)), Given()) is judge(AnyOf(tuple(map(Not, parts))), Given())


def test_several_comparisons_of_one_field_must_all_hold() -> None:
    bounds: dict[str, object] = {"at_least": 50, "at_most": 1000}
    known: list[Value] = [50, 1000, 49, 1001, None, "60"]
    assert [outcome(one, **bounds) for one in known] == [MET, MET, MISSED, MISSED, UNKNOWN, WRONG_TYPE]


# Texts and numbers as they come from outside


def test_of_an_endless_text_the_beginning_is_looked_at() -> None:
    near, far = "x" * (LONGEST - 4) + "head", "x" * LONGEST + "head"
    assert [outcome(text, contains="head") for text in (near, far)] == [MET, MISSED]
    assert [outcome(text, matches="head") for text in (near, far)] == [MET, MISSED]
    assert outcome(" " * LONGEST + "head", is_blank=True) is MET
    assert outcome("x" * 1_000_000, equals="x" * LONGEST) is MET


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        "head \udfff",
        "\x00",
        "a\x00head",
        "\ufffe",
        "\U0010ffff",
        b"\xff\xfe".decode("latin-1"),
        "\ud83d\ude00",
    ],
    ids=ascii,
)
@pytest.mark.parametrize("pattern", ["head", ".", r"\x00", "^.*$", r"\pL", "[^a]", ""])
def test_broken_text_neither_stops_a_pattern_nor_hides_what_stands_beside_it(text: str, pattern: str) -> None:
    found = outcome(text, matches=pattern)
    assert found in {MET, MISSED}
    if pattern == "head":
        assert found is (MET if "head" in text else MISSED)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(a*)*b", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_pattern_that_takes_other_engines_for_ever_ends(pattern: str) -> None:
    assert outcome("a" * 5_000 + "!", matches=pattern) in {MET, MISSED}


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20)


@given(st.sampled_from(COMPARISONS).filter(lambda one: one != "matches"), st.lists(VALUES, max_size=3), VALUES)
def test_no_value_whatever_makes_a_comparison_raise(comparison: Comparison, wanted: list[Value], known: Value) -> None:
    test = rules.Test("thing", comparison, tuple(wanted) or (None,))
    facts = Facts(Lead(attributes={"thing": known}))
    assert judge(test, facts) in Outcome
    assert judge(Not(test), facts) is NOT[judge(test, facts)]


@given(st.text(st.characters(exclude_categories=[]), max_size=50), st.sampled_from(["a", r"\w+", "[^é]$", "(x|y)*"]))
def test_no_text_whatever_makes_a_pattern_raise(text: str, pattern: str) -> None:
    assert outcome(text, matches=pattern) in {MET, MISSED, UNKNOWN}
