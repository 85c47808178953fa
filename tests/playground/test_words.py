"""Slash commands, messages of persons, opening the Home."""

import json
import urllib.parse
from collections.abc import Callable
from typing import Any

import pytest

from tests.playground.kit import ANN, BEN, BOT, OPEN, OTHER, SECRET, Json, Pair, Play, home, section, until
from tests.playground.listen import listening
from tests.playground.samples import NEWEST
from tests.schemas import check as oracle


def test_a_command_carries_what_slack_sends(pair: Pair) -> None:
    seen: list[Json] = []

    @pair.bolt.command("/hello")
    def hello(ack: Any, body: Any) -> None:
        seen.append(body)
        ack()

    assert pair.ann.act("command", channel=OPEN, text="/hello  big world ") == {"ok": True}
    (body,) = seen
    assert oracle.inbound("command", body) == []
    assert (body["text"], body["user_id"], body["channel_name"]) == ("big world", ANN, "open")
    assert body["response_url"].startswith(pair.server.address)
    assert pair.ann.messages() == []


def test_an_escaped_command_names_people_and_channels(pair: Pair) -> None:
    heard = pair.answer("")
    pair.ann.act("command", channel=OPEN, text="/hello @ben and @nobody in #other or #nowhere")
    fields = urllib.parse.parse_qs(heard[0]["body"])
    assert fields["text"] == [f"<@{BEN}|ben> and @nobody in <#{OTHER}|other> or #nowhere"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("plain words", "plain words"),
        ('{"text": "as JSON"}', "as JSON"),
        ('{"response_type": "ephemeral", "text": "x"}', "x"),
    ],
)
def test_the_answer_is_for_the_one_who_asked(pair: Pair, body: str, text: str) -> None:
    pair.answer(body)
    with listening(pair.ann) as anns, listening(pair.ben) as bens:
        assert pair.ann.act("command", channel=OPEN, text="/hello") == {"ok": True}
        event = until(lambda: [each for each in anns if each["type"] == "ephemeral"])[0]
    assert (event["message"]["text"], event["message"]["channel"]) == (text, OPEN)
    assert event["message"]["ephemeral"] is True
    assert [each for each in bens if each["type"] == "ephemeral"] == []
    assert pair.ann.messages() == []


def test_in_channel_shows_command_and_answer_to_all(pair: Pair) -> None:
    pair.answer('{"response_type": "in_channel", "text": "Hi", "blocks": [{"type": "divider"}]}')
    pair.ann.act("command", channel=OPEN, text="/hello you")
    typed, answer = pair.ben.messages()
    assert (typed["user"], typed["text"]) == (ANN, "/hello you")
    assert (answer["user"], answer["text"], bool(answer["blocks"])) == (BOT, "Hi", True)


def test_a_command_that_comes_too_late(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair(deadline=0.3)
    pair.answer("late", delay=0.5)
    answer = pair.ann.act("command", channel=OPEN, text="/hello")
    expected = '/hello failed with the error "operation_timeout" (the app did not answer within 3 seconds)'
    assert answer == {"ok": False, "error": expected}


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ("", 404, '"dispatch_failed" (the app answered 404)'),
        ("", 500, '"dispatch_failed" (the app answered 500)'),
        ("", 302, '"dispatch_failed" (the app answered 302)'),
    ],
)
def test_a_command_that_fails(pair: Pair, body: str, status: int, words: str) -> None:
    pair.answer(body, status)
    answer = pair.ann.act("command", channel=OPEN, text="/hello")
    assert words in answer["error"]
    assert pair.ann.messages() == []


@pytest.mark.parametrize("kind", ["ephemeral", "in_channel"])
@pytest.mark.parametrize(
    ("blocks", "code"), [([{"type": "nonsense"}], "invalid_blocks"), ("x", "invalid_blocks_format"), ([], "no_text")]
)
def test_an_answer_that_slack_refuses_is_dropped_and_nobody_is_told(
    pair: Pair, kind: str, blocks: Any, code: str
) -> None:
    pair.answer(json.dumps({"response_type": kind, "blocks": blocks}))
    with listening(pair.ann) as told:
        assert pair.ann.act("command", channel=OPEN, text="/hello") == {"ok": True}
    assert told == [{"type": "changed"}]
    assert pair.ann.messages() == []
    noted = pair.ann.calls[-1]
    assert (noted["method"], noted["reply"]["error"]) == ("command_answer", code)


