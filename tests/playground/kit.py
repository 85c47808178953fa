"""What the playground's tests share: a small workspace, persons at the page, a real Bolt app over HTTP."""

import asyncio
import contextlib
import json
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import uvicorn
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.api.methods import METHODS
from playground.app import build
from playground.errors import Json
from playground.serve import Running
from playground.workspace import parse

ANN, BEN, CAT, BOT = "U0ANN", "U0BEN", "U0CAT", "U0BOT"
OPEN, SECRET, OTHER, OLD = "C0OPEN", "C0SECRET", "C0OTHER", "C0OLD"
TOKEN, SIGNING = "xoxb-test", "shhh"
ALL_SCOPES = [
    "chat:write", "commands", "users:read", "users:read.email", "channels:history", "groups:history", "im:history",
    "channels:read", "groups:read", "im:read", "im:write", "channels:join",
]  # fmt: skip


def spec(**app: Any) -> Json:
    """A workspace as plain data; keywords change the app's part."""
    return {
        "team": {"id": "T0TEAM", "name": "Acme Sales"},
        "people": [
            {"id": ANN, "name": "ann", "real_name": "Ann Arbor", "title": "Sales", "email": "ann@acme.test"},
            {"id": BEN, "name": "ben", "real_name": "Ben Nevis"},
            {"id": CAT, "name": "cat", "real_name": "Cat"},
        ],
        "channels": [
            {"id": OPEN, "name": "open"},
            {"id": SECRET, "name": "secret", "private": True, "members": [ANN]},
            {"id": OTHER, "name": "other", "members": [ANN, BEN]},
            {"id": OLD, "name": "old", "archived": True},
        ],
        "app": {
            "id": "A0APP", "name": "Tester", "user": {"id": BOT, "name": "tester"}, "token": TOKEN,
            "signing_secret": SIGNING, "scopes": ALL_SCOPES, "url": "http://127.0.0.1:9/slack/events", "home": True,
            "retry_scale": 0.0,
            "commands": [
                {"command": "/hello", "description": "Says hello", "usage_hint": "[name]", "should_escape": True}
            ],
            "events": ["app_home_opened", "message.channels", "message.im", "app_mention"],
            **app,
        },
    }  # fmt: skip


