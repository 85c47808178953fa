"""Claim, reassign, snooze, and "why me, why then": pressed, refused and read through the real thing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.blocks import ids
from bot.blocks.text import calendar_day
from bot.handoff.events import Kind
from bot.handoff.states import Handoff
from bot.lead import Leave
from bot.store import absences, history
from tests.flows.by_hand import knock, press_by_hand
from tests.flows.slack_kit import ANA, BEN, MAYA, STRANGER, TOM, Json, Office, buttons, rows, shown
from tests.support import HOUR, standing

MINUTE = timedelta(minutes=1)


def kinds(office: Office, handoff: Handoff) -> list[Kind]:
    with office.store.reading() as tx:
        return [event.kind for event in history.of_handoff(tx, handoff.id)]


def overdue(office: Office) -> tuple[Handoff, Json]:
    """Ana's, and nobody has answered in time."""
    handoff, _ = office.offer()
    office.let_pass(4 * HOUR)
    return handoff, office.card(handoff)


def choose(office: Office, who: str, action: str, handoff: Handoff, minutes: int | None = None) -> None:
    """An entry of the card's menu."""
    office.press(who, ids.MORE, office.card(handoff), ids.entry(action, handoff.id, minutes))


# Claim


@pytest.mark.parametrize(("who", "key"), [(BEN, "ben"), (MAYA, "maya")])
def test_a_teammate_claims_what_is_overdue_with_one_click(baton: Office, who: str, key: str) -> None:
    handoff, card = overdue(baton)
    baton.press(who, ids.CLAIM, card)

    after = standing(baton.store, handoff.id)
    assert (after.owner, after.state, after.due_at, after.breached_by) == (key, handoff.state, handoff.due_at, "ana")
    assert baton.page.whispers(who) == []
    assert len(baton.page.posted("handed_from", ANA)) == 1, "who had it is told"
    assert ids.CLAIM not in shown(baton.card(handoff)), "nobody takes it from whoever stepped in"
    baton.press(who, ids.ACCEPT, baton.card(handoff))
    assert standing(baton.store, handoff.id).decided_by == key


def test_before_it_is_overdue_a_claim_says_from_when_on(baton: Office) -> None:
    handoff, card = baton.offer()
    assert ids.CLAIM not in buttons(card)
    before = rows(baton.store)
    press_by_hand(baton, BEN, ids.CLAIM, str(handoff.id))
    [whisper] = baton.page.whispers(BEN)
    assert "<@U0ANA> has <!date^" in whisper
    assert rows(baton.store) == before


def test_its_owner_has_it_already(baton: Office) -> None:
    _, card = overdue(baton)
    before = rows(baton.store)
    baton.press(ANA, ids.CLAIM, card)
    [whisper] = baton.page.whispers(ANA)
    assert "<@U0ANA> has Elena" in whisper
    assert rows(baton.store) == before


def test_nobody_takes_it_from_whoever_stepped_in(baton: Office) -> None:
    """An old screen still shows the button."""
    handoff, card = overdue(baton)
    baton.press(BEN, ids.CLAIM, card)
    before = rows(baton.store)
    for who in (ANA, MAYA, BEN):
        press_by_hand(baton, who, ids.CLAIM, str(handoff.id))
        [whisper] = baton.page.whispers(who)
        assert "<@U0BEN> has" in whisper
    assert rows(baton.store) == before
    baton.press(ANA, ids.ACCEPT, card)
    assert "is <@U0BEN>'s" in baton.page.whispers(ANA)[-1]


def test_of_two_claims_at_once_one_holds_and_the_other_is_told(baton: Office) -> None:
    handoff, card = overdue(baton)
    with ThreadPoolExecutor(4) as pool:
        clicks = [pool.submit(baton.page.press, who, ids.CLAIM, card) for who in (BEN, MAYA, BEN, MAYA)]
        for done in clicks:
            done.result()
    baton.delivery.drain()
    owner = standing(baton.store, handoff.id).owner
    assert kinds(baton, handoff).count(Kind.CLAIMED) == 1
    whispers = baton.page.whispers(BEN) + baton.page.whispers(MAYA)
    named = {"ben": "<@U0BEN>", "maya": "<@U0MAYA>"}[owner or ""]
    assert len(whispers) == 3
    assert all(f"{named} has" in one for one in whispers)


