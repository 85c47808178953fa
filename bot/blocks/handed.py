"""A lead changes hands: what its new owner and its former one read in private, and what stays of a card that moved.

Redrawn when the hand-off changes: who got it once may have passed it on, or answered it.
"""

from bot.blocks.card import outcome, who
from bot.blocks.drawing import Drawing
from bot.blocks.ladder import open_card
from bot.blocks.text import ago, escape, mention, name, said, when
from bot.handoff.case import Case
from bot.handoff.events import UNANSWERED, Event, Kind
from bot.handoff.notices import is_direct
from bot.handoff.states import State


def moved(case: Case) -> Drawing:
    """All that is left of a card in a channel from which its lead has moved: where it went, and no buttons."""
    handoff, people = case.handoff, case.people
    channel = handoff.channel or ""
    place = "a direct message" if is_direct(channel) else f"<#{escape(channel, 30)}>"
    if handoff.state is State.OFFERED:
        return said(f"{who(case.lead)}: moved to {place}, now with {mention(people, handoff.owner)}.")
    return said(f"{who(case.lead)}: moved to {place}. {outcome(handoff, people, ping=False)}")


def handed_to(case: Case, event: Event, link: str | None) -> Drawing:
    """To whoever got it by `event`: which lead, why they, until when, and the way to the card."""
    handoff, lead = case.handoff, who(case.lead)
    if handoff.state is not State.OFFERED:
        return said(f"Settled: {lead}. {outcome(handoff, case.people, ping=False)}")
    if handoff.owner_since != event.at:
        return said(f"No longer yours: {lead}. {name(case.people, handoff.owner)} has it now.")
    words = f":incoming_envelope: *{lead}* is yours now: {_why(case, event)}.{_due(case)}"
    return said(words, *open_card(link))


def handed_from(case: Case, event: Event) -> Drawing:
    """To whoever had it until `event`: who has it, and why. There is nothing for them to do."""
    handoff, people = case.handoff, case.people
    claimed = event.kind is Kind.CLAIMED
    why = ", who claimed it because it was overdue" if claimed else f": {_why(case, event, 'you')}"
    words = f"*{who(case.lead)}* went to {name(people, _text(event, 'to'))}{why}."
    return said(f"{words} {outcome(handoff, people, ping=False)}".rstrip())


def _why(case: Case, event: Event, silent: str | None = None) -> str:
    """Why it changed hands, for both to read; but for whoever was `silent`, who goes by that word."""
    by, former = name(case.people, event.by), name(case.people, _text(event, "from"))
    why = _text(event, "why")
    if event.kind is Kind.REROUTED:
        return f"{by} passed it on ({_reason(case, event)})"
    if event.by is not None:
        return f"{by} reassigned it"
    if why == UNANSWERED:
        return f"there was no answer from {silent or former} in time"
    return f"{former} {escape(why, 150)}" if why else f"{former} cannot have it"


def _reason(case: Case, event: Event) -> str:
    """The reason's label, the answer to its question, and the words that were added."""
    code, comment = _text(event, "reason"), _text(event, "comment")
    reason, people = case.reasons.get(code), case.people
    answer = _text(event, "follow_up")
    kind = reason.follow_up.kind if reason else "text"
    team = people.teams.get(answer)
    told = {"person": people.name_of(answer), "team": team.name if team else answer}.get(kind, answer)
    label = escape(reason.label if reason else code, 75)
    said_so = f"{label}: {escape(told, 100)}" if answer else label
    return f"{said_so} — “{escape(comment, 200)}”" if comment else said_so


def _due(case: Case) -> str:
    due = case.handoff.due_at
    if due is None:
        return ""
    return f" {ago(due, 'Overdue since') if case.handoff.breached_by else when(due, 'Please decide by')}."


def _text(event: Event, key: str) -> str:
    return str(event.detail.get(key) or "")
