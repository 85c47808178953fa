"""Hand-offs as their history tells them, one after the other: the oracle of `/funnel` counts nothing else.

What no row of the history says, as it was frozen at the offer, is read as it stands: source, campaign and the other
facets, tier, due time, version of the policy. Whatever happened afterwards comes out of the history alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.store.engine import Tx
from bot.store.tables import handoffs, history
from tests.store.funnel_company import MINUTE, TEAMS, Wall, wall_of, worked

FURTHEST = ("won", "lost", "disqualified", "qualified", "accepted", "rejected", "expired")
REACHED = {
    "void": ("voided",),
    "accepted": ("accepted", "disqualified", "lapsed", "qualified", "won", "lost"),
    "sql": ("qualified", "won", "lost"),
    "won": ("won",),
    "out": ("disqualified", "lapsed"),
    "lost": ("lost",),
    "rejected": ("rejected",),
    "expired": ("expired",),
}
"""What shows that a stage was reached: it, or any later one."""
FROZEN = [
    "id",
    "lead_id",
    "number",
    "imported",
    "offered_at",
    "due_at",
    "policy",
    "source",
    "campaign",
    "tier",
    "raised_from",
    "facets",
]


class Limit(NamedTuple):
    """How far to look: minutes of a clock. `life`: until a card expires, by whoever's hours."""

    minutes: int
    clock: str
    life: bool = False


