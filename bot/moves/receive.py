"""The first move: what comes in about a lead is stored, assessed, and perhaps offered. All or nothing.

`mend` is the same for what a person puts right about a known lead, `judge_anew` for what a new day makes of one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from bot.criteria.assess import Assessment
from bot.criteria.days import utc_day
from bot.handoff.crossing import Held, Turned
from bot.handoff.events import Detail, Event, Kind
from bot.handoff.notices import handoff_subject
from bot.handoff.routing import Queue, Queued, Routed
from bot.handoff.states import Handoff, State
from bot.lead import Lead, Signal
from bot.moves.keep_up import keep_up
from bot.moves.offer import find_place, judge, leave, move_to, open_handoff
from bot.moves.turn import Turn, turn, unless_raced
from bot.store import handoffs, history, leads, queues, signals
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


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lead after what came in was stored: how many signals were new, whether one of them is a sign of intent, and
    the first UTC day of one that is still to come.
    """

    stored: StoredLead
    new: int = 0
    intent: bool = False
    ahead: date | None = None


def receive(store: Store, now: datetime, incoming: Incoming, *, dry_run: bool = False) -> Received:
    """Store a lead and its signals; a crossing gets its one result. `now` is UTC.

    A `dry_run` says what would happen and stores nothing. Raises `store.leads.Ambiguous` where e-mail and external
    id belong to two different leads.
    """

    def arrives(here: Turn) -> Arrival:
        stored = leads.upsert(here.tx, incoming.lead, here.now)
        new = signals.add_signals(here.tx, stored.id, incoming.signals, here.now)
        intent = any(one.type in here.policy.criteria.intent for one in incoming.signals)
        return Arrival(stored, new, new > 0 and intent, _ahead(incoming.signals, utc_day(here.now)))

    return unless_raced(lambda: _once(store, now, arrives, incoming.cards, keep=not dry_run))


def mend(store: Store, now: datetime, lead_id: int, said: Lead) -> Received | None:
    """Put right what is known of a lead; if it waited for that alone it is taken up again. None: there is none such.

    Raises `store.leads.Ambiguous` where a new e-mail or external id belongs to another lead.
    """

    def arrives(here: Turn) -> Arrival:
        stored = leads.mend(here.tx, lead_id, said, here.now)
        history.append(here.tx, [Event(Kind.MENDED, here.now, detail={"fields": _said(said)})], lead_id)
        return Arrival(stored)

    with store.reading() as tx:
        if leads.get(tx, lead_id) is None:
            return None
    return unless_raced(lambda: _once(store, now, arrives, cards=True, keep=True))


def judge_anew(store: Store, now: datetime, lead_id: int) -> bool:
    """Judge a lead whose day has come (UTC), though nothing came in; whether its verdict fell.

    Interest fades day by day, of which no card is redrawn; and a signal that was dated ahead happens, with all that
    follows from a signal.
    """
    today = utc_day(now)
    with turn(store, now) as here:
        stored = leads.get(here.tx, lead_id, lock=True)
        if stored is None or stored.judge_on is None or stored.judge_on > today:
            return False  # another worker was faster
        arrival = Arrival(stored, ahead=signals.next_day(here.tx, lead_id, today))
        quiet = not signals.came_of_age(here.tx, lead_id, stored.judge_on, today)
        _receive(here, arrival, cards=True, quiet=quiet)
        after = leads.get(here.tx, lead_id)
        return stored.mql and after is not None and not after.mql


def _once(store: Store, now: datetime, arrives: Callable[[Turn], Arrival], cards: bool, *, keep: bool) -> Received:
    with turn(store, now, keep=keep) as here:
        return _receive(here, arrives(here), cards)


