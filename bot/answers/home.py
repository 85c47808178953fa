"""What stands on somebody's home tab: their open leads, and who of their people is there."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.answers.open_cards import open_leads
from bot.config.policy import Policy
from bot.handoff.absence import Absence
from bot.handoff.home import Home, Presence
from bot.lead import People, Person
from bot.store import absences, policies, turns
from bot.store.engine import Tx

MOST_LEADS = 20
MOST_PEOPLE = 40


def home(tx: Tx, slack: str, now: datetime) -> Home | None:
    """The home of a person (Slack id) at `now` (UTC); None for somebody Baton was never told of."""
    policy = policies.current(tx)
    person = policy.people.by_slack(slack)
    if person is None:
        return None
    waiting = turns.cards_of(tx, person.key)
    me, *staff = _presences(tx, policy, [person, *_staff(person, policy.people)], now)
    return Home(
        me=me,
        sells=policy.people.team_of(person.key) is not None,
        leads=tuple(open_leads(tx, [one.handoff for one in waiting[:MOST_LEADS]])),
        waiting=len(waiting),
        staff=tuple(sorted(staff, key=lambda one: not one.leaves)[:MOST_PEOPLE]),
    )


def presence(tx: Tx, key: str, now: datetime) -> Presence | None:
    """Whether somebody (key) is there at `now` (UTC); None where the configuration no longer has them."""
    policy = policies.current(tx)
    person = policy.people.persons.get(key)
    return next(_presences(tx, policy, [person], now)) if person else None


def _staff(person: Person, people: People) -> list[Person]:
    """The others of the teams they manage; of all teams, for operations."""
    teams = [team for team in people.teams.values() if person.key == team.manager or person.role == "ops"]
    keys = dict.fromkeys(key for team in teams for key in (team.manager, *team.members))
    return [people.persons[key] for key in keys if key in people.persons and key != person.key]


def _presences(tx: Tx, policy: Policy, persons: list[Person], now: datetime) -> Iterator[Presence]:
    standing = absences.standing(tx, [one.key for one in persons])
    for person in persons:
        yield _presence(policy, person, [one for one in standing if one.person == person.key], now)


def _presence(policy: Policy, person: Person, said: Iterable[Absence], now: datetime) -> Presence:
    today = now.astimezone(policy.hours_of(person.key).zone).date()
    ahead = [one for one in said if one.leave.last is None or today <= one.leave.last]
    planned = [leave for leave in person.leave if leave.last is None or today <= leave.last]
    leaves = sorted([*planned, *(one.leave for one in ahead)], key=lambda leave: leave.first)
    return Presence(person, today, tuple(leaves), ahead[0].id if ahead else None)
