"""Running the app: in the foreground for the command line, in a thread for tests."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from playground.game import Game

HOST = "127.0.0.1"


class Server(uvicorn.Server):
    """uvicorn that ends open event streams first: it would wait for them otherwise."""

    def __init__(self, config: uvicorn.Config, game: Game) -> None:
        super().__init__(config)
        self.game = game

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the streams, then do as uvicorn does."""
        self.game.world.stream.close()
        super().handle_exit(sig, frame)

    def stop(self) -> None:
        """End the server from another thread."""
        self.game.world.stream.close()
        self.should_exit = True


def server(app: Starlette, port: int, log_level: str = "warning") -> Server:
    """A server on loopback for what `build` made, not started."""
    config = uvicorn.Config(app, host=HOST, port=port, log_level=log_level, access_log=False, ws="none",
                            timeout_graceful_shutdown=5)  # fmt: skip
    return Server(config, app.state.game)


class Running:
    """A playground that runs in a thread."""

    def __init__(self, address: str, game: Game) -> None:
        self.address = address
        self.api = f"{address}/api/"
        self.game = game


@contextlib.contextmanager
def running(app: Starlette, port: int = 0) -> Iterator[Running]:
    """What `build` made, running inside the `with`; port 0 takes a free one. Raises RuntimeError if it cannot start."""
    # A fault that hangs up makes uvicorn complain; here that is the point.
    made = server(app, port, "critical")
    with socket.create_server((HOST, port)) as bound:
        address = f"http://{HOST}:{bound.getsockname()[1]}"
        thread = threading.Thread(target=made.run, args=([bound],), name="playground-server", daemon=True)
        thread.start()
        try:
            _wait(made, thread)
            yield Running(address, made.game)
        finally:
            made.stop()
            thread.join(timeout=10)


def _wait(made: Server, thread: threading.Thread) -> None:
    pause = threading.Event()
    while not made.started:
        if not thread.is_alive():
            raise RuntimeError("the playground's server did not start")
        pause.wait(0.01)
