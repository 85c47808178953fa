"""Messages come, change and go, as strictly as at Slack."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.playground.kit import ALL_SCOPES, ANN, BEN, BOT, CAT, OLD, OPEN, OTHER, SECRET, Play, section


def test_stamps_only_grow(play: Play) -> None:
    stamps = [play.post()["ts"] for _ in range(5)]
    assert stamps == sorted(set(stamps))


def test_a_message_is_there_for_members_only(play: Play) -> None:
    play.post(OPEN, text="hello")
    assert [m["text"] for m in play.ann.messages()] == ["hello"]
    assert SECRET in [c["id"] for c in play.ann.state["channels"]]
    assert SECRET not in [c["id"] for c in play.ben.state["channels"]]


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C0NONE", "channel_not_found"), (SECRET, "channel_not_found"), (OTHER, "not_in_channel"), (OLD, "is_archived")],
)
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.postEphemeral"])
def test_where_the_app_may_not_write(play: Play, method: str, channel: str, error: str) -> None:
    assert play.error(method, channel=channel, user=ANN, text="x") == error
    assert all(not each["messages"] for each in play.ann.state["channels"])


def test_chat_write_public_opens_public_channels(make: Callable[..., Play]) -> None:
    make(scopes=[*ALL_SCOPES, "chat:write.public"]).post(OTHER)


def test_a_channel_can_be_named_and_joined(play: Play) -> None:
    assert play.call("chat.postMessage", channel="#open", text="x")["channel"] == OPEN
    play.client.conversations_join(channel=OTHER)
    play.post(OTHER)
    assert play.error("conversations.join", channel=OLD) == "is_archived"


@pytest.mark.parametrize("args", [{}, {"text": ""}, {"blocks": []}, {"text": "", "blocks": []}])
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.postEphemeral", "chat.update"])
def test_a_message_needs_something_to_say(play: Play, method: str, args: dict[str, Any]) -> None:
    ts = play.post()["ts"]
    assert play.error(method, channel=OPEN, user=ANN, ts=ts, **args) == "no_text"


def test_text_is_cut_at_forty_thousand_when_posted_and_refused_at_four_thousand_when_updated(play: Play) -> None:
    message = play.post(text="x" * 40_001)
    assert len(message["text"]) == 40_000
    assert play.error("chat.update", channel=OPEN, ts=message["ts"], text="x" * 4_001) == "msg_too_long"
    assert play.call("chat.update", channel=OPEN, ts=message["ts"], text="x" * 4_000)["ok"]


def test_markdown_text_stands_alone(play: Play) -> None:
    assert play.error("chat.postMessage", channel=OPEN, markdown_text="# a", text="b") == "markdown_text_conflict"
    assert play.post(text=None, markdown_text="# a")["blocks"][0]["type"] == "markdown"


def test_only_own_messages_change(play: Play) -> None:
    play.ann.act("message", channel=OPEN, text="mine")
    ts = play.ann.messages()[0]["ts"]
    assert play.error("chat.update", channel=OPEN, ts=ts, text="x") == "cant_update_message"
    assert play.error("chat.delete", channel=OPEN, ts=ts) == "cant_delete_message"
    assert play.ann.messages()[0]["text"] == "mine"


@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
def test_nothing_changes_in_an_archived_channel(play: Play, method: str) -> None:
    ts = play.post(text="kept")["ts"]
    play.server.game.world.channels[OPEN].archived = True
    assert play.error(method, channel=OPEN, ts=ts, text="x") == "is_inactive"
    assert play.ann.messages()[0]["text"] == "kept"


def test_chat_write_public_does_not_open_private_channels(make: Callable[..., Play]) -> None:
    play = make(scopes=[*ALL_SCOPES, "chat:write.public"])
    assert play.error("chat.postMessage", channel=SECRET, text="x") == "channel_not_found"


@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
def test_a_message_that_is_not_there_is_not_found(play: Play, method: str) -> None:
    assert play.error(method, channel=OPEN, ts="1.000001", text="x") == "message_not_found"
    assert play.error(method, channel=ANN, ts="1.000001", text="x") == "channel_not_found"


def test_text_without_blocks_drops_the_blocks_and_blocks_hide_the_edited_mark(play: Play) -> None:
    ts = play.post(blocks=[section()])["ts"]
    play.call("chat.update", channel=OPEN, ts=ts, text="a", blocks=[section("b")])
    assert play.ann.messages()[0]["edited"] is False
    reply = play.call("chat.update", channel=OPEN, ts=ts, text="c")
    (message,) = play.ann.messages()
    assert (message["text"], message["blocks"], message["edited"]) == ("c", None, True)
    assert reply["message"]["edited"]["user"] == BOT


def metadata(number: int) -> dict[str, Any]:
    return {"event_type": "lead", "event_payload": {"id": number}}


def test_metadata_stays_unless_sent_and_leaves_when_sent_empty(play: Play) -> None:
    ts = play.post(metadata=metadata(1))["ts"]
    assert play.call("chat.update", channel=OPEN, ts=ts, text="a")["message"]["metadata"] == metadata(1)
    assert play.call("chat.update", channel=OPEN, ts=ts, text="a", metadata=metadata(2))["message"]["metadata"] == (
        metadata(2)
    )
    assert "metadata" not in play.call("chat.update", channel=OPEN, ts=ts, text="a", metadata={})["message"]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("{", "invalid_metadata_format"),
        ({"event_type": "a", "event_payload": {}, "more": 1}, "invalid_metadata_format"),
        ({"event_type": "a"}, "invalid_metadata_schema"),
        ({"event_type": "", "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "a", "event_payload": []}, "invalid_metadata_schema"),
    ],
)
def test_metadata_has_a_form(play: Play, given: Any, error: str) -> None:
    assert play.error("chat.postMessage", channel=OPEN, text="x", metadata=given) == error
    assert play.ann.messages() == []


def test_posting_to_a_person_opens_the_direct_channel(play: Play) -> None:
    reply = play.call("chat.postMessage", channel=ANN, text="psst")
    assert reply["channel"].startswith("D")
    assert play.client.conversations_open(users=ANN)["channel"]["id"] == reply["channel"]
    assert [m["text"] for m in play.ann.messages(reply["channel"])] == ["psst"]
    assert reply["channel"] not in [c["id"] for c in play.ben.state["channels"]]


def test_an_ephemeral_message_is_for_one_member_and_stored_nowhere(play: Play) -> None:
    reply = play.call("chat.postEphemeral", channel=OPEN, user=ANN, text="only you")
    assert reply["ok"]
    assert play.ann.messages() == []
    assert play.call("conversations.history", channel=OPEN)["messages"] == []
    assert play.error("chat.update", channel=OPEN, ts=reply["message_ts"], text="x") == "message_not_found"
    assert play.error("chat.postEphemeral", channel=OPEN, user="U0NOBODY", text="x") == "user_not_in_channel"
    play.client.conversations_join(channel=OTHER)
    assert play.error("chat.postEphemeral", channel=OTHER, user=CAT, text="x") == "user_not_in_channel"


def test_threads(play: Play) -> None:
    parent = play.post(text="parent")["ts"]
    reply = play.post(text="reply", thread_ts=parent)
    nested = play.post(text="nested", thread_ts=reply["ts"])
    assert nested["thread_ts"] == parent
    assert reply["parent_user_id"] == BOT
    assert [m["reply_count"] for m in play.ann.messages()] == [2, 0, 0]


def test_a_reply_to_a_message_that_is_gone_stands_in_the_channel(play: Play) -> None:
    """Slack does not say so; the answer has no thread_ts."""
    parent = play.post()["ts"]
    play.client.chat_delete(channel=OPEN, ts=parent)
    assert "thread_ts" not in play.post(text="reply", thread_ts=parent)
    (alone,) = play.call("conversations.history", channel=OPEN)["messages"]
    assert alone["text"] == "reply"


def test_deleting_a_parent_leaves_a_stone(play: Play) -> None:
    parent, alone = play.post()["ts"], play.post()["ts"]
    play.post(thread_ts=parent)
    for ts in (parent, alone):
        play.client.chat_delete(channel=OPEN, ts=ts)
    stone, reply = play.ann.messages()
    assert (stone["text"], stone["deleted"]) == ("This message was deleted.", True)
    assert reply["thread_ts"] == parent


def test_a_stone_belongs_to_nobody_and_leaves_with_its_last_reply(play: Play) -> None:
    parent = play.post(metadata=metadata(1))["ts"]
    reply = play.post(thread_ts=parent)["ts"]
    play.client.chat_delete(channel=OPEN, ts=parent)
    assert play.post(thread_ts=parent)["thread_ts"] == parent
    (stone,) = play.call("conversations.history", channel=OPEN, include_all_metadata=True)["messages"]
    assert (stone["subtype"], stone["user"], stone["hidden"]) == ("tombstone", "USLACKBOT", True)
    assert stone.keys().isdisjoint({"metadata", "bot_id", "blocks"})
    assert play.error("chat.update", channel=OPEN, ts=parent, text="x") == "cant_update_message"
    for each in play.call("conversations.replies", channel=OPEN, ts=reply)["messages"][1:]:
        play.client.chat_delete(channel=OPEN, ts=each["ts"])
    assert play.ann.messages() == []


def test_a_permalink_leads_to_the_page(play: Play) -> None:
    ts = play.post()["ts"]
    link = play.client.chat_getPermalink(channel=OPEN, message_ts=ts)["permalink"]
    assert link == f"{play.server.address}/#{OPEN}/p{ts.replace('.', '')}"
    assert play.error("chat.getPermalink", channel=OPEN, message_ts="1.000001") == "message_not_found"


def test_attachments_have_a_limit(play: Play) -> None:
    assert play.error("chat.postMessage", channel=OPEN, attachments="x") == "invalid_attachments"
    assert play.error("chat.postMessage", channel=OPEN, attachments=[{}] * 101) == "too_many_attachments"
    assert play.post(attachments=[{"text": "old"}])["attachments"] == [{"text": "old"}]


def test_ben_is_not_ann(play: Play) -> None:
    play.ann.act("message", channel=OPEN, text="a")
    play.ben.act("message", channel=OPEN, text="b")
    assert [m["user"] for m in play.ann.messages()] == [ANN, BEN]
