"""Why a lead or a hand-off has the score it has, and where the lead stands: records for the words in `blocks`."""

from datetime import datetime

from bot.config.policy import Policy
from bot.criteria.assess import Assessment
from bot.criteria.days import daily, utc_day
from bot.criteria.definition import Criteria
from bot.criteria.explain import Explanation, explain, explain_kept
from bot.handoff.explained import HandoffExplained, LeadExplained, Standing
from bot.lead import Lead
from bot.store import grounds, handoffs, leads, policies, queues, signals
from bot.store.crossings import whether_crossed
from bot.store.engine import Tx
from bot.store.leads import StoredLead


def definition(tx: Tx) -> tuple[Criteria, datetime | None]:
    """The criteria in force and since when (UTC); None for the shipped ones, where none were ever applied."""
    return policies.current(tx).criteria, policies.since(tx)


def lead_explained(tx: Tx, lead_id: int, policy: Policy, now: datetime) -> LeadExplained | None:
    """A stored lead judged at `now` (UTC) under a policy, and its standing; None where there is no such lead."""
    stored = leads.get(tx, lead_id)
    if stored is None:
        return None
    days = daily(signals.all_signals(tx, lead_id), now)  # those that no rule knows are told, too
    explanation = explain(stored.lead, days, policy.criteria, now)
    return LeadExplained(stored.lead, explanation, _standing(tx, stored, policy, explanation.assessment))


def handoff_explained(tx: Tx, handoff_id: int, now: datetime) -> HandoffExplained | None:
    """A hand-off's score, as it was offered and as it is at `now` (UTC); None where there is no such hand-off."""
    handoff = handoffs.get(tx, handoff_id)
    stored = leads.get(tx, handoff.lead_id) if handoff else None
    if handoff is None or stored is None:
        return None
    newest = grounds.assessment(tx, handoff_id)
    return HandoffExplained(
        handoff=handoff,
        lead=stored.lead,
        shown=_kept(tx, newest, stored.lead) if newest else None,
        offered=grounds.offered_with(tx, handoff_id),
        today=_judged(tx, stored, policies.current(tx), now) if handoff.live else None,
    )


def _judged(tx: Tx, stored: StoredLead, policy: Policy, now: datetime) -> Explanation:
    days = signals.days_of(tx, stored.id, policy.criteria, utc_day(now))
    return explain(stored.lead, days, policy.criteria, now)


def _kept(tx: Tx, assessment: Assessment, lead: Lead) -> Explanation:
    try:
        policy = policies.of_version(tx, assessment.criteria)
    except policies.Outdated:  # what was kept says enough
        policy = None
    return explain_kept(assessment, policy.criteria if policy else None, lead)


def _standing(tx: Tx, stored: StoredLead, policy: Policy, found: Assessment) -> Standing:
    newest = handoffs.newest_of_lead(tx, stored.id)
    turn = whether_crossed(tx, stored, newest, found, policy)
    return Standing(stored.id, newest, tuple(queues.of_lead(tx, stored.id)), turn, policy.people)
