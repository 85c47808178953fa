"""What can be asked of /funnel that is not about a cohort: help, criteria, open hand-offs, notes, what figures mean."""

from datetime import date

import pytest

from bot.stats.language.grammar import command, parse
from bot.stats.metrics.table import NAMES, named
from bot.stats.query import Definition, Explain, Help, NewNote, Notes, Open
from tests.core.grammar_kit import METRICS, NOW, ask, query, world


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        *((text, Help()) for text in ("help", "HELP", "“help”", "?", "--help", "30d help", "by help", "banana help")),
        *((text, Definition()) for text in ("criteria", " CRITERIA ", "“criteria”", "definition")),
        *((text, Open()) for text in ("open", " OPEN ", "“open”")),
        *((text, Notes()) for text in ("note", "Notes", "note list", "“note”")),
        *((text, Notes(3)) for text in ("note remove 3", "remove #3 note", "notes delete 03")),
        ('note "Trade show, day 1"', NewNote("Trade show, day 1", date(2026, 3, 31))),
        ("2026-03-02 “It's  on”  NOTE", NewNote("It's  on", date(2026, 3, 2))),
        ('note yesterday "help"', NewNote("help", date(2026, 3, 30))),
    ],
)
def test_what_is_not_about_a_cohort(text: str, asked: object) -> None:
    found = ask(text)
    assert found == asked
    assert ask(command(found)) == found


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_can_be_explained_with_anything_that_can_be_asked(metric: str) -> None:
    for text in (f"explain {metric}", f'EXPLAIN "{metric.upper()}"', f"explain {metric.replace('-', ' ')} 30d"):
        assert ask(text) == Explain(metric, query("30d")), text
    found = ask(f"explain {metric} sla 7d by team source:demo")
    assert found == Explain(metric, query("sla 7d by team source:demo"))
    assert ask(command(found)) == found


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_an_answer_can_be_explained_by_its_names(name: str) -> None:
    for text in (f"explain {name} sla by team", f"explain {name.upper().replace('_', ' ')} sla by team"):
        found = parse(text, NOW, world(), NAMES)
        assert isinstance(found, Explain), text
        assert (named(found.metric), found.query) == (named(name), query("sla by team")), text
        assert parse(command(found), NOW, world(), NAMES) == found


def test_a_metric_may_stand_anywhere() -> None:
    assert ask("7d accept explain") == Explain("accept", query("7d"))
