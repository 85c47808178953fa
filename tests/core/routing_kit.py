"""Two teams of reps with their managers, who stand ready to get leads, for the tests of routing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.criteria.facts import Facts
from bot.criteria.rules import Test as Comparison
from bot.handoff.chain import route
from bot.handoff.routing import Ask, Candidate, Routed, Routing, Rule
from bot.lead import Lead, People, Person, Team, Value
from tests.support import NOW

NAMES = {
    "ana": "Ana Ruiz",
    "ben": "Ben Okafor",
    "cy": "Cy Young",
    "maya": "Maya Lindqvist",
    "dee": "Dee Dee",
    "eli": "Eli Wall",
    "noor": "Noor Haddad",
}
EAST = Team("east", "East", "C0EAST", "maya", ("ana", "ben", "cy"))
WEST = Team("west", "West", "C0WEST", "noor", ("dee", "eli"))
TEAMS = {team.key: team for team in (EAST, WEST)}


def rule(label: str, field: str, value: str, teams: Sequence[str] = (), skills: Iterable[str] = ()) -> Rule:
    """A rule that holds where `field` is `value`."""
    return Rule(label, Comparison(field, "equals", (value,)), tuple(teams), frozenset(skills))


class Company:
    """Who works here and how they stand. Keyword arguments of `stands` go to the person or to the candidate."""

    def __init__(self, *rules: Rule, otherwise: Sequence[str] = (), teams: Sequence[Team] = (EAST, WEST)) -> None:
        self.teams = {team.key: team for team in teams}
        self.persons = {
            key: Person(key, name, f"U0{key.upper()}", "manager" if key in ("maya", "noor") else "rep")
            for key, name in NAMES.items()
        }
        self.routing = Routing(rules=rules, otherwise=tuple(otherwise))
        self.standing: dict[str, dict[str, Any]] = {key: {"at_work": NOW} for key in NAMES}

    def stands(self, *keys: str, **changes: Any) -> "Company":
        for key in keys or tuple(NAMES):
            persons = {name: value for name, value in changes.items() if name in Person.__dataclass_fields__}
            self.persons[key] = replace(self.persons[key], **persons)
            self.standing[key] |= {name: value for name, value in changes.items() if name not in persons}
        return self

    @property
    def people(self) -> People:
        return People(self.persons, self.teams)

    @property
    def candidates(self) -> list[Candidate]:
        """As a move gathers them: team by team its members, then its manager."""
        return [
            Candidate(self.persons[key], team, **self.standing[key])
            for team in self.teams.values()
            for key in dict.fromkeys((*team.members, team.manager))
        ]

    def route(self, lead: Lead | None = None, **ask: Any) -> Routed:
        asked = Ask(Facts(lead or Lead(email="elena@vialetto.example")), **ask)
        return route(asked, self.candidates, self.routing, self.people, NOW)


def lead(email: str = "elena@vialetto.example", **attributes: Value) -> Lead:
    """A lead with attributes."""
    return Lead(email=email, attributes=attributes)


def told(routed: Routed) -> list[str]:
    """The trace as somebody would read it: rule, who is left, why not the others."""
    return [
        " | ".join([one.rule, " ".join(one.left) or "nobody", *(f"{who}: {why}" for who, why in one.dropped.items())])
        for one in routed.trace
    ]
