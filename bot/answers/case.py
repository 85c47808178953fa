"""Everything about one hand-off, as it stands now, for whoever draws it."""

from bot.config.policy import Policy
from bot.handoff.case import Case, Heard
from bot.lead import Signal
from bot.store import handoffs, leads, policies
from bot.store.engine import Tx

LATEST = 3


def case(tx: Tx, handoff_id: int) -> Case | None:
    """The hand-off with its lead, assessment and signals; None where there is none."""
    handoff = handoffs.get(tx, handoff_id)
    stored = leads.get(tx, handoff.lead_id) if handoff else None
    if handoff is None or stored is None:
        return None
    policy = policies.current(tx)
    arrived = sorted(leads.arrivals_of(tx, handoff.lead_id), key=lambda pair: pair[0].at, reverse=True)
    return Case(
        handoff=handoff,
        lead=stored.lead,
        assessment=handoffs.assessment(tx, handoff_id),
        latest=tuple(_heard(signal, policy) for signal, at in arrived if at <= handoff.offered_at)[:LATEST],
        news=tuple(_heard(signal, policy) for signal, at in arrived if at > handoff.offered_at)[:LATEST],
        people=policy.people,
        reasons=policy.reasons,
        next=handoffs.get(tx, handoff.next_id) if handoff.next_id else None,
    )


def _heard(signal: Signal, policy: Policy) -> Heard:
    rule = policy.criteria.signals.get(signal.type)
    return Heard(rule.label if rule else signal.type, signal.at, signal.note)
