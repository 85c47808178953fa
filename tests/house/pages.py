"""How tests read the pages of the project: as text, as tables, as YAML."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text()


def table(name: str, heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, its head included and cells trimmed."""
    after = text(name).split(f"{heading}\n", 1)[1]
    rows = re.search(r"(?:^\|.*\|\n)+", after, re.MULTILINE)
    assert rows, f"{name} has no table under {heading}"
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[0].splitlines()]
    return [row for row in cells if not set("".join(row)) <= set("-:")]


def yaml(name: str) -> Any:
    return YAML(typ="safe").load(text(name))


def code(words: str) -> set[str]:
    """Everything between backticks."""
    return set(re.findall(r"`([^`\n]+)`", words))
