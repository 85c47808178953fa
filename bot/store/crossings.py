"""Whether a stored lead crosses: `handoff.crossing.turn`, with everything it asks for loaded."""

from bot.config.policy import Policy
from bot.criteria.assess import Assessment
from bot.criteria.days import utc_day
from bot.handoff.crossing import Past, Turned, ended_at, turn
from bot.handoff.states import Handoff
from bot.store import signals
from bot.store.engine import Tx
from bot.store.leads import StoredLead


def whether_crossed(
    tx: Tx, stored: StoredLead, newest: Handoff | None, assessment: Assessment, policy: Policy
) -> Turned:
    """What `assessment` means for a lead with its past; `newest` is its last hand-off."""
    now, reason = assessment.at, policy.reasons.get(newest.reason or "") if newest else None
    asked = assessment.mql and (stored.crossed_at is not None or (newest is not None and ended_at(newest) is not None))
    intent_at = signals.last_signal_at(tx, stored.id, policy.criteria.intent, utc_day(now)) if asked else None
    past = Past(stored.mql, stored.crossed_at, newest, reason, intent_at)
    return turn(assessment.mql, past, policy.criteria.crossing, now)
