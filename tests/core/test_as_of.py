"""`--as-of` on the command line: a day is asked about as it stood at its end."""

from datetime import UTC, datetime, timedelta

from bot.cli.shared import moment


def test_a_day_is_taken_up_to_its_last_moment_and_so_is_in_its_own_month() -> None:
    assert moment("2026-10-31") == datetime(2026, 11, 1, tzinfo=UTC) - timedelta(microseconds=1)
    assert moment("2026-10-31T12:00") == datetime(2026, 10, 31, 12, tzinfo=UTC)
    assert moment("2026-10-31T12:00+02:00") == datetime(2026, 10, 31, 10, tzinfo=UTC)
