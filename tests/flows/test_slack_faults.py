"""Invariant 4 while Slack is unwell: what is certain is repeated, what is uncertain is looked up, nothing is lost."""

import re
import socket
import time
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer

from bot.blocks import ids
from bot.delivery import Delivery
from bot.moves.decisions import accept, undo
from bot.slack import Slack, Transient, Uncertain
from bot.sweep import sweep
from tests.flows.post_kit import GRACE, Odd, Post
from tests.flows.slack_kit import ANA, SALES, TOKEN, buttons
from tests.support import HOUR, NOW, by, offered, owner_slack

# Too much, too slow, not there


def test_a_rate_limit_is_waited_out_and_meanwhile_nothing_else_is_sent(post: Post) -> None:
    offered(post.store)
    offered(post.store, "jonas")
    post.page.fault("chat.postMessage", "rate_limited", retry_after=30)
    post.deliver()
    assert len(post.page.calls()) == 1

    offered(post.store, "priya")
    post.deliver(after=29)
    assert len(post.page.calls()) == 1

    post.deliver(after=2)
    assert [call["status"] for call in post.page.calls()] == [429, 200, 200, 200]
    assert len(post.cards()) == 3


@pytest.mark.parametrize("method", ["conversations.open", "chat.getPermalink"])
def test_a_rate_limit_on_the_way_to_a_reminder_holds_everything_too(post: Post, method: str) -> None:
    offered(post.store)
    post.deliver()
    sweep(post.store, NOW + 2 * HOUR)
    offered(post.store, "jonas")
    post.page.fault(method, "rate_limited", retry_after=30)
    post.deliver()
    asked = len(post.page.calls())
    assert post.page.calls()[-1]["status"] == 429

    post.deliver(after=29)
    assert len(post.page.calls()) == asked
    post.deliver(after=2)
    assert len(post.page.posted("nudge", ANA)) == 1
    assert len(post.cards()) == 2


def test_a_rate_limit_on_a_look_up_holds_everything_too(post: Post) -> None:
    offered(post.store)
    post.page.fault("chat.postMessage", "server_error")
    post.deliver()
    offered(post.store, "jonas")
    post.page.fault("conversations.history", "rate_limited", retry_after=90)
    post.deliver(after=0)
    assert len(post.cards()) == 1, "a message in doubt holds up nobody else"
    post.deliver(after=GRACE)
    offered(post.store, "priya")
    asked = len(post.page.calls())
    post.deliver(after=89)
    assert len(post.page.calls()) == asked
    post.deliver(after=2)
    assert len(post.cards()) == 3


@pytest.mark.parametrize("fault", ["server_error", "error:internal_error", "error:fatal_error"])
def test_after_a_fault_inside_slack_the_message_is_looked_up_and_then_posted_once(post: Post, fault: str) -> None:
    offered(post.store)
    post.page.fault("chat.postMessage", fault)
    post.deliver()
    assert post.status() == ["uncertain"]
    post.deliver(after=10)
    assert [call["method"] for call in post.page.calls()] == ["chat.postMessage"], "not before the grace time"
    post.deliver(after=GRACE)
    asked = [call["method"] for call in post.page.calls()]
    assert asked == ["chat.postMessage", "conversations.history", "chat.postMessage"]
    assert (len(post.cards()), post.status()) == (1, ["sent"])


@pytest.mark.parametrize("kind", ["card", "nudge", "escalation"])
def test_when_the_line_breaks_after_slack_stored_it_the_message_is_found(post: Post, kind: str) -> None:
    offered(post.store)
    if kind != "card":
        post.deliver()
        sweep(post.store, NOW + {"nudge": 2, "escalation": 4}[kind] * HOUR)
    before = len(post.page.calls("chat.postMessage"))
    post.page.fault("chat.postMessage", "drop_after_store")
    post.deliver()
    assert post.status(kind) == ["uncertain"]
    post.deliver(after=GRACE)
    assert post.status(kind) == ["sent"]
    assert len(post.page.calls("chat.postMessage")) == before + 1
    assert len(post.page.posted(kind, ANA if kind == "nudge" else SALES)) == 1


def test_an_update_whose_answer_was_lost_is_simply_repeated(post: Post) -> None:
    handoff = offered(post.store)
    post.deliver()
    accept(post.store, NOW, by(owner_slack(handoff), handoff))
    post.page.fault("chat.update", "drop_after_store")
    post.deliver()
    post.deliver(after=6)
    assert len(post.page.calls("chat.update")) == 2
    assert (len(post.cards()), post.status()) == (1, ["sent"])


def test_a_slow_answer_is_not_waited_for_and_the_message_is_there_once(post: Post) -> None:
    post = replace(post, slack=Odd(TOKEN, post.page.api, timeout=1))
    offered(post.store)
    post.page.fault("chat.postMessage", "slow", seconds=1.5)
    post.deliver()
    assert post.status() == ["uncertain"], "had it been waited for, it would be sent"
    time.sleep(1.8)  # by then the slow answer has come to nobody, and the message is there
    post.deliver(after=GRACE)
    assert (len(post.cards()), post.status()) == (1, ["sent"])
    assert len(post.page.calls("chat.postMessage")) == 1


def test_the_grace_time_counts_from_the_moment_of_doubt(post: Post) -> None:
    """Slack may still be at it: a call that hung for long must not eat up the time it is given."""
    offered(post.store)

    def hang() -> None:
        post.wall.pass_by(25)
        raise Uncertain("timed out")

    post.slack.before_post = hang
    post.deliver()
    post.deliver(after=15)
    assert post.page.calls() == []
    post.deliver(after=6)
    assert len(post.cards()) == 1


