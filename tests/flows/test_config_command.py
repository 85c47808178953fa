"""`baton config init` and `schema`: a folder to begin with, which an editor can check, and nothing is overwritten."""

import json
from pathlib import Path

import pytest

from bot.config.files import NAMES
from bot.config.load import load
from tests.flows.test_command_line import baton, refused


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    done = baton("config", "init", "company", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path / "company"


def test_a_new_folder_holds_the_shipped_files_and_their_schemas(begun: Path) -> None:
    assert sorted(path.name for path in begun.iterdir()) == sorted([".schemas", *NAMES])
    assert len(list((begun / ".schemas").iterdir())) == 5
    assert load(begun) == load(None)
    assert baton("config", "check", "company", cwd=begun.parent).stdout.startswith("fine: version ")


def test_it_says_what_it_wrote_and_what_comes_next(tmp_path: Path) -> None:
    told = baton("config", "init", "company", cwd=tmp_path).stdout.splitlines()
    assert told == [
        "wrote criteria.yaml, people.yaml, sla.yaml, reasons.yaml, calendar.yaml and their schemas into company",
        "next: put your people into people.yaml, then `baton config check company`",
    ]


def test_an_empty_folder_will_do_and_its_parents_are_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert baton("config", "init", "empty", cwd=tmp_path).returncode == 0
    assert baton("config", "init", "a/b/c", cwd=tmp_path).returncode == 0


def test_nothing_is_ever_overwritten(begun: Path) -> None:
    mine = begun / "people.yaml"
    mine.write_text("mine")
    refused(
        baton("config", "init", "company", cwd=begun.parent), "company: is there already, expected a new or an empty"
    )
    refused(baton("config", "init", str(mine), cwd=begun.parent), "is there already")
    assert mine.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(baton("config", "init", "file/below", cwd=tmp_path), "cannot be written", "Not a directory")


def test_schemas_of_an_older_baton_are_renewed_and_the_files_left_alone(begun: Path) -> None:
    (begun / ".schemas" / "sla.schema.json").write_text("{}")
    (begun / "sla.yaml").write_text("tiers: {}")
    done = baton("config", "schema", cwd=begun.parent, BATON_CONFIG_DIR="company")
    assert done.stdout == "wrote 5 schemas into company/.schemas\n"
    assert json.loads((begun / ".schemas" / "sla.schema.json").read_text())["title"] == "sla.yaml"
    assert (begun / "sla.yaml").read_text() == "tiers: {}"


def test_schemas_of_no_folder_are_a_sentence(tmp_path: Path) -> None:
    refused(baton("config", "schema", "nowhere", cwd=tmp_path), "nowhere: is not a folder")
    refused(baton("config", "schema", cwd=tmp_path), "BATON_CONFIG_DIR is not set")
