"""What somebody sees on the home tab: their open leads, whether they are there, and the people they answer for.

Plain records; `answers/home.py` makes them, `blocks/home.py` puts them into words.
"""

from dataclasses import dataclass
from datetime import date

from bot.handoff.open_cards import OpenLead
from bot.lead import Leave, Person


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody, and whether they are there `today`, by the clock of their zone.

    `leaves` are those that are not over, the first one first. `absence` is the id of one that can be ended by a click;
    None where there is none, or where only the configuration says so.
    """

    person: Person
    today: date
    leaves: tuple[Leave, ...]
    absence: int | None

    @property
    def away(self) -> Leave | None:
        """The leave that they are on."""
        return next((leave for leave in self.leaves if leave.first <= self.today), None)


@dataclass(frozen=True, slots=True)
class Home:
    """`leads` are the first ones to be due of the `waiting` ones in all; `staff` are those whom they may speak for.

    `sells` says whether leads can come to them at all.
    """

    me: Presence
    sells: bool
    leads: tuple[OpenLead, ...]
    waiting: int
    staff: tuple[Presence, ...]
