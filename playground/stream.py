"""Who listens to server-sent events, and what they are told.

Publishing happens in worker threads, listening on the event loop; the loop's thread-safe call is the bridge.
"""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncIterator

from playground.errors import Json

CHANGED: Json = {"type": "changed"}


class Listener:
    """One open page, for the person it shows. Must be made on the event loop."""

    def __init__(self, user: str) -> None:
        self.user = user
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Json | None] = deque()
        self._filled = asyncio.Event()

    def tell(self, event: Json | None) -> None:
        """Put an event in line, None to end. From any thread; a closed loop is no fault."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._put, event)

    def _put(self, event: Json | None) -> None:
        # Ten changes in a row are one reason to look again.
        if event != CHANGED or not self._queue or self._queue[-1] != CHANGED:
            self._queue.append(event)
        self._filled.set()

    async def next(self, wait: float) -> Json | None:
        """The next event, None at the end. Raises TimeoutError after `wait` seconds."""
        async with asyncio.timeout(wait):
            while not self._queue:
                self._filled.clear()
                await self._filled.wait()
        return self._queue.popleft()


class Stream:
    """All open pages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self.closed = False

    @contextlib.asynccontextmanager
    async def listen(self, user: str) -> AsyncIterator[Listener]:
        """A listener for one person, forgotten at the end."""
        listener = Listener(user)
        with self._lock:
            self._listeners.append(listener)
            if self.closed:
                listener.tell(None)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.remove(listener)

    def publish(self, event: Json, user: str | None = None) -> None:
        """Tell everybody, or the one person it is for."""
        with self._lock:
            for listener in self._listeners:
                if user is None or listener.user == user:
                    listener.tell(event)

    def close(self) -> None:
        """End all listeners, so that a server can stop."""
        with self._lock:
            self.closed = True
            for listener in self._listeners:
                listener.tell(None)
