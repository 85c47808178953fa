"""When a zone changes its clocks: a day of UTC in parts that keep one offset. Only `calendar` and `why` ask."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

SECONDS = 24 * 60 * 60
SECOND = timedelta(seconds=1)


class Steady(NamedTuple):
    """From `begin` up to `end` (UTC) the clocks of a zone are `offset` ahead of UTC."""

    begin: datetime
    end: datetime
    offset: timedelta


def steady(zone: ZoneInfo, begin: datetime) -> Iterator[Steady]:
    """The 24 hours from `begin`, a midnight in UTC: one part, or two where the clocks change in between.

    No zone has ever changed its clocks twice on one day of UTC.
    """
    end = begin + SECONDS * SECOND
    before, after = offset(zone, begin), offset(zone, end - SECOND)
    if before == after:
        yield Steady(begin, end, before)
        return
    low, high = 0, SECONDS - 1  # at `low` the old offset holds, at `high` the new one
    while high - low > 1:
        middle = (low + high) // 2
        if offset(zone, begin + middle * SECOND) == before:
            low = middle
        else:
            high = middle
    change = begin + high * SECOND
    yield Steady(begin, change, before)
    yield Steady(change, end, after)


def offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    """How far the zone's clocks are ahead of UTC at `moment` (UTC)."""
    return moment.astimezone(zone).utcoffset() or timedelta(0)
