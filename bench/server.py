"""A Baton web process to click on: `python -m bench.server LISTENER PORT DATABASE_URL`.

`accept` is Baton's Slack door as it is; `empty` is the same door and the same Bolt app with a listener that does
nothing; `delivering` is `accept` with delivery at work beside it, to a Slack that answers at once.
"""

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import anyio.to_thread
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from slack_bolt import Ack, App

from bot import web
from bot.delivery import Delivery
from bot.main import THREADS, DomainClock, bare_bolt, bolt
from bot.settings import Settings
from bot.slack import Slack
from bot.store.engine import Store

SIGNING_SECRET = "a secret of the bench"
PATIENCE = 20.0


class SilentSlack(Slack):
    """Says yes to everything, at once and from inside the process."""

    def __init__(self) -> None:
        super().__init__("xoxb-bench", "http://127.0.0.1:9/")

    def _call(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {"ts": "1700000000.000100", "channel": {"id": "D0BENCH"}, "permalink": "https://slack.example"}


@contextmanager
def running(listener: str, url: str) -> Iterator[int]:
    """A server in a process of its own, from when it listens; its port."""
    port = _free_port()
    command = [sys.executable, "-m", "bench.server", listener, str(port), url]
    process = subprocess.Popen(command)
    try:
        _wait_until_open(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def main(listener: str, port: str, url: str) -> None:
    """Serve until told to stop, the way Baton itself is served."""
    settings = Settings(
        database_url=url,
        slack_token=SecretStr("xoxb-bench"),
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        intake_secret=SecretStr("unused"),
    )
    store = Store(url)
    delivery = Delivery(store, SilentSlack()) if listener == "delivering" else None
    store.on_commit = delivery.wake if delivery else store.on_commit
    app = _empty(settings) if listener == "empty" else bolt(settings, store, SilentSlack(), DomainClock())
    uvicorn.run(_site(app, delivery), port=int(port), log_config=None, access_log=False, lifespan="on")
    store.close()


def _empty(settings: Settings) -> App:
    app = bare_bolt(settings)

    @app.action(re.compile("^handoff_"))
    def pressed(ack: Ack) -> None:
        ack()

    return app


def _site(app: App, delivery: Delivery | None) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        if delivery:
            threading.Thread(target=delivery.run, daemon=True).start()
        yield
        if delivery:
            delivery.stop()

    site = web.build(lifespan)
    web.slack_door(site, app, SIGNING_SECRET)
    return site


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        with socket.socket() as link:
            if link.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r}: did not listen on port {port}, expected it within {PATIENCE:g} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
