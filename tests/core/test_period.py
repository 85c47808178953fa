"""The plain formula: SAL ÷ MQL by the dates of events, beside the cohort's rate."""

from typing import Any

import pytest

from bot.blocks.funnel.period import report
from bot.stats.period import Period, PeriodAnswer, ordered, summed
from tests.core.funnel_kit import NAMES, NOW, askable, cohort, line, query


def answer(
    total: Period, before: Period | None = None, groups: tuple[Period, ...] = (), **changed: Any
) -> PeriodAnswer:
    by = "source" if groups else None
    asked = query(basis="period", by=by)
    plain: dict[str, Any] = {"by": by, "cohort": cohort(121, 57, 9, 27)}
    return PeriodAnswer(query=asked, as_of=NOW, total=total, before=before, groups=groups, **(plain | changed))


def test_both_bases_are_told_and_labelled() -> None:
    told = report(answer(Period("", 214, 130, 40), Period("", 172, 98, 30)), NAMES)
    assert {one.label: one.words for one in told.lines} == {
        "SAL ÷ MQL": "61 % · 130 accepted ÷ 214 handed off",
        "SQL ÷ SAL": "31 % · 40 became SQL ÷ 130 accepted",
        "Before": "SAL ÷ MQL 57 % · 98 accepted ÷ 172 handed off",
        "By cohort": "of those handed off in the window 57 % [50–63] within 2 working days · 121 of 214, 27 open",
    }
    assert "mixes cohorts" in told.notes[0]
    assert [step.command for step in told.steps] == ["30d"]


def test_two_hundred_of_three_hundred_are_two_thirds() -> None:
    assert Period("", 300, 200, 0).accept_rate == pytest.approx(2 / 3)


def test_it_can_pass_a_hundred_percent() -> None:
    told = report(answer(Period("", 10, 15, 3)), NAMES)
    assert line(told, "SAL ÷ MQL") == "150 % · 15 accepted ÷ 10 handed off"


def test_where_nobody_knows_when_they_were_accepted_there_is_no_rate_by_date() -> None:
    groups = (Period("webinar", 100, 0, 20, undated=20), Period("blog", 100, 60, 0, undated=6))
    told = report(answer(Period("", 200, 60, 20, undated=26), groups=groups), NAMES)
    assert line(told, "SAL ÷ MQL") == "cannot be told: of 26 accepts nobody knows when"
    assert line(told, "SQL ÷ SAL") == ""
    assert told.table
    assert [row[4].shown for row in told.table.rows] == ["–", "60 %"]


@pytest.mark.parametrize("n", [0, 3, 9])
def test_below_ten_there_are_counts_alone(n: int) -> None:
    one = Period("", n, n, n)
    assert (one.accept_rate, one.sql_rate) == (None, None)
    told = report(answer(one, cohort=cohort(n)), NAMES)
    assert "%" not in " ".join(line.words for line in told.lines)


def test_groups_stand_in_a_table_with_their_counts() -> None:
    groups = (Period("webinar", 100, 60, 20), Period("(blank)", 4, 5, 0))
    told = report(answer(summed(groups), groups=groups), NAMES)
    assert told.table
    assert [[cell.shown for cell in row] for row in told.table.rows] == [
        ["webinar", "100", "60", "20", "60 %", "33 %"],
        ["(blank)", "4", "5", "0", "–", "–"],
    ]
    assert line(told, "SAL ÷ MQL") == "62 % · 65 accepted ÷ 104 handed off"
    assert [step.command for step in told.steps] == ["30d by source"]
    assert askable(told)


def test_groups_stand_by_size_and_time_and_people_by_name() -> None:
    rows = [Period("b", 3, 0, 0), Period("a", 1, 0, 0), Period("c", 3, 0, 0)]
    assert [one.name for one in ordered(rows, "source")] == ["b", "c", "a"]
    assert [one.name for one in ordered(rows, "week")] == ["a", "b", "c"]
    assert [one.name for one in ordered(rows, "rep")] == ["a", "b", "c"]


def test_the_whole_answer_is_a_table_for_programs() -> None:
    data = report(answer(Period("", 214, 130, 40)), NAMES).data
    assert data
    assert [cell.value for cell in data.rows[0]][:4] == ["all", 214, 130, 40]
