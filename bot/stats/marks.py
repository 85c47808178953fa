"""What happened on a day of a window and may show in its numbers: before and after it are not the same. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a UTC day: what somebody noted about the world outside, or a change of the criteria or the SLA."""

    on: date
    words: str
    kind: Literal["note", "criteria"]
