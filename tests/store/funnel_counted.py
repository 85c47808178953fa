"""The answers of `/funnel` as the oracle counts them: by the same names as funnel_answers.py reads them off."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from bot.stats.query import Query, Window
from tests.store import funnel_oracle as oracle
from tests.store.funnel_cases import Case
from tests.store.funnel_company import MINUTE, TEAMS, ripe
from tests.store.funnel_oracle import FORTNIGHT, LIFE, Figures, within


class Counted:
    """The same questions, put to the cases."""

    def __init__(self, cases: Sequence[Case], query: Query, as_of: datetime) -> None:
        """`query` may have had its windows moved already."""
        self.query, self.as_of = query, as_of
        self.every = oracle.chosen(cases, query.cohort, as_of)
        self.window = query.cohort.window
        self.all_now, before = within(self.every, self.window, as_of), query.previous
        self.now = [one for one in self.all_now if one.first]
        self.before = before and [one for one in within(self.every, before, as_of) if one.first]
        self.limit = oracle.horizon(self.now, query, as_of)

    def answer(self) -> Figures:
        """What the sub asks for."""
        kind = self.query.sub
        if kind == "overview" and self.query.basis == "period":
            return self._period()
        if kind == "overview" and self.query.by:
            return self._split()
        found: Figures = getattr(self, f"_{kind}")()
        return found

    def _ends(self, cases: Sequence[Case]) -> Figures:
        return oracle.ends(cases, self.as_of, self.limit)

    def _names(self, cases: Iterable[Case]) -> dict[str, list[Case]]:
        return oracle.named(cases, self.query.by, self.query.cohort.touch) if self.query.by else {}

    def _times(self, cases: Sequence[Case], clock: str) -> Figures:
        return oracle.times(cases, self.as_of, LIFE if clock == "working" else FORTNIGHT)

    def _beside(self) -> Figures:
        return {
            "repeats": oracle.counts([one for one in self.all_now if not one.first], self.as_of),
            "rerouted": oracle.rerouted(self.now, self.as_of),
        }

    def _accepted(self) -> list[Case]:
        return [one for one in self.now if one.cause(self.as_of) == "accepted"]

    def _overview(self) -> Figures:
        dates = [one.offered_at for one in self.every if one.offered_at <= self.as_of]
        earlier = [at for at in dates if at < self.window.end]
        return self._beside() | {
            "now": self._ends(self.now),
            "before": self._ends(self.before) if self.before is not None else None,
            "working": self._times(self.now, "working"),
            "wall": self._times(self.now, "wall"),
            "sla": oracle.due(self.every, self.window, self.as_of) | {"not_yet": 0},
            "sql": oracle.onward(self._accepted(), self.as_of, "sql", 30, "accept"),
            "reasons": oracle.reasons(self.now, self.as_of),
            "last": None if self.all_now else max(earlier, default=None),
        }

    def _split(self) -> Figures:
        groups = self._names(self.now).items()
        return {"total": self._ends(self.now), "groups": {name: self._ends(some) for name, some in groups}}

    def _period(self) -> Figures:
        every, previous = [one for one in self.every if one.first], self.query.previous
        groups = {name: oracle.happened(some, self.window, self.as_of) for name, some in self._names(every).items()}
        return {
            "total": oracle.happened(every, self.window, self.as_of),
            "before": oracle.happened(every, previous, self.as_of) if previous else None,
            "groups": {name: one for name, one in groups.items() if any(one.values())},
            "cohort": self._ends(self.now),
        }

    def _campaign(self) -> Figures:
        touch, as_of = self.query.cohort.touch, self.as_of
        own = [one for one in self.now if one.name("campaign", touch) == self.query.subject]
        rest = [one for one in self.now if one not in own]
        self.limit = oracle.horizon(own, self.query, as_of)
        mine, theirs = oracle.reasons(own, as_of), oracle.reasons(rest, as_of)
        by = "month" if (self.window.end - self.window.start).days >= 92 else "week"
        return {
            "own": self._ends(own),
            "rest": self._ends(rest),
            "why": {
                code: ((n, sum(mine.values())), (theirs.get(code, 0), sum(theirs.values()))) for code, n in mine.items()
            },
            "course": {name: self._ends(some) for name, some in oracle.named(own, by).items()},
        }

    def _rejections(self) -> Figures:
        now = oracle.reasons(self.now, self.as_of)
        old = oracle.reasons(self.before or [], self.as_of)
        n, m = sum(now.values()), sum(old.values())
        voids = Counter(one.reason or "(blank)" for one in self.now if one.outcome(self.as_of) == "void")
        families: Counter[str] = Counter()
        for code, count in now.items():
            families[FAMILIES[code]] += count
        return self._beside() | {
            "counts": oracle.counts(self.now, self.as_of),
            "before": oracle.counts(self.before, self.as_of) if self.before is not None else None,
            "reasons": {
                code: ((now.get(code, 0), n), (old.get(code, 0), m) if self.before is not None else None)
                for code in now.keys() | old.keys()
            },
            "families": dict(families),
            "new": sorted(now.keys() - old.keys()) if m >= 10 else [],
            "voids": dict(voids),
            "groups": {
                name: (oracle.counts(some, self.as_of), oracle.reasons(some, self.as_of))
                for name, some in ({} if self.query.by == "reason" else self._names(self.now)).items()
                if oracle.reasons(some, self.as_of)
            },
        }

    def _sla(self) -> Figures:
        by, touch = self.query.by or "tier", self.query.cohort.touch
        previous, as_of = self.query.previous, self.as_of

        def met(cases: Iterable[Case], window: Window = self.window) -> Figures:
            return oracle.due(cases, window, as_of)

        def groups(dim: str) -> dict[str, Figures]:
            found = {name: met(some) for name, some in oracle.named(self.every, dim, touch).items()}
            return {name: one for name, one in found.items() if any(one.values())}

        was_due = [one for one in self.every if met([one])["not_yet"] == 0 and any(met([one]).values())]
        late = sorted(
            (one for one in was_due if oracle.answered(one, as_of) == "overdue"), key=lambda one: one.due_at or as_of
        )
        versions = {
            name: one for name, one in groups("version").items() if any(one[k] for k in ("met", "missed", "overdue"))
        }
        return {
            "total": met(self.every),
            "times": oracle.times(was_due, as_of, LIFE),
            "groups": groups(by),
            "versions": {name: one | {"not_yet": 0} for name, one in versions.items()} if len(versions) > 1 else {},
            "before": met(self.every, previous) if previous else None,
            "longest": [(one.due_at, one.owner, one.tier) for one in late[:5]],
        }

    def _velocity(self) -> Figures:
        ends, total, as_of = self._ends(self.now), self._pace(self.now), self.as_of
        limit = self.limit
        known = [(at, cause) for at, cause in oracle.ended(self.now, as_of, limit) if at is not None]
        items = [*known, *oracle.waiting(self.now, as_of, limit)]
        found = {at: oracle.incidence(items, at) for at in _steps(limit.minutes)}
        shown = "shares" in ends and any(n for name, n in ends["counts"].items() if name != "void")
        times = sorted({at for at, cause in items if cause == "accepted" and at <= limit.minutes})
        half = next((at for at in times if oracle.incidence(items, at)["accepted"] >= Fraction(1, 2)), None)
        p90 = total["working"]["p90"]
        enough = p90 is not None and total["working"]["decided"] >= 10
        alive = [one for one in self.now if one.outcome(as_of) != "void"]
        earlier = [one for one in self.before or [] if one.outcome(as_of) != "void"]
        return {
            "ends": ends,
            "curve": {cause: tuple(one[cause] for one in found.values()) for cause in oracle.CAUSES} if shown else None,
            "half": half if "shares" in ends else None,
            "total": total,
            "stages": []
            if self.query.by
            else [
                oracle.onward(self._accepted(), as_of, "sql", 30, "accept"),
                oracle.onward(alive, as_of, "sql", 45, "offer"),
                oracle.onward(alive, as_of, "won", 180, "offer"),
            ],
            "stuck": sum(age > p90 for age, _ in oracle.waiting(self.now, as_of, BEYOND)) if enough else None,
            "before": self._times(earlier, "working") if earlier else None,
            "repeats": self._beside()["repeats"],
            "groups": {name: self._pace(some) for name, some in self._names(self.now).items()},
        }

    def _pace(self, cases: Sequence[Case]) -> Figures:
        counts = oracle.counts(cases, self.as_of)
        return {"counts": counts, "working": self._times(cases, "working"), "wall": self._times(cases, "wall")}

    def _reps(self) -> Figures:
        groups = oracle.named(self.now, "rep")
        nobody = groups.pop("(blank)", [])
        moved, figures, old = self._moved(self.now), *self._judged()
        return {
            "total": oracle.counts(self.now, self.as_of),
            "old": old,
            "reps": {
                key: (oracle.counts(some, self.as_of), moved[key], figures.get(key, {})) for key, some in groups.items()
            },
            "nobody": oracle.counts(nobody, self.as_of),
        }

    def _rep(self) -> Figures:
        key = self.query.subject or ""
        own = [one for one in self.every if one.name("rep") == key]
        team = [one for one in self.every if one.team == TEAMS[key]] if not self._of_teams else self.every
        first = [one for one in within(own, self.window, self.as_of) if one.first]
        every = [one for one in within(team, self.window, self.as_of) if one.first]
        self.limit = oracle.horizon(every, self.query, self.as_of)
        return {
            "own": self._side(own),
            "team": self._side(team),
            "reasons": oracle.reasons(first, self.as_of),
            "standing": (self._moved(first)[key], self._judged()[0].get(key, {})),
        }

    @property
    def _of_teams(self) -> bool:
        return any(one.key == "team" and not one.negated for one in self.query.cohort.filters)

    def _moved(self, cases: Iterable[Case]) -> Counter[str]:
        alive = [one for one in cases if one.outcome(self.as_of) != "void"]
        return Counter(one.owner for one in alive if one.owner and one.first_owner not in (None, one.owner))

    def _judged(self) -> tuple[dict[str, Figures], int]:
        """Each rep's old ones by cause, of how many, and how many of them that are if they were anybody's."""
        alive = [one for one in self.now if one.owner and one.outcome(self.as_of) != "void"]
        old = [one for one in alive if one.offered_at < self._ripe(one.first_owner)]
        sizes = Counter(self._kind(one) for one in old)
        kinds = {kind: [one for one in old if self._kind(one) == kind] for kind, n in sizes.items() if n >= 30}
        small = [one for one in old if self._kind(one) not in kinds]
        found = {}
        for key, own in oracle.named(old, "rep").items():
            if len(own) >= 10:
                found[key] = {cause: self._of(own, cause, kinds, small) for cause in oracle.CAUSES}
        return found, len(old)

    def _ripe(self, owner: str | None) -> datetime:
        """What was offered to somebody before that is older than how far rates are to look."""
        limit = oracle.asked(self.query)
        span = limit.minutes * MINUTE
        return self.as_of - span if limit.clock == "wall" else ripe(owner, self.as_of, None if limit.life else span)

    def _kind(self, one: Case) -> tuple[str, ...]:
        return one.name("grade"), one.name("source", self.query.cohort.touch)

    def _of(self, own: Sequence[Case], cause: str, kinds: Any, small: Sequence[Case]) -> tuple[int, int, Fraction]:
        def share(cases: Sequence[Case]) -> Fraction:
            return Fraction(sum(one.cause(self.as_of) == cause for one in cases), len(cases))

        expected = sum(share(kinds.get(self._kind(one), small)) for one in own)
        return sum(one.cause(self.as_of) == cause for one in own), len(own), Fraction(expected, len(own))

    def _side(self, cases: Sequence[Case]) -> Figures:
        first = [one for one in within(cases, self.window, self.as_of) if one.first]
        return {
            "ends": self._ends(first),
            "working": oracle.times(first, self.as_of, self.limit),
            "wall": self._times(first, "wall"),
            "met": oracle.due(cases, self.window, self.as_of),
        }


BEYOND = LIFE._replace(minutes=LIFE.minutes + 1)
"""A minute more than a card lives: who is as old is older than whoever was decided."""
FAMILIES = {"JUNK": "DATA", "FIT_PERSON": "FIT", "FIT_USECASE": "FIT", "OTHER": "OTHER"}


def _steps(minutes: int) -> tuple[int, ...]:
    """The minutes of a curve: few enough, and round ones."""
    days = (1440 * count for count in range(1, 100))
    step = next(one for one in (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 480, 720, *days) if minutes <= 18 * one)
    return (*range(0, minutes, step), minutes)
