"""An editor that knows the schemas refuses what Baton refuses, takes what it takes, and explains every key."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.config import schemas
from bot.config.load import NAMES, load, texts
from bot.yamlfile import Faults, from_text
from bot.yamlfile import parse as parse_document
from tests.core.config_kit import GOOD, edited
from tests.core.test_lint_criteria import RIGHT

EVERY_FILE = pytest.mark.parametrize("name", NAMES)


def refused_by_schema(name: str, text: str) -> bool:
    validator = Draft202012Validator(schemas.schema_of(name))
    return not validator.is_valid(from_text(text, name).data)


def refused_by_shape(name: str, text: str) -> bool:
    try:
        parse_document(from_text(text, name), schemas.FILES[name][0])
    except Faults:
        return True
    return False


@EVERY_FILE
def test_a_schema_is_one_and_takes_the_shipped_file(name: str) -> None:
    Draft202012Validator.check_schema(schemas.schema_of(name))
    assert not refused_by_schema(name, texts(None)[name])
    assert not refused_by_schema(name, GOOD[name])


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
    ("sla.yaml", "due: 30m", ["due: 9999s", "due: 1w"], False),
    ("sla.yaml", "due: 30m", ["due: 30", "due: 1h30m", "due: 0m", "due: 10000s", "due: soon"], True),
    ("sla.yaml", "undo_minutes: 5", ["undo_minutes: 0"], False),
    (
        "sla.yaml",
        "undo_minutes: 5",
        ["cards: 3", "undo_minutes: 2.5", "undo_minutes: five", "undo_minutes: true"],
        True,
    ),
    ("sla.yaml", "step: escalate", ["step: nudge", "steps: escalate"], True),
    ("reasons.yaml", "family: READINESS", ["family: ROUTE"], False),
    ("reasons.yaml", "family: READINESS", ["family: MOOD", "family:", "familly: FIT"], True),
    ("reasons.yaml", "    family: READINESS\n", [""], True),
    ("reasons.yaml", "kind: date", ["kind: text"], False),
    ("reasons.yaml", "kind: date", ["kind: mood"], True),
    ("reasons.yaml", "recycle_after: never", ["recycle_after: 180d", "recycle_after: 1w"], False),
    ("reasons.yaml", "recycle_after: never", ["recycle_after: always", "recycle_after: 12h", "recycle_after: 3"], True),
    ("reasons.yaml", "test: A test", ["test: [A]", "test: 5"], True),
]
CASES = [(name, old, new, refused) for name, old, news, refused in WRITTEN for new in news]


@pytest.mark.parametrize(("name", "old", "new", "refused"), CASES, ids=[f"{one[0]}-{one[2].strip()}" for one in CASES])
def test_shape_and_schema_are_of_one_mind(name: str, old: str, new: str, refused: bool) -> None:
    text = edited(name, old, new)[name]
    assert (refused_by_shape(name, text), refused_by_schema(name, text)) == (refused, refused)


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


@EVERY_FILE
def test_no_word_is_left_over_from_a_key_that_is_gone(name: str) -> None:
    words = schemas.FILES[name][1]
    told = {
        part or schemas.FILES[name][0].__name__: set(one["properties"]) for part, one in _parts(schemas.schema_of(name))
    }
    assert {part: set(keys) for part, keys in words.items()} == told


def test_the_schemas_of_a_folder_do_not_disturb_its_reading(tmp_path: Path) -> None:
    for name, text in texts(None).items():
        (tmp_path / name).write_text(schemas.headed(name, text))
    schemas.write(tmp_path)
    assert load(tmp_path) == load(None)
    for name in NAMES:
        head = (tmp_path / name).read_text().splitlines()[0]
        assert head.startswith("# yaml-language-server: $schema=")
        assert json.loads((tmp_path / head.split("=")[1]).read_text()) == schemas.schema_of(name)