@dataclass
class Case:
    """One hand-off. `dates` has what happened and was never undone; None: nobody knows when."""

    first: bool
    imported: bool
    offered_at: datetime
    due_at: datetime | None
    version: str
    words: dict[str, str | None]
    facets: Mapping[str, Any]
    offered_tier: str | None
    tier: str | None
    first_owner: str | None = None
    owner: str | None = None
    team: str | None = None
    reason: str | None = None
    dates: dict[str, datetime | None] = field(default_factory=dict)
    passed_on: list[datetime] = field(default_factory=list)

    def since(self, stage: str) -> datetime | None:
        """From when a stage counts: its first date or that of a later one, else from the offer on; None: never."""
        told = [self.dates[name] for name in REACHED[stage] if name in self.dates]
        known = [at for at in told if at is not None]
        return min(known, default=self.offered_at) if told else None

    def is_in(self, stage: str, as_of: datetime) -> bool:
        """Whether it had reached a stage by then."""
        since = self.since(stage)
        return since is not None and since <= as_of

    def dated(self, stage: str, as_of: datetime) -> datetime | None:
        """When it was reached: its own date, else that of the next one; None: nobody knew it then."""
        at = next((self.dates[name] for name in REACHED[stage] if self.dates.get(name)), None)
        return at if at and at <= as_of else None

    def outcome(self, as_of: datetime) -> str:
        """The furthest stage it had come to by then; each is looked for only within the one before."""
        if self.is_in("void", as_of):
            return "void"
        if self.is_in("accepted", as_of):
            if not self.is_in("sql", as_of):
                return "accepted"
            return "won" if self.is_in("won", as_of) else "sql"
        return next((end for end in ("rejected", "expired") if self.is_in(end, as_of)), "open")

    def cause(self, as_of: datetime) -> str | None:
        """How it had ended to be open by then; void ones are left out of everything, and open ones have not."""
        outcome = self.outcome(as_of)
        return None if outcome in ("void", "open") else "accepted" if outcome in ("sql", "won") else outcome

    def took(self, clock: str, as_of: datetime) -> int | None:
        """How many whole minutes it was open, if it is not any more by then; None: nobody knows."""
        ended = self.dates.get(self.cause(as_of) or "")
        if ended is None or not self.offered_at <= ended <= as_of:
            return None
        return round(self._span(clock, self.offered_at, ended).total_seconds()) // 60  # kept in seconds

    def age(self, limit: Limit, as_of: datetime, *, exact: bool = False) -> int:
        """How many whole minutes after its offer that is, or after the minute of it; as old as the limit is enough.

        So it is, where the limit is the life of a card, once it is older than a card gets by its own clock.
        """
        start = self.offered_at if exact else self.offered_at.replace(second=0, microsecond=0)
        age = self._span(limit.clock, start, as_of)
        full = self._wall.life if limit.life else limit.minutes * MINUTE
        return limit.minutes if age >= full else min(age // MINUTE, limit.minutes)

    def _span(self, clock: str, start: datetime, end: datetime) -> timedelta:
        return end - start if clock == "wall" else worked(self._wall, start, end)

    @property
    def _wall(self) -> Wall:
        urgent = self.offered_tier == "P1" and not self.imported
        return wall_of(self.first_owner, self.offered_at, urgent=urgent)

    def name(self, dim: str, touch: str = "trigger") -> str:
        """The group it belongs to."""
        if dim == "week":
            return (self.offered_at.date() - timedelta(self.offered_at.weekday())).isoformat()
        if dim == "month":
            return f"{self.offered_at:%Y-%m}"
        found = self._word(dim, touch)
        return found if found and found.strip(" ") else "(blank)"

    def _word(self, dim: str, touch: str) -> str | None:
        if dim in ("source", "campaign"):
            return self.words[dim] if touch == "trigger" else self.facets.get(f"{touch}_{dim}")
        if dim == "band":
            return None if self.score is None else str(self.score // 10 * 10)
        own = {"rep": self.owner, "team": self.team, "tier": self.tier, "reason": self.reason, "version": self.version}
        return own[dim] if dim in own else self.facets.get(dim)

    @property
    def score(self) -> int | None:
        """Its points at the offer."""
        return self.facets.get("score")


def cases(tx: Tx) -> list[Case]:
    """All hand-offs there are, in the order of their ids."""
    rows = tx.execute(sa.select(*(handoffs.c[name] for name in FROZEN)).order_by(handoffs.c.id)).all()
    events = tx.execute(sa.select(history).order_by(history.c.id)).all()
    return [_case(row, [one for one in events if one.handoff_id == row.id], events) for row in rows]


def _case(row: Any, own: list[Any], events: list[Any]) -> Case:
    tier = row.raised_from or row.tier
    case = Case(
        first=row.number == 1,
        imported=row.imported,
        offered_at=row.offered_at,
        due_at=row.due_at,
        version=row.policy,
        words={"source": row.source, "campaign": row.campaign},
        facets=row.facets or {},
        offered_tier=tier,
        tier=tier,
    )
    if row.imported:
        _tell_import(case, [one for one in events if one.lead_id == row.lead_id and one.kind == "recorded"])
    else:
        for event in own:
            _tell(case, event)
    return case


def _tell(case: Case, event: Any) -> None:
    """What one row of the history makes of it."""
    match event.kind:
        case "offered":
            assert event.at == case.offered_at
            case.first_owner = case.owner = event.detail["owner"]
            case.team = event.detail["team"]
        case "rerouted" | "reassigned" | "claimed":
            case.owner = event.detail["to"]
            case.team = TEAMS[event.detail["to"]]
            case.passed_on += [event.at] if event.kind == "rerouted" else []
        case "raised":
            case.tier = event.detail["to"]
        case "accepted" | "rejected" | "voided" | "expired":
            case.dates, case.reason = {event.kind: event.at}, event.detail.get("reason")
        case "undone":
            case.dates, case.reason = {}, None


def _tell_import(case: Case, rows: list[Any]) -> None:
    """History from elsewhere: of each fact the first date that was told, and only what lies on the way to the last."""
    facts: dict[str, Any] = {}
    words: dict[str, str] = {}
    for row in rows:
        words = {**row.detail, **words}
        fact = row.detail.get("fact")
        if fact and (fact not in facts or (_is_firm(row) and not _is_firm(facts[fact]))):
            facts[fact] = row
    case.first_owner = case.owner = words.get("owner")
    case.team = words.get("team")
    way = list(_on_the_way(facts))
    case.reason = next((facts[name].detail["reason"] for name in ("rejected", "disqualified") if name in way), None)
    case.dates = {_stage(facts[name]): None if "time" in facts[name].detail else facts[name].at for name in way}


def _is_firm(row: Any) -> bool:
    return "time" not in row.detail and "assumed" not in row.detail


def _stage(row: Any) -> str:
    return "voided" if "void" in row.detail else str(row.detail["fact"])


def _on_the_way(facts: Mapping[str, Any]) -> Iterator[str]:
    last = next((name for name in FURTHEST if name in facts), None)
    before = () if last in ("rejected", "expired") else ("accepted", "qualified")
    yield from (name for name in dict.fromkeys((*before, last)) if name in facts)