# Reassign


def reassign(office: Office, handoff: Handoff, to: str, who: str = MAYA) -> Json:
    choose(office, who, ids.REASSIGN, handoff)
    sent = office.page.fill(who, **{ids.NEW_OWNER: to})
    office.delivery.drain()
    return sent


def test_the_manager_gives_it_to_whom_they_choose(baton: Office) -> None:
    handoff, _ = baton.offer()
    assert reassign(baton, handoff, BEN) == {"ok": True}

    after = standing(baton.store, handoff.id)
    assert (after.owner, after.due_at) == ("ben", handoff.due_at)
    assert len(baton.page.posted("handed_to", BEN)) == 1
    assert len(baton.page.posted("handed_from", ANA)) == 1
    assert baton.page.modals(MAYA) == []
    assert reassign(baton, handoff, ANA) == {"ok": True}, "and back, if they think so"


@pytest.mark.parametrize(
    ("to", "words"), [(ANA, "They have it already"), (TOM, "no sales team"), (STRANGER, "I don't know them")]
)
def test_who_cannot_have_it_is_refused_at_the_field(baton: Office, to: str, words: str) -> None:
    handoff, _ = baton.offer()
    before = rows(baton.store)
    sent = reassign(baton, handoff, to)
    assert words in sent["errors"][ids.NEW_OWNER]
    assert rows(baton.store) == before
    assert baton.page.whispers(MAYA) == []
    assert baton.page.fill(MAYA, **{ids.NEW_OWNER: BEN}) == {"ok": True}
    assert standing(baton.store, handoff.id).owner == "ben"


def test_a_form_sent_twice_moves_it_once(baton: Office) -> None:
    handoff, _ = baton.offer()
    reassign(baton, handoff, BEN)
    before = rows(baton.store)
    assert knock(baton.address, baton.page.deliveries()[-1]["body"]) == 200
    assert rows(baton.store) == before


@pytest.mark.parametrize("user", [ANA, BEN, TOM, STRANGER])
def test_only_the_manager_s_form_counts(baton: Office, user: str) -> None:
    handoff, _ = baton.offer()
    reassign(baton, handoff, ANA)  # refused, and leaves a real payload behind
    payload: Json = baton.page.deliveries()[-1]["body"] | {"user": {"id": user}}
    payload["view"]["state"]["values"][ids.NEW_OWNER][ids.NEW_OWNER]["selected_user"] = BEN
    before = rows(baton.store)
    assert knock(baton.address, payload) == 200
    baton.delivery.drain()
    assert rows(baton.store) == before
    assert len(baton.page.whispers(user)) == 1


def test_a_form_that_a_decision_overtook_closes_and_says_whose(baton: Office) -> None:
    handoff, card = baton.offer()
    choose(baton, MAYA, ids.REASSIGN, handoff)
    baton.press(ANA, ids.ACCEPT, card)
    before = rows(baton.store)
    assert baton.page.fill(MAYA, **{ids.NEW_OWNER: BEN}) == {"ok": True}
    baton.delivery.drain()
    assert rows(baton.store) == before
    [whisper] = baton.page.whispers(MAYA)
    assert "Accepted by <@U0ANA>" in whisper


def test_a_form_opened_before_somebody_stepped_in_takes_nothing_from_them(baton: Office) -> None:
    handoff, card = overdue(baton)
    choose(baton, MAYA, ids.REASSIGN, handoff)
    baton.press(BEN, ids.CLAIM, card)
    before = rows(baton.store)
    assert baton.page.fill(MAYA, **{ids.NEW_OWNER: MAYA}) == {"ok": True}
    baton.delivery.drain()
    assert rows(baton.store) == before
    [whisper] = baton.page.whispers(MAYA)
    assert "has changed hands. <@U0BEN> has it now" in whisper
    assert reassign(baton, handoff, ANA) == {"ok": True}, "with a form that says whose it is"


