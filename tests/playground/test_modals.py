"""Submitting and closing: what Slack's client checks, what the app answers, what happens to the stack."""

import json
from typing import Any

import pytest
from slack_sdk import WebhookClient

from tests.playground.kit import (
    ANN,
    OPEN,
    OTHER,
    Json,
    Pair,
    Play,
    field_block,
    modal,
    options,
    plain,
    section,
    text_input,
    until,
)
from tests.playground.listen import listening
from tests.playground.samples import ELEMENTS, pick
from tests.schemas import check as oracle


def answering(pair: Pair, **answer: Any) -> list[Json]:
    seen: list[Json] = []

    @pair.bolt.view("form")
    def form(ack: Any, body: Any) -> None:
        seen.append(body)
        ack(**answer)

    return seen


def submit(play: Play, view: Json, **values: Json) -> Json:
    return play.ann.act("view_submission", view_id=view["id"], state=values)


FORM = (section(), field_block(text_input()))


def test_a_submission_carries_every_field(pair: Pair) -> None:
    seen = answering(pair)
    blocks = [field_block(element, kind) for kind, element in ELEMENTS.items() if kind in VALUES]
    view = pair.open(modal(*blocks, private_metadata="kept", external_id="mine"))
    given = {kind: {"pick": value} for kind, (value, _) in VALUES.items()}
    assert submit(pair, view, **given) == {"ok": True}
    (body,) = seen
    assert oracle.inbound("view_submission", body) == []
    assert body["user"]["id"] == ANN
    assert (body["view"]["private_metadata"], body["view"]["external_id"]) == ("kept", "mine")
    values = body["view"]["state"]["values"]
    assert {kind: values[kind]["pick"] for kind in VALUES} == {
        kind: {"type": kind, **expected} for kind, (_, expected) in VALUES.items()
    }
    assert pair.ann.state["modals"] == []


def test_a_conversation_chosen_in_a_form_brings_its_response_url(pair: Pair) -> None:
    seen = answering(pair)
    for kind in ("conversations_select", "channels_select"):
        share = field_block(pick(kind, response_url_enabled=True), "share")
        view = pair.open(modal(share, field_block(pick("conversations_select"), "other")))
        assert submit(pair, view, share={"pick": OTHER}, other={"pick": OPEN}) == {"ok": True}
        ((url,), body) = (seen[-1]["response_urls"], seen[-1])
        assert oracle.inbound("view_submission", body) == []
        assert (url["block_id"], url["action_id"], url["channel_id"]) == ("share", "pick", OTHER)
        WebhookClient(url["response_url"]).send(text=f"by {kind}", response_type="in_channel")
        assert pair.ben.messages(OTHER)[-1]["text"] == f"by {kind}"
    with listening(pair.ann) as told:
        WebhookClient(url["response_url"]).send(text="for her alone")
        until(lambda: [one for one in told if one["type"] == "ephemeral" and one["message"]["channel"] == OTHER])
    assert pair.ben.messages(OTHER)[-1]["text"] == "by channels_select"


def test_a_conversation_that_nobody_chose_has_no_response_url(pair: Pair) -> None:
    seen = answering(pair)
    share = field_block(pick("conversations_select", response_url_enabled=True), "share", optional=True)
    assert submit(pair, pair.open(modal(share)), share={"pick": None}) == {"ok": True}
    assert seen[0]["response_urls"] == []


VALUES: dict[str, tuple[Any, Json]] = {
    "plain_text_input": ("abc", {"value": "abc"}),
    "email_text_input": ("a@b.c", {"value": "a@b.c"}),
    "url_text_input": ("https://x.test", {"value": "https://x.test"}),
    "number_input": ("3", {"value": "3"}),
    "static_select": ("two", {"selected_option": options("two")[0]}),
    "multi_static_select": (["one"], {"selected_options": options("one")}),
    "radio_buttons": ("one", {"selected_option": options("one")[0]}),
    "checkboxes": (["one"], {"selected_options": options("one")}),
    "users_select": ("U0BEN", {"selected_user": "U0BEN"}),
    "datepicker": ("2026-02-01", {"selected_date": "2026-02-01"}),
}

