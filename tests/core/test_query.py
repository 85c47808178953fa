"""The language of /funnel: what is understood, what is meant by it, and what is said when it is not understood."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.stats.query import DIMENSIONS, Definition, Help, Open, Problem, Query, parse

NOW = datetime(2026, 3, 31, 12, 30, 15, 250_000, tzinfo=UTC)
SOON = datetime(2026, 3, 31, 12, 30, 16, tzinfo=UTC)
"""The end of every window that reaches up to now: the current second is in it."""

nows = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
WINDOWS = ["30d", "7D", "12w", "3m", "2026-03", "2026-03-01..2026-03-31"]
NO_WINDOWS = ["2026-03-31..2026-03-01", "2026-13", "0d", "9999m", "90dd", "99999999999999999999d", ".."]
OTHERS = ["criteria", "open", "opne", "by", "BY", "tier", "sourse", "halp", "“", "'", "`", "İ"]
words = st.sampled_from([*WINDOWS, *NO_WINDOWS, *OTHERS, *DIMENSIONS])


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "end", "canonical"),
    [
        ("", SOON - timedelta(days=30), SOON, "30d by source"),
        ("7d", SOON - timedelta(days=7), SOON, "7d by source"),
        ("12w by rep", SOON - timedelta(weeks=12), SOON, "12w by rep"),
        ("1m", datetime(2026, 2, 28, 12, 30, 16, tzinfo=UTC), SOON, "1m by source"),
        ("15m", datetime(2024, 12, 31, 12, 30, 16, tzinfo=UTC), SOON, "15m by source"),
        ("2026-03", day("2026-03-01"), day("2026-04-01"), "2026-03 by source"),
        ("2025-12 by team", day("2025-12-01"), day("2026-01-01"), "2025-12 by team"),
        ("2024-02-29", day("2024-02-29"), day("2024-03-01"), "2024-02-29 by source"),
        ("2026-03-01..2026-03-31", day("2026-03-01"), day("2026-04-01"), "2026-03-01..2026-03-31 by source"),
        ("2026-01..2026-03-15", day("2026-01-01"), day("2026-03-16"), "2026-01..2026-03-15 by source"),
    ],
)
def test_windows(text: str, start: datetime, end: datetime, canonical: str) -> None:
    query = parse(text, NOW)
    assert isinstance(query, Query)
    assert (query.start, query.end, query.text) == (start, end, canonical)


@pytest.mark.parametrize(
    "text",
    [
        "7d by campaign",
        "by campaign 7d",
        "BY Campaign 7D",
        "“7d by campaign”",
        "'7d' by `campaign`",
        "7days  by campaign",
    ],
)
def test_order_capitals_and_quotes_make_no_difference(text: str) -> None:
    assert parse(text, NOW) == parse("7d by campaign", NOW)
    assert isinstance(parse(text, NOW), Query)


def test_the_clock_may_run_in_any_zone() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-9)))
    assert parse("2026-03", elsewhere) == parse("2026-03", NOW)
    found = parse("7d", elsewhere)
    assert isinstance(found, Query)
    assert found.end.utcoffset() == timedelta(0)
    assert found == parse("7d", NOW)


@pytest.mark.parametrize("text", ["help", "HELP", "“help”", "30d help", "by help"])
def test_help(text: str) -> None:
    assert parse(text, NOW) == Help()


@pytest.mark.parametrize("text", ["criteria", " CRITERIA ", "“criteria”"])
def test_what_makes_an_mql_can_be_asked(text: str) -> None:
    assert parse(text, NOW) == Definition()


@pytest.mark.parametrize("text", ["open", " OPEN ", "“open”"])
def test_what_waits_for_an_answer_can_be_asked(text: str) -> None:
    assert parse(text, NOW) == Open()


@pytest.mark.parametrize(
    ("text", "said", "suggestion"),
    [
        ("opne", "“opne” is not a word", "open"),
        ("open 7d", "“open” stands alone", "open"),
        ("by open", "“open” stands alone", "open"),
        ("critera", "“critera” is not a word", "criteria"),
        ("criteria 7d", "stands alone", "criteria"),
        ("7d citeria", "“citeria” is not a word", "criteria"),
        ("by sorce", "source, campaign, rep or team", "30d by source"),
        ("by", "By what?", "30d by source"),
        ("7d by", "By what?", "7d by source"),
        ("source", "“source” is not a word", "30d by source"),
        ("7d campain", "“campain” is not a word", "7d by campaign"),
        ("by tier", "not by “tier”", None),
        ("30dd", "“30dd” is not a word", "30d by source"),
        ("hlp", "“hlp”", "help"),
        ("banana", "“banana” is not a word", None),
        ("7d 30d", "two windows", "7d by source"),
        ("by rep by team", "one thing at a time", "30d by rep"),
        ("2026-13", "no such date", None),
        ("2026-02-30", "no such date", None),
        ("2026-03-31..2026-03-01", "ends before it starts", "2026-03-01..2026-03-31 by source"),
        ("0d", "empty", "90d by source"),
        ("9999-12-31", "no such date", None),
        ("x" * 500, "“" + "x" * 39 + "…”", None),
    ],
)
def test_what_is_not_understood_is_named_and_something_near_is_suggested(
    text: str, said: str, suggestion: str | None
) -> None:
    problem = parse(text, NOW)
    assert isinstance(problem, Problem)
    assert said in problem.words
    assert problem.suggestion == suggestion


@given(st.lists(words, max_size=6).map(" ".join) | st.text(max_size=40), nows)
@example("9999m", datetime(1990, 1, 1, tzinfo=UTC))
def test_any_text_gets_an_answer_and_any_answer_can_be_asked_again(text: str, now: datetime) -> None:
    found = parse(text, now)
    if isinstance(found, Query):
        assert found.start < found.end
        assert parse(found.text, now) == found
        assert parse(found.text.upper(), now) == found
    if isinstance(found, Problem):
        assert found.words
        assert found.suggestion is None or not isinstance(parse(found.suggestion, now), Problem)
