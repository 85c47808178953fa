"""Windows of time: what `30d`, `mtd`, `last-week`, `2026-Q1` or `2026-03-01..2026-03-31` mean, and what came before.

Pure: `now` is passed in, any aware time. Days are UTC days, weeks begin on Monday. grammar.py reads them; whoever else
wants a window, or the one before it, asks here too.
"""

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.stats.query import Window

DEFAULT = "30d"
TO_DATE: Mapping[str, int] = {"mtd": 1, "qtd": 3, "ytd": 12}
"""Windows that began with the month, quarter or year, and the months of these."""
NAMES = (*TO_DATE, "wtd", "today", "yesterday", "last-week", "last-month", "last-quarter", "last-year")
MOST = 9_999
"""Days, weeks or months that a window reaches back."""
YEARS = range(1900, 9000)
"""Years that can be named: far enough from where dates end to be reckoned with."""

_SAME = {"this-week": "wtd", "this-month": "mtd", "this-quarter": "qtd", "this-year": "ytd"}
_BACK = re.compile(r"([0-9]{1,9})(d|w|m|y)(?:(?<=d)ays?|(?<=w)eeks?|(?<=m)onths?|(?<=y)ears?)?")
_DATES = re.compile(r"([0-9q-]+)(?:\s*(?:\.\.+|…|[–—])\s*([0-9q-]+))?")
_DATE = re.compile(r"([0-9]{4})(?:-?q([0-9])|-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_MONTHS = re.compile(r"last-(month|quarter|year)|[0-9]{4}(-Q?[0-9]+)?(\.\.[0-9]{4}(-Q?[0-9]+)?)?")
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


def called(window: Window) -> str:
    """A window within a sentence: "the last 30 days"; one that is no rolling one as it is typed."""
    back = re.fullmatch("([0-9]+)([dwm])", window.text)
    if back is None:
        return window.text
    unit = {"d": "day", "w": "week", "m": "month"}[back[2]]
    return f"the last {unit}" if back[1] == "1" else f"the last {back[1]} {unit}s"


def read(word: str, now: datetime) -> Window | None:
    """The window that a word in small letters names; None if it names none.

    `30d` ends with the current second, so that what has just happened is in it, and reaches back 30 × 24 hours; `3m`
    reaches back to the same time of the same day three months ago, or to the last day of a month that is too short;
    `1y` is `12m`. Both ends of a range belong to it. ValueError, with the words to say it: no such date, too long or
    too long ago, empty.
    """
    word, now = _SAME.get(word, word), now.astimezone(UTC)
    back, dates = _BACK.fullmatch(word), _DATES.fullmatch(word)
    try:
        if word in NAMES:
            return _named(word, now)
        if back:
            return _back(int(back[1]), back[2], now)
        if dates and _DATE.match(word):
            return _between(dates[1], dates[2])
    except _Unfit:
        raise
    except (ValueError, OverflowError):
        raise ValueError("no such date, or too long ago") from None
    return None


def default(now: datetime) -> Window:
    """The window of a question that names none. ValueError where it would be too long ago."""
    try:
        return _back(30, "d", now.astimezone(UTC))
    except OverflowError:
        raise ValueError("too long ago") from None


def instead(word: str) -> str | None:
    """What may be meant by a word that names no window: a range the other way round, or the longest that there is."""
    dates, back = _DATES.fullmatch(word), _BACK.fullmatch(word)
    if dates and dates[2]:
        return f"{dates[2]}..{dates[1]}"
    unit = back and ("m" if back[2] == "y" else back[2])
    return f"{MOST}{unit}" if back and int(back[1]) else None


def before(window: Window) -> Window:
    """The window to compare with: of the same length, or of as many months, right before.

    Of a window that has just begun (`mtd`) it is the same days of the month before, cut where that is shorter.
    ValueError where it would be too long ago.
    """
    try:
        start, end = _before(window)
    except (ValueError, OverflowError):
        raise ValueError("too long ago") from None
    return _named_by_days(start, end, f"{window.text} before")


def year_before(window: Window) -> Window:
    """The same a year earlier, 28 for 29 February; of `wtd` and `last-week` 52 weeks earlier, for the same weekdays.

    ValueError where that would be too long ago, or in the window itself.
    """
    try:
        start, end = _year_before(window)
    except (ValueError, OverflowError):
        raise ValueError("too long ago") from None
    if end > window.start:
        raise ValueError("it is longer than a year")
    return _named_by_days(start, end, f"{window.text} a year before")


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time, `months` earlier; the last day of a month that is too short."""
    first = _first(moment, months)
    return moment.replace(year=first.year, month=first.month, day=min(moment.day, _days_of(first)))


class _Unfit(ValueError):
    """A window that is understood and cannot be, with the words for it."""


def _first(moment: datetime, months: int = 0) -> datetime:
    """Midnight of the first day of the month, `months` earlier."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _days_of(moment: datetime) -> int:
    return calendar.monthrange(moment.year, moment.month)[1]


def _named(word: str, now: datetime) -> Window:
    end = now.replace(microsecond=0) + _SECOND
    day, month = now.replace(hour=0, minute=0, second=0, microsecond=0), _first(now)
    quarter, year = _first(now, (now.month - 1) % 3), _first(now, now.month - 1)
    ends: Mapping[str, Callable[[], tuple[datetime, datetime]]] = {
        "today": lambda: (day, end),
        "yesterday": lambda: (day - _DAY, day),
        "wtd": lambda: (day - day.weekday() * _DAY, end),
        "mtd": lambda: (month, end),
        "qtd": lambda: (quarter, end),
        "ytd": lambda: (year, end),
        "last-week": lambda: (day - (day.weekday() + 7) * _DAY, day - day.weekday() * _DAY),
        "last-month": lambda: (_first(month, 1), month),
        "last-quarter": lambda: (_first(quarter, 3), quarter),
        "last-year": lambda: (_first(year, 12), year),
    }
    return Window(*ends[word](), word)


def _back(number: int, unit: str, now: datetime) -> Window:
    number, unit = (12 * number, "m") if unit == "y" else (number, unit)
    if number == 0:
        raise _Unfit("an empty window")
    if number > MOST:
        raise _Unfit(f"it goes up to {MOST:,} days, weeks or months")
    end = now.replace(microsecond=0) + _SECOND
    days = {"d": 1, "w": 7}.get(unit)
    return Window(end - number * days * _DAY if days else months_before(end, number), end, f"{number}{unit}")


def _between(first: str, last: str | None) -> Window:
    start, end, text = _unit(first)
    if last:
        _, end, ending = _unit(last)
        text = f"{text}..{ending}"
    if start >= end:
        raise _Unfit("it ends before it starts")
    return Window(start, end, text)


def _unit(text: str) -> tuple[datetime, datetime, str]:
    """From when up to when a year, quarter, month or day goes, and how it is written."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, (quarter, month, day) = int(found[1]), (int(part) if part else None for part in found.groups()[1:])
    if year not in YEARS:
        raise ValueError(text)
    if day is not None:
        start = datetime(year, month or 0, day, tzinfo=UTC)
        return start, start + _DAY, start.date().isoformat()
    months = 3 if quarter is not None else 1 if month is not None else 12
    number = quarter * 3 - 2 if quarter is not None else month if month is not None else 1
    start = datetime(year, number, 1, tzinfo=UTC)
    return start, _first(start, -months), _written(start, months)


def _written(start: datetime, months: int) -> str:
    year = f"{start.year:04}"
    return {12: year, 3: f"{year}-Q{(start.month + 2) // 3}", 1: f"{year}-{start.month:02}"}[months]


def _months_in(window: Window) -> int:
    """How many months a window has that is asked for by months, quarters or years; 0 for all others."""
    if not _MONTHS.fullmatch(window.text):
        return 0
    return (window.end.year - window.start.year) * 12 + window.end.month - window.start.month


def _before(window: Window) -> tuple[datetime, datetime]:
    start, end = window.start, window.end
    if months := TO_DATE.get(window.text):
        return _first(start, months), _same_day(end - _SECOND, months)
    if window.text in ("today", "wtd"):
        days = (7 if window.text == "wtd" else 1) * _DAY
        return start - days, end - days
    if months := _months_in(window):
        return _first(start, months), start
    back = _BACK.fullmatch(window.text)
    if back and back[2] == "m":
        return months_before(end, 2 * int(back[1])), start
    return start - (end - start), start


def _year_before(window: Window) -> tuple[datetime, datetime]:
    if window.text in ("wtd", "last-week"):
        return window.start - 52 * 7 * _DAY, window.end - 52 * 7 * _DAY
    if _months_in(window):
        return months_before(window.start, 12), months_before(window.end, 12)
    end = months_before(window.end - _SECOND, 12) + _SECOND
    if back := _BACK.fullmatch(window.text):
        return months_before(end, int(back[1])) if back[2] == "m" else end - (window.end - window.start), end
    return months_before(window.start, 12), end


def _same_day(last: datetime, months: int) -> datetime:
    """The end of a window whose `last` second lies `months` later; the end of that month where it has no such day."""
    first = _first(last, months)
    if last.day > _days_of(first):
        return _first(last, months - 1)
    return months_before(last, months) + _SECOND


def _named_by_days(start: datetime, end: datetime, otherwise: str) -> Window:
    """Whole days are called by their dates, so that they can be asked for; anything else by other words."""
    if any((moment.hour, moment.minute, moment.second) != (0, 0, 0) for moment in (start, end)):
        return Window(start, end, otherwise)
    for months in (12, 3, 1):
        if start.day == 1 and (start.month - 1) % months == 0 and months_before(end, months) == start and end.day == 1:
            return Window(start, end, _written(start, months))
    first, last = (f"{day.date().isoformat()}" for day in (start, end - _DAY))
    return Window(start, end, first if first == last else f"{first}..{last}")
