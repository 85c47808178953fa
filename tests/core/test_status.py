"""Which statuses sound like an absence: a hint is asked about, so a miss is cheaper than a nuisance."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.absence import Status, absence_in, fault
from bot.lead import Leave

ABSENT = [
    ("Vacationing", ":palm_tree:"),
    ("Out sick", ":face_with_thermometer:"),
    ("on vacation until Monday", ":speech_balloon:"),
    ("OOO, back Monday", ""),
    ("Out of office", ""),
    ("out of the office", ""),
    ("Parental leave", ":baby:"),
    ("PTO", ""),
    ("Urlaub bis 5.1.", ""),
    ("En congés", ""),
    ("", ":palm_tree:"),
    ("", ":desert_island:"),
    ("Bali!", ":palm_tree::skin-tone-2:"),
]
PRESENT = [
    ("", ""),
    ("In a meeting", ":spiral_calendar_pad:"),
    ("Commuting", ":bus:"),
    ("Working remotely", ":house_with_garden:"),
    ("Focus time", ":headphones:"),
    ("Back from vacation", ""),
    ("back from parental leave", ""),
    ("Stop me", ":stopwatch:"),
    ("Cryptocurrency", ""),
    ("homesickness", ""),
]


@pytest.mark.parametrize(("text", "emoji"), ABSENT)
def test_these_are_asked_about(text: str, emoji: str) -> None:
    found = absence_in(text, emoji, None)
    assert found is not None
    assert found.words


@pytest.mark.parametrize(("text", "emoji"), PRESENT)
def test_these_are_not(text: str, emoji: str) -> None:
    assert absence_in(text, emoji, None) is None


def test_it_keeps_the_persons_own_words_and_the_end() -> None:
    until = datetime(2026, 3, 7, tzinfo=UTC)
    assert absence_in(" Skiing, OOO ", ":ski:", until) == Status("Skiing, OOO", until)
    assert absence_in("", ":face_with_thermometer:", None) == Status("face with thermometer")


@given(st.text(max_size=100), st.text(max_size=30))
def test_no_status_is_too_odd(text: str, emoji: str) -> None:
    found = absence_in(text, emoji, None)
    assert found is None or found.words.strip()


TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("first", "last", "part"),
    [
        ("2026-03-02", "2026-03-01", "before the first one"),
        ("2025-03-02", "2026-03-01", "over already"),
        ("2025-02-28", None, "2025-02-28 is too far off; expected a day from 2025-03-01 to 2029-03-04"),
        ("0001-01-01", "2026-12-31", "is too far off"),
        ("2026-03-02", "2029-03-05", "2029-03-05 is too far off"),
        ("2030-01-01", None, "2030-01-01 is too far off"),
        ("2025-03-01", "2029-03-04", None),
        ("2026-03-02", None, None),
        ("2026-03-02", "2026-03-02", None),
    ],
)
def test_days_that_are_a_slip_of_the_finger_are_refused(first: str, last: str | None, part: str | None) -> None:
    leave = Leave(date.fromisoformat(first), date.fromisoformat(last) if last else None, "Skiing")
    found = fault(leave, TODAY)
    assert (found is None) if part is None else (found is not None and part in found)
