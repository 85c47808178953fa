"""What somebody asked of `/funnel`, as records. grammar.py makes them of text; answers and the store read them.

Pure. A Query carries its own canonical text, and that text, read at the same time, is the same Query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, Protocol, get_args

Dim = Literal[
    "source", "channel", "campaign", "usecase", "segment", "region", "product",  # what found the lead, and what it is
    "team", "rep", "tier", "grade", "band", "type",  # who got it, and why it was an MQL
    "reason", "version", "week", "month",
]  # fmt: skip
DIMENSIONS: tuple[Dim, ...] = get_args(Dim)
"""What hand-offs can be told apart by. docs/funnel.md says what each of them means."""

Key = Dim | Literal["score"]
"""What hand-offs can be chosen by: a dimension, or their points."""

Sub = Literal["overview", "rejections", "sla", "velocity", "reps", "rep", "campaign"]
"""Questions that are answered from a cohort. All others are records of their own."""

Touch = Literal["trigger", "first", "last"]
Clock = Literal["working", "wall"]
Unit = Literal["h", "d", "bh", "bd"]


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` up to, not including, `end` (both UTC). `text` is how it was asked for: `30d`, `2026-03`, `mtd`."""

    start: datetime
    end: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Hand-offs whose `key` is one of `values`, spelled as the database has them; all others where it is `negated`.

    A score has no values but `low` and `high`, both included. A range of grades is spelled out in `values`.
    """

    key: Key
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class After:
    """How long after the offer to look: hours and days on the clock (`24h`, `30d`), or working ones (`8bh`, `2bd`)."""

    amount: int
    unit: Unit

    @property
    def clock(self) -> Clock:
        """Which clock it is told by."""
        return "working" if self.unit in ("bh", "bd") else "wall"

    @property
    def text(self) -> str:
        """As it is typed."""
        return f"{self.amount}{self.unit}"


@dataclass(frozen=True, slots=True)
class Cohort:
    """First hand-offs offered within the window that pass every filter. `touch`: whose source and campaign count."""

    window: Window
    filters: tuple[Filter, ...] = ()
    touch: Touch = "trigger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question about a cohort. `text` is the command that means the same, without `/funnel`.

    `previous` is the window to compare with; None for `vs=none`. `by` splits it. `subject` is the key of a person
    (`rep`) or the name of a campaign (`campaign`). `after` is None unless `at=` was given; `matured` moves the window
    back until its youngest hand-off is old enough. `confidence` goes from 0 to 1. `to` says who is to see the answer:
    whoever asked, here (`private`) or by direct message (`dm`), or a channel (`share`).
    """

    sub: Sub
    cohort: Cohort
    previous: Window | None
    by: Dim | None = None
    subject: str | None = None
    basis: Literal["cohort", "period"] = "cohort"
    after: After | None = None
    matured: bool = False
    confidence: float = 0.95
    to: Literal["private", "share", "dm"] = "private"
    csv: bool = False
    text: str = ""

    @property
    def by_outcome(self) -> bool:
        """Whether hand-offs are chosen by how they ended: then no share of them says anything."""
        return any(one.key == "reason" for one in self.cohort.filters)


@dataclass(frozen=True, slots=True)
class Explain:
    """Somebody asked what a `metric` means, with the counts of `query`."""

    metric: str
    query: Query

    @property
    def plain(self) -> Query:
        """The overview that has these counts, whatever the question was: what is seen is judged by it."""
        return replace(self.query, sub="overview", subject=None)


def query_of(asked: Query | Explain) -> Query:
    """The question itself, or the one whose counts are to explain a figure."""
    return asked.query if isinstance(asked, Explain) else asked


@dataclass(frozen=True, slots=True)
class NewNote:
    """Something that happened outside (`words`) on a UTC day, to be marked in every window that has that day in it."""

    words: str
    on: date


@dataclass(frozen=True, slots=True)
class Notes:
    """Somebody asked which notes there are, or wants the one with the number `remove` gone."""

    remove: int | None = None


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
    """What is wrong, in words that quote the input as it came; `suggestions` are commands that work, nearest first.

    Several of them: the words can mean any of these.
    """

    words: str
    suggestions: tuple[str, ...] = ()


Asked = Query | Explain | NewNote | Notes | Help | Definition | Open | Problem


class Known(Protocol):
    """What grammar.py asks about the world, when it has to: reading it costs a query."""

    def values(self, key: Dim, window: Window) -> Sequence[str]:
        """The values of a dimension among the hand-offs of a window, spelled as stored."""
        ...

    def names(self, key: Dim) -> Mapping[str, str]:
        """What values of a dimension are called by people, where that is not how they are stored."""
        ...

    def person(self, words: str) -> Sequence[str]:
        """The keys of persons meant by a Slack id, a key or a name in any case; several where it is ambiguous."""
        ...
