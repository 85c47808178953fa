"""What has happened: one record per row of the history. Past tense, dated, with the person where there was one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Every kind of history row."""

    CROSSED = "crossed"  # the lead's verdict turned into MQL
    FELL = "fell"  # and back
    QUEUED = "queued"  # the crossing went into a named queue
    LEFT_QUEUE = "left_queue"
    SIGNALLED = "signalled"  # a signal arrived while a hand-off was live
    MENDED = "mended"  # somebody put its data right by hand
    OFFERED = "offered"
    RAISED = "raised"  # a new signal gave the open card a more urgent tier
    BARRED = "barred"  # disqualified while in sales' hands: do not contact
    REMINDED = "reminded"
    ESCALATED = "escalated"
    EXPIRED = "expired"
    TAKEN = "taken"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    VOIDED = "voided"
    UNDONE = "undone"
    RECORDED = "recorded"  # history from elsewhere: the detail holds what it said


Detail = Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened `at` (UTC); `by` is a person's key, None for the clock or a machine."""

    kind: Kind
    at: datetime
    by: str | None = None
    detail: Detail = field(default_factory=dict)
