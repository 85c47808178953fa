"""Why a deadline is when it is, in sentences: plain text for a terminal, to be escaped for Slack.

Times are told by the clock of the zone the deadline was counted in, in which whoever got the lead lives.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from bot.blocks.criteria_words import either
from bot.blocks.text import clean, duration, work
from bot.clock.calendar import Shifts
from bot.clock.why import Deadline, Differing
from bot.handoff.grounds import Grounds
from bot.handoff.states import State

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST_DAYS = 8
FULL_DAY = 24 * 60
KINDS = {"away": "out of office", "closed": "closed", "holiday": "a public holiday"}


def deadline_lines(why: Deadline) -> list[str]:
    """Zone, hours, where the counting began, and every day and change of clocks that moved the deadline."""
    return list(_lines(why, ZoneInfo(why.zone)))


def left_line(found: Grounds, now: datetime) -> str:
    """How much time is left or how long it is overdue at `now` (UTC); once it is over, how long it was open."""
    handoff, due = found.handoff, found.handoff.due_at
    passed = "It has changed hands; the due time stayed. " if len(found.owners) > 1 else ""
    if handoff.state is not State.OFFERED:
        return passed + _took(handoff.took_wall, handoff.took_working)
    if due is None:
        return f"{passed}It has no due time."
    if now >= due:
        return f"{passed}Overdue by {duration(now - due)} on the clock."
    return f"{passed}Left: {duration(due - now)} on the clock{_of_them(found, due - now)}."


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Mon 2 Mar 2026, 09:00."""
    return f"{at.astimezone(zone):%a %-d %b %Y, %H:%M}"


def _lines(why: Deadline, zone: ZoneInfo) -> Iterator[str]:
    yield f"Due {moment(why.due, zone)} ({why.zone}), after {_work(why.working, why.wall)} of working time."
    if why.counted_from > why.start:
        came, began = moment(why.start, zone), moment(why.counted_from, zone)
        yield f"It came {came}, out of hours, so counting began {began}."
    else:
        yield f"Counting began when it came, {moment(why.start, zone)}."
    yield f"What counts: {_week(why.week)}."
    if why.free:
        yield f"Days off, as every week: {_days(why.free)}."
    yield from _differing(why.differing)
    for change in why.shifted:
        turn = "forward" if change.by > timedelta() else "back"
        yield f"The clocks went {turn} {duration(abs(change.by))} on {_day(change.at.astimezone(zone).date())}."
    if why.wall != why.working:
        yield f"On the clock that is {_length(why.wall)}."


def _took(wall: int | None, working: int | None) -> str:
    if wall is None:
        return "It is not open any more."
    open_for = timedelta(seconds=wall)
    hours = "" if working is None else f", of which {_work(timedelta(seconds=working), open_for)} were working time"
    return f"It was open for {_length(open_for)} on the clock{hours}."


def _of_them(found: Grounds, wall: timedelta) -> str:
    """How much of it the owner works."""
    if found.left is None:
        return ""
    owner = clean(found.people.name_of(found.handoff.owner), 60)
    all_of_it = duration(found.left) == duration(wall)
    much = "all of it" if all_of_it else work(found.left) if found.left else "none of it"
    return f", {much} working time of {owner}"


def _work(span: timedelta, wall: timedelta) -> str:
    """Days where every minute of them counts."""
    return _length(span) if span == wall else work(span) if span else "nothing"


def _length(span: timedelta) -> str:
    return duration(span) if span else "nothing"


def _week(week: Sequence[Shifts]) -> str:
    """Days with the same hours together: Mon–Thu 09:00–13:00 and 14:00–18:00, Fri 09:00–13:00."""
    if all(sum(closes - opens for opens, closes in shifts) == FULL_DAY for shifts in week):
        return "every minute, day and night"
    runs = [(shifts, [day for day, _ in run]) for shifts, run in groupby(zip(DAYS, week, strict=True), lambda d: d[1])]
    return ", ".join(f"{_span(days)} {_hours(shifts)}" for shifts, days in runs if shifts)


def _span(days: Sequence[str]) -> str:
    return days[0] if len(days) == 1 else f"{days[0]}–{days[-1]}"


def _hours(shifts: Shifts) -> str:
    return either([f"{_clock(opens)}–{_clock(closes)}" for opens, closes in shifts], "and")


def _clock(minutes: int) -> str:
    return "24:00" if minutes == FULL_DAY else f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _differing(days: Sequence[Differing]) -> Iterator[str]:
    """One line for days in a row that differ for the same reason."""
    run: list[Differing] = []
    for one in days:
        if run and _differs(run[-1]) == _differs(one) and one.day - run[-1].day <= timedelta(days=3):
            run.append(one)
            continue
        yield from [_told(run)] if run else []
        run = [one]
    yield from [_told(run)] if run else []


def _differs(one: Differing) -> tuple[str, str, Shifts]:
    return one.special.kind, one.special.label, one.hours if one.special.kind in {"half", "open"} else ()


def _told(run: Sequence[Differing]) -> str:
    first, special = run[0], run[0].special
    days = _days([one.day for one in run])
    hours = f"only {_hours(first.hours)}" if first.hours else "no work"
    what = KINDS.get(special.kind) or (hours if special.kind == "half" else f"hours {_hours(first.hours)}")
    return f"{days}: {clean(special.label, 80)}, {what}."


def _days(days: Sequence[date]) -> str:
    """Days in a row as one stretch; a long list is cut."""
    stretches: list[list[date]] = [[days[0]]]
    for before, day in pairwise(days):
        if day - before == timedelta(days=1):
            stretches[-1].append(day)
        else:
            stretches.append([day])
    told = [_day(one[0]) if len(one) == 1 else f"{_day(one[0])} to {_day(one[-1])}" for one in stretches]
    more = [f"{len(told) - MOST_DAYS} more"] if len(told) > MOST_DAYS else []
    return either([*told[:MOST_DAYS], *more], "and")


def _day(day: date) -> str:
    return f"{day:%a %-d %b}"
