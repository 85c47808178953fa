"""Why is it due then, and why did they get it? As it was kept when it happened."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.clock.why import Deadline
from bot.config.policy import Policy
from bot.handoff.grounds import Grounds, Placed
from bot.handoff.routing import trace_from_dict
from bot.handoff.states import Handoff, State
from bot.store import absences, handoffs, leads, policies
from bot.store import grounds as papers
from bot.store.engine import Tx


def grounds(tx: Tx, handoff_id: int, now: datetime) -> Grounds | None:
    """What is known of it at `now` (UTC); None where there is no such hand-off."""
    handoff = handoffs.get(tx, handoff_id)
    stored = leads.get(tx, handoff.lead_id) if handoff else None
    if handoff is None or stored is None:
        return None
    policy = policies.current(tx)
    deadline, routings = papers.deadline(tx, handoff_id), papers.routings(tx, handoff_id)
    return Grounds(
        handoff,
        stored.lead,
        policy.people,
        deadline_of(deadline),
        tuple(_placed(routings)),
        _left(tx, handoff, policy, now),
    )


def deadline_of(kept: dict[str, Any] | None) -> Deadline | None:
    """The facts behind a due time as they were kept; None where there are none, or an older Baton wrote them."""
    try:
        return Deadline.from_dict(kept) if kept else None
    except ValueError:
        return None


def _placed(routings: Sequence[Mapping[str, Any]]) -> Iterator[Placed]:
    for kept in routings:
        try:
            yield Placed(datetime.fromisoformat(kept["at"]), str(kept["to"]), trace_from_dict(kept["trace"]))
        except (KeyError, TypeError, ValueError):
            continue


def _left(tx: Tx, handoff: Handoff, policy: Policy, now: datetime) -> timedelta | None:
    """In the hours of whoever has it now, which need not be those it was counted in."""
    due, owner = handoff.due_at, handoff.owner
    if handoff.state is not State.OFFERED or handoff.imported or due is None or owner is None or now >= due:
        return None
    sla = policy.slas.get(handoff.raised_from or handoff.tier or "")
    off = [one.leave for one in absences.standing(tx, [owner])]
    since = handoff.owner_since or handoff.offered_at
    return policy.clock_of(owner, since, urgent=bool(sla and sla.urgent), off=off).between(now, due)
