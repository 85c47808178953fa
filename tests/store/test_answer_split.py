"""A cohort split by a dimension, one campaign against the rest, and the plain formula, from a real database."""

from bot.answers.campaign import campaign
from bot.answers.feedback import campaign_month
from bot.answers.period import period
from bot.answers.split import split
from bot.stats.cohort import BLANK, OTHERS, Counts
from bot.stats.period import Period
from bot.stats.split import Part, Parts
from bot.store.engine import Store
from tests.store.answer_kit import DAY, HOUR, ask, holding, offered
from tests.support import NOW

AGO = 10 * DAY


def part(answer: Parts, name: str) -> Part:
    return next(one for one in answer.groups if one.name == name)


def test_each_source_against_all_others(store: Store) -> None:
    with holding(
        store,
        offered(AGO, "accepted", many=20),
        offered(AGO, "rejected", many=60),
        offered(AGO, "accepted", many=60, source="demo"),
        offered(AGO, "rejected", many=20, source="demo"),
        offered(AGO, "accepted", many=2, source=None),
        offered(HOUR, many=3, source="demo"),
        offered(AGO, "void", source="demo"),
    ) as tx:
        found = split(ask(tx, "30d by source"))
    assert {one.name: one.counts for one in found.groups} == {
        "demo": Counts(accepted=60, rejected=20, open=3, void=1),
        "webinar": Counts(accepted=20, rejected=60),
        BLANK: Counts(accepted=2),
    }
    assert found.total.counts == Counts(accepted=82, rejected=80, open=3, void=1)
    webinar = part(found, "webinar").versus
    assert webinar
    assert webinar.clear
    assert webinar.difference.value < -0.4
    assert part(found, BLANK).versus is None
    assert [one.name for one in found.groups][-1] == "webinar"


def test_a_difference_that_the_grade_explains(store: Store) -> None:
    """Webinar brings C leads and demo A leads; within a grade they are accepted alike."""
    with holding(
        store,
        offered(AGO, "accepted", many=8, facets={"grade": "A1"}),
        offered(AGO, "rejected", many=2, facets={"grade": "A1"}),
        offered(AGO, "accepted", many=18, facets={"grade": "C1"}),
        offered(AGO, "rejected", many=72, facets={"grade": "C1"}),
        offered(AGO, "accepted", many=72, source="demo", facets={"grade": "A1"}),
        offered(AGO, "rejected", many=18, source="demo", facets={"grade": "A1"}),
        offered(AGO, "accepted", many=2, source="demo", facets={"grade": "C1"}),
        offered(AGO, "rejected", many=8, source="demo", facets={"grade": "C1"}),
    ) as tx:
        found = split(ask(tx, "30d by source"))
        by_grade = split(ask(tx, "30d by grade"))
    assert [(one.name, one.behind) for one in found.groups] == [("demo", "grade"), ("webinar", "grade")]
    assert {one.behind for one in by_grade.groups} == {None}


def test_weeks_stand_in_order_and_the_ends_are_not_over(store: Store) -> None:
    with holding(
        store, *(offered(ago * DAY + HOUR, "accepted", HOUR / 2) for ago in (0, 5, 8, 12, 15, 19, 22, 29))
    ) as tx:
        found = split(ask(tx, "30d by week"))
    names = [one.name for one in found.groups]
    assert names == sorted(names)
    assert [one.over for one in found.groups] == [False, *[True] * (len(names) - 2), False]
    assert all(one.versus is None for one in found.groups)


def test_people_who_are_not_to_be_seen_go_by_one_name(store: Store) -> None:
    with holding(store, *(offered(AGO, "accepted", many=4, owner=who) for who in ("ana", "ben", "cleo"))) as tx:
        found = split(ask(tx, "30d by rep", sees=frozenset({"ana"})))
        plain = period(ask(tx, "30d by rep basis=period", sees=frozenset({"ana"})))
    assert {one.name: one.counts.accepted for one in found.groups} == {"ana": 4, OTHERS: 8}
    assert {one.name: one.offered for one in plain.groups} == {"ana": 4, OTHERS: 8}


def test_one_campaign_against_all_others(store: Store) -> None:
    with holding(
        store,
        offered(AGO, "accepted", many=10),
        offered(AGO, "rejected", many=50, reason="FIT_COMPANY"),
        offered(AGO, "accepted", many=80, campaign="Spring"),
        offered(AGO, "rejected", many=4, campaign="Spring", reason="FIT_COMPANY"),
        offered(AGO, "rejected", many=36, campaign=None, reason="JUNK"),
    ) as tx:
        found = campaign(ask(tx, '30d campaign "q4 webinar"'))
    assert found.name == "Q4 webinar"
    assert (found.own.counts, found.rest.counts) == (
        Counts(accepted=10, rejected=50),
        Counts(accepted=80, rejected=40),
    )
    assert found.versus
    assert found.versus.clear
    (why,) = found.why
    assert (why.code, why.own, why.rest) == ("FIT_COMPANY", (50, 50), (4, 40))
    assert why.versus
    assert why.versus.clear
    assert sum((one.counts for one in found.course), Counts()) == found.own.counts
    assert found.period is None


def test_the_plain_formula_goes_by_the_dates_of_events(store: Store) -> None:
    with holding(
        store,
        offered(31 * DAY, "accepted", 2 * DAY, many=3),  # offered before the window, accepted within it
        offered(AGO, "accepted", many=4, sql=DAY),
        offered(AGO, "rejected", many=6),
        offered(AGO, "void", many=2),
        offered(90 * DAY, "accepted", many=5, sql=70 * DAY),
        offered(AGO, "accepted", many=9, number=2),
    ) as tx:
        found = period(ask(tx, "30d basis=period"))
        by = period(ask(tx, "30d basis=period by source"))
    assert found.total == Period("", offered=10, accepted=7, sql=9)
    assert found.groups == ()
    assert found.cohort.counts == Counts(accepted=4, rejected=6, void=2, sql=4)
    assert by.groups == (Period("webinar", 10, 7, 9),)


def test_a_campaigns_month_counts_first_and_repeated_ones(store: Store) -> None:
    month = NOW.replace(day=1, hour=0)
    with holding(
        store,
        offered(HOUR, "accepted", HOUR / 2, many=2),
        offered(HOUR, "rejected", HOUR / 2, number=2),
        offered(HOUR, "accepted", HOUR / 2, campaign="  "),
        offered(2 * DAY, "accepted", many=4),
    ) as tx:
        assert campaign_month(tx, "Q4 webinar", month) == Counts(accepted=2, rejected=1)
        assert campaign_month(tx, None, month) == Counts(accepted=1)
        assert campaign_month(tx, "Q4 webinar", month.replace(month=2)) == Counts(accepted=4)
