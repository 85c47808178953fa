"""What calendar.yaml can get wrong: places nobody knows, hours that run into each other, days told in vain."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from bot.clock.calendar import Special
from bot.clock.public_holidays import countries, regions
from bot.config.calendar_file import (
    DAYS_OF_THE_WEEK,
    WEEKDAYS,
    WHOLE_DAY,
    CalendarFile,
    CalendarShape,
    DaysShape,
    OwnDaysShape,
    weekdays,
)
from bot.config.lint.words import label_faults
from bot.yamlfile import Document, Fault, KeyPath, shown

WEEK = len(WEEKDAYS) * WHOLE_DAY
LONGEST = 366


def lint_calendar(document: Document, file: CalendarFile) -> Iterator[Fault]:
    """Every fault of the file."""
    if file.default not in file.calendars:
        known = ", ".join(file.calendars) or "none, so far"
        yield document.fault(f"{shown(file.default)} is no calendar; expected one of {known}", "default")
    yield from lint_places(document, file)
    for name, shape in file.calendars.items():
        path = ("calendars", name)
        yield from _hours(document, shape, (*path, "hours"))
        yield from lint_days(document, shape.days, (*path, "days"))
        for place, one in enumerate(shape.days):
            yield from _own_hours(document, one, (*path, "days", place))


def lint_places(document: Document, file: CalendarFile) -> Iterator[Fault]:
    """Zones, countries and regions that nobody knows."""
    for name, shape in file.calendars.items():
        yield from _place(document, shape, ("calendars", name))


def _own_hours(document: Document, one: OwnDaysShape, path: KeyPath) -> Iterator[Fault]:
    if one.hours is None:
        return
    if not one.hours:
        yield document.fault("is empty; expected hours, or no such line for a closed day", *path, "hours")
    if one.until is not None:
        yield document.fault("until beside hours; expected one of them", *path, "until")
    yield from _overlaps(document, [((*path, "hours", place), *hours) for place, hours in enumerate(one.hours)])


def lint_days(document: Document, days: Sequence[DaysShape], path: KeyPath) -> Iterator[Fault]:
    """Closed days and leave: the first that holds for a day counts, so none may be there in vain."""
    yield from label_faults(document, [((*path, place, "label"), one.label) for place, one in enumerate(days)])
    earlier: list[Special] = []
    for place, one in enumerate(days):
        fault = _span_fault(one)
        if fault:
            yield document.fault(f"got {document.at(*path, place, 'to')}, {fault}", *path, place, "to")
            continue
        special = one.build("closed")
        if all(any(_holds(other, day, one.on.yearly) for other in earlier) for day in _days(special)):
            words = f"{document.at(*path, place, 'on')} stands further up already; the first counts"
            yield document.fault(words, *path, place, "on")
        earlier.append(special)


def _span_fault(days: DaysShape) -> str | None:
    if days.to is None:
        return None
    if days.on.yearly != days.to.yearly:
        return "expected a year if `on` has one, and none if it has none"
    if days.on.yearly:
        return None  # from December into January is no mistake
    length = (days.to.day - days.on.day).days
    return None if 0 < length < LONGEST else f"expected later than `on`, by less than {LONGEST} days"


def _days(special: Special) -> Iterator[date]:
    """Each day; those of every year in the year they are kept in."""
    length = LONGEST if special.yearly else (special.last - special.first).days + 1
    first = special.first.replace(month=1, day=1) if special.yearly else special.first
    return filter(special.holds, (first + timedelta(count) for count in range(length)))


def _holds(earlier: Special, day: date, yearly: bool) -> bool:
    """A day of one year cannot take all that is meant for every year."""
    return earlier.holds(day) and (earlier.yearly or not yearly)


def _place(document: Document, shape: CalendarShape, path: KeyPath) -> Iterator[Fault]:
    yield from lint_zone(document, shape.zone, (*path, "zone"))
    if shape.country is not None and shape.country not in countries():
        words = f"got {shown(shape.country)}, expected an ISO country code of two capitals, such as IT"
        yield document.fault(words, *path, "country")
    elif shape.region is not None:
        yield from _region(document, shape.country, shape.region, (*path, "region"))
    if shape.country is None and shape.half_holidays_until is not None:
        words = "a time for the holidays of no country; expected a country beside it"
        yield document.fault(words, *path, "half_holidays_until")


def _region(document: Document, country: str | None, region: str, path: KeyPath) -> Iterator[Fault]:
    if country is None:
        yield document.fault(f"got {shown(region)} of no country; expected a country beside it", *path)
    elif region not in regions(country):
        known = ", ".join(sorted(regions(country))) or "none: the country is the same everywhere"
        yield document.fault(f"got {shown(region)}, expected a region of {country}: {known}", *path)


def lint_zone(document: Document, zone: str, path: KeyPath) -> Iterator[Fault]:
    """A zone that nobody knows."""
    if zone not in _zones():
        near = get_close_matches(zone, _zones(), 1) or ["Europe/Rome"]
        yield document.fault(f"got {shown(zone)}, expected a time zone such as {near[0]}", *path)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _hours(document: Document, shape: CalendarShape, path: KeyPath) -> Iterator[Fault]:
    """Those of the week, as one ring of minutes: Sunday's night ends on Monday."""
    if not shape.hours:
        yield document.fault("is empty; expected the hours of at least one day", *path)
    told: dict[int, str] = {}
    shifts: list[tuple[KeyPath, int, int]] = []
    for days, hours in shape.hours.items():
        if not re.fullmatch(DAYS_OF_THE_WEEK, days):
            yield document.fault(f"got {shown(days)}, expected days such as mon or mon-fri", *path, days)
            continue
        if not hours:
            yield document.fault("is empty; expected hours, or no such line at all", *path, days)
        for day in weekdays(days):
            if day in told:
                words = f"{WEEKDAYS[day]} stands in {told[day]} already; expected each day once"
                yield document.fault(words, *path, days)
            told.setdefault(day, days)
            at = day * WHOLE_DAY
            shifts += [((*path, days, place), at + opens, at + closes) for place, (opens, closes) in enumerate(hours)]
    yield from _overlaps(document, shifts, WEEK)


def _overlaps(
    document: Document, shifts: Sequence[tuple[KeyPath, int, int]], ring: int | None = None
) -> Iterator[Fault]:
    """Shifts that begin before another one, which began no later, has ended. Told once for each line."""
    ordered = sorted(shifts, key=lambda one: one[1])
    again = [(path, opens + ring, closes + ring) for path, opens, closes in ordered[:1]] if ring else []
    latest = ordered[:1]
    faults: dict[KeyPath, str] = {}
    for path, opens, closes in [*ordered[1:], *again]:
        (earlier, _, end), *_ = latest
        if opens < end:
            other = f"{document.at(*earlier)} in line {document.line(*earlier)}"
            faults.setdefault(path, f"{document.at(*path)} overlaps {other}; expected one after the other")
        latest = [(path, opens, closes)] if closes > end else latest
    for path, words in faults.items():
        yield document.fault(words, *path)
