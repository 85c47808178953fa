"""Criteria applied to one lead at one time: the verdict, and every point explained.

Pure: the moves store what comes out and offer a hand-off on it; the card shows it. Whatever decides whether a lead
is an MQL is decided here and nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self

from bot.criteria import score
from bot.criteria.rules import Criteria
from bot.criteria.score import Contribution
from bot.lead import Lead, Signal


@dataclass(frozen=True, slots=True)
class Assessment:
    """A lead judged at `at` under the criteria of one version. `tier` is None while it is no MQL."""

    criteria: str
    at: datetime
    fit: int
    behaviour: int
    points: int
    tier: str | None
    mql: bool
    contributions: tuple[Contribution, ...]

    def to_dict(self) -> dict[str, Any]:
        """The assessment in what JSON can hold; `from_dict` turns it back."""
        lines = [asdict(line) | {"last_at": _text(line.last_at)} for line in self.contributions]
        return asdict(self) | {"at": _text(self.at), "contributions": lines}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The assessment that `to_dict` wrote, also in another version of Baton: keys unknown here are passed over."""
        lines = tuple(Contribution(**{**line, "last_at": _moment(line["last_at"])}) for line in stored["contributions"])
        known = {one.name: stored[one.name] for one in fields(cls)}
        return cls(**known | {"at": datetime.fromisoformat(stored["at"]), "contributions": lines})


def assess(lead: Lead, signals: Sequence[Signal], criteria: Criteria, now: datetime) -> Assessment:
    """What the lead is at `now`: the same whatever order and however often its signals are given.

    Fit alone never makes an MQL, nor does a signal that lies in the future.
    """
    facts = list(score.fit(lead, criteria.fit))
    events = list(score.behaviour(score.counted(signals, now), criteria.signals))
    fit, behaviour = (sum(line.points for line in lines) for lines in (facts, events))
    mql = behaviour > 0 and fit + behaviour >= criteria.threshold
    return Assessment(
        criteria=criteria.version,
        at=now,
        fit=fit,
        behaviour=behaviour,
        points=fit + behaviour,
        tier=criteria.tier if mql else None,
        mql=mql,
        contributions=tuple(sorted(facts + events, key=lambda line: -abs(line.points))),
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
