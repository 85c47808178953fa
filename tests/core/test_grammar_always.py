"""Whatever is typed gets an answer, and every answer's command asks for the same, also for the naughtiest values."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.stats.language import words
from bot.stats.language.grammar import canonical, command, parse
from bot.stats.query import DIMENSIONS, Dim, Filter, Problem, Query, Window
from tests.core.grammar_kit import METRICS, NOW, STORED, World, ask

NAUGHTY: list[str] = json.loads(Path("tests/data/naughty-strings.json").read_text(encoding="utf-8"))
QUOTES = "\"“”„‟«»＂'`´‘’‚‛"
LOOKED_UP: tuple[Dim, ...] = ("source", "campaign", "team", "reason", "version")
nows = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
texts = st.text(st.sampled_from([*QUOTES, *" ab,:=@-\\.…<>|"]) | st.characters(exclude_categories=["Cs"]), max_size=12)
pieces = st.sampled_from(
    ["7d", "30D", "12w", "2026-03", "2026-03-31..2026-03-01", "last", "week", "mtd", "0d", "9999m", "2024..2026",
     "sla", "rejections", "reps", "rep", "campaign", "open", "criteria", "note", "remove", "3", "explain", "accept",
     "by", "source", "reason", "team", "use", "case", "sourse", "halp", "blank", "demo", "webinar", "spring", "launch",
     "source:", "source:demo", "-source:demo", "team:xyzzy", "grade:a1..b2", "score:60..80", "score:9", "tier:gold",
     "week:2026-W12", "@ana", "@sam", "@", "<@U0ANA|ana>", "<@", "-", "--csv", "dm", "share", "matured", "at=2bd",
     "at = 0h", "basis=period", "touch=first", "vs=year", "vs=none", "ci=90", ",", ":", "=", "“", "'", "\"a b\"", "İ",
     "'spring launch'", "/funnel", "lead", "forecast", "toch=first", "today",
     "since", "from", "to", "march", "q3", "two", "weeks", "5", "years", "99999d", "this", "vs", "year", "2025"]
)  # fmt: skip


def holds(text: str, now: datetime, world: World | None = None) -> None:
    """An answer, whose command asks for the same; or a problem, with suggestions that work."""
    there = world or World(STORED, {"ana": ["ana"], "u0ana": ["ana"], "sam": ["sam.a", "sam.b"]})
    found = parse(text, now, there, METRICS)
    if not isinstance(found, Problem):
        assert parse(command(found), now, there, METRICS) == found
        return
    assert found.words
    assert found.suggestions
    for suggestion in found.suggestions:
        again = parse(suggestion, now, there, METRICS)
        assert not isinstance(again, Problem), (suggestion, again)
        assert command(again) == suggestion


@given(st.lists(pieces | texts, max_size=7).map(" ".join), nows)
@example("9999m", datetime(1990, 1, 1, tzinfo=UTC))
def test_any_line_gets_an_answer_and_any_answer_can_be_asked_for_again(text: str, now: datetime) -> None:
    holds(text, now)


@pytest.mark.parametrize("pattern", ["{}", "source:{}", "campaign {}", "@{}", "by {}", "note {}"])
def test_naughty_strings_get_answers(pattern: str) -> None:
    for text in NAUGHTY:
        holds(pattern.replace("{}", text), NOW)


@pytest.mark.parametrize("year", [1, 9999])
def test_at_the_ends_of_time_there_is_help(year: int) -> None:
    for now in (datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)):
        for text in ("", "30d", "ytd", "last-year", "today", "vs=year", "open", "2026-03 vs=none", "note"):
            assert parse(text, now, World())


@given(texts)
@example("'\"")
@example("“ ”")
@example("a\", 'b")
def test_what_is_written_is_read_as_it_was(value: str) -> None:
    for text in (words.in_quotes(value), words.written(value)):
        (token,) = words.read(f"key:{text}")
        assert token.values[0].text == value.replace("\0", " ")
    token, after = words.read(f"{words.in_quotes(value)} after")
    assert (token.text, token.quoted, after.word) == (value.replace("\0", " "), True, "after")


@given(st.lists(texts | st.sampled_from(NAUGHTY), min_size=1, max_size=5), st.sampled_from(LOOKED_UP), st.booleans())
def test_no_value_is_too_naughty_to_be_asked_for(values: list[str], key: Dim, negated: bool) -> None:
    stored = sorted({value.replace("\0", " ") for value in values if words.fold(value) not in ("blank", "(blank)")})
    typed = ",".join(words.written(value) for value in stored)
    if not stored:
        return
    world = World({key: stored})
    found = parse(f"{'-' if negated else ''}{key}:{typed}", NOW, world)
    assert isinstance(found, Query)
    assert found.cohort.filters == (Filter(key, tuple(stored), negated=negated),)
    assert parse(found.text, NOW, world) == found


@pytest.mark.parametrize("value", NAUGHTY)
def test_a_campaign_may_have_any_name_and_a_person_any_key(value: str) -> None:
    world = World({"campaign": [value]}, {value.casefold(): [value]})
    found = parse(f"campaign {words.in_quotes(value)}", NOW, world)
    assert isinstance(found, Query)
    assert (found.sub, found.subject) == ("campaign", value)
    assert parse(found.text, NOW, world) == found
    somebody = parse(f"rep @{words.written(value)}", NOW, world)
    assert isinstance(somebody, Query)
    assert (somebody.sub, somebody.subject) == ("rep", value)
    assert parse(somebody.text, NOW, world) == somebody


def test_any_number_of_filters_keep_their_values_apart() -> None:
    """Every dimension at once, with some of its values chosen and some left out."""
    for seed in range(50):
        random, parts, wanted = Random(seed), [], set()
        for key in random.sample([one for one in DIMENSIONS if one in STORED and one != "source"], 6):
            value, negated = random.choice(STORED[key]), random.random() < 0.5
            parts.append(f"{'-' * negated}{key}:{words.written(value)}")
            wanted.add(Filter(key, (value,), negated=negated))
        found = ask(" ".join(parts))
        assert isinstance(found, Query)
        assert set(found.cohort.filters) == wanted


WINDOWS = [
    "7d",
    "3m",
    "wtd",
    "mtd",
    "ytd",
    "today",
    "last-week",
    "2026-03",
    "2026-q1",
    "2025-03-01..2025-12-31",
    "2026",
]


@given(
    st.sampled_from(WINDOWS),
    st.sampled_from(["", "vs=year", "vs=none"]),
    st.timedeltas(timedelta(0), timedelta(days=40)),
    nows,
)
def test_a_query_that_was_changed_has_a_command_too(window: str, versus: str, late: timedelta, now: datetime) -> None:
    """Another question about the same hand-offs, after both of its windows were moved back."""
    found = parse(f"{window} {versus} rejections source:demo", now, World(STORED))
    assert isinstance(found, Query)

    def moved(one: Window) -> Window:
        return replace(one, start=one.start - late, end=one.end - late)

    cohort = replace(found.cohort, window=moved(found.cohort.window))
    changed = replace(found, cohort=cohort, previous=found.previous and moved(found.previous), sub="sla", by="team")
    again = parse(canonical(changed), now, World(STORED))
    assert isinstance(again, Query)
    assert (again.sub, again.by, again.cohort) == ("sla", "team", found.cohort)
    assert again.previous == found.previous or window == "ytd"


UNITS = [
    "a ",
    "a",
    '" ',
    "' ",
    "“",
    '"" ',
    'a" ',
    "'a'b ",
    "a:",
    "a: ",
    "<@",
    "<@a|",
    "<@a|b ",
    "by ",
    "7d ",
    "-",
    ". ",
]
UNITS += [
    "last ",
    "rep ",
    "campaign ",
    "note ",
    "= ",
    "a =",
    "source:a,",
    "@ ",
    "2026-03..",
    "score:9",
    "\u200b",
    "İ",
    ",",
]


@pytest.mark.parametrize("unit", UNITS)
def test_ten_thousand_characters_are_no_trouble(unit: str) -> None:
    """Were time to grow with the square of them, this would take minutes."""
    holds((unit * 10_000)[:10_000], NOW)
