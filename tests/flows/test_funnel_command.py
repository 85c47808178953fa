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
from bot.handlers.clicks import Desk
from bot.handoff.routing import Entry
from bot.slack import Slack
from bot.store import policies, queues, shares
from bot.store.engine import Store
from bot.store.tables import handoffs, leads
from tests.flows.slack_kit import BEN, SALES, Office
from tests.schemas import check

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(store: Store) -> Ask:
    app = App(
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-1"),
        signing_secret="secret",
        process_before_response=True,
    )
    nobody_there = Slack("xoxb-1", "http://127.0.0.1:9/api/", 1)
    funnel.register(app, Desk(store, nobody_there, lambda: NOW))

    def dispatch(text: str, user: str = "U0OLGA") -> dict[str, Any]:
        command = {"command": "/funnel", "text": text, "user_id": user, "team_id": "T1", "channel_id": "C1"}
        response = app.dispatch(BoltRequest(body=command, mode="socket_mode"))
        assert response.status == 200
        answer: dict[str, Any] = json.loads(response.body)
        assert answer["response_type"] == "ephemeral"
        assert check.blocks(answer["blocks"]) == []
        return answer

    return dispatch


PEOPLE = """
persons:
  max: {name: Max Maier, slack: U0MAX, role: manager}
  ana: {name: Ana Alvarez, slack: U0ANA, role: rep}
  tom: {name: Tom Weber, slack: U0TOM, role: marketing}
  olga: {name: Olga Orlova, slack: U0OLGA, role: ops}
teams:
  emea: {name: Europe, channel: C0EMEA, manager: max, members: [ana]}
"""
WHOLE = {**load.texts(None), "people.yaml": PEOPLE}


def in_force(store: Store) -> None:
    with store.transaction() as tx:
        policies.apply(tx, load.parse(WHOLE), WHOLE, NOW - timedelta(days=365))


def test_the_last_30_days_are_answered_in_the_ack(store: Store, ask: Ask) -> None:
    in_force(store)
    offer(store, state="accepted", accepted_at=NOW - timedelta(hours=1), source="Webinar")
    offer(store, state="rejected", rejected_at=NOW, reason="FIT_COMPANY", source="")
    offer(store, state="offered", source="Webinar")
    text = ask("")["text"]
    assert "3 → 1 accepted · 1 rejected · 0 expired · 1 open" in text
    assert "Company outside target 1" in text
    by_source = ask("by source")["text"]
    assert "Webinar  accepted 1 of 1 · 2 handed off" in by_source
    assert "(blank)  accepted 0 of 1 · 1 handed off" in by_source


def test_the_first_line_is_a_command_that_gives_the_same_answer(store: Store, ask: Ask) -> None:
    in_force(store)
    offer(store, state="accepted", accepted_at=NOW, source="Q&A <b> live")
    asked = ask("30d source:“q&amp;a &lt;b&gt; live”")
    command = asked["blocks"][1]["elements"][0]["text"].strip("`").removeprefix("/funnel ")
    assert ask(command)["blocks"] == asked["blocks"]


def test_whoever_asks_while_the_database_fails_is_told_so(store: Store, ask: Ask) -> None:
    in_force(store)
    with store.transaction() as tx:
        tx.execute(sa.text("ALTER TABLE policies RENAME TO gone"))
    for text in ("", "help me", "open", 'note "x"'):
        assert "on Baton's side, not on yours" in ask(text)["text"]


def test_reps_and_teams_are_called_by_their_names_while_they_are_known(store: Store, ask: Ask) -> None:
    in_force(store)
    offer(store, state="offered", owner="ana", team="emea")
    offer(store, state="offered", owner="left", team="closed")
    by_rep, by_team = ask("by rep")["text"], ask("by team")["text"]
    assert "Ana Alvarez  1 handed off" in by_rep
    assert "left  1 handed off" in by_rep
    assert "Europe  1 handed off" in by_team
    assert "closed  1 handed off" in by_team


@pytest.mark.parametrize("text", ["2026-13", "by", "<@U1>", "x" * 5000, "\x00", "🙂", "“", "9999m 9999m", "<!channel>"])
def test_whatever_is_typed_gets_a_kind_answer(store: Store, ask: Ask, text: str) -> None:
    in_force(store)
    answer = ask(text)
    assert answer["text"]
    assert "<" not in answer["text"]
    assert "Traceback" not in answer["text"]


def test_help_says_what_can_be_asked(ask: Ask) -> None:
    assert "/funnel by source" in ask("help")["text"]


def test_a_stranger_is_told_whom_to_ask_and_learns_no_number_and_no_name(store: Store, ask: Ask) -> None:
    in_force(store)
    offer(store, state="offered", source="Secret partner", owner="ana")
    for text in (
        "",
        "by source",
        "rep @ana",
        "source:x",
        "source:secret",
        "secret",
        "explain accept_rate",
        "note",
        "csv",
    ):
        shown = str(ask(text, "U0STRANGER"))
        assert "Secret" not in shown
        assert "Alvarez" not in shown
    assert "Your sales operations can add you" in ask("", "U0STRANGER")["text"]


