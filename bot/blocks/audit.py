"""What operations reads when something that should have happened did not."""

from collections.abc import Iterable

from bot.blocks.drawing import Drawing
from bot.blocks.text import escape, section
from bot.handoff.finding import Finding, Trouble

WORDS = {
    Trouble.STEP_LATE: ("reminders or escalations are late", "hand-offs", "Is a worker running?"),
    Trouble.NO_OWNER: ("open hand-offs belong to nobody", "hand-offs", "Their team's manager can reassign them."),
    Trouble.OWNER_GONE: (
        "open hand-offs belong to somebody who is not here any more",
        "hand-offs",
        "They move on by themselves; if they do not, their manager can reassign them.",
    ),
    Trouble.MESSAGE_STUCK: ("messages are not getting through to Slack", "messages", "Is the token good?"),
    Trouble.CARD_FAILED: ("open hand-offs have no card", "hand-offs", "Can Baton write in the channel?"),
    Trouble.CARD_LOST: ("cards were deleted in Slack", "hand-offs", "They are posted again."),
    Trouble.CROSSING_LOST: ("leads became MQL and nobody got them", "leads", "`baton lead ID` says what is known."),
}
"""What is wrong, of what the sample gives ids, and what to do."""


def audit(found: Iterable[Finding]) -> Drawing:
    """Everything the auditor found, one line each."""
    lines = [_line(one) for one in found]
    heading = ":rotating_light: *Something that should have happened did not*"
    advice = "docs/running.md says for each what to look at; `/metrics` has the counts as they are now."
    text = "Something that should have happened did not: " + "; ".join(line.removeprefix("• ") for line in lines)
    return Drawing(text.replace("*", ""), [section("\n".join([heading, *lines, advice]))])


def _line(one: Finding) -> str:
    wrong, what, advice = WORDS[one.kind]
    return f"• *{one.count}* {wrong} ({what} {escape(one.sample)}). {advice}"
