"""The words that all answers of `/funnel` share: rates, differences, times, windows, and how things are called.

Plain words without markup. Few data get few claims: how much may be said of a rate is decided in stats/rates.py.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor

from bot.blocks.text import duration, work
from bot.lead import People
from bot.stats.cohort import BLANK, OTHERS
from bot.stats.maths.differences import LEAST, ROUNDING, Comparison
from bot.stats.maths.intervals import Estimate
from bot.stats.query import Clock, Dim, Filter, Query, Window
from bot.stats.rates import RATES_FROM, Horizon, Rate, Say
from bot.stats.verdicts import small, suspected

SOMEBODY = "somebody"
"""A person who is not to be named here."""

_BACK = re.compile("([0-9]+)([dwm])")
_LENGTHS = {"d": "day", "w": "week", "m": "month"}
UNITS = {"h": "hours", "d": "days", "bh": "working hours", "bd": "working days"}


@dataclass(frozen=True, slots=True)
class Names:
    """How keys are called where the answer is shown. `may_name` says whether a person (key) may be named there."""

    people: People
    labels: Mapping[str, str]
    may_name: Callable[[str], bool] = lambda _: True

    def person(self, key: str | None) -> str:
        """Somebody's name, as far as it may be told."""
        return without_code(self.people.name_of(key)) if key is None or self.may_name(key) else SOMEBODY

    def reason(self, code: str) -> str:
        """The label of a reason; the code itself where the policy in force has it no more."""
        return "no reason" if code == BLANK else without_code(self.labels.get(code, code))

    def group(self, dim: Dim, name: str) -> str:
        """How a group of a dimension is called."""
        if name in (BLANK, OTHERS):
            return name
        called = _CALLED.get(dim)
        return called(self, name) if called else without_code(name)


def without_code(words: str) -> str:
    """Without backticks, which in a report hold commands."""
    return words.replace("`", "ˋ")


_CALLED: Mapping[Dim, Callable[[Names, str], str]] = {
    "rep": lambda names, key: names.person(key),
    "team": lambda names, key: names.people.teams[key].name if key in names.people.teams else key,
    "reason": lambda names, code: names.reason(code),
    "band": lambda _, first: f"{first}–{int(first) + 9} points",
    "week": lambda _, monday: f"week of {day(date.fromisoformat(monday))}",
    "month": lambda _, month: f"{date.fromisoformat(f'{month}-01'):%b %Y}",
}


def percent(share: float) -> str:
    """62 %."""
    return f"{100 * share:.0f} %"


def limits(estimate: Estimate) -> str:
    """55–69."""
    return f"{100 * estimate.low:.0f}–{100 * estimate.high:.0f}"


def rate_words(rate: Rate) -> str:
    """A rate with its interval and its counts: "62 % [55–69] · 121 of 195", "4 of 7", "≈ 50 % [30–70] · few data"."""
    counted = f"{rate.k:,} of {rate.n:,}{left_out(rate.left_out)}"
    if rate.say is Say.NOTHING:
        return f"nothing is decided yet{left_out(rate.left_out)}"
    if rate.by_outcome:
        return f"{counted}; no rate, as they were chosen by their outcome"
    if rate.estimate is None:
        return f"{counted} decided; no rate, as no rejection or expiry is recorded"
    if rate.say is Say.COUNTS:
        return f"{counted}; a rate from {RATES_FROM} decided on"
    return f"{short_rate(rate)} · {counted}{' · few data' if rate.say is Say.FEW else ''}"


def left_out(n: int) -> str:
    """How many are in no count of a rate by its time; nothing where there are none."""
    return f" ({untimed(n)})" if n else ""


def untimed(n: int) -> str:
    """The same as a part of its own."""
    return f"{n:,} without a known time left out" if n else ""


def short_rate(rate: Rate) -> str:
    """The same without its counts: "62 % [55–69]"; counts alone where there is no more to say."""
    if rate.say is Say.NOTHING:
        return "–"
    if rate.say is Say.COUNTS or rate.estimate is None:
        return f"{rate.k:,} of {rate.n:,}"
    about = "≈ " if rate.estimate.wide else ""
    return f"{about}{percent(rate.estimate.value)} [{limits(rate.estimate)}]"


def points(difference: Estimate) -> str:
    """A difference between two shares: "+5 points [−5…+15]"; what leaves out 0 reads so: "−22 points [−40…−0.4]"."""
    low, high = _off_zero(difference.low), _off_zero(difference.high)
    within = difference.low <= 0 <= difference.high
    value = signed(difference.value) if within else _off_zero(difference.value)
    return f"{value} {_unit(value)} [{low}…{high}]"


def in_points(share: float) -> str:
    """A difference with its unit: "+5 points", "−1 point"."""
    told = signed(share)
    return f"{told} {_unit(told)}"


def _unit(told: str) -> str:
    return "point" if told.strip("+−") == "1" else "points"


