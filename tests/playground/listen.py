"""An open page: what server-sent events tell one person."""

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.playground.kit import Json, Player, until


@contextlib.contextmanager
def listening(player: Player) -> Iterator[list[Json]]:
    """The events so far; the page is connected when the block starts."""
    heard: list[Json] = []
    connection = http.client.HTTPConnection(urlsplit(player.address).netloc, timeout=10)
    connection.request("GET", f"/page/stream?as={player.user}")
    response = connection.getresponse()

    def keep(line: bytes) -> None:
        if line.startswith(b"data: "):
            heard.append(json.loads(line[6:]))

    def listen() -> None:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            for line in response:
                keep(line)

    thread = threading.Thread(target=listen, name="tests-page")
    thread.start()
    until(lambda: heard)
    try:
        yield heard
    finally:
        if connection.sock:
            connection.sock.shutdown(2)
        thread.join(5)
        response.close()
        connection.close()
