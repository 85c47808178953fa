"""Numbers: somebody types /funnel, and the answer is in the ack, for them alone."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.config import load
from bot.handlers import funnel
from bot.store import policies
from bot.store.engine import Store
from bot.store.tables import handoffs, leads
from tests.schemas import check

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
Ask = Callable[[str], dict[str, Any]]


@pytest.fixture
def ask(store: Store) -> Ask:
    app = App(
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-1"),
        signing_secret="secret",
        process_before_response=True,
    )
    funnel.register(app, store, lambda: NOW)

    def dispatch(text: str) -> dict[str, Any]:
        command = {"command": "/funnel", "text": text, "user_id": "U1", "team_id": "T1", "channel_id": "C1"}
        response = app.dispatch(BoltRequest(body=command, mode="socket_mode"))
        assert response.status == 200
        answer: dict[str, Any] = json.loads(response.body)
        assert answer["response_type"] == "ephemeral"
        assert check.blocks(answer["blocks"]) == []
        return answer

    return dispatch


def test_the_last_30_days_by_source_are_answered_in_the_ack(store: Store, ask: Ask) -> None:
    offer(store, state="accepted", accepted_at=NOW - timedelta(hours=1), source="Webinar")
    offer(store, state="rejected", rejected_at=NOW, reason="FIT_COMPANY", source="")
    offer(store, state="offered", source="Webinar")
    text = ask("")["text"]
    assert "3 → 1 accepted · 1 rejected · 0 expired · 1 open" in text
    assert "Accept rate: 1 of 2 decided" in text
    assert "Top reasons: Company outside target 1" in text
    assert "By source: Webinar: 2 handed off, 1 accepted" in text
    assert "(blank): 1 handed off" in text


PEOPLE = """
persons:
  max: {name: Max Maier, slack: U0MAX, role: manager}
  ana: {name: Ana Alvarez, slack: U0ANA, role: rep}
teams:
  emea: {name: Europe, channel: C0EMEA, manager: max, members: [ana]}
"""


def test_reps_and_teams_are_called_by_their_names_while_they_are_known(store: Store, ask: Ask) -> None:
    texts = {**load.texts(None), "people.yaml": PEOPLE}
    with store.transaction() as tx:
        policies.apply(tx, load.parse(texts), texts, NOW)
    offer(store, state="offered", owner="ana", team="emea")
    offer(store, state="offered", owner="left", team="closed")
    by_rep, by_team = ask("by rep")["text"], ask("by team")["text"]
    assert "By rep: Ana Alvarez: 1 handed off" in by_rep
    assert "; left: 1 handed off" in by_rep
    assert "Europe: 1 handed off" in by_team
    assert "By team: closed: 1 handed off" in by_team


@pytest.mark.parametrize("text", ["2026-13", "by", "<@U1>", "x" * 5000, "\x00", "🙂", "“", "9999m 9999m", "<!channel>"])
def test_whatever_is_typed_gets_a_kind_answer(ask: Ask, text: str) -> None:
    answer = ask(text)
    assert answer["text"]
    assert "<" not in answer["text"]
    assert "Traceback" not in answer["text"]


def test_help_says_what_can_be_asked(ask: Ask) -> None:
    assert "`/funnel 7d by rep`" in ask("help")["text"]


def test_the_criteria_in_force_are_told_with_their_version_and_since_when(store: Store, ask: Ask) -> None:
    shipped = ask("criteria")["text"]
    assert "in force, as shipped with Baton" in shipped
    assert "Asked for a demo" in shipped
    texts = {**load.texts(None), "people.yaml": PEOPLE}
    policy = load.parse(texts)
    with store.transaction() as tx:
        policies.apply(tx, policy, texts, NOW)
    answer = ask("critera")
    assert "Did you mean `/funnel criteria`?" in answer["text"]
    applied = ask("criteria")["text"]
    assert f"version `{policy.version}`, in force since <!date^{int(NOW.timestamp())}^" in applied
    assert len(applied.splitlines()) < 15


def offer(store: Store, **values: Any) -> None:
    """A hand-off of two hours ago, for a lead of its own."""
    lead = {"attributes": {}, "mql": True, "created_at": NOW, "updated_at": NOW}
    with store.transaction() as tx:
        lead_id = tx.execute(sa.insert(leads).values(**lead).returning(leads.c.id)).scalar_one()
        fixed = {"number": 1, "version": 1, "policy": "p", "steps": [], "step": 0, "imported": False}
        row = {**fixed, "lead_id": lead_id, "offered_at": NOW - timedelta(hours=2)}
        tx.execute(sa.insert(handoffs).values(**row, **values))
