"""What two policies would have made of the same leads: who crosses under one and not the other, and how many cards.

Pure. `answers.replay` hears one lead after another, and `blocks.criteria_diff` says what came of it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.config.policy import Policy
from bot.handoff.replay import Crossed
from bot.lead import Lead
from bot.stats.cohort import BLANK

MOST_EXAMPLES = 10
DATA_FIX = "data-fix"
"""Where a crossing goes whose lead lacks needed data: no card, whatever its tier."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days looked at: from `start` up to and including `end`, both UTC."""

    start: datetime
    end: datetime

    @property
    def days(self) -> int:
        """How many days long it is, rounded."""
        return round((self.end - self.start) / timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Example:
    """A lead that crosses under one policy alone, and its newest crossing in the window."""

    lead_id: int
    name: str
    source: str
    crossed: Crossed


@dataclass(slots=True)
class Side:
    """One policy's crossings in the window. A lead counts once in `leads`, however often it crosses.

    `alone`: leads that never cross under the other policy, up to the window's end; a few of them in `examples`.
    `elsewhen`: leads that crossed under the other policy before the window, so the day has changed and not the lead.
    """

    version: str
    reps: int
    leads: int = 0
    alone: int = 0
    elsewhen: int = 0
    waiting_for_data: int = 0
    examples: list[Example] = field(default_factory=list)
    sources: Counter[str] = field(default_factory=Counter)
    by_day: Counter[date] = field(default_factory=Counter)

    @property
    def cards(self) -> int:
        """Cards in the whole window."""
        return self.by_day.total()

    @property
    def busiest(self) -> tuple[date, int] | None:
        """The UTC day with the most cards, the first of several, and how many those are."""
        return min(self.by_day.items(), key=lambda one: (-one[1], one[0]), default=None)

    def per_rep(self, cards: float) -> float | None:
        """What each rep gets of so many cards; None where no team has members."""
        return cards / self.reps if self.reps else None

    def hear(self, crossed: Sequence[Crossed], source: str) -> None:
        """One lead's crossings in the window."""
        self.leads += 1
        for one in crossed:
            if one.missing:
                self.waiting_for_data += 1
            else:
                self.by_day[one.at.date()] += 1
                self.sources[source] += 1

    def only_here(self, example: Example) -> None:
        """A lead that the other policy lets by."""
        self.alone += 1
        newest = sorted([*self.examples, example], key=lambda one: (one.crossed.at, one.lead_id), reverse=True)
        self.examples = newest[:MOST_EXAMPLES]


@dataclass(slots=True)
class CriteriaDiff:
    """Two policies on the leads with a signal in the window. `hear` each lead once.

    `moved` counts leads that cross under both but land elsewhere, by where under the old and the new one: a tier, or
    `data-fix`.
    """

    window: Window
    old: Side
    new: Side
    leads: int = 0
    both: int = 0
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)

    def hear(self, lead_id: int, lead: Lead, old: Sequence[Crossed], new: Sequence[Crossed]) -> None:
        """One lead with all its crossings up to the window's end under either policy, oldest first."""
        self.leads += 1
        source = (lead.source or "").strip() or BLANK
        was, is_ = self._inside(old), self._inside(new)
        for side, inside in ((self.old, was), (self.new, is_)):
            if inside:
                side.hear(inside, source)
        if was and is_:
            self.both += 1
            before, after = _place(was[-1]), _place(is_[-1])
            if before != after:
                self.moved[before, after] += 1
            return
        for side, inside, other in ((self.old, was, new), (self.new, is_, old)):
            if inside and other:
                side.elsewhen += 1
            elif inside:
                side.only_here(Example(lead_id, _name(lead), source, inside[-1]))

    @property
    def same(self) -> bool:
        """Whether the two make no difference to anybody in the window."""
        changed = self.moved or self.old.alone or self.new.alone or self.old.elsewhen or self.new.elsewhen
        return not changed and self.old.by_day == self.new.by_day

    def _inside(self, crossed: Sequence[Crossed]) -> list[Crossed]:
        return [one for one in crossed if self.window.start <= one.at <= self.window.end]


def criteria_diff(old: Policy, new: Policy, window: Window) -> CriteriaDiff:
    """A comparison that has heard of nobody yet."""
    return CriteriaDiff(window, Side(old.version, _reps(old)), Side(new.version, _reps(new)))


def _reps(policy: Policy) -> int:
    return len({member for team in policy.people.teams.values() for member in team.members})


def _place(crossed: Crossed) -> str:
    return DATA_FIX if crossed.missing else crossed.tier


def _name(lead: Lead) -> str:
    return ", ".join(filter(None, (lead.known_as.strip(), (lead.company or "").strip())))
