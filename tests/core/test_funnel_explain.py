"""`explain`: each figure with its meaning, its counts, its value, and how to get them oneself."""

from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.funnel.explain import report
from bot.blocks.funnel.report import Report
from bot.blocks.funnel.terminal import as_json
from bot.stats.cohort import Counts, Ending, Group, Later, Outcome, Stratum
from bot.stats.explain import Explained, Records, needed, top_reason, value
from bot.stats.explain_rows import BY, counted
from bot.stats.language.grammar import parse
from bot.stats.metrics.table import METRICS, named
from bot.stats.metrics.table import NAMES as NAMES_OF_METRICS
from bot.stats.onward import by_days, stage
from bot.stats.overview import Overview, changes
from bot.stats.period import Period, PeriodAnswer
from bot.stats.query import Explain, Filter
from bot.stats.rates import Ends
from bot.stats.reps import Reps
from bot.stats.reps import reps as judged_reps
from bot.stats.sla import Met
from bot.stats.times import ON_THE_WALL, times
from bot.stats.velocity import Pace, Velocity
from bot.store import reproduce
from tests.core.funnel_kit import NAMES, NOW, TWO_DAYS, Known, askable, cohort, line, query


def records(now: Ends, before: Ends | None = None, **changed: Any) -> Records:
    counts = now.counts
    rows = [Ending("", "accepted", 70, counts.accepted), Ending("", "rejected", 540, counts.rejected)]
    ended = [row for row in rows if row.n]
    took = {one: times(ended, [(60, counts.open)], one) for one in (TWO_DAYS, ON_THE_WALL)}
    later = (
        stage([Later("", "sql", 100, counts.sql)], "sql", by_days(30)) if counts.sql else stage([], "sql", by_days(30))
    )
    plain: dict[str, Any] = {
        "query": query(),
        "as_of": NOW,
        "now": now,
        "before": before,
        "change": changes(now, before, {}, {})[0],
        "turns": (),
        "mix": None,
        "sources": {},
        "repeats": Counts(accepted=4, rejected=5),
        "rerouted": 3,
        "working": took[TWO_DAYS],
        "wall": took[ON_THE_WALL],
        "sla": Met(met=counts.accepted + counts.rejected, missed=counts.expired, overdue=1),
        "sql": later,
        "reasons": (("FIT_COMPANY", 17), ("DATA_WRONG", 9)),
    }
    overview = Overview(**(plain | changed))
    pace = Pace("", counts, took[TWO_DAYS], took[ON_THE_WALL])
    velocity = Velocity(
        query=query(), as_of=NOW, ends=now, curve=None, half=70, total=pace, stages=(later,) * 3, stuck=2,
        repeats=Counts(),
    )  # fmt: skip
    total = Period("", 214, 120, 40)
    period = PeriodAnswer(query=query(), as_of=NOW, by=None, total=total, before=None, groups=(), cohort=now)
    nobody: dict[str, Any] = {"reps": (), "nobody": Counts(), "others": Counts(), "moved": 0}
    reps = Reps(query=query(), as_of=NOW, age=TWO_DAYS, old=0, total=counts, **nobody)
    return Records(overview, velocity, period, reps)


def explained(name: str, of: Records) -> Explained:
    metric, one = named(name), of.overview
    asked = reproduce.Counted(one.query.cohort, NOW, one.now.horizon, one.query.previous, top_reason(one))
    counts, rows = counted(metric, of)
    return Explained(
        metric=metric,
        query=one.query,
        as_of=NOW,
        counts=counts,
        value=value(metric, of),
        horizon=one.now.horizon,
        reason=top_reason(one),
        sql=reproduce.sql(tuple(counts), replace(asked, by=BY.get(metric.key, ()))),
        by=BY.get(metric.key, ()),
        rows=rows,
    )


def told(name: str, of: Records) -> Report:
    return report(explained(name, of), NAMES)


FULL = records(cohort(121, 57, 9, 27, sql=48, won=6, void=2), cohort(98, 60, 14))


