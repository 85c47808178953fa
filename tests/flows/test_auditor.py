"""The auditor against a real Slack stand-in: a deleted card comes back, and operations reads what was wrong."""

from datetime import timedelta

from bot.auditor import STUCK, Auditor
from bot.handoff.finding import Trouble
from tests.flows.slack_kit import MAYA, SALES, Office
from tests.support import NOW, offered


def test_a_card_that_somebody_deleted_is_posted_again_and_operations_is_told(baton: Office) -> None:
    store = baton.baton.store
    offered(store)
    baton.delivery.drain()
    (card,) = baton.page.posted("card")
    auditor = Auditor(store, baton.baton.slack, lambda: NOW, baton.wall)
    assert auditor.look() == []
    assert baton.page.person(MAYA).act("delete_message", channel=SALES, ts=card["ts"]) == {"ok": True}
    assert [one.kind for one in auditor.look()] == [Trouble.CARD_LOST]
    baton.delivery.drain()
    (again,) = baton.page.posted("card")
    assert again["ts"] != card["ts"]
    assert auditor.look() == []
    (told,) = baton.page.posted("audit", MAYA)  # nobody has role ops, and there is no ops_channel
    assert "cards were deleted in Slack" in told["text"]


def test_a_message_that_waits_is_found_until_it_has_gone_out(baton: Office) -> None:
    store = baton.baton.store
    offered(store)
    later = [baton.wall() + STUCK + timedelta(seconds=1)]
    auditor = Auditor(store, baton.baton.slack, lambda: NOW, lambda: later[0])
    assert [one.kind for one in auditor.look()] == [Trouble.MESSAGE_STUCK]
    baton.delivery.drain()
    assert auditor.look() == []
    assert "messages are not getting through" in baton.page.posted("audit", MAYA)[0]["text"]
