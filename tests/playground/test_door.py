"""The Web API's door: tokens, scopes, arguments, unknown methods."""

import json
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from playground.api.methods import METHODS
from tests.playground.kit import ALL_SCOPES, ANN, BOT, OPEN, TOKEN, Play

WITH_TOKEN = [name for name, method in METHODS.items() if method.needs_token]
WITH_SCOPES = [name for name, method in METHODS.items() if method.scopes]


@pytest.mark.parametrize("method", WITH_TOKEN)
def test_every_method_wants_the_right_token(play: Play, method: str) -> None:
    assert play.error(method, token=None) == "not_authed"
    assert play.error(method, token="xoxb-other") == "invalid_auth"


@pytest.mark.parametrize("method", WITH_SCOPES)
def test_every_method_names_the_scope_that_is_missing(make: Callable[..., Play], method: str) -> None:
    scopes = METHODS[method].scopes
    reply = make(scopes=["commands"]).call(method)
    assert reply == {"ok": False, "error": "missing_scope", "needed": ",".join(scopes), "provided": "commands"}


@pytest.mark.parametrize(("channel", "needed"), [("C0OPEN", "channels:history"), ("D", "im:history")])
def test_history_wants_the_scope_of_its_kind_of_channel(make: Callable[..., Play], channel: str, needed: str) -> None:
    play = make(scopes=[scope for scope in ALL_SCOPES if scope != needed])
    place = play.client.conversations_open(users=ANN)["channel"]["id"] if channel == "D" else channel
    assert play.call("conversations.history", channel=place)["needed"] == needed


def test_an_unknown_method_is_named(play: Play) -> None:
    assert play.call("chat.shout") == {"ok": False, "error": "unknown_method", "req_method": "chat.shout"}


def raw(play: Play, method: str, body: bytes, **headers: str) -> bytes:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(play.server.api + method, body, named)
    with urllib.request.urlopen(request, timeout=5) as response:
        return bytes(response.read())


def test_a_form_with_its_token_in_a_field_is_as_good_as_json(play: Play) -> None:
    form = urllib.parse.urlencode({"token": TOKEN, "channel": OPEN, "text": "a&b", "blocks": '[{"type": "divider"}]'})
    assert b'"ok":true' in raw(play, "chat.postMessage", form.encode())
    (message,) = play.ann.messages()
    assert (message["text"], message["blocks"][0]["type"]) == ("a&b", "divider")
    assert "token" not in play.ann.calls[0]["args"]


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (b"{", "application/json", b"invalid_json"),
        (b"[]", "application/json; charset=utf-8", b"json_not_object"),
        (b"\xff", "application/x-www-form-urlencoded", b"invalid_form_data"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(play: Play, body: bytes, kind: str, error: bytes) -> None:
    assert error in raw(play, "api.test", body, Content_Type=kind)


@pytest.mark.parametrize(
    ("method", "args", "line"),
    [
        ("chat.postMessage", {"text": "x"}, "missing required field: channel"),
        ("chat.postMessage", {"channel": OPEN, "text": 5}, "must be a string [json-pointer:/text]"),
        ("chat.update", {"channel": OPEN, "ts": 1.5, "text": "x"}, "must be a string [json-pointer:/ts]"),
        ("conversations.info", {}, "missing required field: channel"),
        ("chat.update", {"channel": OPEN, "text": "x"}, "missing required field: ts"),
        ("chat.postEphemeral", {"channel": OPEN, "text": "x"}, "missing required field: user"),
        ("views.open", {"view": {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}},
         "missing required field: trigger_id"),
        ("views.open", {"trigger_id": "x"}, "missing required field: view"),
    ],
)  # fmt: skip
def test_arguments_are_named(play: Play, method: str, args: dict[str, Any], line: str) -> None:
    reply = play.call(method, **args)
    assert (reply["error"], reply["response_metadata"]["messages"]) == ("invalid_arguments", [f"[ERROR] {line}"])


READS = [name for name, method in METHODS.items() if not method.takes_json]


@pytest.mark.parametrize("method", READS)
def test_what_only_reads_does_not_look_at_a_json_body(play: Play, method: str) -> None:
    """Not even at one that is broken; a query is as good as a form."""
    ts = play.post()["ts"]
    args = {"user": ANN, "email": "ann@acme.test", "channel": OPEN, "ts": ts, "message_ts": ts, "types": "im"}
    headers = {"Authorization": f"Bearer {TOKEN}", "Content_Type": "application/json"}
    answers = [raw(play, method, body, **headers) for body in (json.dumps(args).encode(), b"{")]
    assert answers[0] == answers[1]
    asked = raw(play, f"{method}?{urllib.parse.urlencode(args)}", b"", Authorization=headers["Authorization"])
    assert b'"ok":true' in asked
    if method not in ("conversations.list", "users.list"):
        assert b'"ok":false' in answers[0]
    if method == "users.info":
        assert b'"user_not_found"' in answers[0]


def test_api_test_echoes_and_fails_on_request(play: Play) -> None:
    assert play.call("api.test", token=None, x="1") == {"ok": True, "args": {"x": "1"}}
    assert play.call("api.test", error="ouch")["error"] == "ouch"


def test_auth_test_says_who_the_app_is(play: Play) -> None:
    reply = play.client.auth_test()
    assert (reply["user_id"], reply["team_id"], reply["bot_id"]) == (BOT, "T0TEAM", "B0APP")


def test_people_can_be_asked_for(play: Play, make: Callable[..., Play]) -> None:
    assert play.client.users_info(user=ANN)["user"]["profile"]["email"] == "ann@acme.test"
    assert play.client.users_info(user=BOT)["user"]["is_bot"]
    assert play.client.users_lookupByEmail(email="Ann@Acme.test")["user"]["id"] == ANN
    assert len(play.client.users_list()["members"]) == 4
    assert play.error("users.info", user="U0NOBODY") == "user_not_found"
    assert play.error("users.lookupByEmail", email="x@y.z") == "users_not_found"
    without = make(scopes=["users:read"]).client.users_info(user=ANN)
    assert "email" not in without["user"]["profile"]
