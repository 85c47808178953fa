"""Each slip in criteria.yaml is told with line, key and expectation, once; what is right is let through."""

from pathlib import Path

import pytest

from bot.config.criteria_file import CriteriaFile
from bot.config.load import parse
from tests.core.config_kit import CRITERIA, GOOD, edited, told


def _slips() -> list[tuple[str, str, list[str]]]:
    """The table beside this file: what is replaced, by what, and the faults."""
    blocks = Path(__file__).with_name("lint_criteria.txt").read_text().split("\n\n")
    return [_slip(block.splitlines()) for block in blocks[1:]]


def _slip(lines: list[str]) -> tuple[str, str, list[str]]:
    old, new = ("\n".join(line[2:] for line in lines if line.startswith(sign)) for sign in ("- ", "+ "))
    return old, new, [line for line in lines if line[:2] not in {"- ", "+ "}]


SLIPS = _slips()


@pytest.mark.parametrize(("old", "new", "faults"), SLIPS, ids=[new for _, new, _ in SLIPS])
def test_each_slip_is_told_with_line_key_and_expectation(old: str, new: str, faults: list[str]) -> None:
    assert told(edited("criteria.yaml", old, new)) == [f"criteria.yaml:{fault}" for fault in faults]


SENIOR = "{field: seniority, equals: head}"
SMALL = "{field: employees, below: 50}"
RIGHT = [
    ("a cell that is hard to reach", "P2: [A2]", "P2: [A2, D4]"),
    ("a tier that only a fast track gives", "P1: [A1, B1]", "P1: []"),
    ("a grade that no lead has and no cell names", "{1: 20, 2: 10, 3: 5}", "{1: 20, 2: 19.99, 3: 5}"),
    ("a grade that only the exact sum reaches", "{A: 20, B: 10, C: 5}", "{A: 30, B: 15, C: 5}"),
    ("a word that only looks like an earlier one", "staff: [analyst]", "staff: [mvp, ahead of]"),
    ("capitals of a derived value", SENIOR, "{field: seniority, equals: Head}"),
    ("all values of a set but one", SENIOR, "{not: {field: email_kind, in: [free, disposable, invalid]}}"),
    ("a country as people write it, in a free field", SENIOR, "{field: country, in: [UK, Germany]}"),
    ("Norway", SENIOR, "{field: country_code, in: [NO, SE]}"),
    ("Kosovo", SENIOR, "{field: country_code, equals: XK}"),
    ("yes in all its kinds", SENIOR, "{field: x, in: [true, 'true', 1, '1']}"),
    ("what is known, whatever it is", SENIOR, "{field: x, is_blank: false}"),
    ("every number there is", SENIOR, "{any: [{field: x, above: 3}, {field: x, at_most: 3}]}"),
    ("touching bounds", SENIOR, "{field: x, at_least: 5, at_most: 5}"),
    ("a narrow range", SENIOR, "{field: x, above: 5, below: 5.01}"),
    ("texts or numbers", SENIOR, "{any: [{field: x, equals: '5'}, {field: x, equals: 5}]}"),
    ("two words at once", SENIOR, "{all: [{field: x, contains: a}, {field: x, contains: b}]}"),
    ("a word, but not as part of another", SENIOR, "{all: [{field: x, contains: b}, {not: {field: x, contains: ab}}]}"),
    ("an expression among others", SENIOR, "{all: [{field: x, matches: '^a'}, {not: {field: x, equals: a}}]}"),
    ("nothing known", SENIOR, "{all: [{field: x, is_blank: true}, {field: y, is_blank: false}]}"),
    ("the rest of a range", SMALL, "{field: employees, above: 500}"),
    ("a wider range behind a narrow one", SMALL, "{field: employees, at_least: 49}"),
    ("a wider range than those before it together", SMALL, "{field: employees, at_least: 0}"),
    ("an expression behind a range", SMALL, "{field: employees, matches: '^50'}"),
    ("several fields behind one", SMALL, "{any: [{field: employees, at_least: 60}, {field: seats, above: 5}]}"),
    ("a rule of 0 points that stops the others", "points: -5.5", "points: 0"),
    ("a cap of one signal", "cap: 40,", "cap: 20,"),
    ("a cap that the newest days can fill", "      cap: 10\n", "      cap: 142\n"),
    ("a signal that fades of itself", "      cap: 10\n", ""),
    ("a label of two kinds of rules", "label: Asked for a demo", "label: Demo"),
    ("a longer fast track", "    within: 2w\n", "    within: 2w\n    at_least: 2\n"),
    ("a grade that takes every signal there is", "{1: 20, 2: 10, 3: 5}", "{1: 60, 2: 10, 3: 5}"),
    ("a date in the label", "label: Senior", "label: Senior since 2020"),
]


