"""The private, kind answer to a click that changed nothing: who was faster, when, and what can be done."""

from collections.abc import Mapping

from bot.blocks.card import outcome, who
from bot.blocks.drawing import Drawing
from bot.blocks.text import escape, mention, said, when
from bot.handoff.case import Case
from bot.handoff.decision import Why
from bot.lead import People


def refused(why: Why, case: Case | None) -> Drawing:
    """The words for `why`; `case` is the hand-off as it stands now, None where there is none."""
    absence = NOT_THERE if why is Why.NOT_YOUR_MOVE else ALWAYS[Why.UNKNOWN]
    return said(ALWAYS.get(why) or (_about(why, case) if case else absence))


ALWAYS = {
    Why.UNKNOWN: "I no longer know what this button is about, so nothing was changed. "
    "Please ask your sales operations.",
    Why.STRANGER: "I don't know you as a member of a sales team yet, so nothing was changed. "
    "Your sales operations can add you to the people file.",
    Why.UNKNOWN_REASON: "This reason is no longer on the list. Please open the form again.",
    Why.NO_FORM: "Slack did not open the window in time. Nothing was changed; please press the button once more.",
    Why.BARRED: "Nothing was changed: this person asked not to be contacted.",
    Why.IMPORTED: "This is history from another system; it cannot be decided here.",
}

NOT_THERE = (
    "Nothing was changed: only they themselves, their manager or sales operations can say whether somebody is there."
)
"""A move that is not of a lead."""

OPEN = {
    Why.NOT_YOURS: "Nothing was changed: {lead} is {owner}'s. Only {deciders} can do this.",
    Why.NOT_YOUR_TEAM: "Nothing was changed: {lead} is {owner}'s. "
    "Only the members of {team} or {manager} can claim it.",
    Why.NOT_YOUR_MOVE: "Nothing was changed: {lead} is {owner}'s. Only {manager} can give it to somebody else.",
    Why.TOO_EARLY: "Nothing was changed: {owner} has {until} to answer. "
    "After that anyone on the team can claim {lead}.",
    Why.CHANGED_HANDS: "Nothing was changed: {lead} has changed hands. {owner} has it now, {owned}.",
    Why.ALREADY_THEIRS: "Nothing was changed: {owner} has {lead} already.",
    Why.SNOOZED: "Nothing was changed: the reminder for {lead} has been put off once, {snoozed}.",
    Why.NO_TIME_LEFT: "Nothing was changed: {lead} is {due}, which is sooner than that.",
    Why.NOBODY: "Nothing was changed: there is nobody who can have {lead}.",
}
"""While it is open; any other refusal of an open one is of an undo or a take."""

STILL_OPEN = "{lead} is open again: nothing to undo. Accept or reject it on the card."

SETTLED = {
    Why.NOT_YOUR_DECISION: "Nothing was changed: {lead}. {settled}\nOnly {decider} or {manager} can undo that.",
    Why.NOT_YOUR_TEAM: "Nothing was changed: {lead}. {settled}\nOnly the members of {team} or {manager} can take it.",
    Why.EXPIRED: "Nothing was changed: {lead} is no longer open. {settled}\nUse *Take it* on the card to take it.",
    Why.UNDO_TOO_LATE: "It is too late to undo this. {settled}",
}

ALREADY_DECIDED = "Nothing was changed: {lead} is already settled. {settled}"
MOVED_ON = "Nothing was changed: {lead} has moved on, {next_owner} has it now, {since}."


def _about(why: Why, case: Case) -> str:
    """The hand-off may have changed since the click: what is said is true of how it stands now."""
    settled = outcome(case.handoff, case.people)
    if case.next is not None:
        words = MOVED_ON
    elif settled:
        words = SETTLED.get(why, ALREADY_DECIDED)
    elif why is Why.SNOOZED and case.handoff.snoozed_until is None:
        words = OPEN[Why.CHANGED_HANDS]
    else:
        words = OPEN.get(why, STILL_OPEN)
    return words.format(settled=settled, **_people(case), **_times(case))


def _people(case: Case) -> Mapping[str, str]:
    people, handoff = case.people, case.handoff
    owner = people.persons.get(handoff.owner or "")
    return {
        "lead": who(case.lead),
        "owner": mention(people, handoff.owner),
        "deciders": _any_of(people, handoff.owner, owner.delegate if owner else None, case.manager),
        "decider": mention(people, handoff.decided_by),
        "manager": mention(people, case.manager) if case.manager else "its manager",
        "team": escape(case.team.name) if case.team else "its team",
        "next_owner": mention(people, case.next.owner) if case.next else "",
    }


def _times(case: Case) -> Mapping[str, str]:
    handoff, after = case.handoff, case.next
    times = {
        "until": (handoff.due_at, "until"),
        "due": (handoff.due_at, "due"),
        "owned": (handoff.owner_since or handoff.offered_at, "since"),
        "snoozed": (handoff.snoozed_until, "until"),
        "since": (after.offered_at if after else None, "since"),
    }
    return {name: when(at, words) if at else "" for name, (at, words) in times.items()}


def _any_of(people: People, *keys: str | None) -> str:
    """One or the other, each of them once."""
    *others, last = dict.fromkeys(mention(people, key) for key in keys if key) or ["nobody"]
    return f"{', '.join(others)} or {last}" if others else last
