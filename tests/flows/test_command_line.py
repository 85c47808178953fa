"""The command line as a stranger meets it: every mistake is a sentence, all of them at once, and no traceback."""

import io
import json
import os
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest

from bot.__main__ import main

ROOT = Path(__file__).parents[2]
SECRETS = {
    "BATON_SLACK_TOKEN": "xoxb-test",
    "BATON_SLACK_SIGNING_SECRET": "s",
    "BATON_INTAKE_SECRET": "i",
}


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def baton(*arguments: str, cwd: Path, **environ: str) -> Done:
    """Run the command in a folder with these settings and no others: what the script does, in this process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
    out, err = io.StringIO(), io.StringIO()
    with (
        chdir(cwd),
        mock.patch.dict(os.environ, {**kept, **environ}, clear=True),
        mock.patch.object(sys, "argv", ["baton", *arguments]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def refused(done: Done, *parts: str) -> None:
    """It failed, said all of this, and showed no traceback."""
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    for part in parts:
        assert part in done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an up-to-date SQLite database, which is where the command looks by default."""
    assert baton("db", "upgrade", cwd=tmp_path).returncode == 0
    return tmp_path


def test_all_faults_of_the_environment_are_told_at_once_and_no_secret_with_them(tmp_path: Path) -> None:
    done = baton("run", cwd=tmp_path, BATON_DATABASE_URL="mysql://x", BATON_SLACK_TOKEN="hush", BATON_PROT="3")
    refused(done, "BATON_DATABASE_URL: got 'mysql://x'", "BATON_SLACK_TOKEN", "BATON_PORT", "BATON_INTAKE_SECRET")
    assert "hush" not in done.stderr


@pytest.mark.parametrize("role", ["web", "worker"])
def test_several_processes_ask_for_postgresql_in_one_sentence(tmp_path: Path, role: str) -> None:
    done = baton(role, cwd=tmp_path, **SECRETS)
    refused(done, "expected a postgresql:// address")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", [["funnel"], ["pause"], ["dead-letters"]])
def test_a_database_that_was_never_made_is_a_sentence_with_what_to_do(tmp_path: Path, command: list[str]) -> None:
    refused(baton(*command, cwd=tmp_path), "run `baton db upgrade`")


@pytest.mark.parametrize("command", [["funnel"], ["db", "upgrade"]])
def test_a_server_that_is_away_is_a_sentence_without_the_password(tmp_path: Path, command: list[str]) -> None:
    done = baton(*command, cwd=tmp_path, BATON_DATABASE_URL="postgresql://me:hush@127.0.0.1:1/x")
    refused(done, "BATON_DATABASE_URL: the database does not answer")
    assert "hush" not in done.stderr


def test_upgrading_twice_is_upgrading_once(folder: Path) -> None:
    assert baton("db", "upgrade", cwd=folder).returncode == 0


def test_a_bad_configuration_is_told_with_file_line_and_key_and_never_applied(folder: Path) -> None:
    bad = folder / "config"
    bad.mkdir()
    (bad / "people.yaml").write_text("teams:\n  t: {name: T, channel: C1, manager: zoe, members: [ana]}\n")
    (bad / "sla.yaml").write_text("undo_minutes: soon\n")
    for command in ("check", "apply"):
        refused(baton("config", command, str(bad), cwd=folder), "people.yaml:2: teams.t.", "sla.yaml:1: undo_minutes")


def test_a_good_configuration_is_checked_and_applied_once(folder: Path) -> None:
    good = str(ROOT / "demo" / "config")
    assert baton("config", "check", good, cwd=folder).stdout.startswith("fine: version ")
    assert "is in force" in baton("config", "apply", good, cwd=folder).stdout
    assert "was in force already" in baton("config", "apply", cwd=folder, BATON_CONFIG_DIR=good).stdout