def test_a_note_is_written_by_whoever_may_and_stands_in_the_answers_of_its_window(store: Store, ask: Ask) -> None:
    in_force(store)
    offer(store, state="accepted", accepted_at=NOW)
    assert "managers, marketing and operations" in ask('note "Trade fair" 2026-03-20', "U0ANA")["text"]
    assert "Trade fair" in ask('note "Trade fair" 2026-03-20', "U0TOM")["text"]
    assert "Trade fair" in ask("")["text"]
    assert "Trade fair" not in ask("7d")["text"]
    ask("note remove 1", "U0MAX")
    assert "Trade fair" not in ask("")["text"]


def test_an_export_is_a_table_to_paste_and_is_kept_on_record(store: Store, ask: Ask) -> None:
    in_force(store)
    offer(store, state="accepted", accepted_at=NOW, source="=Webinar()")
    shown = ask("by source csv", "U0TOM")["blocks"]
    assert "'=Webinar()" in shown[1]["text"]["text"]
    with store.reading() as tx:
        kept = shares.newest(tx, 5)
    assert [(one.by, one.how, one.where, one.query) for one in kept] == [("tom", "csv", None, "30d by source csv")]


def test_the_criteria_in_force_are_told_with_their_version_and_since_when(store: Store, ask: Ask) -> None:
    shipped = ask("criteria")["text"]
    assert "in force, as shipped with Baton" in shipped
    assert "Asked for a demo" in shipped
    policy = load.parse(WHOLE)
    with store.transaction() as tx:
        policies.apply(tx, policy, WHOLE, NOW)
    assert "criteria" in [one["value"] for one in ask("critera")["blocks"][1]["elements"]]
    applied = ask("criteria")["text"]
    assert f"version `{policy.version}`, in force <!date^{int(NOW.timestamp())}^since {{date_sh" in applied
    assert len(applied.splitlines()) < 15


# What is open


def test_open_cards_go_by_tier_and_due_time_and_the_counts_are_of_all(store: Store, ask: Ask) -> None:
    in_force(store)
    for name, tier, hours in [("late P3", "P3", -5), ("P1", "P1", 3), ("late P1", "P1", -1), ("P3", "P3", 1)]:
        offer(store, name, state="offered", tier=tier, owner="ana", due_at=NOW + timedelta(hours=hours))
    for number in range(30):
        offer(store, f"P2 {number:02}", state="offered", tier="P2", due_at=NOW - timedelta(minutes=30 - number))
    offer(store, "dropped tier", state="offered", tier="P0", due_at=NOW)
    offer(store, "done", state="accepted", tier="P1", accepted_at=NOW, due_at=NOW)
    offer(store, "elsewhere", state="offered", tier="P1", imported=True)

    lines = ask("open", "U0ANA")["text"].splitlines()

    assert lines[0] == "35 open, 33 overdue."
    headings = [line for line in lines if " open" in line][1:]
    assert headings == [
        "P1 · 2 open, 1 overdue",
        "P2 · 30 open, 30 overdue",
        "P3 · 2 open, 1 overdue",
        "P0 · 1 open, 1 overdue",
    ]
    assert [line.split(" · ")[0] for line in lines if line.startswith("•")] == [
        "• :red_circle: late P1",
        "• P1",
        *(f"• :red_circle: P2 {number:02}" for number in range(18)),
    ]
    assert [line for line in lines if line.startswith("and ")] == ["and 12 more"]


def test_who_waits_in_a_queue_is_counted_below(store: Store, ask: Ask) -> None:
    lead_id = offer(store, state="expired", expired_at=NOW)
    with store.transaction() as tx:
        queues.enter(tx, Entry("expired", lead_id, None, "nobody answered", NOW))
    assert ask("open")["text"] == "Nothing waits for an answer.\nIn queues: expired 1"


def test_names_of_leads_are_for_those_alone_whom_baton_was_told_of(store: Store, ask: Ask) -> None:
    in_force(store)
    offer(store, "Elena", state="offered", tier="P1", owner="ana", due_at=NOW, channel="C0EMEA")
    known, stranger = ask("open", "U0MAX"), ask("open", "U0STRANGER")
    assert "Elena · Ana Alvarez" in known["text"]
    assert "Elena" not in str(stranger)
    assert "P1 · 1 open, 1 overdue" in stranger["text"]


def test_links_lead_to_the_cards_and_slack_is_asked_once_how_they_begin(baton: Office) -> None:
    handoff, card = baton.offer()
    for _ in range(2):
        baton.page.person(BEN).act("command", channel=SALES, text="/funnel open")
    link = f"{SALES}/p{card['ts'].replace('.', '')}"
    replies = [one["reply"] for one in baton.page.deliveries() if one["kind"] == "command"]
    assert [f"{link}|Elena" in str(reply) for reply in replies] == [True, True]
    assert len(baton.page.calls("chat.getPermalink")) == 1
    assert handoff.owner == "ana"


def offer(store: Store, name: str | None = None, **values: Any) -> int:
    """A hand-off of two hours ago, for a lead of its own, whose id it gives."""
    lead: dict[str, Any] = {"name": name, "attributes": {}, "mql": True, "created_at": NOW, "updated_at": NOW}
    with store.transaction() as tx:
        lead_id = tx.execute(sa.insert(leads).values(**lead).returning(leads.c.id)).scalar_one()
        fixed = {"number": 1, "version": 1, "policy": "p", "steps": [], "step": 0, "imported": False}
        row = {**fixed, "lead_id": lead_id, "offered_at": NOW - timedelta(hours=2)}
        tx.execute(sa.insert(handoffs).values(**{**row, **values}))
    return int(lead_id)
