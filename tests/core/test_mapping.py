"""A mapping file or a CSV file that is wrong says where, and what was expected."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.intake.cells import AttributeCell, Time
from bot.intake.mapping import HistoryMap, LeadsMap, Map, columns, load
from bot.intake.sheet import Sheet
from bot.yamlfile import Faults

LEAD = "lead: {email: mail}\n"


def told(folder: Path, text: str, shape: type[Map] = HistoryMap) -> str:
    (folder / "map.yaml").write_text(text)
    with pytest.raises(Faults) as caught:
        load(folder / "map.yaml", shape)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("handed_off: day", "map.yaml:1: lead: missing"),
        ("lead: {external_id: id}\nhanded_off: day", "map.yaml:1: lead: got a map, nothing says who the lead is"),
        (LEAD, "no column says what happened; expected one of handed_off"),
        (LEAD + "handed_off: {column: day, timezone: Mars}", "map.yaml:2: handed_off.timezone: got 'Mars', expected"),
        (LEAD + "handed_off: {column: day, format: dd.mm}", "map.yaml:2: handed_off.format: got 'dd.mm', expected"),
        (LEAD + "handed_off: {column: day, zone: UTC}", "handed_off.zone: unknown key; expected a column of times"),
        (LEAD + "handed_off: day\nundecided: perhaps", "map.yaml:3: undecided: got 'perhaps', expected open"),
        (LEAD + "won: day", "won: nothing says accepted; expected a column for accepted, or implies_accepted"),
        (LEAD + "won: {column: day, implies_accepted: maybe}", "won.implies_accepted: got 'maybe', expected"),
        (LEAD + "rejected: {at: day, code: why}", "rejected.follow_up: missing; expected a column"),
        (LEAD + "handed_off: day\nowner: {column: a, value: b}", "map.yaml:3: owner: got a map, expected either"),
        (LEAD + "delimiter: ';;'\nhanded_off: day", "map.yaml:2: delimiter: got ';;'"),
        (LEAD + "handed_of: day", "map.yaml:2: handed_of: unknown key"),
    ],
)
def test_a_wrong_mapping_names_line_key_and_expectation(tmp_path: Path, text: str, words: str) -> None:
    assert words in told(tmp_path, text)


def test_columns_are_found_in_all_ways_to_write_them(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(
        "lead: {origin: {value: crm}, external_id: id, attributes: {size: {column: Size, as: number}}}\n"
        "rejected: {at: day, code: why, codes: {Bad: JUNK}, follow_up: not recorded}\n"
    )
    asked = dict(columns(load(tmp_path / "map.yaml", HistoryMap).content))
    assert set(asked.values()) == {"id", "Size", "day", "why"}
    assert asked["lead", "attributes", "size"] == "Size"


@pytest.mark.parametrize(
    ("time", "text", "expected"),
    [
        (Time(column="t"), "2024-03-01", datetime(2024, 3, 1, tzinfo=UTC)),
        (Time(column="t"), " 2024-03-01 10:00:00 ", datetime(2024, 3, 1, 10, tzinfo=UTC)),
        (Time(column="t"), "2024-03-01T10:00:00+02:00", datetime(2024, 3, 1, 8, tzinfo=UTC)),
        (Time(column="t", timezone="America/Sao_Paulo"), "2024-03-01", datetime(2024, 3, 1, 3, tzinfo=UTC)),
        (Time(column="t", timezone="Europe/Berlin"), "2024-07-01T10:00Z", datetime(2024, 7, 1, 10, tzinfo=UTC)),
        (
            Time(column="t", format="%d.%m.%Y %H:%M", timezone="Europe/Berlin"),
            "01.07.2024 10:00",
            datetime(2024, 7, 1, 8, tzinfo=UTC),
        ),
        (Time(column="t"), "   ", None),
    ],
)
def test_times_are_read_in_the_zone_of_the_mapping_unless_they_name_their_own(
    time: Time, text: str, expected: datetime | None
) -> None:
    assert time.of({"t": text}) == expected


@pytest.mark.parametrize("text", ["01.07.2024", "2024-13-01", "soon", "0001-01-01T00:00+14:00"])
def test_what_is_no_time_says_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected an ISO 8601 date or time"):
        Time(column="t").of({"t": text})


def test_attributes_are_text_unless_the_mapping_says_otherwise() -> None:
    cells = {"a": " 250 ", "b": "yes", "c": "1e3", "d": ""}
    assert AttributeCell(column="a").typed(cells) == "250"
    assert AttributeCell(column="a", **{"as": "number"}).typed(cells) == 250
    assert AttributeCell(column="c", **{"as": "number"}).typed(cells) == 1000.0
    assert AttributeCell(column="b", **{"as": "boolean"}).typed(cells) is True
    assert AttributeCell(column="d", **{"as": "number"}).typed(cells) is None
    with pytest.raises(ValueError, match="expected a number"):
        AttributeCell(column="b", **{"as": "number"}).typed(cells)


def sheet(folder: Path, content: bytes, mapping: str = LEAD) -> Sheet:
    (folder / "map.yaml").write_text(mapping)
    (folder / "file.csv").write_bytes(content)
    page = load(folder / "map.yaml", LeadsMap)
    return Sheet(folder / "file.csv", page.document, page.content)


def test_a_missing_column_is_told_at_the_line_of_the_mapping_that_asks_for_it(tmp_path: Path) -> None:
    with pytest.raises(Faults) as caught:
        list(sheet(tmp_path, b"e-mail,name\n").rows())
    assert str(caught.value) == (
        "map.yaml:1: lead.email: file.csv has no column 'mail'; expected one of its columns: e-mail, name"
    )


WHOLE = "lead: {email: mail, name: who, company: firm}\ndelimiter: ';'\n"
ONE_COLUMN = "has one column only, {}, expected mail, who, firm; is the delimiter ';' right?"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty; expected a line with names of columns"),
        (b"\n\n", "is empty; expected a line with names of columns"),
        (b"\xef\xbb\xbf", "is empty; expected a line with names of columns"),
        (b"mail,who,firm\na@x.example,A,X\n", ONE_COLUMN.format("'mail,who,firm'")),
        (b"mail\n", ONE_COLUMN.format("'mail'")),
        ("mail;who;firm\n".encode("utf-16"), "is not UTF-8, more likely UTF-16; expected UTF-8"),
        ("mail,who,firm\n".encode("utf-16-be"), "is not UTF-8, more likely UTF-16; expected UTF-8"),
        (b'"mail;who', "is no CSV: unexpected end of data; expected names of columns"),
    ],
)
def test_what_is_wrong_with_the_file_as_a_whole_is_told_once_and_not_per_column(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(Faults) as caught:
        list(sheet(tmp_path, content, WHOLE).rows())
    assert str(caught.value) == f"file.csv:1: {words}"


@pytest.mark.parametrize("content", [b"", b"\xff\xfem\x00a\x00", b"mail,mail\n"])
def test_a_file_without_a_proper_header_is_refused_as_a_whole(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Faults, match="expected"):
        list(sheet(tmp_path, content).rows())


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    there = sheet(tmp_path, b"")
    (tmp_path / "file.csv").unlink()
    with pytest.raises(Faults, match=r"file\.csv: cannot be read: No such file"):
        list(there.rows())


def test_mark_delimiter_quotes_and_blank_lines_are_understood(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbfmail;note\r\na@b.example;"two\r\nlines; one cell"\r\n\r\nc@d.example;x\r\n'
    rows = list(sheet(tmp_path, content, LEAD + "delimiter: ;\n").rows())
    assert [(row.line, row.cells["mail"], row.faults) for row in rows] == [
        (2, "a@b.example", ()),
        (5, "c@d.example", ()),
    ]
    assert rows[0].cells["note"] == "two\r\nlines; one cell"


def test_broken_rows_are_told_by_line_and_the_rows_after_them_are_read(tmp_path: Path) -> None:
    content = b'mail,note\n1,too,many\n2\n3,caf\xe9\n4,"open"x\n5,fine\n'
    rows = list(sheet(tmp_path, content).rows())
    assert [(row.line, bool(row.faults)) for row in rows] == [(2, True), (3, True), (4, True), (5, True), (6, False)]
    assert str(rows[0].faults[0]) == "file.csv:2: has 3 cells; expected 2, as line 1 has"
    assert str(rows[2].faults[0]).startswith("file.csv:4: note: got 'caf?'")


def test_a_quote_that_is_never_closed_costs_neither_the_memory_nor_the_whole_file(tmp_path: Path) -> None:
    content = b'mail,note\n1,"open\n' + b"x,y\n" * 200_000
    rows = sheet(tmp_path, content).rows()
    first = next(rows)
    assert first.line == 2
    assert "field larger than field limit" in str(first.faults[0])
    assert sum(1 for _ in rows) > 150_000


DOCS = Path(__file__).parents[2] / "docs/import.md"
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL))
def test_the_examples_in_the_docs_are_mappings(tmp_path: Path, block: str) -> None:
    (tmp_path / "map.yaml").write_text(block if "lead:" in block else LEAD + block)
    shape = LeadsMap if "signal:" in block or "handed_off:" not in block else HistoryMap
    load(tmp_path / "map.yaml", shape)


def test_the_mappings_of_the_examples_can_be_read() -> None:
    found = sorted(EXAMPLES.glob("**/*.yaml"))
    assert [load(path, HistoryMap).document.file for path in found] == ["deals.yaml", "leads.yaml"]
