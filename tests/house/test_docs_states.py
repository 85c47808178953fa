"""What the docs say of states, permissions and words is what the code does and says."""

import ast
import re
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from bot.blocks.text import duration
from bot.clock.ladder import Step
from bot.config import load
from bot.handoff.commands import Accept, Command, Escalate, Expire, Raise, Reject, Take, Undo, Void
from bot.handoff.machine import DEFAULT_REFUSAL, RULES, Change, decide
from bot.handoff.permissions import ALLOWED
from bot.handoff.reasons import FollowUp, Reason
from bot.handoff.states import Handoff, State
from tests.house.pages import ROOT, table, text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

COMMANDS: dict[str, type[Command]] = {
    "accept": Accept,
    "reject": Reject,
    "undo": Undo,
    "take": Take,
    "escalate": Escalate,
    "expire": Expire,
    "raise": Raise,
    "void": Void,
}


def _reason(void: bool) -> Reason:
    return Reason("CODE", "A reason", "DATA", FollowUp("text", "Why?"), "void" if void else "reject")


EXAMPLES: dict[type[Command], list[Command]] = {
    Accept: [Accept("ana", HOUR)],
    Reject: [Reject("ana", HOUR, _reason(False), "so"), Reject("ana", HOUR, _reason(True), "so")],
    Undo: [Undo("ana")],
    Take: [Take("ana")],
    Escalate: [Escalate()],
    Expire: [Expire()],
    Raise: [Raise("P1", "so")],
    Void: [Void("so")],
}


def _handoff(state: State, command: type[Command]) -> Handoff:
    """One on which the command is allowed, if its state is."""
    steps = (Step(NOW - HOUR, "expire"),) if command is Expire else (Step(NOW - HOUR, "remind"), Step(NOW, "escalate"))
    return Handoff(
        id=1, lead_id=1, number=1, state=state, version=1, owner="ana", team="sales", channel="C1",
        tier="P2", policy="p", source=None, campaign=None, offered_at=NOW - HOUR, due_at=NOW,
        steps=steps, undo_until=NOW + HOUR,
    )  # fmt: skip


def _cell(state: State, command: type[Command]) -> str:
    """The states that follow, or the refusal as code."""
    if (state, command) not in RULES:
        return f"`{DEFAULT_REFUSAL[state]}`"
    decisions = [decide(_handoff(state, command), example, NOW) for example in EXAMPLES[command]]
    return ", ".join(one.handoff.state for one in decisions if isinstance(one, Change))


def test_the_table_of_states_and_commands_is_the_one_of_the_machine() -> None:
    head, *rows = table("docs/states.md", "## What may be asked, and when")
    assert head[1:] == list(COMMANDS)
    told = {(row[0].strip("`"), name): cell for row in rows for name, cell in zip(head[1:], row[1:], strict=True)}
    assert told == {(state, name): _cell(state, command) for state in State for name, command in COMMANDS.items()}


def test_the_table_of_permissions_is_the_one_in_force() -> None:
    roles = {
        "owner": "owner",
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
    told = {row[0]: dict(zip([name.strip("`") for name in head[1:]], row[1:], strict=True)) for row in rows}
    assert told == {
        tier: {"due": duration(sla.due)} | {rung.step: duration(rung.after) for rung in sla.rungs}
        for tier, sla in policy.slas.items()
    }


# Words


@cache
def words_of_the_product() -> str:
    """All texts that people may read in Slack, without marks of formatting."""
    sources = [*(ROOT / "bot/blocks").glob("*.py"), ROOT / "bot/handoff/reasons.py"]
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