def test_an_answer_is_dropped_where_the_workspace_does_not_take_its_blocks(pair: Pair) -> None:
    chart = NEWEST["data_visualization"]
    pair.answer(json.dumps({"text": "x", "blocks": [chart]}))
    with listening(pair.ann) as told:
        pair.ann.act("command", channel=OPEN, text="/hello")
        until(lambda: len(told) > 1)
        pair.ann.post("/page/blocks", {"without": ["data_visualization"]})
        pair.ann.act("command", channel=OPEN, text="/hello")
    assert [one["message"]["blocks"][0]["title"] for one in told if one["type"] == "ephemeral"] == [chart["title"]]


def test_an_app_cannot_send_slack_elsewhere(pair: Pair, make_pair: Callable[..., Pair]) -> None:
    other = make_pair()
    elsewhere = other.answer("from elsewhere")
    pair.answer("", 302, location=f"{other.slot.address}/")
    assert "the app answered 302" in pair.ann.act("command", channel=OPEN, text="/hello")["error"]
    assert elsewhere == []


def test_what_is_no_command(play: Play) -> None:
    assert "/goodbye is not a valid command" in play.ann.act("command", channel=OPEN, text="/goodbye")["error"]
    assert "is not a channel ben is in" in play.ben.act("command", channel=SECRET, text="/hello")["error"]
    assert play.ann.deliveries == []


def test_what_persons_say_is_safe_text_with_mentions(play: Play) -> None:
    play.ann.act("message", channel=OPEN, text="<!channel> & @ben, mail ann@acme.test")
    assert play.ben.messages()[0]["text"] == f"&lt;!channel&gt; &amp; <@{BEN}>, mail ann@acme.test"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ({"channel": OPEN, "text": "  "}, "needs words"),
        ({"channel": "C0OLD", "text": "x"}, "archived"),
        ({"channel": OPEN, "text": "x", "thread_ts": "1.000001"}, "no longer there"),
        ({"channel": "C0NONE", "text": "x"}, "is not a channel"),
    ],
)
def test_what_persons_cannot_say(play: Play, act: Json, words: str) -> None:
    assert words in play.ann.act("message", **act)["error"]


def events_of(pair: Pair, *kinds: str) -> list[Json]:
    seen: list[Json] = []

    def keep(body: Json) -> None:  # Bolt gives arguments by their names
        seen.append(body)

    for kind in kinds:
        pair.bolt.event(kind)(keep)
    return seen


def test_a_message_is_an_event_where_the_app_is_and_a_mention_is_two(pair: Pair) -> None:
    seen = events_of(pair, "message", "app_mention")
    pair.ann.act("message", channel=OPEN, text="to all")
    pair.ann.act("message", channel=OPEN, text="to @tester")
    pair.ann.act("message", channel=OTHER, text="not here")
    until(lambda: len(seen) == 3)
    kinds = {(body["event"]["type"], body["event"]["text"]) for body in seen}
    assert kinds == {("app_mention", f"to <@{BOT}>"), ("message", "to all"), ("message", f"to <@{BOT}>")}
    assert len({body["event_id"] for body in seen}) == 3


def test_a_thread_reply_and_a_direct_message(pair: Pair) -> None:
    seen = events_of(pair, "message")
    direct = pair.call("chat.postMessage", channel=ANN, text="psst")
    pair.ann.act("message", channel=direct["channel"], text="what?", thread_ts=direct["ts"])
    (body,) = until(lambda: list(seen))
    assert (body["event"]["channel_type"], body["event"]["thread_ts"]) == ("im", direct["ts"])


def test_opening_the_home_tells_the_app(pair: Pair, make: Callable[..., Play]) -> None:
    seen = events_of(pair, "app_home_opened")
    assert pair.ann.act("open_home") == {"ok": True}
    (first,) = until(lambda: list(seen))
    assert oracle.inbound("app_home_opened", first) == []
    assert "view" not in first["event"]
    pair.call("views.publish", user_id=ANN, view=home(section("mine")))
    pair.ann.act("open_home")
    second = until(lambda: seen[1:])[0]
    assert second["event"]["view"]["blocks"][0]["text"]["text"] == "mine"
    assert oracle.inbound("app_home_opened", second) == []
    assert make(home=False).ann.act("open_home") == {"ok": False, "error": "This app has no Home."}
