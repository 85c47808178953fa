"""The private, kind answer to a click that changed nothing: who was faster, when, and what can be done."""

from bot.blocks.card import outcome, who
from bot.blocks.drawing import Drawing
from bot.blocks.text import escape, mention, said, when
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
    Why.NO_FORM: "Slack did not open the window in time. Nothing was changed; please press the button once more.",
    Why.BARRED: "Nothing was changed: this person asked not to be contacted.",
    Why.IMPORTED: "This is history from another system; it cannot be decided here.",
}


WORDS = {
    Why.MOVED_ON: "Nothing was changed: {lead} has moved on, {next_owner} has it now, since {since}.",
    Why.NOT_YOURS: "Nothing was changed: {lead} is {owner}'s. Only {owner} or {manager} can do this.",
    Why.NOT_YOUR_DECISION: "Nothing was changed: {lead}. {settled}\nOnly {decider} or {manager} can undo that.",
    Why.NOT_YOUR_TEAM: "Nothing was changed: {lead}. {settled}\nOnly the members of {team} or {manager} can take it.",
    Why.EXPIRED: "Nothing was changed: {lead} is no longer open. {settled}\nUse *Take it* on the card to take it.",
    Why.UNDO_TOO_LATE: "It is too late to undo this. {settled}",
    Why.STILL_OPEN: "{lead} is open again: nothing to undo. Accept or reject it on the card.",
    Why.ALREADY_DECIDED: "Nothing was changed: {lead} is already settled. {settled}",
}


def _about(why: Why, case: Case) -> str:
    """The hand-off may have changed since the click: what is said is true of how it stands now."""
    people, handoff, after = case.people, case.handoff, case.next
    settled = outcome(handoff, people)
    if after is not None:
        why = Why.MOVED_ON
    elif not settled and why is not Why.NOT_YOURS:
        why = Why.STILL_OPEN
    return WORDS.get(why, WORDS[Why.ALREADY_DECIDED]).format(
        lead=who(case.lead),
        settled=settled,
        owner=mention(people, handoff.owner),
        decider=mention(people, handoff.decided_by),
        manager=mention(people, case.manager),
        team=escape(case.team.name) if case.team else "its team",
        next_owner=mention(people, after.owner) if after else "",
        since=when(after.offered_at) if after else "",
    )
