"""An editor that knows the schemas refuses what Baton refuses, takes what it takes, and explains every key."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.config import hovers, schemas
from bot.config.files import FILES, NAMES
from bot.config.load import load, texts
from bot.yamlfile import Faults, from_text
from bot.yamlfile import parse as parse_document
from tests.core.config_kit import WHOLE, edited, told
from tests.core.test_lint_criteria import RIGHT

EVERY_FILE = pytest.mark.parametrize("name", NAMES)


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schemas.schema_of(name))


def refused_by_schema(name: str, text: str) -> bool:
    return not validator(name).is_valid(from_text(text, name).data)


def refused_by_shape(name: str, text: str) -> bool:
    try:
        parse_document(from_text(text, name), FILES[name])
    except Faults:
        return True
    return False


@EVERY_FILE
def test_a_schema_is_one_and_takes_the_shipped_file(name: str) -> None:
    Draft202012Validator.check_schema(schemas.schema_of(name))
    assert not refused_by_schema(name, texts(None)[name])
    assert not refused_by_schema(name, WHOLE[name])


# What is written in place of a good passage, and whether it is refused. Two things no schema can say are left out:
# that a number has at most two decimals, and that 10.0 is no whole number.
SENIOR = "{field: seniority, equals: head}"
WRITTEN = [
    ("criteria.yaml", "points: 0.5", ["points: 10000", "points: -10000", "points: 7", "points: 0"], False),
    ("criteria.yaml", "points: 0.5", ["points: 10001", "points: -10001", "points: much", "points: '5'"], True),
    ("criteria.yaml", "points: 0.5", ["points: true", "points: [1]", "points:", "point: 1"], True),
    ("criteria.yaml", "cap_per_day: 2", ["cap_per_day: 0.01", "cap_per_day: 10000", "cap_per_day:"], False),
    ("criteria.yaml", "cap_per_day: 2", ["cap_per_day: 0", "cap_per_day: -1", "cap_per_day: 10001"], True),
    (
        "criteria.yaml",
        "half_life: 7d",
        [f"half_life: {span}" for span in ("1d", "9d", "10d", "365d", "3650d", "3599d", "1w", "99w", "521w")],
        False,
    ),
    (
        "criteria.yaml",
        "half_life: 7d",
        [
            f"half_life: {span}"
            for span in (
                "0d",
                "07d",
                "3651d",
                "4000d",
                "522w",
                "7",
                "7h",
                "7m",
                "7 d",
                "'7d '",
                "d",
                "1.5d",
                "-7d",
                "٣d",
            )
        ],
        True,
    ),
    ("criteria.yaml", "P2: [A2]", ["P2: []", "P2: [D4, C3]", "Gold: [A2]"], False),
    ("criteria.yaml", "P2: [A2]", ["P2: [E1]", "P2: [A5]", "P2: [a1]", "P2: A2", "P2: [A]", "P2: [1]", "P2:"], True),
    (
        "criteria.yaml",
        "{A: 20, B: 10, C: 5}",
        ["{A: 20, B: 10}", "{A: 20, B: 10, C: 5, D: 0}", "{A: 20, B: 10, c: 5}"],
        True,
    ),
    ("criteria.yaml", "{1: 20, 2: 10, 3: 5}", ["{1: 20, 2: 10, 3: 5, 4: 0}", "{one: 20, 2: 10, 3: 5}"], True),
    ("criteria.yaml", "{1: 20, 2: 10, 3: 5}", ["{'1': 20, \"2\": 10, 3: 5}"], False),
    (
        "criteria.yaml",
        SENIOR,
        [
            "{field: x, in: [1, a, true]}",
            "{field: x, contains: [a, b]}",
            "{field: x, contains: a, equals: b}",
            "{field: x, above: 1.5, below: 2}",
            "{field: x, is_blank: false}",
            "{field: x, matches: '^a'}",
            "{all: [{field: x, equals: 1}]}",
            "{any: []}",
            "{not: {not: {field: x, equals: 1}}}",
        ],
        False,
    ),
    (
        "criteria.yaml",
        SENIOR,
        [
            "{}",
            "{field: x}",
            "{equals: 1}",
            "{field: x, all: []}",
            "{all: [], any: []}",
            "{all: [], equals: 1}",
            "{not: {field: x, equals: 1}, in: [a]}",
            "{all: {field: x, equals: 1}}",
            "{not: [{field: x, equals: 1}]}",
            "{any: [{field: x}]}",
            "{field: 3, equals: 1}",
            "{field: x, in: a}",
            "{field: x, equals: [a]}",
            "{field: x, at_least: '5'}",
            "{field: x, at_most: true}",
            "{field: x, contains: 5}",
            "{field: x, contains: [a, 5]}",
            "{field: x, matches: [a]}",
            "{field: x, is_blank: 'yes'}",
            "{field: x, equal: 1}",
        ],
        True,
    ),
    ("criteria.yaml", "label: Senior", ["lable: Senior", "label: 5", "label: [Senior]", "label:"], True),
    ("criteria.yaml", "label: Senior\n      points: 15", ["points: 15", "label: Senior"], True),
    (
        "criteria.yaml",
        "    - first_of:\n",
        ["    - {first_of: [], points: 3}\n    - first_of:\n", "    - one_of:\n"],
        True,
    ),
    ("criteria.yaml", "signal: bye, lifted_by: demo", ["signal: bye", f"when: {SENIOR}"], False),
    (
        "criteria.yaml",
        "signal: bye, lifted_by: demo",
        ["lifted_by: demo", f"when: {SENIOR}, signal: bye", f"when: {SENIOR}, lifted_by: demo", "signal: [bye]"],
        True,
    ),
    ("criteria.yaml", "    within: 2w\n", ["", "    within: 12h\n", "    within: 2w\n    at_least: 1.5\n"], True),
    ("criteria.yaml", "    within: 2w\n", ["    within: 2w\n    fits: [E]\n", "    within: 2w\n    fits: A\n"], True),
    ("criteria.yaml", "accept: [business]", ["accept: [private]", "accept: business", "needs: true"], True),
    ("criteria.yaml", "{cooldown: 30d, recycle_after: 8w}", ["{cooldown: 30d}", "{}", "30d"], True),
    ("people.yaml", "role: marketing", ["role: ops"], False),
    ("people.yaml", "role: marketing", ["role: boss", "role: [rep]", "rolle: rep", "role: Rep"], True),
    ("people.yaml", "members: [bob]", ["members: bob", "members: [1]", "members:", "people: [bob]"], True),
    ("people.yaml", "calendar: nights", ["zone: Asia/Tokyo", "on_call: office", "calendar: ", "weight: 0"], False),
    (
        "people.yaml",
        "calendar: nights",
        ["calendar: [nights]", "calender: nights", "weight: heavy", "weight: 1.5"],
        True,
    ),
    (
        "people.yaml",
        "on: 2026-10-12, label",
        ["on: 2026-10-12, to: 2026-10-14, label", "on: 2026-10-12, to: , label"],
        False,
    ),
    (
        "people.yaml",
        "on: 2026-10-12, label",
        [
            "on: 10-12, label",
            "on: 2026-10-12, to: 10-14, label",
            "on: 12 October, label",
            "on: 2026-10-12, until: 13:00, label",
            "label",
        ],
        True,
    ),
    ("people.yaml", "[ana.ruiz, 4711]", ["[]", "['4711']"], False),
    ("people.yaml", "[ana.ruiz, 4711]", ["4711", "[1.5]", "[true]", "[[a]]"], True),
    ("people.yaml", "{open: 5}", ["{}", "{open: 5, per_day: 2}", "{per_day: }"], False),
    ("people.yaml", "{open: 5}", ["5", "{open: some}", "{open: 2.5}", "{per_week: 5}", ""], True),
    ("people.yaml", "[french, support]\n    acc", ["french\n    acc", "[1]\n    acc"], True),
    ("people.yaml", "owner_field: crm_owner", ["owner_field: [a]", "owner: a"], True),
    ("people.yaml", "      when: {field: language, equals: French}\n", ["", "      when: {field: language}\n"], True),
    ("people.yaml", "  otherwise: [emea]", ["", "  otherwise: []"], False),
    (
        "people.yaml",
        "  otherwise: [emea]",
        [f"overview: {said}" for said in ("off", "false", "", "{channel: C0SALES, day: fri}")],
        False,
    ),
    (
        "people.yaml",
        "  otherwise: [emea]",
        [f"overview: {said}" for said in ("on", "true", "no", "0", "[off]", "{day: fri}", "{channel: C0SALES, at: 9}")],
        True,
    ),
    ("people.yaml", "  otherwise: [emea]", ["  otherwise: emea", "  else: [emea]"], True),
    ("sla.yaml", "due: 30m", ["due: 999s", "due: 2d", "due: 1m\n    urgent: true"], False),
    (
        "sla.yaml",
        "due: 30m",
        ["due: 30", "due: 1h30m", "due: 0m", "due: 1000s", "due: soon", "due: 1w", "due: 80%"],
        True,
    ),
    ("sla.yaml", "due: 30m", ["due: 30m\n    urgent: 'yes'", "due: 30m\n    urgent:"], True),
    ("sla.yaml", "after: 100%", ["after: 9999%", "after: 1%", "after: 30m"], False),
    ("sla.yaml", "after: 100%", ["after: 0%", "after: 10000%", "after: 1.5%", "after: 1w", "after: 100"], True),
    ("sla.yaml", "step: remind", ["step: last_call", "step: reassign"], False),
    ("sla.yaml", "undo_minutes: 5", ["undo_minutes: 0"], False),
    (
        "sla.yaml",
        "undo_minutes: 5",
        ["cards: 3", "undo_minutes: 2.5", "undo_minutes: five", "undo_minutes: true"],
        True,
    ),
    ("sla.yaml", "step: remind", ["step: nudge", "steps: remind"], True),
    ("reasons.yaml", "family: READINESS", ["family: ROUTE"], False),
    ("reasons.yaml", "family: READINESS", ["family: MOOD", "family:", "familly: FIT"], True),
    ("reasons.yaml", "    family: READINESS\n", [""], True),
    ("reasons.yaml", "kind: date", ["kind: text"], False),
    ("reasons.yaml", "kind: date", ["kind: mood"], True),
    (
        "reasons.yaml",
        "kind: person, label: Whose?",
        ["kind: team, label: Which?", "kind: none", "kind: none, label: "],
        False,
    ),
    (
        "reasons.yaml",
        "kind: person, label: Whose?",
        ["kind: none, label: Whose?", "kind: person", "kind: team, label: "],
        True,
    ),
    ("reasons.yaml", "consequence: reroute", ["consequence: reject"], False),
    ("reasons.yaml", "consequence: reroute", ["consequence: route"], True),
    (
        "calendar.yaml",
        "country: IT",
        ["country:", "country: IT\n    region: MI\n    half_holidays_until: 13:00"],
        False,
    ),
    ("calendar.yaml", "country: IT", ["country: [IT]", "land: IT", "country: IT\n    half_holidays_until: noon"], True),
    ("calendar.yaml", "mon-fri: [09", ["mon: [09", "fri-mon: [09", "sat: []\n      sun: [09"], False),
    ("calendar.yaml", "[22:00-06:00]", ["[0:00-24:00]", "[9:00-17:30, 18:00-19:00]", "[]"], False),
    (
        "calendar.yaml",
        "[22:00-06:00]",
        ["22:00-06:00", "[22-06]", "[22:00-06:60]", "[24:00-06:00]", "[22:00–06:00]", "[22:00 - 06:00]", "[1320]"],
        True,
    ),
    ("calendar.yaml", "on: 12-24, label", ["on: 2026-12-24, label", "on: 12-24, to: 12-31, label"], False),
    ("calendar.yaml", "on: 12-24, label", ["on: 24.12., label", "on: 12/24, label", "on: '', label", "label"], True),
    ("calendar.yaml", "default: office", ["", "default:", "default: [office]"], True),
    ("reasons.yaml", "recycle_after: never", ["recycle_after: 180d", "recycle_after: 1w"], False),
    ("reasons.yaml", "recycle_after: never", ["recycle_after: always", "recycle_after: 12h", "recycle_after: 3"], True),
    ("reasons.yaml", "test: A test", ["test: [A]", "test: 5"], True),
]
CASES = [(name, old, new, refused) for name, old, news, refused in WRITTEN for new in news]


@pytest.mark.parametrize(("name", "old", "new", "refused"), CASES, ids=[f"{one[0]}-{one[2].strip()}" for one in CASES])
def test_shape_and_schema_are_of_one_mind(name: str, old: str, new: str, refused: bool) -> None:
    text = edited(name, old, new, WHOLE)[name]
    assert (refused_by_shape(name, text), refused_by_schema(name, text)) == (refused, refused)


@pytest.mark.parametrize("days", ["monday", "mon-", "Mon", "mon,fri", "mon - fri"])
def test_an_editor_knows_the_days_of_the_week_as_the_lint_does(days: str) -> None:
    files = edited("calendar.yaml", "mon-fri", days)
    assert refused_by_schema("calendar.yaml", files["calendar.yaml"])
    expected = f"calendar.yaml:7: calendars.office.hours.{days}: got '{days}', expected days such as mon or mon-fri"
    assert told(files) == [expected]


@pytest.mark.parametrize(("old", "new"), [row[1:] for row in RIGHT], ids=[row[0] for row in RIGHT])
def test_what_raises_no_alarm_raises_none_in_the_editor(old: str, new: str) -> None:
    assert not refused_by_schema("criteria.yaml", edited("criteria.yaml", old, new)["criteria.yaml"])


def _parts(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "", schema
    yield from schema["$defs"].items()


@EVERY_FILE
def test_every_key_has_a_word_of_its_own_and_no_name_that_nobody_gave(name: str) -> None:
    schema = schemas.schema_of(name)
    told = [(part, key, one) for part, found in _parts(schema) for key, one in found["properties"].items()]
    assert [(part, key) for part, key, one in told if not one.get("description")] == []
    assert [(part, key) for part, key, one in told if "title" in one] == []
    assert [part for part, found in _parts(schema) if part and "title" in found] == []


def test_no_word_is_left_over_from_a_key_that_is_gone() -> None:
    told = {
        part or FILES[name].__name__: set(one["properties"])
        for name in NAMES
        for part, one in _parts(schemas.schema_of(name))
    }
    assert {part: set(keys) for part, keys in hovers.WORDS.items()} == told


def test_the_schemas_of_a_folder_do_not_disturb_its_reading(tmp_path: Path) -> None:
    for name, text in texts(None).items():
        (tmp_path / name).write_text(schemas.headed(name, text))
    schemas.write(tmp_path)
    assert load(tmp_path) == load(None)
    for name in NAMES:
        head = (tmp_path / name).read_text().splitlines()[0]
        assert head.startswith("# yaml-language-server: $schema=")
        assert json.loads((tmp_path / head.split("=")[1]).read_text()) == schemas.schema_of(name)
