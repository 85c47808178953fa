"""The Web API's door: faults, token, scopes, method, log, in the order in which a call is judged."""

import time
from dataclasses import dataclass, field

from playground.api.args import JSON_TYPE, Args, read
from playground.api.call import Call, Method
from playground.api.methods import METHODS
from playground.errors import Json, RateLimited, SlackError
from playground.faults import Fault
from playground.world import World


@dataclass(frozen=True)
class Request:
    """A request's parts, as the ASGI app read them."""

    base: str
    content_type: str
    query: str
    authorization: str
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What goes back; `hang_up` closes the connection without a word."""

    status: int
    body: Json | str
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False


def answer(world: World, method: str, request: Request) -> Reply:
    """The reply to a call of a method, logged; faults on demand come first."""
    given: Json = {}
    fault = world.faults.take(method)
    try:
        given = read(request.content_type, request.query, _seen(method, request))
        reply = before(fault) or after(fault, Reply(200, _run(world, method, request, given)))
    except RateLimited as error:
        reply = Reply(429, error.reply(), {"Retry-After": str(error.retry_after)})
    except SlackError as error:
        reply = after(fault, Reply(200, error.reply()))
    note(world, method, given, reply)
    return reply


def _seen(method: str, request: Request) -> bytes:
    known = METHODS.get(method)
    is_json = request.content_type.partition(";")[0].strip() == JSON_TYPE
    return b"" if is_json and known is not None and not known.takes_json else request.body


def before(fault: Fault | None) -> Reply | None:
    """The reply that stands in for the call, if its fault asks for one; a slow call just waits. Raises SlackError."""
    if fault is None:
        return None
    if fault.kind == "rate_limited":
        raise RateLimited(fault.retry_after)
    if fault.kind == "server_error":
        return Reply(500, "Internal Server Error")
    if fault.kind.startswith("error:"):
        raise SlackError(fault.kind.removeprefix("error:"))
    if fault.kind == "slow":
        time.sleep(fault.seconds)  # the fault that was asked for
    return None


def after(fault: Fault | None, reply: Reply) -> Reply:
    """The reply of a call that was carried out; its fault may drop it on the way."""
    if fault is not None and fault.kind == "drop_after_store":
        return Reply(reply.status, reply.body, hang_up=True)
    return reply


def note(world: World, method: str, given: Json, reply: Reply) -> None:
    """Log a call and its reply, without the token."""
    args = {key: value for key, value in given.items() if key != "token"}
    status = None if reply.hang_up else reply.status
    world.calls.append({"at": world.clock(), "method": method, "args": args, "reply": reply.body, "status": status})


def _run(world: World, name: str, request: Request, given: Json) -> Json:
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    if method.needs_token:
        _let_in(world, method, request.authorization, given)
    return {"ok": True, **method.run(Call(world, Args(given), request.base))}


def _let_in(world: World, method: Method, authorization: str, given: Json) -> None:
    app = world.workspace.app
    scheme, _, bearer = authorization.partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else given.get("token", "")
    if not token:
        raise SlackError("not_authed")
    if token != app.token:
        raise SlackError("invalid_auth")
    if method.scopes and not set(method.scopes) & set(app.scopes):
        raise SlackError("missing_scope", needed=",".join(method.scopes), provided=",".join(app.scopes))
