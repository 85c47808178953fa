"""A press that comes twice at once, by any two processes, shares once; and the history agrees with the messages."""

import threading

import pytest
import sqlalchemy as sa

from bot.blocks.drawing import Drawing
from bot.funnel import OPERATOR, understood
from bot.kinds import KINDS
from bot.moves import share
from bot.moves.share import Press
from bot.stats.query import Cohort, Query, Window
from bot.store import notes, shares
from bot.store.engine import Store
from bot.store.messages import Message
from bot.store.tables import handoffs, messages
from tests.schemas import check
from tests.store.answer_kit import DAY, holding, offered
from tests.support import NOW, in_force

ASKED = Query(sub="overview", cohort=Cohort(Window(NOW, NOW, "30d")), previous=None, text="30d")
PRESS = Press("U0MAYA", "C0SALES", "C0SALES 1.1")


def count(store: Store) -> int:
    with store.reading() as tx:
        return tx.execute(sa.select(sa.func.count()).where(messages.c.kind == "share")).scalar_one()


@pytest.mark.parametrize("directly", [True, False])
def test_four_presses_at_once_are_one(store: Store, directly: bool) -> None:
    in_force(store)
    begin, news = threading.Barrier(4), []

    def press() -> None:
        begin.wait()
        if directly:
            news.append(share.send(store, NOW, PRESS, ASKED))
        else:
            news.append(share.share(store, NOW, PRESS, ASKED, "C0NORTH", names=False))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(news) == [False, False, False, True]
    assert count(store) == 1
    with store.reading() as tx:
        [one] = shares.newest(tx, 9)
    assert (one.by, one.how, one.where) == ("maya", "dm" if directly else "share", None if directly else "C0NORTH")


def test_the_same_answer_goes_to_another_channel_as_well(store: Store) -> None:
    in_force(store)
    for channel in ("C0NORTH", "C0SALES", "C0NORTH"):
        share.share(store, NOW, PRESS, ASKED, channel, names=False)
    assert count(store) == 2


# Drawn by delivery, from a database that is only read


@pytest.mark.parametrize(
    "text", ["30d by source", "reps 30d", "note", 'note "x"', "note remove 1", "open", "help", "criteria", "30d csv",
             "explain accept_rate", "overveiw"],
)  # fmt: skip
def test_a_private_answer_is_drawn_whatever_was_asked(store: Store, text: str) -> None:
    with holding(store, offered(DAY, many=4), offered(DAY, "accepted", many=3)):
        pass
    share.ask(store, NOW, PRESS, text)
    [drawing] = drawn(store)
    assert len(drawing.text) > 20
    with store.reading() as tx:
        assert notes.newest(tx, 9) == []


def test_a_shared_answer_is_as_of_its_moment_and_names_nobody(store: Store) -> None:
    with holding(store, offered(DAY, many=4), offered(DAY, "accepted", many=3, owner="ben", first_owner="ben")):
        pass
    with store.reading() as tx:
        asked = understood(tx, "by rep", NOW, OPERATOR)
    assert isinstance(asked, Query)
    share.share(store, NOW, PRESS, asked, "C0NORTH", names=False)
    [drawing] = drawn(store)
    assert "Shared by <@U0MAYA>" in drawing.text
    assert "Handed off  7 in" in drawing.text
    assert "Ana" not in drawing.text
    assert "Ben" not in drawing.text
    with store.transaction() as tx:
        tx.execute(sa.update(handoffs).values(state="rejected", rejected_at=NOW + DAY, accepted_at=None))
        tx.execute(sa.update(handoffs).values(offered_at=NOW + DAY).where(handoffs.c.id == 1))
    assert "Handed off  6 in" in drawn(store)[0].text, "one of them was not there yet"


def drawn(store: Store) -> list[Drawing]:
    """All messages as delivery would draw them."""
    with store.reading() as tx:
        found = []
        for row in tx.execute(sa.select(messages).order_by(messages.c.id)).all():
            name = (row.id, row.subject, row.kind, row.recipient, row.occurrence, row.detail)
            message = Message(*name, 1, NOW, NOW, row.channel, row.ts, None, "post")
            found.append(KINDS[row.kind](tx, message)(None))  # type: ignore[arg-type]
    for drawing in found:
        assert check.call("chat.postMessage", {"channel": "C1", "text": drawing.text, "blocks": drawing.blocks}) == []
    return found
