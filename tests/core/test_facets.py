"""What cohorts are told apart by is read off a lead as it is offered, however odd the lead."""

import json
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.criteria.assess import Assessment
from bot.criteria.rules import Outcome
from bot.criteria.score import Line
from bot.handoff.facets import LONGEST, OF_LEAD, Touch, Touches, facets
from bot.lead import Lead, Value
from tests.core.test_naughty import NUMBERS, TEXTS
from tests.support import NOW

NO_TOUCH = Touches(Touch(), Touch())
TRACK = Line("fast track", "Uses the product", Outcome.MET)
ASSESSMENT = Assessment(
    criteria="v1",
    at=NOW,
    fit="B",
    behaviour=1,
    fit_points=2_050,
    behaviour_points=6_149,
    tier="P2",
    because="cell B1",
    lines=(TRACK,),
)


def of_lead(**attributes: Value) -> dict[str, str | int]:
    return facets(Lead(attributes=attributes), NO_TOUCH)


def of(**changes: object) -> dict[str, str | int]:
    return facets(Lead(), NO_TOUCH, replace(ASSESSMENT, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", OF_LEAD)
def test_an_attribute_is_known_by_its_name_in_any_case(name: str) -> None:
    for key in (name, name.upper(), name.title(), f" {name} "):
        assert of_lead(**{key: "EMEA"}) == {name: "EMEA"}, key


@pytest.mark.parametrize("key", ["usecase", "use_case", "use case", "Use-Case", "USE CASE", "useCase", " use__case"])
def test_a_use_case_is_written_in_many_ways(key: str) -> None:
    assert of_lead(**{key: "Reporting"}) == {"usecase": "Reporting"}


def test_nothing_else_is_a_facet() -> None:
    assert of_lead(channels="web", my_region="EMEA", grade="A1", score=99, type="gift", first_source="x") == {}


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_spellings_the_plain_one_counts_else_the_first_that_says_something(order: int) -> None:
    for told, found in (
        ({"Use Case": "b", "usecase": "a", "USECASE": "c"}, "a"),
        ({"use_case": "b", "Use Case": "a"}, "a"),
        ({"usecase": " ", "use_case": "b", "Use Case": None}, "b"),
    ):
        assert of_lead(**dict(list(told.items())[::order])) == {"usecase": found}


def test_a_country_is_a_region_where_nothing_else_says_one() -> None:
    for region, found in (("EMEA", "EMEA"), (None, "DE"), (" ", "DE"), (float("nan"), "DE")):
        lead = Lead(country=" DE", attributes={"Region": region})
        assert facets(lead, NO_TOUCH) == {"region": found}
    assert facets(Lead(country=" "), NO_TOUCH) == {}


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("  Mid \t market\r\n", "Mid market"),
        ("\N{NO-BREAK SPACE}", None),
        ("", None),
        (None, None),
        (0, "0"),
        (-3, "-3"),
        (3.0, "3"),
        (-0.0, "0"),
        (2.5, "2.5"),
        (0.1 + 0.2, "0.3"),
        (True, "true"),
        (False, "false"),
        (float("inf"), None),
        ("true", "true"),
        ("half\ud800 a pair\x00", "half a pair"),
        ("x" * 300, "x" * LONGEST),
        ("x" * 254 + " y", "x" * 254),
        ("\N{PILE OF POO}" * 300, "\N{PILE OF POO}" * LONGEST),
    ],
)
def test_a_value_becomes_the_name_of_a_group(value: Value, word: str | None) -> None:
    assert of_lead(segment=value) == ({"segment": word} if word else {})


@given(st.dictionaries(st.text() | st.sampled_from(OF_LEAD), st.none() | st.booleans() | st.floats() | st.text()))
@example(dict(zip(OF_LEAD, TEXTS, strict=False)))
def test_whatever_is_known_of_a_lead_a_database_can_keep_and_read_it(attributes: dict[str, Value]) -> None:
    check(of_lead(**attributes))


