"""Reminders: one message for all that is due, a quarter of an hour between two, none at night, none forgotten."""

import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock.calendar import Calendar
from bot.config import load
from bot.config.policy import Policy
from bot.handoff.events import Event, Kind
from bot.handoff.states import Handoff
from bot.moves.decisions import accept
from bot.moves.due import APART, climb
from bot.store import handoffs, history, policies
from bot.store.engine import Store
from bot.store.tables import messages
from bot.sweep import Sweeper, sweep
from tests.support import NOW, TEXTS, by, in_force, offered, owner_slack, standing

MINUTE = timedelta(minutes=1)
SLA = """
undo_minutes: 10
cards_per_hour: 1000
tiers:
  P1: {due: 15m, urgent: true, ladder: [{after: 12m, step: last_call}, {after: 15m, step: escalate}, {after: 1d, step: expire}]}
  P2:
    due: 4h
    ladder:
      - {after: 50m, step: remind}
      - {after: 130m, step: last_call}
      - {after: 4h, step: escalate}
      - {after: 6h, step: expire}
"""  # noqa: E501
OFFICE = """
default: office
calendars:
  office: {zone: UTC, hours: {mon-fri: [09:00-12:00, 13:00-17:00]}}
"""
FILES = {name: TEXTS | {"sla.yaml": SLA, **calendar} for name, calendar in
         {"always": {}, "office": {"calendar.yaml": OFFICE}}.items()}  # fmt: skip
POLICIES: dict[str, Policy] = {name: load.parse(files) for name, files in FILES.items()}


@dataclass
class Nudge:
    """A reminder as it stands: to whom, when, and how often it was drawn."""

    subject: str
    to: str
    at: datetime
    wanted: int
    status: str


def nudges(store: Store) -> list[Nudge]:
    columns = [messages.c[name] for name in ("subject", "recipient", "created_at", "wanted", "status")]
    with store.reading() as tx:
        rows = tx.execute(sa.select(*columns).where(messages.c.kind == "nudge").order_by(messages.c.created_at))
        return [Nudge(*row) for row in rows]


def reminded(store: Store, one: Handoff) -> list[Event]:
    with store.reading() as tx:
        return [event for event in history.of_handoff(tx, one.id) if event.kind is Kind.REMINDED]


def mine(store: Store, many: int, now: datetime = NOW) -> list[Handoff]:
    """So many of Ana's leads, all offered now."""
    found = [offered(store, f"lead{now:%d%H%M}-{number}", now) for number in range(2 * many)]
    return [one for one in found if one.owner == "ana"]


def test_all_that_is_due_is_in_one_message_and_each_of_them_knows_it(store: Store) -> None:
    in_force(store, sla=SLA)
    leads = mine(store, 12)
    sweep(store, NOW + 50 * MINUTE)
    [nudge] = [one for one in nudges(store) if one.to == "U0ANA"]
    assert {standing(store, one.id).nudge for one in leads} == {nudge.subject}
    with store.reading() as tx:
        assert handoffs.of_nudge(tx, nudge.subject, 100)[0]


def test_what_falls_due_soon_after_waits_and_then_comes_in_one(store: Store) -> None:
    in_force(store, sla=SLA)
    mine(store, 1)
    late = [*mine(store, 1, NOW + 3 * MINUTE), *mine(store, 1, NOW + 9 * MINUTE)]
    for minute in range(49, 75):
        sweep(store, NOW + minute * MINUTE)
    first, second = [one for one in nudges(store) if one.to == "U0ANA"]
    assert (first.at, second.at) == (NOW + 50 * MINUTE, NOW + 65 * MINUTE)
    assert {standing(store, one.id).nudge for one in late} == {second.subject}


def test_a_reminder_that_was_sent_is_drawn_anew_for_what_another_worker_finds_at_the_same_time(store: Store) -> None:
    in_force(store, sla=SLA)
    first, second, third = mine(store, 3)
    now = NOW + 50 * MINUTE
    climb(store, now, first.id)
    with store.transaction() as tx:
        tx.execute(sa.update(messages).values(status="sent", shown=messages.c.wanted, ts="1.1"))
    climb(store, now, second.id)
    climb(store, now + timedelta(seconds=2), third.id)
    [nudge] = nudges(store)
    assert (nudge.at, nudge.wanted, nudge.status) == (now, 3, "waiting")
    assert {standing(store, one.id).nudge for one in (first, second, third)} == {nudge.subject}


