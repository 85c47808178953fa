"""Reps against chance: nobody is ranked, the leads they got are allowed for, and silence is not a no."""

import random
import re
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.funnel.reps import report
from bot.stats.cohort import Counts, Group, Outcome, Stratum
from bot.stats.language.grammar import parse
from bot.stats.query import Filter, Query
from bot.stats.rates import CAUSES
from bot.stats.reps import Reps, handed, reps
from tests.core.funnel_kit import NAMES, NOW, TWO_DAYS, Known, askable, line, query, words

DEMO, WEBINAR = ("A1", "demo"), ("B2", "webinar")
ENDS = {"accepted": Outcome.ACCEPTED, "rejected": Outcome.REJECTED, "expired": Outcome.EXPIRED, "open": Outcome.OPEN}


def strata(name: str, within: tuple[str, ...] = DEMO, **ended: int) -> list[Stratum]:
    return [Stratum(name, within, ENDS.get(how, Outcome(how)), n) for how, n in ended.items()]


def answer(rows: Iterable[Stratum], **changed: Any) -> Reps:
    """All of whose hand-offs are old enough."""
    known = list(rows)
    counts: dict[str, Counts] = {}
    for one in known:
        stage = {"accepted": one.outcome.value} if one.outcome in (Outcome.SQL, Outcome.WON) else {}
        field = "accepted" if stage else one.outcome.value
        counts[one.name] = counts.get(one.name, Counts()) + Counts(**{field: one.n})
    groups = [Group(name, count) for name, count in counts.items()]
    plain: dict[str, Any] = {
        "query": query(sub="reps"),
        "as_of": NOW,
        "age": TWO_DAYS,
        "old": handed(known),
        "total": sum(counts.values(), Counts()),
        "reps": reps(groups, known, {}),
        "nobody": Counts(),
        "others": Counts(),
        "moved": 0,
    }
    return Reps(**(plain | changed))


TEAM = [row for key in ("ben", "cat", "dan", "eva") for row in strata(key, accepted=60, rejected=30, expired=10)]


def test_whoever_decides_as_all_do_is_within_what_chance_explains() -> None:
    found = answer([*TEAM, *strata("ana", accepted=55, rejected=34, expired=11)])
    assert found.outside == ()
    assert line(report(found, NAMES), "Reps") == "5 of 5 within what chance explains"
    assert report(found, NAMES).table is None
    assert report(found, NAMES).advice == ("Nothing: no rep differs beyond chance.",)


def test_only_those_outside_the_limits_are_listed_each_figure_by_itself() -> None:
    found = answer([*TEAM, *strata("ana", accepted=40, rejected=28, expired=32)])
    (ana,) = found.outside
    assert (ana.key, ana.outside) == ("ana", ("accepted", "expired"))
    told = report(found, NAMES)
    assert line(told, "Reps") == "4 of 5 within what chance explains"
    assert told.table
    assert [[cell.shown for cell in row] for row in told.table.rows] == [
        ["Ana Ruiz", "accepts", "40 of 100", "56", "46–66", "fewer, beyond chance"],
        ["Ana Ruiz", "lets expire", "32 of 100", "14", "8–22", "more, beyond chance"],
    ]
    assert told.advice == (
        "Ana Ruiz lets more cards expire than chance explains: look at working hours and load first.",
    )
    assert [step.label for step in told.steps][:1] == ["Ana Ruiz"]


def test_there_is_no_ranking_everybody_is_in_the_file_by_name_with_counts_alone() -> None:
    found = answer([*TEAM, *strata("ana", accepted=1, rejected=99)])
    data = report(found, NAMES).data
    assert data
    assert [row[0].shown for row in data.rows] == ["Ana Ruiz", "Ben Okafor", "cat", "dan", "eva"]
    assert all(isinstance(cell.value, int) for row in data.rows for cell in row[1:])
    assert "%" not in words(report(found, NAMES)).replace("90 %", "")