def test_what_has_no_figures_says_so_where_they_are_wanted(folder: Path) -> None:
    for asked in ("help", "criteria"):
        refused(baton("funnel", asked, "--json", cwd=folder), f"--json: `{asked}` is nothing but words, expected")
    for asked in ("help", "criteria", "open"):
        refused(baton("funnel", asked, "--csv", cwd=folder), f"--csv: `{asked}` has no rows of figures, expected")
        refused(baton("funnel", asked, "--as-of", "2026-03-01", cwd=folder), f"--as-of: `{asked}` is told as it is now")
    assert "open" in json.loads(baton("funnel", "open", "--json", cwd=folder).stdout)


def test_csv_can_be_asked_for_again_by_its_first_columns(folder: Path) -> None:
    said = baton("funnel", "this week by source", "--csv", "--as-of", "2026-03-31T12:00", cwd=folder).stdout
    head = said.splitlines()[0]
    assert head.startswith("query,window_start,window_end,as_of,horizon_seconds,horizon_clock,without_time,group,")
    rows = baton("funnel", "this week", "--csv", "--as-of", "2026-03-31T12:00", cwd=folder).stdout.splitlines()[1:]
    first = "wtd,2026-03-30T00:00:00+00:00,2026-03-31T12:00:01+00:00,2026-03-31T12:00:00+00:00,"
    assert rows
    assert all(row.startswith(first) for row in rows)


def test_pause_and_resume(folder: Path) -> None:
    assert "was not paused" in baton("resume", cwd=folder).stdout
    assert "overflow" in baton("pause", "trade fair", cwd=folder).stdout
    assert baton("resume", cwd=folder).stdout == "resumed\n"


@pytest.fixture
def files(folder: Path) -> Path:
    (folder / "leads.csv").write_text(
        f"mail,who,what,when\nada@x.example,Ada,demo_request,{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\nno,,,\n"
    )
    (folder / "map.yaml").write_text("lead: {email: mail, name: who}\nsignal: {type: what, at: when}\n")
    return folder


def test_importing_leads_says_what_happened_and_keeps_what_it_refused(files: Path) -> None:
    dry = baton("import", "leads", "leads.csv", "--map", "map.yaml", "--dry-run", cwd=files)
    assert "1 would be stored" in dry.stdout
    done = baton("import", "leads", "leads.csv", "--map", "map.yaml", "--no-cards", cwd=files)
    assert "1 stored" in done.stdout
    assert "queue `imported`" in done.stdout
    assert done.returncode == 1, "a refused row is no success"
    assert "leads.csv:3" in done.stderr
    assert "is no e-mail address" in baton("dead-letters", cwd=files).stdout
    again = baton("import", "leads", "leads.csv", "--map", "map.yaml", cwd=files)
    assert "0 new signals" in again.stdout


def test_importing_history_says_what_changed_and_what_it_refused(folder: Path) -> None:
    (folder / "old.csv").write_text("mail,given\nada@x.example,2026-03-01T09:00:00Z\nbob@x.example,lately\n")
    (folder / "map.yaml").write_text("lead: {email: mail}\nhanded_off: given\n")
    done = baton("import", "history", "old.csv", "--map", "map.yaml", cwd=folder)
    assert done.stdout == "2 rows: 1 new, 0 changed, 0 unchanged, 0 waiting\n"
    assert done.returncode == 1, "a refused row is no success"
    assert "1 rows refused:\n    old.csv:3" in done.stderr
    again = baton("import", "history", "old.csv", "--map", "map.yaml", cwd=folder)
    assert "0 new, 0 changed, 1 unchanged" in again.stdout


def test_the_funnel_is_asked_in_the_words_of_the_slash_command(folder: Path) -> None:
    assert "Handed off" in baton("funnel", cwd=folder).stdout
    found = json.loads(baton("funnel", "2026-03 by source", "--json", "--as-of", "2026-03-31", cwd=folder).stdout)
    assert found["total"]["accepted"] == 0
    assert found["as_of"].startswith("2026-03-31T23:59:59")
    refused(baton("funnel", "30d by sorce", cwd=folder), "by source")
    refused(baton("funnel", "--as-of", "soon", cwd=folder), "--as-of: 'soon' is no date")
