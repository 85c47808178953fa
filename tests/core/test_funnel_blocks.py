"""How /funnel reads: right for Slack, honest about few data, and safe whatever a CRM calls its sources."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.drawing import Drawing
from bot.blocks.funnel import help_blocks, overview_blocks, problem_blocks
from bot.blocks.funnel_text import help_text, overview_json, overview_text, problem_text
from bot.blocks.funnel_words import DEFINITION, width
from bot.stats.cohort import Counts, Group, Overview, accept_rate
from bot.stats.query import Definition, Open, Problem, Query, parse
from tests.schemas import check

NOW = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
LABELS = {"FIT_COMPANY": "Company outside target", "DATA_WRONG": "Data is wrong"}
GROUPS = (
    Group("webinar", Counts(accepted=90, rejected=40, expired=6, open=20, sql=40, won=5)),
    Group("(blank)", Counts(accepted=31, rejected=17, expired=3, open=7, sql=8, won=1)),
)
HOSTILE = [
    "<!channel>",
    "a & b",
    "```",
    "*_~`",
    "line\nbreak",
    "\u202eevil",
    "x" * 4000,
    "",
    "日本語のウェビナー資料請求",
    "&amp;",
]


def overview(groups: tuple[Group, ...] = GROUPS, text: str = "30d by source", **more: Any) -> Overview:
    query = parse(text, NOW)
    assert isinstance(query, Query)
    total = more.pop("total", None) or sum((group.counts for group in groups), Counts())
    figures: dict[str, Any] = {"median_to_decision": timedelta(hours=1, minutes=10), "times_unknown": 0}
    figures |= {"top_reasons": (("FIT_COMPANY", 30), ("GONE <!here>", 20), ("DATA_WRONG", 6), ("(blank)", 1))}
    return Overview(
        query=query, as_of=NOW, total=total, groups=groups, accept_rate=accept_rate(total), **(figures | more)
    )


def drawn(found: Overview, names: Mapping[str, str] | None = None, labels: Mapping[str, str] = LABELS) -> Drawing:
    known = names or {}
    drawing = overview_blocks(found, lambda key: known.get(key, key), labels)
    assert check.blocks(drawing.blocks) == []
    assert check.call("chat.postEphemeral", {"channel": "C1", "user": "U1", "text": drawing.text}) == []
    return drawing


def words(drawing: Drawing) -> str:
    return json.dumps(drawing.blocks, ensure_ascii=False)


def test_the_overview_reads_as_a_whole_in_blocks_and_in_text() -> None:
    drawing = drawn(overview())
    assert drawing.blocks[0]["text"]["text"] == "Funnel · 23 Oct – 22 Nov 2026"
    assert drawing.blocks[1]["elements"][0]["text"] == "`/funnel 30d by source`"
    for said in (drawing.text, words(drawing)):
        assert "214 → 121 accepted · 57 rejected · 9 expired · 27 open | 48 SQL · 6 won so far" in said
        assert "65 % [58–71] · 121 of 187 decided" in said
        assert "median 1 h 10 min" in said
        assert "Company outside target 30 · GONE &lt;!here&gt; 20 · Data is wrong 6" in said
    assert "webinar: 156 handed off, 90 accepted, 40 rejected, 6 expired, 20 open" in drawing.text


def test_the_table_stands_in_columns() -> None:
    table = drawn(overview()).blocks[3]["text"]["text"].splitlines()
    assert table == [
        "```",
        "Source  sent acc rej exp open rate",
        "webinar  156  90  40   6   20 66 % 58–74",
        "(blank)   58  31  17   3    7 61 % 47–73",
        "```",
    ]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (Counts(open=3), "nothing is decided yet"),
        (Counts(accepted=4, rejected=3), "4 of 7 decided; a rate is shown from 10 on"),
        (Counts(accepted=7, rejected=3), "≈70 % [40–89] · 7 of 10 decided · few data"),
        (Counts(accepted=29), "100 % [88–100] · 29 of 29 decided · few data"),
        (Counts(accepted=20, expired=10), "≈67 % [49–81] · 20 of 30 decided"),
        (Counts(rejected=100), "0 % [0–4] · 0 of 100 decided"),
    ],
)
def test_few_data_get_few_claims(counts: Counts, said: str) -> None:
    text = drawn(overview((), total=counts)).text
    assert f"Accept rate: {said}\n" in f"{text}\n"
    assert ("few data" in text) == (10 <= counts.decided < 30)


def test_unknown_times_are_counted_beside_the_median() -> None:
    assert "median 1 h 10 min (842 without a known time left out)" in drawn(overview(times_unknown=842)).text
    none = overview(times_unknown=842, median_to_decision=None)
    assert "Time to decision: not known (842 without a known time left out)" in drawn(none).text
    undecided = overview(median_to_decision=None, total=Counts(open=1))
    assert "Time to decision: nothing is decided yet" in drawn(undecided).text


def test_void_ones_are_shown_and_counted_nowhere() -> None:
    text = drawn(overview((), total=Counts(void=3))).text
    assert "0 → 0 accepted · 0 rejected · 0 expired · 0 open | 3 void, not counted" in text


def test_an_empty_window_says_so_and_what_to_try() -> None:
    empty = overview((), top_reasons=(), median_to_decision=None)
    assert "Nothing was handed off in this window. Try a longer one" in drawn(empty).text
    assert "```" not in words(drawn(empty))


def test_beyond_fifteen_rows_the_rest_is_one_row() -> None:
    groups = tuple(Group(f"source {n:02}", Counts(accepted=40 - n, void=1)) for n in range(40))
    table = drawn(overview(groups)).blocks[3]["text"]["text"].splitlines()
    assert len(table) == 1 + 1 + 15 + 1 + 1
    assert table[-2].split() == ["other", "(25)", "325", "325", "0", "0", "0", "100", "%", "99–100"]


def test_reps_are_shown_by_name_and_nobody_as_blank() -> None:
    groups = (Group("ana", Counts(accepted=1)), Group("(blank)", Counts(open=1)))
    table = words(drawn(overview(groups, "30d by rep"), {"ana": "Ana Alvarez", "(blank)": "Nobody"}))
    assert "Ana Alvarez" in table
    assert "(blank)" in table
    assert "Nobody" not in table


@given(st.lists(st.text() | st.sampled_from(HOSTILE), min_size=1, max_size=30, unique=True))
def test_no_name_pings_anybody_or_breaks_the_layout(names: list[str]) -> None:
    groups = tuple(Group(name, Counts(accepted=1)) for name in names)
    reasons = tuple((name, 1) for name in names)
    drawing = drawn(overview(groups, top_reasons=reasons), labels={})
    text = drawing.blocks[3]["text"]["text"]
    assert "<" not in text + drawing.text
    assert text.count("```") == 2
    assert len(text.splitlines()) == 2 + 1 + min(len(names), 16)
    plain = overview_text(overview(groups, top_reasons=reasons), str, {})
    assert all(line.isprintable() or "\u200d" in line or "\ufe0f" in line for line in plain.splitlines())


def test_columns_stand_below_each_other_whatever_the_script() -> None:
    groups = tuple(Group(name, Counts(open=1)) for name in ("資料請求", "a*b & <c>", "e\u0301te\u0301", "ads"))
    slack = drawn(overview(groups)).blocks[3]["text"]["text"].splitlines()[1:-1]
    terminal = overview_text(overview(groups), str, {}).splitlines()
    table = terminal[terminal.index("") + 1 :][-len(groups) - 2 : -2]
    for lines in ([unescape(line) for line in slack], table):
        assert len({width(line[: line.rindex(" ")]) for line in lines if line.endswith("–")}) == 1


def test_help_and_problems_fit_slack_and_quote_safely() -> None:
    problem = problem_blocks(Problem("“<!channel>” is not a word of this command.", "30d by source"))
    for drawing in (help_blocks(), problem, problem_blocks(Problem("By what?"))):
        assert check.blocks(drawing.blocks) == []
    assert "“&lt;!channel&gt;” is not a word of this command. Did you mean `/funnel 30d by source`?" in problem.text
    assert "`/funnel 7d by rep`" in help_blocks().text


def test_every_example_in_the_help_is_a_command_that_works() -> None:
    examples = [line.split("`")[1] for line in help_blocks().blocks[0]["text"]["text"].splitlines()]
    assert all(
        isinstance(parse(example.removeprefix("/funnel"), NOW), Query | Definition | Open) for example in examples
    )
    assert help_text().count("baton funnel") == len(examples)


def test_the_terminal_shows_the_same_in_columns() -> None:
    assert overview_text(overview(), str, LABELS).splitlines() == [
        'baton funnel "30d by source"',
        "23 Oct – 22 Nov 2026, UTC days, as of 2026-11-22 09:15 UTC",
        "",
        "Handed off        214 → 121 accepted · 57 rejected · 9 expired · 27 open | 48 SQL · 6 won so far",
        "Accept rate       65 % [58–71] · 121 of 187 decided",
        "Time to decision  median 1 h 10 min",
        "Top reasons       Company outside target 30 · GONE <!here> 20 · Data is wrong 6",
        "",
        "source   handed off  accepted  rejected  expired  void  open  sql  won  accept rate",
        "webinar         156        90        40        6     0    20   40    5  66 % 58–74",
        "(blank)          58        31        17        3     0     7    8    1  61 % 47–73",
        "",
        DEFINITION,
    ]
    assert problem_text(Problem("By what?", "30d by rep")) == 'By what? Did you mean "30d by rep"?'


def test_json_has_the_documented_keys_and_exact_figures() -> None:
    found = overview_json(overview())
    assert json.loads(json.dumps(found)) == found
    assert found["total"] == {
        "handed_off": 214,
        "accepted": 121,
        "rejected": 57,
        "expired": 9,
        "void": 0,
        "open": 27,
        "sql": 48,
        "won": 6,
    }
    assert found["accept_rate"] == pytest.approx(
        {"accepted": 121, "decided": 187, "rate": 121 / 187, "low": 0.5763, "high": 0.7119}, abs=1e-4
    )
    assert (found["query"], found["start"], found["end"]) == (
        "30d by source",
        "2026-10-23T09:15:01+00:00",
        "2026-11-22T09:15:01+00:00",
    )
    assert found["median_seconds_to_decision"] == 4200
    assert found["top_reasons"][0] == {"code": "FIT_COMPANY", "count": 30}
    assert [(group["name"], group["handed_off"]) for group in found["groups"]] == [("webinar", 156), ("(blank)", 58)]
    empty = overview_json(overview((), median_to_decision=None))
    assert (empty["accept_rate"], empty["median_seconds_to_decision"], empty["groups"]) == (None, None, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-03", "1 – 31 Mar 2026"),
        ("2026-03-05", "5 Mar 2026"),
        ("2026-02..2026-03", "1 Feb – 31 Mar 2026"),
        ("2025-12..2026-01", "1 Dec 2025 – 31 Jan 2026"),
    ],
)
def test_a_window_is_told_in_days(text: str, said: str) -> None:
    assert drawn(overview(text=text)).blocks[0]["text"]["text"] == f"Funnel · {said}"
