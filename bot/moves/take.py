"""An expired lead is taken up again: a new hand-off, linked to the old one and accepted by whoever took it."""

from datetime import datetime

from bot.criteria.assess import Assessment
from bot.handoff.commands import Accept, Take
from bot.handoff.decision import Refusal, Why
from bot.handoff.permissions import team_of
from bot.handoff.routing import Considered, Route, Routed
from bot.handoff.states import Handoff
from bot.lead import Person
from bot.moves.carry import Click, Outcome, carry_out, press
from bot.moves.offer import judge, open_handoff
from bot.moves.turn import Turn, turn
from bot.store import leads
from bot.store.engine import Store
from bot.store.leads import StoredLead


def take(store: Store, now: datetime, click: Click) -> Outcome:
    """The new hand-off, or why there is none. The first of several takers wins; the others learn who it was."""
    with turn(store, now) as here:
        return press(here, click, Take, lambda expired, by: _taken(here, expired, by))


def _taken(here: Turn, expired: Handoff, by: Person) -> Outcome | None:
    stored = leads.get(here.tx, expired.lead_id)
    assessment = judge(here, stored) if stored else None
    if stored is None or assessment is None:
        return Refusal(Why.UNKNOWN)
    if assessment.withdrawn:
        return Refusal(Why.BARRED)
    outcome = carry_out(here, expired, Take(by.key))
    return _next_of(here, outcome, by.key, stored, assessment) if isinstance(outcome, Handoff) else outcome


def _next_of(here: Turn, expired: Handoff, taker: str, stored: StoredLead, assessment: Assessment) -> Outcome:
    team = team_of(expired, here.policy.people)
    if team is None:
        return Refusal(Why.UNKNOWN)
    trace = (Considered("took it after it had expired", (taker,)),)
    opened = open_handoff(here, stored, assessment, Routed(Route(team.key, taker, team.channel), trace))
    return carry_out(here, opened, Accept(taker, here.policy.undo)) or Refusal(Why.MOVED_ON)
