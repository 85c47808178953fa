"""Windows of time: what each word means on chosen days, and which window it is compared with."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stats.language import windows
from bot.stats.language.spoken import MONTHS, spelled

SECOND = timedelta(seconds=1)
WORDS = [*windows.NAMES, "7d", "30d", "12w", "3m", "15m", "2026-03", "2026-q1", "2026", "2025..2026-q1"]
WORDS += ["2024-02-29", "2024-02-28..2024-02-29", "2026-03-01..2026-03-31", "2026-01..2026-03-15", "2026-q1..2026-q2"]
nows = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def told(window: windows.Window, now: datetime) -> str:
    """Days, with a star where the window begins or ends with the second that runs."""
    text = f"{window.start:%Y-%m-%dT%H:%M:%S}/{window.end:%Y-%m-%dT%H:%M:%S}"
    return text.replace("T00:00:00", "").replace(f"T{now + SECOND:%H:%M:%S}", "*")


def read(word: str, now: datetime) -> windows.Window:
    window = windows.read(word, now)
    assert window is not None
    return window


MARCH, LEAP, NEW_YEAR = day("2026-03-31T12:30:15"), day("2024-02-29T12:30:15"), day("2026-01-01T00:00:00")
MAY, EVE = day("2026-05-31T10:00:00"), day("2024-02-28T23:59:59")
MONDAY, SUNDAY = day("2026-03-30T08:00:00"), day("2026-03-29T23:59:59")


@pytest.mark.parametrize(
    ("word", "now", "window", "before", "year_before"),
    [
        # what reaches back from now
        ("7d", MARCH, "2026-03-24*/2026-03-31*", "2026-03-17*/2026-03-24*", "2025-03-24*/2025-03-31*"),
        ("2w", LEAP, "2024-02-15*/2024-02-29*", "2024-02-01*/2024-02-15*", "2023-02-14*/2023-02-28*"),
        ("1m", MARCH, "2026-02-28*/2026-03-31*", "2026-01-31*/2026-02-28*", "2025-02-28*/2025-03-31*"),
        ("1m", LEAP, "2024-01-29*/2024-02-29*", "2023-12-29*/2024-01-29*", "2023-01-28*/2023-02-28*"),
        ("7d", SUNDAY, "2026-03-23/2026-03-30", "2026-03-16/2026-03-23", "2025-03-23/2025-03-30"),
        ("1y", LEAP, "2023-02-28*/2024-02-29*", "2022-02-28*/2023-02-28*", "2022-02-28*/2023-02-28*"),
        # what has only begun: the same days of the one before, cut where that is shorter
        ("mtd", MARCH, "2026-03-01/2026-03-31*", "2026-02-01/2026-03-01", "2025-03-01/2025-03-31*"),
        ("mtd", LEAP, "2024-02-01/2024-02-29*", "2024-01-01/2024-01-29*", "2023-02-01/2023-02-28*"),
        ("mtd", NEW_YEAR, "2026-01-01/2026-01-01*", "2025-12-01/2025-12-01*", "2025-01-01/2025-01-01*"),
        ("mtd", day("2025-02-28T23:59:59"), "2025-02-01/2025-03-01", "2025-01-01/2025-01-29", "2024-02-01/2024-02-29"),
        ("qtd", MARCH, "2026-01-01/2026-03-31*", "2025-10-01/2025-12-31*", "2025-01-01/2025-03-31*"),
        ("qtd", MAY, "2026-04-01/2026-05-31*", "2026-01-01/2026-03-01", "2025-04-01/2025-05-31*"),
        ("ytd", LEAP, "2024-01-01/2024-02-29*", "2023-01-01/2023-03-01", "2023-01-01/2023-02-28*"),
        ("ytd", NEW_YEAR, "2026-01-01/2026-01-01*", "2025-01-01/2025-01-01*", "2025-01-01/2025-01-01*"),
        ("wtd", MARCH, "2026-03-30/2026-03-31*", "2026-03-23/2026-03-24*", "2025-03-31/2025-04-01*"),
        ("wtd", MONDAY, "2026-03-30/2026-03-30*", "2026-03-23/2026-03-23*", "2025-03-31/2025-03-31*"),
        ("wtd", SUNDAY, "2026-03-23/2026-03-30", "2026-03-16/2026-03-23", "2025-03-24/2025-03-31"),
        ("today", LEAP, "2024-02-29/2024-02-29*", "2024-02-28/2024-02-28*", "2023-02-28/2023-02-28*"),
        ("today", EVE, "2024-02-28/2024-02-29", "2024-02-27/2024-02-28", "2023-02-28/2023-03-01"),
        # what is over
        ("yesterday", NEW_YEAR, "2025-12-31/2026-01-01", "2025-12-30/2025-12-31", "2024-12-31/2025-01-01"),
        ("yesterday", day("2024-03-01"), "2024-02-29/2024-03-01", "2024-02-28/2024-02-29", "2023-02-28/2023-03-01"),
        ("last-week", MONDAY, "2026-03-23/2026-03-30", "2026-03-16/2026-03-23", "2025-03-24/2025-03-31"),
        ("last-week", SUNDAY, "2026-03-16/2026-03-23", "2026-03-09/2026-03-16", "2025-03-17/2025-03-24"),
        ("last-month", MARCH, "2026-02-01/2026-03-01", "2026-01-01/2026-02-01", "2025-02-01/2025-03-01"),
        ("last-month", NEW_YEAR, "2025-12-01/2026-01-01", "2025-11-01/2025-12-01", "2024-12-01/2025-01-01"),
        ("last-quarter", MARCH, "2025-10-01/2026-01-01", "2025-07-01/2025-10-01", "2024-10-01/2025-01-01"),
        ("last-year", LEAP, "2023-01-01/2024-01-01", "2022-01-01/2023-01-01", "2022-01-01/2023-01-01"),
        # what the calendar names
        ("2024-02", MARCH, "2024-02-01/2024-03-01", "2024-01-01/2024-02-01", "2023-02-01/2023-03-01"),
        ("2025-02", MARCH, "2025-02-01/2025-03-01", "2025-01-01/2025-02-01", "2024-02-01/2024-03-01"),
        ("2026-q1", MARCH, "2026-01-01/2026-04-01", "2025-10-01/2026-01-01", "2025-01-01/2025-04-01"),
        ("2026", MARCH, "2026-01-01/2027-01-01", "2025-01-01/2026-01-01", "2025-01-01/2026-01-01"),
        ("2026-01..2026-02", MARCH, "2026-01-01/2026-03-01", "2025-11-01/2026-01-01", "2025-01-01/2025-03-01"),
        ("2024-02-29", MARCH, "2024-02-29/2024-03-01", "2024-02-28/2024-02-29", "2023-02-28/2023-03-01"),
        ("2024-02-28", MARCH, "2024-02-28/2024-02-29", "2024-02-27/2024-02-28", "2023-02-28/2023-03-01"),
        ("2026-03-01..2026-03-31", MARCH, "2026-03-01/2026-04-01", "2026-01-29/2026-03-01", "2025-03-01/2025-04-01"),
        ("2026-01..2026-03-15", MARCH, "2026-01-01/2026-03-16", "2025-10-19/2026-01-01", "2025-01-01/2025-03-16"),
    ],
)  # fmt: skip
def test_a_window_and_the_two_it_can_be_compared_with(
    word: str, now: datetime, window: str, before: str, year_before: str
) -> None:
    found = read(word, now)
    assert told(found, now) == window
    assert told(windows.before(found), now) == before
    assert told(windows.year_before(found), now) == year_before


@pytest.mark.parametrize(
    ("word", "text", "before"),
    [
        ("7days", "7d", "7d before"),
        ("1week", "1w", "1w before"),
        ("03months", "3m", "3m before"),
        ("1y", "12m", "12m before"),
        ("5years", "60m", "60m before"),
        ("this-month", "mtd", "2026-02"),
        ("this-week", "wtd", "wtd before"),
        ("2026q1", "2026-Q1", "2025-Q4"),
        ("2026-3", "2026-03", "2026-02"),
        ("2026-3-1", "2026-03-01", "2026-02-28"),
        ("2026-01…2026-03", "2026-01..2026-03", "2025-Q4"),
        ("2025–2026", "2025..2026", "2023-01-01..2024-12-31"),
        ("2026-03-01 .. 2026-03-10", "2026-03-01..2026-03-10", "2026-02-19..2026-02-28"),
        ("last-year", "last-year", "2024"),
        ("last-week", "last-week", "2026-03-16..2026-03-22"),
        ("yesterday", "yesterday", "2026-03-29"),
    ],
)
def test_one_window_has_one_spelling_and_the_one_before_can_be_asked_for_by_its_days(
    word: str, text: str, before: str
) -> None:
    found = read(word, MARCH)
    assert (found.text, windows.before(found).text) == (text, before)
    assert read(found.text.casefold(), MARCH) == found


@pytest.mark.parametrize("word", ["", "d", "banana", "30dd", "1234567890d", "..", "-", "march", "2026-w12", "20", "q1"])
def test_what_names_no_window(word: str) -> None:
    assert windows.read(word, MARCH) is None


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("0d", "empty"),
        ("0y", "empty"),
        ("99999d", "up to 9,999 days, weeks or months"),
        ("10000m", "up to 9,999"),
        ("900y", "up to 9,999"),
        ("2026-13", "no such date"),
        ("2026-q5", "no such date"),
        ("2026-q0", "no such date"),
        ("2026-02-30", "no such date"),
        ("2025-02-29", "no such date"),
        ("0000", "no such date"),
        ("9999-12-31", "no such date"),
        ("9999", "no such date"),
        ("2026-1-", "no such date"),
        ("20260301", "no such date"),
        ("9999m..2026", None),
        ("2026-03-31..2026-03-01", "ends before it starts"),
    ],
)
def test_a_window_that_cannot_be(word: str, why: str | None) -> None:
    if why is None:
        assert windows.read(word, MARCH) is None
        return
    with pytest.raises(ValueError, match=why):
        windows.read(word, MARCH)


def test_too_long_ago_to_compare_with_and_too_long_to_compare() -> None:
    for compared in (windows.before, windows.year_before):
        with pytest.raises(ValueError, match="too long ago"):
            compared(read("0001-01", MARCH))
    for word in ("2024..2025", "13m", "366d", "400d"):
        with pytest.raises(ValueError, match="longer than a year"):
            windows.year_before(read(word, MARCH))


@given(st.sampled_from(WORDS), nows)
def test_nothing_overlaps_and_the_second_that_runs_is_in_the_window(word: str, now: datetime) -> None:
    window = read(word, now)
    before = windows.before(window)
    assert before.start < before.end <= window.start < window.end
    if word in ("today", "wtd", "mtd", "qtd", "ytd") or word[-1] in "dwm":
        assert window.start <= now < window.end <= now + SECOND
    elif word in windows.NAMES:
        assert window.end <= now
    if window.end - window.start <= timedelta(days=364):
        earlier = windows.year_before(window)
        assert earlier.start < earlier.end <= window.start


@given(st.sampled_from(WORDS), nows, st.integers(-12, 14))
def test_the_clock_may_run_in_any_zone(word: str, now: datetime, hours: int) -> None:
    elsewhere = now.astimezone(timezone(timedelta(hours=hours)))
    assert read(word, elsewhere) == read(word, now)
    assert read(word, elsewhere).end.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("two weeks", "2w"),
        ("last two weeks", "2w"),
        ("past twelve months", "12m"),
        ("last 7 days", "7d"),
        ("past 30d", "30d"),
        ("3 d", "3d"),
        ("5 years", "5y"),
        ("past week", "1w"),
        ("last week", "last-week"),
        ("this quarter", "this-quarter"),
        ("march", "2026-03"),
        ("MAR", None),
        ("apr", "2025-04"),
        ("sept", "2025-09"),
        ("march 2025", "2025-03"),
        ("may-2024", "2024-05"),
        ("q1", "2026-q1"),
        ("q2", "2025-q2"),
        ("q4 2024", "2024-q4"),
        ("since 2026-03-01", "2026-03-01..2026-03-31"),
        ("since feb", "2026-02..2026-03-31"),
        ("since april", "2025-04..2026-03-31"),
        ("since yesterday", "2026-03-30..2026-03-31"),
        ("from 2025-q4", "2025-q4..2026-03-31"),
        ("from 2026-03-01 to 2026-03-09", "2026-03-01..2026-03-09"),
        ("2026-03-01 until today", "2026-03-01..2026-03-31"),
        ("between jan and feb", "2026-01..2026-02"),
        ("nov to jan", "2025-11..2026-01"),
        ("q3 to q1", "2025-q3..2026-q1"),
        ("from march 2024 to may 2025", "2024-03..2025-05"),
        ("march to april", "2025-03..2025-04"),
        *((words, None) for words in ("", "week", "weeks", "two", "thirteen weeks", "last", "7", "2026", "last two")),
        *(
            (words, None)
            for words in ("since", "since x", "from 7d", "from march to", "q5", "to may", "may day", "mars")
        ),
        *((words, None) for words in ("today", "this day", "since 30 days", "1234567890 days")),
    ],
)
def test_windows_as_people_say_them(words: str, means: str | None) -> None:
    assert spelled(words.split(), MARCH) == means
    assert means is None or windows.read(means, MARCH)


@given(st.sampled_from([*MONTHS, "q1", "q2", "q3", "q4"]), nows)
def test_a_month_without_a_year_has_begun_and_the_next_one_of_its_name_has_not(name: str, now: datetime) -> None:
    window = read(spelled([name], now) or "", now)
    assert window.start <= now < window.start + timedelta(days=366)
    assert spelled(["since", name], now) == f"{window.text.casefold()}..{now.date().isoformat()}"
