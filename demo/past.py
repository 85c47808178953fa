"""What became of the demo company's leads before it had Baton: made up, the same every time, counted back from now.

Times are log-normal in the hours that reps really work; `story` has the numbers. Pure: `history` brings it in through
the door for files, `bulk` writes any number of it into a database.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count, islice
from math import exp
from random import Random
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from bot.clock.calendar import Calendar, Hours
from bot.clock.ladder import build
from bot.config.policy import Policy
from demo.names import Somebody, somebody
from demo.story import (
    AGAIN,
    AGAIN_AFTER,
    ANSWERS,
    CAMPAIGNS,
    COUNTRIES,
    DISQUALIFIED,
    END,
    FRENCH,
    FRESH,
    GRADES,
    LATELY,
    LATER,
    OF_SMALL,
    REASONS,
    REPS,
    REROUTED,
    SCORES,
    SILENT,
    SLOWER,
    SPREAD,
    TIERS,
    TYPES,
)

DAYS = 70
Outcome = Literal["open", "accepted", "rejected", "void", "expired"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Past:
    """One hand-off that was. Times are UTC; persons are keys of people.yaml; `number` counts those of one lead."""

    who: Somebody
    lead: int
    number: int
    country: str
    employees: int
    source: str
    campaign: str
    tier: str
    grade: str
    score: int
    type: str
    first_owner: str
    owner: str
    offered_at: datetime
    due_at: datetime
    outcome: Outcome = "open"
    ended_at: datetime | None = None
    reason: str | None = None
    follow_up: str | None = None
    qualified_at: datetime | None = None
    disqualified_at: datetime | None = None
    disqualified_for: str | None = None
    won_at: datetime | None = None
    lost_at: datetime | None = None


def past(
    policy: Policy, now: datetime, handoffs: int, days: int = DAYS, *, seed: int = 5, first: int = 0
) -> list[Past]:
    """So many hand-offs of the last `days` before `now` (UTC), in the order in which they were offered.

    `first` is the number of the first lead.
    """
    dice = Random(seed)
    fresh = [now - FRESH * dice.random() for _ in range(min(4, handoffs // 10))]
    moments = sorted([*islice(_moments(dice, now, days), handoffs - len(fresh)), *fresh])
    made: list[Past] = []
    numbers = count(first)
    left: deque[Past] = deque()
    for at in (moment.replace(microsecond=0) for moment in moments):
        back = left and at - left[0].offered_at > AGAIN_AFTER and dice.random() < AGAIN
        offered = _again(policy, left.popleft(), at) if back else _offered(policy, dice, now, next(numbers), at)
        made.append(_ended(policy, dice, offered, now))
        if made[-1].outcome in {"rejected", "expired"}:
            left.append(made[-1])
    return made


def _moments(dice: Random, now: datetime, days: int) -> Iterator[datetime]:
    """When leads come: mostly in office hours."""
    while True:
        at = now - timedelta(days=days) * dice.random()
        office = at.weekday() < 5 and 7 <= at.hour < 17
        if office or dice.random() < 0.06:
            yield at


def _offered(policy: Policy, dice: Random, now: datetime, lead: int, at: datetime) -> Past:
    campaign = _pick(dice, {one: one.shares[now - at < LATELY] for one in CAMPAIGNS})
    country = "DE" if "DACH" in campaign.name else dice.choice(COUNTRIES)
    tier = _pick(dice, {name: share for name, (share, _) in TIERS.items()})
    first = owner = "chloe" if country in FRENCH else dice.choice(REPS)
    if dice.random() < REROUTED:
        owner = dice.choice([rep for rep in REPS if rep != first])
    return Past(
        who=somebody(lead),
        lead=lead,
        number=1,
        country=country,
        employees=dice.randint(2, 19) if dice.random() < campaign.small else dice.randint(20, 900),
        source=campaign.source,
        campaign=campaign.name,
        tier=tier,
        grade=dice.choice(GRADES[tier]),
        score=dice.randint(*SCORES[tier]),
        type=dice.choice(TYPES.get(tier, ("points",))),
        first_owner=first,
        owner=owner,
        offered_at=at,
        due_at=_ladder(policy, tier, first, at)[0],
    )


def _again(policy: Policy, one: Past, at: datetime) -> Past:
    """The next hand-off of a lead that was turned down or left."""
    due = _ladder(policy, one.tier, one.owner, at)[0]
    fresh = replace(one, outcome="open", ended_at=None, reason=None, follow_up=None)
    return replace(fresh, number=one.number + 1, first_owner=one.owner, offered_at=at, due_at=due)


def _ended(policy: Policy, dice: Random, one: Past, now: datetime) -> Past:
    """The hand-off as it stands `now`: answered, left until the end, or open."""
    silent = SILENT[now - one.offered_at < timedelta(days=1)]
    median = TIERS[one.tier][1] * SLOWER.get(one.owner, 1.0)
    minutes = median * exp(dice.gauss(0, SPREAD))
    answered = _at_work(policy, one.owner).add(one.offered_at, timedelta(seconds=round(60 * minutes)))
    ends = _ladder(policy, one.tier, one.first_owner, one.offered_at)[1]
    never, answer, later = dice.random() < silent, _answer(dice, one, answered), dice.random()
    if never or answered > ends:
        return replace(one, outcome="expired", ended_at=ends) if ends <= now else one
    if answered > now:
        return one
    return _carried_on(dice, answer, now, later) if answer.outcome == "accepted" else answer


def _answer(dice: Random, one: Past, at: datetime) -> Past:
    campaign = next(each for each in CAMPAIGNS if each.name == one.campaign)
    accepted = campaign.accepted + (one.score - 70) / 400
    if dice.random() < accepted:
        return replace(one, outcome="accepted", ended_at=at)
    reason = _pick(dice, OF_SMALL if campaign.small > 0.5 else REASONS)
    outcome: Outcome = "void" if reason == "DUPLICATE" else "rejected"
    return replace(one, outcome=outcome, ended_at=at, reason=reason, follow_up=_follow_up(dice, one, reason, at.date()))


def _follow_up(dice: Random, one: Past, reason: str, on: date) -> str:
    if reason == "FIT_COMPANY":
        return "size" if one.employees < 20 else dice.choice(("industry", "industry,technology", "finances"))
    if reason == "TIMING":
        return (on + timedelta(days=dice.randint(30, 120))).isoformat()
    return ANSWERS[reason]


def _carried_on(dice: Random, one: Past, now: datetime, luck: float) -> Past:
    """What came of an accepted one, as far as it has come."""
    step, at = _later(dice, LATER, luck, one.ended_at or now)
    if at > now or step is None:
        return one
    if step == "disqualified":
        return replace(one, disqualified_at=at, disqualified_for=dice.choice(DISQUALIFIED))
    end, ended = _later(dice, END, dice.random(), at)
    if ended > now or end is None:
        return replace(one, qualified_at=at)
    won, lost = (ended, None) if end == "won" else (None, ended)
    return replace(one, qualified_at=at, won_at=won, lost_at=lost)


def _later(
    dice: Random, steps: Mapping[str, tuple[float, float]], luck: float, since: datetime
) -> tuple[str | None, datetime]:
    """The step that luck brings, and when."""
    after = exp(dice.gauss(0, 0.5))
    for step, (share, median) in steps.items():
        if luck < share:
            return step, (since + timedelta(days=median * after)).replace(microsecond=0)
        luck -= share
    return None, since


def _ladder(policy: Policy, tier: str, owner: str, at: datetime) -> tuple[datetime, datetime]:
    """When it is due, and when it expires."""
    sla = policy.slas[tier]
    ladder = build(sla, at, policy.clock_of(owner, at, urgent=sla.urgent))
    return ladder.due_at, ladder.steps[-1].at


def _at_work(policy: Policy, owner: str) -> Calendar:
    """The demo's calendar has two reps at work at any hour; people are not."""
    hours = policy.hours_of(owner)
    return hours if hours.full_day < timedelta(hours=24) else _waking(hours.zone)


@cache
def _waking(zone: ZoneInfo) -> Calendar:
    weekday, weekend = (Hours(8 * 60, 19 * 60),), (Hours(10 * 60, 16 * 60),)
    return Calendar(zone, (*[weekday] * 5, *[weekend] * 2))


def _pick(dice: Random, weighted: Mapping[T, float]) -> T:
    return dice.choices(list(weighted), list(weighted.values()))[0]
