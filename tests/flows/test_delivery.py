"""Invariant 4 in detail: look-ups, private answers, processes that sleep, the thread that does it all."""

import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa

from bot import delivery
from bot.blocks import ids
from bot.blocks.drawing import Drawing
from bot.delivery import Delivery
from bot.handoff.states import Handoff
from bot.kinds import KINDS, Draw
from bot.moves.decisions import Grounds, accept, reject, undo
from bot.moves.receive import Incoming, receive
from bot.slack import Permanent, SlackFailure, Transient, Uncertain
from bot.store import messages as messages_of_store
from bot.store.engine import Tx
from bot.store.messages import Message as Row
from tests.flows.post_kit import GRACE, Post
from tests.flows.slack_kit import BEN, FEEDBACK, SALES, buttons
from tests.playground.kit import until
from tests.support import NOW, by, hot, offered, owner_slack

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
    post.page.fault("chat.postMessage", "drop_after_store")
    post.deliver()
    post.page.fault("chat.postMessage", "server_error")
    post.deliver(after=GRACE)
    assert (post.status("thread"), post.status("feedback")) == (["sent"], ["uncertain"])
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


def test_a_process_that_slept_through_its_lease_sends_nothing_old(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    handoff = offered(post.store)
    post.deliver()
    undrawn = KINDS["card"]

    def sleepy(tx: Tx, message: Row) -> Draw:
        draw = undrawn(tx, message)
        return lambda slack: asleep(draw(slack))

    def asleep(drawing: Drawing) -> Drawing:
        """What was drawn is old by the time it could be sent: somebody has accepted, another process has shown it."""
        monkeypatch.setitem(KINDS, "card", undrawn)
        accept(post.store, NOW, by(owner_slack(handoff), handoff))
        post.wall.pass_by(61)
        Delivery(post.store, post.slack, post.wall).drain()
        return drawing

    monkeypatch.setitem(KINDS, "card", sleepy)
    receive(post.store, NOW, Incoming(hot().lead))  # something to redraw
    post.deliver()
    assert buttons(post.cards()[0]) == [ids.UNDO, ids.WHY, ids.GROUNDS]
    assert post.status() == ["sent"]
    assert len(post.page.calls("chat.update")) == 1


@pytest.mark.parametrize("failure", [Transient("read late", 0), Uncertain("read late"), Permanent("read_late"), None])
def test_a_mark_that_comes_too_late_changes_nothing_somebody_else_has_done(
    post: Post, failure: SlackFailure | None
) -> None:
    offered(post.store)

    def slept() -> None:
        """The request went out; its answer is read minutes later, when another process has found the message."""
        for _ in range(2):
            post.wall.pass_by(61)
            Delivery(post.store, post.slack, post.wall).drain()
        assert post.status() == ["sent"]
        if failure:
            raise failure

    post.slack.after_post = slept
    post.deliver()
    post.deliver(after=61)
    assert (len(post.cards()), post.status()) == (1, ["sent"])
    assert [call["method"] for call in post.page.calls()] == ["chat.postMessage", "conversations.history"]


def test_a_mark_that_comes_late_but_before_anybody_else_acted_counts(post: Post) -> None:
    """The message was given up for uncertain; that it is there is good news all the same."""
    offered(post.store)

    def slept() -> None:
        post.wall.pass_by(61)
        post.page.fault("conversations.history", "server_error")
        Delivery(post.store, post.slack, post.wall).drain()
        assert post.status() == ["uncertain"]

    post.slack.after_post = slept
    post.deliver()
    assert post.status() == ["sent"]


# The thread that does all this


@pytest.fixture
def at_work(post: Post) -> Iterator[Post]:
    thread = threading.Thread(target=post.delivery.run, name="tests-delivery")
    thread.start()
    yield post
    post.delivery.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_a_commit_in_this_process_wakes_delivery(at_work: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "POLL", 600)  # nothing but being woken can bring the card in time
    at_work.delivery.wake()
    at_work.store.on_commit = at_work.delivery.wake
    offered(at_work.store)
    until(at_work.cards)


def test_a_commit_in_another_process_is_noticed_at_the_next_look_half_a_second_later(at_work: Post) -> None:
    assert delivery.POLL <= 0.5
    offered(at_work.store)
    until(at_work.cards)


def test_nothing_that_goes_wrong_ends_delivery(at_work: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = iter([sa.exc.OperationalError("BEGIN", {}, OSError("the database is away"))])
    claim = messages_of_store.claim

    def failing(tx: Tx, wall: datetime) -> Row | None:
        failure = next(failures, None)
        if failure:
            raise failure
        return claim(tx, wall)

    monkeypatch.setattr(messages_of_store, "claim", failing)
    offered(at_work.store)
    until(at_work.cards)
    until(lambda: at_work.status() == ["sent"])


def test_a_message_that_cannot_be_drawn_does_not_hold_up_those_behind_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = offered(post.store), offered(post.store, "jonas")
    card = KINDS["card"]

    def broken(tx: Tx, message: Row) -> Draw:
        if message.subject == f"handoff:{first.id}":
            raise ZeroDivisionError
        return card(tx, message)

    monkeypatch.setitem(KINDS, "card", broken)
    post.deliver()
    [there] = post.cards()
    assert there["metadata"]["event_payload"]["subject"] == f"handoff:{second.id}"
    monkeypatch.setitem(KINDS, "card", card)
    post.deliver(after=61)
    assert len(post.cards()) == 2
