"""An expired lead is taken up again: a new hand-off, linked to the old one and accepted by whoever took it."""

from datetime import datetime

from bot.criteria.assess import Assessment
from bot.handoff.commands import Accept, Take
from bot.handoff.machine import Refusal, Why
from bot.handoff.routing import Route
from bot.handoff.states import Handoff
from bot.moves.carry import Click, Outcome, allowed, carry_out, tell
from bot.moves.offer import judge, open_handoff
from bot.moves.turn import Turn, turn
from bot.store import leads
from bot.store.engine import Store
from bot.store.leads import StoredLead


def take(store: Store, now: datetime, click: Click) -> Outcome:
    """The new hand-off, or why there is none. The first of several takers wins; the others learn who it was."""
    with turn(store, now) as here:
        return tell(here, click, _taken(here, click))


def _taken(here: Turn, click: Click) -> Outcome:
    while True:
        found = allowed(here, click, Take)
        if isinstance(found, Refusal):
            return found
        expired, person = found
        stored = leads.get(here.tx, expired.lead_id)
        assessment = judge(here, stored) if stored else None
        if stored is None or assessment is None:
            return Refusal(Why.UNKNOWN)
        if assessment.withdrawn:
            return Refusal(Why.BARRED)
        outcome = carry_out(here, expired, Take(person.key))
        if isinstance(outcome, Refusal):
            return outcome
        if outcome is not None:
            return _next_of(here, outcome, person.key, stored, assessment)


def _next_of(here: Turn, expired: Handoff, taker: str, stored: StoredLead, assessment: Assessment) -> Outcome:
    team = here.policy.people.teams.get(expired.team or "")
    if team is None:
        return Refusal(Why.UNKNOWN)
    opened = open_handoff(here, stored, assessment, Route(team.key, taker, team.channel))
    return carry_out(here, opened, Accept(taker, here.policy.undo)) or Refusal(Why.MOVED_ON)
