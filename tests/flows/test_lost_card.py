"""Slack takes nothing where a message belongs: a person gets it directly, operations hears, nothing waits for ever."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.blocks import ids
from bot.delivery import Delivery
from bot.handoff.events import Kind
from bot.handoff.states import Handoff, State
from bot.lead import Signal
from bot.moves import lost_card
from bot.moves.decisions import Grounds, accept, reject
from bot.moves.hand_on import reassign
from bot.moves.receive import Incoming, receive
from bot.slack import NO_CHANNEL, Uncertain
from bot.store import history
from bot.store.engine import Store
from bot.store.tables import messages
from bot.sweep import sweep
from tests.flows.post_kit import GRACE, Post
from tests.flows.slack_kit import ANA, BEN, FEEDBACK, MAYA, NORTH, SALES, Office, buttons, shown
from tests.support import HOUR, NOW, PEOPLE, by, hot, in_force, offered, standing

Lose = Callable[[Post], None]


def archived(post: Post) -> None:
    act(post, "archive", SALES)


def put_out(post: Post) -> None:
    act(post, "remove_app", SALES)


def put_out_of_a_private_one(post: Post) -> None:
    post.page.world.channels[SALES].private = True
    put_out(post)


def act(post: Post, what: str, channel: str, user: str = MAYA) -> None:
    assert post.page.person(user).act(what, channel=channel) == {"ok": True}


def mend(post: Post) -> None:
    act(post, "unarchive", SALES)
    act(post, "invite_app", SALES)


def kinds(post: Post, place: str) -> list[str]:
    return [one["metadata"]["event_payload"]["kind"] for one in post.page.everything(place)]


def tries(post: Post, channel: str = SALES) -> int:
    return len([one for one in post.page.calls("chat.postMessage", "chat.update") if one["args"]["channel"] == channel])


def happened(store: Store, handoff: Handoff) -> list[Kind]:
    with store.reading() as tx:
        return [event.kind for event in history.of_handoff(tx, handoff.id)]


def unsettled(post: Post) -> list[str]:
    with post.store.reading() as tx:
        query = sa.select(messages.c.kind, messages.c.recipient).where(
            messages.c.status.in_(["waiting", "sending", "uncertain"])
        )
        return [f"{row.kind} to {row.recipient}" for row in tx.execute(query)]


EVERY_WAY = pytest.mark.parametrize("lose", [archived, put_out, put_out_of_a_private_one])


@EVERY_WAY
def test_a_card_that_its_channel_does_not_take_goes_to_its_owner_at_once(post: Post, lose: Lose) -> None:
    lose(post)
    handoff = offered(post.store)
    post.deliver()
    [card] = post.page.posted("card", ANA)
    assert {ids.ACCEPT, ids.REJECT} <= set(buttons(card))
    assert (tries(post), unsettled(post)) == (1, [])
    assert standing(post.store, handoff.id).channel == ANA
    assert happened(post.store, handoff) == [Kind.OFFERED, Kind.REDIRECTED]

    accept(post.store, NOW, by(ANA, handoff))
    post.deliver(after=3600)
    [card] = post.page.posted("card", ANA)
    assert ids.UNDO in buttons(card)
    assert tries(post) == 1, "what was never shown there is not redrawn there"


@pytest.mark.parametrize("error", sorted(NO_CHANNEL | {"restricted_action", "restricted_action_read_only_channel"}))
def test_whatever_slack_calls_it_the_card_goes_to_its_owner(post: Post, error: str) -> None:
    post.page.fault("chat.postMessage", f"error:{error}")
    offered(post.store)
    post.deliver()
    assert kinds(post, ANA) == ["card"]
    assert error in shown(post.page.posted("channel_lost", MAYA)[0])


def test_its_buttons_work_in_the_direct_message(baton: Office) -> None:
    assert baton.page.person(MAYA).act("archive", channel=SALES) == {"ok": True}
    handoff = offered(baton.store, now=baton.now)
    baton.delivery.drain()
    [card] = baton.page.posted("card", ANA)
    baton.press(ANA, ids.ACCEPT, card)
    assert baton.state(handoff) == "accepted"
    [card] = baton.page.posted("card", ANA)
    baton.press(ANA, ids.UNDO, card)
    assert baton.state(handoff) == "offered"


@EVERY_WAY
def test_operations_hears_once_a_day_which_channel_it_is(post: Post, lose: Lose) -> None:
    lose(post)
    for name in ("elena", "jonas", "priya"):
        offered(post.store, name)
    post.deliver()
    [told] = post.page.posted("channel_lost", MAYA)
    assert f"<#{SALES}>" in shown(told)
    post.now = NOW + timedelta(days=1)
    offered(post.store, "mia", post.now)
    post.deliver()
    assert len(post.page.posted("channel_lost", MAYA)) == 2


def test_every_new_card_is_tried_in_the_channel_first_so_it_heals_by_itself(post: Post) -> None:
    archived(post)
    offered(post.store)
    post.deliver()
    mend(post)
    second = offered(post.store, "jonas")
    post.deliver()
    assert [one["metadata"]["event_payload"]["subject"] for one in post.cards()] == [f"handoff:{second.id}"]


@pytest.mark.parametrize("lose", [archived, put_out_of_a_private_one])
def test_a_card_that_was_shown_moves_to_its_owner_with_its_next_change(post: Post, lose: Lose) -> None:
    """It stands in a channel where nobody may be left; there it stays as it is."""
    handoff = offered(post.store)
    post.deliver()
    lose(post)
    receive(post.store, NOW, Incoming(hot().lead, [Signal("again", "pricing_request", NOW)]))
    post.deliver()
    post.deliver(after=3600)
    assert ids.ACCEPT in buttons(post.page.posted("card", ANA)[0])
    assert standing(post.store, handoff.id).channel == ANA
    assert tries(post) <= 3, "not in a loop"
    assert unsettled(post) == []


def test_once_the_channel_is_mended_the_card_there_says_where_it_went(post: Post) -> None:
    handoff = offered(post.store)
    post.deliver()
    archived(post)
    receive(post.store, NOW, Incoming(hot().lead, [Signal("again", "pricing_request", NOW)]))
    post.deliver()
    mend(post)
    accept(post.store, NOW, by(ANA, handoff))
    post.deliver()
    [there] = post.cards()
    assert "moved" in there["text"]
    assert buttons(there) == []


def test_what_stands_under_a_lost_card_goes_to_the_manager(post: Post) -> None:
    offered(post.store)
    post.deliver()
    archived(post)
    sweep(post.store, NOW + 4 * HOUR)
    post.deliver()
    assert kinds(post, MAYA).count("escalation") == 1
    assert kinds(post, ANA).count("card") == 1
    assert unsettled(post) == []


def test_what_waits_for_a_card_that_was_never_shown_does_not_wait_for_ever(post: Post) -> None:
    """Delivery was down for hours: both are due at once."""
    archived(post)
    offered(post.store)
    sweep(post.store, NOW + 4 * HOUR)
    post.deliver()
    assert kinds(post, MAYA).count("escalation") == 1
    assert kinds(post, ANA).count("card") == 1
    assert unsettled(post) == []
    mend(post)
    post.deliver(after=3600)
    assert "escalation" not in kinds(post, SALES), "once is enough"


def test_an_expired_lead_is_told_to_the_manager_who_can_still_have_it_taken(post: Post) -> None:
    handoff = offered(post.store)
    post.deliver()
    archived(post)
    post.now = NOW + timedelta(days=3)
    sweep(post.store, post.now)
    post.deliver()
    assert standing(post.store, handoff.id).state is State.EXPIRED
    [told] = post.page.posted("expiry", MAYA)
    assert ids.TAKE in buttons(told)
    assert len(post.page.posted("channel_lost", MAYA)) == 1
    assert unsettled(post) == []


def test_a_withdrawn_lead_is_told_to_the_one_who_might_be_calling(post: Post) -> None:
    handoff = offered(post.store)
    post.deliver()
    accept(post.store, NOW, by(ANA, handoff))
    post.deliver()
    archived(post)
    receive(post.store, NOW, Incoming(hot().lead, [Signal("out", "opt_out", NOW)]))
    post.deliver()
    assert "withdrawn" in kinds(post, ANA)
    assert unsettled(post) == []


def test_a_card_in_doubt_whose_channel_is_lost_meanwhile_is_not_looked_for_for_ever(post: Post) -> None:
    handoff = offered(post.store)

    def hang() -> None:
        raise Uncertain("timed out")

    post.slack.before_post = hang
    post.deliver()
    archived(post)
    post.deliver(after=GRACE)
    assert standing(post.store, handoff.id).channel == ANA
    assert kinds(post, ANA).count("card") == 1
    assert unsettled(post) == []


def test_a_crash_between_the_two_steps_does_neither_twice(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    archived(post)
    handoff = offered(post.store)

    def crash(*_: object) -> None:
        raise RuntimeError("the process is killed here")

    with monkeypatch.context() as patched:
        patched.setattr(lost_card.lost, "let_go", crash)
        with pytest.raises(RuntimeError):
            post.deliver()
    for _ in range(4):
        Delivery(post.store, post.slack, post.wall, lambda: NOW).drain()
        post.wall.pass_by(61)
    assert kinds(post, ANA).count("card") == 1
    assert happened(post.store, handoff).count(Kind.REDIRECTED) == 1
    assert unsettled(post) == []


def test_a_lead_that_is_passed_on_comes_back_to_the_channel_once_that_is_mended(post: Post) -> None:
    archived(post)
    handoff = offered(post.store)
    post.deliver()
    mend(post)
    reassign(post.store, NOW, by(MAYA, handoff), "ben")
    post.deliver()
    [card] = post.cards()
    assert ids.ACCEPT in buttons(card)
    assert standing(post.store, handoff.id).channel == SALES


def test_a_lead_that_is_passed_on_while_it_is_not_goes_to_the_new_owner(post: Post) -> None:
    archived(post)
    handoff = offered(post.store)
    post.deliver()
    reassign(post.store, NOW, by(MAYA, handoff), "ben")
    post.deliver()
    [card] = post.page.posted("card", BEN)
    assert ids.ACCEPT in buttons(card)
    [former] = post.page.posted("card", ANA)
    assert buttons(former) == []


def test_a_lead_that_left_a_channel_stays_where_it_is_when_that_one_is_lost(post: Post) -> None:
    north = "  north: {name: North, channel: C0NORTH, manager: maya, members: [ben]}\nfeedback"
    in_force(post.store, people=PEOPLE.replace("[ana, ben]", "[ana]").replace("feedback", north, 1))
    handoff = offered(post.store)
    post.deliver()
    reassign(post.store, NOW, by(MAYA, handoff), "ben")
    post.deliver()
    archived(post)
    receive(post.store, NOW, Incoming(hot().lead, [Signal("again", "pricing_request", NOW)]))
    post.deliver()
    now = standing(post.store, handoff.id)
    assert (handoff.channel, now.owner, now.channel) == (SALES, "ben", NORTH)
    assert kinds(post, BEN) == ["handed_to"]
    assert unsettled(post) == []


# Channels that belong to all


def test_feedback_waits_for_its_channel_and_operations_hears_of_it(post: Post) -> None:
    handoff = offered(post.store)
    post.deliver()
    act(post, "archive", FEEDBACK)
    reject(post.store, NOW, by(ANA, handoff), Grounds("NOT_READY", "no budget"))
    for _ in range(5):
        post.deliver(after=60)
    assert tries(post, FEEDBACK) == 1, "not every minute: there may be many"
    assert f"<#{FEEDBACK}>" in shown(post.page.posted("channel_lost", MAYA)[0])
    act(post, "unarchive", FEEDBACK)
    act(post, "invite_app", FEEDBACK)
    post.deliver(after=600)
    assert kinds(post, FEEDBACK) == ["thread", "feedback"]


def test_what_is_in_doubt_in_a_channel_that_is_lost_is_looked_for_once_it_is_mended(post: Post) -> None:
    handoff = offered(post.store)
    post.deliver()
    reject(post.store, NOW, by(ANA, handoff), Grounds("NOT_READY", "no budget"))
    post.page.fault("chat.postMessage", "drop_after_store")
    post.deliver()
    act(post, "archive", FEEDBACK)
    post.deliver(after=GRACE)
    act(post, "unarchive", FEEDBACK)
    act(post, "invite_app", FEEDBACK)
    post.deliver(after=601)
    assert kinds(post, FEEDBACK) == ["thread", "feedback"], "it had arrived: it is not posted again"


def test_what_operations_is_told_reaches_them_without_their_channel(post: Post) -> None:
    in_force(post.store, people=PEOPLE + "ops_channel: C0FEEDBACK\n")
    act(post, "archive", FEEDBACK)
    archived(post)
    offered(post.store)
    post.deliver()
    told = [shown(one) for one in post.page.posted("channel_lost", MAYA)]
    assert sorted(channel for channel in (SALES, FEEDBACK) for one in told if f"<#{channel}>" in one) == [
        FEEDBACK,
        SALES,
    ]
    assert unsettled(post) == []


# Private answers


@pytest.mark.parametrize("lose", [archived, put_out])
def test_whoever_presses_a_card_in_a_lost_channel_is_answered_directly(post: Post, lose: Lose) -> None:
    handoff = offered(post.store)
    post.deliver()
    lose(post)
    accept(post.store, NOW, by(BEN, handoff))
    post.deliver()
    [answer] = post.page.posted("answer", BEN)
    assert f"<@{ANA}>" in answer["text"]
    assert unsettled(post) == []