def test_of_thousands_a_trifle_is_not_held_against_anybody() -> None:
    many = [row for key in ("ben", "cat") for row in strata(key, accepted=60_000, rejected=30_000, expired=10_000)]
    told = report(answer([*many, *strata("ana", accepted=57_000, rejected=33_000, expired=10_000)]), NAMES)
    assert line(told, "Reps") == "0 of 3 within what chance explains, 3 off by less than 5 points"
    assert told.table is None
    assert told.advice == ("Nothing: the differences between reps are small.",)


def test_a_rep_with_harder_leads_is_held_against_the_same_leads() -> None:
    easy = [row for key in ("ben", "cat") for row in strata(key, DEMO, accepted=80, rejected=20)]
    hard = [row for key in ("ben", "cat") for row in strata(key, WEBINAR, accepted=4, rejected=16)]
    found = answer([*easy, *hard, *strata("ana", WEBINAR, accepted=20, rejected=80)])
    assert found.outside == (), "20 % of webinar leads is what everybody makes of them"
    by_key = {rep.key: rep for rep in found.reps}
    assert by_key["ana"].figures["accepted"].expected == pytest.approx(28 / 140)


def test_kinds_of_few_leads_go_together_so_that_nobody_is_held_against_oneself() -> None:
    alone = [row for n in range(20) for row in strata("ana", ("B2", f"source {n}"), rejected=5)]
    found = answer([*strata("ben", accepted=19, rejected=1), *alone])
    by_key = {rep.key: rep for rep in found.reps}
    assert by_key["ana"].figures["rejected"].expected == pytest.approx(101 / 120), "with ben's: fewer than 30 as well"


def test_silence_counts_as_much_against_the_accepts_as_a_no() -> None:
    silent = answer([*TEAM, *strata("ana", accepted=40, rejected=0, expired=60)]).reps[0]
    saying_no = answer([*TEAM, *strata("ana", accepted=40, rejected=60, expired=0)]).reps[0]
    assert silent.figures["accepted"] == saying_no.figures["accepted"]
    assert silent.figures["accepted"].standing == "outside 99.8"


def test_those_still_open_after_all_that_time_are_in_the_denominator() -> None:
    ana = answer([*TEAM, *strata("ana", accepted=40, open=60)]).reps[0]
    assert (ana.figures["accepted"].k, ana.figures["accepted"].n) == (40, 100)


def test_void_ones_are_nowhere_and_what_came_after_the_accept_is_accepted() -> None:
    ana = answer([*TEAM, *strata("ana", sql=20, won=10, accepted=10, rejected=30, void=500)]).reps[0]
    assert (ana.figures["accepted"].k, ana.figures["accepted"].n) == (40, 70)


@pytest.mark.parametrize(("many", "judged"), [(0, 4), (3, 4), (9, 4), (10, 5), (29, 5), (30, 5), (30_000, 5)])
def test_below_ten_old_enough_hand_offs_there_are_counts_only(many: int, judged: int) -> None:
    found = answer([*TEAM, *strata("ana", accepted=many)])
    assert len(found.judged) == judged
    told = report(found, NAMES)
    assert ("Not compared" in [one.label for one in told.lines]) == (many < 10)
    assert not re.search(r"\d{5}", words(told)), "thousands are told apart"
    if many == 9:
        assert line(told, "Not compared") == "1 rep with fewer than 10 hand-offs that are old enough"
    assert told.data
    assert told.data.rows[0][1].value == many


def test_of_nothing_it_says_what_to_try() -> None:
    told = report(answer([]), NAMES)
    assert line(told, "Handed off") == "None in this window. Try `reps 90d`."
    assert told.table is None


def test_all_open_or_all_void_is_no_reason_to_judge_anybody() -> None:
    young = answer(strata("ana", open=50), old=0, reps=reps([Group("ana", Counts(open=50))], [], {}))
    assert young.judged == ()
    assert line(report(young, NAMES), "Not compared").startswith("1 rep ")
    void = answer(strata("ana", void=50))
    assert line(report(void, NAMES), "Handed off").startswith("None")


def test_whoever_is_not_shown_one_by_one_is_one_number() -> None:
    told = report(answer(TEAM, others=Counts(accepted=7), nobody=Counts(open=2)), NAMES)
    assert line(told, "Others") == "7 of people you do not see one by one"
    assert line(told, "No owner") == "2 handed off"


