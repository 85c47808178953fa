"""response_url: five uses in thirty minutes; new words, replacing, deleting."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient

from playground.tickets import Hook
from tests.playground.kit import ANN, BOT, OPEN, Clock, Json, Pair, Play, actions, button, plain, section, until
from tests.playground.listen import listening


def hook(play: Play, ts: str | None = None, ephemeral: bool = False) -> WebhookClient:
    world = play.server.game.world
    name = world.tickets.hook(Hook(ANN, OPEN, world.clock(), ts, None, ephemeral))
    return WebhookClient(f"{play.server.address}/response/{name}", retry_handlers=[])


def test_it_works_five_times(play: Play) -> None:
    url = hook(play)
    replies = [url.send(text="x") for _ in range(6)]
    assert [(reply.status_code, reply.body) for reply in replies[:5]] == [(200, "ok")] * 5
    assert (replies[5].status_code, "used_url" in replies[5].body) == (404, True)


def test_it_works_for_thirty_minutes(make: Callable[..., Play], clock: Clock) -> None:
    play = make(clock=clock)
    url = hook(play)
    clock.ahead = 29 * 60
    assert url.send(text="x").status_code == 200
    clock.ahead = 31 * 60
    reply = url.send(text="x")
    assert (reply.status_code, "expired_url" in reply.body) == (404, True)


def test_it_speaks_to_one_person_unless_told_otherwise(play: Play) -> None:
    with listening(play.ann) as anns, listening(play.ben) as bens:
        hook(play).send(text="only you")
        event = until(lambda: [each for each in anns if each["type"] == "ephemeral"])[0]
        hook(play).send(text="all", response_type="in_channel")
        until(play.ben.messages)
    assert event["message"]["text"] == "only you"
    assert [each for each in bens if each["type"] == "ephemeral"] == []
    assert [(m["text"], m["user"]) for m in play.ben.messages()] == [("all", BOT)]


def test_it_replaces_and_deletes_the_original(play: Play) -> None:
    ts = play.post(text="old", blocks=[section()])["ts"]
    hook(play, ts).send(text="new", replace_original=True)
    (message,) = play.ann.messages()
    assert (message["ts"], message["text"], message["blocks"]) == (ts, "new", None)
    hook(play, ts).send(delete_original=True)
    assert play.ann.messages() == []
    assert hook(play, ts).send(delete_original=True).status_code == 400


def test_it_replaces_and_deletes_an_ephemeral_message(play: Play) -> None:
    with listening(play.ann) as events:
        ts = play.call("chat.postEphemeral", channel=OPEN, user=ANN, text="old")["message_ts"]
        hook(play, ts, ephemeral=True).send(text="new", replace_original=True)
        hook(play, ts, ephemeral=True).send(delete_original=True)
        gone = until(lambda: [each for each in events if each["type"] == "ephemeral_deleted"])
    told = [each["message"] for each in events if each["type"] == "ephemeral"]
    assert [(message["ts"], message["text"]) for message in told] == [(ts, "old"), (ts, "new")]
    assert gone == [{"type": "ephemeral_deleted", "channel": OPEN, "ts": ts}]
    assert play.ann.messages() == []


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "no_text"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "header", "text": plain("x" * 151)}]}, "invalid_blocks"),
        ({"text": "x", "attachments": "words"}, "invalid_attachments"),
        ({"text": "x", "attachments": {"text": "no list"}}, "invalid_attachments"),
    ],
)
def test_it_is_as_strict_as_a_post(play: Play, args: Json, error: str) -> None:
    reply = hook(play).send(**args)
    assert (reply.status_code, error in reply.body) == (400, True)


def test_bolts_respond_reaches_it(pair: Pair) -> None:
    @pair.bolt.action("yes")
    def yes(ack: Any, respond: Any) -> None:
        respond(text="replaced", replace_original=True)
        ack()

    pair.post(blocks=[actions(button())])
    assert pair.ann.click(pair.ann.messages()[0], "row", "yes") == {"ok": True}
    assert pair.ann.messages()[0]["text"] == "replaced"
    assert [call["method"] for call in pair.ann.calls][-1] == "response_url"
