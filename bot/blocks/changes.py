"""What a lead does while sales has it, told in the card's thread: it has become hotter, or must not be contacted.

Both mention the owner, and both are redrawn when the hand-off changes: what is over asks nobody for anything.
"""

from bot.blocks.card import outcome, who, withdrawn
from bot.blocks.card_facts import reason
from bot.blocks.drawing import Drawing
from bot.blocks.text import escape, mention, name, said, when
from bot.handoff.case import Case
from bot.handoff.notices import is_direct
from bot.handoff.states import State


def raised(case: Case, tier: str, recipient: str) -> Drawing:
    """The card rose to `tier`, and keeps its times. `recipient` is a Slack id, as with every message."""
    handoff = case.handoff
    if handoff.state is not State.OFFERED or handoff.tier != tier:
        over = outcome(handoff, case.people, ping=False) or "It has risen again since."
        return said(f"Rose to {escape(tier, 20)}. {over}")
    found = case.assessment
    why = f", {escape(reason(found), 75)}" if found and found.tier == tier else ""
    due = f" {when(handoff.due_at, 'Still due')}." if handoff.due_at else ""
    return said(
        f":fire: {_owner(case, recipient)}: {who(case.lead)} is hotter now: "
        f"*{escape(handoff.raised_from, 20)} → {escape(tier, 20)}*{why}.{due}"
    )


def barred(case: Case, recipient: str) -> Drawing:
    """The lead must not be contacted any more: an open card was withdrawn, and an accepted one needs a warning."""
    handoff, found, lead = case.handoff, case.assessment, who(case.lead)
    owner = _owner(case, recipient)
    if withdrawn(handoff):
        return said(
            f":no_entry: {owner}: please do not contact {lead}: *{escape(handoff.comment, 75)}*. "
            "The card is withdrawn; there is nothing left to decide."
        )
    if found is None or not found.withdrawn:
        return said(f"{lead} may be contacted again.")
    return said(f":no_entry: {owner}: please stop contacting {lead}: *{escape(found.because, 75)}*.")


def _owner(case: Case, recipient: str) -> str:
    """Mentioned, but not in a direct message to somebody else: that is about them, and they do not see it."""
    owner = case.handoff.owner
    others = is_direct(recipient) and recipient != case.people.slack_of(owner)
    return (name if others else mention)(case.people, owner)
