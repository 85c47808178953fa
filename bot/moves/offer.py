"""A lead becomes a hand-off, or stands in a named queue with its reason. `receive`, `take` and the sweep end here."""

from datetime import datetime, timedelta

from bot.clock import ladder
from bot.criteria.assess import Assessment, assess
from bot.criteria.days import utc_day
from bot.handoff.events import Event, Kind
from bot.handoff.notices import campaign_subject, handoff_subject, notices
from bot.handoff.routing import Entry, Queued, Route, route
from bot.handoff.states import Handoff, State
from bot.moves.turn import Turn, turn
from bot.store import handoffs, history, leads, messages, queues, signals, switches
from bot.store.engine import Store
from bot.store.leads import StoredLead

HOUR = timedelta(hours=1)


def offer(store: Store, now: datetime, lead_id: int) -> Handoff | Queued | None:
    """Take a lead that waits in a queue up again. `Queued` while there is no room; None if it need not wait."""
    with turn(store, now) as here:
        stored = leads.get(here.tx, lead_id, lock=True)
        if stored is None or not queues.of_lead(here.tx, lead_id):
            return None
        assessment = judge(here, stored)
        if not assessment.mql or handoffs.live_of_lead(here.tx, lead_id):
            leave(here, lead_id, "no longer waiting for an offer")
            return None
        place = find_place(here, assessment)
        if not isinstance(place, Queued):
            return open_handoff(here, stored, assessment, place)
        if place.queue == "data-fix":  # what it waited for so far will not help it
            move_to(here, lead_id, place)
        return place


def judge(here: Turn, stored: StoredLead) -> Assessment:
    """The lead under the criteria in force, with all its signals."""
    days = signals.days_of(here.tx, stored.id, here.policy.criteria, utc_day(here.now))
    return assess(stored.lead, days, here.policy.criteria, here.now)


def find_place(here: Turn, assessment: Assessment) -> Route | Queued:
    """Whose turn it is, or the queue where a lead has to stand for now."""
    if assessment.missing:
        return Queued("data-fix", ", ".join(f"{one.field} {one.fault}" for one in assessment.missing))
    paused = switches.why_on(here.tx, switches.PAUSED)
    if paused is not None:
        return Queued("overflow", f"new cards are paused: {paused}")
    handoffs.take_turns(here.tx)
    teams = here.policy.people.teams.values()
    owners = [member for team in teams for member in team.members]
    full = {team.channel for team in teams if _is_full(here, team.channel)}
    return route(here.policy.people, handoffs.last_offers(here.tx, owners), full)


def open_handoff(here: Turn, stored: StoredLead, assessment: Assessment, place: Route) -> Handoff:
    """Store the hand-off with its frozen ladder, close the lead's queue entries, and ask for the card."""
    handoff = handoffs.insert(here.tx, _offered(here, stored, assessment, place), assessment)
    leave(here, stored.id, f"hand-off {handoff.id} was opened")
    events = [Event(Kind.OFFERED, here.now, detail={"owner": place.owner, "team": place.team})]
    history.append(here.tx, events, stored.id, handoff.id)
    for notice in notices(events, handoff, here.policy.people):
        messages.want(here.tx, notice, here.now)
    messages.touch(here.tx, campaign_subject(handoff.campaign, handoff.offered_at))  # if there is a thread
    if handoff.previous_id is not None:  # its card may still offer to take the lead
        messages.touch(here.tx, handoff_subject(handoff.previous_id))
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


def _is_full(here: Turn, channel: str) -> bool:
    return messages.cards_since(here.tx, channel, here.now - HOUR) >= here.policy.cards_per_hour


def _tier_before(here: Turn, lead_id: int) -> str:
    """Interest may have faded by the time somebody takes a lead up again: it keeps the tier it had, if there is one."""
    before = handoffs.newest_of_lead(here.tx, lead_id)
    known = list(here.policy.criteria.tiers)
    return before.tier if before and before.tier in known else known[-1]


def _offered(here: Turn, stored: StoredLead, assessment: Assessment, place: Route) -> Handoff:
    tier = assessment.tier or _tier_before(here, stored.id)
    times = ladder.build(here.policy.slas[tier], here.now)
    return Handoff(
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
        due_at=times.due_at,
        steps=times.steps,
    )
