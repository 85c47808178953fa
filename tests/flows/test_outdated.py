"""After an upgrade the version in force may be one that the new release cannot read: it says so, and how to go on."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from bot.main import Baton
from bot.store import policies
from bot.store.engine import Store
from tests.flows.slack_kit import Office
from tests.flows.test_command_line import SECRETS, baton, refused
from tests.support import NOW, PEOPLE, TEXTS, in_force

# As a release before the two axes wrote them.
FORMER = """
mql: 60
signals:
  demo_request: {label: Asked for a demo, points: 60}
tiers: {P1: 80}
checks: []
one: 1
two: 2
three: 3
"""
SAYS = (
    "the version in force, {version}, was written for another release of Baton and does not load any more:"
    " put a folder in force with `baton config apply FOLDER`"
)
OLD = "0123456789ab"


def outdated(store: Store, version: str = OLD) -> Store:
    """The store as the former release left it."""
    texts = TEXTS | {"criteria.yaml": FORMER}
    with store.transaction() as tx:
        tx.execute(policies.policies.insert().values(version=version, texts=texts, applied_at=NOW))
    return store


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that starts all the same ends at once, with code 0."""
    monkeypatch.setattr(Baton, "serve", lambda _: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with that database, and a good configuration in `company`."""
    assert baton("db", "upgrade", cwd=tmp_path).returncode == 0
    outdated(Store(f"sqlite:///{tmp_path}/baton.sqlite")).close()
    (tmp_path / "company").mkdir()
    (tmp_path / "company" / "people.yaml").write_text(PEOPLE)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        ("run",),
        ("criteria", "show"),
        ("criteria", "unknown"),
        ("criteria", "explain", "1"),
        ("criteria", "diff", "current", "company"),
        ("queue", "take-up", "1"),
        ("funnel",),
    ],
)
@pytest.mark.parametrize("configured", [{}, {"BATON_CONFIG_DIR": "company"}])
def test_every_command_that_needs_it_says_so_first_and_applies_nothing(
    folder: Path, command: tuple[str, ...], configured: dict[str, str]
) -> None:
    done = baton(*command, cwd=folder, **SECRETS, **configured)
    refused(done, SAYS.format(version=OLD) + "\n    criteria.yaml:")
    assert done.stderr.splitlines()[-1].startswith("    … and "), "few lines, however much is wrong"
    assert len(done.stderr.splitlines()) == 5
    store = Store(f"sqlite:///{folder}/baton.sqlite")
    assert SAYS.format(version=OLD) == policies.problem(store)
    store.close()


@pytest.mark.parametrize("role", ["web", "worker"])
def test_no_process_of_several_starts(postgres_url: str, tmp_path: Path, role: str) -> None:
    outdated(Store(postgres_url)).close()
    refused(baton(role, cwd=tmp_path, BATON_DATABASE_URL=postgres_url, **SECRETS), SAYS.format(version=OLD))


def test_applying_a_folder_mends_it(folder: Path) -> None:
    assert "is in force" in baton("config", "apply", "company", cwd=folder).stdout
    assert baton("criteria", "show", cwd=folder).returncode == 0
    refused(
        baton("criteria", "diff", OLD, "current", cwd=folder),
        f"version {OLD} was written for another release of Baton and does not load any more\n    criteria.yaml:",
    )


def test_a_running_process_is_not_ready(baton: Office) -> None:
    def asked(door: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"{baton.address}/{door}", timeout=10) as answer:
                return answer.status, json.load(answer)["status"]
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)["status"]

    assert asked("readyz") == (200, "ok")
    outdated(baton.baton.store)
    assert asked("readyz") == (503, SAYS.format(version=OLD))
    assert asked("healthz") == (200, "ok")
    in_force(baton.baton.store)
    assert asked("readyz") == (200, "ok")
