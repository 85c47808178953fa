"""All that is known of a lead, in a terminal: lines of at most 80 columns."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from textwrap import fill

from bot.blocks.criteria_words import field_name, moment
from bot.blocks.deadline_words import deadline_lines, left_line
from bot.blocks.explained_words import verdict
from bot.blocks.grounds import NO_DEADLINE
from bot.blocks.history_words import event_line
from bot.blocks.outlook_words import standing_words
from bot.blocks.routing_words import routing_lines
from bot.blocks.text import clean
from bot.handoff.events import Event
from bot.handoff.open_cards import claimable, stepped_in
from bot.handoff.states import Handoff, State
from bot.handoff.story import Chapter, Story
from bot.lead import LEAD_FIELDS, Lead, People

WIDTH = 80
IN_HEADING = ("name", "title", "company")


def story_text(story: Story, now: datetime) -> str:
    """Who it is, how it is judged at `now` (UTC), every hand-off with its reasons, and what happened."""
    lead, found = story.explained.lead, story.explained.explanation.assessment
    number = story.standing.lead_id
    lines = [
        *_wrapped([f"Lead {number}: {_who(lead)}"], 0),
        *_wrapped(_known(lead), 2),
        *_section("Where it stands", [f"{verdict(found)}.", *standing_words(story.standing, found.tier, moment)]),
        f"  `baton criteria explain {number}` has every rule.",
    ]
    for chapter in story.chapters:
        lines += ["", *_chapter(chapter, story, now)]
    lines += _section("Outside of hand-offs", (_told(event, story) for event in story.events), hang=22)
    if story.earlier:
        lines += ["", f"{story.earlier} earlier events are left out."]
    return "\n".join(lines)


def _chapter(chapter: Chapter, story: Story, now: datetime) -> Iterator[str]:
    found = chapter.grounds
    handoff, people = found.handoff, found.people
    yield from _wrapped([f"Hand-off {handoff.id}: {'; '.join(_heading(handoff, people))}"], 0)
    yield from _wrapped(_state(chapter, people, now), 2)
    if not handoff.imported:
        yield "  Why then"
        yield from _wrapped([*(deadline_lines(found.deadline) if found.deadline else [NO_DEADLINE])], 4)
        yield from _wrapped([left_line(found, now)], 4)
        yield "  Why they"
        yield from _wrapped(routing_lines(found.owners, people), 4)
    yield from _section("  What happened", (_told(event, story) for event in chapter.events), hang=22, blank=False)


def _heading(handoff: Handoff, people: People) -> Iterator[str]:
    yield "nobody has answered yet" if handoff.state is State.OFFERED else handoff.state.value
    if handoff.tier:
        raised = f", raised from {clean(handoff.raised_from, 20)}" if handoff.raised_from else ""
        yield f"tier {clean(handoff.tier, 20)}{raised}"
    yield f"owner {clean(people.name_of(handoff.owner), 60)}"
    if handoff.imported:
        yield "imported"


def _state(chapter: Chapter, people: People, now: datetime) -> Iterator[str]:
    """Until when, and how far along the ladder it is."""
    handoff = chapter.grounds.handoff
    due = f", due {moment(handoff.due_at)}" if handoff.due_at else ""
    yield f"Offered {moment(handoff.offered_at)}{due}, under version {clean(handoff.policy, 40)}."
    if handoff.breached_by:
        yield f"It became overdue while {clean(people.name_of(handoff.breached_by), 60)} had it."
    if claimable(handoff, claimed=stepped_in(chapter.events)):
        yield "Anyone on the team may claim it."
    if handoff.state is State.OFFERED and handoff.snoozed_until and now < handoff.snoozed_until:
        yield f"Snoozed until {moment(handoff.snoozed_until)}."
    ahead = [f"{step.step.replace('_', ' ')} {moment(step.at)}" for step in handoff.steps[handoff.step :]]
    if handoff.live and handoff.state is State.OFFERED and ahead:
        yield f"Next: {', '.join(ahead)}."


def _known(lead: Lead) -> Iterator[str]:
    """What is known of it, a line for the fields and one for the rest."""
    fields = [(key, lead.value(key)) for key in sorted(LEAD_FIELDS) if key not in IN_HEADING]
    for told in (fields, sorted(lead.attributes.items())):
        words = [f"{field_name(key)} {clean(value, 80)}" for key, value in told if value not in {None, ""}]
        if words:
            yield " · ".join(words)


def _who(lead: Lead) -> str:
    words = (lead.known_as, lead.title, lead.company)
    return ", ".join(clean(one, 80) for one in words if one) or "somebody without a name"


def _told(event: Event, story: Story) -> str:
    return event_line(event, story.standing.people, story.reasons)


def _section(heading: str, lines: Iterable[str], *, hang: int = 2, blank: bool = True) -> Iterator[str]:
    """Nothing where there are no lines."""
    indent = len(heading) - len(heading.lstrip()) + 2
    there = list(_wrapped(lines, indent, hang))
    if there:
        yield from ([""] if blank else [])
        yield heading
        yield from there


def _wrapped(lines: Iterable[str], indent: int, hang: int = 2) -> Iterator[str]:
    """Each line with `indent`, which its own adds to; what does not fit goes on below, `hang` further in."""
    for line in lines:
        own = indent + len(line) - len(line.lstrip())
        yield fill(line.strip(), WIDTH, initial_indent=" " * own, subsequent_indent=" " * (own + hang))
