"""A status, deactivation and its end: what the app is told of a person, and what it can still send them."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.playground.kit import ALL_SCOPES, ANN, BEN, CAT, OPEN, Clock, Json, Pair, Play, home, section, spec, until


def user(play: Play, who: str = BEN) -> Json:
    return dict(play.call("users.info", user=who)["user"])


def status(play: Play, who: str = BEN) -> tuple[str, str, int]:
    profile = user(play, who)["profile"]
    return profile["status_text"], profile["status_emoji"], profile["status_expiration"]


def give(play: Play, **status: Any) -> Json:
    return play.ann.act("set_status", person=BEN, status=status)


def test_the_app_learns_zone_and_status(play: Play) -> None:
    shown = user(play)
    assert (shown["deleted"], shown["tz"], shown["real_name"]) == (False, "Etc/UTC", "Ben Nevis")
    assert status(play) == ("", "", 0)
    assert give(play, text="On holiday", emoji=":palm_tree:") == {"ok": True}
    assert status(play) == ("On holiday", ":palm_tree:", 0)
    assert status(play, ANN) == ("", "", 0)
    assert give(play) == {"ok": True}
    assert status(play) == ("", "", 0)


def test_users_info_needs_its_scope(make: Callable[..., Play]) -> None:
    scopes = [scope for scope in ALL_SCOPES if scope != "users:read"]
    assert make(scopes=scopes).error("users.info", user=BEN) == "missing_scope"


def test_words_without_an_emoji_get_a_balloon(play: Play) -> None:
    give(play, text="Busy")
    assert status(play) == ("Busy", ":speech_balloon:", 0)


def test_a_status_ends_by_itself(make: Callable[..., Play], clock: Clock) -> None:
    play = make(clock=clock)
    end = int(time.time()) + 600
    give(play, text="Lunch", emoji=":coffee:", expiration=end)
    clock.ahead = 590
    assert status(play) == ("Lunch", ":coffee:", end)
    clock.ahead = 601
    assert status(play) == ("", "", 0)
    assert play.ann.state["people"][1]["status"] == {"text": "", "emoji": "", "expiration": 0}


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ({"person": "U0NOBODY", "status": {}}, "person: expected the id of a person"),
        ({"person": ["U0BEN"], "status": {}}, "person: expected the id of a person"),
        ({"status": {}}, "person: expected the id of a person"),
        ({"person": BEN}, "status: "),
        ({"person": BEN, "status": {"text": "x" * 101, "emoji": "palm_tree"}}, "status.text: "),
        ({"person": BEN, "status": {"text": "x" * 101, "emoji": "palm_tree"}}, "status.emoji: "),
        ({"person": BEN, "status": {"until": 5}}, "status.until: "),
    ],
)
def test_a_status_that_cannot_be_is_refused(play: Play, act: Json, words: str) -> None:
    answer = play.ann.act("set_status", **act)
    assert (answer["ok"], words in answer["error"]) == (False, True)
    assert status(play) == ("", "", 0)


def test_the_workspace_file_can_say_all_this(make_pair: Callable[..., Pair]) -> None:
    people = spec()["people"]
    people[1] |= {"status": {"text": "Out", "emoji": ":palm_tree:", "expiration": 4_000_000_000}, "tz": "Asia/Tokyo"}
    people[2] |= {"deactivated": True}
    play = make_pair(change={"people": people})
    assert (status(play), user(play)["tz"]) == (("Out", ":palm_tree:", 4_000_000_000), "Asia/Tokyo")
    assert [user(play, each)["deleted"] for each in (ANN, BEN, CAT)] == [False, False, True]
    assert [(one["tz"], one["deactivated"]) for one in play.ann.state["people"][:3]] == [
        ("Etc/UTC", False),
        ("Asia/Tokyo", False),
        ("Etc/UTC", True),
    ]


def test_of_somebody_deactivated_slack_tells_little(play: Play) -> None:
    play.ann.act("deactivate", person=ANN)
    shown = user(play, ANN)
    assert set(shown) == {
        "id", "team_id", "name", "deleted", "is_bot", "is_app_user", "is_forgotten", "updated", "profile"
    }  # fmt: skip
    assert (shown["deleted"], shown["profile"]["real_name"]) == (True, "Ann Arbor")
    assert ANN in [each["id"] for each in play.call("users.list")["members"]]
    assert play.error("users.lookupByEmail", email="ann@acme.test") == "users_not_found"
    assert ANN not in play.call("conversations.members", channel=OPEN)["members"]
    assert play.call("conversations.info", channel=OPEN)["channel"]["num_members"] == 3


def test_nobody_opens_a_direct_channel_with_somebody_deactivated(play: Play) -> None:
    play.ann.act("deactivate", person=BEN)
    assert play.error("conversations.open", users=BEN) == "user_disabled"
    assert play.error("chat.postMessage", channel=BEN, text="x") == "channel_not_found"
    assert play.error("chat.postEphemeral", channel=OPEN, user=BEN, text="x") == "user_not_in_channel"
    assert play.call("conversations.list", types="im")["channels"] == []


def test_a_direct_channel_that_was_there_takes_messages_all_the_same(play: Play) -> None:
    """Nobody reads them, and Slack does not say so."""
    channel = play.client.conversations_open(users=BEN)["channel"]["id"]
    play.ann.act("deactivate", person=BEN)
    assert play.error("conversations.open", users=BEN) == "user_disabled"
    for where in (channel, BEN):
        ts = play.post(where)["ts"]
        assert play.call("chat.update", channel=channel, ts=ts, text="again")["ok"]
    opened = play.client.conversations_open(channel=channel, return_im=True)["channel"]
    assert (opened["user"], opened["is_user_deleted"]) == (BEN, True)
    assert play.call("views.publish", user_id=BEN, view=home(section()))["ok"]


def test_somebody_deactivated_does_nothing_until_they_are_back(play: Play) -> None:
    play.ann.act("deactivate", person=BEN)
    for act in (
        {"kind": "message", "channel": OPEN, "text": "x"},
        {"kind": "set_status", "person": ANN, "status": {"text": "x"}},
    ):
        assert play.ben.act(**act)["error"] == "Ben Nevis is deactivated."
    assert play.ann.messages() == []
    assert play.ann.act("reactivate", person=BEN) == {"ok": True}
    assert play.ben.act("message", channel=OPEN, text="back") == {"ok": True}
    assert (user(play)["deleted"], user(play)["tz"]) == (False, "Etc/UTC")
    assert BEN in play.call("conversations.members", channel=OPEN)["members"]
    assert play.call("conversations.open", users=BEN)["ok"]


def test_the_last_person_can_bring_themselves_back(play: Play) -> None:
    for who in (BEN, CAT, ANN):
        play.ann.act("deactivate", person=who)
    assert play.ann.act("reactivate", person=ANN) == {"ok": True}


def test_an_app_that_listens_hears_of_it(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair(events=["user_change"])
    heard: list[Json] = []

    @pair.bolt.event("user_change")
    def changed(event: Json) -> None:
        heard.append(event["user"])

    pair.ann.act("set_status", person=BEN, status={"text": "Out", "emoji": ":palm_tree:"})
    until(lambda: heard)
    pair.ann.act("deactivate", person=BEN)
    until(lambda: len(heard) == 2)
    assert [(each["id"], each["deleted"], each["profile"]["status_text"]) for each in heard] == [
        (BEN, False, "Out"),
        (BEN, True, "Out"),
    ]
