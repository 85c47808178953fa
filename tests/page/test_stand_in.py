"""The stand-in's page in a real browser, wide and on a phone: forms, the Home, accounts, channels, lost messages."""

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Locator, Route, expect

from tests.page.desk_kit import Desk
from tests.playground.kit import (
    ANN,
    BEN,
    CAT,
    OPEN,
    Json,
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
from tests.schemas import check as oracle

WIDE = pytest.mark.parametrize("desk", ["wide"], indirect=True)


FORM = modal(
    field_block(
        {
            "type": "static_select",
            "action_id": "pick",
            "placeholder": plain("Why?"),
            "option_groups": [
                {"label": plain("Route"), "options": options("territory", "owned")},
                {"label": plain("Other"), "options": options("capacity")},
            ],
        },
        "reason",
        label=plain("Reason"),
    ),
    field_block({"type": "users_select", "action_id": "pick"}, "who", label=plain("Colleague")),
    field_block({"type": "users_select", "action_id": "pick", "initial_user": BEN}, "first", label=plain("Before")),
    field_block(
        {"type": "radio_buttons", "action_id": "pick", "options": options("day", "week")},
        "how",
        label=plain("How long"),
    ),
    field_block({"type": "datepicker", "action_id": "pick"}, "day", label=plain("Last day")),
    field_block({"type": "datetimepicker", "action_id": "pick"}, "time", label=plain("Back at")),
    field_block(text_input("pick"), "note", label=plain("Note"), optional=True),
)
MISSING = "Please complete this required field."


def open_form(desk: Desk) -> tuple[Locator, list[Json]]:
    """Open FORM from a message's button; the dialog, and what the app will hear of it."""
    seen: list[Json] = []

    @desk.pair.bolt.action("not_mine")
    def pressed(ack: Any, body: Json, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=FORM)
        ack()

    @desk.pair.bolt.view("form")
    def submitted(ack: Any, body: Json) -> None:
        seen.append(body)
        ack()

    desk.pair.post(blocks=[actions(button("not_mine", text=plain("Not mine…")))])
    desk.sit()
    desk.page.get_by_role("button", name="Not mine…").click()
    form = desk.page.locator("dialog[open]")
    expect(form).to_be_visible()
    return form, seen


def test_a_form_with_everything_a_rep_chooses_from(desk: Desk) -> None:
    form, seen = open_form(desk)
    expect(form.get_by_label("Reason").locator("optgroup")).to_have_count(2)
    form.get_by_test_id("modal-submit").click()
    errors = form.locator(".field-error:visible")
    expect(errors).to_have_text([MISSING] * 5)  # all but the one that was chosen for them and the optional one
    assert seen == []
    form.get_by_label("Reason").select_option(label="Owned")
    form.get_by_label("Colleague").select_option(label="Cat")
    form.get_by_label("Week").check()
    form.get_by_label("Last day").fill("2026-12-01")
    form.get_by_label("Back at").fill("2026-12-02T09:30")
    form.get_by_test_id("modal-submit").click()
    expect(form).to_have_count(0)
    (body,) = seen
    assert oracle.inbound("view_submission", body) == []
    values = {name: fields["pick"] for name, fields in body["view"]["state"]["values"].items()}
    assert values == {
        "reason": {"type": "static_select", "selected_option": options("owned")[0]},
        "who": {"type": "users_select", "selected_user": CAT},
        "first": {"type": "users_select", "selected_user": BEN},
        "how": {"type": "radio_buttons", "selected_option": options("week")[0]},
        "day": {"type": "datepicker", "selected_date": "2026-12-01"},
        "time": {"type": "datetimepicker", "selected_date_time": 1_796_171_400},  # 09:30 in Tokyo
        "note": {"type": "plain_text_input", "value": None},
    }


@WIDE
def test_nobody_deactivated_can_be_chosen(desk: Desk) -> None:
    desk.pair.ann.act("deactivate", person=CAT)
    desk.pair.ann.act("deactivate", person=BEN)
    form, _ = open_form(desk)
    expect(form.get_by_label("Colleague").locator("option")).to_have_text(["Choose…", "Ann Arbor", "Tester"])
    expect(form.get_by_label("Before").locator("option:checked")).to_have_text("Ben Nevis")


def test_the_home_is_published_when_somebody_opens_it_and_its_buttons_work(desk: Desk) -> None:
    opened: list[Json] = []
    pressed: list[Json] = []

    @desk.pair.bolt.event("app_home_opened")
    def show(body: Json, event: Json, client: Any) -> None:
        opened.append(body)
        client.views_publish(user_id=event["user"], view=home(section("Your leads"), actions(button("back"))))

    @desk.pair.bolt.action("back")
    def back(ack: Any, body: Json, client: Any) -> None:
        pressed.append(body)
        client.views_publish(user_id=body["user"]["id"], view=home(section("Welcome back")))
        ack()

    desk.sit()
    desk.sidebar("[data-kind=home]")
    content = desk.page.locator("#home-blocks")
    expect(content).to_contain_text("Your leads")
    assert oracle.inbound("app_home_opened", opened[0]) == []
    assert (opened[0]["event"]["user"], opened[0]["event"]["tab"]) == (ANN, "home")
    content.get_by_role("button", name="Yes").click()
    expect(content).to_have_text("Welcome back")
    (body,) = pressed
    assert oracle.inbound("block_actions", body) == []
    assert (body["container"]["type"], body["view"]["type"], body["user"]["id"]) == ("view", "home", ANN)
    desk.sit(place="home")
    until(lambda: len(opened) == 2)
    assert opened[1]["event"]["view"]["id"] == body["view"]["id"]


@WIDE
def test_whoever_one_acts_as_sees_the_home_in_their_own_zone(desk: Desk) -> None:
    due = section("Due <!date^1796171400^{date_num} {time}|soon>", block_id="same")
    for who in (ANN, BEN):
        desk.pair.call("views.publish", user_id=who, view=home(due))
    desk.sit(place="home")
    expect(desk.page.locator("#home-blocks")).to_have_text("Due 2026-12-02 09:30")
    desk.page.get_by_test_id("act-as").click()
    desk.page.locator(f".menu [data-person={BEN}]").click()
    expect(desk.page.locator("#home-blocks")).to_have_text("Due 2026-12-02 00:30")


@WIDE
def test_what_the_page_calls_now_moves_on_with_the_workspace(desk: Desk) -> None:
    now = time.time()
    desk.pair.post(blocks=[section(f"due <!date^{int(now) + 3630}^{{ago}}|soon>")])
    desk.sit()
    expect(desk.message("due")).to_contain_text("due In 1 hour")
    later = datetime.fromtimestamp(now + 3 * 3600, UTC).isoformat()
    assert desk.pair.ann.post("/page/clock", {"now": later}) == {"ok": True}
    expect(desk.message("due")).to_contain_text("due 2 hours ago")


def test_a_status_is_set_shown_and_cleared(desk: Desk) -> None:
    desk.pair.ben.act("message", channel=OPEN, text="hello")
    desk.sit()
    desk.account(BEN, "status")
    form = desk.page.get_by_test_id("status")
    form.get_by_label("Status").fill("On holiday")
    expect(form.get_by_label("Emoji")).to_have_value(":palm_tree:")
    form.get_by_label("Clear after").select_option("1 week")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    profile = desk.user(BEN)["profile"]
    assert (profile["status_text"], profile["status_emoji"]) == ("On holiday", ":palm_tree:")
    assert abs(profile["status_expiration"] - desk.pair.server.game.world.clock() - 7 * 86_400) < 60
    for place in (desk.message("hello"), desk.page.locator(f"#people [data-account={BEN}]")):
        expect(place.get_by_role("img", name="On holiday")).to_have_text("🌴")
    desk.account(BEN, "clear")
    expect(desk.page.locator(".status-mark")).to_have_count(0)
    assert desk.user(BEN)["profile"]["status_expiration"] == 0


@WIDE
def test_a_status_slack_would_not_take_is_explained_and_can_be_mended(desk: Desk) -> None:
    desk.sit()
    desk.account(BEN, "status")
    form = desk.page.get_by_test_id("status")
    form.get_by_label("Emoji").fill("palm_tree")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("status.emoji")
    form.get_by_label("Emoji").fill(":palm_tree:")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)