def test_where_all_leads_ended_in_the_same_way_nobody_is_compared() -> None:
    deals = [row for key in ("ana", "ben") for row in strata(key, accepted=40)]
    told = report(answer([*deals, *strata("cat", accepted=3)]), NAMES)
    assert line(told, "Reps") == "nothing to compare: such leads ended the same way with everybody"
    assert line(told, "Not compared") == ""
    assert told.advice == ()
    one_no = report(answer([*deals, *strata("cat", accepted=9, rejected=1)]), NAMES)
    assert line(one_no, "Reps") == "3 of 3 within what chance explains"


def test_what_nobody_owns_went_to_no_rep_and_is_not_judged() -> None:
    found = answer(TEAM)
    told = report(answer(TEAM, nobody=Counts(open=50), total=found.total + Counts(open=50)), NAMES)
    assert line(told, "Handed off") == "450, 400 of them to 4 reps"
    assert "hand-offs older than 2 working days that have an owner, 400 of 400;" in " ".join(told.notes)


def test_small_print_says_what_is_compared_and_what_was_passed_on() -> None:
    told = " ".join(report(answer(TEAM, moved=3), NAMES).notes)
    assert told.startswith("Compared with what all reps make of leads of the same grade and source. Nobody is ranked.")
    assert "silence is not a no" in told
    assert "hand-offs older than 2 working days, 400 of 400" in told
    assert "3 went to somebody else first" in told
    few = report(answer(strata("ana", accepted=9)), NAMES).notes
    assert few[0].startswith("Judged: "), "nobody is compared with anybody"


def test_a_step_keeps_window_and_filters() -> None:
    asked = query(sub="reps")
    narrow = Filter("source", ("webinar",))
    asked = query(sub="reps", cohort=type(asked.cohort)(asked.cohort.window, (narrow,)))
    told = report(answer([*TEAM, *strata("ana", rejected=100)], query=asked), NAMES)
    assert all("30d" in step.command and "webinar" in step.command for step in told.steps)


class Company(Known):
    def person(self, words: str) -> list[str]:
        return [words]


def test_every_step_can_be_asked_and_one_leads_to_each_of_those_listed() -> None:
    steps = report(answer([*TEAM, *strata("ana", rejected=100)]), NAMES).steps
    for step in steps:
        asked = parse(step.command, NOW, Company())
        assert isinstance(asked, Query)
        assert asked.text == step.command
    first = parse(steps[0].command, NOW, Company())
    assert isinstance(first, Query)
    assert (first.sub, first.subject) == ("rep", "ana")
    assert askable(report(answer([]), NAMES))


def test_twelve_weeks_without_a_true_difference_put_at_most_one_rep_beyond_chance() -> None:
    luck = random.Random(5)
    beyond = 0
    for _ in range(12):
        rows = []
        for key in range(16):
            for kind, share in ((DEMO, 0.7), (WEBINAR, 0.35)):
                n = luck.randint(4, 30)
                accepted = sum(luck.random() < share for _ in range(n))
                rows += strata(f"rep{key}", kind, accepted=accepted, rejected=n - accepted)
        found = answer(rows)
        beyond += sum(figure.standing == "outside 99.8" for rep in found.judged for figure in rep.figures.values())
    assert beyond <= 2, "an accept more is a rejection less: one rep makes two figures"


@given(
    st.lists(
        st.builds(
            Stratum,
            st.sampled_from(["ana", "ben", "cat"]),
            st.tuples(st.sampled_from(["A1", "B2"]), st.sampled_from(["demo", "webinar", "fair"])),
            st.sampled_from(Outcome),
            st.integers(1, 60),
        ),
        max_size=25,
    )
)
def test_expected_counts_of_all_reps_together_are_what_was_seen(rows: list[Stratum]) -> None:
    found = answer(rows)
    if len(found.judged) == len({row.name for row in rows if row.n and row.outcome is not Outcome.VOID}):
        for cause in CAUSES:
            seen = sum(rep.figures[cause].k for rep in found.judged)
            expected = sum(rep.figures[cause].expected * rep.figures[cause].n for rep in found.judged)
            assert expected == pytest.approx(seen)
    report(found, NAMES)
