"""A cohort split by a dimension: who is compared with whom, in which order they stand, and how it reads."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.funnel.split import MOST_ROWS, report
from bot.blocks.funnel.terminal import as_json
from bot.stats.cohort import Counts, Ending, Outcome, Stratum
from bot.stats.marks import Mark
from bot.stats.query import DIMENSIONS, Dim, Window
from bot.stats.rates import CAUSES, Age, Ends, ends
from bot.stats.split import MOST_COMPARED, Part, Parts, behind, compares, complete, explains, largest, parts, rests
from tests.core.funnel_kit import DAY, NAMES, NOW, TWO_DAYS, askable, cohort, line, query, words

SOURCES = {
    "webinar": cohort(24, 30, 6, 4),
    "demo": cohort(80, 20, 10, 9),
    "ads": cohort(3, 1),
    "(blank)": cohort(12, 6, 0, 14),
    "partner": cohort(open_=3),
}


MONDAYS = ("2026-10-19", "2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16")
WEEKS = {monday: cohort(20 + place, 10) for place, monday in enumerate(MONDAYS)}


def rows(groups: Mapping[str, Ends]) -> tuple[list[Ending], dict[str, list[Age]]]:
    """What the store has of such groups."""
    minutes = {"accepted": 60, "rejected": 60, "expired": TWO_DAYS.minutes}
    ended = [
        Ending(name, cause, minutes[cause], n)
        for name, group in groups.items()
        for cause in CAUSES
        if (n := getattr(group.counts, cause))
    ]
    return ended, {name: [(60, group.counts.open)] for name, group in groups.items() if group.counts.open}


def split(groups: Mapping[str, Ends], /, by: Dim = "source", **changed: Any) -> Parts:
    ended, open_ = rows(groups)
    total = ends(
        ended,
        [age for ages in open_.values() for age in ages],
        sum((g.counts for g in groups.values()), Counts()),
        TWO_DAYS,
    )
    others = rests(largest(groups), groups, ended, open_, 0.95) if compares(by) else {}
    asked = query(by=by)
    found = parts(by, groups, others, asked.cohort.window)
    plain: dict[str, Any] = {"query": asked, "as_of": NOW, "by": by, "total": total, "groups": found}
    return Parts(**(plain | changed))


def of(answer: Parts, name: str) -> Part:
    return next(part for part in answer.groups if part.name == name)


def table(answer: Parts) -> list[list[str]]:
    shown = report(answer, NAMES).table
    assert shown
    return [[cell.shown for cell in row] for row in shown.rows]


def test_the_whole_of_it_reads_aloud() -> None:
    told, why = report(split(SOURCES), NAMES), "rejections 30d source:webinar"
    assert told.title == "Funnel by source · last 30 days"
    assert line(told, "Handed off") == "222 in 5 groups · 30 open"
    assert line(told, "Accept rate") == "54 % [47–60] within 2 working days · 119 of 222, 30 open"
    assert told.advice == (
        f"webinar: fewer are accepted, 24 of 64, of all others 95 of 158 (−23 points [−36…−8]). `{why}` shows why.",
        "demo: more are accepted, 80 of 119, of all others 39 of 103 (+29 points [+16…+41]).",
    )
    assert table(split(SOURCES)) == [
        ["demo", "67 % [58–75]", "119", "↑ +29", "9"],
        ["ads", "3 of 4", "4", "–", "0"],
        ["partner", "–", "3", "–", "3"],
        ["(blank)", "≈ 38 % [21–54] few data", "32", "−19", "14"],
        ["webinar", "38 % [26–49]", "64", "↓ −23", "4"],
    ]
    assert [step.command for step in told.steps] == [why, "30d", "30d by week", "rejections 30d by source"]


def test_a_difference_stands_beside_the_two_rates_it_was_made_of() -> None:
    """Where one group has no times, both are read as shares of the decided ones."""
    late, dateless = cohort(10, 50, minutes={"accepted": 3 * 1440}), cohort(80, 20, untimed=80)
    assert (late.rate("accepted").k, late.of_decided("accepted").k) == (0, 10)
    asked = query(by="source")
    rests = {"late": dateless, "dateless": late}
    found = parts("source", {"late": late, "dateless": dateless}, rests, asked.cohort.window)
    told = report(Parts(query=asked, as_of=NOW, by="source", total=late, groups=found), NAMES).advice
    assert told[0].startswith("late: fewer are accepted, 10 of 60, of all others 80 of 100 (−63 points")
    assert told[1].startswith("dateless: more are accepted, 80 of 100, of all others 10 of 60 (+63 points")


def test_the_foot_says_when_there_is_no_arrow() -> None:
    """A reader sees "≈ 38 % … −19" and misses an arrow."""
    [foot] = [note for note in report(split(SOURCES), NAMES).notes if "↑" in note]
    for reason in ("from 10 points on", "none beside ≈", "nor where chance may explain it among so many groups"):
        assert reason in foot


def test_each_group_is_held_against_all_others_and_not_against_the_total() -> None:
    groups = {"a": cohort(30, 10), "b": cohort(20, 20), "c": cohort(10, 30)}
    versus = of(split(groups), "a").versus
    assert versus
    assert (versus.segment, versus.rest) == ((30, 40), (30, 80))


def test_the_rest_has_the_open_ones_of_the_others() -> None:
    ended, open_ = rows(SOURCES)
    rest = rests(["webinar"], SOURCES, ended, open_, 0.95)["webinar"]
    others = {name: group for name, group in SOURCES.items() if name != "webinar"}
    assert rest == ends(*_all(others), sum((group.counts for group in others.values()), Counts()), TWO_DAYS)


def _all(groups: Mapping[str, Ends]) -> tuple[list[Ending], list[Age]]:
    ended, open_ = rows(groups)
    return ended, [age for ages in open_.values() for age in ages]


def test_programs_find_the_counts_of_each_group_beside_its_name() -> None:
    """docs/funnel.md and the script of examples/olist promise these keys."""
    told = as_json(split({"webinar": cohort(3, 2, 1, 4), "(blank)": cohort(1)}))
    of_group = {group["name"]: group for group in told["groups"]}
    asked = ("handed_off", "accepted", "rejected", "expired", "void", "open", "sql", "won")
    assert [of_group["webinar"][key] for key in asked] == [10, 3, 2, 1, 0, 4, 0, 0]
    assert [told["total"][key] for key in asked] == [11, 4, 2, 1, 0, 4, 0, 0]
    assert of_group["(blank)"]["accepted"] == 1


def test_programs_find_a_clear_difference_by_a_word_as_in_other_tables() -> None:
    data = report(split(SOURCES), NAMES).data
    assert data
    at = [column.key for column in data.columns].index("clear")
    clear = {row[0].value: row[at].value for row in data.rows}
    assert clear == {"demo": "yes", "webinar": "yes", "(blank)": "no", "ads": None, "partner": None}


@given(st.dictionaries(st.text(max_size=3), st.tuples(*[st.integers(0, 40)] * 4), min_size=1, max_size=6))
def test_any_groups_add_up(drawn: dict[str, tuple[int, int, int, int]]) -> None:
    groups = {name: cohort(a, r, e, o) for name, (a, r, e, o) in drawn.items()}
    answer = split(groups)
    assert sum((part.counts for part in answer.groups), Counts()) == answer.total.counts
    assert {part.name for part in answer.groups} == set(groups)
    for part in answer.groups:
        assert part.versus is None or part.counts.decided >= 10
    shown = report(answer, NAMES).table
    assert len(shown.rows if shown else ()) == (len(groups) if answer.total.counts.handed_off else 0)
    assert words(report(answer, NAMES))


def test_three_of_four_stand_behind_eighty_of_a_hundred_and_ten() -> None:
    """By the raw rate the smallest groups would stand at both ends."""
    names = [part.name for part in split({**SOURCES, "lucky": cohort(3)}).groups]
    assert names.index("demo") < names.index("lucky") < names.index("webinar")


def test_only_the_largest_groups_are_compared() -> None:
    many = {f"c{number:03}": cohort(10 + number, 10) for number in range(60)}
    chosen = largest(many)
    assert len(chosen) == MOST_COMPARED
    assert chosen[0] == "c059"
    assert largest({"small": cohort(9), "open": cohort(open_=50)}) == []


def test_where_only_deals_are_on_record_no_source_has_a_rate_or_a_rank() -> None:
    deals = {"demo": cohort(80, open_=20, untimed=80), "ads": cohort(90, open_=900, untimed=90)}
    found = split(deals, total=cohort(170, open_=920, untimed=170))
    assert [(part.name, part.rate.estimate, part.shrunken, part.versus) for part in found.groups] == [
        ("ads", None, None, None),
        ("demo", None, None, None),
    ]
    assert table(found) == [["ads", "90", "990", "–", "900"], ["demo", "80", "100", "–", "20"]]
    told = report(found, NAMES)
    assert told.table
    assert told.table.caption == "Accepted by source"
    assert "there is no accept rate" in told.advice[0]
    assert "100 %" not in words(told)


def test_what_is_beyond_fifteen_rows_is_summed() -> None:
    many = {f"c{number:02}": cohort(20, 10, open_=1) for number in range(40)}
    shown = table(split(many, "campaign"))
    assert len(shown) == MOST_ROWS + 1
    assert shown[-1] == ["25 others", "500 of 750", "775", "–", "25"]
    data = report(split(many, "campaign"), NAMES).data
    assert data
    assert len(data.rows) == 40


def test_noise_and_too_few_are_told_apart() -> None:
    same = report(split({"a": cohort(30, 20), "b": cohort(31, 19)}), NAMES)
    assert same.advice[0].startswith("No group differs clearly by 10 points or more (could see ≥ ")
    few = report(split({"a": cohort(3, 2), "b": cohort(2, 3)}), NAMES)
    assert few.advice == ("Too few to compare: a group needs 10 decided ones, and the rest 20.",)
    one = report(split({"a": cohort(30, 20)}), NAMES)
    assert one.advice == ("There is only one group: nothing to compare it with.",)
    wide = report(split({"a": cohort(12, 4), "b": cohort(10, 90)}), NAMES)
    assert "chance" not in wide.advice[0]


class TestPeople:
    """No league table."""

    def test_they_stand_by_name_and_without_arrows(self) -> None:
        answer = split({"ben": cohort(90, 10), "ana": cohort(10, 90)}, "rep")
        told = report(answer, NAMES)
        assert [row[0] for row in table(answer)] == ["Ana Ruiz", "Ben Okafor"]
        assert all(part.versus is None for part in answer.groups)
        assert told.advice == ()
        assert "no league table" in " ".join(told.notes)
        assert "Against" not in words(told)


class TestTime:
    """Weeks and months."""

    def test_they_stand_in_order_and_what_is_not_over_is_marked_and_left_out_of_the_line(self) -> None:
        told = report(split(WEEKS, "week"), NAMES)
        (chart,) = told.charts
        assert chart.kind == "line"
        assert chart.categories == ("26 Oct (31)", "2 Nov (32)", "9 Nov (33)")
        assert [row[0] for row in table(split(WEEKS, "week"))] == [
            "week of 19 Oct …", "week of 26 Oct", "week of 2 Nov", "week of 9 Nov", "week of 16 Nov …",
        ]  # fmt: skip
        assert "… is not over, or began before the window." in told.notes

    @pytest.mark.parametrize(
        ("by", "name", "whole"),
        [
            ("week", "2026-11-09", True),
            ("week", "2026-W46", True),
            ("week", "2026-11-16", False),  # until Sunday, and it is Sunday morning
            ("week", "2026-10-19", False),  # the window begins on its Friday
            ("month", "2026-11", False),
            ("month", "2026-10", False),
            ("week", "(blank)", True),
        ],
    )
    def test_what_is_over(self, by: Dim, name: str, whole: bool) -> None:
        assert complete(by, name, query().cohort.window) is whole

    def test_a_month_is_over_on_the_first_of_the_next(self) -> None:
        window = Window(
            NOW.replace(day=1, hour=0, minute=0) - 31 * DAY, NOW.replace(day=1, hour=0, minute=0), "2026-10"
        )
        assert complete("month", "2026-10", window)
        assert not complete("month", "2026-10", Window(window.start, window.end - DAY, "any"))

    def test_fewer_than_ten_decided_are_no_point_of_the_line(self) -> None:
        groups = {**WEEKS, "2026-11-02": cohort(3, 2)}
        (chart,) = report(split(groups, "week"), NAMES).charts
        assert chart.series["Accept rate"][1] is None
        assert None not in (chart.series["Accept rate"][0], chart.series["Accept rate"][2])

    def test_notes_are_marks(self) -> None:
        marks = (Mark(date(2026, 11, 3), "Trade fair", "note"),)
        assert "Marked: 3 Nov Trade fair" in report(split(WEEKS, "week", marks=marks), NAMES).notes


class TestBehind:
    """Simpson's guard: a difference that is one of the mix."""

    def test_a_difference_that_is_gone_among_like_with_like(self) -> None:
        """Webinar gets grade C, the others grade A: within a grade they are alike."""
        groups = {"webinar": cohort(34, 66), "rest": cohort(132, 68)}
        part = of(split(groups), "webinar")
        assert part.versus
        assert part.versus.clear
        assert explains(part, strata(webinar={"A": (8, 10), "C": (26, 90)}, rest={"A": (126, 180), "C": (6, 20)}))
        told = report(split(groups, groups=(behind(part, "grade"),)), NAMES)
        assert "; among leads of the same grade it is not so. `rejections" in told.advice[0]
        assert table(split(groups, groups=(behind(part, "grade"),)))[0][3] == "↓ −32 (mix of grade)"

    def test_a_difference_that_stays(self) -> None:
        part = of(split({"webinar": cohort(34, 66), "rest": cohort(132, 68)}), "webinar")
        grades = strata(webinar={"A": (17, 50), "C": (17, 50)}, rest={"A": (66, 100), "C": (66, 100)})
        assert not explains(part, grades)

    def test_strata_that_hold_less_than_half_of_the_group_explain_nothing(self) -> None:
        part = of(split({"webinar": cohort(34, 66), "rest": cohort(132, 68)}), "webinar")
        assert not explains(part, strata(webinar={"A": (16, 20), "C": (18, 80)}, rest={"A": (128, 160), "C": (4, 9)}))
        assert not explains(part, ())

    def test_what_is_not_compared_needs_no_explanation(self) -> None:
        assert not explains(of(split(SOURCES), "ads"), strata(ads={"A": (3, 4)}, rest={"A": (60, 100)}))


