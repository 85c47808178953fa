"""docs/criteria.md is complete and true: every key of every file, every outcome, the shipped rules as they are."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.config import schemas
from bot.config.files import NAMES
from bot.config.load import DEFAULTS, parse, texts
from bot.criteria.facts import READ_OUT
from bot.criteria.rules import COMPARISONS, Outcome
from bot.lead import LEAD_FIELDS
from bot.yamlfile import from_text
from tests.house.pages import code, table, text

PAGE = "docs/criteria.md"
SHIPPED: Any = from_text((DEFAULTS / "criteria.yaml").read_text(), "criteria.yaml").data


def section(name: str) -> str:
    """What the page says below the heading of a file, up to the next file."""
    return re.split(r"^## ", text(PAGE).split(f"\n## {name}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def keys_of(name: str) -> Iterator[str]:
    """Every key that has its place in a file, as it is written there; conditions are those of criteria.yaml."""
    schema = schemas.schema_of(name)
    for part, content in {"": schema, **schema["$defs"]}.items():
        if part != "ConditionShape" or name == "criteria.yaml":
            yield from content["properties"]


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_explained_in_the_section_of_its_file(name: str) -> None:
    prose = re.sub(r"```.*?```", "", section(name), flags=re.DOTALL)
    told = {word.split(":")[0] for word in code(prose)}
    assert sorted(set(keys_of(name)) - told) == []


def test_the_comparisons_are_all_there_and_no_others() -> None:
    told = [next(iter(code(row[0]))).split(":")[0] for row in table(PAGE, "### Conditions")[1:]]
    assert told == list(COMPARISONS)


def test_outcomes_and_what_every_lead_has_are_named() -> None:
    assert set(Outcome) <= code(section("criteria.yaml"))
    assert set(LEAD_FIELDS) | set(READ_OUT) <= code(section("criteria.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_file_passes_the_lint(name: str) -> None:
    example = re.findall(r"```yaml\n(.*?)```", section(name), flags=re.DOTALL)[0]
    shipped = texts(None)
    if name == "sla.yaml":  # the page shows one tier of three
        example += shipped["sla.yaml"].split("tiers:", 1)[1].split("\n", 1)[1].replace("  P1:", "  P9:")
    parse(shipped | {name: example})


def rules() -> Iterator[dict[str, Any]]:
    for entry in SHIPPED["fit"]["rules"]:
        yield from entry.get("first_of", [entry])


def test_the_shipped_fit_rules_are_explained_with_their_points() -> None:
    told = {row[0]: (float(row[1]), bool(row[2])) for row in table(PAGE, "### The shipped criteria, rule by rule")[1:]}
    assert told == {rule["label"]: (rule["points"], True) for rule in rules()}


def test_the_shipped_signals_are_explained_as_they_are() -> None:
    head = "| Signal | Points |"
    lines = (head + text(PAGE).split(head, 1)[1]).split("\n\n", 1)[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    told = {row[0].strip("`"): row[1:5] for row in rows}
    keys = ("points", "cap_per_day", "cap", "half_life")
    signals = SHIPPED["behaviour"]["signals"]
    assert told == {type_: [str(rule.get(key, "")) for key in keys] for type_, rule in signals.items()}
    assert all(row[5] for row in rows), "each with its reason"


@pytest.mark.parametrize(("kind", "head"), [("fast_tracks", "Fast track"), ("disqualifiers", "Disqualifier")])
def test_the_shipped_fast_tracks_and_disqualifiers_are_explained(kind: str, head: str) -> None:
    after = text(PAGE).split(f"| {head} | Why |\n", 1)[1].split("\n\n", 1)[0].splitlines()[1:]
    assert [line.split("|")[1].strip() for line in after] == [rule["label"] for rule in SHIPPED[kind]]


def test_the_shipped_grades_and_cells_are_the_ones_the_page_names() -> None:
    page = section("criteria.yaml")
    starts = SHIPPED["fit"]["grades"]
    assert all(f"{'An' if grade == 'A' else 'a'} {grade} ({points})" in page for grade, points in starts.items())
    assert {cell for cells in SHIPPED["tiers"].values() for cell in cells} <= code(page)