REQUIRED = "Please complete this required field."
NOT_SENT: dict[str, tuple[Json, Any, str | None]] = {
    "nothing typed": (text_input(), None, REQUIRED),
    "spaces": (text_input(), "   ", REQUIRED),
    "too short": (text_input(min_length=3), "ab", "Must be at least 3 characters (1 more)."),
    "too long": (text_input(max_length=3), "abcd", "Must be no more than 3 characters (1 too many)."),
    "too long for any": (text_input(), "x" * 3001, "Must be no more than 3000 characters (1 too many)."),
    "just right": (text_input(min_length=3, max_length=3), "abc", None),
    "no option": (pick("static_select", options=options("a")), None, REQUIRED),
    "no boxes": (pick("checkboxes", options=options("a")), [], REQUIRED),
    "too many": (ELEMENTS["multi_static_select"], ["one", "two"], "Please choose no more than 1 items."),
    "no e-mail": (pick("email_text_input"), "ann at acme", "Please enter a valid email address."),
    "no url": (pick("url_text_input"), "acme", "Please enter a valid URL."),
    "no number": (ELEMENTS["number_input"], "many", "Please enter a number."),
    "no whole number": (ELEMENTS["number_input"], "2.5", "Please enter a whole number."),
    "too little": (ELEMENTS["number_input"], "0", "Must be at least 1."),
    "too much": (ELEMENTS["number_input"], "6", "Must be no more than 5."),
    "a number": (ELEMENTS["number_input"], "5", None),
}


@pytest.mark.parametrize("name", NOT_SENT)
def test_slacks_client_checks_before_it_sends(pair: Pair, name: str) -> None:
    seen = answering(pair)
    element, value, complaint = NOT_SENT[name]
    view = pair.open(modal(field_block(element)))
    answer = submit(pair, view, field={element["action_id"]: value})
    if complaint is None:
        assert (answer, len(seen)) == ({"ok": True}, 1)
        return
    assert (answer, seen) == ({"ok": True, "errors": {"field": complaint}}, [])
    assert len(pair.ann.state["modals"]) == 1


def test_an_optional_field_may_stay_empty_and_an_untouched_one_keeps_its_first_value(pair: Pair) -> None:
    seen = answering(pair)
    view = pair.open(
        modal(
            field_block(text_input(), "empty", optional=True),
            field_block(text_input(initial_value="first"), "untouched"),
        )
    )
    assert submit(pair, view) == {"ok": True}
    values = seen[0]["view"]["state"]["values"]
    assert (values["empty"]["typed"]["value"], values["untouched"]["typed"]["value"]) == (None, "first")


def test_errors_stay_below_their_fields(pair: Pair) -> None:
    answering(pair, response_action="errors", errors={"field": "Not that."})
    view = pair.open(modal(*FORM))
    assert submit(pair, view, field={"typed": "x"}) == {"ok": True, "errors": {"field": "Not that."}}
    assert [each["id"] for each in pair.ann.state["modals"]] == [view["id"]]


def test_update_changes_the_view_in_place(pair: Pair) -> None:
    answering(pair, response_action="update", view=modal(title=plain("Next")))
    view = pair.open(modal(*FORM))
    assert submit(pair, view, field={"typed": "x"}) == {"ok": True}
    (shown,) = pair.ann.state["modals"]
    assert (shown["id"], shown["title"]["text"]) == (view["id"], "Next")
    assert shown["hash"] != view["hash"]


def test_push_lays_a_view_on_top_and_an_empty_answer_takes_only_that_one_off(pair: Pair) -> None:
    answering(pair, response_action="push", view=modal(callback_id="second", title=plain("Next")))
    pair.bolt.view("second")(lambda ack: ack())
    view = pair.open(modal(*FORM))
    submit(pair, view, field={"typed": "x"})
    top = pair.ann.state["modals"][-1]
    assert (top["title"]["text"], top["root_view_id"]) == ("Next", view["id"])
    assert submit(pair, top) == {"ok": True}
    assert [each["id"] for each in pair.ann.state["modals"]] == [view["id"]]


