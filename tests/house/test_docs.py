"""The docs are complete and true: what has a name in the code has its word, and what can be compared is compared."""

import ast
import re
import subprocess
import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

from bot.__main__ import app
from bot.blocks.funnel import COMMAND
from bot.blocks.text import duration
from bot.clock.ladder import Step
from bot.config import load
from bot.handoff.commands import Accept, Command, Escalate, Expire, Reject, Take, Undo
from bot.handoff.machine import DEFAULT_REFUSAL, RULES, Change, Why, decide
from bot.handoff.permissions import ALLOWED
from bot.handoff.reasons import Family, FollowUp, Reason
from bot.handoff.routing import Queue
from bot.handoff.states import Handoff, State
from bot.kinds import KINDS
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
LISTED = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md"]
PAGES = sorted(
    path
    for name in subprocess.run(LISTED, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    if (path := ROOT / name).is_file()
)
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text()


def table(name: str, heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, its head included and cells trimmed."""
    after = text(name).split(f"{heading}\n", 1)[1]
    rows = re.search(r"(?:^\|.*\|\n)+", after, re.MULTILINE)
    assert rows, f"{name} has no table under {heading}"
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[0].splitlines()]
    return [row for row in cells if not set("".join(row)) <= set("-:")]


def yaml(name: str) -> Any:
    return YAML(typ="safe").load(text(name))


def code(words: str) -> set[str]:
    """Everything between backticks."""
    return set(re.findall(r"`([^`\n]+)`", words))


# Names


def test_the_settings_page_lists_every_variable_with_its_default() -> None:
    told = {row[0].strip("`"): row[1].strip("`") for row in table("docs/settings.md", "# Settings")[1:]}
    assert told == {f"BATON_{key.upper()}": _default(key) for key in Settings.model_fields}


def _default(key: str) -> str:
    field = Settings.model_fields[key]
    if field.is_required():
        return "must be set"
    return {None: "none", False: "false"}.get(field.default, str(field.default))


def commands(group: Any = None, words: str = "baton") -> list[str]:
    """Every command of the command line, in full."""
    found: list[str] = []
    for name, command in (group or get_command(app)).commands.items():
        inner = hasattr(command, "commands")
        found += commands(command, f"{words} {name}") if inner else [f"{words} {name}"]
    return found


def test_the_page_on_running_knows_every_command() -> None:
    page = text("docs/running.md")
    assert [name for name in commands() if not re.search(rf"{name}\b", page)] == []


def test_every_line_of_the_procfile_is_a_command() -> None:
    lines = dict(line.split(": ") for line in text("Procfile").splitlines())
    assert list(lines) == ["release", "web", "worker"]
    assert set(lines.values()) <= set(commands())


@pytest.mark.parametrize(
    ("page", "heading", "names"),
    [
        ("docs/states.md", "# States of a hand-off", set(State)),
        ("docs/states.md", "## Why not", set(Why)),
        ("docs/states.md", "## Queues", set(get_args(Queue))),
        ("docs/states.md", "## Messages", set(KINDS)),
        ("docs/for-marketing.md", "# For marketing", set(get_args(Family))),
    ],
    ids=["states", "refusals", "queues", "messages", "families"],
)
def test_a_table_names_all_there_are_and_no_others(page: str, heading: str, names: set[str]) -> None:
    assert {name for row in table(page, heading)[1:] for name in code(row[0])} == names


def test_the_glossary_knows_the_families() -> None:
    assert set(get_args(Family)) <= code(text("docs/glossary.md"))


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    told = [row[0].strip("`") for row in table("docs/decisions/dependencies.md", "# Dependencies")[1:]]
    assert sorted(told) == sorted(re.split(r"[<>=]", name)[0] for name in wanted)


def test_every_decision_is_in_the_list_of_decisions() -> None:
    pages = {page.name for page in (ROOT / "docs/decisions").glob("*.md")} - {"README.md"}
    assert set(re.findall(r"\((.*?\.md)\)", text("docs/decisions/README.md"))) == pages


# Tables


COMMANDS: dict[str, type[Command]] = {
    "accept": Accept,
    "reject": Reject,
    "undo": Undo,
    "take": Take,
    "escalate": Escalate,
    "expire": Expire,
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
}


def _handoff(state: State, command: type[Command]) -> Handoff:
    """One on which the command is allowed, if its state is."""
    steps = (Step(NOW - HOUR, "expire"),) if command is Expire else (Step(NOW - HOUR, "remind"), Step(NOW, "escalate"))
    return Handoff(
        id=1, lead_id=1, number=1, state=state, version=1, owner="ana", team="sales", tier="P2", policy="p",
        source=None, campaign=None, offered_at=NOW - HOUR, due_at=NOW, steps=steps, undo_until=NOW + HOUR,
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
    told = [(row[0], row[1].strip("`")) for row in table("docs/states.md", "## The ladder")[1:]]
    assert told == [(duration(rung.after), rung.step) for rung in policy.slas[policy.criteria.tier].rungs]


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


# Links, paths, hosts


@EVERY_PAGE
def test_relative_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(r'src="([^"]+)"', prose)
    for target in targets:
        if not re.match(r"[a-z]+:", target):
            name, _, anchor = target.partition("#")
            there = page.parent / name if name else page
            assert there.exists(), f"{target} does not exist"
            assert not anchor or anchor in _anchors(there), f"{target}: no such heading"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@EVERY_PAGE
def test_files_that_a_page_names_exist(page: Path) -> None:
    rooms = r"(?:bot|demo|docs|examples|playground|requirements|tests)/"
    named = [name for name in code(page.read_text()) if re.fullmatch(rooms + r"[\w./-]*", name)]
    assert [name for name in named if not (ROOT / name).exists()] == []


MACHINE = r"(?<![\w.~-])/(?:home|Users|root|work|tmp|opt|usr|mnt)/|\b[A-Z]:\\"
REGISTRY = r"pypi\.org|pythonhosted|npmjs|crates\.io|proxy\.golang|docker\.io|ghcr\.io|quay\.io|deb\.debian"


@EVERY_PAGE
def test_no_page_speaks_of_one_machine_or_of_a_registry(page: Path) -> None:
    assert re.findall(f"{MACHINE}|{REGISTRY}", page.read_text()) == []


@EVERY_PAGE
def test_yaml_on_a_page_is_yaml(page: Path) -> None:
    for block in re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
        YAML(typ="safe").load(block)


# The manifest


DEMO_ALONE = {"users:read"}
"""Scopes that the demo's token has beyond what Baton's calls need."""


def test_the_manifest_asks_for_what_the_demo_has() -> None:
    manifest, demo = yaml("manifest.yaml"), yaml("demo/workspace.yaml")["app"]
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == set(demo["scopes"]) - DEMO_ALONE
    keys = ("command", "description", "usage_hint")
    told = [{key: one[key] for key in keys} for one in manifest["features"]["slash_commands"]]
    assert told == demo["commands"]
    assert [one["command"] for one in told] == [COMMAND]


def test_the_manifest_points_slack_at_baton_s_door() -> None:
    manifest = yaml("manifest.yaml")
    door = "https://baton.example.com/slack/events"
    assert [one["url"] for one in manifest["features"]["slash_commands"]] == [door]
    assert manifest["settings"]["interactivity"] == {"is_enabled": True, "request_url": door}
    assert manifest["settings"]["socket_mode_enabled"] is False
