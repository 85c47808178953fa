"""Which role may give which command. Every button is checked here, whoever presses it."""

from bot.handoff.commands import Accept, PersonCommand, Reject, Take, Undo
from bot.handoff.machine import Why
from bot.handoff.states import Handoff
from bot.lead import People, Person


def may(person: Person, command: type[PersonCommand], handoff: Handoff, people: People) -> bool:
    """Whether `person` may give `command` on `handoff`, its state aside.

    Accept, reject: the owner and the team's manager. Undo: whoever decided, and the manager. Take: the whole team.
    """
    return bool(_roles(person, handoff, people) & ALLOWED[command])


WHY_NOT: dict[type[PersonCommand], Why] = {
    Accept: Why.NOT_YOURS,
    Reject: Why.NOT_YOURS,
    Undo: Why.NOT_YOUR_DECISION,
    Take: Why.NOT_YOUR_TEAM,
}
"""The refusal of somebody who may not give a command."""


def _roles(person: Person, handoff: Handoff, people: People) -> set[str]:
    team = people.teams.get(handoff.team or "")
    roles = {
        "owner": person.key == handoff.owner,
        "decider": person.key == handoff.decided_by,
        "manager": team is not None and person.key == team.manager,
        "member": team is not None and person.key in team.members,
    }
    return {role for role, holds in roles.items() if holds}


ALLOWED: dict[type[PersonCommand], frozenset[str]] = {
    Accept: frozenset({"owner", "manager"}),
    Reject: frozenset({"owner", "manager"}),
    Undo: frozenset({"decider", "manager"}),
    Take: frozenset({"member", "manager"}),
}
