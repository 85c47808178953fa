"""Everything about one hand-off, as it stands now, for whoever draws it."""

from bot.answers.grounds import deadline_of
from bot.config.policy import Policy
from bot.criteria.assess import Assessment
from bot.criteria.definition import Criteria
from bot.criteria.explain import explain_kept
from bot.handoff.case import Case, Heard
from bot.handoff.open_cards import stepped_in
from bot.handoff.states import Handoff, State
from bot.lead import Lead, Leave, Signal
from bot.store import absences, grounds, handoffs, history, leads, policies, signals
from bot.store.engine import Tx

LATEST = 3


def case(tx: Tx, handoff_id: int) -> Case | None:
    """The hand-off with its lead, assessment and newest signals; None where there is none."""
    handoff = handoffs.get(tx, handoff_id)
    stored = leads.get(tx, handoff.lead_id) if handoff else None
    if handoff is None or stored is None:
        return None
    policy, assessment = policies.current(tx), grounds.assessment(tx, handoff_id)
    latest = signals.newest_signals(tx, stored.id, LATEST, until=handoff.offered_at)
    news = signals.newest_signals(tx, stored.id, LATEST, after=handoff.offered_at)
    return Case(
        handoff=handoff,
        lead=stored.lead,
        assessment=assessment,
        latest=tuple(_heard(signal, policy) for signal in latest),
        news=tuple(_heard(signal, policy) for signal in news),
        people=policy.people,
        reasons=policy.reasons,
        next=handoffs.get(tx, handoff.next_id) if handoff.next_id else None,
        unknown=unknown_facts(assessment, stored.lead, policy.criteria),
        deadline=deadline_of(grounds.deadline(tx, handoff_id)) if handoff.state is State.OFFERED else None,
        away=_away(tx, handoff, policy),
        claimed=claimed(tx, handoff),
    )


def _away(tx: Tx, handoff: Handoff, policy: Policy) -> Leave | None:
    """When the owner is not there before the hand-off ends; asked only where somebody stands in for them."""
    owner = policy.people.persons.get(handoff.owner or "")
    if handoff.state is not State.OFFERED or owner is None or owner.delegate is None:
        return None
    end = handoff.steps[-1].at if handoff.steps else handoff.due_at
    since, zone = handoff.owner_since or handoff.offered_at, policy.hours_of(owner.key).zone
    first, last = since.astimezone(zone).date(), (end or since).astimezone(zone).date()
    off = [*owner.leave, *(one.leave for one in absences.standing(tx, [owner.key]))]
    return next((one for one in off if one.first <= last and (one.last is None or one.last >= first)), None)


def claimed(tx: Tx, handoff: Handoff) -> bool:
    """Whether whoever has it came by it with a claim; asked only where it could be."""
    if handoff.state is not State.OFFERED or handoff.breached_by is None or handoff.owner_since is None:
        return False
    return stepped_in(history.of_handoff(tx, handoff.id))


def _heard(signal: Signal, policy: Policy) -> Heard:
    rule = policy.criteria.signals.get(signal.type)
    return Heard(rule.label if rule else signal.type, signal.at, signal.note)


def unknown_facts(assessment: Assessment | None, lead: Lead, criteria: Criteria) -> tuple[str, ...]:
    """What the fit rules ask for and nobody knows; of rules that are no longer in force nothing is said."""
    fit = explain_kept(assessment, criteria, lead).of("fit") if assessment else ()
    return tuple(dict.fromkeys(gap.field for told in fit for gap in told.gaps))
