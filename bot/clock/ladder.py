"""An SLA policy becomes due times: computed once, at the offer, and frozen into the hand-off.

Plain time for now; working hours come into this room, and nobody outside will notice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

StepKind = Literal["remind", "escalate", "expire"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a policy: what happens `after` the offer."""

    after: timedelta
    step: StepKind


@dataclass(frozen=True, slots=True)
class Sla:
    """How long a rep has (`due`), and the rungs, in rising order; the last one is `expire`."""

    due: timedelta
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A rung with its date: `at` in UTC."""

    at: datetime
    step: StepKind


@dataclass(frozen=True, slots=True)
class Ladder:
    """The due times of one hand-off, all UTC. Never recomputed after the offer."""

    due_at: datetime
    steps: tuple[Step, ...]


def build(sla: Sla, offered_at: datetime) -> Ladder:
    """The ladder of a hand-off offered at `offered_at` (UTC) under `sla`."""
    steps = tuple(Step(offered_at + rung.after, rung.step) for rung in sla.rungs)
    return Ladder(offered_at + sla.due, steps)
