"""The docs are complete and true: what has a name in the code has its word, and what can be compared is compared."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

from bot.__main__ import app
from bot.blocks.ids import COMMAND
from bot.handoff.decision import Why
from bot.handoff.reasons import Family
from bot.handoff.routing import Queue
from bot.handoff.states import State
from bot.kinds import KINDS
from bot.settings import Settings
from tests.house.pages import ROOT, code, table, text, yaml

LISTED = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md"]
PAGES = sorted(
    path
    for name in subprocess.run(LISTED, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    if (path := ROOT / name).is_file()
)
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


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
    for name, command in _inner(group or get_command(app)).items():
        found += commands(command, f"{words} {name}") if hasattr(command, "commands") else [f"{words} {name}"]
    return found


def _inner(group: Any) -> dict[str, Any]:
    """The commands of a group."""
    found: dict[str, Any] = group.commands
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


@EVERY_PAGE
def test_yaml_on_a_page_is_yaml(page: Path) -> None:
    for block in re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
        YAML(typ="safe").load(block)


# The manifest


def test_the_manifest_asks_for_what_the_demo_has() -> None:
    manifest, demo = yaml("manifest.yaml"), yaml("demo/workspace.yaml")["app"]
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == set(demo["scopes"])
    keys = ("command", "description", "usage_hint")
    told = [{key: one[key] for key in keys} for one in manifest["features"]["slash_commands"]]
    assert told == demo["commands"]
    assert [one["command"] for one in told] == [COMMAND]


def test_the_manifest_points_slack_at_baton_s_door() -> None:
    manifest = yaml("manifest.yaml")
    door = "https://baton.example.com/slack/events"
    assert [one["url"] for one in manifest["features"]["slash_commands"]] == [door]
    assert manifest["settings"]["interactivity"] == {"is_enabled": True, "request_url": door}
    events = manifest["settings"]["event_subscriptions"]
    assert events == {"request_url": door, "bot_events": yaml("demo/workspace.yaml")["app"]["events"]}
    assert manifest["settings"]["socket_mode_enabled"] is False
