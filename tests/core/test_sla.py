"""Whether answers came in time: who counts, against whom it is compared, and that it reads honestly at every size."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.funnel.report import Report
from bot.blocks.funnel.sla import report
from bot.blocks.funnel.terminal import as_json, report_csv
from bot.stats.cohort import BLANK, Due, Ending
from bot.stats.marks import Mark
from bot.stats.query import Dim
from bot.stats.rates import Age
from bot.stats.sla import Late, Met, Rows, Sla, met, sla
from tests.core.funnel_kit import NAMES, NOW, TWO_DAYS, askable, line, query, words

HOUR = timedelta(hours=1)


def answer(due: list[Due], ended: list[Ending] | None = None, by: Dim | None = None, **more: Any) -> Sla:
    ages: dict[str, list[Age]] = more.pop("ages", {})
    target = more.pop("target", None)
    rows = Rows(due, ended or [], ages, **more)
    return sla(query(sub="sla", by=by), NOW, rows, tiers=["P1", "P2", "P3"], horizon=TWO_DAYS, target=target)


def told(found: Sla) -> Report:
    return report(found, NAMES)


def tier(name: str, **counts: int) -> list[Due]:
    return [Due(name, answered, n) for answered, n in counts.items()]  # type: ignore[arg-type]


def test_silence_and_lateness_are_misses_and_what_is_not_due_is_in_no_rate() -> None:
    found = answer([*tier("P1", met=8, missed=3, overdue=1, not_yet=40), *tier("P2", met=12, overdue=2)])
    assert found.total.met == Met(met=20, missed=3, overdue=3, not_yet=40)
    assert (found.total.rate.k, found.total.rate.n) == (20, 26)
    assert [(one.name, one.rate.k, one.rate.n) for one in found.groups] == [("P1", 8, 12), ("P2", 12, 14)]


def test_tiers_stand_as_the_criteria_rank_them_and_those_that_are_gone_come_last() -> None:
    found = answer([Due(name, "met", 1) for name in ("P3", "GONE", "P1", BLANK, "P2")])
    assert [one.name for one in found.groups] == ["P1", "P2", "P3", BLANK, "GONE"]


@pytest.mark.parametrize(
    ("by", "order"), [("source", ["b", "c", "a"]), ("week", ["a", "b", "c"]), ("rep", ["a", "b", "c"])]
)
def test_other_groups_stand_by_size_but_time_has_its_course_and_people_no_league(by: Dim, order: list[str]) -> None:
    found = answer([Due("c", "met", 5), Due("a", "met", 1), Due("b", "met", 9)], by=by)
    assert [one.name for one in found.groups] == order


def test_the_window_before_is_compared_with_an_arrow_only_where_it_is_clear() -> None:
    clear = answer(tier("P1", met=60, missed=40), before=[Due("", "met", 90), Due("", "missed", 10)])
    assert clear.change
    assert clear.change.clear
    assert "90 % [83–94] · 90 of 100 → ↓ −30 points [−41…−18]" in line(told(clear), "Before")
    noise = answer(tier("P1", met=88, missed=12), before=[Due("", "met", 90), Due("", "missed", 10)])
    assert noise.change
    assert not noise.change.clear
    assert "no clear change (could see ≥ " in line(told(noise), "Before")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (None, ""),
        ([], "nothing was due, so there is nothing to compare with"),
        ([Due("", "not_yet", 3)], "nothing was due, so there is nothing to compare with"),
        ([Due("", "met", 9)], "9 of 9; a rate from 10 decided on → too few to compare"),
    ],
)
def test_without_enough_before_nothing_is_claimed(before: list[Due] | None, said: str) -> None:
    found = answer(tier("P1", met=88, missed=12), before=before)
    assert found.change is None
    assert line(told(found), "Before") == said


def test_groups_are_held_against_the_rest_in_one_family_with_the_change() -> None:
    rows = [*tier("fair", met=20, missed=20), *tier("webinar", met=90, missed=10), *tier("ads", met=46, overdue=4)]
    alone = answer(rows, by="source")
    found = answer(rows, by="source", before=[Due("", "met", 160), Due("", "missed", 30)])
    fair = next(one for one in found.groups if one.name == "fair")
    assert fair.versus
    assert (fair.versus.segment, fair.versus.rest) == ((20, 40), (136, 150))
    assert fair.versus.clear
    assert found.change
    assert all(one.versus for one in alone.groups)
    largest = max(one.versus.q for one in found.groups if one.versus)
    assert largest != max(one.versus.q for one in alone.groups if one.versus)
    assert any("fair: 20 of 40 in time, the others 136 of 150." in words for words in told(found).advice)


@pytest.mark.parametrize("by", [None, "tier", "week", "month", "rep"])
def test_tiers_time_and_people_are_not_held_against_each_other(by: Dim | None) -> None:
    one, other = ("2026-11", "2026-10") if by == "month" else ("2026-W45", "2026-W46")
    found = answer([*tier(one, met=20, missed=80), *tier(other, met=90, missed=10)], by=by)
    assert not found.compared
    assert all(one.versus is None for one in found.groups)
    table = told(found).table
    assert table
    assert "Against rest" not in [column.name for column in table.columns]


def test_versions_of_the_policy_are_told_where_there_are_several() -> None:
    assert answer(tier("P1", met=5), versions=[Due("v1", "met", 5), Due("v0", "not_yet", 4)]).versions == ()
    found = answer(tier("P1", met=40), versions=[Due("v1", "met", 5), Due("v2", "met", 30), Due("v2", "missed", 5)])
    assert [(one.name, one.met.met, one.met.due) for one in found.versions] == [("v2", 30, 35), ("v1", 5, 5)]
    told_of = [one.words for one in told(found).lines if one.label == "Version"]
    assert told_of == ["v2: 86 % [71–94] · 30 of 35", "v1: 5 of 5; a rate from 10 decided on"]


def test_what_is_overdue_is_told_by_owner_and_never_by_lead() -> None:
    longest = [Late(NOW - 30 * HOUR, "ana", "P1"), Late(NOW - HOUR, None, None)]
    found = answer(tier("P1", met=20, overdue=2), longest=longest)
    lines = [one.words for one in told(found).lines if one.label == "Overdue"]
    assert lines == ["P1 · Ana Ruiz · for 1 d 6 h", "no tier · nobody · for 1 h"]
    unnamed = report(found, replace(NAMES, may_name=lambda _: False))
    assert "Ana" not in words(unnamed)
    assert "somebody" in words(unnamed)
    assert told(found).advice[0].startswith("2 cards are overdue")
    assert told(found).steps[0].command == "open"


def test_times_are_those_of_the_due_ones_with_the_overdue_still_counting() -> None:
    ended = [Ending("P1", "accepted", minute, 1) for minute in range(10, 110, 10)] + [Ending("P1", "expired", None, 2)]
    found = answer(tier("P1", met=10, missed=2, overdue=10), ended, ages={"P1": [(500, 10)]})
    assert (found.total.times.median, found.total.times.p75) == (100, None)
    assert found.groups[0].times == found.total.times
    table = told(found).table
    assert table
    assert [cell.shown for cell in table.rows[0]][-2:] == ["1 h 40 min", "> 17 h"]
    assert "half within 1 h 40 min, 75 % longer than 2 working days" in line(told(found), "Decision time")


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "Nothing"),
        (3, "3 of 3; a rate from 10 decided on"),
        (9, "9 of 9; a rate from 10 decided on"),
        (10, "100 % [72–100] · 10 of 10 · few data"),
        (29, "100 % [88–100] · 29 of 29 · few data"),
        (30, "100 % [89–100] · 30 of 30"),
        (30_000, "100 % [100–100] · 30,000 of 30,000"),
    ],
)
def test_it_says_as_much_as_the_number_of_due_ones_allows(n: int, said: str) -> None:
    found = told(answer(tier("P1", met=n) if n else []))
    if n:
        assert line(found, "SLA met") == said
        assert ("% [" in words(found)) is (n >= 10)
    else:
        assert [one.label for one in found.lines] == ["Due"]
        assert found.charts == ()
        assert [step.label for step in found.steps] == ["Last 90 days"]


def test_where_nothing_is_due_yet_it_says_so() -> None:
    found = told(answer(tier("P1", not_yet=4)))
    assert [(one.label, one.words) for one in found.lines] == [
        ("Not due yet", "4 open; they count from their due time on")
    ]
    assert found.charts == ()
    assert found.table


def test_weeks_make_a_line_without_those_that_are_not_over() -> None:
    weeks = [*tier("2026-W45", met=30, missed=3), *tier("2026-W46", met=5), *tier("2026-W47", met=20, missed=2)]
    chart = told(answer(weeks, by="week")).charts[0]
    assert (chart.kind, chart.unit) == ("line", "%")
    assert len(chart.categories) == 2
    first, second = chart.series["In time"]
    assert first == pytest.approx(100 * 30 / 33)
    assert second is None


def test_the_target_is_ones_own_and_stands_as_context() -> None:
    found = told(answer(tier("P1", met=92, missed=8), target=0.95))
    assert "Your own target: 95 %." in found.notes
    assert "Nothing to do: no card is overdue." in found.advice, "92 of 100 may be 95 %"
    late = told(answer(tier("P1", met=920, missed=80), target=0.95)).advice
    assert late[0] == "Answers come late: in time 92 % [90–94] · 920 of 1,000, below your own target of 95 %."
    assert "Nothing to do: no card is overdue." in told(answer(tier("P1", met=92, missed=8))).advice


def test_marks_of_the_window_stand_in_the_small_print() -> None:
    marks = (Mark(NOW.date(), "Trade fair", "note"),)
    assert any("Trade fair" in words for words in told(answer(tier("P1", met=5), marks=marks)).notes)


def test_every_percentage_has_its_counts_beside_it() -> None:
    rows = [*tier("fair", met=20, missed=20), *tier("webinar", met=90, missed=10, not_yet=3)]
    found = told(answer(rows, by="source", before=[Due("", "met", 80), Due("", "missed", 9)]))
    for one in found.lines:
        if one.label in ("SLA met", "Before"):
            assert len(re.findall(r"\d+ %", one.words)) == len(re.findall(r"\d+ of \d+", one.words))


def test_programs_get_everything() -> None:
    found = answer(
        [*tier("fair", met=20, missed=20), *tier(BLANK, not_yet=1)], by="source", longest=[Late(NOW, None, "P1")]
    )
    assert json.loads(json.dumps(as_json(found)))["total"]["met"]["met"] == 20
    head, total, fair, blank = report_csv(told(found)).splitlines()
    assert head.startswith("group,due,met,missed,overdue,due_unknown,not_yet,share,low,high,median_seconds,")
    assert total.startswith(",40,20,20,0,0,1,0.5,")
    assert fair.startswith("fair,40,20,")
    assert blank.startswith("(blank),0,0,0,0,0,1,,,,")


@pytest.mark.parametrize("by", [None, "tier", "source", "rep", "week"])
def test_every_next_step_can_be_asked(by: Dim | None) -> None:
    rows = tier("2026-11-16" if by == "week" else "a", met=20, missed=20, overdue=3)
    assert askable(told(answer(rows, by=by, before=[Due("", "met", 100)])))
    assert askable(told(answer([], by=by)))


def test_rows_of_one_kind_add_up() -> None:
    assert met([Due("a", "met", 2), Due("b", "met", 3), Due("b", "overdue", 1)]) == Met(met=5, overdue=1)
    assert met([]).rate().estimate is None
