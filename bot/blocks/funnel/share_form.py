"""Sharing an answer of `/funnel`: the form that asks where to, how it looks there, and what its sender is told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import ids
from bot.blocks.drawing import Block, Drawing
from bot.blocks.funnel.report import Report
from bot.blocks.funnel.slack import Taken, best_blocks
from bot.blocks.ids import COMMAND
from bot.blocks.text import aloud, context, escape, plain_text, said, section, when
from bot.stats.cohort import OTHERS
from bot.stats.query import Problem
from bot.stats.visibility import FEWEST

LONGEST = 2_000
"""Characters of a command that a form can carry."""

SEEN = (
    "Everybody in the channel will see the figures as of now, and that you shared them. "
    f"Groups of fewer than {FEWEST} leads stand together as “{OTHERS}”."
)
CURRENT: Block = {"default_to_current_conversation": True}
GONE = "This answer was shared, but it cannot be drawn any more: what it is about, or who may see it, has changed."
SENT = said("It is on its way to your direct messages.")
NOTHING = Problem("Only answers about hand-offs can be sent or shared.", ("help",))
TOO_LONG = Problem(f"A question of more than {LONGEST:,} characters cannot be shared.")
NO_FORM = Problem("Slack did not open the window in time. Nothing was shared; please press the button once more.")
NOT_THERE = "Slack takes no message from Baton there. Invite Baton to this channel, then share once more."
NO_CHANNEL = "Please choose a channel."


@dataclass(frozen=True, slots=True)
class Place:
    """What the form keeps: the command, and where its button was pressed (a Slack channel)."""

    command: str
    channel: str

    def dump(self) -> str:
        """For the form."""
        return f"{self.channel} {self.command}"

    @staticmethod
    def load(text: str) -> "Place":
        """From the form; of a forged one something comes too, which is asked about like anything that is typed."""
        channel, _, command = text.partition(" ")
        return Place(command, channel)


def share_form(place: Place, names_in: Collection[str]) -> Block:
    """One question: where to."""
    element: Block = {
        "type": "conversations_select",
        "action_id": ids.SHARE_TO,
        "placeholder": plain_text("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
    }
    here: Block = {"initial_conversation": place.channel} if is_channel(place.channel) else CURRENT
    field = {
        "type": "input",
        "block_id": ids.SHARE_TO,
        "label": plain_text("Where to?"),
        "element": element | here,
    }
    return {
        "type": "modal",
        "callback_id": ids.SHARE_FORM,
        "private_metadata": place.dump(),
        "title": plain_text("Share the answer"),
        "submit": plain_text("Share"),
        "close": plain_text("Cancel"),
        "blocks": [
            section(f"`{f'{COMMAND} {escape(place.command, 600)}'.strip()}`"),
            field,
            context(f"{SEEN} {_persons(names_in)}"),
        ],
    }


def is_channel(slack: str) -> bool:
    """Whether a Slack id is a channel's, and no person's or direct message's."""
    return slack[:1] in ("C", "G") and slack.isalnum() and slack.isascii() and len(slack) < 30


def shared_blocks(report: Report, taken: Taken, by: str, at: datetime) -> Drawing:
    """An answer for everybody in a channel, without buttons; `by` is the Slack id of whoever shared it `at` then."""
    return headed(best_blocks(report, taken, private=False), f"Shared by <@{by}> · {when(at, 'as of')}")


def weekly_blocks(report: Report, taken: Taken, at: datetime) -> Drawing:
    """The weekly overview, as of `at` (UTC)."""
    return headed(best_blocks(report, taken, private=False), when(at, "The week that is over, as of"))


def headed(drawing: Drawing, line: str) -> Drawing:
    """The same below a line of small print, in every way it can be drawn."""
    plainer = headed(drawing.plainer, line) if drawing.plainer else None
    return Drawing(f"{aloud(line)}\n{drawing.text}", [context(line), *drawing.blocks], plainer)


def gone() -> Drawing:
    """What is shown where an answer cannot be."""
    return said(GONE)


def not_shared(channel: str, command: str) -> Drawing:
    """For whoever shared an answer to a channel that takes none."""
    asked = f"{COMMAND} {escape(command, 600)}"
    words = f"Your answer is not in <#{channel}>: Slack takes no message from Baton there."
    return said(f"{words} Invite Baton to the channel and share `{asked}` once more.")


def _persons(names_in: Collection[str]) -> str:
    if not names_in:
        return "No person is named."
    return f"No person is named, but in {', '.join(f'<#{one}>' for one in sorted(names_in)[:10])}."
