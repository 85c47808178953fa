"""What can be asked next: the same hand-offs, seen from another side. Pure."""

from dataclasses import replace
from datetime import timedelta

from bot.blocks.funnel.report import Step
from bot.stats.language import windows
from bot.stats.language.grammar import canonical
from bot.stats.query import Dim, Query, Sub, Window

LONGER = "90d"
LONGER_DAYS = timedelta(days=90)


def step(label: str, query: Query, sub: Sub = "overview", by: Dim | None = None, subject: str | None = None) -> Step:
    """Another question about the same window and filters. The SLA has due times of its own, and so no `at=`."""
    asked = _plain(replace(query, sub=sub, by=by, subject=subject))
    return Step(label, canonical(replace(asked, matured=False, after=None) if sub == "sla" else asked))


def longer(query: Query) -> tuple[Step, ...]:
    """The same question about the last 90 days; none where its window is as long."""
    start, end = query.cohort.window.start, query.cohort.window.end
    if end - start >= LONGER_DAYS:
        return ()
    window = Window(end - LONGER_DAYS, end, LONGER)
    previous = windows.before(window) if query.previous else None
    asked = replace(_plain(query), cohort=replace(query.cohort, window=window), previous=previous)
    return (Step(f"Last {LONGER_DAYS.days} days", canonical(asked)),)


def nothing(query: Query, words: str = "None in this window.") -> str:
    """That there is nothing, and what to ask instead."""
    return " ".join((words, *(f"Try `{step.command}`." for step in longer(query))))


def _plain(query: Query) -> Query:
    """By cohort, and for whoever asks."""
    return replace(query, basis="cohort", to="private", csv=False)
