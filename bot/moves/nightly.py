"""Once a UTC day each MQL is judged anew: interest fades day by day, and a verdict that falls by that is an event.

Nothing crosses here: time alone never causes a crossing.
"""

from datetime import datetime

from bot.criteria.days import utc_day
from bot.handoff.events import Event, Kind
from bot.moves.offer import judge
from bot.moves.turn import turn
from bot.store import handoffs, history, leads
from bot.store.engine import Store


def judge_anew(store: Store, now: datetime, lead_id: int) -> bool:
    """Judge one lead as of `now` (UTC); whether its verdict fell."""
    with turn(store, now, wakes=False) as here:
        stored = leads.get(here.tx, lead_id, lock=True)
        if stored is None or not stored.mql or not leads.judged(here.tx, lead_id, utc_day(now)):
            return False  # another worker was faster
        assessment = judge(here, stored)
        if assessment.mql:
            return False
        leads.set_verdict(here.tx, lead_id, False, now)
        live = handoffs.live_of_lead(here.tx, lead_id)
        event = Event(Kind.FELL, now, detail={"cell": assessment.cell, "policy": here.policy.version})
        history.append(here.tx, [event], lead_id, live.id if live else None)
        return True
