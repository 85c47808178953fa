"""Clicks and choices travel to a real Bolt app, signed, with all that Slack sends along."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from playground.outgoing import DEADLINE
from tests.playground.kit import (
    ANN,
    OPEN,
    SIGNING,
    Clock,
    Json,
    Pair,
    Play,
    actions,
    button,
    field_block,
    home,
    modal,
    options,
    plain,
    section,
    text_input,
    until,
)
from tests.playground.samples import ELEMENTS, pick
from tests.schemas import check as oracle


def recorded(pair: Pair, action_id: str = "yes") -> list[Json]:
    """Answers clicks on that element at once and keeps what came."""
    seen: list[Json] = []

    @pair.bolt.action(action_id)
    def listen(ack: Any, body: Any) -> None:
        seen.append(body)
        ack()

    return seen


def test_the_app_may_call_back_while_it_is_called(pair: Pair) -> None:
    @pair.bolt.action("yes")
    def yes(ack: Any, body: Any, client: Any) -> None:
        client.chat_postMessage(channel=OPEN, text="more", thread_ts=body["message"]["ts"])
        client.chat_update(channel=OPEN, ts=body["message"]["ts"], text="done")
        ack()

    pair.post(blocks=[actions(button())])
    assert pair.ann.click(pair.ann.messages()[0], "row", "yes") == {"ok": True}
    assert [message["text"] for message in pair.ann.messages()] == ["done", "more"]


def test_a_click_carries_what_slack_sends(pair: Pair) -> None:
    seen = recorded(pair)
    metadata = {"event_type": "lead", "event_payload": {"id": 1}}
    pair.post(text="Ready?", blocks=[section(), actions(button())], metadata=metadata)
    (message,) = pair.ann.messages()
    pair.ann.click(message, "row", "yes")
    (body,) = seen
    assert oracle.inbound("block_actions", body) == []
    assert body["user"] == {"id": ANN, "username": "ann", "name": "ann", "team_id": "T0TEAM"}
    assert body["channel"] == {"id": OPEN, "name": "open"}
    assert body["container"] == {
        "type": "message", "message_ts": message["ts"], "channel_id": OPEN, "is_ephemeral": False
    }  # fmt: skip
    assert body["message"]["blocks"] == message["blocks"]
    assert body["message"]["blocks"][0]["block_id"]
    assert body["message"]["metadata"] == metadata
    (action,) = body["actions"]
    assert action["text"] == plain("Yes")
    assert (action["action_id"], action["block_id"], action["value"]) == ("yes", "row", "42")
    assert body["response_url"].startswith(f"{pair.server.address}/response/")


def test_requests_are_signed_with_the_real_time(pair: Pair) -> None:
    seen: list[Any] = []

    @pair.bolt.action("yes")
    def yes(ack: Any, request: Any) -> None:
        seen.append(request)
        ack()

    pair.post(blocks=[actions(button())])
    pair.ann.click(pair.ann.messages()[0], "row", "yes")
    headers = {key: values[0] for key, values in seen[0].headers.items()}
    stamp = headers["x-slack-request-timestamp"]
    assert abs(time.time() - int(stamp)) < 5
    expected = SignatureVerifier(SIGNING).generate_signature(timestamp=stamp, body=seen[0].raw_body)
    assert headers["x-slack-signature"] == expected


def test_the_state_holds_first_values_and_what_this_person_chose_before(pair: Pair) -> None:
    seen = recorded(pair)
    recorded(pair, "pick")
    choice = pick("static_select", options=options("one", "two"), initial_option=options("one")[0])
    pair.post(blocks=[actions(choice, block_id="choices"), actions(button())])
    (message,) = pair.ann.messages()
    pair.ann.click(message, "row", "yes")
    pair.ann.click(message, "choices", "pick", "two")
    pair.ann.click(message, "row", "yes")
    pair.ben.click(message, "row", "yes")
    chosen = [body["state"]["values"]["choices"]["pick"]["selected_option"]["value"] for body in seen]
    assert chosen == ["one", "two", "one"]


CHOSEN: dict[str, tuple[Any, Json]] = {
    "overflow": ("two", {"selected_option": options("two")[0]}),
    "static_select": ("two", {"selected_option": options("two")[0]}),
    "multi_static_select": (["two"], {"selected_options": options("two")}),
    "users_select": ("U0BEN", {"selected_user": "U0BEN"}),
    "multi_users_select": (["U0BEN"], {"selected_users": ["U0BEN"]}),
    "conversations_select": ("C0OPEN", {"selected_conversation": "C0OPEN"}),
    "multi_conversations_select": (["C0OPEN"], {"selected_conversations": ["C0OPEN"]}),
    "channels_select": ("C0OPEN", {"selected_channel": "C0OPEN"}),
    "multi_channels_select": (["C0OPEN"], {"selected_channels": ["C0OPEN"]}),
    "checkboxes": (["one", "two"], {"selected_options": options("one", "two")}),
    "radio_buttons": ("one", {"selected_option": options("one")[0]}),
    "datepicker": ("2026-02-01", {"selected_date": "2026-02-01"}),
    "timepicker": ("10:00", {"selected_time": "10:00"}),
    "datetimepicker": (1_800_000_000, {"selected_date_time": 1_800_000_000}),
}


@pytest.mark.parametrize("kind", CHOSEN)
def test_every_element_says_what_was_chosen_in_its_own_words(pair: Pair, kind: str) -> None:
    seen = recorded(pair, "pick")
    pair.post(blocks=[actions(ELEMENTS[kind])])
    value, expected = CHOSEN[kind]
    assert pair.ann.click(pair.ann.messages()[0], "row", "pick", value) == {"ok": True}
    (body,) = seen
    assert body["actions"][0].items() >= expected.items()
    if kind == "overflow":
        assert body["state"]["values"] == {}
    else:
        assert body["state"]["values"] == {"row": {"pick": {"type": kind, **expected}}}
    if kind != "datetimepicker":  # Slack's own types forgot its action
        assert oracle.inbound("block_actions", body) == []


def test_a_value_that_is_not_offered_is_not_sent(pair: Pair) -> None:
    seen = recorded(pair, "pick")
    pair.post(blocks=[actions(ELEMENTS["static_select"])])
    answer = pair.ann.click(pair.ann.messages()[0], "row", "pick", "three")
    assert answer == {"ok": False, "error": "pick: 'three' is not one of its options"}
    assert seen == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ts": "1.000001"}, "no longer there"),
        ({"channel": "C0SECRET"}, "is not a channel ben is in"),
        ({"block_id": "other"}, "is not an element here"),
        ({"action_id": "other"}, "is not an element here"),
    ],
)
def test_what_cannot_be_clicked(play: Play, change: Json, words: str) -> None:
    play.post(blocks=[actions(button())])
    place = {"channel": OPEN, "ts": play.ben.messages()[0]["ts"], "block_id": "row", "action_id": "yes"}
    answer = play.ben.act("block_actions", **(place | change))
    assert not answer["ok"]
    assert words in answer["error"]
    assert play.ann.deliveries == []


def test_an_input_speaks_only_with_dispatch_action(pair: Pair) -> None:
    seen = recorded(pair, "typed")
    silent = field_block(text_input(), "silent")
    pair.post(blocks=[silent, field_block(text_input(), "loud", dispatch_action=True)])
    (message,) = pair.ann.messages()
    assert "without dispatch_action" in pair.ann.click(message, "silent", "typed", "a")["error"]
    assert pair.ann.click(message, "loud", "typed", "b") == {"ok": True}
    assert seen[0]["actions"][0]["value"] == "b"


def test_a_click_in_a_modal_and_in_the_home(pair: Pair) -> None:
    seen = recorded(pair)
    opened = pair.open(modal(actions(button()), field_block(text_input())))
    given = {"field": {"typed": "words"}}
    place = {"block_id": "row", "action_id": "yes", "value": None}
    assert pair.ann.act("block_actions", view_id=opened["id"], state=given, **place) == {"ok": True}
    published = pair.call("views.publish", user_id=ANN, view=home(actions(button())))["view"]
    assert pair.ann.act("block_actions", view_id=published["id"], **place) == {"ok": True}
    in_modal, in_home = seen
    assert in_modal["container"] == {"type": "view", "view_id": opened["id"]}
    assert in_modal["view"]["state"]["values"]["field"]["typed"]["value"] == "words"
    assert "response_url" not in in_modal
    assert in_home["view"]["type"] == "home"
    for body in seen:
        assert oracle.inbound("block_actions", body) == []
    assert "no longer open" in pair.ben.act("block_actions", view_id=opened["id"], **place)["error"]


def test_a_click_on_an_ephemeral_message_has_no_content_and_belongs_to_one_person(pair: Pair) -> None:
    seen = recorded(pair)
    reply = pair.call("chat.postEphemeral", channel=OPEN, user=ANN, text="x", blocks=[actions(button())])
    message = {"channel": OPEN, "ts": reply["message_ts"], "ephemeral": True}
    assert pair.ann.click(message, "row", "yes") == {"ok": True}
    assert "message" not in seen[0]
    assert seen[0]["container"]["is_ephemeral"] is True
    assert "no longer there" in pair.ben.click(message, "row", "yes")["error"]


def test_a_click_opens_a_modal_with_its_trigger(make_pair: Callable[..., Pair], clock: Clock) -> None:
    pair = make_pair(clock=clock)
    errors: list[str] = []

    @pair.bolt.action("yes")
    def yes(ack: Any, body: Any, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        with pytest.raises(SlackApiError) as refused:
            client.views_open(trigger_id=body["trigger_id"], view=modal())
        errors.append(refused.value.response["error"])
        ack()

    pair.post(blocks=[actions(button())])
    assert pair.ann.click(pair.ann.messages()[0], "row", "yes") == {"ok": True}
    assert len(pair.ann.state["modals"]) == 1
    assert errors == ["exchanged_trigger_id"]


def test_three_seconds_is_the_deadline_and_two_are_in_time(pair: Pair) -> None:
    assert DEADLINE == 3.0

    @pair.bolt.action("yes")
    def yes(ack: Any) -> None:
        time.sleep(2)
        ack()

    pair.post(blocks=[actions(button())])
    assert pair.ann.click(pair.ann.messages()[0], "row", "yes") == {"ok": True}


@pytest.mark.parametrize("late", [0.32, 0.6])
def test_too_late_is_too_late(make_pair: Callable[..., Pair], late: float) -> None:
    pair = make_pair(deadline=0.3)
    done = threading.Event()

    @pair.bolt.action("yes")
    def yes(ack: Any) -> None:
        time.sleep(late)
        ack()
        done.set()

    pair.post(blocks=[actions(button())])
    answer = pair.ann.click(pair.ann.messages()[0], "row", "yes")
    assert answer == {"ok": False, "error": "⚠ Something went wrong: the app did not answer within 3 seconds."}
    assert pair.ann.deliveries[-1]["problem"] == "http_timeout"
    assert done.wait(5)


def test_no_listener_an_error_and_no_app_at_all_are_told_apart(pair: Pair, play: Play) -> None:
    @pair.bolt.action("yes")
    def yes(ack: Any) -> None:
        raise RuntimeError("boom")

    pair.post(blocks=[actions(button(), button("unheard"))])
    (message,) = pair.ann.messages()
    assert "the app answered 500" in pair.ann.click(message, "row", "yes")["error"]
    assert "the app answered 404" in pair.ann.click(message, "row", "unheard")["error"]
    play.post(blocks=[actions(button())])
    assert "could not be reached" in play.ann.click(play.ann.messages()[0], "row", "yes")["error"]
    assert [each["status"] for each in pair.ann.deliveries] == [500, 404]


def test_an_external_select_asks_the_app(pair: Pair) -> None:
    seen = recorded(pair, "pick")

    @pair.bolt.options("pick")
    def offer(ack: Any, payload: Any) -> None:
        ack(options=options(payload["value"] + "ada"))

    pair.post(blocks=[actions(ELEMENTS["external_select"])])
    (message,) = pair.ann.messages()
    place = {"channel": OPEN, "ts": message["ts"], "block_id": "row", "action_id": "pick"}
    assert not pair.ann.click(message, "row", "pick", "xada")["ok"]
    answer = pair.ann.act("block_suggestion", **place, value="x")
    assert answer == {"ok": True, "options": options("xada"), "option_groups": None}
    assert pair.ann.click(message, "row", "pick", "xada") == {"ok": True}
    assert seen[0]["actions"][0]["selected_option"] == options("xada")[0]


def test_an_external_select_in_a_thread_says_where_it_stands_as_a_click_does(pair: Pair) -> None:
    recorded(pair, "pick")
    parent = pair.post()["ts"]
    pair.post(blocks=[actions(ELEMENTS["external_select"])], thread_ts=parent)
    reply = pair.ann.messages()[1]
    pair.ann.act("block_suggestion", channel=OPEN, ts=reply["ts"], block_id="row", action_id="pick", value="x")
    pair.ann.click(reply, "row", "pick")
    asked, clicked = (each["body"]["container"] for each in pair.ann.deliveries)
    assert asked == clicked
    assert asked["thread_ts"] == parent


def test_many_clicks_at_once_do_not_wait_for_each_other(pair: Pair) -> None:
    together = threading.Barrier(8)

    @pair.bolt.action("yes")
    def yes(ack: Any, client: Any) -> None:
        together.wait(5)
        client.chat_postMessage(channel=OPEN, text="clicked")
        ack()

    pair.post(blocks=[actions(button())])
    (message,) = pair.ann.messages()
    answers: list[Json] = []
    threads = [threading.Thread(target=lambda: answers.append(pair.ann.click(message, "row", "yes"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert answers == [{"ok": True}] * 8
    assert until(lambda: len(pair.ann.messages()) == 9)
