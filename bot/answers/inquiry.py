"""A question on its way: what is asked, where it is read, how things stood, and the rules in force."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from bot.config.policy import Policy
from bot.stats.cohort import OTHERS
from bot.stats.period import Period
from bot.stats.query import Dim, Query
from bot.stats.visibility import FEWEST
from bot.store import cohorts
from bot.store.engine import Tx

NOBODYS = frozenset[Dim]({"reason", "week", "month"})
"""What tells nothing about who a lead is."""

Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """`as_of` is UTC, and itself included. `sees` and `teams` are the keys of those shown one by one; None: all.

    A `public` answer is for everybody in a channel.
    """

    tx: Tx
    query: Query
    as_of: datetime
    policy: Policy
    sees: frozenset[str] | None = None
    teams: frozenset[str] | None = None
    public: bool = False

    @property
    def before(self) -> "Inquiry | None":
        """The same question about the window to compare with, as things stand now; None where none was wanted."""
        window = self.query.previous
        if window is None:
            return None
        cohort = replace(self.query.cohort, window=window)
        return replace(self, query=replace(self.query, cohort=cohort, previous=None))

    def folded(self, by: Dim | None, rows: Iterable[Row]) -> list[Row]:
        """Rows that have a `name`: those of persons and groups who are not shown one by one go by one name."""
        shown = self._shown(by) if by else None
        return [row if shown is None or row.name in shown else _renamed(row) for row in rows]

    def _shown(self, by: Dim) -> frozenset[str] | None:
        """The groups of a dimension that are shown one by one; None: all."""
        sees = {"rep": self.sees, "team": self.teams}.get(by)
        if not self.public or by in NOBODYS:
            return sees
        sizes = Counter[str]()
        for row in cohorts.tallies(self.tx, self.query.cohort, self.as_of, by):
            sizes[row.name] += row.n
        largest = [name for name, n in sizes.most_common() if n >= FEWEST and (sees is None or name in sees)]
        while largest and 0 < sizes.total() - sum(sizes[name] for name in largest) < FEWEST:
            largest.pop()  # or those who are left over could be known
        return frozenset(largest)


def _renamed(row: Any) -> Any:
    return replace(row, name=OTHERS) if isinstance(row, Period) else row._replace(name=OTHERS)
