"""The language of `/funnel`: a line of text becomes a Query, a call for help, for the definition of an MQL or for the
open hand-offs, or a Problem with a better line.

Pure; the Slack command and the command line speak it alike. Words come in any order, in capitals or not, within
any quotes. A Query carries its own canonical text, and that text, parsed at the same time, is the same Query.
"""

import calendar
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args

By = Literal["source", "campaign", "rep", "team"]
DIMENSIONS: tuple[By, ...] = get_args(By)
DEFAULT_WINDOW = "30d"
DEFAULT_BY: By = "source"
LONGEST_QUOTE = 40


@dataclass(frozen=True, slots=True)
class Query:
    """Hand-offs offered from `start` up to, not including, `end` (both UTC), split `by` a dimension.

    `text` is the command that means the same.
    """

    start: datetime
    end: datetime
    by: By
    text: str


@dataclass(frozen=True, slots=True)
class Help:
    """Somebody asked what can be asked."""


@dataclass(frozen=True, slots=True)
class Definition:
    """Somebody asked what makes an MQL."""


@dataclass(frozen=True, slots=True)
class Open:
    """Somebody asked which hand-offs wait for an answer."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in words that quote the input as it came; `suggestion` is a command that works, if one is near."""

    words: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class _Window:
    start: datetime
    end: datetime
    text: str


class _Wrong(Exception):
    """The words for a Problem."""


_QUOTES = str.maketrans(dict.fromkeys("\"'`´“”„‟«»‘’‚‛", " "))
_BACK = re.compile(r"([0-9]{1,4})(d|w|m)(?:(?<=d)ays?|(?<=w)eeks?|(?<=m)onths?)?")
_DATES = re.compile(r"([0-9-]+)(?:(?:\.\.+|…)([0-9-]+))?")
_ALONE: Mapping[str, Help | Definition | Open] = {"help": Help(), "criteria": Definition(), "open": Open()}
_NEAR = {word: word for word in (*_ALONE, "7d", "30d", "90d", "12w", "3m")} | {
    name: f"by {name}" for name in DIMENSIONS
}


def parse(text: str, now: datetime) -> Query | Help | Definition | Open | Problem:
    """What `text` asks for at `now` (any time zone). The default is the last 30 days by source.

    `30d` ends with the current second and reaches back 30 × 24 hours; `3m` reaches back to the same time of the
    same day three months ago; dates are UTC days, and both ends of a range belong to it.
    """
    words = text.translate(_QUOTES).casefold().split()
    if "help" in words:
        return Help()
    for word, asked in _ALONE.items():
        if word in words:
            return asked if len(words) == 1 else Problem(f"“{word}” stands alone.", word)
    try:
        return _read(words, now.astimezone(UTC))
    except _Wrong as wrong:
        return Problem(str(wrong), _suggestion(words, now.astimezone(UTC)))


def _read(words: list[str], now: datetime) -> Query:
    windows: list[_Window] = []
    splits: list[By] = []
    rest = iter(words)
    for word in rest:
        if word == "by":
            splits.append(_split(next(rest, "")))
        else:
            windows.append(_window(word, now))
    if len(windows) > 1:
        raise _Wrong(f"There are two windows, {windows[0].text} and {windows[1].text}; one is enough.")
    if len(splits) > 1:
        raise _Wrong(f"A funnel is split by one thing at a time, not by {splits[0]} and {splits[1]}.")
    window = windows[0] if windows else _window(DEFAULT_WINDOW, now)
    by = splits[0] if splits else DEFAULT_BY
    return Query(window.start, window.end, by, f"{window.text} by {by}")


def _split(word: str) -> By:
    for name in DIMENSIONS:
        if word == name:
            return name
    choice = f"{', '.join(DIMENSIONS[:-1])} or {DIMENSIONS[-1]}"
    raise _Wrong(f"A funnel can be split by {choice}, not by {_quoted(word)}." if word else f"By what? By {choice}.")


def _window(word: str, now: datetime) -> _Window:
    back, dates = _BACK.fullmatch(word), _DATES.fullmatch(word)
    try:
        if back:
            return _back(int(back[1]), back[2], now)
        if dates:
            return _between(dates[1], dates[2])
    except (ValueError, OverflowError):
        raise _Wrong(f"{_quoted(word)} is no window of time: no such date, or too long ago.") from None
    raise _Wrong(f"{_quoted(word)} is not a word of this command.")


def _back(number: int, unit: str, now: datetime) -> _Window:
    """A window that ends after the current second, so that what has just happened is in it."""
    if number == 0:
        raise _Wrong(f"0{unit} is an empty window.")
    end = now.replace(microsecond=0) + timedelta(seconds=1)
    days = {"d": 1, "w": 7}.get(unit)
    start = end - timedelta(days=number * days) if days else _months_before(end, number)
    return _Window(start, end, f"{number}{unit}")


def _months_before(moment: datetime, months: int) -> datetime:
    """The same day and time, `months` earlier; the last day of a month that is too short."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _between(first: str, last: str | None) -> _Window:
    """From the first day of `first` to the last day of `last`, each a month or a day."""
    start, end = _days(first)[0], _days(last or first)[1]
    if start > end:
        raise _Wrong(f"The window {first}..{last} ends before it starts.")
    midnight = [datetime.combine(day, time(), UTC) for day in (start, end + timedelta(days=1))]
    return _Window(midnight[0], midnight[1], f"{first}..{last}" if last else first)


def _days(text: str) -> tuple[date, date]:
    """The first and the last day of `2026-03`, or of `2026-03-01`, which is one and the same."""
    if len(text) == len("2026-03"):
        first = date.fromisoformat(f"{text}-01")
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if len(text) == len("2026-03-01"):
        day = date.fromisoformat(text)
        return day, day
    raise ValueError(text)


def _suggestion(words: list[str], now: datetime) -> str | None:
    """A command that works: each wrong word replaced by the nearest known one, one window, one split."""
    mended = " ".join(_mend(before, word, now) for before, word in zip(["", *words], words, strict=False)).split()
    for alone in _ALONE:
        if alone in mended:
            return alone
    parts: dict[str, str] = {}
    rest = iter(mended)
    for word in rest:
        if word == "by":
            parts.setdefault("split", f"by {next(rest, DEFAULT_BY)}")
        else:
            parts.setdefault("window", word)
    try:
        return _read(" ".join(parts.values()).split(), now).text
    except _Wrong:
        return None


def _mend(before: str, word: str, now: datetime) -> str:
    if before == "by":
        return next(iter(difflib.get_close_matches(word, DIMENSIONS, n=1)), word)
    first, dots, last = word.partition("..")
    if word == "by" or _is_window(word, now):
        return word
    if dots and _is_window(f"{last}..{first}", now):
        return f"{last}..{first}"
    near = difflib.get_close_matches(word, _NEAR, n=1)
    return _NEAR[near[0]] if near else word


def _is_window(word: str, now: datetime) -> bool:
    try:
        _window(word, now)
    except _Wrong:
        return False
    return True


def _quoted(word: str) -> str:
    return f"“{word if len(word) <= LONGEST_QUOTE else word[: LONGEST_QUOTE - 1] + '…'}”"
