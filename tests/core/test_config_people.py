"""people.yaml: what each key becomes, and whose calendar and capacity somebody has who names none."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.config.load import parse
from bot.criteria import rules
from bot.handoff.routing import Routing, Rule
from bot.lead import Capacity, Leave, People, Person
from tests.core.config_kit import GOOD, WHOLE, edited

WEDDING = Leave(date(2026, 10, 12), date(2026, 10, 12), "A wedding")


def people(old: str, new: str) -> People:
    return parse(edited("people.yaml", old, new, WHOLE)).people


def test_a_person_is_read_as_they_are_written() -> None:
    assert parse(WHOLE).people.persons["ana"] == Person(
        key="ana",
        name="Ana Ruiz",
        slack="U1",
        role="rep",
        calendar="office",
        zone="Europe/Madrid",
        on_call="nights",
        leave=(Leave(date(2026, 8, 3), date(2026, 8, 7), "Holiday"), WEDDING),
        delegate="bob",
        weight=2,
        skills=frozenset({"french", "support"}),
        accounts=frozenset({"acme.example", "globex.example"}),
        known_as=frozenset({"ana.ruiz", "4711"}),
        capacity=Capacity(open=5, per_day=4),
    )
    assert parse(WHOLE).people.ops_channel == "C8"


def test_routing_is_read_as_it_is_written() -> None:
    assert parse(WHOLE).routing == Routing(
        "crm_owner",
        (
            Rule("Asia", rules.Test("country_code", "in", ("jp", "kr")), ("apac",)),
            Rule("French", rules.Test("language", "equals", ("french",)), (), frozenset({"french"})),
            Rule(
                "Users",
                rules.Test("relationship", "equals", ("user",)),
                ("emea",),
                frozenset({"french", "support"}),
            ),
        ),
        ("emea",),
    )


def test_a_file_that_says_nothing_of_it_means_everybody_everywhere_without_limits() -> None:
    policy = parse(GOOD)
    assert policy.routing == Routing("account_owner", (), ())
    assert policy.people.persons["bob"] == Person("bob", "Bob Roy", "W2", "rep", "office")
    assert policy.people.ops_channel is None


@pytest.mark.parametrize(
    ("old", "new", "calendar"),
    [
        ("calendar: nights, ", "", "office"),  # the team's
        ("calendar: nights, ", "calendar: office, ", "office"),
        ("    calendar: office\n", "    calendar: nights\n", "nights"),
        ("    calendar: office\n", "", "nights"),
    ],
)
def test_the_calendar_is_ones_own_else_that_of_the_team(old: str, new: str, calendar: str) -> None:
    assert people(old, new).persons["bob"].calendar == calendar


def test_the_team_of_a_manager_is_the_one_they_are_a_member_of_else_the_first_they_manage() -> None:
    emea = "members: [ana, cat]\n"
    assert parse(WHOLE).people.persons["max"].calendar == "office"
    assert people(emea, f"{emea}    calendar: nights\n").persons["max"].calendar == "nights"
    inside = edited("people.yaml", emea, f"{emea}    calendar: nights\n", WHOLE)
    inside |= edited("people.yaml", "members: [bob]", "members: [bob, max]", inside)
    assert parse(inside).people.persons["max"].calendar == "office"


def test_who_is_in_no_team_goes_by_the_default_calendar() -> None:
    nights = edited("calendar.yaml", "default: office", "default: nights", WHOLE)
    found = parse(nights).people.persons
    assert {key: found[key].calendar for key in ("mia", "ana", "bob", "cat")} == {
        "mia": "nights",
        "ana": "nights",
        "bob": "nights",
        "cat": "nights",
    }


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("{open: 5}", Capacity(5, 4)),
        ("{per_day: 2}", Capacity(9, 2)),
        ("{}", Capacity(9, 4)),
        ("{open: 20, per_day: 30}", Capacity(20, 30)),
    ],
)
def test_each_limit_is_ones_own_else_that_of_the_team(own: str, expected: Capacity) -> None:
    assert people("{open: 5}", own).persons["ana"].capacity == expected


def test_a_manager_who_is_no_member_has_no_limits_of_the_teams() -> None:
    assert parse(WHOLE).people.persons["max"].capacity == Capacity()


def test_the_clock_of_a_person_has_their_zone_and_their_days_off() -> None:
    policy = parse(WHOLE)
    wedding, evening = datetime(2026, 10, 12, 9, tzinfo=UTC), datetime(2026, 10, 13, 21, tzinfo=UTC)
    ana = policy.clock_of("ana", wedding, urgent=False)
    assert ana.zone == ZoneInfo("Europe/Madrid")
    assert not ana.works(wedding)
    assert ana.works(wedding + timedelta(days=1))
    assert policy.clock_of("cat", wedding, urgent=False).works(wedding)
    assert policy.clock_of("ana", evening, urgent=True).works(evening), "on call"
    assert not policy.clock_of("ana", evening, urgent=False).works(evening)
