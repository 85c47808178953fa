"""The page's doors: state, stream, logs, panel."""

import hashlib
import hmac
import json
import time
import urllib.error
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from playground.panel import filled, signed
from playground.workspace import PanelRequest, Sign
from tests.playground.kit import ANN, BOT, OPEN, TOKEN, Json, Pair, Play, until
from tests.playground.listen import listening


def test_the_state_has_everything_the_page_needs(play: Play) -> None:
    state = play.ann.state
    assert state["team"] == {"id": "T0TEAM", "name": "Acme Sales"}
    assert (state["me"]["id"], state["me"]["initials"]) == (ANN, "AA")
    assert [person["is_bot"] for person in state["people"]] == [False, False, False, True]
    assert len({person["colour"] for person in state["people"]}) == 4
    assert state["app"] == {
        "id": "A0APP", "name": "Tester", "user_id": BOT, "home": True,
        "commands": [{"command": "/hello", "description": "Says hello", "usage_hint": "[name]"}],
    }  # fmt: skip
    channel = state["channels"][0]
    assert (channel["name"], channel["kind"], channel["with"]) == ("open", "channel", None)
    assert (state["home"], state["modals"], state["panel"], state["faults"]) == (None, [], [], [])


def test_the_version_moves_with_every_change(play: Play) -> None:
    before = play.ann.state["version"]
    play.post()
    assert play.ann.state["version"] > before
    assert play.ann.state["version"] == play.ben.state["version"]


def test_a_direct_channel_names_the_other(play: Play) -> None:
    channel = play.client.conversations_open(users=ANN)["channel"]["id"]
    (direct,) = [c for c in play.ann.state["channels"] if c["id"] == channel]
    assert (direct["kind"], direct["with"]) == ("dm", BOT)


def test_a_page_that_does_not_say_who_looks_is_the_first_person(play: Play) -> None:
    assert play.ann.get("/page/state?as=")["me"]["id"] == play.ann.get("/page/state")["me"]["id"] == ANN


