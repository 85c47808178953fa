"""Working time: how long 100,000 deadlines take on one core, over a year with breaks, holidays and clock changes."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.table import Row
from bot.clock.calendar import Calendar, Hours

DEADLINES = 100_000
ROUNDS = 5
OFFICE = (Hours(9 * 60, 13 * 60), Hours(14 * 60, 18 * 60))


def deadlines() -> Iterator[Row]:
    """Everything that is measured of the clock: a few hours, and a working week."""
    for hours in (4, 40):
        took = min(_once(timedelta(hours=hours)) for _ in range(ROUNDS))
        yield Row(f"{DEADLINES:,} deadlines of {hours} working hours, on one core", took * 1000, "ms", 1_000)


def _once(span: timedelta) -> float:
    """Each time with a calendar that has nothing worked out yet."""
    calendar = Calendar(ZoneInfo("Europe/Rome"), (*[OFFICE] * 5, (), ()), "IT", "MI")
    first, apart = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=365) / DEADLINES
    starts = [first + number * apart for number in range(DEADLINES)]
    started = time.process_time()
    for start in starts:
        calendar.add(start, span)
    return time.process_time() - started
