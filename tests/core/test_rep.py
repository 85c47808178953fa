"""One rep's own figures beside the team's: told in plain words, and only as far as there is enough to tell."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.funnel.rep import report
from bot.blocks.funnel.terminal import as_json, report_csv
from bot.stats.cohort import Cause, Counts, Ending, Group, Outcome, Stratum
from bot.stats.query import Filter
from bot.stats.rates import Ends
from bot.stats.reps import Member, Rep, Side, reps
from bot.stats.sla import Met
from bot.stats.times import ON_THE_WALL, times
from tests.core.funnel_kit import NAMES, NOW, TWO_DAYS, askable, cohort, line, query, words

ENDS: Mapping[Cause, Outcome] = {
    "accepted": Outcome.ACCEPTED,
    "rejected": Outcome.REJECTED,
    "expired": Outcome.EXPIRED,
}


def side(ends: Ends, met: Met | None = None) -> Side:
    counts = ends.counts
    rows = [
        Ending("", "accepted", 70, counts.accepted - ends.unknown),
        Ending("", "accepted", None, ends.unknown),
        Ending("", "rejected", 540, counts.rejected),
    ]
    ended = [row for row in rows if row.n]
    known = met or Met(met=counts.accepted + counts.rejected, missed=counts.expired)
    return Side(
        ends, times(ended, [(60, counts.open)], TWO_DAYS), times(ended, [(60, counts.open)], ON_THE_WALL), known
    )


def standing(own: Counts, moved: int = 0) -> Member:
    mine = [Stratum("ana", ("A1", "demo"), outcome, getattr(own, cause)) for cause, outcome in ENDS.items()]
    rest = [Stratum("ben", ("A1", "demo"), outcome, n) for outcome, n in zip(ENDS.values(), (120, 60, 20), strict=True)]
    (member,) = reps([Group("ana", own)], [*mine, *rest], {"ana": moved})
    return member


def rep(own: Ends, team: Ends | None = None, moved: int = 0, **changed: Any) -> Rep:
    met = changed.pop("met", None)
    plain: dict[str, Any] = {
        "query": query(sub="rep", subject="ana"),
        "as_of": NOW,
        "key": "ana",
        "own": side(own, met),
        "team": side(team or cohort(120, 60, 20)),
        "reasons": (),
        "standing": standing(own.counts, moved),
        "age": TWO_DAYS,
    }
    return Rep(**(plain | changed))


USUAL = rep(
    cohort(30, 12, 3, 3, sql=10, won=2),
    reasons=(("FIT_COMPANY", 5), ("DATA_WRONG", 3), ("OTHER", 2), ("JUNK", 1)),
    met=Met(38, 5, 1),
    moved=7,
)


def test_own_figures_stand_beside_the_teams() -> None:
    told = report(USUAL, NAMES)
    assert told.title == "Ana Ruiz"
    assert line(told, "Handed off") == "48 → 30 accepted · 12 rejected · 3 expired · 3 open | 10 SQL · 2 won so far"
    assert line(told, "Open") == "3 · 1 overdue"
    assert line(told, "Top reasons") == "Company outside target 5 · Data is wrong 3 · OTHER 2"
    assert told.table
    shown = {row[0].shown: (row[1].shown, row[2].shown) for row in told.table.rows}
    assert shown["Accepted"][1] == "60 % [53–67] · 120 of 200"
    assert shown["Expired"][0].endswith("3 of 48")
    assert shown["SLA met"] == ("86 % [73–94] · 38 of 44", "90 % [85–93] · 180 of 200")
    assert shown["Half decided"] == ("1 h 10 min", "1 h 10 min")
    assert "90 % decided, wall clock" in shown


def test_where_one_stands_among_all_reps_is_said_in_plain_words() -> None:
    usual = line(report(USUAL, NAMES), "Among all reps")
    assert usual == "within what chance explains: accepts 30 of 45, 28 expected (21–34 by chance)"
    silent = [one.words for one in report(rep(cohort(20, 5, 25)), NAMES).lines if one.label == "Among all reps"]
    assert silent == [
        "accepts 20 of 50, 28 expected (21–35 by chance): fewer, at the edge",
        "rejects 5 of 50, 13 expected (7–19 by chance): fewer, at the edge",
        "lets expire 25 of 50, 9 expected (4–15 by chance): more, beyond chance",
    ]


@pytest.mark.parametrize("many", [0, 3, 9, 10, 29, 30, 30_000])
def test_it_reads_well_however_few_there_are(many: int) -> None:
    told = report(rep(cohort(many)), NAMES)
    text = words(told)
    assert not re.search(r"\d{5}", text), "thousands are told apart"
    if not many:
        assert line(told, "Handed off") == "None in this window. Try `rep @ana 90d`."
        assert told.table is None
        return
    assert told.table
    accepted = told.table.rows[0][1].shown
    if many < 10:
        assert accepted == f"{many} of {many} decided"
        assert "A rate is told from 10 decided ones on." in told.notes
        assert line(told, "Among all reps") == "compared from 10 hand-offs on that are old enough, among 3 reps or more"
        assert told.notes[-1] == "Judged: hand-offs older than 2 working days.", "nobody is compared with anybody"
        assert f"{many} decided" in text
    else:
        assert ("few data" in accepted) == (many < 30)


def test_of_open_ones_alone_nothing_is_claimed() -> None:
    told = report(rep(cohort(0, 0, 0, 40), standing=standing(Counts(open=40))), NAMES)
    assert told.table
    assert told.table.rows[0][1].shown == "nothing is decided yet"
    assert line(told, "Open") == "40"


def test_all_void_is_nothing() -> None:
    assert line(report(rep(cohort(void=4)), NAMES), "Handed off").startswith("None")


def test_unknown_times_are_counted_and_left_out_of_times() -> None:
    told = report(rep(cohort(30, 10, untimed=20)), NAMES)
    assert "20 decided at times that nobody knows: left out of the times." in told.notes


def test_what_somebody_else_got_first_is_said() -> None:
    assert "7 of them went to somebody else first." in report(USUAL, NAMES).notes
    assert not any("somebody else" in note for note in report(rep(cohort(30)), NAMES).notes)


def test_a_team_that_would_be_one_colleague_is_left_out_and_why_is_said() -> None:
    alone = rep(cohort(30, 12, 3), standing=Member("ana", cohort(30, 12, 3).counts, 0, {}))
    told = report(replace(alone, team=None), NAMES)
    assert told.table
    assert {len(row) for row in told.table.rows} == {len(told.table.columns)} == {2}
    assert "120" not in words(told)
    assert line(told, "Among all reps") == "compared from 10 hand-offs on that are old enough, among 3 reps or more"
    assert told.notes[0].startswith("The team's are not shown: of fewer than 3 they would be a colleague's.")
    values = [row.split(",") for row in report_csv(told).splitlines()]
    assert {len(row) for row in values} == {11}
    assert {"".join(row[6:]) for row in values[1:]} == {""}


def test_deals_alone_have_no_rate_no_due_time_and_nobody_to_be_compared_with() -> None:
    deals = cohort(133, untimed=133)
    (alone,) = reps([Group("ana", deals.counts)], [Stratum("ana", ("A1", "demo"), Outcome.ACCEPTED, 133)], {})
    told = report(rep(deals, deals, met=Met(), standing=alone), NAMES)
    assert line(told, "Among all reps") == "nothing to compare: such leads ended the same way with everybody"
    assert told.table
    assert {row[0].shown: row[1].shown for row in told.table.rows}["SLA met"] == "nothing was due"
    assert any(note.startswith("No rejection or expiry is recorded") for note in told.notes)
    assert not any("from 10 decided" in note for note in told.notes)


def test_of_what_was_chosen_by_its_outcome_no_rate_is_promised() -> None:
    told = report(rep(replace(cohort(rejected=15), by_outcome=True)), NAMES)
    assert "These were chosen by their outcome, so there is no rate, and nothing to compare." in told.notes
    assert not any("from 10 decided" in note for note in told.notes)


def test_whoever_is_on_no_team_has_none_that_is_kept_from_them() -> None:
    told = report(replace(rep(cohort(30, 12, 3), team=None), key="nobody", team=None), NAMES)
    assert told.table
    assert [column.key for column in told.table.columns] == ["figure", "own"]
    assert not any("team" in note for note in told.notes)


def test_programs_get_shares_and_seconds() -> None:
    rows = report_csv(report(USUAL, NAMES)).splitlines()
    assert rows[0].startswith("metric,own_value,own_low,own_high,own_k,own_n,team_value")
    table = {row.split(",")[0]: row.split(",") for row in rows[1:]}
    assert [float(one) for one in table["sla_met"][1:6]] == pytest.approx([38 / 44, 0.733, 0.936, 38, 44], abs=0.001)
    assert table["decision_time_median_seconds"][1] == "4200"
    assert as_json(USUAL)["own"]["accepted"] == 30


def test_a_program_gets_no_share_of_nothing() -> None:
    accept_rate = report_csv(report(rep(cohort(void=4)), NAMES)).splitlines()[1]
    assert accept_rate.startswith("accept_rate,,,,0,0,")


def test_what_comes_next_is_about_the_same_hand_offs() -> None:
    asked = query(sub="rep", subject="ana")
    cohort_ = type(asked.cohort)(asked.cohort.window, (Filter("source", ("webinar",)),))
    told = report(rep(cohort(30), query=query(sub="rep", subject="ana", cohort=cohort_)), NAMES)
    assert next(step.command for step in told.steps) == "open"
    assert all("webinar" in step.command for step in told.steps[1:])


def test_every_command_in_it_can_be_asked() -> None:
    assert askable(report(USUAL, NAMES))
    assert askable(report(rep(cohort()), NAMES))
