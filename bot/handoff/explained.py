"""An assessment explained, with where its lead stands: what the command line and the form behind a card's button show.

Plain records; `answers/criteria.py` makes them, `blocks` puts them into words.
"""

from dataclasses import dataclass

from bot.criteria.assess import Assessment
from bot.criteria.explain import Explanation
from bot.handoff.crossing import Turned
from bot.handoff.routing import Entry
from bot.handoff.states import Handoff
from bot.lead import Lead, People


@dataclass(frozen=True, slots=True)
class Standing:
    """What has become of a stored lead so far.

    `handoff` is its newest. `turn` is what would happen if it were heard of now: whether it crosses, falls, or is
    held back and until when.
    """

    lead_id: int
    handoff: Handoff | None
    waiting: tuple[Entry, ...]
    turn: Turned
    people: People


@dataclass(frozen=True, slots=True)
class LeadExplained:
    """A lead judged now; `standing` is None for one that is not stored."""

    lead: Lead
    explanation: Explanation
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class HandoffExplained:
    """A hand-off's score.

    `shown` is the newest assessment kept with it, which its card shows, and `offered` the one it was offered with;
    both are None where an older Baton or another system kept none. `today` is the lead judged now, under the
    criteria in force; None once the hand-off is over.
    """

    handoff: Handoff
    lead: Lead
    shown: Explanation | None
    offered: Assessment | None
    today: Explanation | None
