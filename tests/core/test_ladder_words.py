"""What the clock says, to whom and where: in private, under the card, to a manager who sees no card."""

from dataclasses import replace
from typing import Any

import pytest

from bot.blocks import changes, ids
from bot.blocks.drawing import Drawing
from bot.blocks.ladder import escalation, expiry, reminder
from bot.blocks.nudge import Nudged, nudge
from bot.clock.ladder import Step
from bot.handoff.case import Case
from bot.handoff.states import State
from bot.lead import Lead
from tests.core.card_kit import ELENA, case, dated
from tests.schemas import check
from tests.support import HOUR, NOW, POLICY, handoff

P1 = (
    Step(NOW + HOUR, "remind"),
    Step(NOW + 2 * HOUR, "last_call"),
    Step(NOW + 4 * HOUR, "escalate"),
    Step(NOW + 6 * HOUR, "reassign"),
    Step(NOW + 9 * HOUR, "escalate"),
    Step(NOW + 48 * HOUR, "expire"),
)
LINK = "https://x.example/p1"
ELENA_SAID = "Elena Marchetti, Vialetto Logistics"
ACCEPTED = {"state": State.ACCEPTED, "decided_by": "ben", "decided_at": NOW}


def one(**changed: Any) -> Case:
    return case(**{"steps": P1, "step": 1, **changed})


def overdue(rung: int, **changed: Any) -> Case:
    """As it is just after that rung."""
    return one(**{"step": rung + 1, "breached_by": "ana", **changed})


