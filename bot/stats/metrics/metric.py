"""What `explain` knows about one figure: its name, what it means, how it comes about, and where that is from. Pure."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["hand-offs", "share", "time", "points", "reps", "none"]
"""What a value is told in; `none` where the figure is a rule and no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure of `/funnel`.

    `key` is its name in commands and `name` in reports; `aliases` may be typed too, and `labels` are further names that
    reports give it: over a line, or as the key of a column. `counts` are the columns of store/reproduce.py it is made
    of, and `plain` those where a share by a horizon has to be one of the decided ones. `source` is the paper, book or
    article behind it; none where it is plain counting. `sub` is the question that shows it, "" for the overview.
    """

    key: str
    name: str
    definition: str
    formula: str
    unit: Unit
    counts: tuple[str, ...]
    plain: tuple[str, ...] = ()
    sub: str = ""
    source: str = ""
    aliases: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
