"""A lead's assessment explained in a terminal: aligned lines of plain text."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from textwrap import fill

from bot.blocks.criteria_words import moment
from bot.blocks.explained_words import Row, lists, verdict
from bot.blocks.outlook_words import outlook, standing_words
from bot.blocks.text import clean
from bot.handoff.explained import LeadExplained
from bot.lead import Lead

WIDTH = 100


def unknown_text(types: Sequence[tuple[str, int, int, date]]) -> str:
    """Types of signals that no rule knows, each with its signals, leads and last day."""
    if not types:
        return "every type of signal that came in has a rule"
    table = [
        ("signals", "leads", "last day", "type"),
        *((str(n), str(of), str(day), clean(name)) for name, n, of, day in types),
    ]
    return "\n".join(f"{signals:>9}  {leads:>9}  {day:10}  {name}" for signals, leads, day, name in table)


def explained_text(explained: LeadExplained) -> str:
    """Who it is, the verdict, every rule, what would change it, and where it stands."""
    explanation, standing = explained.explanation, explained.standing
    found = explanation.assessment
    number = f"Lead {standing.lead_id}: " if standing else ""
    lines = [
        f"{number}{_who(explained.lead)}",
        verdict(found),
        f"as of {moment(found.at)}, criteria {found.criteria}",
        *(line for heading, rows in lists(explanation) for line in _section(heading, _aligned(list(rows)))),
        *_section("What would change it", _sentences(outlook(explanation))),
    ]
    if standing:
        lines += _section("Where it stands", _sentences(standing_words(standing, found.tier, moment)))
    return "\n".join(lines)


def _section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """Nothing where there are no lines."""
    there = list(lines)
    if there:
        yield from ("", heading, *there)


def _aligned(rows: Sequence[Row]) -> Iterator[str]:
    """Rows in columns; there is one for points where any row has some."""
    room = 6 if any(row.points for row in rows) else 0
    for row in rows:
        start = f"  {row.mark} {row.points:>{room}}{'  ' if room else ''}"
        yield fill(row.words, WIDTH, initial_indent=start, subsequent_indent=" " * len(start))


def _sentences(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        yield fill(sentence, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _who(lead: Lead) -> str:
    return ", ".join(clean(one, 80) for one in (lead.known_as, lead.title, lead.company) if one)
