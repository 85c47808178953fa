"""The first move: what comes in about a lead is stored, assessed, and perhaps offered. All or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.criteria.assess import Assessment
from bot.handoff.events import Detail, Event, Kind
from bot.handoff.notices import handoff_subject
from bot.handoff.routing import Queued
from bot.handoff.states import LIVE, State
from bot.lead import Lead, Signal
from bot.moves.offer import find_place, judge, open_handoff, stand_in
from bot.moves.turn import Turn, turn, unless_raced
from bot.store import handoffs, history, leads, messages
from bot.store.engine import Store
from bot.store.leads import StoredLead


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a door brings. Without `cards` a crossing enters queue `imported` instead of Slack."""

    lead: Lead
    signals: Sequence[Signal] = ()
    cards: bool = True


@dataclass(frozen=True, slots=True)
class Received:
    """What became of it. `crossing` is the one result of a crossing; "none" where nothing crossed."""

    lead_id: int
    new_signals: int
    points: int
    crossing: Literal["handoff", "queue", "line", "none"] = "none"
    handoff_id: int | None = None
    queue: str | None = None


def receive(store: Store, now: datetime, incoming: Incoming, *, dry_run: bool = False) -> Received:
    """Store a lead and its signals; a crossing gets its one result. `now` is UTC.

    A `dry_run` says what would happen and stores nothing. Raises `store.leads.Ambiguous` where e-mail and external
    id belong to two different leads.
    """
    return unless_raced(lambda: _once(store, now, incoming, dry_run))


def _once(store: Store, now: datetime, incoming: Incoming, dry_run: bool) -> Received:
    with turn(store, now, keep=not dry_run) as here:
        return _received(here, incoming)


def _received(here: Turn, incoming: Incoming) -> Received:
    stored = leads.upsert(here.tx, incoming.lead, here.now)
    new = leads.add_signals(here.tx, stored.id, incoming.signals, here.now)
    newest = handoffs.newest_of_lead(here.tx, stored.id)
    live = newest if newest and newest.state in LIVE else None
    if newest and (live or newest.state is State.EXPIRED):  # whose card somebody may still take
        _show_on(here, stored.id, newest.id, new)
    assessment = judge(here, stored)
    heard = Received(stored.id, new, assessment.points, handoff_id=live.id if live else None)
    if assessment.mql == stored.mql:
        return heard
    leads.set_verdict(here.tx, stored.id, assessment.mql)
    detail: Detail = {"points": assessment.points, "policy": here.policy.version}
    event = Event(Kind.CROSSED if assessment.mql else Kind.FELL, here.now, detail=detail)
    history.append(here.tx, [event], stored.id, heard.handoff_id)
    return _crossed(here, stored, assessment, heard, incoming.cards) if assessment.mql else heard


def _crossed(here: Turn, stored: StoredLead, assessment: Assessment, heard: Received, cards: bool) -> Received:
    """The one result: a line on the live hand-off, a queue entry, or a hand-off."""
    if heard.handoff_id is not None:
        return replace(heard, crossing="line")
    place = find_place(here) if cards else Queued("imported", "imported without cards")
    if isinstance(place, Queued):
        stand_in(here, stored.id, place)
        return replace(heard, crossing="queue", queue=place.queue)
    handoff = open_handoff(here, stored, assessment, place)
    return replace(heard, crossing="handoff", handoff_id=handoff.id)


def _show_on(here: Turn, lead_id: int, handoff_id: int, new: int) -> None:
    """What is new of a lead in sales' hands is shown on its card."""
    if new:
        history.append(here.tx, [Event(Kind.SIGNALLED, here.now, detail={"signals": new})], lead_id, handoff_id)
    messages.touch(here.tx, handoff_subject(handoff_id))
