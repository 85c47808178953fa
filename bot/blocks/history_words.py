"""What happened, one line for each row of the history: plain text for a terminal."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.blocks.criteria_words import moment
from bot.blocks.text import clean
from bot.handoff.events import Event, Kind
from bot.handoff.reasons import Reason
from bot.lead import People

LONGEST = 200

# Persons go by name wherever their key stands; what is nobody's key (a tier, a channel) stays as it is.
WORDS: Mapping[Kind, str] = {
    Kind.CROSSED: "became an MQL, {cell}",
    Kind.FELL: "is no MQL any more, {cell}",
    Kind.QUEUED: "went into the queue {queue}",
    Kind.LEFT_QUEUE: "left the queue {queue}",
    Kind.SIGNALLED: "new signals: {signals}",
    Kind.MENDED: "put right by hand: {fields}",
    Kind.OFFERED: "offered to {owner}",
    Kind.RAISED: "rose from {from} to {to}",
    Kind.BARRED: "must not be contacted any more",
    Kind.REMINDED: "its owner was reminded",
    Kind.SNOOZED: "{by} snoozed it until {until}",
    Kind.BREACHED: "became overdue, with {owner}",
    Kind.ESCALATED: "the manager was told",
    Kind.REROUTED: "{by} passed it on to {to}",
    Kind.REASSIGNED: "reassigned from {from} to {to}",
    Kind.CLAIMED: "{by} claimed it from {from}",
    Kind.REDIRECTED: "its card moved from {from} to {to}",
    Kind.EXPIRED: "expired, nobody had answered",
    Kind.TAKEN: "{by} took it after all",
    Kind.ACCEPTED: "{by} accepted it",
    Kind.REJECTED: "{by} rejected it",
    Kind.VOIDED: "void",
    Kind.UNDONE: "{by} took back what was decided: {was}",
    Kind.MARKED_AWAY: "{person} counts as away from now on",
    Kind.RECORDED: "recorded from elsewhere: {fact}",
}
STEPS = {
    (Kind.REMINDED, "last_call"): "last call for its owner",
    (Kind.ESCALATED, "reassign"): "nobody else was free to take it; the manager was told",
}
ADDED = ("because", "why", "reason", "follow_up", "comment")
"""What says more about it, in this order; a reason may be a code."""
TOLD_OF_RECORDED = ("owner", "team", "tier", "due", "source", "campaign")


def event_line(event: Event, people: People, reasons: Mapping[str, Reason]) -> str:
    """When it happened, and what."""
    return f"{moment(event.at)}  {event_words(event, people, reasons)}"


def event_words(event: Event, people: People, reasons: Mapping[str, Reason]) -> str:
    """What happened, by whom and why."""
    template = STEPS.get((event.kind, str(event.detail.get("step"))), WORDS[event.kind])
    words = template.format_map(_Values(event, people))
    if event.by and "{by}" not in template:
        words = f"{words}, by {clean(people.name_of(event.by), 60)}"
    added = [*_added(event, people, reasons), *(_recorded(event) if event.kind is Kind.RECORDED else ())]
    return f"{words}: {'; '.join(added)}" if added else words


class _Values(dict[str, str]):
    """What stands in a template; what an older Baton did not keep is "?"."""

    def __init__(self, event: Event, people: People) -> None:
        kept = {key: _shown(people, value) for key, value in event.detail.items() if value is not None}
        super().__init__({**kept, "by": clean(people.name_of(event.by), 60)})

    def __missing__(self, key: str) -> str:
        return "?"


def _shown(people: People, value: str | float | bool) -> str:
    """A person by name, a moment as a terminal shows it, anything else as it is."""
    if isinstance(value, str) and "T" in value:
        try:
            return moment(datetime.fromisoformat(value))
        except ValueError:
            pass
    return clean(people.name_of(value) if isinstance(value, str) else value, LONGEST)


def _added(event: Event, people: People, reasons: Mapping[str, Reason]) -> Iterator[str]:
    for key in ADDED:
        value = event.detail.get(key)
        if not value or value == f"cell {event.detail.get('cell')}":
            continue
        if key == "comment":
            yield f"“{clean(value, LONGEST)}”"
        elif key == "reason" and value in reasons:
            yield clean(reasons[str(value)].label, 75)
        else:
            yield _shown(people, value)


def _recorded(event: Event) -> Iterator[str]:
    """What else the other system said."""
    for key in TOLD_OF_RECORDED:
        if event.detail.get(key):
            yield f"{key} {clean(event.detail[key], 60)}"
    if event.detail.get("time") == "unknown":
        yield "when is not known"
    if event.detail.get("assumed"):
        yield "nobody said so, silence was read so"
