"""Somebody is away, as they themselves read it and as their manager does, with the button that ends it."""

from datetime import date

from bot.blocks import ids
from bot.blocks.drawing import Block, Drawing
from bot.blocks.text import button, clean, escape, name, said, when
from bot.handoff.absence import Absence
from bot.lead import People


def away(absence: Absence, people: People, recipient: str) -> Drawing:
    """To the person who is away or to somebody else (Slack id). Once it is over, from when they were back."""
    own = people.slack_of(absence.person) == recipient
    if absence.ended_at is not None:
        return said(_over(absence, people, own))
    words = f":palm_tree: {_words(absence, people, own)}"
    return said(words, {"type": "actions", "elements": [_back(absence, people, own)]})


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
    return f"{who} {'are' if own else 'is'} back since {when(ended)}: new leads come to {again} as before."


def _days(absence: Absence) -> str:
    """By the clock of their own zone."""
    first, last = absence.leave.first, absence.leave.last
    if first == last:
        return f" on {_day(first)}"
    begins = "" if first <= absence.began_at.date() else f" from {_day(first)}"
    ends = f" until {_day(last)}" if last else ""
    return begins + (ends or ("" if begins else ", until further notice"))


def _day(day: date) -> str:
    return f"{day:%a %-d %b %Y}"


def _back(absence: Absence, people: People, own: bool) -> Block:
    text = "I am back" if own else f"{clean(people.name_of(absence.person), 60)} is back"
    return button(text, ids.BACK, absence.id)
