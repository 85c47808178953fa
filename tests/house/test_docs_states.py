"""What the docs say of states, permissions and words is what the code does and says."""

import ast
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import get_args

import pytest

from bot.blocks.text import duration
from bot.clock.ladder import Sla, Span, Step, StepKind
from bot.config import load
from bot.handoff.commands import (
    Accept,
    Claim,
    Command,
    Escalate,
    Expire,
    Hold,
    Raise,
    Reassign,
    Redirect,
    Reject,
    Reroute,
    Snooze,
    Take,
    Undo,
    Void,
)
from bot.handoff.decision import Change
from bot.handoff.machine import DEFAULT_REFUSAL, RULES, decide
from bot.handoff.permissions import ALLOWED
from bot.handoff.reasons import Consequence, FollowUp, Reason
from bot.handoff.routing import Route
from bot.handoff.states import Handoff, State
from tests.house.pages import ROOT, code, table, text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

COMMANDS: dict[str, type[Command]] = {
    "accept": Accept,
    "reject": Reject,
    "not mine": Reroute,
    "reassign": Reassign,
    "claim": Claim,
    "snooze": Snooze,
    "undo": Undo,
    "take": Take,
    "escalate": Escalate,
    "hold": Hold,
    "expire": Expire,
    "redirect": Redirect,
    "raise": Raise,
    "void": Void,
}


STEPS = (Step(NOW - HOUR, "remind"), Step(NOW, "escalate"), Step(NOW + HOUR, "expire"))
BEN = Route("sales", "ben", "C1")


def _reason(consequence: Consequence) -> Reason:
    return Reason("CODE", "A reason", "DATA", FollowUp("text", "Why?"), consequence)


EXAMPLES: dict[type[Command], list[Command]] = {
    Accept: [Accept("ana", HOUR)],
    Reject: [Reject("ana", HOUR, _reason("reject"), "so"), Reject("ana", HOUR, _reason("void"), "so")],
    Reroute: [Reroute("ana", _reason("reroute"), "so", BEN, STEPS)],
    Reassign: [Reassign("maya", "so", BEN, STEPS)],
    Claim: [Claim("ben", BEN, STEPS)],
    Snooze: [Snooze("ana", NOW + HOUR / 2)],
    Undo: [Undo("ana")],
    Take: [Take("ana")],
    Escalate: [Escalate()],
    Hold: [Hold(NOW + HOUR)],
    Expire: [Expire()],
    Redirect: [Redirect("U1", "so")],
    Raise: [Raise("P1", "so")],
    Void: [Void("so")],
}


def _handoff(state: State, command: type[Command]) -> Handoff:
    """One on which the command is allowed, if its state is."""
    steps = (Step(NOW - HOUR, "expire"),) if command is Expire else STEPS
    due = NOW + HOUR if command is Snooze else NOW
    return Handoff(
        id=1, lead_id=1, number=1, state=state, version=1, owner="ana", team="sales", channel="C1",
        tier="P2", policy="p", source=None, campaign=None, offered_at=NOW - HOUR, due_at=due,
        steps=steps, undo_until=NOW + HOUR,
    )  # fmt: skip


def _becomes(state: State, command: type[Command]) -> str:
    """The states that follow, as the page tells them."""
    decisions = [decide(_handoff(state, command), example, NOW) for example in EXAMPLES[command]]
    return ", ".join(f"`{one.handoff.state}`" for one in decisions if isinstance(one, Change))


def test_the_table_of_states_and_commands_is_the_one_of_the_machine() -> None:
    assert set(COMMANDS.values()) == {command for _, command in RULES} == set(get_args(Command))
    _, *rows = table("docs/states.md", "## What may be asked, and when")
    told = {(State(state), COMMANDS[row[0]]): row[3] for row in rows for state in code(row[2])}
    assert told == {(state, command): _becomes(state, command) for state, command in RULES}


def test_what_no_state_allows_is_refused_as_the_page_says() -> None:
    _, *rows = table("docs/states.md", "### In any other state")
    told = {state: why for row in rows for state in code(row[0]) for why in code(row[1])}
    assert told == DEFAULT_REFUSAL


def test_the_table_of_permissions_is_the_one_in_force() -> None:
    roles = {
        "owner": "owner",
        "owner's delegate": "delegate",
        "manager of the team": "manager",
        "member of the team": "member",
        "who decided": "decider",
    }
    head, *rows = table("docs/states.md", "## Who may")
    told = {COMMANDS[row[0]]: {roles[role] for role, yes in zip(head[1:], row[1:], strict=True) if yes} for row in rows}
    assert told == ALLOWED


def test_the_ladder_on_the_page_is_the_shipped_one() -> None:
    policy = load.load(None)
    head, *rows = table("docs/states.md", "## The ladder")
    told = {(row[0], name.strip("`")): cell for row in rows for name, cell in zip(head[1:], row[1:], strict=True)}
    shipped = {(tier, kind): _when(sla, kind) for tier, sla in policy.slas.items() for kind in get_args(StepKind)}
    assert told == shipped | {(tier, "due"): _span(sla.due) for tier, sla in policy.slas.items()}


def _when(sla: Sla, kind: str) -> str:
    rungs = [rung for rung in sla.rungs if rung.step == kind]
    return ", ".join(f"{rung.percent} %" if rung.after == sla.due else _span(rung.after) for rung in rungs)


def _span(span: Span) -> str:
    return f"{span.days} d" if span.days else duration(span.time)


# Words


@cache
def words_of_the_product() -> str:
    """All texts that people may read in Slack, without marks of formatting."""
    sources = [*(ROOT / "bot/blocks").rglob("*.py"), ROOT / "bot/handoff/reasons.py"]
    literals = [
        node.value
        for path in sources
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return re.sub(r"[*`]", "", "\n".join([*literals, text("bot/config/defaults/reasons.yaml")]))


@pytest.mark.parametrize("page", ["docs/for-reps.md", "docs/for-managers.md", "docs/for-marketing.md"])
def test_what_a_guide_quotes_is_what_baton_says(page: str) -> None:
    quoted = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text(page))
    pieces = [piece for quote in quoted for piece in re.split(r"[…\d]|`", " ".join(quote.split()))]
    worth = [piece.strip(" .·,") for piece in pieces]
    assert len(worth) > 4
    assert [piece for piece in worth if piece not in words_of_the_product()] == []


def test_refusals_are_quoted_in_their_own_words() -> None:
    quotes = [row[2] for row in table("docs/states.md", "## Why not")[1:-1]]
    pieces = [piece.split("such as: ")[-1].strip() for quote in quotes for piece in quote.split("…")]
    assert [piece for piece in pieces if piece not in words_of_the_product()] == []
