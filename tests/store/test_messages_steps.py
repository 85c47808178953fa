"""The life of a message step by step, the same on both databases."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.handoff.notices import Notice
from bot.store import messages
from bot.store.engine import Store, Tx
from bot.store.messages import GRACE, LEASE, Message
from bot.store.tables import messages as table
from tests.support import NOW

SECOND = timedelta(seconds=1)
CARD = Notice("handoff:1", "card", "C0SALES")
ESCALATION = Notice("handoff:1", "escalation", "C0SALES", "1", CARD)
REMINDER = Notice("handoff:1", "reminder", "U0ANA", "0")


@pytest.fixture
def tx(store: Store) -> Iterator[Tx]:
    with store.transaction() as open_one:
        yield open_one


def claimed(tx: Tx, wall: datetime = NOW) -> Message:
    message = messages.claim(tx, wall)
    assert message is not None
    return message


def status(tx: Tx) -> list[str]:
    return list(tx.execute(sa.select(table.c.status).order_by(table.c.id)).scalars())


def test_a_child_waits_for_its_parent_however_long(tx: Tx) -> None:
    messages.want(tx, ESCALATION, NOW)
    parent = claimed(tx)
    assert parent.kind == "card"
    assert messages.claim(tx, NOW) is None
    messages.fail(tx, parent, "no")
    assert messages.claim(tx, NOW + LEASE * 100) is None
    messages.touch(tx, "handoff:1")
    messages.sent(tx, claimed(tx), "C0SALES", "1.0")
    child = claimed(tx)
    assert (child.kind, child.thread_ts) == ("escalation", "1.0")


def test_a_message_whose_process_died_before_it_had_a_channel_was_certainly_not_posted(tx: Tx) -> None:
    messages.want(tx, REMINDER, NOW)
    claimed(tx)
    assert claimed(tx, NOW + LEASE + SECOND).action == "post"


def test_a_message_whose_process_died_later_is_looked_up_first(tx: Tx) -> None:
    messages.want(tx, CARD, NOW)
    first = claimed(tx)
    messages.store_channel(tx, first, "C0SALES")
    again = claimed(tx, NOW + LEASE + SECOND)
    assert (again.action, again.attempted_at, again.channel) == ("look_up", NOW, "C0SALES")
    assert messages.claim(tx, NOW + LEASE + SECOND) is None, "one process asks, not all"
    assert claimed(tx, NOW + 3 * LEASE).action == "look_up"


def test_grace_counts_from_the_moment_of_doubt(tx: Tx) -> None:
    messages.want(tx, CARD, NOW)
    messages.doubt(tx, claimed(tx), NOW + 30 * SECOND, "timed out")
    assert messages.claim(tx, NOW + 30 * SECOND + GRACE - SECOND) is None
    assert claimed(tx, NOW + 30 * SECOND + GRACE).action == "look_up"


def test_a_change_while_slack_refuses_is_tried(tx: Tx) -> None:
    messages.want(tx, CARD, NOW)
    message = claimed(tx)
    messages.touch(tx, "handoff:1")
    messages.fail(tx, message, "no")
    assert claimed(tx).drawing == 2


def test_many_changes_are_one_drawing(tx: Tx) -> None:
    messages.want(tx, CARD, NOW)
    for _ in range(5):
        messages.touch(tx, "handoff:1")
    assert claimed(tx).drawing == 6
    assert messages.claim(tx, NOW) is None


@pytest.mark.parametrize("mark", ["wait", "doubt", "fail", "still_in_doubt", "forget_address"])
def test_who_lost_the_lease_has_no_say(tx: Tx, mark: str) -> None:
    messages.want(tx, CARD, NOW)
    stale = claimed(tx)
    messages.sent(tx, claimed(tx, NOW + LEASE + SECOND), "C0SALES", "1.0")
    before = tx.execute(sa.select(table)).all()
    until = [NOW] if mark in {"wait", "doubt", "still_in_doubt"} else []
    getattr(messages, mark)(tx, stale, *until, "late")
    messages.sent(tx, stale, "C0SALES", "2.0")
    assert tx.execute(sa.select(table)).all() == before


def test_a_private_answer_is_given_within_a_minute_or_not_at_all(tx: Tx) -> None:
    messages.answer(tx, "U0ANA", "C0SALES", {"why": "unknown", "handoff": 0}, NOW)
    queued: datetime = tx.execute(sa.select(table.c.queued_at)).scalar_one()
    message = claimed(tx, queued + 59 * SECOND)
    messages.wait(tx, message, None, "not now")
    assert messages.claim(tx, queued + 61 * SECOND) is None
    assert status(tx) == ["dropped"]


def test_a_private_answer_whose_process_died_is_let_go(tx: Tx) -> None:
    messages.answer(tx, "U0ANA", "C0SALES", {"why": "unknown", "handoff": 0}, NOW)
    queued: datetime = tx.execute(sa.select(table.c.queued_at)).scalar_one()
    claimed(tx, queued)
    assert messages.claim(tx, queued + LEASE + SECOND) is None
    assert status(tx) == ["dropped"]
