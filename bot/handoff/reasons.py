"""Why a lead was turned down, or handed on: the shape of a reason code and what its follow-up must hold.

The codes themselves are configuration (`reasons.yaml`). The modal draws from these records and `decide` enforces
them, so no door can store a reason without its follow-up.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Family = Literal["DATA", "FIT", "READINESS", "ROUTE", "OTHER"]
FollowUpKind = Literal["text", "choice", "choices", "date", "person", "team", "none"]
Consequence = Literal["reject", "void", "reroute"]

NOT_RECORDED = "not recorded"
"""What history import writes where the old system kept no follow-up. No other door may."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The one question a code asks. `options` maps stored value to label, for the two kinds of choice.

    The kinds `person` and `team` ask for a key of the configuration and `none` asks nothing: all three only to reroute.
    """

    kind: FollowUpKind
    label: str
    options: tuple[tuple[str, str], ...] = ()
    min_length: int = 1


@dataclass(frozen=True, slots=True)
class Reason:
    """One code. `consequence` void takes the hand-off out of every denominator (a duplicate), reroute is no rejection.

    `recycle_after`: the days after which new intent may bring the lead back; None leaves it to the criteria.
    """

    code: str
    label: str
    family: Family
    follow_up: FollowUp
    consequence: Consequence = "reject"
    recycle_after: int | Literal["never"] | None = None

    @property
    def reroutes(self) -> bool:
        """Whether it says that the lead is somebody else's: the codes of family ROUTE, and no others."""
        return self.consequence == "reroute"


def fault(reason: Reason, answer: str, today: date) -> str | None:
    """What is wrong with `answer` for this reason, in words for the person; None if it will do.

    A date must be ISO and later than `today`; several choices are separated by commas. Whether there is such a person
    or team is not asked here.
    """
    match reason.follow_up.kind:
        case "text":
            return _text_fault(answer, reason.follow_up.min_length)
        case "date":
            return _date_fault(answer, today)
        case "choice" | "choices":
            return _choice_fault(answer, reason.follow_up)
        case "person" | "team":
            return None if answer.strip() else "Please choose one."
        case "none":
            return None


def _text_fault(answer: str, min_length: int) -> str | None:
    if len(answer.strip()) >= min_length:
        return None
    return "Please fill this in." if min_length == 1 else f"Please write at least {min_length} characters."


def as_date(answer: str | None) -> date | None:
    """The day that answers a question of kind date; None for anything else, which history import may bring."""
    try:
        return date.fromisoformat(answer or "")
    except ValueError:
        return None


def _date_fault(answer: str, today: date) -> str | None:
    chosen = as_date(answer)
    if chosen is None:
        return "Please pick a date."
    return None if chosen > today else "Please pick a day after today."


def _choice_fault(answer: str, follow_up: FollowUp) -> str | None:
    allowed = {value for value, _ in follow_up.options}
    chosen = answer.split(",") if follow_up.kind == "choices" else [answer]
    return None if answer and set(chosen) <= allowed else "Please choose from the list."
