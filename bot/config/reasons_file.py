"""The shape of reasons.yaml, and what it becomes: the codes with which a lead is turned down."""

from pydantic import Field, model_validator

from bot.config.values import Wait
from bot.handoff.reasons import Consequence, Family, FollowUp, FollowUpKind, Reason
from bot.yamlfile import Shape


class FollowUpShape(Shape):
    """The one question a reason asks."""

    kind: FollowUpKind
    label: str | None = None
    options: dict[str, str] = Field(default={})
    min_length: int | None = None

    @model_validator(mode="after")
    def _asks(self) -> "FollowUpShape":
        if (self.label is None) != (self.kind == "none"):
            raise ValueError("expected a label with every kind but none, which asks nothing")
        return self

    def build(self) -> FollowUp:
        """The question as the modal draws it."""
        return FollowUp(self.kind, self.label or "", tuple(self.options.items()), self.min_length or 1)


class ReasonShape(Shape):
    """One code under `reasons`."""

    label: str
    family: Family
    follow_up: FollowUpShape
    consequence: Consequence = "reject"
    recycle_after: Wait | None = None

    def build(self, code: str) -> Reason:
        """The reason as the dialog and the crossing rules take it."""
        return Reason(code, self.label, self.family, self.follow_up.build(), self.consequence, self.recycle_after)


class ReasonsFile(Shape):
    """reasons.yaml"""

    reasons: dict[str, ReasonShape]

    def build(self) -> dict[str, Reason]:
        """The reasons by code, in the order of the file."""
        return {code: reason.build(code) for code, reason in self.reasons.items()}
