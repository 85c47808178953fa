"""What reports are made of, on the stand-in's page in a real browser: charts, tables, answers with buttons, sharing."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.page.desk_kit import Desk
from tests.playground.kit import (
    ANN,
    OPEN,
    OTHER,
    SECRET,
    Json,
    actions,
    button,
    field_block,
    modal,
    plain,
    section,
    until,
)
from tests.schemas import check as oracle

WIDE = pytest.mark.parametrize("desk", ["wide"], indirect=True)
CATEGORIES = [f"Category number {n:04}" for n in range(20)]
SERIES = [f"A series of number {n}" for n in range(6)]


def chart(kind: str, series: list[str], categories: list[str]) -> Json:
    data = [{"label": label, "value": place} for place, label in enumerate(categories)]
    axes = {"categories": categories, "x_label": "Week", "y_label": "hand-offs"}
    plot = {"type": kind, "series": [{"name": name, "data": data} for name in series], "axis_config": axes}
    return {"type": "data_visualization", "title": "x" * 50, "chart": plot}


def table(rows: int, page_size: int = 5) -> Json:
    head = [{"type": "raw_text", "text": text} for text in ("Source", "Handed off", "Accepted", "Against the rest")]
    body = [
        [
            {"type": "raw_text", "text": f"source {place}"},
            {"type": "raw_number", "value": place * 7 % 11, "text": f"{place * 7 % 11}"},
            {"type": "raw_number", "value": place, "text": f"{place} %"},
            {"type": "raw_text", "text": "no clear change (could see a difference of 12 points)"},
        ]
        for place in range(rows)
    ]
    return {"type": "data_table", "caption": "By source", "rows": [head, *body], "page_size": page_size}


def shown(desk: Desk, *blocks: Json) -> Locator:
    """The blocks in a message, as the page draws them."""
    assert oracle.blocks(list(blocks)) == []
    ts = desk.pair.post(text="a report", blocks=list(blocks))["ts"]
    desk.sit()
    return desk.page.locator(f'#messages .message[data-ts="{ts}"] .blocks')


@pytest.mark.parametrize("kind", ["bar", "line", "area"])
def test_the_largest_chart_fits_and_names_every_value(desk: Desk, kind: str) -> None:
    drawn = shown(desk, chart(kind, SERIES, CATEGORIES))
    picture = drawn.locator("svg")
    edge = picture.bounding_box()
    assert edge is not None
    for word in picture.locator("text").all():
        box = word.bounding_box()
        assert box is not None
        assert (edge["x"] <= box["x"], box["x"] + box["width"] <= edge["x"] + edge["width"]) == (True, True)
    expect(drawn.locator(".legend li")).to_have_text(SERIES)
    drawn.get_by_text("Numbers").click()
    expect(drawn.locator(".numbers tbody th")).to_have_text(CATEGORIES)
    expect(drawn.locator(".numbers tbody td")).to_have_count(120)


def test_labels_below_a_chart_do_not_lie_on_each_other(desk: Desk) -> None:
    drawn = shown(desk, chart("bar", SERIES[:1], CATEGORIES))
    slanted = drawn.locator("svg text[transform]")
    places = [float(str(one.get_attribute("transform")).split("(")[1].split(" ")[0]) for one in slanted.all()]
    assert len(places) == (10 if desk.phone else 20)
    assert min(after - before for before, after in pairwise(places)) >= 20


def test_a_table_is_sorted_turned_and_scrolled_in_its_own_box(desk: Desk) -> None:
    drawn = shown(desk, table(11), actions(button()))
    first = drawn.locator("tbody tr").first
    expect(drawn.locator(".pager")).to_have_text("1–5 of 11")
    drawn.get_by_role("button", name="Next page").click()
    expect(first.locator("th")).to_have_text("source 5")
    drawn.get_by_role("button", name="Handed off").click()
    expect(drawn.locator("tbody tr td:nth-child(2)")).to_have_text(["0", "1", "2", "3", "4"])
    drawn.get_by_role("button", name="Handed off").click()
    expect(drawn.locator("tbody tr td:nth-child(2)")).to_have_text(["10", "9", "8", "7", "6"])
    assert first.locator("td").first.evaluate("node => getComputedStyle(node).textAlign") == "end"
    assert first.locator("td").last.evaluate("node => getComputedStyle(node).textAlign") == "start"
    box = drawn.locator(".table-wrap")
    assert box.evaluate("node => node.scrollWidth > node.clientWidth") is desk.phone
    assert first.locator("th").evaluate("node => node.clientHeight") < 60  # no word was broken to make it fit


def answered(desk: Desk, **answer: Any) -> list[Json]:
    """Have `/hello` answered, and hear what is pressed."""
    pressed: list[Json] = []

    @desk.pair.bolt.command("/hello")
    def hello(ack: Any) -> None:
        ack(**answer)

    @desk.pair.bolt.action({"block_id": "row"})
    def press(ack: Any, body: Json, respond: Any) -> None:
        ack()
        pressed.append(body)
        respond(text="and more", replace_original=False)

    return pressed


def ask(desk: Desk) -> None:
    desk.page.get_by_test_id("compose").fill("/hello")
    desk.page.get_by_test_id("compose").press("Enter")


def test_twelve_buttons_of_an_answer_only_one_person_sees_all_reach_the_app(desk: Desk) -> None:
    row = actions(*(button(f"go_{n}", text=plain(f"Button {n}"), value=f"{n}") for n in range(12)))
    pressed = answered(desk, text="x", blocks=[section("the report"), chart("bar", SERIES[:1], CATEGORIES[:4]), row])
    desk.sit()
    ask(desk)
    answer = desk.page.locator("#messages .message[data-ephemeral=true]", has_text="the report")
    for n in range(12):
        answer.get_by_role("button", name=f"Button {n}", exact=True).click()
        until(lambda n=n: len(pressed) > n)
    assert [body["actions"][0]["value"] for body in pressed] == [f"{n}" for n in range(12)]
    for body in pressed:
        assert (body["container"]["is_ephemeral"], body["channel"]["id"], "message" in body) == (True, OPEN, False)
    expect(desk.page.locator("#messages .message[data-ephemeral=true]", has_text="and more")).to_have_count(12)
    expect(answer).to_be_visible()


@WIDE
def test_a_button_with_an_address_goes_there_and_still_tells_the_app(desk: Desk) -> None:
    address = f"{desk.pair.server.address}/page/text.js"
    pressed = answered(desk, text="x", blocks=[actions(button(url=address))])
    desk.sit()
    ask(desk)
    with desk.page.expect_popup() as opened:
        desk.page.get_by_role("link", name="Yes").click()
    assert opened.value.url == address
    until(lambda: pressed)
    assert (pressed[0]["container"]["is_ephemeral"], pressed[0]["actions"][0]["value"]) == (True, "42")


def test_an_answer_the_workspace_does_not_take_leaves_nothing_on_the_page(desk: Desk) -> None:
    answered(desk, text="x", blocks=[section("the report"), table(6)])
    desk.sit()
    ask(desk)
    answers = desk.page.locator("#messages .message", has_text="the report")
    expect(answers).to_have_count(1)
    desk.page.get_by_test_id("open-panel").click()
    desk.page.locator("[data-without=data_table]").check()
    until(lambda: desk.pair.server.game.world.without == {"data_table"})
    desk.page.get_by_test_id("panel-close").click()
    ask(desk)
    until(lambda: desk.pair.ann.calls[-1]["method"] == "command_answer")
    expect(answers).to_have_count(1)
    expect(desk.page.locator(".toast")).to_have_count(0)
    assert desk.pair.error("chat.postMessage", channel=OPEN, text="x", blocks=[table(6)]) == "invalid_blocks"
    assert desk.pair.error("chat.postMessage", channel=OPEN, text="x", blocks=[chart("bar", ["a"], ["b"])]) is None


def share(desk: Desk, **more: Any) -> tuple[Locator, list[Json]]:
    """A form that asks for a conversation, opened from #open; its choice, and what the app hears when it is sent."""
    sent: list[Json] = []

    @desk.pair.bolt.action("share")
    def pressed(ack: Any, body: Json, client: Any) -> None:
        element = {"type": "conversations_select", "action_id": "where", **more}
        view = modal(field_block(element, "where", label=plain("Channel"), optional=True))
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    @desk.pair.bolt.view("form")
    def submitted(ack: Any, body: Json) -> None:
        sent.append(body)
        ack()

    desk.pair.client.conversations_open(users=ANN)
    desk.pair.post(blocks=[actions(button("share", text=plain("Share…")))])
    desk.sit()
    desk.page.get_by_role("button", name="Share…").click()
    return desk.page.locator("dialog[open]").get_by_label("Channel"), sent


