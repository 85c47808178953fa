"""Where a lead goes, and by whose clock: everybody who could have it is gathered as they stand now, routing chooses.

`offer` asks for a new lead, the moves that change its owner for one that must go elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import cache, partial

from bot.clock import ladder
from bot.clock.calendar import ROUND_THE_CLOCK, Calendar, NeverOpen
from bot.clock.ladder import Sla
from bot.config.policy import Policy
from bot.criteria.facts import Facts
from bot.handoff.absence import reason
from bot.handoff.chain import route
from bot.handoff.routing import Ask, Candidate, Routed
from bot.handoff.states import Handoff
from bot.lead import Leave, Person, Team
from bot.moves.turn import Turn
from bot.store import absences, handoffs, policies, profiles, refusals, turns
from bot.store.leads import StoredLead

GONE = "their Slack account is gone"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: a team, or a person, by key; who must not get it, with why; and which channels are full."""

    team: str | None = None
    person: str | None = None
    never: Mapping[str, str] = field(default_factory=dict)
    full: Set[str] = frozenset()


def choose(here: Turn, stored: StoredLead, sla: Sla, wish: Wish) -> Routed:
    """Where the lead goes now; nobody else's lead is placed until this transaction ends."""
    handoffs.take_turns(here.tx)
    barred = {**refusals.of_lead(here.tx, stored.id), **wish.never}
    known = Facts(stored.lead, here.policy.criteria.derived)
    ask = Ask(known, sla.urgent, wish.team, wish.person, wish.full)
    return route(ask, _candidates(here, sla, barred), here.policy.routing, here.policy.people, here.now)


def terms(here: Turn, handoff: Handoff) -> tuple[Policy, Sla]:
    """The policy that a hand-off was offered under, as far as it can still be read and knows its owner, and its SLA."""
    try:
        offered = policies.of_version(here.tx, handoff.policy) or here.policy
    except policies.Outdated:
        offered = here.policy
    tier = handoff.raised_from or handoff.tier or ""
    slas = {**here.policy.slas, **offered.slas}
    known = offered if handoff.owner in offered.people.persons else here.policy
    return known, slas.get(tier) or next(iter(slas.values()))


def clock(here: Turn, key: str | None, *, urgent: bool) -> Calendar:
    """The working time of the person `key` as of now, but for the days on which they are off."""
    off = [one.leave for one in absences.standing(here.tx, [key or ""])]
    return here.policy.clock_of(key, here.now, urgent=urgent, off=off)


def timed(here: Turn, key: str, sla: Sla) -> tuple[ladder.Ladder, Calendar]:
    """The ladder of a lead that the person `key` gets now, and the calendar it is counted in.

    Somebody who hardly works at all may still take a lead by a click: then every minute counts.
    """
    hours = clock(here, key, urgent=sla.urgent)
    try:
        return ladder.build(sla, here.now, hours), hours
    except NeverOpen:
        return ladder.build(sla, here.now, ROUND_THE_CLOCK), ROUND_THE_CLOCK


def _candidates(here: Turn, sla: Sla, barred: Mapping[str, str]) -> Sequence[Candidate]:
    """Every member of every team, and the managers, as they stand now."""
    places = [(team, person) for team in here.policy.people.teams.values() for person in _staff(here, team)]
    keys = {person.key for _, person in places}
    off: dict[str, list[Leave]] = {key: [] for key in keys}
    for one in absences.standing(here.tx, keys):
        off[one.person].append(one.leave)
    open_cards = turns.open_cards(here.tx, {one.key for _, one in places if one.capacity.open is not None})
    today = turns.gotten(here.tx, {one.key: _midnight(here, one) for _, one in places if one.capacity.per_day})
    owed, gone = turns.balances(here.tx), profiles.gone(here.tx)
    # Many people share a calendar: what it says of this moment is worked out once.
    due, opens = cache(partial(_due, here.now, sla)), cache(partial(_opens, here.now))

    def away(person: Person) -> str | None:
        hours = here.policy.clock_of(person.key, here.now, urgent=sla.urgent)
        days = (*person.leave, *off[person.key])
        return GONE if person.key in gone else _away(days, hours, here.now, due(hours))

    def at_work(person: Person) -> datetime | None:
        return opens(here.policy.clock_of(person.key, here.now, urgent=True, off=off[person.key]))

    return [
        Candidate(
            person,
            team,
            open=open_cards.get(person.key, 0),
            today=today.get(person.key, 0),
            balance=owed.get(person.key, 0),
            away=away(person),
            barred=barred.get(person.key),
            at_work=at_work(person) if sla.urgent else None,  # of no other lead it is asked
        )
        for team, person in places
    ]


def _staff(here: Turn, team: Team) -> Iterator[Person]:
    for key in dict.fromkeys((*team.members, team.manager)):
        if person := here.policy.people.persons.get(key):
            yield person


def _away(off: Sequence[Leave], hours: Calendar, now: datetime, due: datetime | str) -> str | None:
    """Why they cannot have it: they are off, now or before it would be `due`, or they hardly work at all."""
    if isinstance(due, str) or not off:
        return due if isinstance(due, str) else None
    today, last = (moment.astimezone(hours.zone).date() for moment in (now, due))
    return reason(off, today, last)


def _due(now: datetime, sla: Sla, hours: Calendar) -> datetime | str:
    """When a lead would be due by these hours (UTC); in words, if never."""
    try:
        return hours.add(now, sla.due.by(hours))
    except NeverOpen as never:
        return str(never)


def _opens(now: datetime, hours: Calendar) -> datetime | None:
    """When work begins next by these hours, or now (UTC)."""
    try:
        return hours.opens(now)
    except NeverOpen:
        return None


def _midnight(here: Turn, person: Person) -> datetime:
    """When the day began, for them."""
    zone = here.policy.hours_of(person.key).zone
    return datetime.combine(here.now.astimezone(zone).date(), time(), zone).astimezone(UTC)
