"""The card: one lead, offered once, drawn from the hand-off's state as it is now. A rep decides from it in a minute.

Order of lines, at most ten: until when and for whom, what has changed, who the lead is, why now, how good and how warm
it is, its data; then either the buttons or what became of it. The facts themselves are in card_facts.
"""

from collections.abc import Iterator
from datetime import datetime

from bot.blocks import card_clock, card_facts
from bot.blocks.card_buttons import STILL_WORK, actions, barred
from bot.blocks.drawing import Drawing
from bot.blocks.text import aloud, context, escape, joined, mention, name, section, when
from bot.handoff.case import Case
from bot.handoff.states import Handoff, State
from bot.lead import Lead, People

SIGNALS = 3
"""Signals on a card that has nothing else to add; each line that it has takes the place of one, down to the last."""
MOST_TEXT = 3_900
"""Slack updates a message whose text has at most 4,000 characters."""


def card(case: Case) -> Drawing:
    """The card of a hand-off; its buttons' value is the hand-off's id."""
    small = list(_small_print(case))
    paragraphs = list(_paragraphs(case, room=SIGNALS - len(small)))
    blocks = [section("\n".join(lines)) for lines in paragraphs if lines]
    blocks += [context(line) for line in (_data(case), "\n".join(small)) if line]
    blocks += actions(case)
    return Drawing(_text([*(line for lines in paragraphs for line in lines), *small]), blocks)


def who(lead: Lead) -> str:
    """The lead in a few words, whatever is known: name, else e-mail, else the other system's id."""
    named = (lead.name, lead.email, lead.external_id and f"{lead.origin} {lead.external_id}")
    words = next(filter(None, (escape(one or "", 80) for one in named)), "Somebody without a name")
    place = escape(lead.company or "", 60)
    return f"{words}, {place}" if place else words


def outcome(handoff: Handoff, people: People, *, ping: bool = True) -> str:
    """What became of a hand-off: by whom and when. Empty while it is open. Without `ping` people go by name."""
    verb = VERBS.get(handoff.state)
    at = _decided_at(handoff)
    if verb is None or at is None:
        return ""
    if withdrawn(handoff):
        return f":no_entry: *Void · {escape(handoff.comment, 75)}* · {when(at)}"
    decider = (mention if ping else name)(people, handoff.decided_by)
    return f"{verb} by {decider} · {when(at)}" if handoff.decided_by else f"{verb} · {when(at)}"


def withdrawn(handoff: Handoff) -> bool:
    """Whether the card was taken back because the lead must not be contacted; its comment then says why."""
    return handoff.state is State.VOID and handoff.reason is None and handoff.decided_by is None


VERBS = {
    State.ACCEPTED: ":white_check_mark: *Accepted*",
    State.REJECTED: ":no_entry_sign: *Rejected*",
    State.VOID: ":heavy_minus_sign: *Void*",
    State.EXPIRED: ":hourglass: *Expired without an answer*",
    State.QUALIFIED: ":white_check_mark: *Qualified*",
    State.DISQUALIFIED: ":no_entry_sign: *Disqualified*",
    State.LAPSED: ":hourglass: *Lapsed: accepted, never worked*",
    State.WON: ":trophy: *Won*",
    State.LOST: ":heavy_minus_sign: *Lost*",
}


def _decided_at(handoff: Handoff) -> datetime | None:
    return handoff.decided_at or handoff.expired_at or handoff.won_at or handoff.lost_at or handoff.lapsed_at


def _headline(case: Case) -> str:
    handoff, people = case.handoff, case.people
    if handoff.state is State.OFFERED:
        return card_clock.headline(case)
    tier = f"{escape(handoff.tier, 20)} · " if handoff.tier else ""
    return outcome(handoff, people) or f"*{tier}Lead of {mention(people, handoff.owner)}*"


def _paragraphs(case: Case, room: int) -> Iterator[list[str]]:
    """The lines above the small print; of signals as many as there is `room` for."""
    if case.handoff.state not in STILL_WORK:
        yield [_headline(case)]
        yield [_about(case.lead)]
        return
    changes = [line for line in (card_facts.barred(case), card_facts.undecided(case), _notes(case)) if line]
    yield [_headline(case), *changes]
    yield [_about(case.lead)]
    yield card_facts.why_now(case, max(1, room - len(changes)))
    yield list(card_facts.standing(case.assessment, case.unknown)) if case.assessment else []


def _notes(case: Case) -> str:
    """What else there is to know of an open card, on one line: the others are spoken for."""
    if case.handoff.state is not State.OFFERED:
        return ""
    notes = (card_facts.raised(case), card_clock.snoozed(case.handoff), card_clock.stand_in(case))
    return joined(note for note in notes if note)


def _about(lead: Lead) -> str:
    return f"*{who(lead)}*" + (f" · {escape(lead.title, 100)}" if lead.title else "")


def _data(case: Case) -> str:
    """Nothing to get in touch by for a lead that must not be contacted."""
    found = case.assessment
    if case.handoff.state not in STILL_WORK or barred(case):
        return ""
    return card_facts.data(case.lead, found.checks if found else ())


def _small_print(case: Case) -> Iterator[str]:
    """Why it was turned down, what comes after expiry, and until when a decision can be taken back."""
    handoff = case.handoff
    if withdrawn(handoff):
        yield "This card was withdrawn: the lead must not be contacted."
    reason = case.reasons.get(handoff.reason or "")
    if handoff.reason:
        yield f"{escape(reason.label if reason else handoff.reason, 75)}: {escape(follow_up(case), 200)}"
    if handoff.state is State.EXPIRED:
        yield _after_expiry(case)
    if handoff.undo_until and handoff.next_id is None:
        yield when(handoff.undo_until, "Undo until")


def follow_up(case: Case) -> str:
    """The answer to the reason's question, with the labels of chosen options."""
    answer = case.handoff.follow_up or ""
    reason = case.reasons.get(case.handoff.reason or "")
    labels = dict(reason.follow_up.options) if reason else {}
    return ", ".join(labels.get(value, value) for value in answer.split(",")) if labels else answer


def _after_expiry(case: Case) -> str:
    if case.next is None and barred(case):
        return "It stands in the queue `expired`."
    if case.next is None:
        return "It stands in the queue `expired`. Anyone on the team can take it."
    taker = mention(case.people, case.next.owner)
    return f"{taker} has it now: see the newer card."


def _text(lines: list[str]) -> str:
    """The same for those who cannot see the blocks, without marks of formatting."""
    return joined((aloud(line).removeprefix("• ") for line in lines), ". ", MOST_TEXT)
