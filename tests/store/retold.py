"""A hand-off as its history tells it, by the slowest and most obvious way."""

from collections.abc import Sequence
from datetime import datetime

from bot.handoff.events import Event, Kind
from bot.handoff.states import State


def handed(events: Sequence[Event], due: datetime | None) -> tuple[object, object]:
    """Whose it is after all that, and whose it was when it was noticed to be overdue, if it was."""
    owner, breached, noticed = events[0].detail["owner"], None, False
    for event in events:
        if event.kind is Kind.BREACHED:
            assert not noticed
            assert due is not None
            assert event.at >= due
            noticed, breached = True, owner
        elif event.kind in {Kind.REROUTED, Kind.REASSIGNED, Kind.CLAIMED}:
            assert event.detail["from"] == owner != event.detail["to"]
            owner = event.detail["to"]
    return owner, breached


def replay(events: Sequence[Event]) -> tuple[object, ...]:
    """Its state, who decided, with which reason, and when it was accepted, rejected, voided, expired."""
    state, decided_by, reason = State.OFFERED, None, None
    dates: dict[Kind, datetime | None] = {}
    for event in events:
        match event.kind:
            case Kind.ACCEPTED | Kind.REJECTED | Kind.VOIDED:
                state = {Kind.ACCEPTED: State.ACCEPTED, Kind.REJECTED: State.REJECTED, Kind.VOIDED: State.VOID}[
                    event.kind
                ]
                decided_by, reason, dates = event.by, event.detail.get("reason"), {event.kind: event.at}
            case Kind.UNDONE:
                state, decided_by, reason, dates = State.OFFERED, None, None, {}
            case Kind.EXPIRED:
                state, dates = State.EXPIRED, {event.kind: event.at}
            case _:
                pass
    times = [dates.get(kind) for kind in (Kind.ACCEPTED, Kind.REJECTED, Kind.VOIDED, Kind.EXPIRED)]
    return (state, decided_by, reason, *times)
