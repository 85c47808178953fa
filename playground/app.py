"""The ASGI app: one server, one port, all doors. Behind them HTTP ends, and plain functions run in threads."""

import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from playground import answers, page_api, page_state
from playground.api import door
from playground.errors import Json
from playground.events import Events
from playground.game import Game
from playground.outgoing import DEADLINE, Courier
from playground.stream import Listener
from playground.workspace import Workspace
from playground.world import World

PAGE = Path(__file__).parent / "page"
HEARTBEAT = 15.0
Endpoint = Callable[[Request], Awaitable[Response]]


class HangUp(Response):
    """Closes the connection without a word: what an app sees when Slack stored a message and the line broke."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a start no server can write; the server then gives up the connection."""
        with contextlib.suppress(Exception):
            await send({"type": "http.response.start", "status": 200, "headers": [(b"not a name", b"")]})


def build(workspace: Workspace, clock: Callable[[], float] = time.time, deadline: float = DEADLINE) -> Starlette:
    """The ASGI app; `app.state.game` is behind it. The app under play has `deadline` seconds to answer."""
    world = World(workspace, clock)
    courier = Courier(workspace.app.signing_secret, world.deliveries, deadline)
    game = Game(world, courier, Events(world, courier))

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        world.stream.close()
        await anyio.to_thread.run_sync(game.events.close)

    app = Starlette(routes=_routes(game), lifespan=lifespan)
    app.state.game = game
    return app


def _routes(game: Game) -> list[Route | Mount]:
    # Two pools: an app that calls us while we call it must not wait for our own waiting threads.
    for_app, for_page = anyio.CapacityLimiter(64), anyio.CapacityLimiter(64)
    return [
        Route("/api/{method}", _web_api(game, for_app), methods=["GET", "POST"]),
        Route("/response/{name}", _response_url(game, for_app), methods=["POST"]),
        Route("/page/state", _state(game, for_page)),
        Route("/page/stream", _stream(game)),
        Route("/page/act", _json_door(for_page, lambda g, base: page_api.act(game, g, base)), methods=["POST"]),
        Route("/page/panel", _json_door(for_page, lambda g, _: page_api.run_panel(game, g)), methods=["POST"]),
        Route("/page/clock", _json_door(for_page, lambda g, _: page_api.move_clock(game, g)), methods=["POST"]),
        Route("/page/blocks", _json_door(for_page, lambda g, _: page_api.refuse_blocks(game, g)), methods=["POST"]),
        Route("/page/faults", _faults(game), methods=["GET", "POST", "DELETE"]),
        Route("/page/calls", _log("calls", game.world.calls.since)),
        Route("/page/deliveries", _log("deliveries", game.world.deliveries.since)),
        Route("/", _index),
        Mount("/page", StaticFiles(directory=PAGE)),
    ]


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


async def _parts(request: Request) -> door.Request:
    headers = request.headers
    return door.Request(
        base=_base(request),
        content_type=headers.get("content-type", ""),
        query=request.url.query,
        authorization=headers.get("authorization", ""),
        body=await request.body(),
    )


def _http(reply: door.Reply) -> Response:
    if reply.hang_up:
        return HangUp()
    if isinstance(reply.body, str):
        return PlainTextResponse(reply.body, reply.status, reply.headers)
    return JSONResponse(reply.body, reply.status, reply.headers)


def _web_api(game: Game, limiter: anyio.CapacityLimiter) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        parts, method = await _parts(request), request.path_params["method"]
        return _http(await anyio.to_thread.run_sync(door.answer, game.world, method, parts, limiter=limiter))

    return endpoint


def _response_url(game: Game, limiter: anyio.CapacityLimiter) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        parts, name = await _parts(request), request.path_params["name"]
        return _http(await anyio.to_thread.run_sync(answers.door, game.world, name, parts, limiter=limiter))

    return endpoint


def _refused(words: str, status: int = 400) -> Response:
    return JSONResponse({"ok": False, "error": words}, status)


async def _json(request: Request) -> Json | None:
    try:
        given = json.loads(await request.body())
    except ValueError:
        return None
    return given if isinstance(given, dict) else None


def _json_door(limiter: anyio.CapacityLimiter, work: Callable[[Json, str], Json]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        given = await _json(request)
        if given is None:
            return _refused("body: expected a JSON object")
        return JSONResponse(await anyio.to_thread.run_sync(work, given, _base(request), limiter=limiter))

    return endpoint


def _viewer(game: Game, request: Request) -> str:
    """Who looks; a page that does not say is the first person of the workspace."""
    return request.query_params.get("as") or next(iter(game.world.people))


def _stranger(user: str) -> Response:
    return _refused(f"as: expected the id of a person of this workspace, got {user!r}", 404)


def _state(game: Game, limiter: anyio.CapacityLimiter) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        user = _viewer(game, request)
        if user not in game.world.people:
            return _stranger(user)
        return JSONResponse(await anyio.to_thread.run_sync(page_state.state, game.world, user, limiter=limiter))

    return endpoint


def _faults(game: Game) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse({"ok": True, "faults": game.world.faults.listed()})
        if request.method == "DELETE":
            return JSONResponse(page_api.clear_faults(game))
        given = await _json(request)
        answer = page_api.add_fault(game, given) if given is not None else {"ok": False, "error": "body: expected JSON"}
        return JSONResponse(answer, 200 if answer["ok"] else 400)

    return endpoint


def _log(name: str, since: Callable[[int], list[Json]]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        number = request.query_params.get("since", "0")
        if not number.isdigit():
            return _refused(f"since: expected a whole number, got {number!r}")
        return JSONResponse({name: since(int(number))})

    return endpoint


def _stream(game: Game) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        user = _viewer(game, request)
        if user not in game.world.people:
            return _stranger(user)
        return StreamingResponse(
            _told(game, user), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    return endpoint


async def _told(game: Game, user: str) -> AsyncIterator[str]:
    async with game.world.stream.listen(user) as listener:
        # A page that connects again may have missed something.
        yield _event({"type": "changed"})
        while (line := await _line(listener)) is not None:
            yield line


async def _line(listener: Listener) -> str | None:
    try:
        event = await listener.next(HEARTBEAT)
    except TimeoutError:
        return ": still here\n\n"
    return None if event is None else _event(event)


def _event(event: Any) -> str:
    return f"data: {json.dumps(event)}\n\n"


async def _index(_request: Request) -> Response:
    return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-store"})
