"""What makes the days of a window unlike each other: notes about the world outside, and changes of the rules."""

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from itertools import pairwise

from bot.answers.inquiry import Inquiry
from bot.stats.marks import Mark
from bot.store import notes, policies

FILES = {"criteria.yaml": "criteria", "sla.yaml": "SLA"}
"""The files whose change makes hand-offs before and after it two different things."""


def marks(inquiry: Inquiry) -> tuple[Mark, ...]:
    """All marks within the window of a question, by day. What was changed after the as-of date is not yet there."""
    window = inquiry.query.cohort.window
    last = window.end - timedelta(microseconds=1)
    noted = notes.within(inquiry.tx, window.start.astimezone(UTC).date(), last.astimezone(UTC).date())
    applied = policies.applied(inquiry.tx, window.start, window.end)
    known = [one for one in applied if one.at <= inquiry.as_of]
    found = [*(Mark(note.on, note.words, "note") for note in noted), *_changes(known)]
    return tuple(sorted(found, key=lambda mark: mark.on))


def _changes(applied: Iterable[policies.Applied]) -> Iterator[Mark]:
    """The first version ever is no change: nothing was in force before it."""
    for before, after in pairwise(applied):
        changed = [name for file, name in FILES.items() if before.texts.get(file) != after.texts.get(file)]
        if changed:
            yield Mark(after.at.astimezone(UTC).date(), f"{' and '.join(changed)} changed", "criteria")
