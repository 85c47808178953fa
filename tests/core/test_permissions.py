"""Who may do what: every button × everybody who could press it."""

from itertools import product

import pytest

from bot.handoff.commands import Accept, PersonCommand, Reject, Take, Undo
from bot.handoff.permissions import may
from bot.lead import Person
from tests.support import POLICY, handoff

PEOPLE = POLICY.people
STRANGER = Person("zed", "Zed", "U0ZED", "rep")

# The hand-off is Ana's and was decided by Ben while Maya is the manager.
MAY: dict[type[PersonCommand], set[str]] = {
    Accept: {"ana", "maya"},
    Reject: {"ana", "maya"},
    Undo: {"ben", "maya"},
    Take: {"ana", "ben", "maya"},
}


@pytest.mark.parametrize(("command", "who"), list(product(MAY, ["ana", "ben", "maya", "tom", "zed"])))
def test_only_those_who_may_can(command: type[PersonCommand], who: str) -> None:
    person = PEOPLE.persons.get(who, STRANGER)
    assert may(person, command, handoff(decided_by="ben"), PEOPLE) == (who in MAY[command])


def test_a_team_that_is_gone_leaves_only_the_owner_and_the_decider() -> None:
    orphan = handoff(team="gone", decided_by="ben")
    able = {(c.__name__, who) for c, who in product(MAY, PEOPLE.persons) if may(PEOPLE.persons[who], c, orphan, PEOPLE)}
    assert able == {("Accept", "ana"), ("Reject", "ana"), ("Undo", "ben")}