def test_a_refused_connection_is_certain_and_tried_again_soon(post: Post) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/api/"
        offered(post.store)
        Delivery(post.store, Slack(TOKEN, nobody), post.wall).drain()
    assert post.status() == ["waiting"]
    post.deliver()
    assert post.cards() == [], "not in a tight loop"
    post.deliver(after=6)
    assert len(post.cards()) == 1
    assert post.page.calls("conversations.history") == []


def test_a_name_that_cannot_be_resolved_is_certain_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Transient):
        Slack(TOKEN, "http://slack.invalid/api/").open_dm(ANA)


@pytest.mark.parametrize("words", ["<html>Sign in to the hotel network</html>", "", "null and void"])
def test_what_is_no_answer_of_slacks_is_no_refusal(post: Post, httpserver: HTTPServer, words: str) -> None:
    """A gateway on the way may say anything; a message is not given up for that."""
    offered(post.store)
    httpserver.expect_request(re.compile(".*")).respond_with_data(words)
    Delivery(post.store, Slack(TOKEN, httpserver.url_for("/api/")), post.wall).drain()
    assert post.status() == ["uncertain"]
    post.deliver(after=GRACE)
    assert (len(post.cards()), post.status()) == (1, ["sent"])


# Slack says no


def test_blocks_that_slack_refuses_give_way_to_plain_words_with_the_buttons(post: Post) -> None:
    offered(post.store)
    post.page.fault("chat.postMessage", "error:invalid_blocks")
    post.deliver()
    [card] = post.cards()
    assert [row["type"] for row in card["blocks"]] == ["section", "actions"]
    assert {ids.ACCEPT, ids.REJECT, ids.MORE} <= set(buttons(card))
    assert card["blocks"][0]["text"]["text"] == card["text"]
    assert post.status() == ["sent"]


def test_plain_words_that_are_refused_as_well_fail_once_and_come_with_the_next_change(post: Post) -> None:
    handoff = offered(post.store)
    post.page.fault("chat.postMessage", "error:invalid_blocks", times=2)
    post.deliver()
    post.deliver(after=1000)
    assert (post.status(), len(post.page.calls())) == (["failed"], 2)
    accept(post.store, NOW, by(owner_slack(handoff), handoff))
    post.deliver()
    assert ids.UNDO in buttons(post.cards()[0])


def test_a_change_that_arrives_while_slack_refuses_is_tried_all_the_same(post: Post) -> None:
    handoff = offered(post.store)

    def meanwhile() -> None:
        accept(post.store, NOW, by(owner_slack(handoff), handoff))
        post.page.fault("chat.postMessage", "error:msg_too_long")

    post.slack.before_post = meanwhile
    post.deliver()
    assert ids.UNDO in buttons(post.cards()[0])
    assert post.status() == ["sent"]


def test_a_deleted_card_is_posted_anew(post: Post) -> None:
    handoff = offered(post.store)
    post.deliver()
    post.delete(post.cards()[0])
    accept(post.store, NOW, by(owner_slack(handoff), handoff))
    post.deliver()
    [card] = post.cards()
    assert ids.UNDO in buttons(card)


def test_a_deleted_card_takes_its_thread_along_to_the_new_one(post: Post) -> None:
    offered(post.store)
    post.deliver()
    post.delete(post.cards()[0])
    sweep(post.store, NOW + 4 * HOUR)
    post.deliver()
    [card], [escalation] = post.cards(), post.page.posted("escalation")
    assert escalation["thread_ts"] == card["ts"]


def test_a_reminder_of_a_deleted_card_comes_without_a_link(post: Post) -> None:
    offered(post.store)
    post.deliver()
    sweep(post.store, NOW + 2 * HOUR)
    post.page.fault("chat.getPermalink", "error:message_not_found", times=50)
    post.deliver()
    [nudge] = post.page.posted("nudge", ANA)
    assert buttons(nudge) == []


@pytest.mark.parametrize("error", ["invalid_auth", "account_inactive", "missing_scope", "messages_tab_disabled"])
def test_what_an_operator_can_mend_is_waited_for(post: Post, error: str) -> None:
    handoff = offered(post.store)
    post.page.fault("chat.postMessage", f"error:{error}", times=3)
    for _ in range(3):
        post.deliver(after=61)
    assert (post.cards(), post.status()) == ([], ["waiting"])
    post.deliver(after=61)
    assert len(post.cards()) == 1
    accept(post.store, NOW, by(owner_slack(handoff), handoff))
    post.deliver()
    assert ids.UNDO in buttons(post.cards()[0])


def test_a_decided_card_in_an_archived_channel_stays_as_it_is_until_it_changes_again(post: Post) -> None:
    handoff = offered(post.store)
    post.deliver()
    sales = post.page.world.channels[SALES]
    sales.archived = True
    accept(post.store, NOW, by(owner_slack(handoff), handoff))
    post.deliver()
    asked = len(post.page.calls())
    post.deliver(after=1000)
    assert (post.status(), len(post.page.calls())) == (["failed"], asked), "not in a loop"
    sales.archived = False
    undo(post.store, NOW, by(owner_slack(handoff), handoff))
    accept(post.store, NOW, by(owner_slack(handoff), handoff))
    post.deliver()
    assert ids.UNDO in buttons(post.cards()[0])
