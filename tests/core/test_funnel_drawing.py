"""Any report, drawn for anybody: Slack takes it, a phone has room for it, a spreadsheet reads it, nobody is pinged."""

import csv
import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks import ids
from bot.blocks.drawing import Drawing
from bot.blocks.funnel.report import Cell, Chart, Column, Line, Report, Step, Table
from bot.blocks.funnel.shapes import CHART, DATA_TABLE, NATIVE, TABLE, bars, listed
from bot.blocks.funnel.sheet import sheet_blocks
from bot.blocks.funnel.slack import best_blocks, problem_blocks, sure_blocks
from bot.blocks.funnel.terminal import report_csv, report_text
from bot.blocks.width import width
from bot.stats.query import Problem
from tests.schemas import check

ROWS = (
    (Cell("Webinar", "webinar"), Cell("64", 64), Cell("62 % [50–73]", 0.62)),
    (Cell("<!channel>", "<!channel>"), Cell("9", 9), Cell("4 of 7", None)),
)
TABLE_OF_TWO = Table(
    "By source", (Column("source", "Source", False), Column("n", "Handed off"), Column("r", "Rate")), ROWS
)
REPORT = Report(
    title="Funnel",
    command='30d source:"Q&A <b>"',
    reading="Hand-offs 1 – 31 Mar 2026",
    lines=(Line("Handed off", "214 → 121 accepted"), Line("Bands", "see `explain bands` & more")),
    advice=("6 cards are overdue: `open`",),
    charts=(Chart("bar", "Stages", ("Handed off", "Accepted"), {"now": (214.0, 121.0)}),),
    table=TABLE_OF_TWO,
    notes=("Small print",),
    steps=(Step("By source", "30d by source"), Step("SLA", "sla 30d")),
    data=TABLE_OF_TWO,
)

words = st.text(max_size=30)
cells = st.builds(Cell, words, st.one_of(st.none(), words, st.integers(-1000, 10**9), st.floats(0, 1)))
values = st.one_of(st.none(), st.floats(0, 100), st.integers(0, 10**6))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.lists(st.builds(Column, words, words, st.booleans()), min_size=1, max_size=4))
    rows = draw(st.lists(st.tuples(*[cells] * len(columns)), max_size=18))
    return Table(draw(words), tuple(columns), tuple(rows))


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    categories = draw(st.lists(words, min_size=1, max_size=25))
    lines = st.lists(values, min_size=len(categories), max_size=len(categories)).map(tuple)
    series = draw(st.dictionaries(words, lines, min_size=1, max_size=8))
    return Chart(draw(st.sampled_from(["bar", "line", "area"])), draw(words), tuple(categories), series, "%")


reports = st.builds(
    Report,
    title=words,
    command=words,
    reading=words,
    lines=st.lists(st.builds(Line, words, words), max_size=20).map(tuple),
    advice=st.lists(words, max_size=3).map(tuple),
    charts=st.lists(charts(), max_size=3).map(tuple),
    table=st.none() | tables(),
    code=words,
    notes=st.lists(words, max_size=12).map(tuple),
    steps=st.lists(st.builds(Step, words, words), max_size=7).map(tuple),
    data=st.none() | tables(),
)
known = st.dictionaries(st.sampled_from(NATIVE), st.booleans())


def kinds(drawing: Drawing) -> set[str]:
    return {block["type"] for block in drawing.blocks} & set(NATIVE)


def chain(drawing: Drawing | None) -> list[Drawing]:
    return [drawing, *chain(drawing.plainer)] if drawing else []


@settings(max_examples=25)
@given(reports, known, st.booleans())
def test_slack_takes_every_report_whatever_stands_in_it(report: Report, taken: dict[str, bool], private: bool) -> None:
    for drawing in [sure_blocks(report, taken), *chain(best_blocks(report, taken, private=private))]:
        assert check.blocks(drawing.blocks) == []
        assert drawing.text.strip()
        assert "<!" not in drawing.text


def test_in_an_ack_stands_only_what_this_workspace_has_taken_before() -> None:
    assert kinds(sure_blocks(REPORT, {})) == set()
    assert kinds(sure_blocks(REPORT, {CHART: True, DATA_TABLE: False, TABLE: True})) == {CHART, TABLE}


def test_a_message_tries_the_best_and_has_plainer_ones_behind_it() -> None:
    tried = [kinds(one) for one in chain(best_blocks(REPORT, {}, private=True))]
    assert tried == [{CHART, DATA_TABLE}, {TABLE}, set()]
    refused = [kinds(one) for one in chain(best_blocks(REPORT, {CHART: False, DATA_TABLE: False}, private=True))]
    assert refused == [{TABLE}, set()]
    assert [kinds(one) for one in chain(best_blocks(REPORT, dict.fromkeys(NATIVE, False), private=True))] == [set()]


def test_every_number_of_a_chart_or_table_stands_in_the_text_as_well() -> None:
    for drawing in chain(best_blocks(REPORT, {}, private=True)):
        assert "Webinar  64 handed off · rate 62 % [50–73]" in drawing.text
        assert "214 → 121 accepted" in drawing.text


