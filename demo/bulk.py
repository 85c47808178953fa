"""So many hand-offs as if Baton had carried them, put straight into a database: `python -m demo.bulk --handoffs 30000`.

For looking at every screen at every size. An empty database gets the tables and the demo company's configuration; in
one that is there, they join what there is. Those that are open have no card and no clock, so that nothing is sent.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.config.load import parse, texts
from bot.config.policy import Policy
from bot.handoff.events import Kind
from bot.handoff.facets import Touch, Touches, facets
from bot.lead import Lead
from bot.store import policies, schema
from bot.store.engine import Store, Tx
from bot.store.tables import handoffs, history, identities, leads
from demo.past import DAYS, Past, past

CONFIG = Path(__file__).parent / "config"
TEAM = "sales"
STATES = {"open": "offered", "void": "void"}
ENDS = {"accepted": Kind.ACCEPTED, "rejected": Kind.REJECTED, "void": Kind.VOIDED, "expired": Kind.EXPIRED}
Row = dict[str, Any]


def main() -> int:
    """Exit code 0 when they are in."""
    arguments = argparse.ArgumentParser(prog="demo.bulk", description=__doc__)
    arguments.add_argument("--handoffs", type=_some, default=30, help="how many")
    arguments.add_argument("--days", type=_some, default=DAYS, help="of how many days before now")
    arguments.add_argument("--seed", type=int, default=5, help="another number: other hand-offs")
    arguments.add_argument("--database", required=True, help="such as sqlite:///some.sqlite")
    chosen = arguments.parse_args()
    store = Store(chosen.database)
    try:
        schema.upgrade(store)
        fill(store, datetime.now(UTC), chosen.handoffs, chosen.days, chosen.seed)
    finally:
        store.close()
    print(f"{chosen.handoffs} hand-offs of {chosen.days} days are in")
    return 0


def _some(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"got {text!r}, expected a whole number from 1 on")
    return int(text)


def fill(store: Store, now: datetime, many: int, days: int = DAYS, seed: int = 5) -> None:
    """Put `many` hand-offs of the `days` before `now` (UTC) into a database whose tables are there."""
    with store.transaction(wakes=False) as tx:
        policy = _policy(tx, now)
        known = tx.execute(sa.select(sa.func.count()).select_from(leads)).scalar_one()
        ones = past(policy, now, many, days, seed=seed, first=known)
        first = {one.lead: one for one in ones if one.number == 1}
        numbers = dict(zip(first, _add(tx, leads, [_lead(one) for one in first.values()]), strict=True))
        tx.execute(sa.insert(identities), [_identity(one, numbers[one.lead]) for one in first.values()])
        ids = _add(tx, handoffs, [_handoff(policy, one, numbers[one.lead], now) for one in ones])
        tx.execute(sa.insert(history), list(_history(ones, ids, numbers, now)))
        _link(tx, ones, ids)
    with store.engine.connect() as connection:
        connection.execute(sa.text("ANALYZE"))
        connection.commit()


def _policy(tx: Tx, now: datetime) -> Policy:
    if not policies.any_applied(tx):
        found = texts(CONFIG)
        policies.apply(tx, parse(found), found, now)
    return policies.current(tx)


def _add(tx: Tx, table: sa.Table, rows: Sequence[Row]) -> list[int]:
    added = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(tx.execute(added, rows).scalars()) if rows else []


def _lead(one: Past) -> Row:
    known = {"country": one.country, "source": one.source, "campaign": one.campaign}
    dates = dict.fromkeys(("crossed_at", "created_at", "updated_at"), one.offered_at)
    return {**one.who._asdict(), **known, "attributes": {"employees": one.employees}, "mql": True, **dates}


def _identity(one: Past, lead_id: int) -> Row:
    return {"name": f"email:{one.who.email}", "lead_id": lead_id}


def _handoff(policy: Policy, one: Past, lead_id: int, now: datetime) -> Row:
    decided = one.ended_at if one.outcome in {"accepted", "rejected", "void"} else None
    return {
        "lead_id": lead_id,
        "number": one.number,
        "state": state_of(one),
        "version": 1 if one.outcome == "open" else 2,
        "owner": one.owner,
        "first_owner": one.first_owner,
        "team": TEAM,
        "channel": policy.people.teams[TEAM].channel,
        "tier": one.tier,
        "policy": policy.version,
        "facets": _facets(one),
        "source": one.source,
        "campaign": one.campaign,
        "imported": False,
        "offered_at": one.offered_at,
        "due_at": one.due_at,
        "steps": [],
        "step": 0,
        "owner_since": one.offered_at,
        "breached_by": one.owner if (one.ended_at or now) > one.due_at else None,
        "decided_at": decided,
        "decided_by": one.owner if decided else None,
        "undo_until": decided and decided + policy.undo,
        "reason": one.reason,
        "follow_up": one.follow_up,
        **_took(policy, one),
        **_dates(one),
    }


def state_of(one: Past) -> str:
    """The state in which the hand-off stands."""
    if one.won_at or one.lost_at:
        return "won" if one.won_at else "lost"
    later = "qualified" if one.qualified_at else "disqualified" if one.disqualified_at else None
    return later or STATES.get(one.outcome, one.outcome)


def _dates(one: Past) -> Row:
    ended = {
        f"{name}_at": one.ended_at if one.outcome == name else None for name in ("accepted", "rejected", "expired")
    }
    later = {f"{name}_at": getattr(one, f"{name}_at") for name in ("qualified", "disqualified", "won", "lost")}
    return {**ended, **later, "voided_at": one.ended_at if one.outcome == "void" else None}


def _took(policy: Policy, one: Past) -> Row:
    """As `moves.carry` counts it: in the hours of whoever it was offered to."""
    if one.ended_at is None:
        return {"took_wall": None, "took_working": None}
    hours = policy.clock_of(one.first_owner, one.offered_at, urgent=policy.slas[one.tier].urgent)
    spans = {"took_wall": one.ended_at - one.offered_at, "took_working": hours.between(one.offered_at, one.ended_at)}
    return {name: round(span / timedelta(seconds=1)) for name, span in spans.items()}


def _facets(one: Past) -> dict[str, str | int]:
    lead = Lead(country=one.country, attributes={"employees": one.employees})
    only = Touch(one.source, one.campaign)
    return {**facets(lead, Touches(only, only)), "grade": one.grade, "score": one.score, "type": one.type}


def _history(ones: Sequence[Past], ids: Sequence[int], numbers: dict[int, int], now: datetime) -> Iterator[Row]:
    for one, handoff_id in zip(ones, ids, strict=True):
        about = {"lead_id": numbers[one.lead], "handoff_id": handoff_id}
        for at, kind, by, detail in _events(one, now):
            yield {"at": at, "kind": kind.value, "by": by, "detail": detail, **about}


def _events(one: Past, now: datetime) -> Iterator[tuple[datetime, Kind, str | None, Row]]:
    yield one.offered_at, Kind.OFFERED, None, {"owner": one.first_owner, "team": TEAM}
    if one.owner != one.first_owner:
        detail = {"from": one.first_owner, "to": one.owner, "reason": "ROUTE_CAPACITY"}
        yield one.offered_at + timedelta(minutes=2), Kind.REROUTED, one.first_owner, detail
    if (one.ended_at or now) > one.due_at:
        yield one.due_at, Kind.BREACHED, None, {"owner": one.owner, "due": one.due_at.isoformat()}
    if one.ended_at:
        by = None if one.outcome == "expired" else one.owner
        refused = {"reason": one.reason, "follow_up": one.follow_up, "comment": None} if one.reason else {}
        yield one.ended_at, ENDS[one.outcome], by, refused


def _link(tx: Tx, ones: Sequence[Past], ids: Sequence[int]) -> None:
    """A lead's hand-offs, each with the one before and the one after it."""
    last: dict[int, int] = {}
    pairs: list[Row] = []
    for one, handoff_id in zip(ones, ids, strict=True):
        if one.lead in last:
            pairs.append({"before": last[one.lead], "after": handoff_id})
        last[one.lead] = handoff_id
    for here, there, column in (("before", "after", "next_id"), ("after", "before", "previous_id")):
        linked = sa.update(handoffs).where(handoffs.c.id == sa.bindparam(here))
        if pairs:
            tx.execute(linked.values({column: sa.bindparam(there)}), pairs)


if __name__ == "__main__":
    sys.exit(main())
