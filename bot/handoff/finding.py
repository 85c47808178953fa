"""What the auditor can find: what should have happened and did not."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """Every kind of finding; the words for each are in blocks, what to do about it in docs/running.md."""

    STEP_LATE = "step_late"  # a step of a ladder is due and was not taken
    NO_OWNER = "no_owner"  # an open hand-off that belongs to nobody and stands in no queue
    OWNER_GONE = "owner_gone"  # its owner is not in the configuration, or has no Slack account any more
    MESSAGE_STUCK = "message_stuck"  # wanted long ago, and still on its way
    CARD_FAILED = "card_failed"  # an open hand-off without a card: Slack refused it for good, or nobody asked for it
    CARD_LOST = "card_lost"  # Slack has the card no more: somebody deleted it
    CROSSING_LOST = "crossing_lost"  # an MQL without a hand-off and in no queue


@dataclass(frozen=True, slots=True)
class Finding:
    """So many of one kind; `sample` names some of them by id."""

    kind: Trouble
    count: int
    sample: str
