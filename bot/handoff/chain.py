"""The chain itself: from everybody who could have a lead to the one who gets it, and in words why.

Pure. Whoever was asked for comes first, then the owner of the account; for all other leads filter after filter leaves
fewer, and those who are left take fair turns. The moves that place a lead rely on it; their traces answer "why me?".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.criteria.rules import plain
from bot.handoff.filters import listed, no_room, soonest, steps, wanted
from bot.handoff.routing import WHOLE, Ask, Candidate, Considered, Queued, Route, Routed, Routing
from bot.lead import People, Person, Team


@dataclass(frozen=True, slots=True)
class _Chain:
    """What is asked, of whom, and the steps so far. `members` are the candidates who take turns."""

    ask: Ask
    candidates: Sequence[Candidate]
    members: Sequence[Candidate]
    routing: Routing
    people: People
    trace: list[Considered] = field(default_factory=list)

    def note(self, rule: str, left: Iterable[Candidate], dropped: Mapping[str, str] | None = None) -> None:
        self.trace.append(Considered(rule, tuple(one.person.key for one in left), dropped or {}))

    def end(self, place: Route | Queued, shares: Mapping[str, int] | None = None) -> Routed:
        return Routed(place, tuple(self.trace), shares or {})


def route(ask: Ask, candidates: Sequence[Candidate], routing: Routing, people: People, now: datetime) -> Routed:
    """Who gets the lead, or the queue that does. `candidates` in the configuration's order; `now` and theirs in UTC.

    Members of teams take turns; managers are candidates too, each for a team of theirs, and get what nobody else can
    have. With a Route the shares add up to WHOLE, with a queue there are none. They are what each has earned by this
    lead; that whoever gets it pays WHOLE for it is the store's business.
    """
    members = [one for one in candidates if one.person.key in one.team.members]
    chain = _Chain(ask, candidates, members, routing, people)
    if ask.person:
        asked_for = _person(chain, "asked for", ask.person, candidates)
        if asked_for:
            return _to(chain, asked_for, asked_for.team)
        colleagues = people.team_of(ask.person)
        chain = replace(chain, ask=replace(ask, team=ask.team or (colleagues.key if colleagues else None)))
    owner = _account_owner(chain)
    return _to(chain, owner, owner.team) if owner else _sifted(chain, now)


def _person(chain: _Chain, rule: str, key: str, among: Iterable[Candidate]) -> Candidate | None:
    """The person `key`, or who stands in for them: in the same team, if they can."""
    team = chain.people.team_of(key)
    found, dropped = _present(key, _by_key(among, chain.ask.team or (team.key if team else None)))
    name = chain.people.name_of(key)
    if found is None:
        chain.note(f"{rule}: {name}, who cannot have it", chain.members, dropped)
    else:
        chain.note(f"{rule}: {_instead(chain, found, name)}", [found], dropped)
    return found


def _present(key: str, here: Mapping[str, Candidate], past: bool = False) -> tuple[Candidate | None, dict[str, str]]:
    """Along the delegates from `key` on, the first who is not away; and why not those before them.

    Nobody if that one must not have the lead, unless the way goes `past` those as well.
    """
    dropped: dict[str, str] = {}
    following: str | None = key
    while following and following not in dropped:
        one = here.get(following)
        if one and not (one.away or one.barred):
            return one, dropped
        dropped[following] = (one.away or one.barred if one else None) or "gets no leads here"
        following = one.person.delegate if one and (one.away or past) else None
    return None, dropped


def _by_key(candidates: Iterable[Candidate], team: str | None) -> dict[str, Candidate]:
    """Of somebody who manages several teams, the one who stands there for `team` counts, else for their own."""
    here: dict[str, Candidate] = {}
    for one in sorted(candidates, key=lambda one: (one.team.key != team, one.person.key not in one.team.members)):
        here.setdefault(one.person.key, one)
    return here


def _instead(chain: _Chain, found: Candidate, name: str) -> str:
    stands_in = chain.people.name_of(found.person.key)
    return name if name == stands_in else f"{stands_in}, in place of {name}"


def _to(chain: _Chain, one: Candidate, team: Team) -> Routed:
    """They alone could have it: what they earn by it is what they pay, and it costs them no turn."""
    full = no_room(team.channel, team.name, chain.ask)
    if full:
        chain.note("room for a card this hour", (), {one.person.key: full})
        return chain.end(Queued("overflow", full))
    return chain.end(Route(team.key, one.person.key, team.channel), {one.person.key: WHOLE})


def _account_owner(chain: _Chain) -> Candidate | None:
    """Capacity, skills and rules do not matter to them: the account is theirs."""
    persons, key = chain.people.persons.values(), chain.routing.owner_field
    said, domain = plain(chain.ask.known.value(key)), chain.ask.known.value("email_domain")
    owners, by = _called(str(said), persons) if said is not None else [], "account owner"
    if not owners and domain is not None:
        owners, by = [one for one in persons if domain in one.accounts], "account owner by e-mail domain"
    if len(owners) == 1:
        among = [one for one in chain.candidates if chain.ask.team in (None, one.team.key)]
        return _person(chain, by, owners[0].key, among)
    if owners:
        chain.note(f"{by}: could be {listed([one.name for one in owners], 'or')}", chain.members)
    elif said is not None:
        chain.note(f"account owner: nobody here goes by what {key} says", chain.members)
    return None


def _called(name: str, persons: Iterable[Person]) -> list[Person]:
    """Whoever goes by this name, in the form that `plain` gives it; an id beats a display name."""
    by_id = [one for one in persons if name in map(plain, (one.key, one.slack, *one.known_as))]
    return by_id or [one for one in persons if name == plain(one.name)]


def _sifted(chain: _Chain, now: datetime) -> Routed:
    """Filter after filter; the one that leaves nobody says what becomes of the lead."""
    need = wanted(chain.ask, chain.routing, chain.people)
    left, gone = chain.members, False
    for step in steps(chain.ask, need, chain.people):
        passed, told = step.sift(left)
        if told:
            chain.trace.append(told)
        if not passed:
            reason = step.empty.replace("everybody", "everybody else", 1) if gone else step.empty
            return chain.end(Queued("overflow", reason)) if step.waits else _to_manager(chain, need.teams, reason)
        gone = gone or (step.empty.startswith("everybody") and len(passed) < len(left))
        left = passed
    if chain.ask.urgent:
        left, told = soonest(left, now).sift(left)
        chain.trace.extend([told] if told else [])
    return _turn(chain, left)


def _turn(chain: _Chain, left: Sequence[Candidate]) -> Routed:
    """Whoever is owed most once this lead is shared out by weight; of those who are owed the same, the first.

    nginx's smooth weighted round robin (ngx_http_upstream_round_robin.c), with parts of one lead for weights, since
    who can have it differs from lead to lead. What rounding down leaves over, a few millionths, goes to the winner.
    """
    total = sum(one.person.weight for one in left)
    shares = {one.person.key: WHOLE * one.person.weight // total for one in left}
    owed = {one.person.key: one.balance + shares[one.person.key] for one in left}
    winner = max(left, key=lambda one: owed[one.person.key])
    key = winner.person.key
    shares[key] += WHOLE - sum(shares.values())
    name = chain.people.name_of(key)
    if len(left) == 1:
        chain.note(f"the only one left: {name}", left)
    else:
        most = _owed(owed[key])
        chain.note(f"the fair turn: {name}, {most}", [winner], dict(_less(owed, key, most)))
    return chain.end(Route(winner.team.key, key, winner.team.channel), shares)


def _owed(amount: int) -> str:
    leads = f"{abs(amount) / WHOLE:.2f} of a lead"
    return f"owed {leads}" if amount >= 0 else f"{leads} ahead"


def _less(owed: Mapping[str, int], winner: str, most: str) -> Iterator[tuple[str, str]]:
    """Why not the others."""
    for key, amount in owed.items():
        words = _owed(amount)
        if words == most:
            words = "owed as much, but later in the list" if amount == owed[winner] else "owed a trace less"
        if key != winner:
            yield key, words


def _to_manager(chain: _Chain, teams: Iterable[str], reason: str) -> Routed:
    """The first manager of `teams` who is here, else who stands in for them. With none here, the lead has to wait."""
    here, dropped = _by_key(chain.candidates, None), dict[str, str]()
    for team in filter(None, map(chain.people.teams.get, teams)):
        found, absent = _present(team.manager, here, past=True)
        dropped |= absent
        if found:
            name = chain.people.name_of(team.manager)
            chain.note(f"falls to the manager: {_instead(chain, found, name)}", [found], dropped)
            return _to(chain, found, team)
    chain.note("falls to the manager: none is here", (), dropped)
    return chain.end(Queued("unassigned", reason))
