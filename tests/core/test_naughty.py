"""Whatever is known of a lead, however odd: it is judged, not scored by mistake, and never raises.

The texts are the Big List of Naughty Strings (tests/data), and some of our own that are worse.
"""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.config import load
from bot.config.conditions import ConditionShape
from bot.criteria import rules
from bot.criteria.assess import Assessment, assess
from bot.criteria.days import daily
from bot.criteria.definition import Check, Criteria, FitRule
from bot.criteria.rules import COMPARISONS, Not, Outcome
from bot.lead import LEAD_FIELDS, Lead, Signal, Value

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIST = json.loads((Path(__file__).parents[1] / "data" / "naughty-strings.json").read_text())
OWN = [
    "x" * 1_000,
    "Chief " * 20_000,
    "\x00",
    "head\x00of it",
    "\ud800",
    "\udfff" * 400,
    "a@b@c",
    "@",
    "a@" + "b." * 500 + "com",
    "ana@\ud800.com",
    "+" * 300,
    "+49 " + "1" * 300,
    "١٢٣٤٥٦٧٨٩٠",
    "<!channel>",
    "\u202eliar",
]
TEXTS = [*LIST, *OWN]
NO_NUMBERS = [float("nan"), float("inf"), float("-inf"), True, False]
NUMBERS: list[Value] = [0, -1, 10**18, -(10**18), 10**400, 5e-324, *NO_NUMBERS]
FIELDS = sorted(LEAD_FIELDS)
SHIPPED = load.parse(load.texts(None)).criteria
ATTRIBUTES = ("employees", "industry", "technology", "relationship", "opted_out", "email_bounced", "anything")


def lead(key: str, value: Value) -> Lead:
    return Lead(**{key: value}) if key in LEAD_FIELDS else Lead(attributes={key: value})  # type: ignore[arg-type]


def judged(known: Lead, criteria: Criteria, *signals: Signal) -> Assessment:
    """The assessment, after it has been what a database and a card must be able to take."""
    assessment = assess(known, daily(signals, NOW), criteria, NOW)
    told = json.dumps(assessment.to_dict(), allow_nan=False)
    assert Assessment.from_dict(json.loads(told)) == assessment
    assert not re.search(r"\\u0000|\\ud[89a-f]", told), "PostgreSQL stores no such text"
    assert all(len(one.fault or "") <= 160 for one in assessment.checks)
    return assessment


@cache
def every_comparison(field: str) -> Criteria:
    """Criteria that ask the field everything that can be asked, and check it."""
    asked: list[tuple[str, object]] = [
        *((comparison, 50) for comparison in ("at_least", "at_most", "above", "below")),
        *((comparison, "chief") for comparison in ("equals", "contains", "matches")),
        ("equals", 1),
        ("in", ["chief", 1, True]),
        ("matches", r"^(\W*|.{3,})$"),
        ("is_blank", True),
    ]
    tests = [ConditionShape.model_validate({"field": field, name: wanted}).build() for name, wanted in asked]
    fit = tuple(FitRule(str(place), 100, one) for place, one in enumerate([*tests, *map(Not, tests)]))
    return replace(SHIPPED, fit=fit, checks=(Check(field, True),))


def outcomes(known: Lead, field: str) -> dict[str, set[Outcome]]:
    """By comparison, what came of it and of its opposite. A hand-raiser brings the lead to its checks."""
    criteria = every_comparison(field)
    assessment = judged(known, criteria, Signal("1", "demo_request", NOW))
    found: dict[str, set[Outcome]] = {}
    for rule, line in zip(criteria.fit, assessment.lines, strict=False):
        test = rule.when.part if isinstance(rule.when, Not) else rule.when
        assert isinstance(test, rules.Test)
        found.setdefault(test.comparison, set()).add(line.outcome)
        assert line.points == (100 if line.outcome is Outcome.MET else 0)
    assert set(found) == set(COMPARISONS)
    return found


@pytest.mark.parametrize("key", [*FIELDS, *ATTRIBUTES])
def test_a_text_in_any_place_is_judged_by_the_shipped_criteria_and_makes_nobody_an_mql(key: str) -> None:
    for text in TEXTS:
        assessment = assess(lead(key, text), [], SHIPPED, NOW)
        assert (assessment.behaviour_points, assessment.tier) == (0, None)


@pytest.mark.parametrize("key", [*FIELDS, *ATTRIBUTES])
def test_a_text_in_any_place_stops_no_hand_raiser(key: str) -> None:
    for text in TEXTS:
        assessment = judged(lead(key, text), SHIPPED, Signal("1", "demo_request", NOW, note=text))
        assert assessment.mql or assessment.disqualified
        assert {one.field for one in assessment.missing} <= {one.field for one in SHIPPED.checks if one.needed}


@pytest.mark.parametrize("key", [*FIELDS, "anything"])
def test_a_text_is_no_number_and_no_truth_and_scores_as_neither(key: str) -> None:
    for text in TEXTS:
        found = outcomes(lead(key, text), key)
        blank = not text[:1_000].strip()
        for comparison in ("at_least", "at_most", "above", "below"):
            assert found[comparison] == {Outcome.UNKNOWN if blank else Outcome.WRONG_TYPE}
        assert found["is_blank"] == {Outcome.MET, Outcome.MISSED}


@pytest.mark.parametrize("number", NUMBERS, ids=lambda one: str(one)[:9])
@pytest.mark.parametrize("key", ATTRIBUTES)
def test_a_number_is_no_text_and_what_is_no_number_scores_nothing(key: str, number: Value) -> None:
    judged(lead(key, number), SHIPPED, Signal("1", "demo_request", NOW))
    found = outcomes(lead(key, number), key)
    assert found["contains"] == found["matches"] == {Outcome.WRONG_TYPE}
    real = not any(number is one for one in NO_NUMBERS)
    for comparison in ("at_least", "at_most", "above", "below"):
        assert found[comparison] == ({Outcome.MET, Outcome.MISSED} if real else {Outcome.WRONG_TYPE})


@pytest.mark.parametrize("key", FIELDS)
def test_a_field_with_no_text_in_it_does_not_raise_either(key: str) -> None:
    for number in NUMBERS:
        judged(lead(key, number), SHIPPED, Signal("1", "demo_request", NOW))


VALUES = [None, 0.0, -1.0, 1e18, -1e18, 5e-324, float("nan"), float("inf"), float("-inf")]
DAYS = [datetime.min.replace(tzinfo=UTC), NOW - timedelta(days=9_000), NOW, datetime.max.replace(tzinfo=UTC)]


@pytest.mark.parametrize("at", DAYS, ids=str)
@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_signal_of_any_date_and_value_is_judged(at: datetime, value: float | None) -> None:
    for type_ in SHIPPED.signals:
        assessment = judged(Lead(), SHIPPED, Signal("1", type_, at, value=value))
        assert at == NOW or assessment.behaviour_points == 0


def test_a_type_of_signal_that_nobody_knows_counts_for_nothing() -> None:
    nothing = judged(Lead(), SHIPPED)
    signals = [Signal(str(place), text, NOW, text, 1e9) for place, text in enumerate(TEXTS)]
    assert judged(Lead(), SHIPPED, *signals) == nothing
