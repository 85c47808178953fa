"""Whether an assessment is a crossing: once per cycle, not too soon again, and a recycled lead only by new intent.

Pure. A cycle ends when the lead's hand-off ends, or when its verdict falls. `receive` asks at every arrival and at no
other time, so time alone never causes a crossing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from bot.criteria.definition import Crossing
from bot.handoff.reasons import Reason, as_date
from bot.handoff.states import Handoff, State


@dataclass(frozen=True, slots=True)
class Held:
    """It would cross, but not before `until` (UTC; None: never), and after a hand-off only with new intent."""

    why: Literal["crossed_lately", "turned_down"]
    until: datetime | None


Turned = Literal["crossed", "fell"] | Held | None
"""What an assessment makes of the standing verdict; None where nothing turns."""


@dataclass(frozen=True, slots=True)
class Past:
    """What went before: the standing verdict, when the lead last crossed (UTC), and its newest hand-off.

    `reason` is the one its hand-off was turned down for, and `intent_at` the newest sign of intent (UTC).
    """

    mql: bool
    crossed_at: datetime | None = None
    handoff: Handoff | None = None
    reason: Reason | None = None
    intent_at: datetime | None = None


def turn(mql: bool, past: Past, rules: Crossing, now: datetime) -> Turned:
    """What the verdict `mql` at `now` (UTC) means for a lead with this past."""
    if not mql:
        return "fell" if past.mql else None
    ended = ended_at(past.handoff) if past.handoff else None
    if past.handoff and ended and (past.crossed_at is None or past.crossed_at <= ended):
        until = back_from(past.handoff, ended, past.reason, rules)
        return "crossed" if _is_back(past.intent_at, ended, until, now) else Held("turned_down", until)
    if past.mql:
        return None
    until = past.crossed_at + timedelta(days=rules.cooldown) if past.crossed_at else now
    live = past.handoff is not None and past.handoff.live
    return "crossed" if live or now >= until or _is_new(past) else Held("crossed_lately", until)


def _is_new(past: Past) -> bool:
    """Whether there was a sign of intent after the lead crossed: whoever asks again is not kept waiting."""
    return bool(past.crossed_at and past.intent_at and past.intent_at > past.crossed_at)


def _is_back(intent_at: datetime | None, ended: datetime, until: datetime | None, now: datetime) -> bool:
    """Whether there is a sign of intent from after the end and after the wait. A sender's clock may be fast."""
    if intent_at is None or until is None:
        return False
    return intent_at > ended and until <= min(intent_at, now)


def ended_at(handoff: Handoff) -> datetime | None:
    """When a hand-off ended (UTC); None while it is under way, or where history import knows no time."""
    return getattr(handoff, _ENDS[handoff.state]) if handoff.state in _ENDS else None


def back_from(handoff: Handoff, ended: datetime, reason: Reason | None, rules: Crossing) -> datetime | None:
    """From when new intent may bring the lead back (UTC); None for never.

    Silence is nobody's no, and neither is a card that was withdrawn: such a lead may come back at once. A date the
    lead named stands before all else.
    """
    if handoff.state is State.EXPIRED or (handoff.state is State.VOID and handoff.decided_by is None):
        return ended
    if reason and reason.follow_up.kind == "date" and (day := as_date(handoff.follow_up)):
        return max(ended, datetime.combine(day, time(), UTC))
    if reason and reason.recycle_after == "never":
        return None
    wait = reason.recycle_after if reason and reason.recycle_after else rules.recycle_after
    return ended + timedelta(days=int(wait))


_ENDS = {
    state: f"{state.value}_at"
    for state in (State.REJECTED, State.EXPIRED, State.WON, State.LOST, State.DISQUALIFIED, State.LAPSED)
} | {State.VOID: "voided_at"}
