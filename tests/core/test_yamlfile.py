"""A person who wrote a file is told file, line, key and expectation, and never sees a traceback."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from bot.yamlfile import Document, Fault, Faults, from_text, parse, read


class Team(BaseModel):
    channel: str
    size: int
    kind: Literal["small", "large"] = "small"
    members: list[str] = []
    score: str | float = 1.0
    note: str = Field(default="", description="a word or two")


class Company(BaseModel):
    teams: dict[str, Team]
    founded: int | None = None


GOOD = """\
# who is who
teams:
  emea:
    channel: C1
    size: 3
    members:
      - ana
      - bob
founded: 1999
"""


def _go_through(text: str, model: type[BaseModel] | None) -> None:
    document = from_text(text, "f.yaml")
    if model:
        parse(document, model)


def told(text: str, model: type[BaseModel] | None = None) -> list[str]:
    with pytest.raises(Faults) as caught:
        _go_through(text, model)
    assert str(caught.value) == "\n".join(str(fault) for fault in caught.value.faults)
    return [str(fault) for fault in caught.value.faults]


def test_a_fault_reads_as_one_line_with_file_line_key_and_expectation() -> None:
    fault = Fault("people.yaml", 12, "teams.emea.manager", "'zoe' is nobody; expected a key of persons")
    assert str(fault) == "people.yaml:12: teams.emea.manager: 'zoe' is nobody; expected a key of persons"


def test_a_fault_of_a_whole_file_leaves_out_line_and_key() -> None:
    assert str(Fault("x.yaml", 0, "", "is no file of the configuration")) == ("x.yaml: is no file of the configuration")


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ((), 1),
        (("teams",), 2),
        (("teams", "emea"), 3),
        (("teams", "emea", "size"), 5),
        (("teams", "emea", "members"), 6),
        (("teams", "emea", "members", 1), 8),
        (("founded",), 9),
        (("teams", "apac", "size"), 2),
        (("teams", "emea", "members", 7), 6),
        (("nothing",), 1),
    ],
)
def test_every_value_has_a_line_and_what_is_not_there_has_its_nearest_parents(
    keys: tuple[str | int, ...], line: int
) -> None:
    assert from_text(GOOD, "f.yaml").line(*keys) == line


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: NO", "NO"),
        ("a: yes", "yes"),
        ("a: true", True),
        ("a: 010", 10),
        ("a: 0x1F", 31),
        ("a: 1.5", 1.5),
        ("a: 2026-01-01", "2026-01-01"),
        ("a: ~", None),
        ("a:", None),
        ("a: '7'", "7"),
        ("a: |\n  two\n  lines\n", "two\nlines\n"),
        ('a: "\\t"', "\t"),
        ('a: "\\U0001F600 é\\u2028"', "\U0001f600 é\u2028"),
        (f"a: {'[' * 49}1{']' * 49}", json.loads("[" * 49 + "1" + "]" * 49)),
        (f"a: '{'[]' * 99}'", "[]" * 99),
        ("a: [1, {b: c}]", [1, {"b": "c"}]),
        ("\ufeffa: 1", 1),
    ],
)
def test_values_are_plain_and_no_is_a_word(text: str, value: object) -> None:
    assert from_text(text, "f.yaml").data == {"a": value}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_file_holds_nothing(text: str) -> None:
    assert from_text(text, "f.yaml") == Document("f.yaml", None, from_text(text, "f.yaml").lines)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3: a: written twice, first in line 1; expected it once"),
        ("x:\n  a: 1\n  a: 1\n", "f.yaml:3: x.a: written twice, first in line 2; expected it once"),
        ("a:\n\tb: 1\n", "f.yaml:2: a tab is used to indent; expected spaces"),
        ("a: b: c\n", "f.yaml:1: is not YAML: mapping values are not allowed here"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: is not YAML: but found another document"),
        ("ok: 1\nb: \x00\n", "f.yaml:2: holds a character that YAML does not allow; expected plain text"),
        ("a: &x [1]\nb: *x\n", "f.yaml:1: b: an alias; expected the value written out"),
        ("a: &x [*x]\n", "f.yaml:1: a.0: an alias; expected the value written out"),
        ("a: *nope\n", "f.yaml:1: is not YAML: found undefined alias 'nope'"),
        ("a: !thing b\n", "f.yaml:1: a: the tag !thing; expected text, a number, true or false"),
        ("? [1, 2]\n: 3\n", "f.yaml:1: a collection as a key; expected text"),
        ("a: .nan\n", "f.yaml:1: a: got '.nan', expected a number of at most 18 digits"),
        ("a: -.inf\n", "f.yaml:1: a: got '-.inf', expected a number of at most 18 digits"),
        ("a: 1e400\n", "f.yaml:1: a: got '1e400', expected a number of at most 18 digits"),
        (f"a: {'9' * 19}\n", f"f.yaml:1: a: got '{'9' * 19}', expected a number of at most 18 digits"),
        ("[" * 5000, "f.yaml:1: nested too deeply; expected a handful of levels"),
        ("a: 1\n\nb: " + "[" * 51 + "]" * 51, "f.yaml:3: nested too deeply; expected a handful of levels"),
        ("a: 1\nb: " + "[[],{" * 51, "f.yaml:2: nested too deeply; expected a handful of levels"),
        ("- " * 5000, "f.yaml:1: nested too deeply; expected a handful of levels"),
    ],
)
def test_broken_yaml_is_a_fault_with_its_line(text: str, fault: str) -> None:
    assert told(text) == [fault]


UNFIT = ["\\0", "\\ud800", "\\udfff", "\\x07", "\\x1b[2J", "\\r", "\\x7f", "\\x85"]


@pytest.mark.parametrize("escape", UNFIT)
def test_text_that_cannot_be_stored_or_shown_is_a_fault_in_a_value_and_in_a_key(escape: str) -> None:
    expected = "expected text without control characters and halves of characters"
    text = f'a:\n  - ok\n  - "one{escape}two"\nb:\n  "P{escape}": {{c: d}}\n'
    [value, key] = told(text)
    assert value.startswith("f.yaml:3: a.1: got 'one\\")
    assert key.startswith("f.yaml:5: b: the key 'P\\")
    for fault in (value, key):
        assert fault.endswith(f", {expected}")
        assert fault.isprintable()


@pytest.mark.parametrize("escape", ["\\n", "\\t"])
def test_a_name_is_of_one_line(escape: str) -> None:
    assert told(f'"P{escape}1": 2')[0].startswith("f.yaml:1: the key 'P\\")


def test_a_number_of_five_thousand_digits_is_a_fault_too() -> None:
    assert told("a: " + "9" * 5000)[0].endswith("expected a number of at most 18 digits")


def test_all_slips_of_a_file_are_told_at_once() -> None:
    assert [line.split(": ")[0] for line in told("a: 1\na: 2\nb: .inf\nc: !x y\n")] == [
        "f.yaml:2",
        "f.yaml:3",
        "f.yaml:4",
    ]


@given(st.text())
def test_no_text_whatever_ends_in_anything_but_a_document_or_faults(text: str) -> None:
    with suppress(Faults):
        assert from_text(text, "f.yaml").line("a", 0) >= 1


def test_a_file_of_the_right_shape_becomes_a_model() -> None:
    company = parse(from_text(GOOD, "f.yaml"), Company)
    assert company.teams["emea"].members == ["ana", "bob"]
    assert company.founded == 1999


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("size: x", "f.yaml:4: teams.emea.size: got 'x', expected a whole number"),
        ("size: 1.0", "f.yaml:4: teams.emea.size: got 1.0, expected a whole number"),
        ("size: true", "f.yaml:4: teams.emea.size: got true, expected a whole number"),
        ("size:", "f.yaml:4: teams.emea.size: got nothing, expected a whole number"),
        ("size: 1\n    kind: huge", "f.yaml:5: teams.emea.kind: got 'huge', expected one of small, large"),
        ("size: 1\n    members: ana", "f.yaml:5: teams.emea.members: got 'ana', expected a list"),
        ("size: 1\n    members: [1]", "f.yaml:5: teams.emea.members.0: got 1, expected text"),
        ("size: 1\n    score: [1]", "f.yaml:5: teams.emea.score: got a list, expected text or a number"),
        ("size: 1\n    note: 5", "f.yaml:5: teams.emea.note: got 5, expected a word or two"),
        (
            "size: 1\n    colour: red",
            "f.yaml:5: teams.emea.colour: unknown key; expected the keys channel, size, kind, members, score, note",
        ),
        ("kind: small", "f.yaml:2: teams.emea.size: missing; expected a whole number"),
    ],
)
def test_a_wrong_value_is_named_by_line_and_key_with_what_was_expected(line: str, fault: str) -> None:
    assert told(f"teams:\n  emea:\n    channel: C1\n    {line}\n", Company) == [fault]


def test_a_list_in_place_of_a_map_and_a_missing_map_are_named() -> None:
    assert told("teams: [1]\n", Company) == ["f.yaml:1: teams: got a list, expected a map"]
    assert told("- 1\n", Company) == ["f.yaml:1: got a list, expected the keys teams, founded"]
    assert told("", Company) == ["f.yaml:1: teams: missing; expected a map"]


def test_all_wrong_values_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "founded: x\nteams:\n  a: {channel: 1, size: 2}\n  b: {channel: C, size: x}\n"
    assert [fault.split(": ")[1] for fault in told(text, Company)] == [
        "founded",
        "teams.a.channel",
        "teams.b.size",
    ]


def test_a_long_value_is_cut_short_in_a_fault() -> None:
    assert len(told(f"teams: {'x' * 500}\n", Company)[0]) < 120


def test_a_file_is_read_from_disk_and_named_without_its_folder(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(GOOD, encoding="utf-8")
    assert read(tmp_path / "f.yaml") == from_text(GOOD, "f.yaml")


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "bytes.yaml").write_bytes(b"a: \xff\n")
    for name in ("absent.yaml", "bytes.yaml"):
        with pytest.raises(Faults, match=f"^{name}: cannot be read: .*; expected a text in UTF-8$"):
            read(tmp_path / name)
