"""One campaign against all others: what is compared, and how it reads."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.funnel.campaign import report
from bot.stats.campaign import Campaign, compared, course_by
from bot.stats.cohort import Counts, Outcome, Tally
from bot.stats.period import Period
from bot.stats.query import Cohort, Query, Window
from bot.stats.rates import Ends
from bot.stats.split import parts
from tests.core.funnel_kit import DAY, NAMES, NOW, askable, cohort, line, query, words


def rejected(**reasons: int) -> list[Tally]:
    return [Tally("", Outcome.REJECTED, code, n) for code, n in reasons.items()]


def campaign(
    own: Ends, rest: Ends, mine: list[Tally] | None = None, theirs: list[Tally] | None = None, **changed: Any
) -> Campaign:
    asked = query(sub="campaign", subject="Q4 webinar")
    versus, why = compared(own, rest, mine or [], theirs or [])
    weeks = {f"2026-{day}": cohort(10, 5) for day in ("10-26", "11-02", "11-09", "11-16")}
    plain: dict[str, Any] = {"by": "week", "course": parts("week", weeks, {}, asked.cohort.window)}
    plain |= {"versus": versus, "why": why, "own": own, "rest": rest}
    return Campaign(query=asked, as_of=NOW, name="Q4 webinar", **(plain | changed))


OWN, REST = cohort(38, 118, 0, 8), cohort(300, 90, 20, 30)


def test_the_whole_of_it_reads_aloud() -> None:
    mine, theirs = rejected(FIT_COMPANY=74, JUNK=44), rejected(FIT_COMPANY=9, OTHER=81)
    told = report(campaign(OWN, REST, mine, theirs), NAMES)
    assert told.title == "Q4 webinar · last 30 days"
    assert line(told, "Handed off") == "164 → 38 accepted · 118 rejected · 0 expired · 8 open"
    assert line(told, "Accept rate") == "23 % [17–30] within 2 working days · 38 of 164, 8 open"
    assert line(told, "Against the rest").endswith("→ ↓ −45 points [−52…−37]")
    assert told.advice == (
        "Sales accepts fewer of its leads than of all others: −45 points [−52…−37].",
        "“Company outside target” is more frequent here: 74 of 118 rejections, 9 of 90 elsewhere.",
        "“JUNK” is more frequent here: 44 of 118 rejections, 0 of 90 elsewhere.",
    )
    assert told.table
    assert [[cell.shown for cell in row] for row in told.table.rows] == [
        ["Company outside target", "74", "63 % [54–71] of 118", "10 % [5–18] of 90", "↑ +53"],
        ["JUNK", "44", "37 % [29–46] of 118", "0 % [0–4] of 90", "↑ +37"],
    ]
    assert told.charts[0].categories == ("26 Oct (15)", "2 Nov (15)", "9 Nov (15)")
    assert "by version" not in words(report(campaign(OWN, REST), NAMES))


def test_programs_get_its_own_counts_and_those_of_all_others() -> None:
    mine, theirs = rejected(FIT_COMPANY=74, JUNK=44), rejected(FIT_COMPANY=9, OTHER=81)
    table = report(campaign(OWN, REST, mine, theirs), NAMES).data
    assert table
    rows = {(row[0].value, row[1].value): [cell.value for cell in row[2:]] for row in table.rows}
    assert len(rows) == len(table.rows)
    assert rows["here", "handed_off"][3] == 164
    assert rows["elsewhere", "accepted"][3] == 300
    assert rows["here", "accept_rate"][3:] == [38, 164]
    assert rows["here", "reason JUNK"][3:] == [44, 118]
    assert rows["elsewhere", "reason JUNK"][3:] == [0, 90]
    assert round(float(rows["here", "difference"][0] or 0), 2) == -0.45
    assert round(float(rows["here", "difference FIT_COMPANY"][0] or 0), 2) == 0.53


def test_its_rate_and_its_reasons_are_one_family() -> None:
    """A reason that is clear alone is not among a dozen that show nothing."""
    alone = campaign(cohort(60, 60), cohort(600, 300), rejected(A=22, B=38), rejected(A=65, B=235))
    codes = {f"N{number}": 30 for number in range(12)}
    many = campaign(cohort(60, 420), cohort(600, 900), rejected(A=22, B=38, **codes), rejected(A=65, B=235, **codes))
    (first, *_), found = alone.why, {one.code: one for one in many.why}
    assert first.code == "B"
    assert [one.versus is not None for one in alone.why] == [True, True]
    family = [many.versus, *(one.versus for one in many.why)]
    assert len([one for one in family if one]) == 15
    assert found["A"].versus
    assert found["A"].versus.q >= found["A"].versus.p


@pytest.mark.parametrize(
    ("own", "rest", "said"),
    [
        (cohort(3, 2), REST, "Too few to compare yet: 5 decided here, and 10 are needed, with 20 elsewhere."),
        (cohort(30, 10), cohort(3), "Too few to compare yet: 40 decided here, and 10 are needed, with 20 elsewhere."),
        (
            cohort(60, 20),
            cohort(300, 100),
            "Nothing here differs clearly from the other campaigns by 10 points or more.",
        ),
        (cohort(3, 10), cohort(300, 100), "There may be a difference, but the rates are too wide (≈) to be sure"),
    ],
)
def test_what_is_not_clear_is_told_for_what_it_is(own: Ends, rest: Ends, said: str) -> None:
    (told,) = report(campaign(own, rest), NAMES).advice
    assert told.startswith(said)


def test_a_reason_that_is_frequent_among_few_only_seems_so() -> None:
    told = report(campaign(cohort(38, 12), cohort(300, 90), rejected(A=14, B=4), rejected(A=9, C=81)), NAMES)
    assert told.advice == (
        "“A” seems more frequent here: 14 of 18 rejections, 9 of 90 elsewhere; few data.",
        "“B” seems more frequent here: 4 of 18 rejections, 0 of 90 elsewhere; few data.",
    )


def test_a_wide_difference_is_neither_clear_nor_none() -> None:
    told = line(report(campaign(cohort(21, 6), cohort(32, 42)), NAMES), "Against the rest")
    assert told.endswith("not sure yet, the rates are too wide (≈)")
    told = line(report(campaign(cohort(60, 20), cohort(300, 100)), NAMES), "Against the rest")
    assert "no clear difference (could see ≥ " in told


def test_nothing_of_it_in_this_window() -> None:
    told = report(campaign(cohort(), REST, course=()), NAMES)
    assert [one.words for one in told.lines] == [
        'None of this campaign in this window. Try `campaign "Q4 webinar" 90d`.'
    ]
    assert (told.advice, told.charts) == ((), ())
    assert told.steps[0].command == 'campaign "Q4 webinar" 90d'


def test_times_that_nobody_knows_make_both_plain_shares() -> None:
    told = report(campaign(cohort(60, 40, untimed=60), REST), NAMES)
    assert line(told, "Accept rate").startswith("60 % [50–69] · 60 of 100 decided")
    assert line(told, "Against the rest").startswith("73 % [69–77] · 300 of 410 decided → ↓")


def test_the_plain_formula_stands_beside_where_it_was_asked_for() -> None:
    told = report(campaign(OWN, REST, period=Period("", 164, 41, 12)), NAMES)
    assert line(told, "SAL ÷ MQL") == "25 % · 41 accepted ÷ 164 handed off"


def test_the_course_goes_by_months_from_a_quarter_on() -> None:
    assert course_by(Window(NOW - 30 * DAY, NOW, "30d")) == "week"
    assert course_by(Window(NOW - timedelta(days=92), NOW, "92d")) == "month"


def test_what_can_be_asked_next_is_about_it() -> None:
    steps = {step.label: step.command for step in report(campaign(OWN, REST), NAMES).steps}
    assert steps["Its rejections"] == 'rejections 30d campaign:"Q4 webinar"'
    assert steps["All campaigns"] == "30d by campaign"
    assert askable(report(campaign(OWN, REST), NAMES))
    assert askable(report(campaign(cohort(), REST), NAMES))


def test_what_was_chosen_by_its_outcome_or_is_deals_alone_is_not_too_few() -> None:
    chosen = replace(cohort(rejected=30), by_outcome=True)
    told = report(campaign(chosen, replace(cohort(rejected=40), by_outcome=True)), NAMES)
    assert line(told, "Against the rest").endswith("→ nothing to compare")
    assert told.advice == ("These were chosen by their outcome, so there is no rate, and nothing to compare.",)
    (deals,) = report(campaign(cohort(90, untimed=90), cohort(60, 40)), NAMES).advice
    assert deals.startswith("No rejection or expiry is recorded")


def test_a_hostile_name_stays_a_name() -> None:
    asked: Query = replace(query(), sub="campaign", subject="`<!here>`", cohort=Cohort(query().cohort.window))
    told = report(replace(campaign(OWN, REST), name="`<!here>`", query=asked), NAMES)
    assert told.title.startswith("ˋ<!here>ˋ")


@pytest.mark.parametrize("n", [0, 3, 9, 10, 29, 30, 30_000])
def test_any_size_can_be_told(n: int) -> None:
    told = words(report(campaign(cohort(n // 2, n - n // 2, void=1), REST, rejected(A=n)), NAMES))
    assert "nan" not in told
    assert Counts() != cohort(void=1).counts
