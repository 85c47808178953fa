"""Who gets a lead: a chain of filters over everybody who could, then a fair turn among those who are left.

Pure: a move gathers the candidates, `route` chooses, and the trace says why at every step. The configuration says
what the rules are; the store keeps the balances that make the turns fair. Here are the records, `chain` has `route`.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.criteria.rules import Condition, Known
from bot.lead import Person, Team

Queue = Literal["data-fix", "expired", "unassigned", "imported", "overflow"]
"""The named places for leads and hand-offs that no rep has."""

WHOLE = 1_000_000
"""One lead, in the unit of balances and shares."""


@dataclass(frozen=True, slots=True)
class Route:
    """The team whose channel shows the card, and the person who owns it."""

    team: str
    owner: str
    channel: str


@dataclass(frozen=True, slots=True)
class Queued:
    """No person for now: the queue that takes the lead, and why, in words."""

    queue: Queue
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One open entry of a queue. `entered_at` is UTC."""

    queue: Queue
    lead_id: int
    handoff_id: int | None
    reason: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """Where leads that meet `when` go: to one of `teams`, if it names any, and to somebody with all `skills`."""

    label: str
    when: Condition
    teams: tuple[str, ...] = ()
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Routing:
    """The rules, in order: the first that names teams decides them, and the skills of all that hold add up.

    `owner_field` is where a lead says whose account it is; `otherwise` are the teams of what no rule sends anywhere,
    all of them if it is empty.
    """

    owner_field: str = "account_owner"
    rules: tuple[Rule, ...] = ()
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could get the lead, as they stand now.

    `open` cards and cards of `today` count against their capacity; `balance` is how much of a lead they are owed;
    `away` and `barred` say in words why not they. `at_work` is when they are next at work or on call (UTC), now if
    they are; None if never within the calendar's horizon.
    """

    person: Person
    team: Team
    open: int = 0
    today: int = 0
    balance: int = 0
    away: str | None = None
    barred: str | None = None
    at_work: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be placed: what is known of the lead, how urgent it is, and what somebody has asked for already.

    `team` narrows it to that team, `person` to that person; `urgent` leads go to whoever is at work soonest. `full`
    are the channels that have had their cards for this hour: a lead that moves on, with its card, does not ask.
    """

    known: Known
    urgent: bool = False
    team: str | None = None
    person: str | None = None
    full: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Considered:
    """One step of the chain: its rule in words, who was left after it, and why not the others, by person's key."""

    rule: str
    left: tuple[str, ...]
    dropped: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Routed:
    """Where the lead goes, the steps that led there, and what each who could have had it has earned by that."""

    place: Route | Queued
    trace: tuple[Considered, ...]
    shares: Mapping[str, int] = field(default_factory=dict)


def trace_to_dict(trace: Sequence[Considered]) -> list[dict[str, Any]]:
    """A trace in what JSON can hold, step by step; `trace_from_dict` turns it back."""
    return [{"rule": one.rule, "left": list(one.left), "dropped": dict(one.dropped)} for one in trace]


def trace_from_dict(stored: object) -> tuple[Considered, ...]:
    """The trace that `trace_to_dict` wrote. Raises TypeError for anything else."""
    if not isinstance(stored, list):
        raise TypeError(f"trace: got {stored!r}, expected a list of steps")
    return tuple(_considered(one) for one in stored)


def _considered(stored: object) -> Considered:
    match stored:
        case {"rule": str(rule), "left": list(left), "dropped": dict(dropped), **rest} if not rest:
            if all(isinstance(text, str) for text in (*left, *dropped, *dropped.values())):
                return Considered(rule, tuple(left), dropped)
    raise TypeError(f"step of a trace: got {stored!r}, expected the texts rule, left (a list) and dropped (by person)")
