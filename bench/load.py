"""The one who clicks: sends prepared requests over connections that stay open, and takes the time of each answer.

One thread and no HTTP library, since it shares the machine with the server it measures.
"""

import selectors
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

TIMEOUT = 30.0
HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Round:
    """What one round showed: how long it took, and each answer's time, in seconds."""

    seconds: float
    latencies: tuple[float, ...]

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """The time, in milliseconds, within which this share of answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000


@dataclass(slots=True)
class _Connection:
    """One open connection: when its request left, and what has come back so far."""

    link: socket.socket
    sent_at: float = 0.0
    heard: bytes = field(default=b"")

    def send(self, request: bytes) -> None:
        self.heard = b""
        self.sent_at = perf_counter()
        self.link.sendall(request)

    def hear(self) -> bool:
        """Take in what has arrived; True once the answer is whole. Raises where it is anything but a 200."""
        part = self.link.recv(65536)
        self.heard += part
        head, end, body = self.heard.partition(HEAD_END)
        if not part or (end and not head.startswith(b"HTTP/1.1 200 ")):
            raise RuntimeError(f"got {self.heard[:300]!r}, expected an answer with status 200")
        return bool(end) and len(body) >= _length(head)


def play(port: int, requests: Sequence[bytes], at_once: int) -> Round:
    """Send all `requests` to a server on this machine, `at_once` of them under way at any time."""
    connections = [_Connection(socket.create_connection(("127.0.0.1", port), TIMEOUT)) for _ in range(at_once)]
    try:
        started = perf_counter()
        latencies = tuple(_answers(connections, iter(requests)))
        return Round(perf_counter() - started, latencies)
    finally:
        for connection in connections:
            connection.link.close()


def _answers(connections: Sequence[_Connection], requests: Iterator[bytes]) -> Iterator[float]:
    with selectors.DefaultSelector() as selector:
        for connection, request in zip(connections, requests, strict=False):
            connection.send(request)
            selector.register(connection.link, selectors.EVENT_READ, connection)
        while selector.get_map():
            ready = selector.select(TIMEOUT)
            if not ready:
                raise TimeoutError(f"no answer within {TIMEOUT:g} s")
            for key, _ in ready:
                connection = key.data
                if connection.hear():
                    yield perf_counter() - connection.sent_at
                    following = next(requests, None)
                    selector.unregister(connection.link) if following is None else connection.send(following)


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
