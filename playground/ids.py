"""Ids and time stamps in Slack's shapes."""

import secrets
from collections.abc import Callable

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def new_id(prefix: str) -> str:
    """An id such as V08ABCDEFGH; the prefix is Slack's letter for the kind of thing."""
    return prefix + "0" + "".join(secrets.choice(ALPHABET) for _ in range(9))


def short_id() -> str:
    """What Slack fills in where an app left out a block_id or an action_id."""
    return secrets.token_urlsafe(4)[:5]


class Stamps:
    """Message time stamps: real time in microseconds, each greater than the last. Ask under the state's lock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """A new stamp such as 1700000000.000100."""
        self._last = max(self._last + 1, int(self._clock() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
