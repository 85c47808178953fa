"""The filters between everybody and those whose turn it may be, each with its rule in words.

Pure. `chain.route` goes through them in order; who must not have a lead is said here and nowhere else.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.criteria.rules import Outcome, judge
from bot.handoff.routing import Ask, Candidate, Considered, Routing
from bot.lead import People

URGENT = ", and it is urgent"
"""How the reason ends for which an urgent lead waits until somebody takes one more: the managers are told of that."""


@dataclass(frozen=True, slots=True)
class Step:
    """A filter: its rule, why somebody does not pass it (None: they do), and what to say once nobody has.

    One that `decides` is told of even if everybody passes. Where it `waits`, a lead that nobody can have stands in
    the queue `overflow`, for soon somebody will; else it falls to the manager.
    """

    rule: str
    why_not: Callable[[Candidate], str | None]
    empty: str = ""
    decides: bool = False
    waits: bool = False

    def sift(self, left: Sequence[Candidate]) -> tuple[list[Candidate], Considered | None]:
        """Who passes, and what to tell of it; None where there is nothing to tell."""
        judged = [(one, self.why_not(one)) for one in left]
        passed = [one for one, why_not in judged if not why_not]
        if passed and len(passed) == len(left) and not self.decides:
            return passed, None
        dropped = {one.person.key: why_not for one, why_not in judged if why_not}
        return passed, Considered(self.rule, tuple(one.person.key for one in passed), dropped)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a lead needs: one of `teams`, as the rule `because` says, and all `skills`, as the rules `skilled` say."""

    teams: tuple[str, ...]
    because: str | None
    skills: frozenset[str]
    skilled: str


def wanted(ask: Ask, routing: Routing, people: People) -> Wanted:
    """Whoever asked for a team knows better than the rules; what skills it takes, the rules say all the same."""
    met = [rule for rule in routing.rules if judge(rule.when, ask.known) is Outcome.MET]
    first = next((rule for rule in met if rule.teams), None)
    teams, because = routing.otherwise or tuple(people.teams), None
    if ask.team:
        teams, because = (ask.team,), "asked for"
    elif first:
        teams, because = first.teams, first.label
    skills = frozenset(skill for rule in met for skill in rule.skills)
    return Wanted(teams, because, skills, listed([rule.label for rule in met if rule.skills]))


def steps(ask: Ask, need: Wanted, people: People) -> Iterator[Step]:
    """The filters in order: who is meant, then who can have it now."""
    teams = listed([people.teams[key].name if key in people.teams else key for key in need.teams])
    skills = listed(sorted(need.skills))
    yield Step(
        f"{need.because or 'no rule says which team'}: {teams or 'there is none'}",
        lambda one: None if one.team.key in need.teams else f"in {one.team.name}",
        f"nobody is a member of {teams}" if teams else "no team has members",
        decides=need.because is not None,
    )
    yield Step(
        f"{need.skilled}: skilled in {skills}",
        lambda one: _unskilled(one, need.skills),
        f"nobody of {teams} is skilled in {skills}",
        decides=bool(skills),
    )
    who = f"{teams} skilled in {skills}" if skills else teams
    sharing = f"nobody of {who} gets a share of the leads"
    yield Step("gets a share", lambda one: None if one.person.weight else "gets no share", sharing)
    yield Step("has not had this lead", lambda one: one.barred, f"everybody of {who} has had this lead")
    yield Step("not away", lambda one: one.away, f"everybody of {who} is away")
    enough = f"everybody of {who} has as many leads as they take{URGENT if ask.urgent else ''}"
    yield Step("takes one more lead", _has_enough, enough, waits=True)
    full = "every channel has had its cards for this hour"
    yield Step("room for a card this hour", lambda one: no_room(one.team.channel, one.team.name, ask), full, waits=True)


def soonest(left: Sequence[Candidate], now: datetime) -> Step:
    """For an urgent lead: who can look at it first (`now` in UTC). All of them, if none will ever be at work."""
    first = min((max(one.at_work, now) for one in left if one.at_work), default=None)
    return Step("urgent: at work soonest", lambda one: _later(one.at_work, first))


def no_room(channel: str, team: str, ask: Ask) -> str | None:
    """Why the channel of this team gets no further card now, if so: no import, however broken, floods it."""
    return f"the channel of {team} has had its cards for this hour" if channel in ask.full else None


def listed(words: Sequence[str], last: str = "and") -> str:
    """A, B and C."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _unskilled(one: Candidate, skills: frozenset[str]) -> str | None:
    lacking = skills - one.person.skills
    return f"not skilled in {listed(sorted(lacking))}" if lacking else None


def _has_enough(one: Candidate) -> str | None:
    most = one.person.capacity
    if most.open is not None and one.open >= most.open:
        return f"open cards: {one.open}, takes {most.open}"
    if most.per_day is not None and one.today >= most.per_day:
        return f"leads today: {one.today}, takes {most.per_day}"
    return None


def _later(at_work: datetime | None, first: datetime | None) -> str | None:
    if first is None or (at_work and at_work <= first):
        return None
    return f"not at work before {at_work:%a} {at_work.day} {at_work:%b %H:%M} UTC" if at_work else "never at work"
