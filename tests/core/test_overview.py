"""The overview: what is compared and warned of, and that it reads well and honestly however few data there are."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.blocks.funnel.overview import WATCHED, report
from bot.stats.cohort import Counts, Ending, Later
from bot.stats.marks import Mark
from bot.stats.maths.mix import Split, simpson, split
from bot.stats.onward import by_days, shortened, stage
from bot.stats.overview import LEAST_MIX, Overview, changes, mixed, paired
from bot.stats.query import After, Filter, Query
from bot.stats.rates import Ends, Horizon
from bot.stats.sla import Met
from bot.stats.times import ON_THE_WALL, times
from tests.core.funnel_kit import DAY, NAMES, NOW, TWO_DAYS, askable, cohort, line, query, words

YOUNG = cohort(8, 4, minutes={"accepted": 300}, horizon=Horizon(120, "working", "2bh", shortened=True))
PREVIOUS = {"demo": (40, 50), "webinar": (45, 150)}
CURRENT = {"demo": (84, 110), "webinar": (24, 90)}


def overview(now: Ends, before: Ends | None = None, **changed: Any) -> Overview:
    sources, sources_before = changed.pop("sources", {}), changed.pop("sources_before", {})
    change, turns = changes(now, before, sources, sources_before)
    counts = now.counts
    rows = [Ending("", "accepted", 70, counts.accepted), Ending("", "rejected", 540, counts.rejected)]
    ended = [row for row in rows if row.n]
    plain: dict[str, Any] = {
        "query": query(),
        "as_of": NOW,
        "now": now,
        "before": before,
        "change": change,
        "turns": turns,
        "mix": mixed(sources_before, sources),
        "sources": paired(sources_before, sources),
        "repeats": Counts(),
        "rerouted": 0,
        "working": times(ended, [(60, counts.open)], TWO_DAYS),
        "wall": times(ended, [(60, counts.open)], ON_THE_WALL),
        "sla": Met(met=counts.decided),
        "sql": stage([], "sql", by_days(30)),
        "reasons": (),
    }
    return Overview(**(plain | changed))


FULL = overview(
    cohort(121, 57, 9, 27, sql=48, won=6, void=2),
    cohort(98, 60, 14),
    sla=Met(176, 11, 6, 21),
    sql=stage(
        [Later("", "sql", 100, 48), Later("", "out", 120, 21), Later("", "open", 336, 52)],
        "sql",
        shortened(by_days(30), 336 * 60),
    ),
    reasons=(("FIT_COMPANY", 17), ("FIT_PERSON", 12), ("DATA_WRONG", 9), ("(blank)", 8)),
    repeats=Counts(accepted=4, rejected=5),
    rerouted=3,
    accept_target=0.65,
)


def test_the_whole_of_it_reads_aloud() -> None:
    told = report(FULL, NAMES)
    assert told.title == "Funnel · last 30 days"
    assert {one.label: one.words for one in told.lines} == {
        "Handed off": "214 → 121 accepted · 57 rejected · 9 expired · 27 open",
        "Further": "48 SQL · 6 won so far",
        "Accept rate": "57 % [50–63] within 2 working days · 121 of 214, 27 open",
        "Before": ("57 % [50–64] · 98 of 172 → 0 points [−10…+9]: no clear change (could see ≥ 14 points)"),
        "Other ends": "rejected 27 % [21–33] (57) · expired 17 % [12–22] (9)",
        "Decision time": (
            "half within 1 h 10 min, 75 % 9 h, 90 % 9 h of working time · on the wall clock half within 1 h 10 min"
        ),
        "SLA met": "91 % [86–94] · 176 of 193 due; 6 of the missed are still open",
        "SQL rate": (
            "40 % [31–49] within 14 days of the accept (too few are 30 days old) · "
            "48 SQL · 21 dropped out · 52 under way"
        ),
        "Top reasons": "Company outside target 17 · FIT_PERSON 12 · Data is wrong 9",
    }
    assert told.notes[-2] == WATCHED
    assert told.notes[-3] == (
        "Not among these: 2 void (tests, duplicates) · 9 repeat hand-offs (4 accepted) · "
        "3 times “not mine” (that only moves a card)."
    )
    assert told.charts[0].series == {"Hand-offs": (214, 121, 48, 6)}
    assert told.notes[-1].endswith("definitions differ. Your own target: 65 %.")
    assert [step.label for step in told.steps] == ["What is open", "By source", "By campaign", "Rejections", "SLA"]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (cohort(open_=3), "nothing is decided yet"),
        (cohort(2, 1), "2 of 3 decided; a rate from 10 on"),
        (cohort(4, 5, open_=40), "4 of 9 decided; a rate from 10 on"),
        (YOUNG, "8 of 12 decided, but only 4 of them within 2 working hours; a rate from 10 on"),
        (cohort(6, 4), "≈ 60 % [31–83] within 2 working days · 6 of 10 · few data"),
        (cohort(28, 1), "97 % [83–99] within 2 working days · 28 of 29 · few data"),
        (cohort(29, 1), "97 % [83–99] within 2 working days · 29 of 30"),
        (cohort(30), "100 % [89–100] within 2 working days · 30 of 30"),
        (cohort(18_000, 9_000, 3_000), "60 % [59–61] within 2 working days · 18,000 of 30,000"),
        (cohort(20, 10, untimed=20), "≈ 67 % [49–81] · 20 of 30 decided (of 20 nobody knows when, so not by a time)"),
    ],
)  # fmt: skip
def test_how_much_is_said_of_the_accept_rate(now: Ends, said: str) -> None:
    assert line(report(overview(now), NAMES), "Accept rate") == said


@pytest.mark.parametrize(("n", "said"), [(1, ": once “not mine” ("), (2, ": 2 times “not mine” (")])
def test_one_reroute_happened_once(n: int, said: str) -> None:
    assert any(said in note for note in report(overview(cohort(20, 10), rerouted=n), NAMES).notes)


def test_a_percent_never_stands_without_its_counts() -> None:
    for told in report(FULL, NAMES).lines:
        if "%" in told.words and told.label != "Decision time":
            assert any(n in told.words for n in (" of ", "(57)", "SQL")), told


def test_an_empty_window_says_when_the_last_one_was_and_what_to_try() -> None:
    empty = overview(cohort(), cohort(), last=NOW - 19 * DAY)
    told = report(empty, NAMES)
    assert [one.words for one in told.lines] == ["None in this window. Last: 3 Nov 2026. Try `90d`."]
    assert (told.advice, told.charts, told.notes) == ((), (), ())
    assert [step.command for step in told.steps] == ["90d"]
    older = report(overview(cohort(), last=NOW - 200 * DAY), NAMES)
    assert older.lines[0].words == "None in this window. Last: 6 May 2026. Try `2026-05`."
    assert report(overview(cohort()), NAMES).lines[0].words.startswith("None yet: ")
    filtered = replace(query().cohort, filters=(Filter("source", ("webinar",)),))
    told = report(overview(cohort(), query=query(cohort=filtered)), NAMES)
    assert told.lines[0].words == "None in this window. Try `90d source:webinar`."


def test_void_ones_alone_are_shown_and_counted_nowhere() -> None:
    told = report(overview(cohort(void=3), cohort()), NAMES)
    assert line(told, "Handed off") == "none in this window that count"
    assert "Not among these: 3 void (tests, duplicates)." in told.notes
    assert told.charts == ()


def test_times_that_nobody_knows_are_counted_and_left_out() -> None:
    ended = [Ending("", "accepted", None, 4), Ending("", "accepted", 30, 20)]
    told = report(overview(cohort(24), working=times(ended, [], TWO_DAYS)), NAMES)
    assert line(told, "Decision time").endswith("4 without a known time left out")
    nobody = [Ending("", "accepted", None, 24)]
    unknown = overview(cohort(24), working=times(nobody, [], TWO_DAYS), wall=times(nobody, [], ON_THE_WALL))
    assert line(report(unknown, NAMES), "Decision time") == "24 without a known time left out"


def test_a_time_that_is_not_reached_is_longer_than_was_looked() -> None:
    ended = [Ending("", "accepted", 30, 30), Ending("", "expired", TWO_DAYS.minutes, 30)]
    told = report(overview(cohort(30, 0, 30), working=times(ended, [], TWO_DAYS)), NAMES)
    assert "half within 30 min, 75 % longer than 2 working days" in line(told, "Decision time")


def test_a_shortened_horizon_is_said() -> None:
    young = Horizon(360, "working", "6bh", shortened=True)
    told = report(overview(cohort(20, 10, horizon=young)), NAMES)
    assert "within 6 working hours" in line(told, "Accept rate")
    assert "the longest with enough data" in told.reading


LATE = "in time 64 % [56–71] · 100 of 156, below your own target of 90 %"


class TestAdvice:
    """What to do now, for somebody who sees it for the first time."""

    def test_what_waits_comes_first_and_three_sentences_are_the_most(self) -> None:
        bad = overview(
            cohort(60, 130, 10),
            cohort(120, 80),
            sla=Met(100, 50, 6),
            sla_target=0.90,
            reasons=(("FIT_COMPANY", 60), ("JUNK", 70)),
        )
        assert report(bad, NAMES).advice == (
            "6 cards are overdue and somebody is waiting: `open` shows whose turn it is.",
            f"Answers come late: {LATE}. `sla 30d` shows where.",
            "Fewer are accepted than before: −30 points [−39…−20]. `30d by source` shows each source.",
        )

    def test_the_source_that_fell_is_named_with_its_counts(self) -> None:
        one = {
            "sources": {"webinar": (20, 60), "demo": (60, 80)},
            "sources_before": {"webinar": (45, 75), "demo": (60, 80)},
        }
        (told,) = report(overview(cohort(121, 66), cohort(98, 60), **one), NAMES).advice
        assert told == (
            "Fewer are accepted of one source: webinar, 20 of 60 after 45 of 75. `30d by source` shows each source."
        )
        assert "webinar ↓ −27 points" in line(
            report(overview(cohort(121, 66), cohort(98, 60), **one), NAMES), "Sources"
        )

    def test_deals_alone_are_no_good_news(self) -> None:
        deals = overview(cohort(842, open_=7158, untimed=842), cohort(60, 40), sla=Met())
        told = report(deals, NAMES)
        assert line(told, "Accept rate") == "842 of 842 decided; no rate, as no rejection or expiry is recorded"
        assert line(told, "Before").endswith("→ nothing to compare")
        assert told.advice[-1].startswith("No rejection or expiry is recorded, so there is no accept rate")
        assert "100 %" not in words(told)
        assert (deals.change, deals.turns, deals.mix) == (None, (), None)

    def test_a_rise_is_no_call_to_act(self) -> None:
        one = {"sources": {"webinar": (45, 75)}, "sources_before": {"webinar": (24, 60)}}
        (told,) = report(overview(cohort(150, 50), cohort(98, 90), **one), NAMES).advice
        assert told.startswith("Nothing to do")

    def test_a_source_that_fell_by_chance_is_not_named(self) -> None:
        one = {"sources": {"webinar": (29, 60)}, "sources_before": {"webinar": (36, 66)}}
        (told,) = report(overview(cohort(60, 40), cohort(60, 40), **one), NAMES).advice
        assert told.startswith("Nothing to do")

    def test_one_reason_behind_a_third_of_the_rejections(self) -> None:
        found = overview(cohort(60, 30), cohort(60, 30), reasons=(("FIT_COMPANY", 10), ("JUNK", 20)))
        assert not any("One reason" in told and "10 of 30" in told for told in report(found, NAMES).advice[1:])
        (told,) = report(found, NAMES).advice
        assert told.startswith("One reason is behind 10 of 30 rejections: “Company outside target”.")
        few = overview(cohort(60, 30), cohort(60, 30), reasons=(("FIT_COMPANY", 9), ("JUNK", 9)))
        assert "One reason" not in report(few, NAMES).advice[0]

    @pytest.mark.parametrize(
        ("sla", "target", "late"),
        [
            (Met(40, 60), None, False),
            (Met(92, 8), 0.95, False),
            (Met(920, 80), 0.95, True),
            (Met(22, 5), 0.90, False),
            (Met(22, 5), 0.95, True),
            (Met(2, 7), 0.99, False),
        ],
    )
    def test_answers_are_late_only_below_the_companys_own_target_and_beyond_chance(
        self, sla: Met, target: float | None, late: bool
    ) -> None:
        told = report(overview(cohort(60, 30), cohort(60, 30), sla=sla, sla_target=target), NAMES).advice[0]
        assert ("Answers come late" in told) == late

    def test_few_data_say_how_many_are_missing(self) -> None:
        (told,) = report(overview(cohort(8, 4), cohort(1)), NAMES).advice
        assert told == "Too few decided to compare yet: 1 before (20 are needed). `90d` looks further back."
        (told,) = report(overview(cohort(6, 3, open_=5), cohort(12, 8)), NAMES).advice
        assert told.startswith("Too few decided to compare yet: 9 here (10 are needed).")
        (told,) = report(overview(cohort(6, 3), cohort(12, 7)), NAMES).advice
        assert told.startswith("Too few decided to compare yet: 9 here (10 are needed) and 19 before (20 are needed).")
        (told,) = report(overview(YOUNG, cohort(20, horizon=YOUNG.horizon)), NAMES).advice
        assert told.startswith("Too few decided to compare yet: 4 within 2 working hours here (10 are needed).")

    def test_what_is_missing_is_counted_as_in_the_lines_above(self) -> None:
        young = cohort(8, minutes={"accepted": 300}, horizon=YOUNG.horizon)
        told = report(overview(young, cohort(6, 3)), NAMES)
        assert line(told, "Accept rate").startswith("8 of 8 decided;")
        assert "yet: 8 here (10 are needed) and 9 before (20 are needed)." in told.advice[0]

    def test_what_was_chosen_by_its_outcome_has_nothing_to_compare_and_no_reason_stands_out(self) -> None:
        chosen = replace(cohort(rejected=24), by_outcome=True)
        before = replace(cohort(rejected=8), by_outcome=True)
        told = report(overview(chosen, before, reasons=(("FIT_COMPANY", 24),)), NAMES)
        assert line(told, "Before").endswith("→ nothing to compare")
        assert [one.split(":")[0] for one in told.advice] == ["Nothing to do"]
        assert "chosen by their outcome" in told.advice[0]

    def test_where_nothing_lies_before_nothing_is_missing(self) -> None:
        (told,) = report(overview(cohort(8, 4), cohort()), NAMES).advice
        assert "there is nothing yet to compare with" in told

    def test_noise_is_called_noise(self) -> None:
        (told,) = report(overview(cohort(60, 40), cohort(55, 45)), NAMES).advice
        assert told.startswith("Nothing to do: no card is overdue, and no rate changed clearly by 10 points or more.")

    def test_without_a_comparison_none_is_claimed(self) -> None:
        (told,) = report(overview(cohort(60, 40)), NAMES).advice
        assert "no other window was compared" in told

    def test_a_change_that_is_too_wide_to_be_sure_is_not_called_noise(self) -> None:
        (told,) = report(overview(cohort(2, 13), cohort(18, 12)), NAMES).advice
        assert "chance" not in told

    def test_commands_keep_the_window_and_the_filters(self) -> None:
        asked = query(cohort=replace(query().cohort, filters=(Filter("team", ("sales",)),)))
        told = report(overview(cohort(60, 130), cohort(120, 80), query=asked), NAMES)
        assert "`30d by source team:sales`" in told.advice[0]
        assert all("30d" in step.command and "team:sales" in step.command for step in told.steps)
        assert "open" not in {step.command for step in told.steps}, "nothing is overdue"

    def test_a_question_that_looks_by_an_age_gets_no_sla_by_it(self) -> None:
        told = report(overview(cohort(60, 40), query=query(after=After(24, "h"))), NAMES)
        commands = {step.label: step.command for step in told.steps}
        assert "at=24h" in commands["Rejections"]
        assert "at=" not in commands["SLA"]

    @pytest.mark.parametrize(
        "asked",
        [
            query(),
            query(matured=True),
            query(after=After(8, "bh")),
            query(previous=None),
            query(to="dm", csv=True, confidence=0.9),
            query(cohort=replace(query().cohort, touch="first", filters=(Filter("campaign", ("Q4 webinar",)),))),
        ],
    )
    def test_whatever_is_suggested_can_be_asked(self, asked: Query) -> None:
        bad = overview(cohort(60, 130), cohort(120, 80), query=asked, sla=Met(50, 50, 6), reasons=(("JUNK", 130),))
        assert len(report(bad, NAMES).advice) == 3
        assert askable(report(bad, NAMES))
        assert askable(report(overview(cohort(), last=NOW - 19 * DAY, query=asked), NAMES))
        assert askable(report(overview(cohort(60, 40), query=asked), NAMES))


class TestMix:
    """Whether more of the better sources made the rate."""

    def test_both_sources_got_worse_and_the_whole_better(self) -> None:
        mix = mixed(PREVIOUS, CURRENT)
        assert mix
        assert 100 * mix.split.rate == pytest.approx(-3.45, abs=0.005)
        assert 100 * mix.split.mix == pytest.approx(14.95, abs=0.005)
        assert mix.simpson.flips
        assert (mix.source, mix.before, mix.now) == ("demo", (50, 200), (110, 200))
        told = report(overview(cohort(108, 92), cohort(85, 115), sources=CURRENT, sources_before=PREVIOUS), NAMES)
        assert line(told, "Mix") == "of +12 points, −3 come from the sources' rates, +15 from their mix"
        assert told.notes[0] == (
            "⚠ Mix: every source with enough data went the other way than the whole "
            "(demo was 50 of 200, now 110 of 200)."
        )

    def test_half_of_the_change_and_more_is_said(self) -> None:
        mix = mixed({"demo": (40, 50), "webinar": (45, 150)}, {"demo": (90, 110), "webinar": (27, 90)})
        assert mix
        assert not mix.simpson.flips
        found = overview(cohort(117, 83), cohort(85, 115), mix=mix)
        assert (
            line(report(found, NAMES), "Mix").removesuffix(" · of those old enough to judge")
            == "of +16 points, +1 come from the sources' rates, +15 from their mix"
        )
        assert report(found, NAMES).notes[0].startswith("⚠ Mix: much of the change comes from another mix of sources")

    def test_one_point_is_one_point(self) -> None:
        mix = mixed(PREVIOUS, CURRENT)
        assert mix
        found = overview(cohort(108, 92), cohort(110, 90), mix=replace(mix, split=Split(rate=-0.16, mix=0.15)))
        assert line(report(found, NAMES), "Mix").startswith("of −1 point, −16 come from")

    def test_a_clear_change_is_told_by_its_parts_even_where_the_mix_is_small(self) -> None:
        one = {
            "sources": {"demo": (30, 80), "webinar": (10, 120)},
            "sources_before": {"demo": (50, 80), "webinar": (30, 120)},
        }
        told = report(overview(cohort(40, 160), cohort(80, 120), **one), NAMES)
        assert line(told, "Mix") == "of −20 points, −20 come from the sources' rates, 0 from their mix"
        assert not any("Mix" in note for note in told.notes)

    def test_what_is_too_young_to_be_looked_at_by_source_is_said_to_be_left_out(self) -> None:
        one = {
            "sources": {"demo": (30, 80), "webinar": (10, 120)},
            "sources_before": {"demo": (50, 80), "webinar": (30, 120)},
        }
        told = report(overview(cohort(40, 160, open_=20), cohort(80, 120), **one), NAMES)
        assert line(told, "Mix").endswith("from their mix · of those old enough to judge")
        assert line(told, "Sources").endswith("now 30 of 80) · of those old enough to judge")

    def test_a_mix_that_did_next_to_nothing_is_not_worth_a_word(self) -> None:
        before, now = {"demo": (40, 50), "webinar": (30, 150)}, {"demo": (42, 53), "webinar": (30, 147)}
        parts = split(before, now)
        assert parts
        assert 0 < parts.mix < LEAST_MIX
        assert simpson(before, now).mostly_mix
        mix = mixed(before, now)
        assert mix
        assert not mix.misleads
        told = report(overview(cohort(72, 128), cohort(70, 130), sources=now, sources_before=before), NAMES)
        assert "mix" not in words(told).lower()

    def test_a_mix_of_fewer_than_thirty_is_no_warning(self) -> None:
        assert mixed({"demo": (8, 10), "webinar": (4, 19)}, {"demo": (30, 40), "webinar": (2, 10)}) is None

    def test_nothing_before_has_no_mix(self) -> None:
        assert mixed({}, CURRENT) is None
        assert mixed(PREVIOUS, {}) is None
        assert mixed({}, {}) is None


class TestChanges:
    """Which comparisons an overview makes."""

    def test_none_without_another_window(self) -> None:
        assert changes(cohort(60, 40), None, CURRENT, {}) == (None, ())

    def test_the_five_largest_sources_at_most(self) -> None:
        many = {f"source {number}": (30, 60 + number) for number in range(8)}
        _, turns = changes(cohort(300, 300), cohort(300, 300), many, many)
        assert [turn.source for turn in turns] == [f"source {number}" for number in (7, 6, 5, 4, 3)]

    def test_a_source_that_is_new_or_small_is_left_out(self) -> None:
        _, turns = changes(cohort(60, 40), cohort(60, 40), {"new": (30, 60), "small": (4, 9)}, {"small": (30, 60)})
        assert turns == ()

    def test_the_same_horizon_on_both_sides(self) -> None:
        """27 open ones of an hour are no reason to call the window worse than one that is over."""
        change, _ = changes(cohort(121, 66, open_=27, age=30), cohort(110, 60), {}, {})
        assert change
        assert change.difference.value == pytest.approx(121 / 187 - 110 / 170)


def test_marks_are_told_and_a_change_of_the_rules_is_a_warning() -> None:
    marks = tuple(Mark(date(2026, 11, day), f"`note` {day}", "note") for day in range(1, 8))
    told = report(overview(cohort(60, 40), marks=marks), NAMES).notes
    assert (
        told[0] == "Marked: 3 Nov ˋnoteˋ 3 · 4 Nov ˋnoteˋ 4 · 5 Nov ˋnoteˋ 5 · 6 Nov ˋnoteˋ 6 · 7 Nov ˋnoteˋ 7 · 2 more"
    )
    assert "by version" not in " ".join(told)
    changed = report(overview(cohort(60, 40), marks=(Mark(date(2026, 11, 2), "criteria changed", "criteria"),)), NAMES)
    assert "`by version` tells them apart" in " ".join(changed.notes)


def test_the_whole_answer_is_a_table_for_programs() -> None:
    data = report(FULL, NAMES).data
    assert data
    rows = {(row[0].value, row[1].value): [cell.value for cell in row[2:]] for row in data.rows}
    assert rows["now", "handed_off"][3] == 214
    assert rows["before", "accepted"][3] == 98
    value, low, high, k, n = rows["now", "accept_rate"]
    assert (round(float(value or 0), 3), k, n) == (0.565, 121, 214)
    assert float(low or 0) < float(value or 0) < float(high or 0)
    assert rows["now", "decision_time_median_seconds"][0] == 70 * 60
    assert rows["now", "reason FIT_COMPANY"][3:] == [17, 57]
    assert all(len(row) == len(data.columns) for row in data.rows)


@pytest.mark.parametrize("k", [0, 3, 9, 10, 29, 30, 30_000])
@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("old", [None, 0, 3, 30, 30_000])
def test_any_size_can_be_told(k: int, share: float, old: int | None) -> None:
    yes = round(k * share)
    before = None if old is None else cohort(old // 2, old - old // 2)
    told = words(report(overview(cohort(yes, k - yes, open_=k // 10, void=1), before), NAMES))
    assert "nan" not in told
    assert "None" not in told.replace("None in this window", "")
    assert all(len(line) < 400 for line in told.splitlines())


def test_a_long_wait_is_told_in_days() -> None:
    wait = times([Ending("", "accepted", 3 * 24 * 60, 30)], [], ON_THE_WALL)
    told = report(overview(cohort(30), wall=wait), NAMES)
    assert line(told, "Decision time").endswith("on the wall clock half within 3 d")


@pytest.mark.parametrize(("expired", "told"), [(2, False), (3, True), (9, True)])
def test_a_quiet_week_says_how_many_got_no_answer(expired: int, told: bool) -> None:
    (said,) = report(overview(cohort(12, 9, expired), cohort(13, 9, expired)), NAMES).advice[-1:]
    assert said.startswith("Nothing to do") == (f"But {expired} of" in said or not told)
    assert (f"But {expired} of {21 + expired} got no answer: `sla 30d` shows where." in said) == told