def _off_zero(share: float) -> str:
    """As `signed`, but 0 only for what is 0: −0.4, and −0.1 for anything nearer."""
    told = signed(share)
    if told != "0" or abs(share) < ROUNDING:
        return told
    return f"{'+' if share > 0 else '−'}{max(0.1, 100 * abs(share)):.1f}"


def signed(share: float) -> str:
    """A difference in points: +5, −3, 0. What is less than 10 does not read as 10: −9.7."""
    rounded = round(100 * share)
    if abs(rounded) == 10 and abs(share) < LEAST - ROUNDING:
        return f"{'+' if share > 0 else '−'}{floor(1000 * abs(share)) / 10}"
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded < 0 else "0"


def change_words(comparison: Comparison | None, none: str = "no clear change") -> str:
    """What a comparison comes to: an arrow only where it is clear, and elsewhere why there is none."""
    if comparison is None:
        return "too few to compare"
    told = points(comparison.difference)
    if comparison.clear:
        return f"{'↑' if comparison.difference.value > 0 else '↓'} {told}"
    if suspected(comparison):
        return f"{told}: not sure yet, the rates are too wide (≈)"
    if small(comparison):
        return f"{told}: small, no arrow below {so_many_points(LEAST)}"
    apart = comparison.difference.low > 0 or comparison.difference.high < 0
    among = f" among {comparison.among} comparisons" if apart and comparison.among > 1 else ""
    return f"{told}: {none}{among} ({could_see(comparison.could_see)})"


def could_see(smallest: float) -> str:
    """How small a difference (as a share) would have been told: none below 10 points, with however many data."""
    return f"could see ≥ {so_many_points(max(LEAST, smallest))}"


def so_many_points(share: float) -> str:
    """How large a difference is, whichever way: "10 points"."""
    return f"{100 * share:.0f} points"


def horizon_words(horizon: Horizon) -> str:
    """How far rates look: "2 working days", "6 working hours", "24 hours"."""
    digits = horizon.text.rstrip("bdhmin ")
    unit = UNITS.get(horizon.text.removeprefix(digits).strip(), "minutes")
    return f"{digits} {unit.removesuffix('s') if digits == '1' else unit}"


def minutes_words(minutes: int | None, clock: Clock, beyond: Horizon | None = None) -> str:
    """A length of time by its clock: "1 h 10 min" of work, "2 d 4 h" on the wall; None: longer than was looked."""
    if minutes is None:
        return f"longer than {horizon_words(beyond)}" if beyond else "not reached"
    span = timedelta(minutes=minutes)
    return work(span) if clock == "working" else duration(span)


def day(moment: date) -> str:
    """2 Mar."""
    return f"{moment.day} {moment:%b}"


def period(window: Window) -> str:
    """The days of a window, both included: "1 – 31 Mar 2026"."""
    first, last = window.start, window.end - timedelta(microseconds=1)
    if first.date() == last.date():
        return _full(last)
    if first.year != last.year:
        return f"{_full(first)} – {_full(last)}"
    return f"{first.day} – {_full(last)}" if first.month == last.month else f"{day(first)} – {_full(last)}"


def titled(window: Window) -> str:
    """What a window is called over an answer: "last 30 days"; its days where it is no rolling one."""
    back = _BACK.fullmatch(window.text)
    if back:
        n, unit = int(back[1]), _LENGTHS[back[2]]
        return f"last {n} {unit}s" if n > 1 else f"last {unit}"
    return period(window)


def _against(previous: Window) -> str:
    """The window compared with: "the 30 days before"; its days where it is no rolling one."""
    back = _BACK.match(previous.text)
    if back and back.end() < len(previous.text):
        n, unit = int(back[1]), _LENGTHS[back[2]]
        return f"the {f'{n} {unit}s' if n > 1 else unit}{previous.text[back.end() :]}"
    return period(previous)


def reading(query: Query, names: Names, horizon: Horizon | None = None) -> str:
    """What was understood, in words: "Hand-offs 23 Oct – 21 Nov 2026 · by 2 working days · team Sales"."""
    what = "Due" if query.sub == "sla" else "Events" if query.basis == "period" else "Hand-offs"
    parts = [f"{what} {period(query.cohort.window)}"]
    if query.by:
        parts.append(f"by {query.by}")
    if horizon:
        parts.append(f"within {horizon_words(horizon)}{', the longest with enough data' if horizon.shortened else ''}")
    parts += [_filter(one, names) for one in query.cohort.filters]
    if query.cohort.touch != "trigger":
        parts.append(f"{query.cohort.touch} touch")
    if query.basis == "period":
        parts.append("plain formula by date of event")
    if query.matured:
        parts.append("old enough ones only")
    if query.previous:
        parts.append(f"against {_against(query.previous)}")
    return " · ".join(parts)


def _filter(one: Filter, names: Names) -> str:
    if one.key == "score":
        told = f"score {one.low if one.low is not None else ''}–{one.high if one.high is not None else ''}"
    else:
        key = one.key
        told = f"{key} {', '.join(names.group(key, value) for value in one.values)}"
    return f"not {told}" if one.negated else told


def _full(moment: datetime) -> str:
    return f"{day(moment)} {moment.year}"
