"""Who gets a lead: plain round robin over every rep of every team, for now.

The store says when each rep last got one; whoever has waited longest is next.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from bot.lead import People

Queue = Literal["data-fix", "expired", "unassigned", "imported", "overflow"]
"""The named places for leads and hand-offs that no rep has."""

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Route:
    """The team whose channel shows the card, and the rep who owns it."""

    team: str
    owner: str
    channel: str


@dataclass(frozen=True, slots=True)
class Queued:
    """No rep for now: the queue that takes the lead, and why, in words."""

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


def route(people: People, last_offer: Mapping[str, datetime], full: Set[str]) -> Route | Queued:
    """The rep who has waited longest since `last_offer` (UTC, by person's key), outside the `full` channels."""
    places = [Route(team.key, member, team.channel) for team in people.teams.values() for member in team.members]
    if not places:
        return Queued("unassigned", "no team has members")
    open_places = [place for place in places if place.channel not in full]
    if not open_places:
        return Queued("overflow", "every channel has had its cards for this hour")
    return min(open_places, key=lambda place: last_offer.get(place.owner, NEVER))
