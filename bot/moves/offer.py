"""A lead becomes a hand-off, or stands in a named queue with its reason. `receive`, `take` and the sweep end here."""

from datetime import datetime, timedelta
from typing import Any

from bot.clock.why import why
from bot.criteria.assess import Assessment, assess
from bot.criteria.days import utc_day
from bot.handoff.events import Event, Kind
from bot.handoff.facets import facets
from bot.handoff.notices import campaign_subject, handoff_subject, notices
from bot.handoff.routing import Entry, Queue, Queued, Route, Routed, trace_to_dict
from bot.handoff.states import Handoff, State
from bot.moves.place import Wish, choose, timed
from bot.moves.turn import Turn, turn
from bot.store import handoffs, history, leads, messages, queues, signals, switches, turns
from bot.store.engine import Store
from bot.store.leads import StoredLead

HOUR = timedelta(hours=1)
OFFERABLE: list[Queue] = ["overflow", "unassigned"]
"""Queues whose leads wait for nothing but room, or for somebody to be there."""


def offer(store: Store, now: datetime, lead_id: int) -> Handoff | Queued | None:
    """Take a lead that waits in a queue up again. `Queued` while there is no room; None if it need not wait."""
    with turn(store, now) as here:
        stored = leads.get(here.tx, lead_id, lock=True)
        waits = queues.of_lead(here.tx, lead_id)
        if stored is None or not waits:
            return None
        assessment = judge(here, stored)
        if not assessment.mql or handoffs.live_of_lead(here.tx, lead_id):
            leave(here, lead_id, "no longer waiting for an offer")
            return None
        routed = find_place(here, stored, assessment)
        place = routed.place
        if isinstance(place, Route):
            return open_handoff(here, stored, assessment, routed)
        if place.queue == "data-fix" or any(_says_otherwise(entry, place) for entry in waits):
            move_to(here, lead_id, place)  # what it waited for so far will not help it
        return place


def judge(here: Turn, stored: StoredLead) -> Assessment:
    """The lead under the criteria in force, with all its signals."""
    days = signals.days_of(here.tx, stored.id, here.policy.criteria, utc_day(here.now))
    return assess(stored.lead, days, here.policy.criteria, here.now)


def find_place(here: Turn, stored: StoredLead, assessment: Assessment) -> Routed:
    """Whose turn it is, or the queue where a lead has to stand for now."""
    if assessment.missing:
        wanting = ", ".join(f"{one.field} {one.fault}" for one in assessment.missing)
        return Routed(Queued("data-fix", wanting), ())
    paused = switches.why_on(here.tx, switches.PAUSED)
    if paused is not None:
        return Routed(Queued("overflow", f"new cards are paused: {paused}"), ())
    handoffs.take_turns(here.tx)  # the cap is read, then used
    full = {team.channel for team in here.policy.people.teams.values() if _is_full(here, team.channel)}
    sla = here.policy.slas[_tier(here, stored.id, assessment)]
    return choose(here, stored, sla, Wish(full=full))


def open_handoff(here: Turn, stored: StoredLead, assessment: Assessment, routed: Routed) -> Handoff:
    """Store the hand-off with its frozen ladder, close the lead's queue entries, and ask for the card.

    `routed` must have come to a Route.
    """
    place = routed.place
    assert isinstance(place, Route)  # noqa: S101 - said above
    turns.settle(here.tx, routed.shares, place.owner)
    offered, deadline = _offered(here, stored, assessment, place)
    routing = {"at": here.now.isoformat(), "to": place.owner, "trace": trace_to_dict(routed.trace)}
    known = facets(stored.lead, stored.touches, assessment)
    handoff = handoffs.insert(here.tx, offered, assessment, deadline, routing, facets=known)
    leave(here, stored.id, f"hand-off {handoff.id} was opened")
    events = [Event(Kind.OFFERED, here.now, detail={"owner": place.owner, "team": place.team})]
    history.append(here.tx, events, stored.id, handoff.id)
    for notice in notices(events, handoff, here.policy.people):
        here.want(notice)
    here.touch(campaign_subject(handoff.campaign, handoff.offered_at))  # if there is a thread
    if handoff.previous_id is not None:  # its card may still offer to take the lead
        here.touch(handoff_subject(handoff.previous_id))
    return handoff


def stand_in(here: Turn, lead_id: int, place: Queued, handoff_id: int | None = None) -> None:
    """Put a lead into a named queue, and say so in the history."""
    entry = Entry(place.queue, lead_id, handoff_id, place.reason, here.now)
    if queues.enter(here.tx, entry):
        event = Event(Kind.QUEUED, here.now, detail={"queue": place.queue, "reason": place.reason})
        history.append(here.tx, [event], lead_id, handoff_id)


def move_to(here: Turn, lead_id: int, place: Queued) -> None:
    """Have a lead wait in this queue, and in no other."""
    if any(entry.queue != place.queue for entry in queues.of_lead(here.tx, lead_id)):
        leave(here, lead_id, f"waits in {place.queue} from now on")
    stand_in(here, lead_id, place)


def leave(here: Turn, lead_id: int, why: str) -> None:
    """Take a lead out of all queues, and say so in the history."""
    left = queues.leave(here.tx, lead_id, here.now, why)
    events = [Event(Kind.LEFT_QUEUE, here.now, detail={"queue": queue, "why": why}) for queue in left]
    history.append(here.tx, events, lead_id)


def _says_otherwise(entry: Entry, place: Queued) -> bool:
    return entry.queue in OFFERABLE and (entry.queue, entry.reason) != (place.queue, place.reason)


def _is_full(here: Turn, channel: str) -> bool:
    return messages.cards_since(here.tx, channel, here.now - HOUR) >= here.policy.cards_per_hour


def _tier(here: Turn, lead_id: int, assessment: Assessment) -> str:
    """Interest may have faded by the time somebody takes a lead up again: it keeps the tier it had, if there is one."""
    if assessment.tier:
        return assessment.tier
    before = handoffs.newest_of_lead(here.tx, lead_id)
    known = list(here.policy.criteria.tiers)
    return before.tier if before and before.tier in known else known[-1]


def _offered(here: Turn, stored: StoredLead, assessment: Assessment, place: Route) -> tuple[Handoff, dict[str, Any]]:
    """The hand-off as it begins, and why it is due when it is."""
    tier = _tier(here, stored.id, assessment)
    times, hours = timed(here, place.owner, here.policy.slas[tier])
    handoff = Handoff(
        id=0,  # id, number and the link to the hand-off before are given by the store
        lead_id=stored.id,
        number=0,
        state=State.OFFERED,
        version=0,
        owner=place.owner,
        team=place.team,
        channel=place.channel,
        tier=tier,
        policy=here.policy.version,
        source=stored.lead.source,
        campaign=stored.lead.campaign,
        offered_at=here.now,
        owner_since=here.now,
        due_at=times.due_at,
        steps=times.steps,
    )
    return handoff, why(hours, here.now, times.due_at).to_dict()
