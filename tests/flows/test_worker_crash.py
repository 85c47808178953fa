"""`kill -9` of a worker at any moment, with another one at work: every step is taken once, everything is said once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.config import load
from bot.delivery import Delivery
from bot.lead import Signal
from bot.moves.receive import Incoming, receive
from bot.store import policies
from bot.store import tables as t
from bot.store.engine import Store
from bot.sweep import sweep
from demo.company import free_port
from tests.flows.crash_host import SWEEPING, Host
from tests.flows.slack_kit import INTAKE, SIGNING, TOKEN, SlackPage, Wall
from tests.support import NOW, TEXTS, hot

STEEP = """
undo_minutes: 10
cards_per_hour: 1000
tiers:
  P1: {due: 15m, urgent: true, ladder: [
    {after: 10m, step: last_call}, {after: 15m, step: escalate}, {after: 20m, step: reassign},
    {after: 4h, step: expire}]}
  P2: {due: 15m, ladder: [{after: 10m, step: remind}, {after: 15m, step: escalate}, {after: 4h, step: expire}]}
"""
QUICK = """
undo_minutes: 10
cards_per_hour: 1000
tiers:
  P1: {due: 2s, ladder: [{after: 1s, step: remind}, {after: 2s, step: escalate}, {after: 4s, step: expire}]}
  P2: {due: 2s, ladder: [{after: 1s, step: remind}, {after: 2s, step: escalate}, {after: 4s, step: expire}]}
"""
PEOPLE = ("C0SALES", "C0FEEDBACK", "U0ANA", "U0BEN", "U0MAYA")
KILLED = -9
ONCE = {"offered", "breached", "escalated", "expired"}
ONCE_EACH = {"reassigned", "reminded"}
"""Once for each owner: whoever lets two leads expire is away, and the next one has reminders of their own."""


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.close()


def in_force(store: Store, sla: str) -> Store:
    files = TEXTS | {"sla.yaml": sla}
    with store.transaction() as tx:
        policies.apply(tx, load.parse(files), files, NOW)
    return store


def lead(number: int, at: datetime, urgent: bool) -> Incoming:
    uses = [Signal(f"{number}-{use}", "product_used", at) for use in range(3)]
    return Incoming(hot(f"lead{number}").lead, uses) if urgent else hot(f"lead{number}", at=at)


def taken(store: Store) -> Counter[str]:
    """How often each thing happened; none of it twice to the same hand-off, or in the same hands."""
    kept = t.history.c
    query = sa.select(kept.handoff_id, kept.kind, kept.detail).where(kept.kind.in_(ONCE | ONCE_EACH)).order_by(kept.id)
    owners, events = dict[int, str](), Counter[tuple[int, str, str]]()
    with store.reading() as tx:
        for handoff, kind, detail in tx.execute(query):
            if kind in {"offered", "reassigned"}:
                owners[handoff] = detail["owner" if kind == "offered" else "to"]
            events[handoff, kind, owners[handoff] if kind in ONCE_EACH else ""] += 1
    assert max(events.values()) == 1, [event for event, times in events.items() if times > 1]
    return Counter(kind for _, kind, _ in events)


def said_once(page: SlackPage, store: Store) -> Counter[str]:
    """How many messages of each kind there are, each of them in Slack once."""
    query = sa.select(t.messages.c.kind, t.messages.c.status, t.messages.c.shown, t.messages.c.wanted)
    with store.reading() as tx:
        rows = tx.execute(query).all()
    assert {(row.status, row.shown == row.wanted) for row in rows} == {("sent", True)}
    there = [one["metadata"]["event_payload"] for place in PEOPLE for one in page.everything(place)]
    assert max(Counter(one["id"] for one in there).values()) == 1
    assert Counter(one["kind"] for one in there) == Counter(row.kind for row in rows)
    return Counter(row.kind for row in rows)


def finish(page: SlackPage, store: Store, now: datetime, wall: Wall) -> None:
    """Somebody else takes over, long enough after the crash that leases and grace are over."""
    for _ in range(4):
        wall.pass_by(61)
        sweep(store, now)
        Delivery(store, page.slack(), wall).drain()


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "beside another"])
@pytest.mark.parametrize("point", SWEEPING)
def test_killed_anywhere_in_a_sweep_every_step_is_taken_once(
    point: str, alone: bool, postgres_url: str, postgres_store: Store, host: Host
) -> None:
    store, many = in_force(postgres_store, STEEP), 24
    for number in range(many):
        receive(store, NOW, lead(number, NOW, urgent=number % 6 == 0))
    now = NOW + timedelta(minutes=21)
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(host.order, database=postgres_url, now=now.isoformat(), point=point)
        if not alone:
            sweep(store, now)
    assert ended.result() == KILLED or not alone
    sweep(store, now)
    assert taken(store) == {"offered": many, "breached": many, "escalated": many, "reassigned": 4}
    with store.reading() as tx:
        said = Counter(tx.execute(sa.select(t.messages.c.kind)).scalars())
    assert said == {"card": many, "escalation": many, "handed_to": 4, "handed_from": 4}


@contextmanager
def worker(database: str, page: SlackPage, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environ = os.environ | {
        "BATON_DATABASE_URL": database,
        "BATON_SLACK_TOKEN": TOKEN,
        "BATON_SLACK_SIGNING_SECRET": SIGNING,
        "BATON_SLACK_API_URL": page.api,
        "BATON_INTAKE_SECRET": INTAKE,
        "BATON_PORT": str(free_port()),
    }
    root = Path(__file__).parents[2]
    with (folder / "worker.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "worker"], env=environ, cwd=root, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


@pytest.mark.parametrize("seed", range(1))
def test_killed_at_any_moment_while_two_are_at_work(
    seed: int, slack_page: SlackPage, postgres_url: str, postgres_store: Store, wall: Wall, tmp_path: Path
) -> None:
    """Real processes, real time: one after the other is killed and started again while leads fall due."""
    store, chance, many = in_force(postgres_store, QUICK), random.Random(seed), 0
    with ExitStack() as stack:
        stack.enter_context(worker(postgres_url, slack_page, tmp_path))
        for _ in range(3):
            with worker(postgres_url, slack_page, tmp_path) as victim:
                for _ in range(15):
                    receive(store, datetime.now(UTC), lead(many, datetime.now(UTC), urgent=False))
                    many += 1
                time.sleep(1.5 + 3 * chance.random())  # the moment at which it is killed
                assert victim.poll() is None, (tmp_path / "worker.log").read_text()[-2000:]
    finish(slack_page, store, datetime.now(UTC) + timedelta(seconds=10), wall)
    events = taken(store)
    assert {kind: events[kind] for kind in ("offered", "breached", "escalated", "expired")} == dict.fromkeys(
        ("offered", "breached", "escalated", "expired"), many
    )
    said = said_once(slack_page, store)
    assert (said["card"], said["escalation"], said["expiry"]) == (many, many, many)
