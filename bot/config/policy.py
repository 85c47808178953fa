"""The Policy: everything the configuration folder says, as one frozen record with a version.

Moves, answers and views read it; only `load` makes one. A hand-off names the version it was offered under.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.clock.ladder import Sla
from bot.criteria.definition import Criteria
from bot.handoff.reasons import Reason
from bot.lead import People


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules. `slas` goes by tier, `reasons` by code and in the order of the file."""

    version: str
    criteria: Criteria
    people: People
    slas: Mapping[str, Sla]
    reasons: Mapping[str, Reason]
    cards_per_hour: int
    undo: timedelta