def test_an_account_is_deactivated_and_comes_back(desk: Desk) -> None:
    desk.sit(BEN)
    desk.account(BEN, "deactivate")
    expect(desk.page.locator(f"#people [data-account={BEN}]")).to_contain_text("deactivated")
    expect(desk.page.locator("#composer")).to_have_text("The account of Ben Nevis is deactivated.")
    assert desk.user(BEN)["deleted"] is True
    desk.account(BEN, "reactivate")
    expect(desk.page.locator("#composer textarea")).to_have_count(1)
    assert desk.user(BEN)["deleted"] is False


def test_a_channel_is_archived_opened_again_and_the_app_let_in(desk: Desk) -> None:
    def refusal() -> Any:
        return desk.pair.error("chat.postMessage", channel=OPEN, text="x")

    desk.sit()
    desk.room("archive")
    expect(desk.page.locator("#composer")).to_have_text("This channel is archived.")
    assert refusal() == "is_archived"
    desk.room("unarchive")
    expect(desk.page.locator("#place-title")).to_contain_text("Tester is not in this channel")
    assert refusal() == "not_in_channel"
    desk.room("invite_app")
    expect(desk.page.locator("#place-title")).not_to_contain_text("not in this channel")
    assert refusal() is None
    desk.room("remove_app")
    expect(desk.page.locator("#place-title")).to_contain_text("Tester is not in this channel")
    assert refusal() == "not_in_channel"


