"""Channels are archived, the app is put out and let in, messages are deleted: what the app's calls then say."""

from typing import Any

import pytest

from tests.playground.kit import ANN, BEN, BOT, CAT, OLD, OPEN, OTHER, SECRET, Json, Play, section


def post(play: Play, channel: str) -> Any:
    return play.error("chat.postMessage", channel=channel, text="x")


def room(play: Play, channel: str = OPEN) -> Json:
    return next(dict(each) for each in play.ann.state["channels"] if each["id"] == channel)


def test_an_archived_channel_takes_nothing(play: Play) -> None:
    ts = play.post(text="kept")["ts"]
    assert play.ann.act("archive", channel=OPEN) == {"ok": True}
    assert post(play, OPEN) == "is_archived"
    assert play.error("chat.postEphemeral", channel=OPEN, user=ANN, text="x") == "is_archived"
    assert play.error("chat.update", channel=OPEN, ts=ts, text="x") == "is_inactive"
    assert play.error("chat.delete", channel=OPEN, ts=ts) == "is_inactive"
    assert play.error("conversations.join", channel=OPEN) == "is_archived"
    assert play.error("conversations.history", channel=OPEN) == "not_in_channel"
    info = play.call("conversations.info", channel=OPEN)["channel"]
    assert (info["is_archived"], info["is_member"]) == (True, False)
    assert play.ben.act("message", channel=OPEN, text="x")["error"] == "This channel is archived."
    assert play.ben.act("invite_app", channel=OPEN)["error"] == "This channel is archived."
    assert play.ben.act("delete_message", channel=OPEN, ts=ts)["error"] == "This channel is archived."
    assert [message["text"] for message in play.ann.messages()] == ["kept"]


def test_archiving_puts_the_app_out_and_opening_again_does_not_bring_it_back(play: Play) -> None:
    ts = play.post()["ts"]
    play.ann.act("archive", channel=OPEN)
    play.ann.act("unarchive", channel=OPEN)
    assert (room(play)["archived"], room(play)["app_in"]) == (False, False)
    assert post(play, OPEN) == "not_in_channel"
    assert play.ben.act("invite_app", channel=OPEN) == {"ok": True}
    assert play.call("chat.update", channel=OPEN, ts=ts, text="x")["ok"]
    play.post()


def test_a_channel_that_is_archived_from_the_start_is_without_the_app(play: Play) -> None:
    assert BOT not in play.call("conversations.members", channel=OLD)["members"]
    play.ann.act("unarchive", channel=OLD)
    assert post(play, OLD) == "not_in_channel"


def test_an_app_that_is_put_out_of_a_public_channel_may_redraw_but_not_post(play: Play) -> None:
    ts = play.post()["ts"]
    assert play.ann.act("remove_app", channel=OPEN) == {"ok": True}
    assert room(play)["app_in"] is False
    assert post(play, OPEN) == "not_in_channel"
    assert play.error("conversations.history", channel=OPEN) == "not_in_channel"
    assert play.call("chat.update", channel=OPEN, ts=ts, text="x")["ok"]
    play.client.conversations_join(channel=OPEN)
    play.post()


def test_a_private_channel_the_app_is_not_in_does_not_exist_for_it(play: Play) -> None:
    assert post(play, SECRET) == "channel_not_found"
    assert play.ann.act("invite_app", channel=SECRET) == {"ok": True}
    ts = play.post(SECRET)["ts"]
    play.ann.act("remove_app", channel=SECRET)
    assert post(play, SECRET) == "channel_not_found"
    assert play.error("chat.update", channel=SECRET, ts=ts, text="x") == "channel_not_found"
    play.ann.act("invite_app", channel=SECRET)
    play.ann.act("archive", channel=SECRET)
    assert post(play, SECRET) == "channel_not_found"


@pytest.mark.parametrize("kind", ["archive", "unarchive", "remove_app", "invite_app", "delete_message"])
def test_only_members_lay_hands_on_a_channel(play: Play, kind: str) -> None:
    play.ann.act("message", channel=OTHER, text="mine")
    ts = play.ann.messages(OTHER)[0]["ts"]
    answer = play.person(CAT).act(kind, channel=OTHER, ts=ts)
    assert answer == {"ok": False, "error": "channel: 'C0OTHER' is not a channel cat is in"}
    assert (room(play, OTHER)["archived"], room(play, OTHER)["app_in"]) == (False, False)
    assert len(play.ann.messages(OTHER)) == 1


@pytest.mark.parametrize("kind", ["archive", "unarchive", "remove_app", "invite_app"])
def test_a_direct_message_stays_between_its_two(play: Play, kind: str) -> None:
    channel = play.client.conversations_open(users=ANN)["channel"]["id"]
    assert play.ann.act(kind, channel=channel)["error"] == "A direct message is between its two."
    play.post(channel)


def test_anybody_deletes_a_message_and_the_app_no_longer_finds_it(play: Play) -> None:
    card = play.post(blocks=[section()], metadata={"event_type": "card", "event_payload": {"id": 1}})
    assert play.ben.act("delete_message", channel=OPEN, ts=card["ts"]) == {"ok": True}
    assert play.error("chat.update", channel=OPEN, ts=card["ts"], text="x") == "message_not_found"
    assert play.error("chat.getPermalink", channel=OPEN, message_ts=card["ts"]) == "message_not_found"
    assert play.error("conversations.replies", channel=OPEN, ts=card["ts"]) == "thread_not_found"
    assert play.call("conversations.history", channel=OPEN, include_all_metadata=True)["messages"] == []
    assert play.ben.act("delete_message", channel=OPEN, ts=card["ts"])["error"] == "This message is no longer there."


def test_a_deleted_card_with_replies_leaves_a_stone_that_cannot_be_deleted(play: Play) -> None:
    card = play.post()["ts"]
    reply = play.post(thread_ts=card)["ts"]
    play.ben.act("delete_message", channel=OPEN, ts=card)
    assert play.error("chat.update", channel=OPEN, ts=card, text="x") == "cant_update_message"
    assert play.ben.act("delete_message", channel=OPEN, ts=card)["error"] == "This message is no longer there."
    assert [message.get("deleted", False) for message in play.ann.messages()] == [True, False]
    play.ben.act("delete_message", channel=OPEN, ts=reply)
    assert play.ann.messages() == []


def test_a_card_outlives_its_replies(play: Play) -> None:
    card = play.post(text="card")["ts"]
    reply = play.post(thread_ts=card)["ts"]
    play.ben.act("delete_message", channel=OPEN, ts=reply)
    assert [message["text"] for message in play.ann.messages()] == ["card"]


def test_a_message_in_a_direct_channel_can_be_deleted_by_its_two_alone(play: Play) -> None:
    channel = play.client.conversations_open(users=ANN)["channel"]["id"]
    ts = play.post(channel)["ts"]
    assert "is not a channel ben is in" in play.person(BEN).act("delete_message", channel=channel, ts=ts)["error"]
    assert play.ann.act("delete_message", channel=channel, ts=ts) == {"ok": True}
    assert play.error("chat.update", channel=channel, ts=ts, text="x") == "message_not_found"