def test_a_report_is_shared_with_a_conversation_one_is_in(desk: Desk) -> None:
    choice, sent = share(desk, default_to_current_conversation=True, response_url_enabled=True)
    expect(choice.locator("option")).to_have_text(["Choose…", "#open", "#secret", "#other", "Tester"])
    expect(choice).to_have_value(OPEN)
    choice.select_option(label="#other")
    desk.page.get_by_test_id("modal-submit").click()
    until(lambda: sent)
    assert sent[0]["view"]["state"]["values"]["where"]["where"]["selected_conversation"] == OTHER
    assert [url["channel_id"] for url in sent[0]["response_urls"]] == [OTHER]


@WIDE
@pytest.mark.parametrize(
    ("more", "offered", "chosen"),
    [
        ({"filter": {"include": ["public"]}}, ["#open", "#other"], ""),
        ({"filter": {"include": ["private", "im"]}}, ["#secret", "Tester"], ""),
        ({"filter": {"exclude_bot_users": True}}, ["#open", "#secret", "#other"], ""),
        ({"filter": {"include": ["private"]}, "default_to_current_conversation": True}, ["#secret"], ""),
        ({"default_to_current_conversation": True}, ["#open", "#secret", "#other", "Tester"], OPEN),
        (
            {"default_to_current_conversation": True, "initial_conversation": SECRET},
            ["#open", "#secret", "#other", "Tester"],
            SECRET,
        ),
    ],
)
def test_a_form_offers_the_conversations_it_asks_for(desk: Desk, more: Json, offered: list[str], chosen: str) -> None:
    choice, _ = share(desk, **more)
    expect(choice.locator("option")).to_have_text(["Choose…", *offered])
    expect(choice).to_have_value(chosen)
