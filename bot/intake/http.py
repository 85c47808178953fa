"""The signed HTTP door: leads and their signals come in, each ends in `moves.receive`.

Size, then signature, then JSON, then lead by lead: what fails early costs little and stores nothing. main registers
the door; docs/intake.md tells integrators what stands here.
"""

import hmac
import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.json_schema import models_json_schema
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from bot.intake.body import MOST_LEADS, Refused, items, received
from bot.intake.payload import Fault, LeadIn, faults, read
from bot.moves.receive import Received, receive
from bot.store import dead_letters
from bot.store.dead_letters import DeadLetter
from bot.store.engine import Store
from bot.store.leads import Ambiguous
from bot.yamlfile import Plain

PATH = "/intake/leads"
SIGNATURE = "X-Baton-Signature"
TIMESTAMP = "X-Baton-Timestamp"
WINDOW = 300
"""Seconds that the sender's clock and the way here may take, in both directions."""
MOST_LETTER = 20_000
"""Characters of a refused lead that are kept."""

Clock = Callable[[], datetime]


class Result(BaseModel):
    """What became of one lead that was stored. `index` is its place in the request, from 0.

    `cell` is its fit and behaviour, such as B1, and `tier` its tier while it is an MQL.
    """

    index: int
    lead_id: int
    new_signals: int
    cell: str
    tier: str | None = None
    crossing: Literal["handoff", "queue", "line", "none"]
    handoff_id: int | None = None
    queue: str | None = None


class Wrong(BaseModel):
    """One thing wrong with one lead; the `field` is empty where it is the lead as a whole."""

    index: int
    field: str
    problem: str


class Answer(BaseModel):
    """What became of all leads of a request."""

    accepted: int
    refused: int
    results: list[Result]
    faults: list[Wrong]


class Problem(BaseModel):
    """Why nothing of a request was looked at."""

    problem: str


def sign(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers that make `body` acceptable for five minutes. `timestamp` is in Unix seconds, real time."""
    return {TIMESTAMP: str(timestamp), SIGNATURE: _signature(secret.encode(), str(timestamp), body)}


def register(app: FastAPI, store: Store, now: Clock, secret: SecretStr, wall: Clock) -> None:
    """Add POST /intake/leads. `now` is Baton's time, `wall` the real one, which signatures go by; both in UTC.

    ValueError where the secret is empty: anybody could sign with that.
    """
    key = secret.get_secret_value().encode()
    if not key:
        raise ValueError("intake_secret: is empty, expected a secret shared with whoever sends leads")

    @app.post(PATH, responses=_RESPONSES, openapi_extra=_described(), response_model=None)
    async def take_leads(request: Request) -> Response:
        """Take one lead or many, with their signals. Sent again, nothing counts twice."""
        try:
            body = await received(request)
            _check(key, request.headers, body, wall())
            answer = await run_in_threadpool(_take, store, now, body)
        except Refused as refused:
            return _json(refused.status, Problem(problem=refused.problem))
        return _json(200 if answer.accepted else 422, answer)


def _signature(key: bytes, timestamp: str, body: bytes) -> str:
    return "v1=" + hmac.digest(key, timestamp.encode() + b"." + body, "sha256").hex()


def _check(key: bytes, headers: Headers, body: bytes, wall: datetime) -> None:
    timestamp = _only(headers, TIMESTAMP, r"[0-9]{1,12}", "the time in Unix seconds")
    signature = _only(headers, SIGNATURE, r"v1=[0-9a-f]{64}", "v1= and 64 lower-case hex digits")
    away = abs(int(timestamp) - wall.timestamp())
    if away > WINDOW:
        raise Refused(401, f"{TIMESTAMP}: is {away:,.0f} s away from the time here, expected at most {WINDOW} s")
    if not hmac.compare_digest(signature, _signature(key, timestamp, body)):
        raise Refused(401, f"{SIGNATURE}: does not fit, expected the HMAC-SHA256 of timestamp, dot and body")


def _only(headers: Headers, name: str, pattern: str, expected: str) -> str:
    """The one value of a header. Of two, a proxy and this door might each believe another."""
    values = headers.getlist(name)
    if len(values) != 1 or not re.fullmatch(pattern, values[0]):
        raise Refused(401, f"{name}: expected this header once, with {expected}")
    return values[0]


def _take(store: Store, now: Clock, body: bytes) -> Answer:
    """One transaction a lead, so that a bad one takes no good one with it; the bad ones are kept in a last one."""
    results: list[Result] = []
    wrong: list[Wrong] = []
    letters: list[DeadLetter] = []
    for index, item in enumerate(items(body)):
        at = now()
        outcome = _take_one(store, at, item)
        if isinstance(outcome, Received):
            results.append(_result(index, outcome))
        else:
            wrong += [Wrong(index=index, field=fault.field, problem=fault.problem) for fault in outcome]
            letters.append(_letter(index, item, outcome, at))
    if letters:
        with store.transaction() as tx:
            dead_letters.keep(tx, letters)
    return Answer(accepted=len(results), refused=len(letters), results=results, faults=wrong)


def _take_one(store: Store, now: datetime, item: Plain) -> Received | list[Fault]:
    try:
        return receive(store, now, read(item, now))
    except ValidationError as error:
        return faults(error)
    except Ambiguous as error:
        return [Fault("", str(error))]


def _result(index: int, received: Received) -> Result:
    return Result(
        index=index,
        lead_id=received.lead_id,
        new_signals=received.new_signals,
        cell=received.cell,
        tier=received.tier,
        crossing=received.crossing,
        handoff_id=received.handoff_id,
        queue=received.queue,
    )


def _letter(index: int, item: Plain, wrong: Sequence[Fault], at: datetime) -> DeadLetter:
    """As sent, up to a length; what no database can hold is written as JSON escapes it."""
    body = json.dumps(item, ensure_ascii=False)
    if len(body) > MOST_LETTER:
        body = body[:MOST_LETTER] + "… (cut)"
    body = body.encode("utf-8", "backslashreplace").decode()
    return DeadLetter("http", index, body, [f"{one.field}: {one.problem}".removeprefix(": ") for one in wrong], at)


def _json(status: int, content: BaseModel) -> Response:
    return Response(content.model_dump_json(exclude_none=True), status, media_type="application/json")


_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": Answer, "description": "At least one lead was stored; `faults` tells of the others."},
    400: {"model": Problem, "description": "The body cannot be read as leads."},
    401: {"model": Problem, "description": "The signature is missing, wrong or too old."},
    413: {"model": Problem, "description": "The body or the batch is too large."},
    422: {"model": Answer, "description": "No lead was stored; `faults` says why."},
    500: {"description": "Something broke here. Some leads may be stored; send all of them again."},
}


def _described() -> dict[str, Any]:
    """The request for OpenAPI, which sees only raw bytes. The definitions stay where they are referred to."""
    here = f"#/paths/{PATH.replace('/', '~1')}/post/requestBody/content/application~1json/schema/$defs/"
    _, definitions = models_json_schema([(LeadIn, "validation")], ref_template=here + "{model}")
    lead = {"$ref": f"{here}LeadIn"}
    leads = {"type": "array", "minItems": 1, "maxItems": MOST_LEADS, "items": lead}
    batch = {"type": "object", "required": ["leads"], "properties": {"leads": leads}, "additionalProperties": False}
    schema = {"anyOf": [batch, lead], **definitions}
    headers = {TIMESTAMP: "^[0-9]{1,12}$", SIGNATURE: "^v1=[0-9a-f]{64}$"}
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string", "pattern": pattern}}
            for name, pattern in headers.items()
        ],
    }
