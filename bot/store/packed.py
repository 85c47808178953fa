"""All that is counted of the hand-offs of one window, at one go: what packing.py has folded, as rows.

They are those that the functions of cohorts.py count one by one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from bot.stats.cohort import BLANK, CAUSE_OF, Answered, Due, Ending, Fate, Later, Outcome, Tally, Waiting
from bot.stats.maths.differences import Count
from bot.stats.query import Clock, Cohort
from bot.stats.rates import Horizon
from bot.store.cohorts import read
from bot.store.engine import Tx
from bot.store.packing import COUNTS, ENDED, LATER, OUTCOMES, SHIFT, UNKNOWN, WAITING, Moments, statement, unfolded

_ENDS = {place: CAUSE_OF[outcome] for place, outcome in enumerate(OUTCOMES) if outcome in CAUSE_OF}
_FATES: tuple[Fate, ...] = ("open", "out", "sql")
_DUE: tuple[Answered, ...] = ("not_yet", "met", "missed", "unknown")
"""How those were answered that were decided, after what their due time is told by; the first: not due by now."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What hand-offs are counted together by, with their source and reason.

    `answered` is None where they were not due by now. `then`: they had ended by the horizon, after it, or nobody knows
    when.
    """

    outcome: Outcome
    first: bool
    ripe: bool
    answered: Answered | None
    then: int
    passed_on: bool


class Packed:
    """The groups of a window's hand-offs. Rows are of first ones, unless said otherwise."""

    def __init__(self, tx: Tx, cohort: Cohort, at: Moments, clocks: tuple[Clock, ...], horizon: Horizon) -> None:
        self._clocks = clocks
        self._parts: dict[int, list[Any]] = defaultdict(list)
        for row in read(tx, statement(cohort, at, clocks, horizon), cohort, at.as_of):
            self._parts[row[0]].append(row)
        self._kinds = [(_kind(code), source, reason, n) for _, code, source, reason, _, n in self._parts[COUNTS]]

    def tallies(self, *, first: bool = True) -> list[Tally]:
        """By outcome and reason; of repeated ones where `first` is False."""
        sums = Counter[tuple[Outcome, str | None]]()
        for kind, _, reason, n in self._kinds:
            if kind.first == first:
                sums[kind.outcome, named(reason) if kind.outcome is Outcome.REJECTED else None] += n
        return [Tally("", outcome, reason, n) for (outcome, reason), n in sums.items()]

    def sources(self) -> Mapping[str, Count]:
        """Those accepted by the horizon, of all whose time is known, by source, among those that are ripe."""
        return by_then((source, kind.outcome, kind.then, n) for kind, source, n in self._ripe())

    def decided(self) -> Mapping[str, Count]:
        """The accepted of the decided ones by source, among those that are ripe."""
        return accepted((source, kind.outcome, n) for kind, source, n in self._ripe())

    def due(self) -> list[Due]:
        """First and repeated ones whose due time fell in the window and is over."""
        sums = Counter[Answered]()
        for kind, _, _, n in self._kinds:
            if kind.answered:
                sums[kind.answered] += n
        return [Due("", answered, n) for answered, n in sums.items()]

    def rerouted(self) -> int:
        """Those that were passed on."""
        passed_on = ((kind, n) for kind, _, _, n in self._kinds if kind.first and kind.passed_on)
        return sum(n for kind, n in passed_on if kind.outcome is not Outcome.VOID)

    def endings(self) -> dict[Clock, list[Ending]]:
        """By cause and minutes, on each clock."""
        return {
            clock: [Ending("", _ENDS[place], amount, n) for place, amount, n in self._amounts(ENDED + part)]
            for part, clock in enumerate(self._clocks)
        }

    def later(self) -> list[Later]:
        """Accepted ones by what became of them, and hours since the accept."""
        return [Later("", _FATES[place], amount, n) for place, amount, n in self._amounts(LATER)]

    def waiting(self) -> list[Waiting]:
        """Open ones, those that are not old by their minute."""
        return [
            Waiting("", datetime.fromisoformat(since) if since else None, owner, tier, n)
            for _, _, since, owner, tier, n in self._parts[WAITING]
        ]

    def _ripe(self) -> Iterator[tuple[_Kind, str | None, int]]:
        return ((kind, source, n) for kind, source, _, n in self._kinds if kind.first and kind.ripe)

    def _amounts(self, part: int) -> Iterator[tuple[int, int | None, int]]:
        """The small number of each group of a part, the large one, and how many there are of it."""
        for _, code, _, _, _, n in self._parts[part]:
            place, amount = divmod(code, SHIFT)
            yield place, amount - 1 if amount else None, n


@cache
def _kind(code: int) -> _Kind:
    place, first, ripe, due, then, passed_on = unfolded(code)
    answered = _answered(OUTCOMES[place], due) if due else None
    return _Kind(OUTCOMES[place], bool(first), bool(ripe), answered, then, bool(passed_on))


def named(value: str | None) -> str:
    """A value as the name of a group, like the database's `named`."""
    return value if value and value.strip(" ") else BLANK


def accepted(rows: Iterable[tuple[str | None, Outcome, int]]) -> Mapping[str, Count]:
    """The accepted of the decided ones for each source that has some."""
    yes, decided = Counter[str](), Counter[str]()
    for source, outcome, n in rows:
        if cause := CAUSE_OF.get(outcome):
            name = named(source)
            decided[name] += n
            yes[name] += n if cause == "accepted" else 0
    return {name: (yes[name], decided[name]) for name in decided}


def by_then(rows: Iterable[tuple[str | None, Outcome, int, int]]) -> Mapping[str, Count]:
    """For each source those accepted by the horizon, of all but void ones and those of which nobody knows when.

    The rows have the place of `ended_by`: 0 where it had ended by the horizon, 2 where nobody knows.
    """
    yes, all_ = Counter[str](), Counter[str]()
    for source, outcome, then, n in rows:
        cause = CAUSE_OF.get(outcome)
        if outcome is Outcome.OPEN or (cause and then != UNKNOWN):
            name = named(source)
            all_[name] += n
            yes[name] += n if cause == "accepted" and then == 0 else 0
    return {name: (yes[name], all_[name]) for name in all_}


def _answered(outcome: Outcome, due: int) -> Answered | None:
    if outcome is Outcome.VOID:
        return None
    if outcome is Outcome.OPEN:
        return "overdue"
    return "missed" if outcome is Outcome.EXPIRED else _DUE[due]
