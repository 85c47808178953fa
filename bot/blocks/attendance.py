"""What is said of people who are not there: an account that is gone, a status that hints at an absence, and leads that
wait because nobody is there at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.blocks import ids
from bot.blocks.drawing import Block, Drawing
from bot.blocks.text import ago, button, escape, name, said
from bot.handoff.absence import Absence
from bot.handoff.routing import Queue
from bot.handoff.status import Status
from bot.lead import People


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
    """To managers and operations: how many leads wait for somebody to be there, since when, and why."""
    if since is None:
        return said(f":white_check_mark: No lead waits in `{queue}` any more.")
    leads = "1 lead waits" if count == 1 else f"{count} leads wait"
    lines = "\n".join(f"• {escape(reason, 200)}" for reason in reasons)
    return said(
        f":hourglass: *{leads} in `{queue}`*, the first since {ago(since)}: nobody is there to have "
        f"{'it' if count == 1 else 'them'}.\n{lines}\n"
        "They are offered as soon as somebody is back. Baton's home tab, and `baton who`, show who is away."
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
        return said(f":palm_tree: Your Slack status says “{words}”. New leads pass you by{until}.", _row(back))
    if asked.known is None or asked.known.words != asked.words:
        return said(f"Your Slack status said “{words}”. It does not any more, and new leads come to you.")
    if asked.answer is not None:
        return said(f"Your Slack status says “{words}”. Noted: you are here, and new leads come to you.")
    yes = f"Yes, until {_day(asked.until)}" if asked.until else "Yes, until I am back"
    return said(
        f":palm_tree: Your Slack status says “{words}”. Shall new leads pass you by? Nothing changes until you answer.",
        _row(
            button(yes, ids.STATUS_AWAY, asked.person, "primary"),
            button("No, I am here", ids.STATUS_HERE, asked.person),
        ),
    )


def _row(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def _day(day: date) -> str:
    return f"{day:%a %-d %b}"
