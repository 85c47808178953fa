"""`baton criteria score`: what a list would come to, before anybody takes it in."""

import csv
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.intake.scoring import COLUMNS
from tests.flows.test_command_line import ROOT, Done, baton, refused
from tests.support import CRITERIA

MAP = """
lead: {email: Mail, external_id: Id, origin: {value: fair}, company: Firm, title: Title,
  attributes: {employees: {column: Staff, as: number}, relationship: Ours}}
signal: {type: What, at: When, value: Minutes}
"""
HEADER = "Mail,Id,Firm,Title,Staff,Ours,What,When,Minutes"
DATA = "data: {company: {needed: true}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a mapping file and a configuration, and no database."""
    (tmp_path / "map.yaml").write_text(MAP)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "criteria.yaml").write_text(CRITERIA + DATA)
    return tmp_path


def score(folder: Path, *lines: str, header: str = HEADER, options: tuple[str, ...] = ()) -> Done:
    (folder / "fair.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8", errors="surrogatepass")
    return run(folder, *options)


def run(folder: Path, *options: str) -> Done:
    return baton("criteria", "score", "fair.csv", "--map", "map.yaml", "--config", "config", *options, cwd=folder)


def table(done: Done) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(done.stdout)))


ADA = "ada@x.example,7,Vialetto,Chief of Staff,120,,demo_request,2026-03-01T09:00:00Z,"


def test_each_row_has_its_points_its_cell_and_its_verdict(folder: Path) -> None:
    done = score(
        folder,
        ADA,
        "bob@x.example,8,,VP,,,demo_request,2026-03-01,",
        "cid@x.example,9,Acme,Clerk,8,,webinar_attended,2026-03-01,",
        "dan@x.example,10,Acme,VP,,competitor,demo_request,2026-03-01,",
        "eve@x.example,11,Acme,,,,,,",
    )
    assert done.returncode == 0, done
    assert [tuple(row.values()) for row in table(done)] == [
        ("7", "60", "60", "120", "A", "1", "P1", "MQL", "cell A1", ""),
        ("8", "40", "60", "100", "A", "1", "P1", "data missing", "cell A1", "company is missing"),
        ("9", "20", "15", "35", "B", "3", "", "not yet", "cell B3", ""),
        ("10", "40", "60", "100", "A", "1", "", "disqualified", "Competitor", ""),
        ("11", "0", "0", "0", "D", "4", "", "not yet", "cell D4", ""),
    ]
    assert done.stdout.splitlines()[0] == ",".join(COLUMNS)
    assert done.stderr == "5 rows: 2 not yet, 1 MQL, 1 data missing, 1 disqualified\n"


def test_points_are_exact_decimals(folder: Path) -> None:
    worth = "page_visit: {label: Visited a page, points: 1, per_value: 0.05}"
    criteria = CRITERIA.replace("page_visit: {label: Visited a page, points: 1}", worth)
    (folder / "config" / "criteria.yaml").write_text(criteria.replace("points: -30", "points: -0.29"))
    rows = table(
        score(
            folder,
            "a@x.example,1,,,,,page_visit,2026-03-01,230",
            "b@x.example,2,,,,,page_visit,2026-03-01,0.2",
            "c@x.example,3,,,,,unsubscribed,2026-03-01,",
        )
    )
    assert [row["points"] for row in rows] == ["12.5", "1.01", "-0.29"]


def test_a_lead_goes_by_its_external_id_and_else_by_its_e_mail(folder: Path) -> None:
    rows = table(score(folder, "a@x.example,17,,,,,,,", "b@x.example,,,,,,,,", ",18,,,,,,,"))
    assert [row["id"] for row in rows] == ["17", "b@x.example", "18"]


def test_rows_that_cannot_be_taken_are_told_and_the_others_are_scored(folder: Path) -> None:
    done = score(
        folder,
        "nobody,1,,,,,,,",
        ADA,
        ",,Firm,,,,,,",
        "b@x.example,2,,,many,,,,",
        "c@x.example,3,,,,,page_visit,soon,",
        "d@x.example,4,,",
        "e@x.example,5,,,,,page_visit,2026-03-01,lots",
    )
    assert done.returncode == 1
    assert [row["id"] for row in table(done)] == ["7"]
    assert "7 rows: 1 MQL\n6 rows refused:\n" in done.stderr
    for told in (
        "fair.csv:2: Mail: 'nobody' is no e-mail address",
        "fair.csv:4: nothing says who this is",
        "fair.csv:5: Staff: got 'many', expected a number",
        "fair.csv:6: When: got 'soon', expected an ISO 8601 date or time",
        "fair.csv:7: has 4 cells; expected 9",
        "fair.csv:8: Minutes: got 'lots', expected a number",
    ):
        assert told in done.stderr


@pytest.mark.parametrize("sign", [*"=+-@＝＋－＠"])
def test_no_cell_from_outside_becomes_a_formula(folder: Path, sign: str) -> None:
    evil = f"{sign}cmd|' /C calc'!A0"
    (folder / "config" / "criteria.yaml").write_text(CRITERIA.replace("label: Competitor", f'label: "{evil}"'))
    row = table(score(folder, f'a@x.example,"{evil}",,,,competitor,,,'))[0]
    assert row["id"] == row["because"] == f"'{evil}"


def test_a_number_below_zero_stays_a_number(folder: Path) -> None:
    row = table(score(folder, "a@x.example,1,,,,,unsubscribed,2026-03-01,"))[0]
    assert (row["behaviour_points"], row["points"]) == ("-30", "-30")