def test_a_rate_comes_with_its_counts_its_interval_and_how_far_it_looks() -> None:
    accept = told("accept rate", FULL)
    assert accept.title == "What is: Accept rate"
    assert accept.command == "explain accept_rate 30d"
    assert line(accept, "Here") == "57 % [50–63] · 121 of 214 · within 2 working days"
    assert line(accept, "Counts") == (
        "handed off 214 · accepted by then 121 · rejected by then 57 · expired by then 9 · open 27 · times unknown 0"
    )
    assert "Aalen and Johansen" in accept.notes[0]
    assert accept.notes[1] == ("The answer that shows it: `baton funnel 30d --as-of 2026-11-22T09:15:00+00:00`")
    assert accept.code.startswith("SELECT\n  COUNT(CASE WHEN outcome <> 'void' THEN 1 END) AS handed_off,")


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("handed_off", "214"),
        ("repeats", "9"),
        ("decision_time", "half within 1 h 10 min, 75 % 9 h, 90 % 9 h"),
        ("accept_time", "1 h 10 min"),
        ("sla_met", "95 % [90–97] · 178 of 188"),
        ("overdue", "1"),
        ("difference", "0 points [−10…+9]: no clear change (could see ≥ 14 points)"),
        ("could_see", "14 points or more"),
        ("clear", "not clear"),
        ("horizon", "2 working days"),
        ("few_data", "enough: 30 or more are decided"),
        ("period_rate", "56 %"),
        ("stuck", "2"),
        ("mix", "nothing to tell for this window"),
        ("target", "none is set"),
        ("top_reason", "30 % [20–43] · 17 of 57"),
        ("limits", "nothing to tell for this window"),
    ],
)
def test_each_kind_of_figure_is_told_in_its_own_way(name: str, here: str) -> None:
    assert line(told(name, FULL), "Here") == here


@pytest.mark.parametrize(
    ("now", "before", "here"),
    [
        (cohort(700, 300), cohort(500, 500), "clear"),
        (cohort(5600, 4400), cohort(5000, 5000), "small: more than chance, but below 10 points"),
        (cohort(28, 6), cohort(18, 18), "not sure yet: the rates are too wide (≈)"),
        (cohort(100, 100), cohort(98, 102), "not clear"),
    ],
)
def test_a_difference_without_an_arrow_says_which_of_three_reasons_it_has(now: Ends, before: Ends, here: str) -> None:
    assert line(told("clear", records(now, before)), "Here") == here


def test_a_split_that_no_figure_is_explained_by_is_said_to_be_left_undone() -> None:
    asked = replace(explained("accept_rate", FULL), query=query(by="team"))
    split = report(asked, NAMES)
    assert split.notes[0] == "This is of all together: no figure is explained by team."
    assert split.command == "explain accept_rate 30d by team"
    assert "team" not in split.reading
    assert split.notes[2] == told("accept_rate", FULL).notes[1], "the answer that shows it is the whole one"
    mix = report(replace(explained("mix", FULL), query=query(by="source")), NAMES)
    assert not any("all together" in note for note in mix.notes)


def test_outside_of_the_limits_are_so_many_reps() -> None:
    rows = [
        Stratum(key, ("A1", "demo"), outcome, n)
        for key, accepted in (("ana", 10), ("ben", 70), ("cleo", 70))
        for outcome, n in ((Outcome.ACCEPTED, accepted), (Outcome.REJECTED, 100 - accepted))
    ]
    groups = [Group(key, Counts(accepted=1)) for key in ("ana", "ben", "cleo")]
    found = records(cohort(150, 150))
    assert found.reps
    judged = replace(found, reps=replace(found.reps, reps=judged_reps(groups, rows, {})))
    assert line(told("limits", judged), "Here") == "3 reps are outside by 5 points or more"
    one = replace(found, reps=replace(found.reps, reps=judged_reps(groups[:1], rows, {})))
    assert line(told("limits", one), "Here") == "1 rep is outside by 5 points or more"
    alike = [row._replace(n=50) for row in rows]
    none = replace(found, reps=replace(found.reps, reps=judged_reps(groups, alike, {})))
    assert line(told("limits", none), "Here") == "no rep is outside by 5 points or more"


def test_the_most_frequent_reason_is_counted_by_its_name() -> None:
    one = told("reason_share", FULL)
    assert line(one, "Counts") == "rejected 57 · Company outside target 17"
    assert "code = 'FIT_COMPANY'" in one.code


