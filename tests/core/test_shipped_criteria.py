"""The criteria that come with Baton judge as a salesperson would."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.config import load
from bot.criteria.assess import Assessment, assess
from bot.criteria.days import daily
from bot.criteria.facts import Facts
from bot.lead import Lead, Signal, Value

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SHIPPED = load.parse(load.texts(None)).criteria
ANA = Lead(email="ana@acme.example", company="Acme")
HEAD = Lead(
    email="ana@acme.example",
    company="Acme",
    title="Head of IT",
    country="Norway",
    attributes={"employees": 200, "industry": "Computer Software"},
)


def judged(lead: Lead, *types: str, ago: int = 0) -> Assessment:
    at = NOW - timedelta(days=ago)
    return assess(lead, daily([Signal(str(n), type_, at) for n, type_ in enumerate(types)], NOW), SHIPPED, NOW)


@pytest.mark.parametrize("hand", ["demo_request", "contact_sales", "pricing_request"])
def test_who_asks_to_be_called_is_an_mql_of_the_first_tier_whoever_it_is(hand: str) -> None:
    assert judged(ANA, hand).tier == "P1"


@pytest.mark.parametrize(
    "lead",
    [
        Lead(email="ana@acme.example", title="Student"),
        Lead(title="Marketing Intern"),
        Lead(attributes={"relationship": "Competitor"}),
        Lead(attributes={"relationship": "customer"}),
        Lead(attributes={"opted_out": True}),
    ],
)
def test_some_are_never_called_whatever_they_ask_for(lead: Lead) -> None:
    verdict = judged(lead, "demo_request")
    assert verdict.disqualified
    assert not verdict.mql


@pytest.mark.parametrize("yes", [True, "true", "TRUE", " Yes ", "y", "1", 1, 1.0])
def test_an_opt_out_is_one_in_whatever_words_a_system_writes_yes(yes: Value) -> None:
    verdict = judged(Lead(email="ana@acme.example", attributes={"opted_out": yes}), "demo_request")
    assert (verdict.tier, verdict.withdrawn) == (None, True)


@pytest.mark.parametrize("no", [False, "false", "No", "n", "0", 0, "", None])
def test_who_may_be_contacted_is_in_whatever_words_a_system_writes_no(no: Value) -> None:
    verdict = judged(replace(ANA, attributes={"opted_out": no}), "demo_request")
    assert (verdict.tier, verdict.disqualified) == ("P1", False)


RANKS = {
    "Director of Student Success": "director",
    "Head of Student Services": "director",
    "VP, Trainee Programs": "vp",
    "Chief Student Officer": "c_level",
    "Manager, Intern Program": "manager",
    "Student Services Coordinator": "works_with_students",
    "PA to the CEO": "staff",
    "P.A. to the Managing Director": "staff",
    "EA to CFO": "staff",
    "Personal Assistant to the President": "staff",
    "Intern to the CEO": "staff",
    "V.P. Sales": "vp",
    "Vice-President, Sales": "vp",
    "CEO": "c_level",
    "PhD Student": "student",
    "Software Engineer Intern": "student",
    "Management Trainee": "student",
    "MVP": None,
    "Ideas": None,
}


@pytest.mark.parametrize(("title", "rank"), RANKS.items())
def test_a_title_is_read_as_a_salesperson_reads_it(title: str, rank: str | None) -> None:
    assert Facts(Lead(title=title), SHIPPED.derived).value("seniority") == rank
    assert judged(replace(ANA, title=title), "demo_request").mql == (rank != "student")


def test_who_asks_not_to_be_contacted_is_left_alone_until_they_change_their_mind() -> None:
    assert judged(HEAD, "demo_request", "opt_out").withdrawn
    later = [
        Signal("1", "opt_out", NOW - timedelta(days=9)),
        Signal("2", "opt_in", NOW),
        Signal("3", "demo_request", NOW),
    ]
    assert assess(HEAD, daily(later, NOW), SHIPPED, NOW).tier == "P1"


def test_reading_alone_is_no_reason_to_call_a_stranger() -> None:
    assert not judged(ANA, *["email_open"] * 500, *["page_visit"] * 500, "newsletter_signup").mql


def test_a_good_company_that_reads_and_listens_is_one() -> None:
    assert judged(HEAD, "webinar_attended", "content_download", "pricing_page_visit").mql
    assert not judged(HEAD).mql


def test_what_somebody_did_a_year_ago_speaks_for_nobody() -> None:
    old = judged(HEAD, *(set(SHIPPED.signals) - set(SHIPPED.standing_signals())), ago=365)
    assert old.behaviour_points <= 0  # that somebody unsubscribed fades more slowly
    assert old.tier is None
