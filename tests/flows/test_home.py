"""The home tab: opened, read and pressed through the real thing, by everybody."""

from datetime import timedelta
from typing import Any

import pytest

from bot.blocks import ids
from bot.lead import Leave
from bot.moves.attendance import go_away
from bot.store import absences
from tests.flows.by_hand import knock, press_by_hand, tell
from tests.flows.slack_kit import ANA, BEN, MAYA, STRANGER, TOM, Json, Office, elements, rows
from tests.playground.kit import until
from tests.support import HOUR


def words(view: Json) -> str:
    return str(view["blocks"])


def pressable(view: Json) -> list[tuple[str, str]]:
    """All buttons of the tab, with their values."""
    return [(one["action_id"], one["value"]) for row in view["blocks"] for one in elements(row) if "action_id" in one]


def away(office: Office) -> list[tuple[str, Leave, str | None]]:
    with office.store.reading() as tx:
        return [(one.person, one.leave, one.by) for one in absences.standing(tx)]


def say_away(office: Office, who: str, about: str, first: str | None = None, last: str = "", label: str = "") -> Json:
    """The whole form, from the button on the tab."""
    office.page.home(who)
    office.page.press_home(who, ids.AWAY, about)
    fields: dict[str, Any] = {ids.LAST_DAY: last} | ({ids.FIRST_DAY: first} if first else {})
    sent = office.page.fill(who, **fields, **({ids.LABEL: label} if label else {}))
    office.delivery.drain()
    return sent


def day(office: Office, days: int = 0) -> str:
    return (office.now + timedelta(days=days)).date().isoformat()


# Leads


def test_everybody_sees_their_own_open_leads_and_what_is_overdue(baton: Office) -> None:
    handoff, card = baton.offer()
    baton.let_pass(2 * HOUR)
    baton.offer("marco")
    of_ana = words(baton.page.home(ANA))
    assert "One lead waits for your answer" in of_ana
    assert f"#C0SALES/p{card['ts'].replace('.', '')}|Elena" in of_ana
    assert "Marco" not in of_ana
    assert "Marco" in words(baton.page.home(BEN))
    assert "No lead waits for you" in words(baton.page.home(MAYA))

    baton.let_pass(2 * HOUR)
    assert "overdue since {date" in words(baton.page.home(ANA))
    baton.press(ANA, ids.ACCEPT, baton.card(handoff))
    assert "No lead waits for you" in words(baton.page.home(ANA))


def test_links_are_asked_for_once_and_the_tab_comes_without_them_too(baton: Office) -> None:
    baton.offer()
    baton.page.fault("chat.getPermalink", "error:internal_error")
    assert "Elena" in words(baton.page.home(ANA))
    assert "|Elena" not in words(baton.page.shown_home(ANA))
    for _ in range(2):
        assert "|Elena" in words(baton.page.home(ANA))
    assert len(baton.page.calls("chat.getPermalink")) == 2


@pytest.mark.parametrize(("who", "sees"), [(STRANGER, "I don't know you"), (TOM, "Leads do not come to you")])
def test_who_sells_nothing_sees_a_friendly_sentence_and_no_button(baton: Office, who: str, sees: str) -> None:
    baton.offer()
    view = baton.page.home(who)
    assert sees in words(view)
    assert pressable(view) == []
    assert "Elena" not in words(view)


def test_when_slack_does_not_draw_the_tab_nothing_breaks_and_the_next_look_does(baton: Office) -> None:
    baton.page.fault("views.publish", "error:internal_error")
    baton.page.person(ANA).act("open_home")
    until(baton.page.deliveries)
    assert "*You are here*" in words(baton.page.home(ANA))
    assert all(one["status"] == 200 for one in baton.page.deliveries())


def test_who_opens_the_messages_of_the_app_is_not_looking_at_the_tab(baton: Office) -> None:
    baton.page.home(ANA)
    until(baton.page.deliveries)  # noted once it is answered, which may be after the tab is drawn
    opened: Json = baton.page.deliveries()[-1]["body"]
    drawn = len(baton.page.calls("views.publish"))
    assert tell(baton.address, opened | {"event": opened["event"] | {"tab": "messages"}}) == 200
    assert len(baton.page.calls("views.publish")) == drawn
    assert tell(baton.address, opened) == 200
    assert len(baton.page.calls("views.publish")) == drawn + 1


# Away and back


def test_i_am_away_and_i_am_back(baton: Office) -> None:
    assert say_away(baton, ANA, "ana", last=day(baton, 3), label="Skiing") == {"ok": True}
    [(person, leave, by)] = away(baton)
    assert (person, by, leave.label) == ("ana", "ana", "Skiing")
    assert (leave.first.isoformat(), leave.last and leave.last.isoformat()) == (day(baton), day(baton, 3))
    assert "*You are away*" in words(baton.page.shown_home(ANA)), "drawn anew at once"
    assert baton.offer()[0].owner == "ben"

    [(action, value), *_] = pressable(baton.page.shown_home(ANA))
    assert action == ids.BACK
    baton.page.press_home(ANA, ids.BACK, value)
    assert away(baton) == []
    assert "*You are here*" in words(baton.page.shown_home(ANA))
    assert baton.offer("marco")[0].owner == "ana"


