"""What went both ways: calls of the app, deliveries to the app.

Lives here: a numbered list. May change it: the API door and the courier append. Relies on it: tests and the curious.
"""

import threading
from collections import deque

from playground.errors import Json

KEPT = 5000


class Log:
    """Numbered entries, the newest 5,000."""

    def __init__(self) -> None:
        """Starts empty, at number 1."""
        self._lock = threading.Lock()
        self._entries: deque[Json] = deque(maxlen=KEPT)
        self._count = 0

    def append(self, entry: Json) -> None:
        """In: an entry, which gets its number here."""
        with self._lock:
            self._count += 1
            self._entries.append({"n": self._count, **entry})

    def since(self, number: int) -> list[Json]:
        """In: a number. Out: the entries after it."""
        with self._lock:
            return [entry for entry in self._entries if entry["n"] > number]
