"""The doors but the intake's: Slack, health, and the demo's clock. One ASGI app; all work is done in threads.

Bolt's own adapters would run a sync app on the event loop, where one slow click holds up everything.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, Field
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.concurrency import run_in_threadpool

from bot.intake.body import Refused, received
from bot.slack import is_signed

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build(lifespan: Lifespan) -> FastAPI:
    """An app with no door yet; the functions below add them."""
    return FastAPI(title="Baton", docs_url=None, redoc_url=None, lifespan=lifespan)


def slack_door(web: FastAPI, bolt: App, signing_secret: str) -> None:
    """Everything Slack sends: buttons, forms, commands. Bolt would read a body before it checks the signature."""

    @web.post("/slack/events", include_in_schema=False)
    async def slack_events(request: Request) -> Response:
        try:
            body = await received(request)
        except Refused as refused:
            return Response(status_code=refused.status)
        if not is_signed(signing_secret, body, request.headers):
            return Response(status_code=401)
        text = body.decode("utf-8", "replace")
        asked = BoltRequest(body=text, query=request.url.query, headers=dict(request.headers))
        return _answer(await run_in_threadpool(bolt.dispatch, asked))


def health_door(web: FastAPI, ready: Callable[[], str | None]) -> None:
    """`/healthz`: the process answers. `/readyz`: it can do its work; `ready` says why not."""

    @web.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @web.get("/readyz", include_in_schema=False)
    def readyz(response: Response) -> dict[str, str]:
        problem = ready()
        if problem:
            response.status_code = 503
        return {"status": problem or "ok"}


def metrics_door(web: FastAPI, page: Callable[[], bytes]) -> None:
    """`/metrics`, for Prometheus: counts, and no word about anybody."""

    @web.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(page(), media_type="text/plain; version=0.0.4; charset=utf-8")


class Forward(BaseModel):
    """How far the demo's clock is to be moved on."""

    hours: float = Field(gt=0, le=24 * 365)


def demo_door(web: FastAPI, move_on: Callable[[timedelta], datetime]) -> None:
    """`/demo/clock` lets time pass. It exists only in the demo."""

    @web.post("/demo/clock", include_in_schema=False)
    def clock(forward: Forward) -> dict[str, str]:
        return {"now": move_on(timedelta(hours=forward.hours)).isoformat()}


def _answer(given: BoltResponse) -> Response:
    response = Response(content=given.body, status_code=given.status)
    for name, value in given.first_headers_without_set_cookie().items():
        response.headers[name] = value
    return response
