"""An SLA policy becomes due times: counted once, at the offer, in the owner's working time, and frozen.

What is due is the lead's and never moves. Reminders are the owner's: whoever gets the lead later gets their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.clock.calendar import Calendar

StepKind = Literal["remind", "last_call", "escalate", "reassign", "expire"]
"""`remind` and `last_call` write to the owner, `escalate` mentions the manager, `reassign` finds another owner.

The first `escalate` is the breach: it stands at the due time, and from then on any teammate may claim the lead.
"""

OWNERS = frozenset({"remind", "last_call"})
"""Steps that speak to the owner; all others are the lead's own."""


@dataclass(frozen=True, slots=True)
class Span:
    """Working time: so much of it, and so many working days, each as long as the longest one of the calendar's week."""

    time: timedelta = timedelta(0)
    days: int = 0

    def by(self, calendar: Calendar) -> timedelta:
        """How much working time that is by this calendar."""
        return self.time + self.days * calendar.full_day


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a policy: what happens once `percent` of `after` have passed since the offer."""

    after: Span
    step: StepKind
    percent: int = 100

    def by(self, calendar: Calendar) -> timedelta:
        """How much working time after the offer that is by this calendar."""
        return self.after.by(calendar) * self.percent / 100


@dataclass(frozen=True, slots=True)
class Sla:
    """How long a rep has (`due`), and the rungs, in rising order; the last one is `expire`.

    An `urgent` lead goes to whoever is at work soonest, and its reminders wait for no other.
    """

    due: Span
    rungs: tuple[Rung, ...]
    urgent: bool = False


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


def build(sla: Sla, offered_at: datetime, calendar: Calendar) -> Ladder:
    """The ladder of a hand-off offered at `offered_at` (UTC) under `sla` to somebody who works by `calendar`."""
    steps = tuple(Step(calendar.add(offered_at, rung.by(calendar)), rung.step) for rung in sla.rungs)
    return Ladder(calendar.add(offered_at, sla.due.by(calendar)), steps)


def pass_on(sla: Sla, left: Iterable[Step], due_at: datetime, now: datetime, calendar: Calendar) -> tuple[Step, ...]:
    """The steps from `now` (UTC) on, once somebody who works by `calendar` gets a lead that was offered under `sla`.

    Of what is `left` of its ladder, overdue or not, all that is the lead's stays as it was. Reminders are set anew in
    the new owner's hours, as if it were offered to them now; where `due_at` comes sooner, and leaves them working
    time, they share out what is left until then.
    """
    until = calendar.add(now, sla.due.by(calendar))
    if calendar.between(now, due_at) > timedelta(0):
        until = min(until, due_at)
    stay = [step for step in left if step.step not in OWNERS]
    end = max(step.at for step in stay)  # there is always an expire
    reminders = _reminders(sla, now, calendar, calendar.between(now, until))
    return tuple(sorted([*(step for step in reminders if step.at < end), *stay], key=lambda step: step.at))


def _reminders(sla: Sla, now: datetime, calendar: Calendar, time: timedelta) -> Iterable[Step]:
    """The owner's steps, each at the share of `time` that it has of the due time in the policy."""
    shares = [(rung.step, rung.by(calendar) / sla.due.by(calendar)) for rung in sla.rungs if rung.step in OWNERS]
    return [Step(calendar.add(now, time * share), step) for step, share in shares]
