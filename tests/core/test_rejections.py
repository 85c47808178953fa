"""Why leads were turned down: shares of what, what is new, who stands apart, and what is no rejection at all."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.funnel.rejections import report
from bot.blocks.funnel.report import Report
from bot.blocks.funnel.small_print import UNSURE
from bot.blocks.funnel.terminal import as_json, report_csv
from bot.stats.cohort import BLANK, Counts, Outcome, Tally
from bot.stats.marks import Mark
from bot.stats.maths.differences import benjamini_hochberg, mid_p
from bot.stats.query import Dim
from bot.stats.rejections import Rejections, Rows, rejections
from tests.core.funnel_kit import NAMES, NOW, askable, line, query, words
from tests.support import POLICY

NAMED = replace(NAMES, labels={code: reason.label for code, reason in POLICY.reasons.items()})


def tallies(name: str = "", /, accepted: int = 0, open_: int = 0, **reasons: int) -> list[Tally]:
    """The rejections of a group by code, and what else became of it."""
    others = ((Outcome.ACCEPTED, accepted), (Outcome.OPEN, open_))
    rejected = [Tally(name, Outcome.REJECTED, code, n) for code, n in reasons.items()]
    return rejected + [Tally(name, outcome, None, n) for outcome, n in others if n]


def answer(now: list[Tally], before: list[Tally] | None = None, by: Dim | None = None, **more: Any) -> Rejections:
    rows = Rows(
        by_reason=more.pop("by_reason", now),
        by_where=more.pop("by_where", ()),
        where=more.pop("where", "campaign"),
        before=before,
        by_group=now if by else (),
        **more,
    )
    return rejections(query(sub="rejections", by=by), NOW, rows, POLICY.reasons)


def told(found: Rejections) -> Report:
    return report(found, NAMED)


def test_shares_are_of_the_rejections_and_not_of_all_hand_offs() -> None:
    found = answer(tallies(accepted=900, open_=50, FIT_COMPANY=30, OTHER=10))
    first = found.reasons[0]
    assert (first.code, first.family, first.share.k, first.share.n) == ("FIT_COMPANY", "FIT", 30, 40)
    assert line(told(found), "Rejected") == "40 of 940 decided · 50 open"


@given(st.dictionaries(st.sampled_from([*POLICY.reasons, BLANK, "GONE"]), st.integers(1, 500), min_size=1))
def test_reasons_and_families_add_up_to_all_rejections(reasons: dict[str, int]) -> None:
    found = answer(tallies(**reasons), tallies(FIT_COMPANY=30))
    total = sum(reasons.values())
    assert sum(one.share.k for one in found.reasons) == sum(n for _, n in found.families) == total
    assert {one.share.n for one in found.reasons} == {total}
    assert found.counts.rejected == total


def test_a_code_that_nobody_uses_any_more_stands_in_the_list_with_nothing() -> None:
    found = answer(tallies(FIT_COMPANY=40), tallies(FIT_COMPANY=40, NOT_READY=30))
    gone = found.reasons[1]
    assert (gone.code, gone.share.k, gone.before and gone.before.k) == ("NOT_READY", 0, 30)
    assert gone.change
    assert gone.change.clear


def test_a_code_is_new_where_ten_rejections_before_had_none_of_it() -> None:
    now = tallies(FIT_COMPANY=20, TIMING=2)
    assert answer(now, tallies(FIT_COMPANY=9)).new == ()
    found = answer(now, tallies(FIT_COMPANY=10))
    assert found.new == ("TIMING",)
    assert line(told(found), "New") == "Already told us later 2 (none among 10 before)"
    assert answer(now, None).new == answer(now, []).new == ()


def test_reasons_and_groups_are_one_family_of_comparisons() -> None:
    now = [*tallies("fair", FIT_COMPANY=60, OTHER=30), *tallies("ads", FIT_COMPANY=30, OTHER=90)]
    before = tallies(FIT_COMPANY=90, OTHER=90)
    found = answer(now, before, by="source")
    tables = [(90, 210, 90, 180), (120, 210, 90, 180)]
    tables += [(60, 90, 30, 120), (30, 90, 90, 120), (30, 120, 60, 90), (90, 120, 30, 90)]
    q_values = benjamini_hochberg([mid_p(*table) for table in tables])
    by_code = {one.code: one.change for one in found.reasons if one.change}
    assert sorted(one.q for one in by_code.values()) == pytest.approx(sorted(q_values[:2]))
    apart = [how.q for group in found.groups for _, how in group.apart]
    assert sorted(apart) == pytest.approx(sorted(q_values[2:]))


def test_a_group_that_stands_apart_is_told_first_and_only_for_what_it_has_more_of() -> None:
    now = [*tallies("fair", FIT_COMPANY=60, OTHER=30), *tallies("ads", FIT_COMPANY=30, OTHER=90)]
    found = told(answer(now, by="source"))
    assert found.advice[1] == "fair: “Company outside target” is 60 of 90 rejections, elsewhere 30 of 120."
    assert found.advice[0] == "ads: “Something else” is 90 of 120 rejections, elsewhere 30 of 90."
    assert found.table
    assert found.table.columns[2].name == "Unlike the others", "the first that a narrow screen shows beside the count"
    assert "↓ Something else −42" in found.table.rows[1][2].shown


@pytest.mark.parametrize(("by", "keys"), [("rep", ["ana", "ben"]), ("month", ["2026-10", "2026-11"])])
def test_people_and_months_are_not_held_against_each_other_and_stand_in_order(by: Dim, keys: list[str]) -> None:
    now = [*tallies(keys[1], FIT_COMPANY=90, OTHER=10), *tallies(keys[0], FIT_COMPANY=10, OTHER=30)]
    found = answer(now, by=by)
    assert [group.name for group in found.groups] == keys
    assert all(group.apart == () for group in found.groups)


def test_the_campaign_with_most_of_a_reason_is_told_unless_it_is_one_alone_or_nobody_knows_it() -> None:
    by_campaign = [*tallies("fair", FIT_COMPANY=7, OTHER=1), *tallies("ads", FIT_COMPANY=7), *tallies(BLANK, TIMING=9)]
    found = answer(tallies(FIT_COMPANY=14, OTHER=1, TIMING=9), by_where=by_campaign)
    assert {one.code: one.where for one in found.reasons} == {"FIT_COMPANY": ("ads", 7), "OTHER": None, "TIMING": None}


def test_void_and_passed_on_ones_are_no_rejections_and_are_told() -> None:
    voids = [Tally("DUPLICATE", Outcome.VOID, None, 7), Tally("FIT_COMPANY", Outcome.VOID, None, 1)]
    now = [*tallies("FIT_COMPANY", FIT_COMPANY=20), *voids]
    found = answer(now, rerouted=5, repeats=Counts(accepted=4, rejected=3))
    assert (found.counts.rejected, found.counts.void, found.voids) == (20, 8, (("DUPLICATE", 7), (BLANK, 1)))
    assert (
        line(told(found), "Not rejections") == "8 void (Already in pipeline 7, withdrawn 1) · 5 passed on as “not mine”"
    )
    assert line(told(found), "Repeats") == "7 handed off again, 3 rejected: counted apart"


@pytest.mark.parametrize(("other", "missing"), [(1, False), (2, False), (3, True)])
def test_more_than_a_tenth_for_something_else_says_that_a_code_is_missing(other: int, missing: bool) -> None:
    found = answer(tallies(OTHER=other, FIT_COMPANY=20 - other))
    assert found.code_is_missing is missing
    assert any("a code is missing" in advice for advice in told(found).advice) is missing


def test_of_nine_rejections_no_code_is_missing_yet() -> None:
    assert not answer(tallies(OTHER=9)).code_is_missing


def test_a_reason_with_a_third_of_all_asks_for_what_can_be_done_about_its_family() -> None:
    by_campaign = [*tallies("fair", READY=0, NOT_READY=9), *tallies("ads", NOT_READY=4)]
    found = told(answer(tallies(NOT_READY=13, TIMING=13, OPT_OUT=12), by_where=by_campaign))
    expected = "“Intent threshold not really met” is behind 13 of 38 rejections (9 from fair): look at which signals"
    assert found.advice[0].startswith(expected)


def test_a_clear_rise_is_told_with_both_counts_and_a_clear_fall_asks_for_nothing() -> None:
    rise = told(answer(tallies(FIT_COMPANY=60, TIMING=40), tallies(FIT_COMPANY=20, TIMING=80)))
    assert rise.advice[0].startswith(
        "“Company outside target” is clearly more frequent than before: 60 of 100, before 20 "
    )
    assert not any("less frequent" in advice for advice in rise.advice)
    many = dict.fromkeys(("FIT_PERSON", "FIT_USECASE", "COMPETITOR", "DATA_WRONG", "JUNK", "TIMING", "OPT_OUT"), 12)
    fall = told(answer(tallies(**many), tallies(NOT_READY=40, **many)))
    assert fall.advice == (
        "Nothing to do: “Intent threshold not really met” became clearly less frequent, and no reason more.",
    )


def test_of_accepts_alone_no_more_is_claimed_than_what_is_on_record() -> None:
    """What was brought from elsewhere may have had rejections that nobody brought."""
    assert told(answer(tallies(accepted=842, open_=7158))).advice == (
        "All 842 decided were accepted. If rejections were kept elsewhere, import these too.",
    )
    quiet = "Nothing to do: no rejection is recorded."
    assert told(answer(tallies(accepted=9, open_=3))).advice == (quiet,), "so few are no sign of a missing import"


def test_noise_is_no_news() -> None:
    codes = ("FIT_PERSON", "FIT_USECASE", "COMPETITOR", "DATA_WRONG")
    found = told(answer(tallies(**dict.fromkeys(codes, 10)), tallies(**dict.fromkeys(codes, 12))))
    assert found.advice == ("Nothing to do: no reason stands out, and none changed clearly by 10 points or more.",)
    assert "not clear" in words(found)
    assert any("Not clear: a change of less than 3" in note for note in found.notes)


def test_a_change_that_is_sure_but_small_is_not_called_unclear() -> None:
    now, before = tallies(DATA_INCOMPLETE=44, FIT_COMPANY=977), tallies(DATA_INCOMPLETE=77, FIT_COMPANY=549)
    found = told(answer(now, before))
    assert found.table
    assert [row[4].shown for row in found.table.rows] == ["+8 small", "−8 small"]
    assert [note for note in found.notes if note.startswith("Change")] == [
        "Change: in points. Small: more than chance, but below 10 points."
    ]
    mixed = told(answer([*now, *tallies(TIMING=5)], [*before, *tallies(TIMING=5)]))
    [note] = [note for note in mixed.notes if note.startswith("Change")]
    assert "Small: " in note
    assert "Not clear: a change of less than 10 points" in note


@pytest.mark.parametrize(
    ("n", "share"),
    [
        (3, "3 of 3"),
        (9, "9 of 9"),
        (10, "100 % [72–100]"),
        (29, "100 % [88–100]"),
        (30, "100 % [89–100]"),
        (30_000, "100 % [100–100]"),
    ],
)
def test_it_says_as_much_as_the_number_of_rejections_allows(n: int, share: str) -> None:
    found = told(answer(tallies(FIT_COMPANY=n)))
    assert found.table
    assert found.table.rows[0][2].shown == share
    assert ("% [" in words(found)) is (n >= 10)
    if n < 10:
        assert found.advice == (f"Too few for shares yet: {n} rejected, and 10 are needed. Read the cards one by one.",)


def test_an_empty_window_offers_a_longer_one() -> None:
    found = told(answer([]))
    assert [one.label for one in found.lines] == ["Handed off"]
    assert (found.table, found.charts, found.advice, found.notes) == (None, (), (), ())
    assert [step.label for step in found.steps] == ["Last 90 days"]


@pytest.mark.parametrize(
    "now", [tallies(open_=9), tallies(accepted=9), [Tally("DUPLICATE", Outcome.VOID, None, 4)]], ids=str
)
def test_without_a_rejection_there_is_no_table_and_the_counts_are_told(now: list[Tally]) -> None:
    found = told(answer(now, tallies(FIT_COMPANY=3)))
    assert (found.table, found.charts) == (None, ())
    assert line(found, "Rejected").startswith("0 of ")
    assert line(found, "Rejected").endswith("before 3 of 3")


def test_a_chart_has_the_counts_of_the_reasons_that_were_given() -> None:
    chart = told(answer(tallies(FIT_COMPANY=4, OTHER=2), tallies(TIMING=3))).charts[0]
    assert (chart.kind, chart.categories) == ("bar", ("Company outside target", "Something else"))
    assert chart.series == {"Rejections": (4.0, 2.0)}


def test_marks_of_the_window_stand_in_the_small_print() -> None:
    marks = (Mark(NOW.date(), "Trade fair", "note"),)
    assert any("Trade fair" in note for note in told(answer(tallies(OTHER=4), marks=marks)).notes)


def test_programs_get_everything() -> None:
    found = answer(
        tallies(FIT_COMPANY=20, OTHER=10), tallies(FIT_COMPANY=30, OTHER=30), by_where=tallies("fair", OTHER=9)
    )
    assert json.loads(json.dumps(as_json(found)))["reasons"][0]["code"] == "FIT_COMPANY"
    head, company, other = report_csv(told(found)).splitlines()
    assert head.startswith("group,reason,label,family,n,rejections,share,low,high,before_n,")
    assert company.startswith(",FIT_COMPANY,Company outside target,FIT,20,30,0.666")
    assert other.endswith("no,fair,9")
    by_group = answer([*tallies("fair", OTHER=2), *tallies("ads", FIT_COMPANY=1)], by="source")
    assert report_csv(told(by_group)).splitlines()[1].startswith("fair,OTHER,Something else,OTHER,2,2,1.0,")


@pytest.mark.parametrize("by", [None, "source", "campaign", "rep", "week"])
def test_every_next_step_can_be_asked(by: Dim | None) -> None:
    name = "2026-11-16" if by == "week" else "a"
    assert askable(told(answer(tallies(name, FIT_COMPANY=40, OTHER=20), tallies(TIMING=90), by=by)))
    assert askable(told(answer([], by=by)))


def test_a_difference_of_wide_rates_is_neither_clear_nor_none() -> None:
    codes = ("FIT_PERSON", "FIT_USECASE", "COMPETITOR")
    found = told(answer(tallies(FIT_COMPANY=2, **dict.fromkeys(codes, 8)), tallies(FIT_COMPANY=14, FIT_PERSON=8)))
    assert found.table
    changes = {row[0].value: row[4].shown for row in found.table.rows}
    assert changes["Company outside target"] == "−56? not sure yet"
    assert found.advice == (UNSURE,)


def test_codes_that_the_policy_has_no_more_are_told_as_they_are() -> None:
    found = answer(tallies(GONE=12, **{BLANK: 3}))
    assert [one.family for one in found.reasons] == [BLANK, BLANK]
    assert "GONE" in words(told(found))
    assert line(told(found), "Families") == "unknown 15"
