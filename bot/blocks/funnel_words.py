"""The words of an overview, shared by Slack and the terminal: lines and table rows without any markup.

Names and reason labels may come from a CRM: whoever shows them makes them safe for the place they are shown in.
Few data get few claims: below 10 decided hand-offs counts only, below 30 a warning, "≈" where the interval is wide.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from unicodedata import category, east_asian_width

from bot.blocks.text import duration
from bot.stats.cohort import BLANK, Counts, Overview, Rate, accept_rate
from bot.stats.query import Query

Names = Callable[[str], str]
Labels = Mapping[str, str]

RATES_FROM = 10
FEW_BELOW = 30
WIDE = 0.30
TOP_REASONS = 3

NOTHING = "Nothing was handed off in this window. Try a longer one, such as 90d."
DEFINITION = (
    "Accept rate = accepted ÷ (accepted + rejected + expired), with its 95 % interval. Open and void ones are left out."
)

EXAMPLES = (
    ("", "the last 30 days, by source"),
    ("7d by rep", "the last 7 × 24 hours, by owner; also 12w, 3m"),
    ("2026-03 by campaign", "a month"),
    ("2026-03-01..2026-03-31 by team", "from one day to another, both included"),
    ("open", "what waits for an answer now, and what is overdue"),
    ("criteria", "what makes an MQL"),
)
WHAT_IT_COUNTS = (
    "Hand-offs offered in the window (UTC days), and what became of them. Open: nobody has answered yet. "
    "Expired: nobody did in time. Void: a test or duplicate, counted nowhere."
)


def period(query: Query) -> str:
    """The days of a window, both included: "1 – 31 Mar 2026"."""
    first, last = query.start, query.end - timedelta(microseconds=1)
    if first.date() == last.date():
        return _day(last)
    if first.year != last.year:
        return f"{_day(first)} – {_day(last)}"
    return f"{first.day} – {_day(last)}" if first.month == last.month else f"{first.day} {first:%b} – {_day(last)}"


def lines(overview: Overview, labels: Labels) -> Iterator[tuple[str, str]]:
    """The figures, each with what it is called."""
    if overview.total == Counts():
        yield "Handed off", NOTHING
        return
    yield "Handed off", _outcomes(overview.total)
    yield "Accept rate", _rate(overview.accept_rate)
    yield "Time to decision", _time(overview)
    if overview.top_reasons:
        yield "Top reasons", _reasons(overview, labels)


def rows(overview: Overview, names: Names, most: int | None = None) -> Iterator[tuple[str, Counts]]:
    """The groups by name, the largest first; those beyond `most` in one row."""
    for group in overview.groups[:most]:
        yield (BLANK if group.name == BLANK else names(group.name)), group.counts
    rest = overview.groups[most:] if most is not None else ()
    if rest:
        yield f"other ({len(rest)})", sum((group.counts for group in rest), Counts())


def short_rate(counts: Counts) -> str:
    """The accept rate of a row: "4 of 7" below ten decided, then "62 % 55–69"."""
    rate = accept_rate(counts)
    if rate is None:
        return "–"
    if rate.n < RATES_FROM:
        return f"{rate.successes} of {rate.n}"
    return f"{_about(rate)} {_points(rate)}"


def width(text: str) -> int:
    """How many columns a text fills in a fixed-width font: none for marks, two for CJK and emoji."""
    shown = [character for character in text if category(character) not in {"Mn", "Me", "Cf"}]
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in shown)


def padded(text: str, room: int) -> str:
    """A text with blanks behind it, to fill so many columns."""
    return text + " " * (room - width(text))


def widths(table: Iterable[list[str]], measure: Callable[[str], int]) -> list[int]:
    """How wide each column of a table has to be."""
    return [max(map(measure, column)) for column in zip(*table, strict=True)]


def _outcomes(counts: Counts) -> str:
    line = (
        f"{counts.handed_off} → {counts.accepted} accepted · {counts.rejected} rejected · "
        f"{counts.expired} expired · {counts.open} open"
    )
    later = f" | {counts.sql} SQL · {counts.won} won so far" if counts.sql else ""
    return f"{line}{later}" + (f" | {counts.void} void, not counted" if counts.void else "")


def _rate(rate: Rate | None) -> str:
    if rate is None:
        return "nothing is decided yet"
    decided = f"{rate.successes} of {rate.n} decided"
    if rate.n < RATES_FROM:
        return f"{decided}; a rate is shown from {RATES_FROM} on"
    few = " · few data" if rate.n < FEW_BELOW else ""
    return f"{_about(rate)} [{_points(rate)}] · {decided}{few}"


def _about(rate: Rate) -> str:
    return f"{'≈' if rate.high - rate.low > WIDE else ''}{100 * rate.share:.0f} %"


def _points(rate: Rate) -> str:
    return f"{100 * rate.low:.0f}–{100 * rate.high:.0f}"


def _time(overview: Overview) -> str:
    unknown = overview.times_unknown
    left_out = f"{unknown} without a known time left out" if unknown else ""
    if overview.median_to_decision is None:
        return f"not known ({left_out})" if unknown else "nothing is decided yet"
    median = f"median {duration(overview.median_to_decision)}"
    return f"{median} ({left_out})" if unknown else median


def _reasons(overview: Overview, labels: Labels) -> str:
    top = overview.top_reasons[:TOP_REASONS]
    return " · ".join(f"{'no reason' if code == BLANK else labels.get(code, code)} {n}" for code, n in top)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
