"""A world for the grammar to ask about, and lines that people type in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.stats.language.grammar import parse
from bot.stats.query import Asked, Dim, Problem, Query, Window

NOW = datetime(2026, 3, 31, 12, 30, 15, 250_000, tzinfo=UTC)
METRICS = ("accept", "time-to-decision", "SLA met", "open", "velocity")


@dataclass
class World:
    """Stored values by dimension and what these are called, persons by their names; it counts how often it is asked."""

    stored: Mapping[Dim, Sequence[str]] = field(default_factory=dict)
    persons: Mapping[str, Sequence[str]] = field(default_factory=dict)
    called: Mapping[Dim, Mapping[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def values(self, key: Dim, window: Window) -> Sequence[str]:
        self.asked.append((key, window.text))
        return self.stored.get(key, ())

    def names(self, key: Dim) -> Mapping[str, str]:
        return self.called.get(key, {})

    def person(self, words: str) -> Sequence[str]:
        self.asked.append(("person", words))
        return self.persons.get(words.casefold(), ())


STORED: Mapping[Dim, Sequence[str]] = {
    "source": ("Webinar", "webinar ", "Paid Search", "demo", "trade-show"),
    "campaign": ("Spring Launch", "demo", "open", "Spring  launch 2"),
    "channel": ("e-mail",),
    "usecase": ("Onboarding",),
    "segment": ("Mid-market",),
    "region": ("DACH",),
    "product": ("Core",),
    "team": ("north", "south"),
    "rep": ("ana", "ben", "Zed who left"),
    "tier": ("P1", "gold"),
    "band": ("60-79",),
    "type": ("Demo request", "points"),
    "reason": ("FIT_COMPANY", "TIMING"),
    "version": ("v7",),
}
PERSONS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("ana", "ana ruiz", "u0ana"), ("ana",)),
    **dict.fromkeys(("ben", "ben okafor", "u0ben"), ("ben",)),
    "sam": ("sam.a", "sam.b"),
    "sam.a": ("sam.a",),
    "sam.b": ("sam.b",),
}


def world() -> World:
    return World(STORED, PERSONS)


def ask(text: str, now: datetime = NOW) -> Asked:
    return parse(text, now, world(), METRICS)


def query(text: str, now: datetime = NOW) -> Query:
    """What is asked; a Problem is a failure."""
    found = ask(text, now)
    assert isinstance(found, Query), found
    assert ask(found.text, now) == found
    return found


def problem(text: str, now: datetime = NOW) -> Problem:
    """What is wrong, all of its suggestions having been tried."""
    found = ask(text, now)
    assert isinstance(found, Problem), found
    assert found.words
    assert found.suggestions
    for suggestion in found.suggestions:
        assert not isinstance(ask(suggestion, now), Problem), suggestion
    return found