def strata(**groups: Mapping[str, tuple[int, int]]) -> list[Stratum]:
    """Accepted of decided by group and stratum."""
    return [
        Stratum(group, (name,), outcome, n)
        for group, counts in groups.items()
        for name, (k, all_) in counts.items()
        for outcome, n in ((Outcome.ACCEPTED, k), (Outcome.REJECTED, all_ - k))
    ]


@pytest.mark.parametrize("by", [dim for dim in DIMENSIONS if dim != "reason"])
def test_every_dimension_can_be_told(by: Dim) -> None:
    name = {"week": "2026-11-09", "month": "2026-11", "band": "60"}.get(by, "sales")
    told = words(
        report(
            split(
                {name: cohort(30, 20), "(blank)": cohort(5)} if by not in ("week", "month") else {name: cohort(30)}, by
            ),
            NAMES,
        )
    )
    assert "None" not in told
    assert askable(report(split({name: cohort(30)}, by), NAMES))


def test_an_empty_window() -> None:
    told = report(split({}), NAMES)
    assert [one.words for one in told.lines] == ["None in this window. Try `90d by source`."]
    assert (told.table, told.charts, told.advice) == (None, (), ())
    assert told.steps[0].command.startswith("90d")


def test_a_single_point_is_no_line() -> None:
    groups = {"2026-11-02": cohort(3, 2), "2026-11-09": cohort(30, 2)}
    assert report(split(groups, "week"), NAMES).charts == ()


def test_it_does_not_say_that_it_looks_at_another_window() -> None:
    assert "against" not in report(split(SOURCES), NAMES).reading


def test_void_ones_alone() -> None:
    told = report(split({"webinar": cohort(void=3)}), NAMES)
    assert line(told, "Handed off") == "0 in 1 group · 0 open · 3 void"
    assert line(told, "Accept rate") == "nothing is decided yet"
