"""Windows as people say them: `last two weeks`, `this week`, `nov`, `q3`, `since march`, `from 2026-03-01 to today`.

Pure. Each becomes a word that windows.py reads, so that an answer's command has one spelling and never changes its
meaning: what is said of today is written by its date.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.stats.language import windows

LONGEST = 6
"""Words of a window: from march 2025 to may 2025."""
_YEAR = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS: Mapping[str, int] = {
    **{name: number for number, name in enumerate(_YEAR, 1)},
    **{name[:3]: number for number, name in enumerate(_YEAR, 1)},
    "sept": 9,
}
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS: Mapping[str, int] = {word: number for number, word in enumerate(_COUNTED, 1)}

_UNIT = r"(?P<unit>d|days?|w|weeks?|m|months?|y|years?)"
_BACK = re.compile(
    rf"(?:(?:last|past) )?(?P<number>[0-9]{{1,9}}|{'|'.join(_NUMBERS)}) ?{_UNIT}|past {_UNIT.replace('unit', 'one')}"
)
_NAMED = re.compile(r"(last|this) (week|month|quarter|year)")
_SINCE = re.compile(r"(?:since|from) (.+)")
_RANGE = re.compile(r"(?:(?:from|between) )?(.+?) (?:to|until|till|and) (.+)")
_MONTH = re.compile(rf"({'|'.join(MONTHS)})(?:[ -]?([0-9]{{4}}))?")
_QUARTER = re.compile(r"q([1-4])(?:[ -]?([0-9]{4}))?")
_DATE = re.compile(r"[0-9]{4}(?:-?q[0-9]|-[0-9]{1,2}(?:-[0-9]{1,2})?)?")


def spelled(words: Sequence[str], now: datetime) -> str | None:
    """The word of windows.py that some words in a row mean at `now` (any time zone); None if they name no window.

    A month or quarter without a year is the last one that has begun; of a range, the last one before its end.
    ValueError for a date that does not exist.
    """
    text, now = " ".join(words), now.astimezone(UTC)
    if back := _BACK.fullmatch(text):
        number = back["number"] or "1"
        return f"{_NUMBERS.get(number) or int(number)}{(back['unit'] or back['one'])[0]}"
    if named := _NAMED.fullmatch(text):
        return "-".join(named.groups())
    if since := _SINCE.fullmatch(text):
        first = _date(since[1], now)
        if first:
            return f"{first}..{now.date().isoformat()}"
    if between := _RANGE.fullmatch(text):
        return _range(between[1], between[2], now)
    return _date(text, now) if _MONTH.fullmatch(text) or _QUARTER.fullmatch(text) else None


def _range(first: str, last: str, now: datetime) -> str | None:
    end = _date(last, now)
    window = windows.read(end, now) if end else None
    start = _date(first, window.start) if window else None
    return f"{start}..{end}" if start else None


def _date(text: str, latest: datetime) -> str | None:
    """A day, month, quarter or year as windows.py writes it; without a year it begins no later than `latest`."""
    day = windows.read(text, latest) if text in ("today", "yesterday") else None
    if day:
        return day.start.date().isoformat()
    if month := _MONTH.fullmatch(text):
        number = MONTHS[month[1]]
        return f"{month[2] or _year(number, latest)}-{number:02}"
    if quarter := _QUARTER.fullmatch(text):
        return f"{quarter[2] or _year(3 * int(quarter[1]) - 2, latest)}-q{quarter[1]}"
    return text if _DATE.fullmatch(text) else None


def _year(month: int, latest: datetime) -> str:
    return f"{latest.year - (month > latest.month):04}"
