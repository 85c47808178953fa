"""What people.yaml can get wrong about persons and teams; `routing` has a file of its own. For `lint`."""

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.config.calendar_file import CalendarFile
from bot.config.lint.calendar import lint_days, lint_zone
from bot.config.lint.words import label_faults, near, repeats
from bot.config.people_file import CHANNEL, USER, CapacityShape, PeopleFile, PersonShape, TeamShape
from bot.criteria.contact import email_fault, email_kind
from bot.criteria.rules import plain
from bot.yamlfile import Document, Fault, KeyPath, shown

MOST_WEIGHT = 100
DECIDING = {"rep", "manager"}
OF_LEADS = ("on_call", "delegate", "weight", "skills", "accounts", "known_as", "capacity")
"""Keys that say which leads somebody gets, and so nothing about marketing and ops."""


def lint_people(document: Document, people: PeopleFile, calendars: CalendarFile | None) -> Iterator[Fault]:
    """Every fault of people.yaml but for its routing; without `calendars` nobody asks whether there is such a one."""
    yield from _ids(document, people)
    names = [(("persons", key, "name"), one.name) for key, one in people.persons.items()]
    yield from label_faults(document, [*names, *((("teams", key, "name"), t.name) for key, t in people.teams.items())])
    for key, person in people.persons.items():
        yield from _person(document, person, ("persons", key))
        yield from _delegate(document, key, person, people)
    for key, team in people.teams.items():
        yield from _team(document, key, team, people)
    yield from _memberships(document, people)
    yield from _circles(document, people)
    yield from repeats(document, _accounts(people))
    yield from _namesakes(document, people)
    if calendars:
        yield from _calendars(document, people, calendars)


def lint_zones(document: Document, people: PeopleFile) -> Iterator[Fault]:
    """Zones of persons that nobody knows."""
    for key, person in people.persons.items():
        if person.zone is not None:
            yield from lint_zone(document, person.zone, ("persons", key, "zone"))
    if people.overview and people.overview.zone is not None:
        yield from lint_zone(document, people.overview.zone, ("overview", "zone"))


# Slack


def _ids(document: Document, people: PeopleFile) -> Iterator[Fault]:
    persons = [(("persons", key, "slack"), one.slack) for key, one in people.persons.items() if one.slack is not None]
    channels = [(("teams", key, "channel"), team.channel) for key, team in people.teams.items()]
    shared = {"feedback_channel": people.feedback_channel, "ops_channel": people.ops_channel}
    common: list[tuple[KeyPath, str]] = [((key,), channel) for key, channel in shared.items() if channel is not None]
    common += [(("names_in", place), channel) for place, channel in enumerate(people.names_in)]
    common += [(("overview", "channel"), people.overview.channel)] if people.overview else []
    for keys in (("persons", key, "slack") for key, one in people.persons.items() if one.slack is None):
        yield document.fault(f"missing; expected {USER}", *keys)
    yield from _slack_ids(document, persons, "UW", USER)
    yield from _slack_ids(document, [*channels, *common], "CG", CHANNEL)
    yield from repeats(document, persons)
    yield from repeats(document, channels)


def _slack_ids(document: Document, ids: Iterable[tuple[KeyPath, str]], letters: str, expected: str) -> Iterator[Fault]:
    for keys, found in ids:
        if not re.fullmatch(f"[{letters}][A-Z0-9]{{1,20}}", found):
            yield document.fault(f"got {found!r}, expected {expected}", *keys)


# One person


def _person(document: Document, person: PersonShape, keys: KeyPath) -> Iterator[Fault]:
    yield from lint_days(document, person.away, (*keys, "away"))
    yield from _capacity(document, person.capacity, (*keys, "capacity"))
    if not 0 <= person.weight <= MOST_WEIGHT:
        yield document.fault(f"got {person.weight}, expected 0 to {MOST_WEIGHT}", *keys, "weight")
    yield from _words(document, "skills", person.skills, keys)
    yield from _words(document, "known_as", map(str, person.known_as), keys)
    for place, account in enumerate(person.accounts):
        yield from _account(document, account, (*keys, "accounts", place))
    for key in OF_LEADS:
        if person.role not in DECIDING and key in person.model_fields_set:
            words = f"{person.role} gets no leads; expected none of a person with this role"
            yield document.fault(words, *keys, key)


def _words(document: Document, key: str, words: Iterable[str], keys: KeyPath) -> Iterator[Fault]:
    placed = [((*keys, key, place), word) for place, word in enumerate(words)]
    yield from label_faults(document, placed)
    if key == "skills":
        yield from repeats(document, placed)


def _account(document: Document, account: str, keys: KeyPath) -> Iterator[Fault]:
    address = f"x@{account}"
    if email_fault(address):
        yield document.fault(f"got {shown(account)}, expected what follows the @, such as example.com", *keys)
    elif email_kind(address) != "business":
        words = f"{shown(account)} gives mailboxes to anybody; expected the domain of one company"
        yield document.fault(words, *keys)


