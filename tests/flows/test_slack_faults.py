"""Invariant 4 while Slack is unwell: what is certain is repeated, what is uncertain is looked up, nothing is lost."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.blocks import ids
from bot.delivery import Delivery
from bot.handoff.states import Handoff
from bot.moves.decisions import Grounds, accept, reject, undo
from bot.slack import Slack, Transient, Uncertain
from bot.store.engine import Store
from bot.store.tables import messages
from bot.sweep import sweep
from playground.records import Message
from tests.flows.slack_kit import ANA, BEN, FEEDBACK, SALES, TOKEN, Json, SlackPage, Wall, buttons, employ
from tests.support import HOUR, NOW, by, offered, owner_slack

GRACE = 21
"""Seconds after which an uncertain message is looked up, and one more."""


@dataclass
class Post:
    """Delivery between a database and a Slack that can be made unwell."""

    page: SlackPage
    store: Store
    wall: Wall
    slack: Slack
    delivery: Delivery = field(init=False)

    def __post_init__(self) -> None:
        self.delivery = Delivery(self.store, self.slack, self.wall)

    def deliver(self, *, after: float = 0) -> None:
        self.wall.pass_by(after)
        self.delivery.drain()

    def cards(self) -> list[Json]:
        return self.page.posted("card")

    def status(self, kind: str = "card") -> list[str]:
        with self.store.reading() as tx:
            query = sa.select(messages.c.status).where(messages.c.kind == kind).order_by(messages.c.id)
            return list(tx.execute(query).scalars())

    def delete(self, message: Json) -> None:
        """Somebody with the right to deletes a message in Slack."""
        kept: list[Message] = self.page.world.channels[message["channel"]].messages
        kept.remove(next(one for one in kept if one.ts == message["ts"]))


@pytest.fixture
def post(slack_page: SlackPage, sqlite_url: str, wall: Wall) -> Iterator[Post]:
    store = employ(Store(sqlite_url))
    yield Post(slack_page, store, wall, slack_page.slack(timeout=1))
    store.close()


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
    assert len(post.page.posted("reminder", ANA)) == 1
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


@pytest.mark.parametrize("kind", ["card", "reminder", "escalation"])
def test_when_the_line_breaks_after_slack_stored_it_the_message_is_found(post: Post, kind: str) -> None:
    offered(post.store)
    if kind != "card":
        post.deliver()
        sweep(post.store, NOW + {"reminder": 2, "escalation": 4}[kind] * HOUR)
    before = len(post.page.calls("chat.postMessage"))
    post.page.fault("chat.postMessage", "drop_after_store")
    post.deliver()
    assert post.status(kind) == ["uncertain"]
    post.deliver(after=GRACE)
    assert post.status(kind) == ["sent"]
    assert len(post.page.calls("chat.postMessage")) == before + 1
    assert len(post.page.posted(kind, ANA if kind == "reminder" else SALES)) == 1


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
    offered(post.store)
    post.page.fault("chat.postMessage", "slow", seconds=1.5)
    began = time.monotonic()
    post.deliver()
    assert time.monotonic() - began < 1.4
    assert post.status() == ["uncertain"]
    time.sleep(max(0.0, 1.8 - (time.monotonic() - began)))
    post.deliver(after=GRACE)
    assert (len(post.cards()), post.status()) == (1, ["sent"])
    assert len(post.page.calls("chat.postMessage")) == 1


def test_the_grace_time_counts_from_the_moment_of_doubt(post: Post) -> None:
    """Slack may still be at it: a call that hung for long must not eat up the time it is given."""
    offered(post.store)
    hung = Delivery(post.store, post.slack, post.wall)
    inner = post.slack.post

    def hanging(*arguments: object) -> str:
        post.wall.pass_by(25)
        raise Uncertain("timed out")

    post.slack.post = hanging  # type: ignore[method-assign]
    hung.drain()
    post.slack.post = inner  # type: ignore[method-assign]
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
def test_what_is_no_answer_of_slacks_is_no_refusal(post: Post, words: str) -> None:
    """A gateway on the way may say anything; a message is not given up for that."""
    from urllib.error import HTTPError  # noqa: F401

    offered(post.store)
    with _gateway(words) as address:
        Delivery(post.store, Slack(TOKEN, address), post.wall).drain()
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
    assert buttons(card) == [ids.ACCEPT, ids.REJECT]
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
    assert buttons(post.cards()[0]) == [ids.UNDO]


def test_a_change_that_arrives_while_slack_refuses_is_tried_all_the_same(post: Post) -> None:
    handoff = offered(post.store)
    inner = post.slack.post

    def meanwhile(*arguments: object) -> str:
        post.slack.post = inner  # type: ignore[method-assign]
        accept(post.store, NOW, by(owner_slack(handoff), handoff))
        post.page.fault("chat.postMessage", "error:msg_too_long")
        return inner(*arguments)  # type: ignore[arg-type]

    post.slack.post = meanwhile  # type: ignore[method-assign]
    post.deliver()
    assert buttons(post.cards()[0]) == [ids.UNDO]
    assert post.status() == ["sent"]


def test_a_deleted_card_is_posted_anew(post: Post) -> None:
    handoff = offered(post.store)
    post.deliver()
    post.delete(post.cards()[0])
    accept(post.store, NOW, by(owner_slack(handoff), handoff))
    post.deliver()
    [card] = post.cards()
    assert buttons(card) == [ids.UNDO]


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
    [reminder] = post.page.posted("reminder", ANA)
    assert buttons(reminder) == []


@pytest.mark.parametrize("error", ["channel_not_found", "not_in_channel", "is_archived", "invalid_auth", "missing_scope"])
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
    assert buttons(post.cards()[0]) == [ids.UNDO]


def test_a_card_in_an_archived_channel_is_redrawn_once_it_is_back(post: Post) -> None:
    handoff = offered(post.store)
    post.deliver()
    sales = post.page.world.channels[SALES]
    sales.archived = True
    accept(post.store, NOW, by(owner_slack(handoff), handoff))
    post.deliver()
    sales.archived = False
    post.deliver(after=61)
    assert buttons(post.cards()[0]) == [ids.UNDO]


# Looking it up


def test_a_look_up_that_fails_is_tried_again(post: Post) -> None:
    offered(post.store)
    post.page.fault("chat.postMessage", "drop_after_store")
    post.page.fault("conversations.history", "server_error", times=2)
    post.deliver()
    post.deliver(after=GRACE)
    assert post.status() == ["uncertain"]
    post.deliver(after=61)
    post.deliver(after=61)
    assert (len(post.cards()), post.status()) == (1, ["sent"])
    assert len(post.page.calls("chat.postMessage")) == 1


def test_it_is_found_behind_several_pages_of_talk(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.PAGE", 2)
    offered(post.store)
    post.page.fault("chat.postMessage", "drop_after_store")
    post.deliver()
    for number in range(7):
        post.page.slack().post({"channel": SALES}, {"text": f"talk {number}", "blocks": []}, {"id": number})
    post.deliver(after=GRACE)
    assert post.status() == ["sent"]
    assert len(post.cards()) == 1
    assert len(post.page.calls("conversations.history")) > 1


def test_a_reply_whose_thread_was_deleted_while_it_was_in_doubt_is_not_lost(post: Post) -> None:
    handoff = offered(post.store)
    post.deliver()
    reject(post.store, NOW, by(owner_slack(handoff), handoff), Grounds("NOT_READY", "no budget"))
    post.page.fault("chat.postMessage", "drop_after_store", times=0 or 1)  # the head of the thread
    post.deliver()
    post.page.fault("chat.postMessage", "server_error")  # the reply
    post.deliver(after=GRACE)
    [thread] = post.page.posted("thread", FEEDBACK)
    post.delete(thread)
    undo(post.store, NOW, by(owner_slack(handoff), handoff))
    for _ in range(4):
        post.deliver(after=61)
    assert post.status("feedback") == ["sent"]


# Private answers


def late_click(post: Post, user: str = BEN) -> Handoff:
    """A click that is answered in private."""
    handoff = offered(post.store)
    post.deliver()
    accept(post.store, NOW, by(user, handoff))
    return handoff


def test_a_private_answer_older_than_a_minute_is_not_given(post: Post) -> None:
    late_click(post)
    post.deliver(after=61)
    assert post.page.whispers(BEN) == []
    assert post.status("answer") == ["dropped"]


@pytest.mark.parametrize("fault", ["server_error", "drop_after_store"])
def test_a_private_answer_in_doubt_is_let_go_not_said_twice(post: Post, fault: str) -> None:
    late_click(post)
    post.page.fault("chat.postEphemeral", fault)
    post.deliver()
    post.deliver(after=GRACE)
    assert len(post.page.calls("chat.postEphemeral")) == 1
    assert post.status("answer") == ["dropped"]


def test_a_private_answer_waits_out_a_short_rate_limit(post: Post) -> None:
    late_click(post)
    post.page.fault("chat.postEphemeral", "rate_limited", retry_after=3)
    post.deliver()
    assert post.page.whispers(BEN) == []
    post.deliver(after=4)
    assert len(post.page.whispers(BEN)) == 1


# A process that sleeps


def test_a_process_that_slept_through_its_lease_sends_nothing_old(post: Post) -> None:
    handoff = offered(post.store)
    inner = post.delivery._show  # between drawing and sending

    def asleep(*arguments: object, **named: object) -> None:
        post.wall.pass_by(61)
        accept(post.store, NOW, by(owner_slack(handoff), handoff))
        for _ in range(3):
            post.wall.pass_by(61)
            Delivery(post.store, post.slack, post.wall).drain()
        inner(*arguments, **named)  # type: ignore[arg-type]

    post.delivery._show = asleep  # type: ignore[method-assign]
    assert post.delivery._claim() is not None or True
    post.delivery.drain()
    [card] = post.cards()
    assert buttons(card) == [ids.UNDO]
    assert post.status() == ["sent"]
    assert len(post.page.calls("chat.postMessage")) == 1


def test_a_mark_that_comes_too_late_changes_nothing_somebody_else_has_done(post: Post) -> None:
    offered(post.store)
    inner = post.slack.post

    def slept(*arguments: object) -> str:
        """The request went out; its answer is read minutes later, when another process has found the message."""
        ts = inner(*arguments)  # type: ignore[arg-type]
        post.slack.post = inner  # type: ignore[method-assign]
        for _ in range(2):
            post.wall.pass_by(61)
            Delivery(post.store, post.slack, post.wall).drain()
        assert post.status() == ["sent"]
        raise Transient(f"read much later: {ts}", 0)

    post.slack.post = slept  # type: ignore[method-assign]
    post.delivery._stopped.clear()
    post.deliver()
    assert (len(post.cards()), post.status()) == (1, ["sent"])
    assert post.wall.ahead > timedelta(minutes=2)