NAUGHTY = [
    'say "hi"',
    "a, b",
    "semi;colon",
    "two\nlines",
    "tab\there",
    "ünï ☃ 👩‍👩‍👧",
    "\u202eevil",
    "'quoted'",
    "<b>",
    "%n%s",
]


@pytest.mark.parametrize("text", NAUGHTY)
def test_whatever_an_id_holds_comes_out_as_it_went_in(folder: Path, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    assert table(score(folder, f"a@x.example,{quoted},{quoted},{quoted},,,,,"))[0]["id"] == text


@pytest.mark.parametrize("bad", ["nul \0 in it", "half \ud800 pair"])
def test_what_cannot_be_text_is_refused(folder: Path, bad: str) -> None:
    done = score(folder, f"a@x.example,{bad},,,,,,,", ADA)
    assert (done.returncode, len(table(done))) == (1, 1)
    assert "fair.csv:2: Id: " in done.stderr


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_and_a_byte_order_mark_are_read(folder: Path, delimiter: str) -> None:
    (folder / "map.yaml").write_text(f'delimiter: "{delimiter}"\n'.replace("\t", "\\t") + MAP)
    done = score(folder, ADA.replace(",", delimiter), header="\ufeff" + HEADER.replace(",", delimiter))
    assert [row["verdict"] for row in table(done)] == ["MQL"]


def test_a_file_without_rows_gives_a_heading(folder: Path) -> None:
    done = score(folder)
    assert (done.returncode, done.stdout) == (0, ",".join(COLUMNS) + "\n")
    assert "0 rows" in done.stderr


def test_the_output_file_is_there_when_it_is_whole(folder: Path) -> None:
    done = score(folder, ADA, options=("--out", "scored.csv"))
    assert done.stdout == ""
    assert (folder / "scored.csv").read_text().splitlines()[1].startswith("7,60,60,120,A,1,P1,MQL")
    assert sorted(path.name for path in folder.iterdir()) == ["config", "fair.csv", "map.yaml", "scored.csv"]


def test_a_run_that_fails_leaves_the_output_of_the_last_one(folder: Path) -> None:
    score(folder, ADA, options=("--out", "scored.csv"))
    before = (folder / "scored.csv").read_text()
    refused(score(folder, header="Mail,Id", options=("--out", "scored.csv")), "no column 'Firm'")
    assert (folder / "scored.csv").read_text() == before
    assert sorted(path.name for path in folder.iterdir()) == ["config", "fair.csv", "map.yaml", "scored.csv"]


def test_a_column_that_is_not_there_prints_no_heading(folder: Path) -> None:
    done = score(folder, header="Mail,Id")
    refused(done, "map.yaml", "no column 'Firm'")
    assert done.stdout == ""


@pytest.mark.parametrize(
    "out",
    [
        "fair.csv",
        "map.yaml",
        "./config/../map.yaml",
        "config",
        "config/criteria.yaml",
        "config/people.yaml",
        "link.csv",
        "nowhere/scored.csv",
    ],
)
def test_an_output_that_cannot_be_is_a_sentence(folder: Path, out: str) -> None:
    (folder / "link.csv").symlink_to(folder / "config" / "criteria.yaml")
    done = score(folder, ADA, options=("--out", out))
    refused(done, "--out: ")
    assert len(done.stderr.strip().splitlines()) == 1
    assert (folder / "fair.csv").read_text().startswith("Mail")
    assert (folder / "map.yaml").read_text() == MAP
    assert [one.name for one in (folder / "config").iterdir()] == ["criteria.yaml"]


def test_a_full_disk_below_standard_output_is_a_sentence(folder: Path) -> None:
    (folder / "fair.csv").write_text(f"{HEADER}\n{ADA}\n")
    command = [sys.executable, "-m", "bot", "criteria", "score", "fair.csv", "--map", "map.yaml", "--config", "config"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, cwd=folder, env=environ, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (2, "standard output: cannot be written: No space left on device\n")


def test_a_bad_configuration_is_told_and_nothing_scored(folder: Path) -> None:
    (folder / "config" / "criteria.yaml").write_text("tiers: 3\n")
    done = score(folder, ADA)
    refused(done, "criteria.yaml:1: tiers")
    assert done.stdout == ""


def test_the_folder_of_the_settings_is_the_default(folder: Path) -> None:
    (folder / "fair.csv").write_text(f"{HEADER}\n{ADA}\n")
    command = ("criteria", "score", "fair.csv", "--map", "map.yaml")
    refused(baton(*command, cwd=folder), "--config: no folder given and BATON_CONFIG_DIR is not set")
    assert [row["verdict"] for row in table(baton(*command, cwd=folder, BATON_CONFIG_DIR="config"))] == ["MQL"]


def test_nothing_is_stored_and_no_database_is_asked(folder: Path) -> None:
    away = "postgresql://me@127.0.0.1:1/x"
    (folder / "fair.csv").write_text(f"{HEADER}\n{ADA}\n")
    command = ("criteria", "score", "fair.csv", "--map", "map.yaml", "--config", "config")
    assert baton(*command, cwd=folder, BATON_DATABASE_URL=away).returncode == 0
    assert not list(folder.glob("*.sqlite*"))


def test_a_pipe_can_be_scored(folder: Path) -> None:
    os.mkfifo(folder / "fair.csv")
    text = f"{HEADER}\n{ADA}\n"
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit((folder / "fair.csv").write_text, text)  # waits for a reader
        done = run(folder)
        assert writing.result() == len(text)
    assert [row["verdict"] for row in table(done)] == ["MQL"]
