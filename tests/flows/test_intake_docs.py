"""docs/intake.md tells the truth: its examples run as they stand there, and it names every key and limit."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.intake.body import MOST_BYTES, MOST_LEADS
from bot.intake.fields import AHEAD, EARLIEST, MOST_TEXT
from bot.intake.http import MOST_LETTER, Answer, Result, Wrong
from bot.intake.payload import LeadIn, SignalIn
from bot.store.engine import Store
from tests.flows.intake_kit import SECRET, Door, open_door

TEXT = (Path(__file__).parents[2] / "docs" / "intake.md").read_text()
EXAMPLES = {name: re.findall(f"```{name}\n(.*?)```", TEXT, re.DOTALL) for name in ("bash", "json", "python")}


@pytest.fixture
def door(sqlite_store: Store) -> Iterator[Door]:
    with open_door(sqlite_store) as opened:
        yield opened


def run(command: list[str], door: Door) -> str:
    surroundings = {**os.environ, "BATON_URL": door.url, "BATON_INTAKE_SECRET": SECRET, "NO_PROXY": "127.0.0.1"}
    ended = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="needs curl and openssl")
def test_the_example_with_curl_gets_the_answer_that_is_printed_below_it(door: Door) -> None:
    [example], [answer] = EXAMPLES["bash"], EXAMPLES["json"]
    assert json.loads(run(["bash", "-ec", example], door)) == json.loads(answer)


def test_the_example_in_python_stores_a_lead(door: Door) -> None:
    [example] = EXAMPLES["python"]
    assert json.loads(run([sys.executable, "-c", example], door))["accepted"] == 1


@pytest.mark.parametrize("shape", [LeadIn, SignalIn, Answer, Result, Wrong])
def test_every_key_is_documented(shape: type[LeadIn]) -> None:
    named = set(re.findall(r"[`\"](\w+)[`\"]", TEXT))
    assert set(shape.model_fields) <= named


def test_every_limit_is_documented() -> None:
    for limit in (MOST_BYTES, MOST_LEADS, MOST_TEXT, MOST_LETTER):
        assert f"{limit:,}" in TEXT
    assert f"from the year {EARLIEST.year} to {AHEAD.days} days ahead" in TEXT
