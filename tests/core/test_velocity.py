"""How fast hand-offs move: curves that allow for open ones, times on both clocks, and what is stuck."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.funnel.report import Report
from bot.blocks.funnel.terminal import as_json, report_csv
from bot.blocks.funnel.velocity import report
from bot.stats.cohort import Cause, Counts, Ending, Later, Outcome, Tally
from bot.stats.marks import Mark
from bot.stats.onward import by_days, shortened, stage
from bot.stats.query import Dim
from bot.stats.rates import CAUSES, Age, Horizon
from bot.stats.times import times
from bot.stats.velocity import Rows, Velocity, marks, velocity
from tests.core.funnel_kit import NAMES, NOW, TWO_DAYS, askable, line, query, words

DAYS = {"accepted": Outcome.ACCEPTED, "rejected": Outcome.REJECTED, "expired": Outcome.EXPIRED}


def answer(
    ended: list[Ending], ages: dict[str, list[Age]] | None = None, by: Dim | None = None, **more: Any
) -> Velocity:
    """From endings that took twice as long on the wall as at work, and the ages of open ones at work."""
    open_ = ages or {}
    tallies = [Tally(one.name, DAYS[one.cause], None, one.n) for one in ended]
    tallies += [Tally(name, Outcome.OPEN, None, n) for name, of_name in open_.items() for _, n in of_name]
    on_the_wall = [
        Ending(one.name, one.cause, None if one.minutes is None else 2 * one.minutes, one.n) for one in ended
    ]
    both = {name: [(2 * minutes, n) for minutes, n in of_name] for name, of_name in open_.items()}
    horizon, stages = more.pop("horizon", TWO_DAYS), more.pop("stages", ())
    waiting = [age for of_name in (open_ if horizon.clock == "working" else both).values() for age in of_name]
    rows = Rows(tallies, {"working": ended, "wall": on_the_wall}, {"working": open_, "wall": both}, waiting, **more)
    return velocity(query(sub="velocity", by=by), NOW, rows, horizon=horizon, expiry=TWO_DAYS, stages=stages)


def told(found: Velocity) -> Report:
    return report(found, NAMES)


def evenly(n: int, cause: Cause = "accepted", name: str = "") -> list[Ending]:
    """One after the other, ten minutes apart."""
    return [Ending(name, cause, 10 * at, 1) for at in range(1, n + 1)]


@given(st.integers(0, 60 * 24 * 400))
def test_a_curve_has_at_most_twenty_points_from_nothing_to_the_horizon(minutes: int) -> None:
    at = marks(minutes)
    assert len(at) <= 20
    assert (at[0], at[-1]) == (0, minutes)
    assert list(at) == sorted(at)


def test_two_working_days_are_read_by_the_hour() -> None:
    assert marks(17 * 60) == tuple(range(0, 17 * 60 + 1, 60))


endings = st.lists(
    st.builds(Ending, st.just(""), st.sampled_from(CAUSES), st.integers(0, 1100), st.integers(1, 5)), min_size=1
)


@given(endings, st.lists(st.tuples(st.integers(0, 1100), st.integers(1, 5))))
def test_the_curve_only_rises_and_comes_to_the_rates_of_the_horizon(ended: list[Ending], ages: list[Age]) -> None:
    found = answer(ended, {"": ages})
    assert found.curve
    assert found.ends.incidence
    for cause in CAUSES:
        shares, counts = found.curve.shares[cause], found.curve.counts[cause]
        assert list(shares) == sorted(shares)
        assert list(counts) == sorted(counts)
        assert shares[-1] == pytest.approx(found.ends.incidence.shares[cause].value)
        assert counts[-1] == found.ends.by_then[cause]


def test_half_accepted_means_half_of_all_hand_offs() -> None:
    found = answer([*evenly(10), Ending("", "rejected", 5, 10)])
    assert found.half == 100
    assert line(told(found), "Half accepted") == "within 1 h 40 min, counted among all hand-offs"
    less = answer([*evenly(10), Ending("", "rejected", 5, 11)])
    assert less.half is None
    assert line(told(less), "Half accepted").startswith("not within 2 working days: by then ≈ 48 % [28–68], 10 of 21")


def test_times_are_told_on_both_clocks_and_only_as_far_as_a_card_lives() -> None:
    found = answer(evenly(20), {"": [(1020, 4)]})
    assert line(told(found), "Decision time") == (
        "half within 2 h, 75 % 3 h, 90 % longer than 2 working days · working time"
    )
    assert (
        line(told(found), "Wall clock")
        == "half within 4 h, 75 % 6 h, 90 % longer than 14 days · what the prospect feels"
    )


def test_the_window_before_stands_beside_it_without_an_arrow() -> None:
    before = times(evenly(30), [], TWO_DAYS)
    found = told(answer(evenly(20), before=before))
    assert line(found, "Before") == "half within 2 h 30 min, 75 % 3 h 50 min, 90 % 4 h 30 min · working time"
    assert not any(sign in words(found) for sign in "↑↓")
    assert line(told(answer(evenly(20), before=times([], [], TWO_DAYS))), "Before") == "no accept or reject yet"
    nothing = "nothing was handed off, so there is nothing to compare with"
    assert line(told(answer(evenly(20))), "Before") == nothing
    alone = answer(evenly(20))
    assert line(told(replace(alone, query=query(sub="velocity", previous=None))), "Before") == ""


def test_stuck_are_open_ones_that_are_older_than_nine_tenths_take() -> None:
    decided = evenly(100)
    found = answer(decided, {"": [(10, 3)]})
    assert found.total.working.p90 == 910
    assert found.stuck == 0
    assert answer(decided, {"": [(910, 1)]}).stuck == 0
    stuck = answer(decided, {"": [(921, 1), (1021, 1), (5, 7)]})
    assert stuck.total.working.p90 == 920
    assert stuck.stuck == 2
    assert (
        told(stuck).advice[0].startswith("2 open cards have waited longer than 90 % take (15 h 20 min of working time)")
    )
    assert line(told(stuck), "Stuck") == "2 open for longer than 90 % take"
    assert answer(evenly(9), {"": [(10_000, 3)]}).stuck is None


def test_unknown_times_are_counted_and_too_many_of_them_leave_no_share_by_a_time() -> None:
    few = answer([*evenly(18), Ending("", "rejected", None, 2)])
    assert few.curve
    assert "2 without a known time left out" in line(told(few), "Decision time")
    many = answer([*evenly(17), Ending("", "rejected", None, 3)])
    assert (many.curve, many.half) == (None, None)
    assert told(many).charts == ()
    assert line(told(many), "Accept rate") == "≈ 85 % [64–95] · 17 of 20 · few data, of the decided ones"
    assert "Of 3 of 20 nobody knows when: no accept, reject or expire rate by a time is told." in told(many).notes


def test_nobody_knows_any_time_of_history_without_dates() -> None:
    found = told(answer([Ending("", "accepted", None, 40)]))
    assert line(found, "Decision time") == "40 without a known time left out"
    assert found.charts == ()
    assert found.table is None


@pytest.mark.parametrize("n", [0, 3, 9, 10, 29, 30, 30_000])
def test_it_says_as_much_as_the_number_of_decisions_allows(n: int) -> None:
    found = told(answer([Ending("", "accepted", 70, n)] if n else []))
    assert ("% [" in words(found)) is (n >= 10)
    assert (found.charts != ()) is (n >= 10)
    assert (found.table is not None) is (n >= 10)
    if n in (3, 9):
        assert line(found, "Decision time") == f"{n} decided; times from 10 on"
        assert line(found, "Accept rate") == f"{n} of {n} decided; a rate from 10 on"
    if n == 0:
        assert [step.label for step in found.steps] == ["Last 90 days"]


def test_all_open_or_all_silent_is_told_without_a_time() -> None:
    waiting = told(answer([], {"": [(30, 40)]}))
    assert line(waiting, "Handed off") == "40 → 0 decided · 40 open"
    assert line(waiting, "Decision time") == "no accept or reject yet"
    assert waiting.charts == ()
    silent = told(answer([Ending("", "expired", 1020, 40)]))
    assert line(silent, "Decision time") == "no accept or reject yet"
    assert line(silent, "Expire rate") == "100 % [91–100] · 40 of 40"


def test_groups_have_times_from_ten_decisions_on_and_add_up_to_the_whole() -> None:
    ended = [*evenly(20, name="fair"), *evenly(9, name="ads"), *evenly(30, "rejected", "web")]
    found = answer(ended, {"fair": [(50, 3)], "ads": [(7, 1)]}, by="source")
    whole = answer([Ending("", one.cause, one.minutes, one.n) for one in ended], {"": [(50, 3), (7, 1)]})
    assert (found.total, found.ends, found.half) == (whole.total, whole.ends, whole.half)
    assert [(one.name, one.working.enough) for one in found.groups] == [("web", True), ("fair", True), ("ads", False)]
    table = told(found).table
    assert table
    assert [cell.shown for cell in table.rows[2]] == ["ads", "9", "–", "–", "–", "–", "1"]
    assert told(found).charts[0].categories == ("web", "fair")


def test_a_time_beyond_the_horizon_says_how_far_was_looked_in_words() -> None:
    table = told(answer(evenly(10, name="fair"), {"fair": [(TWO_DAYS.minutes, 2)]}, by="source")).table
    assert table
    assert [cell.shown for cell in table.rows[0]][3:5] == ["1 h 30 min", "> 17 h"]


def test_weeks_stand_in_their_course_and_people_by_name() -> None:
    weeks = [*evenly(10, name="2026-W46"), *evenly(12, name="2026-W45"), *evenly(30, name="2026-W47")]
    found = answer(weeks, by="week")
    assert [(one.name, one.over) for one in found.groups] == [
        ("2026-W45", True),
        ("2026-W46", True),
        ("2026-W47", False),
    ]
    assert told(found).charts[0].kind == "line"
    assert len(told(found).charts[0].categories) == 2
    people = answer([*evenly(10, name="ben"), *evenly(3, name="ana")], by="rep")
    assert [one.name for one in people.groups] == ["ana", "ben"]


def test_a_horizon_on_the_wall_is_read_by_the_wall() -> None:
    found = answer(evenly(20), horizon=Horizon(200, "wall", "200 min"))
    assert found.ends.by_then["accepted"] == 10
    assert found.total.working.median == 100


def test_stages_are_told_with_what_is_known_of_them() -> None:
    rows = [Later("", "sql", 24, 30), Later("", "out", 48, 20), Later("", "open", 24 * 40, 50)]
    found = told(answer(evenly(100), stages=[stage(rows, "sql", by_days(30)), stage([], "sql", by_days(45))]))
    assert line(found, "SAL → SQL") == (
        "30 % [22–40] within 30 days of the accept · 30 SQL · 20 dropped out · 50 under way · "
        "half had got there or dropped out after 2 d"
    )
    assert line(found, "MQL → SQL") == ""
    untimed = stage([Later("", "sql", None, 5), Later("", "open", 3, 5)], "sql", by_days(30))
    assert (
        line(told(answer(evenly(20), stages=[untimed])), "SAL → SQL")
        == "5 SQL · 0 dropped out · 5 under way (of 5 nobody knows when)"
    )
    few = stage([Later("", "sql", 3, 5), Later("", "open", 3, 5)], "sql", by_days(30))
    assert line(told(answer(evenly(20), stages=[few])), "SAL → SQL") == "5 SQL · 0 dropped out · 5 under way"


def test_no_share_of_sqls_is_told_within_a_few_hours() -> None:
    """The ten oldest of a young window are hours old, and no lead becomes an SQL in so little time."""
    rows = [Later("", "sql", 48, 3), Later("", "open", 48, 97)]
    young = stage(rows, "sql", shortened(by_days(30), 2 * 24 * 60))
    assert line(told(answer(evenly(100), stages=[young])), "SAL → SQL") == (
        "3 SQL · 0 dropped out · 97 under way (too few are 7 days old for a rate)"
    )


@pytest.mark.parametrize("by", [None, "tier", "source", "rep", "week"])
def test_every_next_step_can_be_asked(by: Dim | None) -> None:
    name = "2026-11-16" if by == "week" else "a"
    assert askable(told(answer(evenly(100, name=name), {name: [(1021, 1)]}, by=by)))
    assert askable(told(answer([], by=by)))


def test_repeats_and_marks_stand_in_the_small_print() -> None:
    found = told(answer(evenly(20), repeats=Counts(accepted=3), marks=(Mark(NOW.date(), "Trade fair", "note"),)))
    assert "3 repeat hand-offs are counted apart." in found.notes
    assert any("Trade fair" in note for note in found.notes)


def test_programs_get_everything() -> None:
    found = answer([*evenly(20, name="fair"), *evenly(3, name="ads")], by="source")
    assert json.loads(json.dumps(as_json(found)))["total"]["working"]["decided"] == 23
    rows = report_csv(told(found)).splitlines()
    assert rows[0] == "group,figure,clock,after_seconds,value,low,high,count,of"
    assert "fair,decision_time_median_seconds,working,,6000,,,20," in rows
    assert any(row.startswith(",accepted_share,working,3600,0.39130") and row.endswith(",,,9,23") for row in rows)
