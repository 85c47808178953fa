"""What makes the days of a window unlike each other: notes about the world outside, and changes of the rules."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from itertools import pairwise

from bot.answers.inquiry import Inquiry
from bot.config.load import content
from bot.stats.marks import Mark
from bot.store import notes, policies

FILES = {"criteria.yaml": "criteria", "sla.yaml": "SLA"}
"""The files whose change makes hand-offs before and after it two different things."""


def marks(inquiry: Inquiry) -> tuple[Mark, ...]:
    """All marks within the window of a question, by day. What was changed after the as-of date is not yet there."""
    window = inquiry.query.cohort.window
    last = window.end - timedelta(microseconds=1)
    days = window.start.astimezone(UTC).date(), last.astimezone(UTC).date()
    noted = notes.within(inquiry.tx, *days, inquiry.as_of)
    applied = policies.applied(inquiry.tx, window.start, window.end)
    known = [one for one in applied if one.at <= inquiry.as_of]
    found = [*(Mark(note.on, note.words, "note") for note in noted), *_changes(known)]
    return tuple(sorted(found, key=lambda mark: mark.on))


def _changes(applied: Iterable[policies.Applied]) -> Iterator[Mark]:
    """The first version ever is no change: nothing was in force before it."""
    for before, after in pairwise(applied):
        changed = [name for file, name in FILES.items() if _differ(file, before.texts.get(file), after.texts.get(file))]
        if changed:
            yield Mark(after.at.astimezone(UTC).date(), f"{' and '.join(changed)} changed", "criteria")


def _differ(file: str, before: str | None, after: str | None) -> bool:
    """Whether two texts of a file say different things; they are read only where their words are the same.

    An answer has three seconds, and a year may have many changes.
    """
    if before is None or after is None or _words(before) != _words(after):
        return before != after
    return before != after and content(file, before) != content(file, after)


def _words(text: str) -> list[str]:
    """Those outside of comments, in whatever layout; of a value with a # in it, those before that."""
    return re.findall(r"\w+", " ".join(line.partition("#")[0] for line in text.splitlines()))
