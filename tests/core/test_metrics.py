"""Every figure that any answer shows can be explained, by whatever name it goes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.stats.metrics import table as metrics
from bot.stats.metrics.table import METRICS, NAMES, named, shown
from bot.stats.query import DIMENSIONS
from bot.store import reproduce

BLOCKS = Path(reproduce.__file__).parents[1] / "blocks" / "funnel"
LINE = re.compile(r"""Line\(\s*f?"([^"{]+)["{]""")
COLUMN = re.compile(r"""Column\(\s*f?"([^"{]+)[{"]""")
NO_FIGURES = {
    *DIMENSIONS,
    *("group", "window", "figure", "metric", "value", "count", "of", "n", "own", "team", "label", "family"),
    *("first", "second", "third", "where", "number", "on", "words", "by", "after", "after_seconds", "clock"),
}
"""What tells rows apart, or says which part of a figure stands there."""
WORDS = {"note", "not kept", "means", "formula", "here", "counts", "version"}
"""Lines that show no figure, or are named after what they are of."""


def test_all_metrics_of_the_funnel_are_there() -> None:
    assert set(METRICS) >= {
        *(
            "handed_off",
            "accepted",
            "rejected",
            "expired",
            "open",
            "void",
            "repeats",
            "rerouted",
            "decided",
            "sql",
            "won",
        ),
        *("accept_rate", "reject_rate", "expire_rate", "accept_of_decided", "period_rate", "sql_rate", "mql_sql_rate"),
        *("won_rate", "decision_time", "wall_time", "accept_time", "sla_met", "overdue", "reason_share", "difference"),
        *("clear", "could_see", "shrunken_rate", "mix", "interval", "limits", "horizon", "previous", "few_data"),
        *("bands", "target", "stuck", "from_others", "period_sql_rate"),
    }


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_metric_says_what_it_is_in_a_few_plain_words(metric: metrics.Metric) -> None:
    assert metric.definition.endswith(".")
    assert len(metric.definition) <= 330, "it is read on a phone"
    assert metric.formula
    assert metric.counts
    assert not re.search(r"\b00[0-4]\b", metric.source), "books and articles go by name"
    text = f"{metric.definition} {metric.formula}"
    assert not re.search(r"\b(AJ|CIF|q-value|Aalen)\b", text), "that is for the small print"


def test_no_name_means_two_things() -> None:
    typed = [" ".join(re.split(r"[\s_-]+", name.casefold())) for name in NAMES]
    own = {name: named(name).key for name in typed}
    assert len(own) == len(set(typed))
    for metric in METRICS.values():
        assert all(named(name) is metric for name in (metric.key, *metric.aliases)), metric.key
        assert all(shown(label) is metric for label in (metric.name, *metric.labels)), metric.key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("accept rate", "accept_rate"),
        ("ACCEPT_RATE", "accept_rate"),
        ("mql-to-sal", "accept_rate"),
        ("SQL", "sql"),
        ("p90", "decision_time"),
        ("funnel-plot", "limits"),
    ],
)
def test_names_are_found_however_they_are_typed(typed: str, key: str) -> None:
    assert named(typed).key == key


@pytest.mark.parametrize(
    ("label", "key"),
    [("Accept by 2 working days", "accept_rate"), ("SAL → SQL by 30 days", "sql_rate"), ("SLA met", "sla_met")],
)
def test_a_label_with_a_horizon_is_found(label: str, key: str) -> None:
    found = shown(label)
    assert found
    assert found.key == key


def _labels(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for path in sorted(BLOCKS.glob("*.py")):
        yield from ((path.name, label.strip()) for label in pattern.findall(path.read_text()))


@pytest.mark.parametrize(("file", "label"), sorted(set(_labels(LINE))))
def test_every_line_of_every_report_is_a_figure_that_can_be_explained(file: str, label: str) -> None:
    assert label.casefold() in WORDS or shown(label), f"{file}: give {label!r} a metric in stats/metrics/"


@pytest.mark.parametrize(("file", "key"), sorted(set(_labels(COLUMN))))
def test_every_column_of_every_report_is_a_figure_that_can_be_explained(file: str, key: str) -> None:
    assert key in NO_FIGURES or shown(key), f"{file}: give {key!r} a metric in stats/metrics/"