@pytest.mark.parametrize("key", METRICS)
@pytest.mark.parametrize(
    "now",
    [cohort(), cohort(2, 1), cohort(5, 3, 1), cohort(8, 2), cohort(20, 9), cohort(20, 10), cohort(20_000, 10_000)],
    ids=["0", "3", "9", "10", "29", "30", "30000"],
)
def test_every_metric_reads_well_however_few_there_are(key: str, now: Ends) -> None:
    one = told(key, records(now, reasons=()))
    assert [step.words for step in one.lines if not step.words] == []
    assert "None" not in " ".join(step.words for step in one.lines)
    assert one.data
    assert one.code.count("AS ") >= len(explained(key, records(now, reasons=())).counts)


@pytest.mark.parametrize("key", METRICS)
def test_a_step_leads_to_the_answer_that_shows_the_figure(key: str) -> None:
    (step,) = told(key, FULL).steps
    sub = METRICS[key].sub
    assert step.command.startswith(sub)
    assert "30d" in step.command or step.command == "open"
    assert askable(told(key, FULL))


@pytest.mark.parametrize("key", METRICS)
def test_its_own_command_asks_for_the_same(key: str) -> None:
    asked = parse(told(key, FULL).command, NOW, Known(), NAMES_OF_METRICS)
    assert isinstance(asked, Explain)
    assert named(asked.metric).key == key


def test_a_command_can_be_pasted_into_a_shell() -> None:
    asked = query()
    narrow = replace(asked.cohort, filters=(Filter("campaign", ("Q4 webinar's",)),))
    overview = replace(FULL.overview, query=query(cohort=narrow))
    shown = told("handed_off", replace(FULL, overview=overview)).notes[0]
    assert "--as-of" in shown
    assert "'\"'\"'" in shown, "the apostrophe is quoted"


def test_only_the_answers_that_show_it_are_asked() -> None:
    assert {needed(one) for one in METRICS.values()} == {"overview", "velocity", "period", "reps"}
    alone = Records(FULL.overview)
    for metric in METRICS.values():
        if needed(metric) == "overview":
            assert counted(metric, alone) == counted(metric, FULL)
            assert value(metric, alone) == value(metric, FULL)


SOURCES = {f"source {number:02}": ((40, 60 + number), (20, 60 + number)) for number in range(18)}


def test_a_figure_made_of_groups_lists_the_largest_fifteen_of_them_with_their_counts() -> None:
    one = told("mix", replace(FULL, overview=replace(FULL.overview, sources=SOURCES)))
    assert one.table
    assert one.table.most == 15
    assert [column.name for column in one.table.columns[:2]] == ["Source", "Accepted by then"]
    assert [cell.value for cell in one.table.rows[0]] == ["source 17", 20, 77, 40, 77]
    assert len(one.table.rows) == 18
    assert "judged" in one.code
    assert one.code.endswith("GROUP BY of_source\nORDER BY of_source")


def test_the_rate_for_ranking_is_told_for_each_group() -> None:
    groups = {"demo": cohort(60, 20), "fair": cohort(2, 0), "webinar": cohort(20, 60)}
    one = told("shrunken_rate", replace(FULL, groups=groups))
    assert one.table
    shares = {row[0].shown: float(row[-1].value or 0) for row in one.table.rows}
    assert shares["fair"] < 1.0, "two of two are not the best of all"
    assert 0.25 < shares["webinar"] < shares["demo"] < 0.75
    assert line(one, "Here") == "for each group, below"


@pytest.mark.parametrize("name", ["difference", "previous", "clear", "could_see"])
def test_a_comparison_shows_the_counts_by_the_same_time_on_both_sides(name: str) -> None:
    assert line(told(name, FULL), "Counts") == (
        "handed off 214 · accepted by then 121 · open 27 · times unknown 0 · "
        "handed off before 172 · accepted by then before 98 · open before 0 · times unknown before 0"
    )
    untimed = records(cohort(121, 57, untimed=121), cohort(98, 60, 14))
    assert line(told(name, untimed), "Counts") == (
        "accepted 121 · decided 178 · accepted before 98 · decided before 172"
    ), "where nobody knows when, the plain ones are compared"


def test_it_turns_into_json() -> None:
    found = as_json(explained("accept_rate", FULL))
    assert found["counts"]["accepted_by_then"] == 121
    assert found["metric"]["key"] == "accept_rate"
    assert found["value"]["rate"]["k"] == 121