def test_without_a_last_day_it_lasts_until_somebody_says_otherwise(baton: Office) -> None:
    say_away(baton, ANA, "ana")
    [(_, leave, _)] = away(baton)
    assert (leave.last, leave.label) == (None, "Out of office")


@pytest.mark.parametrize(("first", "last", "said"), [(5, 3, "before the first"), (-5, -2, "over already")])
def test_days_that_cannot_be_are_refused_at_their_field(baton: Office, first: int, last: int, said: str) -> None:
    sent = say_away(baton, ANA, "ana", day(baton, first), day(baton, last))
    assert said in sent["errors"][ids.LAST_DAY]
    assert away(baton) == []
    assert len(baton.page.modals(ANA)) == 1


def test_a_form_sent_twice_is_one_absence(baton: Office) -> None:
    say_away(baton, ANA, "ana", last=day(baton, 3))
    assert knock(baton.address, baton.page.deliveries()[-1]["body"]) == 200
    assert len(away(baton)) == 1


def test_a_manager_says_it_for_their_people_who_are_told(baton: Office) -> None:
    view = baton.page.home(MAYA)
    assert pressable(view) == [(ids.AWAY, "maya"), (ids.AWAY, "ana"), (ids.AWAY, "ben")]
    say_away(baton, MAYA, "ana", last=day(baton, 1), label="Ill")
    [(person, _, by)] = away(baton)
    assert (person, by) == ("ana", "maya")
    assert "*Ana Ruiz* is away" in words(baton.page.shown_home(MAYA))
    [told] = baton.page.posted("away", ANA)
    assert "Ill" in told["text"]
    [back] = [value for action, value in pressable(baton.page.shown_home(MAYA)) if action == ids.BACK]
    baton.page.press_home(MAYA, ids.BACK, back)
    assert away(baton) == []


def test_what_is_over_is_over_and_a_rep_sees_only_themselves(baton: Office) -> None:
    past = Leave(baton.now.date() - timedelta(days=5), baton.now.date() - timedelta(days=2), "Skiing")
    go_away(baton.store, baton.now, "ana", past, "ana")
    view = baton.page.home(ANA)
    assert "Skiing" not in words(view)
    assert pressable(view) == [(ids.AWAY, "ana")]


def test_the_button_in_a_direct_message_ends_it_too(baton: Office) -> None:
    go_away(baton.store, baton.now, "ana", Leave(baton.now.date(), None, "let 2 leads in a row expire"), None)
    baton.delivery.drain()
    [told] = baton.page.posted("away", ANA)
    baton.press(ANA, ids.BACK, told)
    assert away(baton) == []
    [told] = baton.page.posted("away", ANA)
    assert ids.BACK not in str(told["blocks"])


# Who may not


@pytest.mark.parametrize("who", [BEN, TOM, STRANGER])
def test_nobody_else_says_that_somebody_is_back(baton: Office, who: str) -> None:
    absence = go_away(baton.store, baton.now, "ana", Leave(baton.now.date(), None, "Ill"), "ana")
    before = rows(baton.store)
    press_by_hand(baton, who, ids.BACK, str(absence.id))
    [whisper] = baton.page.whispers(who)
    assert "nothing was changed" in whisper.lower()
    assert rows(baton.store) == before


@pytest.mark.parametrize("who", [BEN, TOM, STRANGER])
def test_nobody_else_says_that_somebody_is_away(baton: Office, who: str) -> None:
    say_away(baton, ANA, "ana", day(baton, 5), day(baton, 3))  # refused, and leaves a real payload behind
    payload: Json = baton.page.deliveries()[-1]["body"] | {"user": {"id": who}}
    payload["view"]["state"]["values"][ids.LAST_DAY][ids.LAST_DAY]["selected_date"] = None
    assert knock(baton.address, payload) == 200
    assert away(baton) == []
    assert "othing was changed" in words(baton.page.shown_home(who))


def test_a_forged_button_on_the_tab_is_answered_there(baton: Office) -> None:
    absence = go_away(baton.store, baton.now, "ana", Leave(baton.now.date(), None, "Ill"), "ana")
    baton.page.home(MAYA)
    baton.page.press_home(MAYA, ids.BACK, str(absence.id))
    payload: Json = baton.page.deliveries()[-1]["body"] | {"user": {"id": BEN}}
    again = go_away(baton.store, baton.now, "ana", Leave(baton.now.date(), None, "Ill again"), "ana")
    payload["actions"][0]["value"] = str(again.id)
    assert knock(baton.address, payload) == 200
    assert "only they themselves, their manager" in words(baton.page.shown_home(BEN))
    assert len(away(baton)) == 1