def _capacity(document: Document, capacity: CapacityShape, keys: KeyPath) -> Iterator[Fault]:
    for key, most in (("open", capacity.open), ("per_day", capacity.per_day)):
        if most is not None and most < 1:
            yield document.fault(f"got {most}, expected at least 1", *keys, key)


# One team


def _team(document: Document, key: str, team: TeamShape, people: PeopleFile) -> Iterator[Fault]:
    keys: KeyPath = ("teams", key)
    manager = people.persons.get(team.manager)
    if manager is None:
        yield nobody(document, team.manager, people, *keys, "manager")
    elif manager.role != "manager":
        words = f"{team.manager!r} has role {manager.role}; expected a person with role manager"
        yield document.fault(words, *keys, "manager")
    if not team.members:
        yield document.fault("is empty; expected at least one key of persons", *keys, "members")
    for place, member in enumerate(team.members):
        yield from _decides(document, member, people, *keys, "members", place)
    weights = [people.persons[member].weight for member in team.members if member in people.persons]
    if weights and not any(weights):
        words = "everybody's weight is 0, so nobody gets a lead; expected more of at least one"
        yield document.fault(words, *keys, "members")
    yield from _capacity(document, team.capacity, (*keys, "capacity"))


def _decides(document: Document, key: str, people: PeopleFile, *keys: str | int) -> Iterator[Fault]:
    person = people.persons.get(key)
    if person is None:
        yield nobody(document, key, people, *keys)
    elif person.role not in DECIDING:
        words = f"{key!r} has role {person.role}; expected a rep or a manager, who may accept leads"
        yield document.fault(words, *keys)


def nobody(document: Document, key: str, people: PeopleFile, *keys: str | int) -> Fault:
    """A fault where a key of persons is none."""
    return document.fault(f"{key!r} is nobody; expected {near(key, people.persons, 'a key of persons')}", *keys)


def _memberships(document: Document, people: PeopleFile) -> Iterator[Fault]:
    """A lead goes to a person, and the person's team gives channel and manager: there must be one."""
    first: dict[str, str] = {}
    for key, team in people.teams.items():
        for place, member in enumerate(team.members):
            if member in first:
                words = f"{member!r} is in team {first[member]} already; expected one team per person"
                yield document.fault(words, "teams", key, "members", place)
            first.setdefault(member, key)


# What several persons have to do with each other


def _delegate(document: Document, key: str, person: PersonShape, people: PeopleFile) -> Iterator[Fault]:
    if person.delegate is not None and person.role in DECIDING:
        yield from _decides(document, person.delegate, people, "persons", key, "delegate")


def _circles(document: Document, people: PeopleFile) -> Iterator[Fault]:
    """Each once, at the first person in it."""
    told: set[str] = set()
    for key in people.persons:
        circle = _circle(key, people.persons)
        if circle and not told & {*circle}:
            told |= {*circle}
            way = " → ".join([*circle, key])
            words = f"{way} leads in a circle; expected somebody who is there while they are away"
            yield document.fault(words, "persons", key, "delegate")


def _circle(key: str, persons: Mapping[str, PersonShape]) -> list[str]:
    """From `key` on, each with their delegate behind them, if that comes back to `key`; else nothing."""
    way = [key]
    while (after := persons[way[-1]].delegate) in persons and after not in way:
        way.append(str(after))
    return way if after == key else []


def _accounts(people: PeopleFile) -> list[tuple[KeyPath, str]]:
    return [
        (("persons", key, "accounts", place), account)
        for key, person in people.persons.items()
        for place, account in enumerate(person.accounts)
    ]


def _namesakes(document: Document, people: PeopleFile) -> Iterator[Fault]:
    """What another system calls somebody must mean nobody else, or an account's lead could go to either."""
    persons = people.persons.items()
    owners = {plain(word): key for key, one in reversed(persons) for word in (key, one.name, one.slack)}
    for key, one in persons:
        for place, name in enumerate(one.known_as):
            owner = owners.setdefault(plain(str(name)), key)
            if owner != key:
                words = f"{shown(name)} is {owner} already; expected a name of their own"
                yield document.fault(words, "persons", key, "known_as", place)


# Calendars


def _calendars(document: Document, people: PeopleFile, calendars: CalendarFile) -> Iterator[Fault]:
    for keys, name in _named(people):
        if name is not None and name not in calendars.calendars:
            expected = near(name, calendars.calendars, "a calendar of calendar.yaml")
            yield document.fault(f"{name!r} is no calendar; expected {expected}", *keys)


def only_on_call(people: PeopleFile, default: str) -> set[str]:
    """The calendars that are nobody's working time, but in which somebody is on call."""
    on_call = {one.on_call for one in people.persons.values() if one.on_call}
    return on_call - {default, *(name for keys, name in _named(people) if name and keys[-1] == "calendar")}


def _named(people: PeopleFile) -> Iterator[tuple[KeyPath, str | None]]:
    for key, person in people.persons.items():
        yield ("persons", key, "calendar"), person.calendar
        yield ("persons", key, "on_call"), person.on_call
    for key, team in people.teams.items():
        yield ("teams", key, "calendar"), team.calendar
