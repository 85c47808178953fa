"""Faults on demand: what the Web API shall do wrong, and how often."""

import re
import threading
from dataclasses import asdict, dataclass

from pydantic import BaseModel, ConfigDict, Field, field_validator

from playground.errors import Json

KINDS = ("rate_limited", "server_error", "slow", "drop_after_store")


class NewFault(BaseModel):
    """What the faults door accepts."""

    model_config = ConfigDict(extra="forbid")

    method: str = Field(min_length=1)
    kind: str
    times: int = Field(default=1, ge=1)
    retry_after: int = Field(default=1, ge=0)
    seconds: float = Field(default=5.0, ge=0, le=120)

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in KINDS and not re.fullmatch(r"error:[a-z_]+", kind):
            raise ValueError(f"expected one of {', '.join(KINDS)} or error:CODE")
        return kind


@dataclass
class Fault:
    """One fault; `times` counts down."""

    method: str
    kind: str
    times: int
    retry_after: int
    seconds: float


class Faults:
    """All faults waiting for their call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, new: NewFault) -> None:
        """Let a fault apply to the next `times` calls of its method (`*`: of any)."""
        with self._lock:
            self._waiting.append(Fault(**new.model_dump()))

    def take(self, method: str) -> Fault | None:
        """The fault that applies to this call, counted down; the oldest goes first."""
        with self._lock:
            for fault in self._waiting:
                if fault.method in ("*", method):
                    fault.times -= 1
                    if fault.times == 0:
                        self._waiting.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._waiting.clear()

    def listed(self) -> list[Json]:
        """What still waits."""
        with self._lock:
            return [asdict(fault) for fault in self._waiting]
