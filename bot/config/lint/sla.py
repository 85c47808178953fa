"""What a ladder can get wrong: its order, and what must stand in it. A working day is not as long in each calendar."""

from collections.abc import Iterator, Mapping, Set
from datetime import timedelta

from bot.clock.calendar import Calendar
from bot.clock.ladder import OWNERS
from bot.config.sla_file import SlaFile, TierShape
from bot.yamlfile import Document, Fault

HOUR = timedelta(hours=1)


def lint_sla(
    document: Document, file: SlaFile, calendars: Mapping[str, Calendar], on_call: Set[str] = frozenset()
) -> Iterator[Fault]:
    """Every fault of the file; a ladder must rise in each of `calendars`, by name.

    Those that are only `on_call` are asked of urgent tiers, for others are never counted in them.
    """
    if file.cards_per_hour < 1:
        yield document.fault(f"got {file.cards_per_hour}, expected at least 1", "cards_per_hour")
    if not 0 <= file.undo_minutes <= 60:
        yield document.fault(f"got {file.undo_minutes}, expected 0 to 60", "undo_minutes")
    for key, target in (("accept", file.targets.accept), ("sla", file.targets.sla)):
        if target is not None and not 1 <= target <= 100:
            yield document.fault(f"got {target}, expected 1 to 100 percent", "targets", key)
    for tier, shape in file.tiers.items():
        yield from _steps(document, tier, shape)
        asked = [(name, one) for name, one in calendars.items() if shape.urgent or name not in on_call]
        faults = (list(_order(document, tier, shape, name, calendar)) for name, calendar in asked)
        yield from next(filter(None, faults), [])  # those of one calendar are enough to see what is wrong


def _steps(document: Document, tier: str, shape: TierShape) -> Iterator[Fault]:
    steps = [rung.step for rung in shape.ladder]
    told = ", ".join(steps) or "empty"
    if steps.count("expire") != 1 or steps[-1] != "expire":
        yield document.fault(f"is {told}; expected exactly one expire, at its end", "tiers", tier, "ladder")
    if "escalate" not in steps:
        yield document.fault(f"is {told}; expected an escalate at 100%", "tiers", tier, "ladder")


def _order(document: Document, tier: str, shape: TierShape, name: str, calendar: Calendar) -> Iterator[Fault]:
    """Rising, reminders before the due time, the first escalate at it, everything else behind it."""
    sla = shape.build()
    due, times = sla.due.by(calendar), [rung.by(calendar) for rung in sla.rungs]
    breach = next((place for place, rung in enumerate(sla.rungs) if rung.step == "escalate"), None)
    for place, (rung, time) in enumerate(zip(sla.rungs, times, strict=True)):
        expected = None
        if place and time <= times[place - 1]:
            expected = "later than the step before it"
        elif place == breach:
            expected = None if time == due else "100% for the first escalate, which is the breach"
        elif rung.step in OWNERS:
            expected = None if time < due else f"less than 100% for a {rung.step}"
        elif time <= due:
            expected = f"more than 100% for {rung.step}, which comes after the breach"
        if expected:
            path = ("tiers", tier, "ladder", place, "after")
            words = f"got {document.at(*path)}, {time / HOUR:g} h in calendar {name}; expected {expected}"
            yield document.fault(words, *path)
