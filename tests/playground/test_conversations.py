"""What was said, page by page; and who is where."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.playground.kit import ANN, BEN, BOT, OLD, OPEN, OTHER, SECRET, Clock, Play


def texts(reply: Any) -> list[str]:
    return [message["text"] for message in reply["messages"]]


def test_history_is_newest_first_without_replies_and_in_pages(play: Play) -> None:
    stamps = [play.post(text=str(n))["ts"] for n in range(5)]
    play.post(text="reply", thread_ts=stamps[0])
    first = play.client.conversations_history(channel=OPEN, limit=2)
    assert (texts(first), first["has_more"]) == (["4", "3"], True)
    second = play.client.conversations_history(channel=OPEN, limit=2, cursor=first["response_metadata"]["next_cursor"])
    third = play.client.conversations_history(channel=OPEN, limit=2, cursor=second["response_metadata"]["next_cursor"])
    assert (texts(second), texts(third), third["has_more"]) == (["2", "1"], ["0"], False)
    assert "response_metadata" not in third.data or not third["response_metadata"].get("next_cursor")


def test_bounds_are_exclusive_unless_asked(play: Play) -> None:
    stamps = [play.post(text=str(n))["ts"] for n in range(4)]
    bounds = {"channel": OPEN, "oldest": stamps[0], "latest": stamps[3]}
    assert texts(play.call("conversations.history", **bounds)) == ["2", "1"]
    assert texts(play.call("conversations.history", **bounds, inclusive=True)) == ["3", "2", "1", "0"]
    one = play.client.conversations_history(channel=OPEN, latest=stamps[1], inclusive=True, limit=1)
    assert texts(one) == ["1"]


def test_replies_start_with_their_parent_and_come_in_pages(play: Play) -> None:
    parent = play.post(text="parent")["ts"]
    below = [play.post(text=str(n), thread_ts=parent)["ts"] for n in range(3)]
    first = play.client.conversations_replies(channel=OPEN, ts=parent, limit=2)
    assert texts(first) == ["parent", "0"]
    rest = play.client.conversations_replies(
        channel=OPEN, ts=below[1], limit=2, cursor=first["response_metadata"]["next_cursor"]
    )
    assert texts(rest) == ["1", "2"]
    assert play.error("conversations.replies", channel=OPEN, ts="1.000001") == "thread_not_found"


def test_a_reply_shown_in_the_channel_is_in_history(play: Play) -> None:
    parent = play.post(text="parent")["ts"]
    play.post(text="shown", thread_ts=parent, reply_broadcast=True)
    newest = play.call("conversations.history", channel=OPEN)["messages"][0]
    assert (newest["text"], newest["subtype"]) == ("shown", "thread_broadcast")


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
def test_the_payload_of_metadata_is_shown_on_request_only(play: Play, method: str) -> None:
    metadata = {"event_type": "lead", "event_payload": {"id": 1}}
    ts = play.post(metadata=metadata)["ts"]
    (plainly,) = play.call(method, channel=OPEN, ts=ts)["messages"]
    (fully,) = play.call(method, channel=OPEN, ts=ts, include_all_metadata=True)["messages"]
    assert plainly["metadata"] == {"event_type": "lead"}
    assert fully["metadata"] == metadata


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"limit": 0}, "invalid_limit"),
        ({"limit": "many"}, "invalid_limit"),
        ({"cursor": "§"}, "invalid_cursor"),
        ({"cursor": base64.b64encode(b"page:2").decode()}, "invalid_cursor"),
        ({"cursor": base64.b64encode(b"next_ts:x").decode()}, "invalid_cursor"),
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"latest": "today"}, "invalid_ts_latest"),
        ({"channel": OTHER}, "not_in_channel"),
        ({"channel": SECRET}, "channel_not_found"),
        ({"channel": "C0NONE"}, "channel_not_found"),
    ],
)
def test_what_history_refuses(play: Play, args: dict[str, Any], error: str) -> None:
    assert play.error("conversations.history", **({"channel": OPEN} | args)) == error


def test_a_limit_above_the_most_is_lowered(play: Play) -> None:
    assert play.call("conversations.history", channel=OPEN, limit=5000)["ok"]


def test_an_app_that_is_sold_reads_fifteen_a_minute(make: Callable[..., Play], clock: Clock) -> None:
    play = make(clock=clock, internal=False)
    for number in range(16):
        play.post(text=str(number))
    assert len(play.client.conversations_history(channel=OPEN)["messages"]) == 15
    with pytest.raises(SlackApiError) as refused:
        play.client.conversations_history(channel=OPEN)
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "60")
    clock.ahead = 61
    assert play.client.conversations_history(channel=OPEN)["ok"]


def test_a_direct_channel_is_opened_once(play: Play) -> None:
    first = play.client.conversations_open(users=ANN)
    again = play.client.conversations_open(users=[ANN], return_im=True)
    assert (first["channel"]["id"], again["already_open"]) == (again["channel"]["id"], True)
    assert again["channel"]["user"] == ANN
    assert play.error("conversations.open", users="U0NOBODY") == "user_not_found"
    assert play.error("conversations.open", users=BOT) == "cannot_dm_bot"
    assert play.error("conversations.open", users=f"{ANN},{BEN}") == "not_supported"


def test_channels_and_members(play: Play) -> None:
    info = play.client.conversations_info(channel=OPEN)["channel"]
    assert (info["name"], info["is_member"], info["num_members"]) == ("open", True, 4)
    assert play.client.conversations_members(channel=OTHER)["members"] == [ANN, BEN]
    listed = play.client.conversations_list(exclude_archived=True)["channels"]
    assert [channel["id"] for channel in listed] == [OPEN, OTHER]
    assert OLD in [channel["id"] for channel in play.client.conversations_list()["channels"]]
    play.client.conversations_open(users=ANN)
    (direct,) = play.client.conversations_list(types="im,private_channel")["channels"]
    assert direct["user"] == ANN
