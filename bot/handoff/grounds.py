"""Why a hand-off is due when it is, and why each of its owners got it: the records behind "why me, why then".

Pure: an answer gathers them from what was kept at the time, blocks put them into words.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock.why import Deadline
from bot.handoff.routing import Considered
from bot.handoff.states import Handoff
from bot.lead import Lead, People


@dataclass(frozen=True, slots=True)
class Placed:
    """At `at` (UTC) the person `to` (key) got it, by these steps."""

    at: datetime
    to: str
    trace: tuple[Considered, ...]


@dataclass(frozen=True, slots=True)
class Grounds:
    """`owners` go in the order in which they had it; `deadline` is None where it was not kept.

    `left` is the working time that its owner has until it is due: only while it is open, and not overdue.
    """

    handoff: Handoff
    lead: Lead
    people: People
    deadline: Deadline | None
    owners: tuple[Placed, ...]
    left: timedelta | None
