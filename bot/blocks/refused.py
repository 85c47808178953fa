"""The private, kind answer to a click that changed nothing: who was faster, when, and what can be done."""

from bot.blocks.card import outcome, who
from bot.blocks.drawing import Drawing
from bot.blocks.text import mention, said, when
from bot.handoff.case import Case
from bot.handoff.machine import Why


def refused(why: Why, case: Case | None) -> Drawing:
    """The words for `why`; `case` is the hand-off as it stands now, None where there is none."""
    words = WITHOUT_CASE.get(why) or (_about(why, case) if case else WITHOUT_CASE[Why.UNKNOWN])
    return said(words)


WITHOUT_CASE = {
    Why.UNKNOWN: "I no longer know this lead, so nothing was changed. Please ask your sales operations.",
    Why.STRANGER: "I don't know you as a member of a sales team yet, so nothing was changed. "
    "Your sales operations can add you to the people file.",
    Why.UNKNOWN_REASON: "This reason is no longer on the list. Please open the form again.",
    Why.NO_FORM: "Slack did not open the form in time. Nothing was changed; please press *Reject…* once more.",
    Why.IMPORTED: "This is history from another system; it cannot be decided here.",
}


def _about(why: Why, case: Case) -> str:
    lead, settled = who(case.lead), outcome(case.handoff, case.people)
    if case.next is not None and why is not Why.NOT_ALLOWED:
        taker = mention(case.people, case.next.owner)
        return f"Nothing was changed: {lead} has moved on, {taker} has it now, since {when(case.next.offered_at)}."
    match why:
        case Why.NOT_ALLOWED:
            return _not_yours(case)
        case Why.EXPIRED:
            return f"Nothing was changed: {lead} is no longer open. {settled}\nUse *Take it* on the card to take it."
        case Why.UNDO_TOO_LATE:
            return f"It is too late to undo this. {settled}"
        case _ if not settled:
            return f"{lead} is open again: nothing to undo. Accept or reject it on the card."
        case _:
            return f"Nothing was changed: {lead} is already settled. {settled}"


def _not_yours(case: Case) -> str:
    people, handoff = case.people, case.handoff
    owner, boss = mention(people, handoff.owner), mention(people, case.manager)
    return f"Nothing was changed: {who(case.lead)} is {owner}'s. Only {owner} or {boss} can do this."
