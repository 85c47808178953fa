"""Any question of `/funnel`: a recipe is drawn, and becomes a line of text about what the database has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hypothesis import strategies as st

from bot.stats.language.words import in_quotes
from bot.stats.query import DIMENSIONS
from tests.store.funnel_cases import Case
from tests.store.funnel_company import DAY, START

WINDOWS = (
    *["", "7d", "12w", "2026-03"] * 3,
    *["3d", "mtd", "last-week", "yesterday", "2026-03-02..2026-03-04", "2026-03-05", "2026-Q1"],
)
SUBS = ("", "", "", "rejections", "sla", "velocity", "reps", "rep", "campaign")
SPLIT = ("", "rejections", "sla", "velocity")
TOUCHES = ("", "", "touch=first", "touch=last")
AGES = ("", "", "", "matured", "at=24h", "at=4bh", "at=1bd", "at=8d", "at=1h", "matured at=6h")
VERSUS = ("", "", "vs=none", "vs=year")


@dataclass(frozen=True)
class Question:
    """What is asked; numbers choose among what there is."""

    sub: str
    window: str
    by: str
    filters: tuple[tuple[str, bool, int], ...]
    touch: str
    age: str
    versus: str
    period: bool
    choice: int

    def text(self, cases: Sequence[Case]) -> str:
        """The line, about the values that these cases have."""
        touch = self.touch.removeprefix("touch=") or "trigger"
        filters = [_filter(key, negated, choice, cases, touch) for key, negated, choice in self.filters]
        parts = [self._subject(cases, touch), self.window, *filters, self.touch, self.versus]
        if self.by and self.sub in SPLIT and (self.by != "reason" or self.sub in ("", "rejections")):
            parts.append(f"by {self.by}")
        if self.period and self.sub in ("", "campaign") and self.by != "reason":
            parts.append("basis=period")
        elif self.sub != "sla":
            parts.append(self.age)
        return " ".join(part for part in parts if part)

    def _subject(self, cases: Sequence[Case], touch: str) -> str:
        if self.sub == "rep":
            return f"rep @{('ana', 'ben', 'cleo', 'dan', 'maya')[self.choice % 5]}"
        if self.sub == "campaign":
            return f"campaign {in_quotes(_some('campaign', cases, touch, self.choice))}"
        return self.sub


def _values(key: str, cases: Sequence[Case], touch: str) -> list[str]:
    return sorted({one.name(key, touch) for one in cases}) or ["(blank)"]


def _some(key: str, cases: Sequence[Case], touch: str, choice: int) -> str:
    values = _values(key, cases, touch)
    return values[choice % len(values)]


def _filter(key: str, negated: bool, choice: int, cases: Sequence[Case], touch: str) -> str:
    sign = "-" if negated else ""
    if key == "score":
        return f"{sign}score:{('60..100', '..60', '61..', '100')[choice % 4]}"
    if key == "grade":
        return f"{sign}grade:{('A1..D1', 'D1', 'A1..B2', 'A1,D1')[choice % 4]}"
    chosen = {_some(key, cases, touch, number) for number in (choice, choice // 3)}
    return f"{sign}{key}:{','.join(map(in_quotes, sorted(chosen)))}"


keys = st.sampled_from([*DIMENSIONS, "score", "source", "campaign", "rep", "tier"])
questions = st.builds(
    Question,
    st.sampled_from(SUBS),
    st.sampled_from(WINDOWS),
    st.one_of(st.just(""), st.sampled_from(DIMENSIONS)),
    st.lists(st.tuples(keys, st.booleans(), st.integers(0, 8)), max_size=2).map(tuple),
    st.sampled_from(TOUCHES),
    st.sampled_from(AGES),
    st.sampled_from(VERSUS),
    st.integers(0, 9).map(lambda number: number == 9),
    st.integers(0, 8),
)


def as_ofs(moments: st.SearchStrategy[datetime]) -> st.SearchStrategy[datetime | int]:
    """Any moment of the history, or well after it; or a number, for a moment at which something has happened."""
    late = st.sampled_from([START + 9 * DAY, START + 16 * DAY])
    return st.one_of(moments, moments.map(lambda at: at + 4 * DAY), late, st.integers(0, 1000), st.integers(0, 1000))


def moment(chosen: datetime | int, cases: Sequence[Case]) -> datetime:
    """The as-of date that was drawn: where it is a number, one of the dates that these cases have."""
    if isinstance(chosen, datetime):
        return chosen
    known = [at for one in cases for at in (one.offered_at, one.due_at, *one.dates.values(), *one.passed_on)]
    dates = sorted({at for at in known if at})
    return dates[chosen % len(dates)] if dates else START
