"""What marketing reads: one thread per campaign and month, one reply per rejection."""

from datetime import datetime

from bot.blocks.card import follow_up, outcome, who
from bot.blocks.drawing import Drawing
from bot.blocks.text import context, escape, section
from bot.handoff.case import Case
from bot.handoff.states import State
from bot.stats.cohort import Counts


def thread(campaign: str, month: datetime, counts: Counts) -> Drawing:
    """The head of a thread: how the month's leads of the campaign fared so far."""
    name = escape(campaign, 100) or "No campaign"
    numbers = (
        f"{counts.handed_off} handed off · {counts.accepted} accepted · {counts.rejected} rejected · "
        f"{counts.expired} expired · {counts.open} open"
    )
    title = f":mega: *{name}* · {month:%B %Y}"
    blocks = [section(f"{title}\n{numbers}"), context("Each rejection is a reply below.")]
    return Drawing(f"{name}, {month:%B %Y}: {numbers}. Each rejection is a reply in this thread.", blocks)


def reply(case: Case) -> Drawing:
    """One rejection: who, why, and the rep's own words; withdrawn if it was undone."""
    handoff = case.handoff
    if handoff.state is not State.REJECTED:
        words = f"Withdrawn: the rejection of {who(case.lead)} was undone."
        return Drawing(words, [context(words)])
    reason = case.reasons.get(handoff.reason or "")
    why = f"*{escape(reason.label if reason else handoff.reason, 75)}*: {escape(follow_up(case), 300)}"
    quote = f"> {escape(handoff.comment, 500)}" if handoff.comment else ""
    source = f" · source {escape(case.lead.source, 60)}" if case.lead.source else ""
    small = f"`{handoff.reason}`{source}\n{outcome(handoff, case.people, ping=False)}"
    words = f"{who(case.lead)}\n{why}"
    quoted = [section(quote)] if quote else []
    return Drawing(f"{words}\n{quote}".replace("*", "").strip(), [section(words), *quoted, context(small)])
