"""`baton away`, `back` and `who`: somebody is not there, is there again, and who is."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

import typer

from bot.cli.shared import Complaint, now, opened
from bot.clock.calendar import NeverOpen
from bot.config.policy import Policy
from bot.handoff.absence import fault
from bot.handoff.routing import WHOLE
from bot.lead import Leave, Person
from bot.moves.attendance import come_back, go_away, today
from bot.store import absences, policies, profiles, turns
from bot.store.engine import Store, Tx
from bot.store.profiles import Profile

BY = "operations"
"""Who says so, in messages and history."""

Key = Annotated[str, typer.Argument(metavar="KEY", help="A person, by the key people.yaml has for them.")]


def away(
    key: Key,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day; else today.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="The last day; until they are back.")] = None,
    why: Annotated[str, typer.Option(metavar="TEXT", help="Shown to them and to their manager.")] = "Absence",
) -> None:
    """Somebody is not there: new leads pass them by, open ones that cannot wait for them go to others."""
    with opened() as store:
        policy = _policy(store)
        person, day = _person(policy, key), today(policy, key, now())
        leave = Leave(_day("--from", first) if first else day, _day("--until", until) if until else None, why)
        wrong = fault(leave, day)
        if wrong:
            raise Complaint(f"--from {leave.first}{f' --until {leave.last}' if leave.last else ''}: {wrong}")
        said = _said(store, key, leave)
        if said is None:
            go_away(store, now(), key, leave, BY)
    leave, already = said or leave, " already" if said else ""
    ends = f" until {leave.last}" if leave.last else f", until `baton back {key}`"
    typer.echo(f"{person.name} is away{already} from {leave.first}{ends}: {_plain(leave.label)}")


def back(key: Key) -> None:
    """Somebody is there again: absences that have begun end, or else those to come are called off."""
    with opened() as store:
        person = _person(_policy(store), key)
        ended = come_back(store, now(), key, BY)
    typer.echo(f"{person.name} is back" if ended else f"{person.name} was not away")


def who() -> None:
    """Everybody who can have leads: at work or not, away until when, open cards, how much of a lead they are owed."""
    at = now()
    with opened() as store, store.reading() as tx:
        lines = list(_staff(tx, policies.current(tx), at))
    for line in lines or ["nobody is configured: people.yaml has no team"]:
        typer.echo(line)


def _staff(tx: Tx, policy: Policy, at: datetime) -> Iterator[str]:
    people = policy.people
    keys = dict.fromkeys(key for team in people.teams.values() for key in (*team.members, team.manager))
    cards, owed, seen = turns.open_cards(tx, keys), turns.balances(tx), profiles.every(tx)
    told: dict[str, list[Leave]] = {key: [] for key in keys}
    for one in absences.standing(tx, keys):
        told[one.person].append(one.leave)
    for team in people.teams.values():
        yield f"{team.name} ({team.key})"
        for key in dict.fromkeys((*team.members, team.manager)):
            person = people.persons[key]
            state = _state(policy, person, told[key], seen.get(key, Profile(key)), at)
            role = ", manager" if key == team.manager else ""
            balance = f"{owed.get(key, 0) / WHOLE:+.2f}"
            yield f"  {key:<12} {person.name}{role}: {state}; {cards.get(key, 0)} open, owed {balance}"


def _state(policy: Policy, person: Person, told: list[Leave], seen: Profile, at: datetime) -> str:
    if seen.gone:
        return "Slack account gone"
    day = today(policy, person.key, at)
    off = [one for one in (*person.leave, *told) if one.last is None or day <= one.last]
    soonest = min(off, key=lambda one: one.first, default=None)
    if soonest and soonest.first <= day:
        return f"away{f' until {soonest.last}' if soonest.last else ''}: {_plain(soonest.label)}"
    later = f", away from {soonest.first}: {_plain(soonest.label)}" if soonest else ""
    hint = f", Slack status: {_plain(seen.status.words)}" if seen.status else ""
    return _at_work(policy, person, told, at) + later + hint


def _plain(words: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in words)


def _at_work(policy: Policy, person: Person, told: list[Leave], at: datetime) -> str:
    hours = policy.clock_of(person.key, at, urgent=False, off=told)
    try:
        opens = hours.opens(at)
    except NeverOpen:
        return "hardly ever at work"
    return "at work" if opens <= at else f"at work from {opens.astimezone(hours.zone):%Y-%m-%d %H:%M %Z}"


def _said(store: Store, key: str, leave: Leave) -> Leave | None:
    """What says so already: the same leave, or where it has no end, another without one that has begun by then."""
    with store.reading() as tx:
        standing = [one.leave for one in absences.standing(tx, [key])]
    for one in standing:
        if one == leave or (leave.last is None and one.last is None and one.first <= leave.first):
            return one
    return None


def _policy(store: Store) -> Policy:
    with store.reading() as tx:
        return policies.current(tx)


def _person(policy: Policy, key: str) -> Person:
    persons = policy.people.persons
    if not persons:
        raise Complaint(f"KEY: got {key!r}, but nobody is configured: people.yaml has no persons")
    if key not in persons:
        raise Complaint(f"KEY: got {key!r}, expected one of {', '.join(persons)}")
    return persons[key]


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Complaint(f"{option}: {text!r} is no date; expected one such as 2026-12-24") from None
