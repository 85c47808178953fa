"""What is said of people who are not there: that they are away, with the button that ends it; a status that hints at
it; an account that is gone; and leads that wait because nobody is there at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.blocks import ids
from bot.blocks.drawing import Block, Drawing
from bot.blocks.text import ago, button, buttons, calendar_day, clean, escape, name, said, when
from bot.handoff.absence import Absence, Status
from bot.handoff.routing import Queue
from bot.lead import People

NOBODY = "nobody is there to have", "somebody is back. Baton's home tab, and `baton who`, show who is away."
NO_ROOM = "there is no room for", "somebody decides an open card, or `capacity` in `people.yaml` allows for more."


def away(absence: Absence, people: People, recipient: str) -> Drawing:
    """To the person who is away or to somebody else (Slack id). Once it is over, from when they were back."""
    own = people.slack_of(absence.person) == recipient
    if absence.ended_at is not None:
        return said(_over(absence, people, own))
    words = f":palm_tree: {_words(absence, people, own)}"
    return said(words, buttons(_back(absence, people, own)))


def gone(person: str, people: People, *, still: bool) -> Drawing:
    """To the manager and to operations, about `person` (key); `still` unless Slack has their account again."""
    who = name(people, person)
    if not still:
        return said(f"{who} is in Slack again: new leads come to them as before.")
    return said(
        f":warning: {who}'s Slack account is gone. They get no leads any more, and their open ones go to others. "
        f"If they have left, take `{escape(person, 60)}` out of `people.yaml`; "
        "if they have a new account, put its id there."
    )


def waiting(queue: Queue, count: int, since: datetime | None, reasons: Sequence[str]) -> Drawing:
    """To managers and operations: how many leads wait for somebody to be there or have room, since when, and why."""
    if since is None:
        return said(f":white_check_mark: No lead waits in `{queue}` any more.")
    leads, them = ("1 lead waits", "it") if count == 1 else (f"{count} leads wait", "them")
    why, until = NO_ROOM if queue == "overflow" else NOBODY
    lines = "\n".join(f"• {escape(reason, 200)}" for reason in reasons)
    return said(
        f":hourglass: *{leads} in `{queue}`*, the first {ago(since, 'since')}: {why} {them}.\n{lines}\n"
        f"They are offered as soon as {until}"
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody (key) was asked: the `words` of their status then, what it says now, until which day by their own
    clock, what they answered, and their absence, if they are away.
    """

    person: str
    words: str
    known: Status | None
    until: date | None
    answer: str | None
    absence: Absence | None


def status(asked: Asked) -> Drawing:
    """To the person: shall new leads pass them by? Once they have answered, or the status is over, what came of it."""
    words, absence = escape(asked.words, 100), asked.absence
    if absence is not None:
        until = f" until {_day(absence.leave.last)}" if absence.leave.last else ", until you say that you are back"
        back = button("I am back", ids.BACK, absence.id)
        return said(f":palm_tree: Your Slack status says “{words}”. New leads pass you by{until}.", buttons(back))
    if asked.known is None or asked.known.words != asked.words:
        return said(f"Your Slack status said “{words}”. It does not any more, and new leads come to you.")
    if asked.answer is not None:
        return said(f"Your Slack status says “{words}”. Noted: you are here, and new leads come to you.")
    yes = f"Yes, until {_day(asked.until)}" if asked.until else "Yes, until I am back"
    return said(
        f":palm_tree: Your Slack status says “{words}”. Shall new leads pass you by? Nothing changes until you answer.",
        buttons(
            button(yes, ids.STATUS_AWAY, asked.person, "primary"),
            button("No, I am here", ids.STATUS_HERE, asked.person),
        ),
    )


def _words(absence: Absence, people: People, own: bool) -> str:
    leave, person = absence.leave, name(people, absence.person)
    if absence.by is None and leave.last is None and leave.label.startswith("let "):  # silent too often, found by Baton
        who = "You" if own else person
        return f"{who} {escape(leave.label, 100)}, so new leads pass {'you' if own else 'them'} by."
    said_so = f" {name(people, absence.by)} has entered it." if absence.by and absence.by != absence.person else ""
    return f"New leads pass {'you' if own else person} by{_days(absence)}: {escape(leave.label, 100)}.{said_so}"


def _over(absence: Absence, people: People, own: bool) -> str:
    ended = absence.ended_at
    who, again = ("You", "you") if own else (name(people, absence.person), "them")
    if ended is None or ended.date() < absence.leave.first:
        return f"Called off: new leads go on coming to {again if own else who}."
    return f"{who} {'are' if own else 'is'} back {when(ended, 'since')}: new leads come to {again} as before."


def _days(absence: Absence) -> str:
    """By the clock of their own zone."""
    first, last = absence.leave.first, absence.leave.last
    if first == last:
        return f" on {calendar_day(first)}"
    begins = "" if first <= absence.began_at.date() else f" from {calendar_day(first)}"
    ends = f" until {calendar_day(last)}" if last else ""
    return begins + (ends or ("" if begins else ", until further notice"))


def _back(absence: Absence, people: People, own: bool) -> Block:
    begun = absence.leave.first <= absence.began_at.date()
    does = ("am back" if own else "is back") if begun else ("stay after all" if own else "stays after all")
    text = f"I {does}" if own else f"{clean(people.name_of(absence.person), 60)} {does}"
    return button(text, ids.BACK, absence.id)


def _day(day: date) -> str:
    return f"{day:%a %-d %b}"