@dataclass
class Player:
    """A person at the page, through its doors."""

    address: str
    user: str

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.address}{path}", timeout=10) as response:
            return json.loads(response.read())

    def post(self, path: str, body: Json) -> Any:
        return self.send("POST", path, body)

    def send(self, method: str, path: str, body: Json | None = None) -> Any:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(
            f"{self.address}{path}", json.dumps(body or {}).encode(), headers, method=method
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.loads(response.read())

    def act(self, kind: str, **rest: Any) -> Json:
        return dict(self.post("/page/act", {"as": self.user, "type": kind, **rest}))

    def click(self, message: Json, block_id: str, action_id: str, value: Any = None, **rest: Any) -> Json:
        place = {"channel": message["channel"], "ts": message["ts"], "block_id": block_id, "action_id": action_id}
        ephemeral = {"ephemeral": True} if message.get("ephemeral") else {}
        return self.act("block_actions", **place, value=value, **ephemeral, **rest)

    @property
    def state(self) -> Json:
        return dict(self.get(f"/page/state?as={self.user}"))

    def messages(self, channel: str = OPEN) -> list[Json]:
        return next(list(each["messages"]) for each in self.state["channels"] if each["id"] == channel)

    def fault(self, method: str, kind: str, **rest: Any) -> Any:
        return self.post("/page/faults", {"method": method, "kind": kind, **rest})

    @property
    def calls(self) -> list[Json]:
        return list(self.get("/page/calls")["calls"])

    @property
    def deliveries(self) -> list[Json]:
        return list(self.get("/page/deliveries")["deliveries"])


class Clock:
    """Real time that a test can move on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Play:
    """Everything a test needs."""

    server: Running
    client: WebClient

    def person(self, user: str) -> Player:
        return Player(self.server.address, user)

    @property
    def ann(self) -> Player:
        return self.person(ANN)

    @property
    def ben(self) -> Player:
        return self.person(BEN)

    def call(self, method: str, token: str | None = TOKEN, **args: Any) -> Json:
        """A call as JSON, or as a form where Slack reads no JSON, with the reply as it comes: refusals too."""
        takes_json = method not in METHODS or METHODS[method].takes_json
        kind = "application/json" if takes_json else "application/x-www-form-urlencoded"
        body = json.dumps(args) if takes_json else urlencode(args)
        headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(self.server.api + method, body.encode(), headers)
        with urllib.request.urlopen(request, timeout=10) as response:
            return dict(json.loads(response.read()))

    def error(self, method: str, **args: Any) -> Any:
        return self.call(method, **args).get("error")

    def post(self, channel: str = OPEN, **args: Any) -> Json:
        """Posts, and gives the message as the app gets it back."""
        reply = self.call("chat.postMessage", channel=channel, **({"text": "words"} | args))
        assert reply["ok"], reply
        return dict(reply["message"])

    def trigger(self, user: str = ANN, view_id: str | None = None) -> str:
        """A trigger id as if that person had just clicked."""
        return self.server.game.world.tickets.trigger(user, view_id)

    def open(self, view: Json, user: str = ANN) -> Json:
        """A modal, opened for a person."""
        reply = self.call("views.open", trigger_id=self.trigger(user), view=view)
        assert reply["ok"], reply
        return dict(reply["view"])


@dataclass
class Pair(Play):
    """A playground and a Bolt app that talk to each other."""

    bolt: App
    slot: "Slot"

    def answer(self, body: str, status: int = 200, delay: float = 0.0, **headers: str) -> list[Json]:
        """Puts an app that always says the same in Bolt's place. Gives the list of what it hears."""
        heard: list[Json] = []

        async def door(request: Request) -> Response:
            heard.append({"headers": dict(request.headers), "body": (await request.body()).decode()})
            await asyncio.sleep(delay)
            return Response(body, status, {name.replace("_", "-"): value for name, value in headers.items()})

        self.slot.app = Starlette(routes=[Route("/{path:path}", door, methods=["POST"])])
        return heard


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "words", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str = "yes", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Yes"), "value": "42", **more}


def actions(*elements: Json, block_id: str = "row") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def field_block(element: Json, block_id: str = "field", **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain("Field"), "element": element, **more}


def text_input(action_id: str = "typed", **more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": action_id, **more}


def options(*values: str) -> list[Json]:
    return [{"text": plain(value.title()), "value": value} for value in values]


def modal(*blocks: Json, **more: Any) -> Json:
    submit = {"submit": plain("Save")}
    return {"type": "modal", "callback_id": "form", "title": plain("Form"), **submit, "blocks": list(blocks), **more}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


def until(true: Callable[[], Any], seconds: float = 20) -> Any:
    """Waits for something another thread does, as long as a busy machine may need."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
    return found


class Slot:
    """A server that stays up through all tests and shows a fresh app in each: starting one takes longer than a test."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            self._door, log_level="critical", access_log=False, ws="none", lifespan="off", interface="asgi3"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="tests-slot")
        self._thread.start()
        until(lambda: self._server.started)

    async def _door(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app, "nobody plays here"
        await self.app(scope, receive, send)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()


class Slots:
    """All slots, those in use left out of `take`."""

    def __init__(self) -> None:
        self._free: list[Slot] = []
        self._all: list[Slot] = []

    @contextlib.contextmanager
    def take(self) -> Iterator[Slot]:
        if not self._free:
            self._all.append(Slot())
            self._free.append(self._all[-1])
        slot = self._free.pop()
        try:
            yield slot
        finally:
            slot.app = None
            self._free.append(slot)

    def close(self) -> None:
        for slot in self._all:
            slot.close()


@contextlib.contextmanager
def played(slot: Slot, app: Starlette) -> Iterator[Running]:
    slot.app = app
    game = app.state.game
    try:
        yield Running(slot.address, game)
    finally:
        game.world.stream.close()
        game.events.close()


@contextlib.contextmanager
def paired(
    slots: Slots, clock: Callable[[], float] = time.time, deadline: float = 3.0, change: Json | None = None, **app: Any
) -> Iterator[Pair]:
    """A playground with a Bolt app behind it; `change` replaces parts of the workspace, keywords those of the app."""
    with slots.take() as slot, slots.take() as bolt_slot:
        data = spec(**{"url": f"{bolt_slot.address}/slack/events", **app}) | (change or {})
        with played(slot, build(parse(data, "test"), clock, deadline)) as server:
            client = WebClient(TOKEN, base_url=server.api, retry_handlers=[])
            bolt = App(client=client, signing_secret=SIGNING, process_before_response=True)
            bolt_slot.app = bolt_door(bolt)
            yield Pair(server, client, bolt, bolt_slot)


def bolt_door(app: App) -> Starlette:
    async def door(request: Request) -> Response:
        body = (await request.body()).decode()
        bolt = BoltRequest(body=body, headers={key: [value] for key, value in request.headers.items()})
        answer = await run_in_threadpool(app.dispatch, bolt)
        headers = {key: values[0] for key, values in answer.headers.items()}
        return Response(answer.body, answer.status, headers)

    return Starlette(routes=[Route("/slack/events", door, methods=["POST"])])
