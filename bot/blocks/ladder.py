"""What the clock says: a reminder in a direct message, an escalation and an expiry in the card's thread.

All three are redrawn when the hand-off changes, so that an old reminder never asks for what is done.
"""

from bot.blocks import ids
from bot.blocks.card import outcome, who
from bot.blocks.drawing import Block, Drawing
from bot.blocks.text import mention, name, plain_text, said, section, when
from bot.handoff.case import Case
from bot.handoff.states import State


def reminder(case: Case, link: str | None) -> Drawing:
    """To the owner, in private, with a link to the card."""
    if case.handoff.state is not State.OFFERED:
        return said(f"Settled: {who(case.lead)}. {outcome(case.handoff, case.people)}")
    due = case.handoff.due_at
    words = f":alarm_clock: *{who(case.lead)}* waits for your answer" + (f" until {when(due)}." if due else ".")
    return Drawing(words.replace("*", ""), [section(words), *_link(link)])


def escalation(case: Case) -> Drawing:
    """In the card's thread, mentioning the manager."""
    if case.handoff.state is not State.OFFERED:
        return said(f"Was overdue. {outcome(case.handoff, case.people)}")
    owner = name(case.people, case.handoff.owner)
    return said(
        f":rotating_light: {mention(case.people, case.manager)}: {who(case.lead)} has had no answer "
        f"from {owner} in time. You can accept or reject it on the card above."
    )


def expiry(case: Case) -> Drawing:
    """In the card's thread, mentioning the manager."""
    if case.next is not None:
        taker = name(case.people, case.next.owner)
        return said(f":hourglass: Expired without an answer; {taker} has taken it since.")
    return said(
        f":hourglass: {mention(case.people, case.manager)}: nobody answered in time, "
        f"{who(case.lead)} stands in the queue `expired`. Anyone on the team can take it on the card above."
    )


def _link(link: str | None) -> list[Block]:
    if link is None:
        return []
    open_card = {"type": "button", "text": plain_text("Open the card"), "action_id": ids.OPEN_CARD, "url": link}
    return [{"type": "actions", "elements": [open_card]}]
