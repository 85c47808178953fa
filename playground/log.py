"""What went both ways, for tests and the curious: calls of the app, deliveries to the app."""

import threading
from collections import deque

from playground.errors import Json

KEPT = 5000


class Log:
    """Entries numbered from 1, the newest 5,000."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Json] = deque(maxlen=KEPT)
        self._count = 0

    def append(self, entry: Json) -> None:
        """Keep an entry, which gets its number here."""
        with self._lock:
            self._count += 1
            self._entries.append({"n": self._count, **entry})

    def since(self, number: int) -> list[Json]:
        """The entries after this number."""
        with self._lock:
            return [entry for entry in self._entries if entry["n"] > number]
