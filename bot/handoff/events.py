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
    SNOOZED = "snoozed"
    BREACHED = "breached"  # it became overdue; the detail says whose it was
    ESCALATED = "escalated"
    REROUTED = "rerouted"  # "not mine": its owner passed it on
    REASSIGNED = "reassigned"  # the manager moved it, or the clock, or its owner is not there any more
    CLAIMED = "claimed"  # a teammate stepped in after the breach
    REDIRECTED = "redirected"  # Slack would not show its card where it belongs
    EXPIRED = "expired"
    TAKEN = "taken"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    VOIDED = "voided"
    UNDONE = "undone"
    MARKED_AWAY = "marked_away"  # its owner, for silence: this was not the first
    RECORDED = "recorded"  # history from elsewhere: the detail holds what it said


HANDED = frozenset({Kind.REROUTED, Kind.REASSIGNED, Kind.CLAIMED})
"""What changed whose it is."""

UNANSWERED = "nobody answered"
"""Why a lead was reassigned that its owner left unanswered: they are not offered it again."""

Detail = Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened `at` (UTC); `by` is a person's key, None for the clock or a machine."""

    kind: Kind
    at: datetime
    by: str | None = None
    detail: Detail = field(default_factory=dict)