@pytest.mark.parametrize("value", [*TEXTS, *NUMBERS])
def test_so_it_is_with_naughty_values_everywhere(value: Value) -> None:
    check(of_lead(**dict.fromkeys(OF_LEAD, value)))
    check(of_lead(**{str(value): value}))
    if isinstance(value, str):
        touch = Touch(value, value)
        check(facets(Lead(country=value), Touches(touch, touch), replace(ASSESSMENT, because=value)))
        check(of(because=value, lines=(replace_label(value),)))


def replace_label(label: str) -> Line:
    return TRACK._replace(label=label)


def check(found: dict[str, str | int]) -> None:
    """PostgreSQL reads neither NUL nor half a surrogate pair out of JSON, and a group needs a name."""
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    for key, word in found.items():
        if isinstance(word, str):
            assert word.strip()
            assert "\0" not in word.encode().decode()
        if isinstance(word, str) and "_" not in key:
            assert word == " ".join(word.split())
            assert len(word) <= LONGEST


# The assessment


def test_a_grade_a_score_and_a_type_come_from_the_assessment_at_the_offer() -> None:
    assert of() == {"grade": "B1", "score": 81, "type": "points"}


@pytest.mark.parametrize(
    ("points", "whole"), [((0, 0), 0), ((4_000, 1_999), 59), ((4_000, 2_000), 60), ((0, -1), -1), ((-150, 250), 1)]
)
def test_points_are_cut_to_whole_ones_so_that_nobody_counts_as_over_a_line_they_are_under(
    points: tuple[int, int], whole: int
) -> None:
    assert of(fit_points=points[0], behaviour_points=points[1])["score"] == whole


def test_the_type_is_the_fast_track_that_made_it_an_mql() -> None:
    missed = TRACK._replace(outcome=Outcome.MISSED)
    other = TRACK._replace(label="Asked for a demo")
    against = TRACK._replace(axis="disqualifier")
    for lines, because, type_ in (
        ((TRACK, other), "Uses the product", "Uses the product"),
        ((TRACK, other), "Asked for a demo", "Asked for a demo"),
        ((TRACK,), "cell B1", "points"),  # it held, and the cell gave the tier
        ((missed,), "Uses the product", "points"),
        ((against,), "Uses the product", "points"),
        ((TRACK._replace(label=" Uses  it "),), " Uses  it ", "Uses it"),
    ):
        assert of(lines=lines, because=because)["type"] == type_


def test_what_is_no_mql_any_more_has_a_grade_and_no_type() -> None:
    """Somebody may take an expired lead whose interest has faded."""
    assert of(tier=None, because="Uses the product") == {"grade": "B1", "score": 81}


# Touches


def test_touches_are_spelled_as_they_came_and_blank_ones_are_not_known() -> None:
    touches = Touches(Touch(" Web  inar", None), Touch("ads", " "))
    assert facets(Lead(), touches) == {"first_source": " Web  inar", "last_source": "ads"}
    both = Touch("a", "b")
    assert facets(Lead(), Touches(both, both)) == {
        "first_source": "a", "first_campaign": "b", "last_source": "a", "last_campaign": "b",
    }  # fmt: skip


WORDS = (None, "", " ", "a", "b")


@pytest.mark.parametrize(("was", "now"), list(product(product(WORDS, WORDS), repeat=2)))
def test_another_touch_is_one_that_says_something_else_where_something_was_said(
    was: tuple[str | None, str | None], now: tuple[str | None, str | None]
) -> None:
    said = [(before, after) for before, after in zip(was, now, strict=True) if before in {"a", "b"}]
    assert Touch(*was).gives_way_to(Touch(*now)) == any(before != after for before, after in said)


def test_a_lead_may_bring_all_of_it_at_once() -> None:
    lead = Lead(country="DE", source="ads", campaign="May", attributes={"Channel": "Paid search", "product": 7})
    touches = Touches(Touch("fair", "April"), Touch("webinar", None))
    assert facets(lead, touches, ASSESSMENT) == {
        "channel": "Paid search",
        "product": "7",
        "region": "DE",
        "first_source": "fair",
        "first_campaign": "April",
        "last_source": "webinar",
        "grade": "B1",
        "score": 81,
        "type": "points",
    }