@pytest.mark.parametrize("days", [3, None])
def test_the_manager_reads_that_the_new_owner_is_away_and_it_is_theirs_all_the_same(
    baton: Office, days: int | None
) -> None:
    handoff, _ = baton.offer()
    today = baton.now.date()
    last = today + timedelta(days=days) if days else None
    with baton.store.transaction() as tx:
        absences.begin(tx, "ben", Leave(today, last, "Skiing <!channel>"), "ben", baton.now)
    assert reassign(baton, handoff, BEN) == {"ok": True}
    assert standing(baton.store, handoff.id).owner == "ben"
    [view] = baton.page.modals(MAYA)
    until = f" until {calendar_day(last)}" if last else ""
    words = f":palm_tree: *Ben Okafor* is away{until}: Skiing &lt;!channel&gt;. The lead is theirs all the same."
    assert view["blocks"][0]["text"]["text"] == words
    assert view["submit"] is None


def test_a_leave_that_is_over_or_yet_to_come_is_not_mentioned(baton: Office) -> None:
    handoff, _ = baton.offer()
    today, day = baton.now.date(), timedelta(days=1)
    with baton.store.transaction() as tx:
        absences.begin(tx, "ben", Leave(today - 3 * day, today - day, "Skiing"), "ben", baton.now)
        absences.begin(tx, "ben", Leave(today + 20 * day, today + 30 * day, "Skiing"), "ben", baton.now)
    reassign(baton, handoff, BEN)
    assert baton.page.modals(MAYA) == []


# Snooze


@pytest.mark.parametrize("minutes", ids.SNOOZES)
def test_a_reminder_can_be_put_off_once_and_comes_then(baton: Office, minutes: int) -> None:
    handoff, _ = baton.offer()
    choose(baton, ANA, ids.SNOOZE, handoff, minutes)

    after = standing(baton.store, handoff.id)
    until = after.snoozed_until
    assert until is not None
    assert abs(until - (handoff.offered_at + minutes * MINUTE)) < MINUTE
    assert (after.due_at, after.owner) == (handoff.due_at, "ana")
    assert ids.SNOOZE not in shown(baton.card(handoff))

    before = rows(baton.store)
    press_by_hand(baton, ANA, f"{ids.SNOOZE}_30", str(handoff.id))
    [whisper] = baton.page.whispers(ANA)
    assert "has been put off once, <!date^" in whisper
    assert rows(baton.store) == before

    baton.let_pass((minutes + 1) * MINUTE)
    assert Kind.REMINDED in kinds(baton, handoff)
    assert len(baton.page.posted("nudge", ANA)) == 1


def test_what_is_due_sooner_than_that_cannot_wait(baton: Office) -> None:
    handoff, _ = baton.offer()
    baton.let_pass(3.5 * HOUR)
    before = rows(baton.store)
    press_by_hand(baton, ANA, f"{ids.SNOOZE}_120", str(handoff.id))
    [whisper] = baton.page.whispers(ANA)
    assert "which is sooner than that" in whisper
    assert rows(baton.store) == before


# Why me, why then


@pytest.mark.parametrize("who", [ANA, BEN, MAYA, TOM])
def test_everybody_the_company_knows_may_ask_why_me_and_why_then(baton: Office, who: str) -> None:
    handoff, _ = baton.offer()
    before = rows(baton.store)
    choose(baton, who, ids.GROUNDS, handoff)
    [view] = baton.page.modals(who)
    assert view["title"]["text"] == "Why me, why then"
    assert "Ana Ruiz" in str(view["blocks"])
    assert rows(baton.store) == before


def test_a_stranger_may_not_ask(baton: Office) -> None:
    handoff, _ = baton.offer()
    choose(baton, STRANGER, ids.GROUNDS, handoff)
    assert baton.page.modals(STRANGER) == []
    [whisper] = baton.page.whispers(STRANGER)
    assert "don't know you" in whisper