def test_clear_closes_all(pair: Pair) -> None:
    answering(pair, response_action="clear")
    root = pair.open(modal())
    second = pair.call("views.push", trigger_id=pair.trigger(view_id=root["id"]), view=modal())["view"]
    assert submit(pair, second) == {"ok": True}
    assert pair.ann.state["modals"] == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "errors must name input blocks of this view"),
        ({"response_action": "errors", "errors": {}}, "errors must name input blocks of this view"),
        ({"response_action": "update", "view": modal(title=plain("x" * 25))}, "must be less than 25 characters"),
        ({"response_action": "update"}, "missing required field: view"),
        ({"response_action": "push", "view": {"type": "home", "blocks": []}}, "must be one of: modal"),
        ({"response_action": "dance"}, "response_action 'dance' is not one of"),
    ],
)
def test_an_answer_slack_cannot_use_is_trouble(pair: Pair, answer: Json, words: str) -> None:
    pair.answer(json.dumps(answer))
    view = pair.open(modal(*FORM))
    reply = submit(pair, view, field={"typed": "x"})
    assert reply["error"].startswith("We had some trouble connecting. Try again?")
    assert words in reply["error"]
    assert [each["id"] for each in pair.ann.state["modals"]] == [view["id"]]


def test_an_app_that_fails_leaves_the_view_open(pair: Pair) -> None:
    @pair.bolt.view("form")
    def form(ack: Any) -> None:
        raise RuntimeError("boom")

    view = pair.open(modal(*FORM))
    answer = submit(pair, view, field={"typed": "x"})
    assert answer == {"ok": False, "error": "We had some trouble connecting. Try again? (the app answered 500)"}
    assert len(pair.ann.state["modals"]) == 1


def test_a_view_of_somebody_else_or_closed_cannot_be_submitted(play: Play) -> None:
    view = play.open(modal())
    assert "no longer open" in play.ben.act("view_submission", view_id=view["id"], state={})["error"]
    play.ann.act("view_closed", view_id=view["id"])
    assert "no longer open" in play.ann.act("view_submission", view_id=view["id"], state={})["error"]


def closing(pair: Pair) -> list[Json]:
    seen: list[Json] = []

    @pair.bolt.view_closed("form")
    def closed(ack: Any, body: Any) -> None:
        seen.append(body)
        ack()

    return seen


def two_high(pair: Pair, **second: Any) -> tuple[Json, Json]:
    root = pair.open(modal(notify_on_close=True))
    view = modal(notify_on_close=True, **second)
    return root, pair.call("views.push", trigger_id=pair.trigger(view_id=root["id"]), view=view)["view"]


def test_cancel_takes_one_view_off_and_tells_so(pair: Pair) -> None:
    seen = closing(pair)
    root, top = two_high(pair)
    pair.ann.act("view_closed", view_id=top["id"], clear=False)
    assert [each["id"] for each in pair.ann.state["modals"]] == [root["id"]]
    assert [(body["view"]["id"], body["is_cleared"]) for body in seen] == [(top["id"], False)]
    assert oracle.inbound("view_closed", seen[0]) == []


def test_the_x_closes_all_and_is_told_of_the_root(pair: Pair) -> None:
    seen = closing(pair)
    root, top = two_high(pair)
    pair.ann.act("view_closed", view_id=top["id"], clear=True)
    assert pair.ann.state["modals"] == []
    assert [(body["view"]["id"], body["is_cleared"]) for body in seen] == [(root["id"], True)]


def test_clear_on_close_makes_cancel_close_all(pair: Pair) -> None:
    closing(pair)
    _, top = two_high(pair, clear_on_close=True)
    pair.ann.act("view_closed", view_id=top["id"], clear=False)
    assert pair.ann.state["modals"] == []


def test_without_notify_on_close_nobody_is_told(play: Play) -> None:
    view = play.open(modal())
    assert play.ann.act("view_closed", view_id=view["id"], clear=True) == {"ok": True}
    assert play.ann.deliveries == []