def test_a_card_is_lost(desk: Desk) -> None:
    alone, parent = desk.pair.post(text="alone")["ts"], desk.pair.post(text="parent")["ts"]
    desk.pair.post(text="reply", thread_ts=parent)
    desk.sit()
    for words in ("alone", "parent"):
        card = desk.message(words)
        card.hover()
        card.get_by_role("button", name="Delete message").click()
        desk.page.get_by_test_id("confirm-yes").click()
        expect(desk.message(words)).to_have_count(0)
    stone = desk.message("This message was deleted.")
    expect(stone.get_by_test_id("thread-link")).to_contain_text("1 reply")
    expect(stone.get_by_role("button", name="Delete message")).to_have_count(0)
    assert desk.pair.error("chat.update", channel=OPEN, ts=alone, text="x") == "message_not_found"
    assert desk.pair.error("chat.update", channel=OPEN, ts=parent, text="x") == "cant_update_message"


@WIDE
def test_a_deletion_can_be_thought_better_of(desk: Desk) -> None:
    ts = desk.pair.post(text="kept")["ts"]
    desk.sit()
    desk.message("kept").hover()
    desk.message("kept").get_by_role("button", name="Delete message").click()
    desk.page.get_by_test_id("confirm-deny").click()
    expect(desk.message("kept")).to_be_visible()
    assert desk.pair.call("chat.update", channel=OPEN, ts=ts, text="still")["ok"]


@WIDE
def test_what_is_typed_while_the_app_still_works_is_sent_in_its_turn(desk: Desk) -> None:
    @desk.pair.bolt.command("/hello")
    def hello(ack: Any, command: Json) -> None:
        ack(f"{command['user_id']} said {command['text']}", response_type="in_channel")

    def late(route: Route) -> None:
        """The app's answer is on the page before the page knows that the command arrived."""
        held.append((route, route.fetch()))

    held: list[tuple[Route, APIResponse]] = []
    desk.page.route("**/page/act", late, times=1)
    desk.sit()
    line = desk.page.get_by_test_id("compose")
    for text in ("/hello one", "two", "/hello three"):
        line.fill(text)
        line.press("Enter")
        expect(line).to_have_value("")
        expect(desk.message(f"{ANN} said one")).to_be_visible()
    desk.page.get_by_test_id("act-as").click()
    desk.page.locator(f".menu [data-person={BEN}]").click()
    expect(line).to_have_accessible_name(re.compile("Ben"))
    while not held:
        desk.page.wait_for_timeout(20)
    (route, answer), *_ = held
    route.fulfill(response=answer)
    expect(desk.message(f"{ANN} said three")).to_be_visible()
    said = desk.page.locator("#messages").inner_text()
    assert said.index("said one") < said.index("two") < said.index("said three")
