"""The shape of sla.yaml in working time, and what it becomes: how long a lead may wait, and what happens meanwhile."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from bot.clock.ladder import Rung, Sla, Span, StepKind
from bot.yamlfile import Shape

TIME = "working time such as 30s, 15m, 4h or 2d"
AFTER = "a share of the due time such as 80%, or working time such as 30s, 15m, 4h or 2d"
_TIME, _SHARE = "[1-9][0-9]{0,2}[smhd]", "[1-9][0-9]{0,3}%"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


def span(text: object) -> Span:
    """`4h` as working time. A day is a working day of whoever gets the lead."""
    if not isinstance(text, str) or not re.fullmatch(_TIME, text):
        raise ValueError(f"expected {TIME}")
    number, unit = int(text[:-1]), text[-1]
    return Span(days=number) if unit == "d" else Span(timedelta(**{_UNITS[unit]: number}))


def after(text: object) -> Span | int:
    """`80%` as the number, anything else as working time."""
    if isinstance(text, str) and re.fullmatch(_SHARE, text):
        return int(text[:-1])
    try:
        return span(text)
    except ValueError:
        raise ValueError(f"expected {AFTER}") from None


def _text(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^({pattern})$"})


Time = Annotated[Span, BeforeValidator(span), _text(_TIME), Field(description=TIME)]
After = Annotated[Span | int, BeforeValidator(after), _text(f"{_SHARE}|{_TIME}"), Field(description=AFTER)]


class RungShape(Shape):
    """One step of a ladder."""

    after: After
    step: StepKind

    def build(self, due: Span) -> Rung:
        """The step as the clock takes it."""
        return Rung(due, self.step, self.after) if isinstance(self.after, int) else Rung(self.after, self.step)


class TierShape(Shape):
    """The SLA of one tier."""

    due: Time
    ladder: list[RungShape]
    urgent: bool = False

    def build(self) -> Sla:
        """The SLA as the clock takes it."""
        return Sla(self.due, tuple(rung.build(self.due) for rung in self.ladder), self.urgent)


class TargetsShape(Shape):
    """What the two sides agreed on, in percent: shown beside `/funnel`, never held against anybody."""

    accept: int | None = None
    sla: int | None = None


class SlaFile(Shape):
    """sla.yaml"""

    undo_minutes: int = 10
    cards_per_hour: int = 20
    targets: TargetsShape = TargetsShape()
    tiers: dict[str, TierShape]
