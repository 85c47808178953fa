"""A funnel nobody here wrote: Olist's, read from wherever BATON_TEST_OLIST says. It is not part of the project."""

import json
import os
import subprocess
from pathlib import Path

import pytest

FOLDER = os.environ.get("BATON_TEST_OLIST")
RUN = Path(__file__).parents[2] / "examples/olist/run"


@pytest.mark.skipif(not FOLDER, reason="BATON_TEST_OLIST names no folder with the CSV files of the Olist funnel")
def test_olists_figures_come_out(tmp_path: Path) -> None:
    done = subprocess.run(
        [RUN, Path(FOLDER or "").resolve()], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    total = answer["total"]
    assert (total["handed_off"], total["accepted"], total["won"], total["open"]) == (8_000, 842, 842, 7_158)
    handed_off = {group["name"]: group["handed_off"] for group in answer["groups"]}
    assert (handed_off["(blank)"], handed_off["unknown"]) == (60, 1_099)
    assert sum(handed_off.values()) == 8_000
    assert sum(group["won"] for group in answer["groups"]) == 842
    assert list(tmp_path.iterdir()) == []
