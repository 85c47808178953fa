"""Faults on demand."""

import http.client
import json
import time
import urllib.error
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.tickets import Hook
from tests.playground.kit import ANN, OPEN, TOKEN, Json, Play


def test_rate_limited_is_429_with_retry_after_and_stores_nothing(play: Play) -> None:
    play.ann.fault("chat.postMessage", "rate_limited", retry_after=7)
    with pytest.raises(SlackApiError) as refused:
        play.client.chat_postMessage(channel=OPEN, text="x")
    response = refused.value.response
    assert (response.status_code, response.headers["Retry-After"], response["error"]) == (429, "7", "ratelimited")
    assert play.ann.messages() == []
    assert play.client.chat_postMessage(channel=OPEN, text="x")["ok"]


def test_server_error_is_500(play: Play) -> None:
    play.ann.fault("chat.postMessage", "server_error")
    with pytest.raises(SlackApiError) as refused:
        play.client.chat_postMessage(channel=OPEN, text="x")
    assert refused.value.response.status_code == 500
    assert play.ann.messages() == []


def test_slow_waits_and_then_works(play: Play) -> None:
    play.ann.fault("chat.postMessage", "slow", seconds=0.3)
    started = time.monotonic()
    play.post()
    assert time.monotonic() - started >= 0.3
    assert len(play.ann.messages()) == 1


def test_any_error_code(play: Play) -> None:
    play.ann.fault("chat.postMessage", "error:invalid_blocks", times=2)
    assert [play.error("chat.postMessage", channel=OPEN, text="x") for _ in range(3)] == ["invalid_blocks"] * 2 + [None]
    assert len(play.ann.messages()) == 1


def test_drop_after_store_stores_and_says_not_one_byte(play: Play) -> None:
    play.ann.fault("chat.postMessage", "drop_after_store")
    connection = http.client.HTTPConnection(urlsplit(play.server.address).netloc, timeout=5)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    connection.request("POST", "/api/chat.postMessage", json.dumps({"channel": OPEN, "text": "kept"}), headers)
    assert connection.sock.recv(1) == b""
    connection.close()
    assert [message["text"] for message in play.ann.messages()] == ["kept"]
    assert play.ann.calls[0]["status"] is None


def test_the_sdk_with_its_default_retry_posts_twice_after_a_drop(play: Play) -> None:
    play.ann.fault("chat.postMessage", "drop_after_store")
    WebClient(TOKEN, base_url=play.server.api).chat_postMessage(channel=OPEN, text="twice")
    assert [message["text"] for message in play.ann.messages()] == ["twice", "twice"]


def test_a_star_is_any_method_and_the_oldest_goes_first(play: Play) -> None:
    play.ann.fault("*", "error:first")
    play.ann.fault("auth.test", "error:second")
    assert [play.error("auth.test") for _ in range(3)] == ["first", "second", None]


def test_faults_are_listed_counted_down_and_cleared(play: Play) -> None:
    play.ann.fault("auth.test", "error:x", times=3)
    play.error("auth.test")
    (fault,) = play.ann.state["faults"]
    assert (fault["method"], fault["kind"], fault["times"]) == ("auth.test", "error:x", 2)
    assert play.ann.get("/page/faults") == {"ok": True, "faults": [fault]}
    assert play.ann.send("DELETE", "/page/faults") == {"ok": True, "faults": []}
    assert play.call("auth.test")["ok"]


@pytest.mark.parametrize(
    "fault",
    [{"method": "x", "kind": "explode"}, {"method": "x", "kind": "slow", "times": 0}, {"kind": "slow"},
     {"method": "x", "kind": "slow", "more": 1}],
)  # fmt: skip
def test_a_fault_that_cannot_be_is_refused(play: Play, fault: Json) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        play.ann.post("/page/faults", fault)
    with refused.value as answer:
        assert answer.code == 400
    assert play.ann.state["faults"] == []


def test_response_urls_have_faults_too(play: Play) -> None:
    play.ann.fault("response_url", "rate_limited")
    world = play.server.game.world
    name = world.tickets.hook(Hook(ANN, OPEN, world.clock()))
    with pytest.raises(urllib.error.HTTPError) as refused:
        play.ann.post(f"/response/{name}", {"text": "x"})
    with refused.value as answer:
        assert answer.code == 429