def test_an_urgent_lead_waits_for_no_other_reminder(store: Store) -> None:
    in_force(store, sla=SLA)
    mine(store, 1)
    sweep(store, NOW + 50 * MINUTE)
    with store.transaction() as tx:
        tx.execute(sa.update(messages).where(messages.c.kind == "nudge").values(created_at=NOW + 11 * MINUTE))
        tx.execute(sa.text("UPDATE handoffs SET tier = 'P1'"))
    again = mine(store, 1)
    with store.transaction() as tx:
        tx.execute(sa.text("UPDATE handoffs SET tier = 'P1'"))
    before = len(nudges(store))
    sweep(store, NOW + 51 * MINUTE)
    assert len(reminded(store, again[0])) == 1
    assert len(nudges(store)) == before, "it has a message of its own"


def test_at_night_nobody_is_reminded_and_in_the_morning_of_everything_at_once(store: Store) -> None:
    in_force(store, sla=SLA, calendar=OFFICE)
    evening = NOW.replace(hour=16, minute=20)  # 40 minutes of work are left today, so reminded at 09:10
    mine(store, 1, evening)
    early = mine(store, 1, NOW.replace(hour=15, minute=50))  # to be reminded at 16:40
    later = mine(store, 1, NOW.replace(hour=16, minute=2))  # at 16:52: too soon, and 16:55 is the end of a quarter
    for minute in [*range(45), *range(45, 990, 45), *range(990, 1080)]:
        sweep(store, evening + minute * MINUTE)
    times = [one.at for one in nudges(store) if one.to == "U0ANA"]
    assert NOW.replace(hour=16, minute=40) in times
    assert all(9 <= at.hour < 17 for at in times)
    assert len(reminded(store, early[0])) >= 1
    assert len(reminded(store, later[0])) >= 1


@dataclass
class Plan:
    """A life to be lived: when leads come, when sweeps happen, and who answers."""

    office: bool
    comes: Sequence[int]
    ticks: Sequence[int]
    answers: Sequence[tuple[int, int]]
    offers: dict[int, Handoff] = field(default_factory=dict)


plans = st.builds(
    Plan,
    office=st.booleans(),
    comes=st.lists(st.integers(0, 300), min_size=1, max_size=9),
    ticks=st.lists(st.sampled_from([1, 3, 7, 11]), min_size=1, max_size=6),
    answers=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 8)), max_size=5),
)


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(plan=plans)
def test_no_two_too_close_none_at_night_none_for_nothing_and_none_forgotten(
    plan: Plan, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"nudges-{uuid4().hex}.sqlite"
    store = Store(f"sqlite:///{shutil.copy(sqlite_template, path)}")
    name = "office" if plan.office else "always"
    with store.transaction() as tx:
        policies.apply(tx, POLICIES[name], FILES[name], NOW)
    try:
        _live(store, plan)
        _check(store, plan, POLICIES[name].calendars[name], max(plan.ticks) * MINUTE)
    finally:
        store.close()
        path.unlink()


def _live(store: Store, plan: Plan) -> None:
    """Until nothing is open any more, at the latest two working days later."""
    workers, minute, number = [Sweeper(store), Sweeper(store)], 0, 0
    end = 30 * 60 if plan.office else 10 * 60
    answers = sorted(plan.answers)
    while minute < end:
        now = NOW + minute * MINUTE
        for place, at in enumerate(plan.comes):
            if at <= minute and place not in plan.offers:
                plan.offers[place] = offered(store, f"lead{place}", now)
        while answers and answers[0][0] <= minute:
            one = plan.offers.get(answers.pop(0)[1])
            if one:
                accept(store, now, by(owner_slack(one), one))
        workers[number % 2].sweep(now)
        asleep = 9 * 60 < minute < 23 * 60  # nothing comes, and nobody may be reminded: seldom is often enough
        minute, number = minute + (60 if asleep else plan.ticks[number % len(plan.ticks)]), number + 1


def _check(store: Store, plan: Plan, hours: Calendar, tick: timedelta) -> None:
    told: dict[str, list[datetime]] = defaultdict(list)
    for nudge in nudges(store):
        told[nudge.to].append(nudge.at)
        assert hours.works(nudge.at), "quiet hours"
    assert all(after - before >= APART for times in told.values() for before, after in pairwise(times))
    subjects = {nudge.subject for nudge in nudges(store)}
    for first in plan.offers.values():
        events, now = reminded(store, first), standing(store, first.id)
        assert {event.detail["nudge"] for event in events} <= subjects
        ended = now.decided_at or now.expired_at or NOW + timedelta(days=99)
        assert all(event.at <= ended for event in events)
        for step, following in pairwise(first.steps):
            if step.step not in {"remind", "last_call"}:
                continue
            latest = hours.opens(hours.opens(step.at + tick) + APART) + tick
            if latest < min(following.at, ended):
                assert [one for one in events if step.at <= one.at <= latest], (step, events)
