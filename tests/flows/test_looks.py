"""Charts and tables that not every workspace takes: tried in messages, remembered, and in acks only once taken."""

from datetime import timedelta

import pytest

from bot.blocks import ids
from bot.blocks.funnel.shapes import CHART, DATA_TABLE, NATIVE, TABLE
from bot.delivery import Delivery
from bot.handoff.notices import Notice
from bot.store import messages as messages_of_store
from bot.store import shares
from tests.flows.post_kit import GRACE, Post
from tests.flows.share_kit import Asker, fill, kept, known, statuses, types, usual
from tests.flows.slack_kit import MAYA, NORTH, SALES, Json, Office
from tests.support import NOW, offered

DAY = timedelta(days=1)


@pytest.fixture
def maya(baton: Office) -> Asker:
    """A manager of a company with some numbers."""
    fill(baton.store, baton.now, usual())
    return Asker(baton, MAYA)


def native(message: Json) -> set[str]:
    return set(types(message)) & set(NATIVE)


def shared(maya: Asker, text: str = "by source") -> Json:
    assert maya.share(maya.ask(text), NORTH) == {"ok": True}
    return maya.office.page.posted("share", NORTH)[-1]


def without(maya: Asker, *refused: str) -> None:
    """It is a workspace whose Slack does not know these blocks."""
    answer = maya.office.page.person(MAYA).post("/page/blocks", {"without": list(refused)})
    assert answer == {"ok": True}, answer


def tries(maya: Asker, method: str = "chat.postMessage") -> int:
    return len(maya.office.page.calls(method))


def test_an_ack_has_them_only_once_a_message_with_them_was_taken(maya: Asker) -> None:
    assert native(maya.ask("by source")) == set()
    maya.press(f"{ids.FUNNEL_ASK}_0", maya.newest(), "by source")
    assert DATA_TABLE in native(maya.newest())
    assert native(maya.ask("by source")) == set(), "what one person was shown for a moment says nothing"
    assert DATA_TABLE in native(shared(maya))
    assert known(maya.office.store, maya.office.now)[DATA_TABLE] is True
    assert DATA_TABLE in native(maya.ask("by source"))


def test_what_is_refused_goes_out_in_plainer_blocks_and_is_not_tried_again(maya: Asker) -> None:
    without(maya, CHART, DATA_TABLE)
    assert native(shared(maya)) == {TABLE}
    assert tries(maya) == 2
    found = known(maya.office.store, maya.office.now)
    assert (found[DATA_TABLE], found[TABLE]) == (False, True)
    assert native(shared(maya)) == {TABLE}
    assert tries(maya) == 3, "known by now"
    assert native(maya.ask("by source")) == {TABLE}
    assert len(maya.office.page.posted("share", NORTH)) == 2


def test_where_none_is_taken_it_is_text(maya: Asker) -> None:
    without(maya, *NATIVE)
    first = shared(maya)
    assert native(first) == set()
    assert "webinar" in str(first["blocks"])
    before = tries(maya)
    shared(maya)
    assert tries(maya) == before + 1
    assert native(maya.ask("by source")) == set()


def test_after_thirty_days_it_is_tried_again(maya: Asker) -> None:
    without(maya, *NATIVE)
    shared(maya)
    without(maya)
    maya.office.wall.pass_by(29 * DAY.total_seconds())
    assert native(shared(maya)) == set()
    maya.office.wall.pass_by(2 * DAY.total_seconds())
    assert DATA_TABLE in native(shared(maya))
    assert DATA_TABLE in native(maya.ask("by source"))


def test_a_refusal_that_comes_again_counts_for_another_thirty_days(maya: Asker) -> None:
    without(maya, *NATIVE)
    shared(maya)
    maya.office.wall.pass_by(31 * DAY.total_seconds())
    shared(maya)
    before = tries(maya)
    shared(maya)
    assert tries(maya) == before + 1


def test_what_was_taken_once_and_is_refused_now_leaves_the_acks(maya: Asker) -> None:
    answer = maya.ask("by source")
    maya.share(answer, NORTH)
    without(maya, *NATIVE)
    maya.share(answer, NORTH)
    assert native(maya.ask("by source")) == set()


def test_a_private_answer_tries_in_the_same_way(maya: Asker) -> None:
    without(maya, *NATIVE)
    maya.press(f"{ids.FUNNEL_ASK}_0", maya.ask("by source"), "by source")
    assert native(maya.newest()) == set()
    assert len(maya.seen()) == 2
    assert not any(known(maya.office.store, maya.office.now).values())


def test_words_that_are_refused_say_nothing_about_charts(maya: Asker) -> None:
    """The fault is ours, in what all drawings share."""
    maya.form(maya.ask("by source"))
    maya.office.page.fault("chat.postMessage", "error:invalid_blocks", times=3)
    maya.submit(NORTH)
    [sent] = maya.office.page.posted("share", NORTH)
    assert types(sent) == ["section"]
    assert known(maya.office.store, maya.office.now) == {}


def test_a_message_that_cannot_be_made_plainer_fails_once(maya: Asker) -> None:
    maya.form(maya.ask("by source"))
    maya.office.page.fault("chat.postMessage", "error:invalid_blocks", times=9)
    maya.submit(NORTH)
    assert statuses(maya.office.store, "share") == ["failed"]
    assert tries(maya) == 4


# Never two of them


def test_when_nobody_knows_whether_the_plainer_one_arrived_it_is_looked_up(maya: Asker) -> None:
    without(maya, CHART, DATA_TABLE)
    maya.form(maya.ask("by source"))
    maya.office.page.fault("chat.postMessage", "error:invalid_blocks")
    maya.office.page.fault("chat.postMessage", "drop_after_store")
    maya.submit(NORTH)
    assert statuses(maya.office.store, "share") == ["uncertain"]
    maya.office.wall.pass_by(GRACE)
    maya.office.delivery.drain()
    assert statuses(maya.office.store, "share") == ["sent"]
    assert len(maya.office.page.posted("share", NORTH)) == len(kept(maya.office.store)) == 1


def test_a_process_that_dies_between_two_tries_leaves_one_message(post: Post) -> None:
    """The refused try posted nothing; whoever comes after looks it up and posts it."""
    fill(post.store, NOW, usual())
    detail = {"asked": "30d by source", "at": NOW.isoformat(), "by": MAYA, "names": False, "from": SALES}
    with post.store.transaction() as tx:
        assert messages_of_store.once(tx, Notice(f"share:{MAYA}", "share", NORTH, "once"), NOW, detail)
        assert not messages_of_store.once(tx, Notice(f"share:{MAYA}", "share", NORTH, "once"), NOW, detail)
        assert shares.newest(tx, 1) == []
    post.page.fault("chat.postMessage", "error:invalid_blocks")

    def die() -> None:
        def again() -> None:
            raise KeyboardInterrupt

        post.slack.before_post = again

    post.slack.before_post = die
    with pytest.raises(KeyboardInterrupt):
        post.deliver()
    assert post.status("share") == ["sending"]
    post.deliver(after=61)
    assert post.page.calls("conversations.history")
    assert (len(post.page.posted("share", NORTH)), post.status("share")) == (1, ["sent"])


def test_a_card_is_drawn_plainly_as_before_and_remembers_nothing(post: Post) -> None:
    offered(post.store)
    post.page.fault("chat.postMessage", "error:invalid_blocks")
    Delivery(post.store, post.slack, post.wall).drain()
    [card] = post.cards()
    assert types(card) == ["section", "actions"]
    assert known(post.store, post.wall()) == {}
