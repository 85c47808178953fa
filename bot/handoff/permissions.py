"""Which role may give which command. Every button is checked here, whoever presses it."""

from bot.handoff.commands import Accept, Claim, PersonCommand, Reassign, Reject, Reroute, Snooze, Take, Undo
from bot.handoff.decision import Why
from bot.handoff.states import Handoff
from bot.lead import People, Person, Team


def may(person: Person, command: type[PersonCommand], handoff: Handoff, people: People) -> bool:
    """Whether `person` may give `command` on `handoff`, its state aside.

    Accept, reject, not mine, snooze: the owner, the owner's delegate and the team's manager. Undo: whoever decided, and
    the manager. Take, claim: the whole team. Reassign: the manager.
    """
    return bool(_roles(person, handoff, people) & ALLOWED[command])


def team_of(handoff: Handoff, people: People) -> Team | None:
    """The team that answers for it: its own, or its owner's once the configuration has that one no more."""
    return people.teams.get(handoff.team or "") or people.team_of(handoff.owner or "")


WHY_NOT: dict[type[PersonCommand], Why] = {
    Accept: Why.NOT_YOURS,
    Reject: Why.NOT_YOURS,
    Undo: Why.NOT_YOUR_DECISION,
    Take: Why.NOT_YOUR_TEAM,
    Claim: Why.NOT_YOUR_TEAM,
    Reroute: Why.NOT_YOURS,
    Snooze: Why.NOT_YOURS,
    Reassign: Why.NOT_YOUR_MOVE,
}
"""The refusal of somebody who may not give a command."""


def _roles(person: Person, handoff: Handoff, people: People) -> set[str]:
    team, owner = team_of(handoff, people), people.persons.get(handoff.owner or "")
    roles = {
        "owner": person.key == handoff.owner,
        "delegate": owner is not None and person.key == owner.delegate,
        "decider": person.key == handoff.decided_by,
        "manager": team is not None and person.key == team.manager,
        "member": team is not None and person.key in team.members,
    }
    return {role for role, holds in roles.items() if holds}


_OWNER = frozenset({"owner", "delegate", "manager"})
_TEAM = frozenset({"member", "manager"})

ALLOWED: dict[type[PersonCommand], frozenset[str]] = {
    Accept: _OWNER,
    Reject: _OWNER,
    Reroute: _OWNER,
    Snooze: _OWNER,
    Undo: frozenset({"decider", "manager"}),
    Take: _TEAM,
    Claim: _TEAM,
    Reassign: frozenset({"manager"}),
}