@pytest.mark.parametrize("path", ["/page/state?as=U0NOBODY", "/page/stream?as=U0NOBODY"])
def test_a_stranger_sees_nothing(play: Play, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        play.ann.get(path)
    with refused.value as answer:
        assert answer.code == 404


@pytest.mark.parametrize(
    ("act", "words"), [({"as": "U0NOBODY", "type": "open_home"}, "as: expected"), ({"as": ANN}, "type: expected")]
)
def test_an_act_that_cannot_be_is_named(play: Play, act: Json, words: str) -> None:
    assert words in play.ann.post("/page/act", act)["error"]


def test_the_stream_says_changed_and_an_ephemeral_message_is_lost_on_reload(play: Play) -> None:
    with listening(play.ann) as events:
        play.post()
        until(lambda: len(events) >= 2)
        play.call("chat.postEphemeral", channel=OPEN, user=ANN, text="only you")
        until(lambda: events[-1]["type"] == "ephemeral")
    assert events[0] == events[1] == {"type": "changed"}
    assert events[-1]["message"]["text"] == "only you"
    assert "only you" not in json.dumps(play.ann.state)
    with listening(play.ann) as again:
        pass
    assert again == [{"type": "changed"}]


def test_calls_and_deliveries_are_numbered(play: Play) -> None:
    play.call("auth.test")
    play.error("chat.postMessage", channel="C0NONE", text="x")
    first, second = play.ann.calls
    assert (first["n"], first["method"], first["status"]) == (1, "auth.test", 200)
    assert (second["args"], second["reply"]["error"]) == ({"channel": "C0NONE", "text": "x"}, "channel_not_found")
    assert play.ann.get("/page/calls?since=1") == {"calls": [second]}
    assert play.ann.get("/page/deliveries?since=0") == {"deliveries": []}
    assert TOKEN not in json.dumps(play.ann.calls)


REQUEST: Json = {
    "name": "Send",
    "method": "POST",
    "url": "",
    "headers": {"X-Mine": "1"},
    "body": '{"id": "{{uuid}}", "at": "{{now}}", "name": "{{ name }}", "kind": "{{kind}}"}',
    "fields": [{"name": "name", "label": "Name", "default": "Ada"},
               {"name": "kind", "label": "Kind", "default": "a", "options": ["a", "b"]}],
    "sign": {"secret": "s", "signature_header": "X-Sig", "timestamp_header": "X-Time"},
}  # fmt: skip


def test_the_panel_sends_a_signed_request(make_panel: Callable[[Json], Play], pair: Pair) -> None:
    heard = pair.answer('{"fine": true}', 202)
    play = make_panel(REQUEST | {"url": f"{pair.slot.address}/intake"})
    (shown,) = play.ann.state["panel"]
    assert (shown["index"], shown["name"], [field["default"] for field in shown["fields"]]) == (0, "Send", ["Ada", "a"])
    nasty = 'Ada "the\\first"\n<!channel>'
    answer = play.ann.post("/page/panel", {"as": ANN, "request": 0, "values": {"name": nasty}})
    assert answer == {"status": 202, "body": '{"fine": true}'}
    (request,) = heard
    assert json.loads(request["body"])["name"] == nasty
    assert json.loads(request["body"])["kind"] == "a"
    headers = request["headers"]
    expected = hmac.new(b"s", f"{headers['x-time']}.{request['body']}".encode(), hashlib.sha256).hexdigest()
    assert (headers["x-sig"], headers["x-mine"]) == (f"v1={expected}", "1")


def test_the_panel_says_when_nobody_answers_or_nothing_fits(make_panel: Callable[[Json], Play]) -> None:
    play = make_panel(REQUEST | {"url": "http://127.0.0.1:9/"})
    assert "gave no answer" in play.ann.post("/page/panel", {"as": ANN, "request": 0, "values": {}})["body"]
    assert (
        play.ann.post("/page/panel", {"as": ANN, "request": 1})["body"]
        == "request: expected a number from 0 to 0, got 1"
    )


def test_a_body_that_names_an_unknown_field_is_refused(make_panel: Callable[[Json], Play]) -> None:
    play = make_panel(REQUEST | {"url": "http://127.0.0.1:9/", "body": "{{nothing}}"})
    answer = play.ann.post("/page/panel", {"as": ANN, "request": 0})
    assert answer["status"] == 0
    assert "body names {{nothing}}" in answer["body"]


def test_a_request_that_moves_the_apps_clock_moves_this_one(make_panel: Callable[[Json], Play], pair: Pair) -> None:
    later = datetime.now(UTC) + timedelta(days=3)
    pair.answer(json.dumps({"now": later.isoformat()}))
    play = make_panel(REQUEST | {"url": f"{pair.slot.address}/clock", "moves_clock": True})
    play.ann.act("set_status", person=ANN, status={"text": "x", "expiration": int(later.timestamp()) - 60})
    before = play.post()["ts"]
    assert play.ann.post("/page/panel", {"as": ANN, "request": 0})["status"] == 200
    assert abs(play.ann.state["ahead"] - 3 * 86_400) < 5
    assert float(play.post()["ts"]) - float(before) > 3 * 86_400 - 5
    assert play.call("users.info", user=ANN)["user"]["profile"]["status_text"] == ""


@pytest.mark.parametrize(("status", "body"), [(200, "{}"), (200, "fine"), (200, '{"now": "2026-11-22T09:30:00"}')])
def test_an_answer_without_a_time_moves_no_clock(
    make_panel: Callable[[Json], Play], pair: Pair, status: int, body: str
) -> None:
    pair.answer(body, status)
    play = make_panel(REQUEST | {"url": f"{pair.slot.address}/clock", "moves_clock": True})
    answer = play.ann.post("/page/panel", {"as": ANN, "request": 0})
    assert answer["body"].startswith("now: expected a time such as 2026-11-22T09:30:00+00:00, got ")
    assert play.ann.state["ahead"] == 0


def test_the_clock_stands_still_for_requests_that_fail_or_do_not_move_it(
    make_panel: Callable[[Json], Play], pair: Pair
) -> None:
    body = json.dumps({"now": "2030-01-01T00:00:00Z"})
    pair.answer(body, 500)
    play = make_panel(REQUEST | {"url": f"{pair.slot.address}/clock", "moves_clock": True})
    assert play.ann.post("/page/panel", {"as": ANN, "request": 0}) == {"status": 500, "body": body}
    pair.answer(body)
    other = make_panel(REQUEST | {"url": f"{pair.slot.address}/clock"})
    assert other.ann.post("/page/panel", {"as": ANN, "request": 0}) == {"status": 200, "body": body}
    assert (play.ann.state["ahead"], other.ann.state["ahead"]) == (0, 0)


def test_the_clock_can_be_set_without_the_panel(play: Play) -> None:
    now = time.time()
    assert play.ann.post("/page/clock", {"now": datetime.fromtimestamp(now + 60, UTC).isoformat()}) == {"ok": True}
    assert abs(play.ann.state["ahead"] - 60) < 5
    assert "now: expected" in play.ann.post("/page/clock", {"now": 5})["error"]


def test_every_value_is_filled_in_afresh() -> None:
    request = PanelRequest.model_validate(REQUEST | {"url": "http://x.test"})
    assert json.loads(filled(request, {}))["id"] != json.loads(filled(request, {}))["id"]
    sign = Sign(
        secret="s", signature_header="S", timestamp_header="T", payload="{body}", value="sha256={hmac_sha256_hex}"
    )
    assert signed(sign, "b")["S"] == "sha256=" + hmac.new(b"s", b"b", hashlib.sha256).hexdigest()
