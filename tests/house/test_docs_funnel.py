"""docs/funnel.md is what `/funnel` says and takes: its examples, its words, its figures, keys and columns."""

import re
from collections.abc import Iterator
from typing import get_args

import pytest

from bot.answers.funnel import OPERATOR, understood
from bot.stats.language.reading import FLAGS, OPTIONS, SUBS
from bot.stats.language.windows import NAMES
from bot.stats.query import DIMENSIONS, Problem, Sub
from bot.store.engine import Store
from tests.house import answers
from tests.house.answers import BLOCK, NOW, PROMPT, Ask
from tests.house.pages import ROOT, code, table, text

PAGE = "docs/funnel.md"
RENEW = "python -m tests.house.answers writes the page anew"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return answers.filled(tmp_path_factory.mktemp("past"))


@pytest.fixture(scope="module")
def ask(database: str) -> Ask:
    """Each line asked once, in the order of the page: one of them writes a note."""
    said = {line: answers.asked(database, line) for line in BLOCK.findall(text(PAGE))}
    return lambda line: said[line] if line in said else answers.asked(database, line)


# Examples


def test_the_examples_are_what_baton_says(ask: Ask) -> None:
    for found in BLOCK.finditer(text(PAGE)):
        said = answers.block(found[1], ask(found[1]), answers.cut_after(found[0]))
        assert found[0] == said, RENEW


def test_every_question_has_an_example() -> None:
    words = " ".join(BLOCK.findall(text(PAGE)))
    asked = {*get_args(Sub), "open", "explain", "note"} - {"overview"}
    assert sorted(one for one in asked if one not in words) == []
    assert PROMPT in BLOCK.findall(text(PAGE))


def test_how_to_read_the_overview_knows_each_of_its_lines(ask: Ask) -> None:
    told = " ".join(row[0] for row in table(PAGE, "## How to read the overview"))
    lines = ask(PROMPT).split("\n\n")[1].splitlines()
    labels = [re.split(r"\s{2,}", line)[0] for line in lines]
    assert len(labels) > 8
    assert [one for one in labels if one not in told and one != "Top reasons"] == []
    figures = {one for row in table(PAGE, "## How to read the overview") for one in code(row[1])}
    assert [one for one in figures if one not in ask(PROMPT)] == []


# Words


def quoted() -> Iterator[tuple[str, str]]:
    """Whatever a page says can be asked, with the name of the page."""
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        words = page.read_text()
        for line in [*code(words), *re.findall(r"^\$ (baton funnel.*)$", words, re.MULTILINE)]:
            if line.startswith(("/funnel", "baton funnel")) and not re.search(r"[\[…]", line):
                yield page.name, line


def typed(line: str) -> str:
    """What of a quoted line is the question."""
    return re.sub(r"^(/|baton )funnel|\s--[a-z].*", "", line).strip()


def wrong(database: str, lines: list[str]) -> list[tuple[str, str]]:
    store = Store(database)
    try:
        with store.reading() as tx:
            found = [(line, understood(tx, line, NOW, OPERATOR)) for line in lines]
    finally:
        store.close()
    return [(line, asked.words) for line, asked in found if isinstance(asked, Problem)]


def test_whatever_a_page_says_can_be_asked_can_be_asked(database: str) -> None:
    lines = [typed(line) for _, line in quoted()]
    assert len(lines) > 40
    assert [line for line, _ in wrong(database, lines)] == ['"by sorce"']


@pytest.mark.parametrize("heading", ["### Windows", "### Filters", "### Options"])
def test_every_window_filter_and_option_on_the_page_is_one(heading: str, database: str) -> None:
    assert wrong(database, [one for row in table(PAGE, heading)[1:] for one in sorted(code(row[0]))]) == []


def test_the_page_knows_every_word() -> None:
    def first(heading: str) -> set[str]:
        return {one for row in table(PAGE, heading)[1:] for one in code(row[0])}

    asides = {"open", "explain", "note", "criteria", "help"}
    assert first("## What can be asked") == {*SUBS.values(), "rep", "campaign"} | asides
    assert set(get_args(Sub)) <= {*SUBS.values(), "rep", "campaign"}
    assert set(NAMES) <= first("### Windows")
    assert first("### What hand-offs are told apart by") == set(DIMENSIONS)
    options = {f"{key}={one}" for key, choice in OPTIONS.items() for one in choice}
    assert first("### Options") == options | set(FLAGS)


# Figures, keys, columns


def rows(head: str) -> list[str]:
    """The rows of the table with this head, as they stand."""
    return text(PAGE).split(f"{head}\n", 1)[1].split("\n\n", 1)[0].strip().splitlines()[1:]


def test_every_figure_is_defined_once_in_the_words_of_explain() -> None:
    assert rows("| Figure | Means | Formula |") == answers.figures(), RENEW
    assert rows("| Figures | Source |") == answers.sources(), RENEW


def test_the_columns_of_csv_are_these(ask: Ask) -> None:
    assert rows("| Question | Columns |") == list(answers.columns(ask)), RENEW


def test_the_keys_of_json_are_these(ask: Ask) -> None:
    assert rows("| Question | Keys of its own |") == list(answers.keys(ask)), RENEW


def test_a_page_renewed_stays_as_it_is(ask: Ask) -> None:
    assert answers.renewed(text(PAGE), ask) == text(PAGE)


def test_a_long_answer_is_shown_from_its_beginning() -> None:
    shown = answers.block(f"{PROMPT} sla", "one\ntwo\nthree", 2)
    assert shown == f"```\n{PROMPT} sla\none\ntwo\n…\n```"
    assert answers.cut_after(shown) == 2
    assert answers.cut_after(answers.block(PROMPT, "one\ntwo")) is None
