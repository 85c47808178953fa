"""The intake door on a real server on loopback, and somebody who sends leads to it over real HTTP."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from bot.intake.http import PATH, register, sign
from bot.store.engine import Store

SECRET = "s3cret-shared-with-the-website"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""Baton's time in these tests; signatures go by the real one."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any


@dataclass(frozen=True)
class Door:
    """Sends requests as any integrator would, and a few as none should."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(self, content: Any) -> Reply:
        """A signed request with `content` as its JSON."""
        return self.post(json.dumps(content).encode())

    def post(self, body: bytes, **headers: str) -> Reply:
        """A signed request with these very bytes; `headers`, with _ for -, replace those of the signature."""
        given = sign(SECRET, body, unix_time()) | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.raw(body, list(given.items()))

    def raw(self, body: bytes, headers: list[tuple[str, str]], *, length: str | None = None) -> Reply:
        """A request with these headers and no others, one of them as often as it is named."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest("POST", PATH)
            for name, value in [*headers, ("Content-Length", length or str(len(body)))]:
                connection.putheader(name, value.encode("utf-8"))
            connection.endheaders(body)
            return reply(connection)
        finally:
            connection.close()


def reply(connection: http.client.HTTPConnection) -> Reply:
    answer = connection.getresponse()
    text = answer.read()
    return Reply(answer.status, json.loads(text) if "json" in answer.headers.get("content-type", "") else text)


def unix_time() -> int:
    return int(datetime.now(UTC).timestamp())


def app(store: Store) -> FastAPI:
    built = FastAPI(title="Baton")
    register(built, store, lambda: NOON, SecretStr(SECRET), lambda: datetime.now(UTC))
    return built


@contextmanager
def open_door(store: Store) -> Iterator[Door]:
    """The door of `store`, for as long as the block lasts."""
    with served(app(store)) as door:
        yield door


@contextmanager
def served(built: FastAPI) -> Iterator[Door]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(built, log_config=None, lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield Door(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def lead(email: str = "ada@example.com", **fields: Any) -> dict[str, Any]:
    return {"email": email, "company": "Example Ltd", **fields}


def signal(id_: str = "s-1", type_: str = "page_visit", at: str = "2026-11-20T09:00:00Z") -> dict[str, Any]:
    return {"id": id_, "type": type_, "at": at}
