"""Several web and worker processes on one PostgreSQL: the same product, nothing twice, nothing late."""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.config import load
from bot.intake.http import sign
from bot.store import policies, schema
from bot.store.engine import Store
from demo.company import call, free_port, process
from playground.app import build
from playground.serve import running
from tests.flows.slack_kit import INTAKE, SIGNING, TOKEN, company
from tests.support import NOW, TEXTS

SLA = """
undo_minutes: 10
cards_per_hour: 500
tiers:
  P1: {due: 2s, ladder: [{after: 2s, step: escalate}, {after: 3s, step: expire}]}
  P2: {due: 2s, ladder: [{after: 2s, step: escalate}, {after: 3s, step: expire}]}
"""


@dataclass(frozen=True)
class Office:
    """Two web processes and the stand-in's page."""

    webs: list[str]
    page: str

    def send(self, number: int) -> dict[str, Any]:
        """A lead that crosses, through one of the doors."""
        body = json.dumps(
            {
                "email": f"lead{number}@x.example",
                "name": f"Lead {number}",
                "signals": [{"id": "1", "type": "demo_request", "at": "2026-03-01T09:00:00Z"}],
            }
        ).encode()
        return call(f"{self.webs[number % 2]}/intake/leads", body, sign(INTAKE, body, int(time.time())))

    def posts(self) -> list[dict[str, Any]]:
        """All messages that were posted."""
        return [one for one in call(f"{self.page}/page/calls")["calls"] if one["method"] == "chat.postMessage"]

    def kinds(self) -> Counter[str]:
        """How many messages of each kind were posted."""
        return Counter(one["args"]["metadata"]["event_payload"]["kind"] for one in self.posts())


@pytest.fixture
def office(tmp_path: Path, postgres_url: str) -> Iterator[Office]:
    store = Store(postgres_url)
    files = TEXTS | {"sla.yaml": SLA}
    with store.transaction() as tx:
        policies.apply(tx, load.parse(files), files, NOW)
    assert schema.problem(store) is None
    store.close()
    ports = [free_port() for _ in range(4)]
    webs = [f"http://127.0.0.1:{port}" for port in ports]
    with running(build(company(webs[0]))) as slack, ExitStack() as stack:
        for role, port in zip(("web", "web", "worker", "worker"), ports, strict=True):
            environ = _environ(postgres_url, slack.api, port)
            command = [sys.executable, "-m", "bot", role]
            stack.enter_context(process(f"{role}{port}", command, environ, tmp_path, f"http://127.0.0.1:{port}/readyz"))
        yield Office(webs[:2], slack.address)


def _environ(database: str, slack: str, port: int) -> dict[str, str]:
    return os.environ | {
        "BATON_DATABASE_URL": database,
        "BATON_SLACK_TOKEN": TOKEN,
        "BATON_SLACK_SIGNING_SECRET": SIGNING,
        "BATON_SLACK_API_URL": slack,
        "BATON_INTAKE_SECRET": INTAKE,
        "BATON_PORT": str(port),
    }


def until(there: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "did not come in time"
        time.sleep(0.1)


def test_every_lead_has_one_card_one_escalation_and_one_expiry(office: Office) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(office.send, [number % 10 for number in range(40)]))
    crossings = Counter(result["crossing"] for answer in answers for result in answer["results"])
    assert crossings == {"handoff": 10, "none": 30}
    # Both reps are silent: they and their manager are told. What they still have by then goes on to her.
    expected = {"card": 10, "escalation": 10, "expiry": 10, "away": 2 * 2}
    until(lambda: all(office.kinds()[kind] >= many for kind, many in expected.items()))
    time.sleep(1)  # two sweeps and two polls: time enough for a second one to show
    kinds = office.kinds()
    assert {kind: kinds[kind] for kind in expected} == expected
    assert set(kinds) <= {*expected, "handed_to", "handed_from"}
    subjects = Counter(str(one["args"]["metadata"]["event_payload"]) for one in office.posts())
    assert set(subjects.values()) == {1}