@pytest.mark.parametrize(("old", "new"), [row[1:] for row in RIGHT], ids=[row[0] for row in RIGHT])
def test_what_makes_sense_raises_no_alarm(old: str, new: str) -> None:
    assert CRITERIA.count(old) == 1
    parse(edited("criteria.yaml", old, new))


def test_a_fast_track_may_stand_behind_a_narrower_one() -> None:
    wide = "    tier: P1\n  - {label: Demo or visit, signals: [demo, visit], within: 1w, tier: P2}\n"
    parse(edited("criteria.yaml", "    tier: P1\n", wide))


def test_a_fast_track_may_stand_behind_a_wider_one_that_is_less_urgent() -> None:
    narrow = "    tier: P2\n  - {label: Demo this week, signals: [demo], within: 1w, tier: P1}\n"
    parse(edited("criteria.yaml", "    tier: P1\n", narrow))


def test_a_disqualifier_that_voids_the_card_may_stand_behind_a_wider_one_that_does_not() -> None:
    rule = "  - {label: Rival, when: {field: relationship, equals: competitor}, voids_card: true}\ndata:\n"
    parse(edited("criteria.yaml", "data:\n", rule))


def test_two_lists_of_first_of_may_share_a_condition() -> None:
    small = "{label: Tiny, points: 2, when: {field: employees, below: 50}}"
    other = "{label: Known, points: 1, when: {field: partner, equals: true}}"
    listed = f"    - first_of: [{small}, {other}]\n    - label: Known industry\n"
    parse(edited("criteria.yaml", "    - label: Known industry\n", listed))


def test_a_behaviour_of_4_is_out_of_reach_where_nothing_lies_below_3() -> None:
    text = edited("criteria.yaml", "{1: 20, 2: 10, 3: 5}", "{1: 20, 2: 10, 3: 0}")["criteria.yaml"]
    text = text.replace("P2: [A2]", "P2: [A4]").replace("points: 0, per_value: 0.1,", "points: 1,")
    parse(GOOD | {"criteria.yaml": text})  # a no takes points away
    [fault] = told(GOOD | {"criteria.yaml": text.replace("points: -5,", "points: 5,")})
    assert "A4 is out of reach: no sum of behaviour points gives 4" in fault


def test_a_tier_of_sla_yaml_that_nobody_uses_is_no_fault() -> None:
    parse(
        GOOD
        | {
            "sla.yaml": GOOD["sla.yaml"]
            + "  P9: {due: 1d, ladder: [{after: 1d, step: escalate}, {after: 2d, step: expire}]}\n"
        }
    )


def test_rules_that_leave_nothing_to_a_later_one_only_together_are_told() -> None:
    later = "    - label: Known industry\n"
    third = "        - {label: Any size, points: 1, when: {field: employees, at_most: 500}}\n"
    words = "never gets its turn: the rules before it leave nothing to it; expected it further up, or gone"
    assert told(edited("criteria.yaml", later, third + later)) == [f"criteria.yaml:23: fit.rules.1.first_of.2: {words}"]


def test_derived_attributes_that_are_read_out_of_each_other_are_told_and_do_not_hang() -> None:
    looped = "  rank: {field: seniority, values: {high: [head]}}\n  seniority:\n    field: rank\n"
    assert told(edited("criteria.yaml", "  seniority:\n    field: title\n", looped)) == [
        "criteria.yaml:5: derived.rank.field: rank is read out of itself; expected another field",
        "criteria.yaml:7: derived.seniority.field: seniority is read out of itself; expected another field",
    ]


def test_points_of_rules_that_exclude_each_other_are_not_added_up() -> None:
    """Without first_of too: 15 + 10 + 5 make an A of 30, and no lead is small besides."""
    entry = "    - {label: Tiny, points: 10, when: {field: employees, below: 10}}\n    - label: Known industry\n"
    text = edited("criteria.yaml", "    - label: Known industry\n", entry)["criteria.yaml"]
    parse(GOOD | {"criteria.yaml": text.replace("A: 20", "A: 30")})
    assert "no sum of fit points gives A" in told(GOOD | {"criteria.yaml": text.replace("A: 20", "A: 30.5")})[0]


def test_the_table_has_slips_in_every_part_of_the_file() -> None:
    told_of = {fault.split(": ")[1].split(".")[0] for *_, faults in SLIPS for fault in faults}
    assert told_of >= set(CriteriaFile.model_fields) - {"crossing"}
