"""What the clock says: a reminder in a direct message, an escalation and an expiry under the card.

Where the card is itself a direct message, the manager gets theirs directly, with the card in it. All are redrawn when
the hand-off changes, so that an old one never asks for what is done.
"""

from bot.blocks import ids
from bot.blocks.card import card, outcome, who
from bot.blocks.card_clock import CLAIM, claimable, in_team
from bot.blocks.drawing import Block, Drawing
from bot.blocks.text import ago, buttons, mention, name, plain_text, said, when
from bot.handoff.case import Case
from bot.handoff.notices import is_direct
from bot.handoff.states import State


def reminder(case: Case, rung: int, recipient: str, link: str | None) -> Drawing:
    """To whoever owned it (Slack id) at this rung of the ladder, in private, with a link to the card."""
    handoff, lead = case.handoff, who(case.lead)
    if handoff.state is not State.OFFERED:
        return said(f"Settled: {lead}. {outcome(handoff, case.people)}")
    if case.people.slack_of(handoff.owner) != recipient:
        return said(f"No longer yours: {lead}. {name(case.people, handoff.owner)} has it now.")
    words = f":alarm_clock: *{lead}* waits for your answer"
    if handoff.breached_by and handoff.due_at:
        claim = f"; {CLAIM}" if claimable(case) else ""
        words = f":red_circle: *{lead}* still waits for your answer, {ago(handoff.due_at, 'overdue since')}{claim}."
    elif _step(case, rung) == "last_call" and handoff.due_at:
        words = f":hourglass_flowing_sand: Last call: *{lead}* waits for your answer {when(handoff.due_at, 'until')}."
        words += " After that anyone on the team may claim it." if in_team(handoff) else ""
    else:
        words += f" {when(handoff.due_at, 'until')}." if handoff.due_at else "."
    return said(words, *open_card(link))


def escalation(case: Case, rung: int, recipient: str) -> Drawing:
    """To the manager, about this rung of the ladder."""
    handoff, people = case.handoff, case.people
    if handoff.state is not State.OFFERED:
        return said(f"Was overdue: {who(case.lead)}. {outcome(handoff, people)}")
    if _has_moved_on(case, rung, recipient):
        return said(f"Was overdue: {who(case.lead)}. {name(people, handoff.owner)} has it now.")
    place = "below" if _elsewhere(case, recipient) else "on the card above"
    words = f":rotating_light: {mention(people, case.manager)}: {_overdue(case, rung, place)}"
    return _to_manager(case, recipient, words)


def expiry(case: Case, recipient: str) -> Drawing:
    """To the manager, once nobody has answered."""
    if case.next is not None:
        taker = name(case.people, case.next.owner)
        return said(f":hourglass: {who(case.lead)} expired without an answer; {taker} has taken it since.")
    words = f"nobody answered in time, {who(case.lead)} stands in the queue `expired`."
    take = "Anyone on the team can take it on the card above."
    take = "Anyone on the team can take it." if _elsewhere(case, recipient) else take
    return _to_manager(case, recipient, f":hourglass: {mention(case.people, case.manager)}: {words} {take}")


def open_card(link: str | None) -> list[Block]:
    """A button that leads to the card; nothing without a link."""
    if link is None:
        return []
    to_card = {"type": "button", "text": plain_text("Open the card"), "action_id": ids.OPEN_CARD, "url": link}
    return [buttons(to_card)]


def _overdue(case: Case, rung: int, place: str) -> str:
    """What has come to pass, and what the manager can do: the first time, when nobody is free, and at last."""
    handoff, lead = case.handoff, who(case.lead)
    mine = handoff.owner == case.manager
    owner = "you" if mine else name(case.people, handoff.owner)
    since = f", {ago(handoff.due_at, 'overdue since')}" if handoff.due_at else ""
    if _step(case, rung) == "reassign":
        return f"nobody else is free to take {lead}{since}. Please answer it {place}, or reassign it to somebody."
    if any(step.step == "escalate" for step in handoff.steps[:rung]):
        end = f" It {when(handoff.steps[-1].at, 'expires')}." if handoff.steps else ""
        return f"{lead} is still not answered{since}, and with {owner}. Please answer it {place}, or reassign it.{end}"
    claim = f", and {CLAIM}" if claimable(case) else ""
    return f"{lead} has had no answer from {owner} in time. You can accept, reject or reassign it {place}{claim}."


def _to_manager(case: Case, recipient: str, words: str) -> Drawing:
    """Under the card its buttons are at hand; elsewhere the card comes with the words."""
    return said(words, *(card(case).blocks if _elsewhere(case, recipient) else []))


def _elsewhere(case: Case, recipient: str) -> bool:
    """Whether it is a message of its own, and stands under no card."""
    return is_direct(recipient) and recipient != case.handoff.channel


def _has_moved_on(case: Case, rung: int, recipient: str) -> bool:
    """Whether somebody else has got it since, or its card is no longer the one above."""
    handoff, steps = case.handoff, case.handoff.steps
    handed = rung < len(steps) and handoff.owner_since is not None and handoff.owner_since > steps[rung].at
    return handed or (not is_direct(recipient) and recipient != handoff.channel)


def _step(case: Case, rung: int) -> str | None:
    steps = case.handoff.steps
    return steps[rung].step if rung < len(steps) else None
