"""Modals and the Home: triggers, the stack, hashes."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.playground.kit import ANN, BEN, Clock, Json, Play, home, modal, plain, section


def test_a_trigger_works_once_and_for_three_seconds(make: Callable[..., Play], clock: Clock) -> None:
    play = make(clock=clock)
    trigger = play.trigger()
    clock.ahead = 2.9
    assert play.call("views.open", trigger_id=trigger, view=modal())["ok"]
    assert play.error("views.open", trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    late = play.trigger()
    clock.ahead = 6.0
    assert play.error("views.open", trigger_id=late, view=modal()) == "expired_trigger_id"
    assert play.error("views.open", trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"


def test_a_modal_is_seen_by_its_person_only(play: Play) -> None:
    view = play.open(modal(section()))
    (seen,) = play.ann.state["modals"]
    assert (seen["id"], seen["title"]["text"], seen["hash"]) == (view["id"], "Form", view["hash"])
    assert seen["blocks"][0]["block_id"]
    assert play.ben.state["modals"] == []


def test_the_stack_is_three_high(play: Play) -> None:
    root = play.open(modal())
    second = play.call("views.push", trigger_id=play.trigger(view_id=root["id"]), view=modal())["view"]
    third = play.call("views.push", trigger_id=play.trigger(view_id=second["id"]), view=modal())["view"]
    assert (third["root_view_id"], third["previous_view_id"]) == (root["id"], second["id"])
    assert play.error("views.push", trigger_id=play.trigger(view_id=third["id"]), view=modal()) == "push_limit_reached"
    assert [view["id"] for view in play.ann.state["modals"]] == [root["id"], second["id"], third["id"]]


def test_a_push_needs_a_trigger_from_an_open_modal(play: Play) -> None:
    play.open(modal())
    assert play.error("views.push", trigger_id=play.trigger(), view=modal()) == "not_found"
    assert play.error("views.push", trigger_id=play.trigger(view_id="V0GONE"), view=modal()) == "not_found"


def test_a_modal_opened_from_a_message_takes_the_place_of_the_old_ones(play: Play) -> None:
    play.open(modal())
    new = play.open(modal())
    assert [view["id"] for view in play.ann.state["modals"]] == [new["id"]]


def test_an_external_id_is_used_once_among_open_views(play: Play) -> None:
    play.open(modal(external_id="one"))
    assert play.error("views.open", trigger_id=play.trigger(BEN), view=modal(external_id="one")) == (
        "duplicate_external_id"
    )
    updated = play.call("views.update", external_id="one", view=modal(title=plain("New"), external_id="one"))
    assert updated["view"]["title"]["text"] == "New"


@pytest.mark.parametrize("kind", ["modal", "home"])
def test_a_stale_hash_is_refused(play: Play, kind: str) -> None:
    if kind == "modal":
        first = play.open(modal())
        change: Any = lambda given: play.call("views.update", view_id=first["id"], view=modal(), hash=given)  # noqa: E731
    else:
        first = play.call("views.publish", user_id=ANN, view=home())["view"]
        change = lambda given: play.call("views.publish", user_id=ANN, view=home(), hash=given)  # noqa: E731
    second = change(first["hash"])["view"]
    assert second["hash"] != first["hash"]
    assert second["id"] == first["id"]
    assert change(first["hash"])["error"] == "hash_conflict"


@pytest.mark.parametrize(
    ("args", "error"),
    [({"view_id": "V0GONE"}, "not_found"), ({"external_id": "gone"}, "not_found"), ({}, "invalid_arguments")],
)
def test_a_view_that_is_not_there_is_not_found(play: Play, args: Json, error: str) -> None:
    assert play.error("views.update", view=modal(), **args) == error


def test_a_closed_modal_is_not_there(play: Play) -> None:
    view = play.open(modal())
    play.ann.act("view_closed", view_id=view["id"], clear=True)
    assert play.error("views.update", view_id=view["id"], view=modal()) == "not_found"


def test_an_update_keeps_the_kind(play: Play) -> None:
    view = play.open(modal())
    assert play.error("views.update", view_id=view["id"], view=home()) == "invalid_arguments"


def test_a_home_is_one_per_person(play: Play) -> None:
    play.call("views.publish", user_id=ANN, view=home(section("a")))
    play.call("views.publish", user_id=ANN, view=home(section("b")))
    assert play.ann.state["home"]["blocks"][0]["text"]["text"] == "b"
    assert play.ben.state["home"] is None
    assert play.error("views.publish", user_id="U0NOBODY", view=home()) == "invalid_arguments"


def test_an_app_without_a_home_cannot_publish(make: Callable[..., Play]) -> None:
    assert make(home=False).error("views.publish", user_id=ANN, view=home()) == "not_enabled"


def test_a_view_may_be_json_in_text_and_not_too_large(play: Play) -> None:
    view = '{"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}'
    assert play.call("views.open", trigger_id=play.trigger(), view=view)["ok"]
    assert play.error("views.open", trigger_id=play.trigger(), view="{") == "invalid_arguments"
    large = modal(*(section("x" * 3000) for _ in range(90)))
    assert play.error("views.open", trigger_id=play.trigger(), view=large) == "view_too_large"
