"""What docs/funnel.md shows of the product is made here: answers, figures and their sources, keys and columns.

The tests hold the page against it; `python -m tests.house.answers` writes it into the page. Every answer is one of the
command line, at one moment, about the past that the demo makes up: two runs give the same.
"""

import json
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import fields
from datetime import UTC, datetime
from io import StringIO
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from bot.__main__ import main
from bot.stats.cohort import Counts
from bot.stats.metrics.table import METRICS
from bot.stats.rates import Ends
from bot.store import schema
from bot.store.engine import Store
from demo.bulk import fill
from tests.house.pages import ROOT

PAGE = ROOT / "docs/funnel.md"
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
HANDOFFS = 300
PROMPT = "$ baton funnel"
CUT = "…"
"""The last line of an answer of which the page shows the beginning."""

BLOCK = re.compile(rf"^```\n({re.escape(PROMPT)}.*)\n(?:(?!```).*\n)*```$", re.MULTILINE)

Ask = Callable[[str], str]
"""What the command line says to a line such as `$ baton funnel rejections`."""

EVERYWHERE = ("query", "as_of", "marks")
COUNTED = ("handed_off", *(one.name for one in (*fields(Counts), *fields(Ends))))
"""The keys of whatever has counts and ends."""
NOTES = "`note`"
SHEETS = {
    "overview": "",
    "overview `by`": "by source",
    "`basis=period`": "basis=period",
    "`rejections`": "rejections",
    "`sla`": "sla",
    "`velocity`": "velocity",
    "`reps`": "reps",
    "`rep`": "rep @ana",
    "`campaign`": 'campaign "Q4 webinar"',
    "`explain`": "explain sla_met",
    NOTES: "note",
}
"""A question of each kind whose answer has columns of its own."""


def filled(folder: Path) -> str:
    """The address of a new database in a folder, with the made-up past in it."""
    store = Store(f"sqlite:///{folder}/past.sqlite")
    try:
        schema.upgrade(store)
        fill(store, NOW, HANDOFFS)
    finally:
        store.close()
    return f"sqlite:///{folder}/past.sqlite"


def asked(database: str, line: str) -> str:
    """What the command line says to a line at the moment of the page, without the line break at the end."""
    said = StringIO()
    with (
        mock.patch.dict(os.environ, {"BATON_DATABASE_URL": database}),
        mock.patch.object(sys, "argv", shlex.split(line.removeprefix("$"))),
        mock.patch("bot.cli.funnel.now", return_value=NOW),
        redirect_stdout(said),
        redirect_stderr(said),
        suppress(SystemExit),
    ):
        main()
    return said.getvalue().rstrip()


def figures() -> list[str]:
    """The rows of the table of figures."""
    return [_row(f"{one.name}<br>`{one.key}`", one.definition, one.formula) for one in METRICS.values()]


def sources() -> list[str]:
    """The rows of the table of sources: each with the figures it is behind."""
    behind: dict[str, list[str]] = {}
    for one in METRICS.values():
        if one.source:
            behind.setdefault(one.source, []).append(f"`{one.key}`")
    return [_row(" ".join(keys), source) for source, keys in behind.items()]


def keys(ask: Ask) -> Iterator[str]:
    """The rows of the table of JSON keys, without those that nearly all answers have."""
    for question, words in {**SHEETS, "`open`": "open"}.items():
        found = json.loads(ask(f"{PROMPT} {shlex.quote(words)} --json"))
        known = (*EVERYWHERE, *(COUNTED if "handed_off" in found else ()))
        yield _row(question, _codes(key for key in found if key not in known))


def columns(ask: Ask) -> Iterator[str]:
    """The rows of the table of CSV columns; the first one has those that all others begin with."""
    heads = {question: _head(ask, words) for question, words in SHEETS.items()}
    common = _common([head for question, head in heads.items() if question != NOTES])
    yield _row(f"all but {NOTES}", _codes(common))
    for question, head in heads.items():
        yield _row(question, _codes(head if question == NOTES else head[len(common) :]))


def block(line: str, answer: str, lines: int | None = None) -> str:
    """A line and its answer as the page has them; of a long answer its first `lines` only."""
    shown = answer.splitlines()
    if lines is not None:
        shown = [*shown[:lines], CUT]
    return "\n".join(["```", line, *(row.rstrip() for row in shown), "```"])


def renewed(page: str, ask: Ask) -> str:
    """The page with everything that is made here made anew."""
    page = BLOCK.sub(lambda found: block(found[1], ask(found[1]), cut_after(found[0])), page)
    for head, rows in (
        ("| Figure | Means | Formula |", figures()),
        ("| Figures | Source |", sources()),
        ("| Question | Keys of its own |", keys(ask)),
        ("| Question | Columns |", columns(ask)),
    ):
        page = _with_rows(page, head, rows)
    return page


def cut_after(found: str) -> int | None:
    """How many lines of its answer a block on the page shows; None where it shows all."""
    shown = found.splitlines()[2:-1]
    return len(shown) - 1 if shown[-1:] == [CUT] else None


def _head(ask: Ask, words: str) -> list[str]:
    return ask(f"{PROMPT} {shlex.quote(words)} --csv").splitlines()[0].split(",")


def _common(heads: list[list[str]]) -> list[str]:
    """What all of them begin with."""
    return [one[0] for one in takewhile(lambda one: len(set(one)) == 1, zip(*heads, strict=False))]


def _codes(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _row(*cells: str) -> str:
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _with_rows(page: str, head: str, rows: Iterable[str]) -> str:
    before, found, after = page.partition(f"{head}\n")
    rule, rest = after.partition("\n")[0], re.sub(r"\A(?:\|.*\|\n?)+", "", after)
    return f"{before}{found}{rule}\n" + "".join(f"{row}\n" for row in rows) + rest


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        database = filled(Path(folder))
        PAGE.write_text(renewed(PAGE.read_text(), lambda line: asked(database, line)))