def pressed(drawn: Drawing) -> list[str]:
    """The ids of all buttons."""
    assert check.call("chat.postMessage", {"channel": "C1", "text": drawn.text, "blocks": drawn.blocks}) == []
    rows = [block["elements"] for block in drawn.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


# To the owner


def test_a_reminder_names_the_lead_the_time_and_the_way() -> None:
    drawn = reminder(one(), 0, "U0ANA", LINK)
    assert dated(drawn.text).startswith(f":alarm_clock: {ELENA_SAID} waits for your answer until 2026-")
    assert pressed(drawn) == [ids.OPEN_CARD]
    assert pressed(reminder(one(), 0, "U0ANA", None)) == []


def test_the_last_call_says_so_and_what_comes_after() -> None:
    words = dated(reminder(one(step=2), 1, "U0ANA", LINK).text)
    assert words.startswith(f":hourglass_flowing_sand: Last call: {ELENA_SAID} waits for your answer until")
    assert words.endswith(" UTC. After that anyone on the team may claim it.")
    assert reminder(one(step=2, channel="U0ANA"), 1, "U0ANA", LINK).text.endswith(" UTC>."), "they do not see the card"


def test_an_old_reminder_asks_nobody_for_what_is_over() -> None:
    late = reminder(overdue(2), 0, "U0ANA", LINK).text
    assert ":red_circle:" in late
    assert "overdue since" in late
    assert late.endswith("; anyone on the team may claim it.")
    assert "claim" not in reminder(overdue(2, channel="U0ANA"), 0, "U0ANA", LINK).text
    gone = reminder(one(owner="ben"), 0, "U0ANA", LINK)
    assert gone.text == f"No longer yours: {ELENA_SAID}. Ben Okafor has it now."
    assert pressed(gone) == []
    assert reminder(one(**ACCEPTED), 0, "U0ANA", LINK).text.startswith(f"Settled: {ELENA_SAID}. ")


# To the manager


def test_the_breach_mentions_the_manager_and_says_what_they_and_others_can_do() -> None:
    assert escalation(overdue(2), 2, "C0SALES").text == (
        f":rotating_light: <@U0MAYA>: {ELENA_SAID} has had no answer from Ana Ruiz in time. "
        "You can accept, reject or reassign it on the card above, and anyone on the team may claim it."
    )


def test_where_nobody_is_free_the_manager_is_asked_to_place_it() -> None:
    words = dated(escalation(overdue(3), 3, "C0SALES").text)
    assert f"nobody else is free to take {ELENA_SAID}, overdue since 2026-" in words


def test_a_second_escalation_says_that_nothing_has_happened_and_when_it_ends() -> None:
    words = dated(escalation(overdue(4), 4, "C0SALES").text)
    assert f"{ELENA_SAID} is still not answered, overdue since" in words
    assert "and with Ana Ruiz. Please answer it on the card above, or reassign it. It expires 2026-" in words


def test_a_manager_who_has_it_themselves_is_spoken_to() -> None:
    assert "no answer from you in time" in escalation(overdue(2, owner="maya", breached_by="maya"), 2, "C0SALES").text


@pytest.mark.parametrize("rung", [2, 3, 4])
def test_a_manager_who_sees_no_card_gets_it_with_its_buttons(rung: int) -> None:
    direct = overdue(rung, channel="U0ANA")
    drawn = escalation(direct, rung, "U0MAYA")
    assert "above" not in drawn.text
    assert "it below" in drawn.text
    assert "claim" not in drawn.text, "the team does not see it"
    assert {ids.ACCEPT, ids.REJECT, ids.MORE} <= set(pressed(drawn))
    assert pressed(escalation(overdue(rung), rung, "C0SALES")) == [], "under the card they are at hand"


@pytest.mark.parametrize("rung", [2, 3, 4])
def test_an_old_escalation_says_who_has_it_or_what_became_of_it(rung: int) -> None:
    handed = overdue(rung, owner="ben", owner_since=NOW + 20 * HOUR)
    moved = overdue(rung, owner="ben", channel="C0EMEA")
    for now in (handed, moved):
        assert escalation(now, rung, "C0SALES").text == f"Was overdue: {ELENA_SAID}. Ben Okafor has it now."
    settled = escalation(overdue(rung, **ACCEPTED), rung, "C0SALES")
    assert settled.text.startswith(f"Was overdue: {ELENA_SAID}. :white_check_mark: Accepted")
    assert pressed(escalation(overdue(rung, channel="U0ANA", **ACCEPTED), rung, "U0MAYA")) == []


def test_a_manager_whose_own_direct_message_holds_the_card_does_not_get_it_twice() -> None:
    own = overdue(2, channel="U0MAYA", owner="maya", breached_by="maya")
    drawn = escalation(own, 2, "U0MAYA")
    assert "on the card above" in drawn.text
    assert pressed(drawn) == []


def test_who_got_it_before_the_breach_is_who_it_is_about() -> None:
    assert "from Ben Okafor" in escalation(overdue(2, owner="ben", owner_since=NOW + HOUR), 2, "C0SALES").text


def test_after_expiry_anyone_can_take_it_above_or_from_the_direct_message() -> None:
    expired = {"state": State.EXPIRED, "expired_at": NOW, "step": 6}
    words = expiry(one(**expired), "C0SALES").text
    assert words.endswith("stands in the queue expired. Anyone on the team can take it on the card above.")
    direct = expiry(one(**expired, channel="U0ANA"), "U0MAYA")
    assert "card above" not in direct.text
    assert ids.TAKE in pressed(direct)
    taken = replace(one(**expired), next=handoff(id=2, owner="ben"))
    assert expiry(taken, "C0SALES").text == (
        f":hourglass: {ELENA_SAID} expired without an answer; Ben Okafor has taken it since."
    )


def test_whoever_is_not_the_owner_reads_of_them_by_name() -> None:
    assert "<@U0ANA>" in changes.raised(one(tier="P1", raised_from="P2"), "P1", "C0SALES").text
    assert ": Ana Ruiz: " in changes.raised(one(tier="P1", raised_from="P2"), "P1", "U0MAYA").text


# Several at once


def nudged(number: int, **changed: Any) -> Nudged:
    found = handoff(id=number, **{"steps": P1, "step": 1, **changed})
    return Nudged(found, replace(ELENA, name=f"Lead {number}"), f"{LINK}{number}")


def said(*leads: Nudged, waiting: int) -> str:
    drawn = nudge(leads, waiting, POLICY.people)
    assert pressed(drawn) == []
    assert not set("*~`") & set(drawn.text)
    assert "https" not in drawn.text
    return "\n".join(block["text"]["text"] for block in drawn.blocks)


def test_one_message_reminds_of_all_with_tier_time_and_link() -> None:
    words = said(nudged(1), nudged(2, step=2), nudged(3, step=3, breached_by="ana"), waiting=3)
    first, *rest = words.split("\n")
    assert first == ":alarm_clock: *3 leads wait for your answer*"
    assert rest[0].startswith("• *Lead 1, Vialetto Logistics* · P2 · <!date^1772456400^decide by {date_short_pretty}")
    assert rest[0].endswith(f" · <{LINK}1|Open the card>")
    assert "last call" not in rest[0]
    assert ":hourglass_flowing_sand: last call · <" in rest[1]
    assert ":red_circle: overdue since 2026-" in dated(rest[2])


def test_what_is_decided_meanwhile_is_struck_and_no_longer_counted() -> None:
    done = Nudged(handoff(id=2, **ACCEPTED), Lead(name="Lead 2"), None)
    words = said(nudged(1), done, waiting=1)
    assert words.startswith(":alarm_clock: *One lead waits for your answer*")
    assert "• ~Lead 2~ · :white_check_mark: *Accepted* by Ben Okafor" in words
    assert said(done, waiting=0).startswith(":white_check_mark: Nothing waits for you here any more")


def test_a_reminder_of_nothing_says_where_to_look() -> None:
    assert said(waiting=0) == "Nothing is left here: what it was about has moved on, or stands in a newer reminder."


def test_more_than_ten_are_counted_and_the_command_shows_them() -> None:
    words = said(*map(nudged, range(10)), waiting=12)
    assert words.endswith("and 2 more: `/funnel open`")
    assert "12 leads wait" in words