def test_only_the_one_who_asked_has_buttons() -> None:
    def buttons(drawing: Drawing) -> list[str]:
        return [one["action_id"] for block in drawing.blocks if block["type"] == "actions" for one in block["elements"]]

    asked = [f"{ids.FUNNEL_ASK}_0", f"{ids.FUNNEL_ASK}_1", ids.FUNNEL_DM, ids.FUNNEL_SHARE, ids.FUNNEL_CSV]
    assert buttons(sure_blocks(REPORT, {})) == asked
    assert buttons(best_blocks(REPORT, {}, private=False)) == []
    assert ids.FUNNEL_SHARE not in buttons(sure_blocks(replace(REPORT, unsharable=True), {}))


def test_commands_in_our_words_are_code_and_names_are_not() -> None:
    shown = json.dumps(sure_blocks(REPORT, {}).blocks, ensure_ascii=False)
    assert "`/funnel explain bands` &amp; more" in shown
    assert "`/funnel open`" in shown
    assert "<!channel>" not in shown


@pytest.mark.parametrize("place", range(3))
def test_an_overview_has_at_most_twelve_blocks(place: int) -> None:
    assert len(chain(best_blocks(REPORT, {}, private=True))[place].blocks) <= 12


@given(charts())
def test_bars_of_text_fit_a_phone(chart: Chart) -> None:
    if len(chart.series) == 1:
        assert all(width(line) <= 45 for line in bars(chart).splitlines())


def test_a_bar_is_as_long_as_its_share() -> None:
    drawn = bars(Chart("bar", "Rate", ("a", "bb", "c"), {"x": (50.0, 100.0, None)}, "%"))
    assert drawn.splitlines() == ["a  █████░░░░░ 50 %", "bb ██████████ 100 %"]


def test_what_is_left_out_of_a_table_is_said() -> None:
    long = replace(TABLE_OF_TWO, rows=ROWS * 10)
    assert list(listed(long))[-1] == "and 5 more; CSV has them all"
    drawn = best_blocks(replace(REPORT, table=long), {}, private=True)
    assert "and 5 more; CSV has them all" in json.dumps(drawn.blocks)


@settings(max_examples=25)
@given(reports)
def test_csv_comes_back_as_it_went_in_and_runs_nothing(report: Report) -> None:
    table = report.data or report.table
    rows = list(csv.reader(StringIO(report_csv(report), newline="")))
    if table is None:
        assert rows == []
        return
    assert len(rows) == 1 + len(table.rows)
    for cell in (cell for row in rows[1:] for cell in row):
        assert not cell.startswith(("=", "+", "@", "\t", "\r"))
        assert not cell.startswith("-") or float(cell) < 0


def test_every_row_of_csv_says_what_it_is_the_answer_to() -> None:
    about = {"query": "=30d", "as_of": "2026-11-22T12:00:00+00:00", "unknown": None}
    head, *rows = csv.reader(StringIO(report_csv(replace(REPORT, data=TABLE_OF_TWO, about=about)), newline=""))
    assert head[:3] == list(about)
    assert len(rows) == len(ROWS) > 1
    assert all(row[:3] == ["'=30d", "2026-11-22T12:00:00+00:00", ""] for row in rows)
    assert all(len(row) == 3 + len(TABLE_OF_TWO.columns) for row in rows)


@settings(max_examples=25)
@given(reports)
def test_csv_in_a_message_is_a_message_slack_takes(report: Report) -> None:
    drawing = sheet_blocks(report)
    assert check.blocks(drawing.blocks) == []


def test_a_sheet_too_long_for_a_message_says_where_the_rest_is() -> None:
    rows = tuple((Cell("x" * 100, "x" * 100), Cell("1", n), Cell("", None)) for n in range(1_000))
    told = sheet_blocks(replace(REPORT, data=replace(TABLE_OF_TWO, rows=rows))).blocks[0]["elements"][0]["text"]
    assert "of 1000; all of them: `baton funnel" in told


@settings(max_examples=25)
@given(reports)
def test_a_terminal_is_given_no_commands(report: Report) -> None:
    assert all(character.isprintable() for character in report_text(report).replace("\n", ""))


def test_a_terminal_reads_the_whole_report() -> None:
    text = report_text(REPORT)
    assert text.startswith("baton funnel '30d source:\"Q&A <b>\"'\nHand-offs 1 – 31 Mar 2026\n")
    assert "Handed off  214 → 121 accepted" in text
    assert "  6 cards are overdue" in text


@pytest.mark.parametrize(
    ("suggestions", "said"),
    [
        ((), "help` shows"),
        (("sla 30d",), "Did you mean `/funnel sla 30d`?"),
        (("a", "b"), "Did you mean one of these?"),
    ],
)
def test_a_problem_offers_what_would_work(suggestions: tuple[str, ...], said: str) -> None:
    drawing = problem_blocks(Problem("“<!here>” is not a word of this command.", suggestions))
    assert said in drawing.blocks[0]["text"]["text"]
    assert "<!here>" not in drawing.text
    values: list[Any] = [one["value"] for block in drawing.blocks[1:] for one in block["elements"]]
    assert values == list(suggestions)
