"""Who may do what: every button × everybody who could press it."""

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from bot.handoff.commands import Accept, Claim, PersonCommand, Reassign, Reject, Reroute, Snooze, Take, Undo
from bot.handoff.decision import Why
from bot.handoff.permissions import ALLOWED, WHY_NOT, may, team_of
from bot.lead import People, Person, Team
from tests.support import POLICY, handoff

STRANGER = Person("zed", "Zed", "U0ZED", "rep")
DAN = Person("dan", "Dan", "U0DAN", "rep")
NOAH = Person("noah", "Noah", "U0NOAH", "manager")
EMEA = Team("emea", "EMEA", "C0EMEA", "noah", ("dan",))


def company(**teams: Team) -> People:
    """The company with Dan of another team, who stands in for Ana."""
    persons = {**POLICY.people.persons, "dan": DAN, "noah": NOAH}
    return replace(
        POLICY.people,
        persons={**persons, "ana": replace(persons["ana"], delegate="dan")},
        teams=teams or {**POLICY.people.teams, "emea": EMEA},
    )


PEOPLE = company()

# The hand-off is Ana's and was decided by Tom of marketing, once; Dan is her delegate and Maya the manager.
OWNERS = {"ana", "dan", "maya"}
MAY: dict[type[PersonCommand], set[str]] = {
    Accept: OWNERS,
    Reject: OWNERS,
    Reroute: OWNERS,
    Snooze: OWNERS,
    Undo: {"tom", "maya"},
    Take: {"ana", "ben", "maya"},
    Claim: {"ana", "ben", "maya"},
    Reassign: {"maya"},
}
EVERYBODY = ["ana", "ben", "dan", "maya", "noah", "tom", "zed"]


def test_the_tables_are_of_all_commands_of_persons() -> None:
    assert set(MAY) == set(ALLOWED) == set(WHY_NOT) == set(get_args(PersonCommand))


@pytest.mark.parametrize(("command", "who"), list(product(MAY, EVERYBODY)))
def test_only_those_who_may_can(command: type[PersonCommand], who: str) -> None:
    person = PEOPLE.persons.get(who, STRANGER)
    assert may(person, command, handoff(decided_by="tom"), PEOPLE) == (who in MAY[command])


def test_who_may_not_learns_what_it_is_they_may_not() -> None:
    assert {command.__name__: why for command, why in WHY_NOT.items()} == {
        "Accept": Why.NOT_YOURS,
        "Reject": Why.NOT_YOURS,
        "Reroute": Why.NOT_YOURS,
        "Snooze": Why.NOT_YOURS,
        "Undo": Why.NOT_YOUR_DECISION,
        "Take": Why.NOT_YOUR_TEAM,
        "Claim": Why.NOT_YOUR_TEAM,
        "Reassign": Why.NOT_YOUR_MOVE,
    }


def test_a_delegate_stands_in_for_the_owner_and_not_for_the_owner_before() -> None:
    assert not may(DAN, Accept, handoff(owner="ben"), PEOPLE)


@pytest.mark.parametrize("command", MAY)
def test_a_hand_off_of_a_team_that_is_gone_is_answered_for_by_the_team_its_owner_is_in_now(
    command: type[PersonCommand],
) -> None:
    orphan = handoff(team="gone", decided_by="tom")
    able = {who for who in EVERYBODY if may(PEOPLE.persons.get(who, STRANGER), command, orphan, PEOPLE)}
    assert able == MAY[command]


def test_with_team_and_owners_team_gone_only_the_owner_the_delegate_and_the_decider_are_left() -> None:
    people = company(emea=EMEA)
    orphan = handoff(decided_by="ben")
    assert team_of(orphan, people) is None
    able = {
        (who, one.__name__)
        for who, one in product(people.persons, MAY)
        if may(people.persons[who], one, orphan, people)
    }
    owners = {Accept.__name__, Reject.__name__, Reroute.__name__, Snooze.__name__}
    assert able == {*product(("ana", "dan"), owners), ("ben", "Undo")}


def test_a_hand_off_that_nobody_owns_and_no_team_holds_is_nobodys() -> None:
    nobodys = handoff(owner=None, team=None, decided_by=None)
    assert not any(may(person, command, nobodys, PEOPLE) for person in PEOPLE.persons.values() for command in MAY)