def _receive(here: Turn, arrival: Arrival, cards: bool, *, quiet: bool = False) -> Received:
    """Judge the lead and do what follows; `quiet` leaves a card as it is."""
    stored, assessment = arrival.stored, judge(here, arrival.stored)
    newest = handoffs.newest_of_lead(here.tx, stored.id)
    live = newest if newest and newest.live else None
    if newest and not quiet and (live or newest.state is State.EXPIRED):  # whose card somebody may still take
        _show_on(here, stored.id, newest.id, arrival.new)
        keep_up(here, newest, assessment)
    heard = Received(stored.id, arrival.new, assessment.cell, assessment.tier, handoff_id=live.id if live else None)
    turned = whether_crossed(here.tx, stored, newest, assessment, here.policy)
    leads.judge_on(here.tx, stored, _next_judgement(here, arrival, assessment.mql, turned))
    if turned in {"crossed", "fell"}:
        _note(here, stored, assessment, live)
    if live:
        return replace(heard, crossing="line") if turned == "crossed" else heard
    if turned == "fell" or assessment.withdrawn:
        _stop_waiting(here, stored.id, assessment)
    elif turned == "crossed" or (assessment.mql and cards and _is_taken_up(here, arrival)):
        return _placed(here, stored, assessment, heard, cards)
    return replace(heard, held=turned) if isinstance(turned, Held) else heard


def _next_judgement(here: Turn, arrival: Arrival, mql: bool, turned: Turned) -> date | None:
    """An MQL is judged every day, any other lead on the day of a signal that was dated ahead."""
    stored, today = arrival.stored, utc_day(here.now)
    if mql and (stored.mql or turned == "crossed"):
        return today + timedelta(days=1)
    if turned == "fell":
        return signals.next_day(here.tx, stored.id, today)
    before = stored.judge_on if stored.judge_on and stored.judge_on > today else None
    return min((day for day in (arrival.ahead, before) if day), default=None)


def _ahead(incoming: Sequence[Signal], today: date) -> date | None:
    return min((day for one in incoming if (day := utc_day(one.at)) > today), default=None)


def _note(here: Turn, stored: StoredLead, assessment: Assessment, live: Handoff | None) -> None:
    """The standing verdict has turned."""
    leads.set_verdict(here.tx, stored.id, assessment.mql, here.now)
    detail: Detail = {"cell": assessment.cell, "because": assessment.because, "policy": here.policy.version}
    event = Event(Kind.CROSSED if assessment.mql else Kind.FELL, here.now, detail=detail)
    history.append(here.tx, [event], stored.id, live.id if live else None)


def _placed(here: Turn, stored: StoredLead, assessment: Assessment, heard: Received, cards: bool) -> Received:
    """The one result of a crossing: a hand-off, or a queue with its reason."""
    imported = Routed(Queued("imported", "imported without cards"), ())
    routed = find_place(here, stored, assessment) if cards else imported
    if isinstance(routed.place, Queued):
        move_to(here, stored.id, routed.place)
        return replace(heard, crossing="queue", queue=routed.place.queue)
    handoff = open_handoff(here, stored, assessment, routed)
    return replace(heard, crossing="handoff", handoff_id=handoff.id)


def _is_taken_up(here: Turn, arrival: Arrival) -> bool:
    """Whether its crossing waits in a queue for just this: for better data, or, once imported, for a sign of intent."""
    waits = {entry.queue for entry in queues.of_lead(here.tx, arrival.stored.id) if entry.handoff_id is None}
    return "data-fix" in waits or ("imported" in waits and arrival.intent)


def _stop_waiting(here: Turn, lead_id: int, assessment: Assessment) -> None:
    """Nobody waits for an offer who is no MQL; somebody who must not be contacted waits for nothing at all."""
    waits = {entry.queue for entry in queues.of_lead(here.tx, lead_id)}
    if assessment.withdrawn or waits & {"data-fix", "overflow", "unassigned"}:
        leave(here, lead_id, f"no MQL any more: {assessment.because}")


def _show_on(here: Turn, lead_id: int, handoff_id: int, new: int) -> None:
    """What is new of a lead in sales' hands is shown on its card."""
    if new:
        history.append(here.tx, [Event(Kind.SIGNALLED, here.now, detail={"signals": new})], lead_id, handoff_id)
    here.touch(handoff_subject(handoff_id))


def _said(said: Lead) -> str:
    """The names of what was put right: history keeps no personal data."""
    fields = [name for name in Lead.__dataclass_fields__ if name != "attributes" and getattr(said, name) is not None]
    return ", ".join([*fields, *said.attributes])
