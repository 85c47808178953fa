"""The first move: what comes in about a lead is stored, assessed, and perhaps offered. All or nothing.

`mend` is the same for what a person puts right about a lead that is known already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.criteria.assess import Assessment
from bot.handoff.crossing import Held
from bot.handoff.events import Detail, Event, Kind
from bot.handoff.notices import handoff_subject
from bot.handoff.routing import Queue, Queued
from bot.handoff.states import Handoff, State
from bot.lead import Lead, Signal
from bot.moves.keep_up import keep_up
from bot.moves.offer import find_place, judge, leave, open_handoff, stand_in
from bot.moves.turn import Turn, turn, unless_raced
from bot.store import handoffs, history, leads, messages, queues, signals
from bot.store.crossings import whether_crossed
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
    """What became of it. `crossing` is the one result of a crossing; "none" where nothing crossed.

    `cell` and `tier` are where the lead stands now. `held` says why an MQL does not cross again yet.
    """

    lead_id: int
    new_signals: int
    cell: str
    tier: str | None
    crossing: Literal["handoff", "queue", "line", "none"] = "none"
    handoff_id: int | None = None
    queue: Queue | None = None
    held: Held | None = None


def receive(store: Store, now: datetime, incoming: Incoming, *, dry_run: bool = False) -> Received:
    """Store a lead and its signals; a crossing gets its one result. `now` is UTC.

    A `dry_run` says what would happen and stores nothing. Raises `store.leads.Ambiguous` where e-mail and external
    id belong to two different leads.
    """

    def store_it(here: Turn) -> tuple[StoredLead, int]:
        stored = leads.upsert(here.tx, incoming.lead, here.now)
        return stored, signals.add_signals(here.tx, stored.id, incoming.signals, here.now)

    return unless_raced(lambda: _once(store, now, store_it, incoming.cards, keep=not dry_run))


def mend(store: Store, now: datetime, lead_id: int, said: Lead) -> Received | None:
    """Put right what is known of a lead; if it waited for that alone it is taken up again. None: there is none such.

    Raises `store.leads.Ambiguous` where a new e-mail or external id belongs to another lead.
    """

    def store_it(here: Turn) -> tuple[StoredLead, int]:
        stored = leads.mend(here.tx, lead_id, said, here.now)
        history.append(here.tx, [Event(Kind.MENDED, here.now, detail={"fields": _said(said)})], lead_id)
        return stored, 0

    with store.reading() as tx:
        if leads.get(tx, lead_id) is None:
            return None
    return unless_raced(lambda: _once(store, now, store_it, cards=True, keep=True))


StoreIt = Callable[[Turn], tuple[StoredLead, int]]
"""Stores what came in: the lead as it stands after it, and how many signals were new."""


def _once(store: Store, now: datetime, store_it: StoreIt, cards: bool, *, keep: bool) -> Received:
    with turn(store, now, keep=keep) as here:
        return _received(here, *store_it(here), cards)


def _received(here: Turn, stored: StoredLead, new: int, cards: bool) -> Received:
    assessment = judge(here, stored)
    newest = handoffs.newest_of_lead(here.tx, stored.id)
    live = newest if newest and newest.live else None
    if newest and (live or newest.state is State.EXPIRED):  # whose card somebody may still take
        _show_on(here, stored.id, newest.id, new)
        keep_up(here, newest, assessment)
    heard = Received(stored.id, new, assessment.cell, assessment.tier, handoff_id=live.id if live else None)
    turned = whether_crossed(here.tx, stored, newest, assessment, here.policy)
    if isinstance(turned, Held):
        return replace(heard, held=turned)
    if turned:
        _note(here, stored, assessment, live)
    if turned == "crossed" and live:
        return replace(heard, crossing="line")
    if turned == "crossed":
        return _placed(here, stored, assessment, heard, cards)
    if assessment.mql and not live and _waits_for_data(here, stored.id):
        return _tried_again(here, stored, assessment, heard)
    return heard


def _note(here: Turn, stored: StoredLead, assessment: Assessment, live: Handoff | None) -> None:
    """The standing verdict has turned."""
    leads.set_verdict(here.tx, stored.id, assessment.mql, here.now)
    detail: Detail = {"cell": assessment.cell, "because": assessment.because, "policy": here.policy.version}
    event = Event(Kind.CROSSED if assessment.mql else Kind.FELL, here.now, detail=detail)
    history.append(here.tx, [event], stored.id, live.id if live else None)


def _placed(here: Turn, stored: StoredLead, assessment: Assessment, heard: Received, cards: bool) -> Received:
    """The one result of a crossing: a hand-off, or a queue with its reason."""
    place = find_place(here, assessment) if cards else Queued("imported", "imported without cards")
    if isinstance(place, Queued):
        stand_in(here, stored.id, place)
        return replace(heard, crossing="queue", queue=place.queue)
    handoff = open_handoff(here, stored, assessment, place)
    return replace(heard, crossing="handoff", handoff_id=handoff.id)


def _tried_again(here: Turn, stored: StoredLead, assessment: Assessment, heard: Received) -> Received:
    """Its crossing still waits in data-fix for its result."""
    if not assessment.missing:
        leave(here, stored.id, "its data is good now")
    return _placed(here, stored, assessment, heard, cards=True)


def _waits_for_data(here: Turn, lead_id: int) -> bool:
    return any(entry.queue == "data-fix" for entry in queues.of_lead(here.tx, lead_id))


def _show_on(here: Turn, lead_id: int, handoff_id: int, new: int) -> None:
    """What is new of a lead in sales' hands is shown on its card."""
    if new:
        history.append(here.tx, [Event(Kind.SIGNALLED, here.now, detail={"signals": new})], lead_id, handoff_id)
    messages.touch(here.tx, handoff_subject(handoff_id))


def _said(said: Lead) -> str:
    """The names of what was put right: history keeps no personal data."""
    fields = [name for name in Lead.__dataclass_fields__ if name != "attributes" and getattr(said, name) is not None]
    return ", ".join([*fields, *said.attributes])
