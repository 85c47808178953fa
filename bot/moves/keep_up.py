"""While sales has a lead, or may take it, the lead goes on living: it may become hotter, or ask not to be contacted.

Called by `receive` with the lead's new assessment. Due times never move.
"""

from bot.criteria.assess import Assessment
from bot.handoff.commands import Command, Raise, Void
from bot.handoff.events import Event, Kind
from bot.handoff.notices import notices
from bot.handoff.states import LIVE, Handoff, State
from bot.moves.carry import carry_out
from bot.moves.turn import Turn
from bot.store import grounds, handoffs, history


def keep_up(here: Turn, handoff: Handoff, assessment: Assessment) -> None:
    """Keep the newest assessment with the hand-off, and do what it asks for."""
    before = grounds.assessment(here.tx, handoff.id)
    changed = _changed(here, handoff, assessment)
    # The hand-off first, then its grounds: every move takes the two rows in this order.
    grounds.reassess(here.tx, handoff.id, assessment)
    if not changed and handoff.state in LIVE and assessment.withdrawn and not (before and before.withdrawn):
        _warn(here, handoff, assessment)


def _changed(here: Turn, handoff: Handoff, assessment: Assessment) -> bool:
    standing: Handoff | None = handoff
    while standing and (command := _asked(here, standing, assessment)):
        if carry_out(here, standing, command):
            return True
        standing = handoffs.get(here.tx, handoff.id)  # a click was faster
    return False


def _asked(here: Turn, handoff: Handoff, assessment: Assessment) -> Command | None:
    """Only an open card is changed: what a person has decided stands."""
    if handoff.state is not State.OFFERED:
        return None
    if assessment.withdrawn:
        return Void(assessment.because)
    criteria = here.policy.criteria
    if assessment.tier and handoff.tier in criteria.tiers and criteria.more_urgent(assessment.tier, handoff.tier):
        return Raise(assessment.tier, assessment.because)
    return None


def _warn(here: Turn, handoff: Handoff, assessment: Assessment) -> None:
    """Somebody is at work on a lead that must not be contacted any more."""
    events = [Event(Kind.BARRED, here.now, detail={"because": assessment.because})]
    history.append(here.tx, events, handoff.lead_id, handoff.id)
    for notice in notices(events, handoff, here.policy.people):
        here.want(notice)
