"""What a measurement is, and how a list of them is shown and kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LESS_IS_BETTER = {"ms", "times"}
"""Units: milliseconds, and how many times as much as something that it should not exceed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, which must reach its `bound`, or stay below where less is better; without one it is reported only."""

    name: str
    value: float
    unit: str
    bound: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the bound is kept; None where there is none."""
        if self.bound is None:
            return None
        return self.value < self.bound if self.unit in LESS_IS_BETTER else self.value >= self.bound

    def to_dict(self) -> dict[str, Any]:
        """As it stands in results.json."""
        return {**asdict(self), "holds": self.holds}


def shown(rows: Sequence[Row]) -> str:
    """A table to read."""
    width = max(len(row.name) for row in rows)
    return "\n".join(f"{row.name:<{width}}  {_number(row.value):>9} {row.unit:<7}{_verdict(row)}" for row in rows)


def keep(rows: Sequence[Row], path: Path) -> None:
    """Write the rows as JSON."""
    path.write_text(json.dumps([row.to_dict() for row in rows], indent=1) + "\n")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _verdict(row: Row) -> str:
    if row.bound is None:
        return ""
    sign = "<" if row.unit in LESS_IS_BETTER else "≥"
    return f"  {'holds' if row.holds else 'MISSED'} ({sign} {row.bound:g})"
