"""The house keeps its own rules: sizes, imports, what may not be written down."""

import ast
import re
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted(
    path
    for room in ("bot", "playground", "demo")
    for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts
)
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> list[tuple[str, int]]:
    """Every function with its length in lines; a function that only registers others counts its own lines."""
    found = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, FUNCTION):
                nested = sum(_lines(inner) for inner in node.body if isinstance(inner, FUNCTION))
                found.append((f"{path.relative_to(ROOT)}:{node.name}", _lines(node) - nested))
    return found


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def test_functions_are_small() -> None:
    sizes = sorted(size for _, size in functions())
    assert statistics.median(sizes) <= 8
    assert sizes[len(sizes) * 9 // 10] <= 30
    assert [name for name, size in functions() if size > 50] == []


def test_a_file_that_passes_250_lines_is_two() -> None:
    assert [str(path) for path in CODE if len(path.read_text().splitlines()) > 250] == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_hides_in_a_function(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, FUNCTION):
            assert not [inner for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]


def test_every_module_says_what_lives_in_it() -> None:
    silent = [path for path in CODE if path.read_text() and not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


FORBIDDEN = {
    "a Slack token": r"xox[abp]-[0-9]{6,}-",
    "a webhook address": r"hooks\.slack\.com/services/T",
    # With a bracket in each, or this file would hold what it looks for.
    "a registry": r"py[p]i\.org|python[h]osted|npm[j]s|crates\.[i]o|docker\.[i]o|gh[c]r\.io|deb\.de[b]ian",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a path of one machine": r"(?<![\w.~/-])/(?:home|Users|root|work|opt|mnt)/[a-z]",
}


def test_nothing_is_written_down_that_must_not_be() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.split("\0")):
        path = ROOT / name
        if path == Path(__file__) or not path.is_file() or path.suffix == ".png":
            continue
        text = path.read_text(errors="replace")
        for what, pattern in FORBIDDEN.items():
            assert not re.search(pattern, text), f"{name} holds {what}"
