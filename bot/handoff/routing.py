"""Who gets a lead: plain round robin over every rep of every team, for now.

The store says when each rep last got one; whoever has waited longest is next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.lead import People

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Route:
    """The team whose channel shows the card, and the rep who owns it."""

    team: str
    owner: str
    channel: str


def route(people: People, last_offer: Mapping[str, datetime]) -> Route | None:
    """The rep who has waited longest since `last_offer` (UTC, by person's key); None where no team has members."""
    places = [
        Route(team.key, member, team.channel) for team in people.teams.values() for member in team.members
    ]
    return min(places, key=lambda place: last_offer.get(place.owner, NEVER), default=None)
