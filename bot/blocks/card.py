"""The card: one lead, offered once, drawn from the hand-off's state as it is now. A rep decides from it in a minute.

Order of lines: until when and for whom, who the lead is, why now, how good the fit, what is known, what is new, and
then either the buttons or what became of it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.blocks import ids
from bot.blocks.drawing import Block, Drawing
from bot.blocks.text import button, context, escape, mention, name, section, when
from bot.handoff.case import Case, Heard
from bot.handoff.states import Handoff, State
from bot.lead import Lead, People

TOP = 3


def card(case: Case) -> Drawing:
    """The card of a hand-off; its buttons' value is the hand-off's id."""
    headline = _headline(case)
    small = "\n".join(_small_print(case))
    blocks = [section(headline), section(_about(case)), *(_facts(case) if case.handoff.state in STILL_WORK else ())]
    blocks += [context(small)] if small else []
    buttons = list(_buttons(case.handoff))
    if buttons:
        blocks.append({"type": "actions", "block_id": f"handoff:{case.handoff.id}", "elements": buttons})
    return Drawing(_text(case, headline, small), blocks)


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
    decider = (mention if ping else name)(people, handoff.decided_by)
    return f"{verb} by {decider} · {when(at)}" if handoff.decided_by else f"{verb} · {when(at)}"


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


STILL_WORK = frozenset({State.OFFERED, State.ACCEPTED, State.QUALIFIED, State.EXPIRED})
"""States in which somebody needs the lead's whole context; a settled card is a short record."""


def _decided_at(handoff: Handoff) -> datetime | None:
    return handoff.decided_at or handoff.expired_at or handoff.won_at or handoff.lost_at or handoff.lapsed_at


def _headline(case: Case) -> str:
    handoff, people = case.handoff, case.people
    owner = mention(people, handoff.owner)
    tier = f"{escape(handoff.tier, 20)} · " if handoff.tier else ""
    if handoff.state is not State.OFFERED:
        return outcome(handoff, people) or f"*{tier}Lead of {owner}*"
    due = f" · decide by {when(handoff.due_at)}" if handoff.due_at else ""
    return f"*{tier}New lead for {owner}{due}*"


def _about(case: Case) -> str:
    lead = case.lead
    title = f"\n{escape(lead.title, 100)}" if lead.title else ""
    return f"*{who(lead)}*{title}"


def _facts(case: Case) -> Iterator[Block]:
    if case.latest:
        yield section(f"*Why now*\n{_lines(case.latest)}")
    if case.assessment and case.assessment.contributions:
        top = [
            f"{escape(line.label, 60)} {line.points:+d}" for line in case.assessment.contributions[:TOP] if line.points
        ]
        yield section(
            f"*{case.assessment.points} points* (fit {case.assessment.fit}, behaviour "
            f"{case.assessment.behaviour})\n" + " · ".join(top)
        )
    yield context(_known(case.lead))
    if case.news:
        yield section(f"*New since this card was posted*\n{_lines(case.news)}")


def _lines(signals: Sequence[Heard]) -> str:
    return "\n".join(f"• {escape(one.label, 60)} · {when(one.at)}{_note(one)}" for one in signals)


def _note(signal: Heard) -> str:
    return f" — “{escape(signal.note, 120)}”" if signal.note else ""


def _known(lead: Lead) -> str:
    data = (("E-mail", lead.email), ("Phone", lead.phone), ("Country", lead.country))
    origin = (("Source", lead.source), ("Campaign", lead.campaign))
    parts = [f"{label} {escape(value or '', 80) or 'missing'}" for label, value in data]
    return "  ·  ".join([*parts, *(f"{label} {escape(value, 60)}" for label, value in origin if value)])


def _buttons(handoff: Handoff) -> Iterator[Block]:
    match handoff.state:
        case State.OFFERED:
            yield button("Accept", ids.ACCEPT, handoff.id, "primary")
            yield button("Reject…", ids.REJECT, handoff.id)
        case State.ACCEPTED | State.REJECTED | State.VOID if handoff.undo_until and handoff.next_id is None:
            yield button("Undo", ids.UNDO, handoff.id)
        case State.EXPIRED if handoff.next_id is None:
            yield button("Take it", ids.TAKE, handoff.id, "primary")
        case _:
            pass


def _small_print(case: Case) -> Iterator[str]:
    """Why it was turned down, what comes after expiry, and until when a decision can be taken back."""
    handoff = case.handoff
    reason = case.reasons.get(handoff.reason or "")
    if handoff.reason:
        yield f"{escape(reason.label if reason else handoff.reason, 75)}: {escape(follow_up(case), 200)}"
    if handoff.state is State.EXPIRED:
        yield _after_expiry(case)
    if handoff.undo_until and handoff.next_id is None:
        yield f"Undo until {when(handoff.undo_until)}"


def follow_up(case: Case) -> str:
    """The answer to the reason's question, with the labels of chosen options."""
    answer = case.handoff.follow_up or ""
    reason = case.reasons.get(case.handoff.reason or "")
    labels = dict(reason.follow_up.options) if reason else {}
    return ", ".join(labels.get(value, value) for value in answer.split(",")) if labels else answer


def _after_expiry(case: Case) -> str:
    if case.next is None:
        return "It stands in the queue `expired`. Anyone on the team can take it."
    taker = mention(case.people, case.next.owner)
    return f"{taker} has it now: see the newer card."


def _text(case: Case, headline: str, small: str) -> str:
    why = "; ".join(escape(signal.label, 60) for signal in case.latest)
    parts = [headline.replace("*", ""), who(case.lead), why and f"Why now: {why}", small.replace("\n", ". ")]
    return ". ".join(part for part in parts if part)
