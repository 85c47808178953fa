"""What people read when a lead changes hands, when somebody is away, and when a channel is lost."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.blocks import ids
from bot.blocks.absence import away
from bot.blocks.channel_lost import REMEDIES, channel_lost
from bot.blocks.drawing import Drawing
from bot.blocks.handed import handed_from, handed_to
from bot.handoff.absence import Absence
from bot.handoff.events import Event, Kind
from bot.handoff.states import State
from bot.lead import Leave
from tests.core.card_kit import case, dated
from tests.schemas import check
from tests.support import HOUR, NOW, POLICY

LINK = "https://x.example/p1"
ELENA = "Elena Marchetti, Vialetto Logistics"
FROM_ANA: dict[str, Any] = {"from": "ana", "to": "ben"}
BENS = {"owner": "ben", "owner_since": NOW + HOUR}

REROUTED = Event(Kind.REROUTED, NOW + HOUR, "ana", {**FROM_ANA, "reason": "ROUTE_CAPACITY", "follow_up": ""})
REASSIGNED = Event(Kind.REASSIGNED, NOW + HOUR, "maya", {**FROM_ANA, "why": "by hand"})
SILENT = Event(Kind.REASSIGNED, NOW + HOUR, None, {**FROM_ANA, "why": "nobody answered"})
LEFT = Event(Kind.REASSIGNED, NOW + HOUR, None, {**FROM_ANA, "why": "left Slack"})
CLAIMED = Event(Kind.CLAIMED, NOW + HOUR, "ben", FROM_ANA)


def fine(drawn: Drawing) -> str:
    """Its text, once Slack takes it."""
    assert check.call("chat.postMessage", {"channel": "C1", "text": drawn.text, "blocks": drawn.blocks}) == []
    assert not set("*~`") & set(drawn.text)
    return drawn.text


def pressed(drawn: Drawing) -> list[str]:
    rows = [block["elements"] for block in drawn.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


# Handed on


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (REROUTED, "Ana Ruiz passed it on (No time for it now)"),
        (REASSIGNED, "Maya Lindqvist reassigned it"),
        (SILENT, "there was no answer from Ana Ruiz in time"),
        (LEFT, "Ana Ruiz left Slack"),
    ],
    ids=["not mine", "by hand", "silence", "gone"],
)
def test_the_new_owner_reads_which_lead_why_and_until_when(event: Event, why: str) -> None:
    drawn = handed_to(case(**BENS), event, LINK)
    assert dated(fine(drawn)).startswith(f":incoming_envelope: {ELENA} is yours now: {why}. Please decide by 2026-")
    assert pressed(drawn) == [ids.OPEN_CARD]
    assert pressed(handed_to(case(**BENS), event, None)) == []


def test_what_is_overdue_already_comes_with_that_word() -> None:
    words = dated(fine(handed_to(case(**BENS, breached_by="ana"), SILENT, LINK)))
    assert "in time. Overdue since 2026-" in words
    assert "decide by" not in words


@pytest.mark.parametrize(
    ("code", "answer", "said"),
    [
        ("ROUTE_OWNED", "ben", "(Somebody else owns the account: Ben Okafor — “He knows them”)"),
        ("ROUTE_TERRITORY", "sales", "(Another region, segment or language: Sales — “He knows them”)"),
        ("ROUTE_TERRITORY", "gone_team", "(Another region, segment or language: gone_team — “He knows them”)"),
        ("NO_LONGER_A_CODE", "so", "(NO_LONGER_A_CODE: so — “He knows them”)"),
    ],
)
def test_a_reason_is_told_by_its_label_with_the_answer_and_the_words(code: str, answer: str, said: str) -> None:
    detail = {**FROM_ANA, "reason": code, "follow_up": answer, "comment": "He knows them"}
    event = Event(Kind.REROUTED, NOW + HOUR, "ana", detail)
    assert f"Ana Ruiz passed it on {said}." in fine(handed_to(case(**BENS), event, LINK))


def test_the_former_owner_reads_who_has_it_and_why() -> None:
    assert fine(handed_from(case(**BENS), REASSIGNED)) == f"{ELENA} went to Ben Okafor: Maya Lindqvist reassigned it."
    assert fine(handed_from(case(**BENS), SILENT)).endswith(": there was no answer from you in time.")
    claimed = f"{ELENA} went to Ben Okafor, who claimed it because it was overdue."
    assert fine(handed_from(case(**BENS), CLAIMED)) == claimed


def test_both_are_told_what_became_of_it() -> None:
    done = case(**BENS, state=State.ACCEPTED, decided_by="ben", decided_at=NOW)
    assert fine(handed_to(done, SILENT, LINK)).startswith(f"Settled: {ELENA}. :white_check_mark: Accepted by Ben")
    assert "in time. :white_check_mark: Accepted by Ben Okafor" in fine(handed_from(done, SILENT))


def test_who_has_passed_it_on_is_asked_for_nothing() -> None:
    further = case(owner="maya", owner_since=NOW + 2 * HOUR)
    drawn = handed_to(further, SILENT, LINK)
    assert fine(drawn) == f"No longer yours: {ELENA}. Maya Lindqvist has it now."
    assert pressed(drawn) == []
    again = case(owner="ben", owner_since=NOW + 3 * HOUR)
    assert "No longer yours" in fine(handed_to(again, SILENT, LINK)), "the newer message is the one to answer"


def test_hostile_words_neither_ping_nor_break_it() -> None:
    bad = "<!channel> *x* `y` " * 200
    detail = {**FROM_ANA, "reason": bad, "follow_up": bad, "comment": bad, "why": bad}
    for kind in (Kind.REROUTED, Kind.REASSIGNED, Kind.CLAIMED):
        for drawn in (handed_to(case(**BENS), event := Event(kind, NOW + HOUR, None, detail), LINK),
                      handed_from(case(**BENS), event)):  # fmt: skip
            assert check.call("chat.postMessage", {"channel": "C1", "text": drawn.text, "blocks": drawn.blocks}) == []
            assert "<!channel" not in str(drawn)


# Away

SKIING = Absence(7, "ana", Leave(date(2026, 3, 9), date(2026, 3, 13), "Skiing"), "maya", NOW)
SLEEPING = Absence(8, "ana", Leave(date(2026, 3, 2), None, "let 2 leads in a row expire"), None, NOW)


def words(absence: Absence, recipient: str = "U0ANA") -> str:
    return fine(away(absence, POLICY.people, recipient))


def test_silence_is_told_to_the_person_and_to_the_manager_with_one_button_that_ends_it() -> None:
    assert words(SLEEPING) == ":palm_tree: You let 2 leads in a row expire, so new leads pass you by."
    assert words(SLEEPING, "U0MAYA") == (":palm_tree: Ana Ruiz let 2 leads in a row expire, so new leads pass them by.")
    for recipient, label in (("U0ANA", "I am back"), ("U0MAYA", "Ana Ruiz is back")):
        button = away(SLEEPING, POLICY.people, recipient).blocks[-1]["elements"][0]
        assert (button["text"]["text"], button["action_id"], button["value"]) == (label, ids.BACK, "8")


def test_leave_is_told_with_its_days_its_label_and_who_entered_it() -> None:
    assert words(SKIING) == (
        ":palm_tree: New leads pass you by from Mon 9 Mar 2026 until Fri 13 Mar 2026: Skiing. "
        "Maya Lindqvist has entered it."
    )
    own = replace(SKIING, by="ana")
    assert words(own, "U0MAYA").startswith(":palm_tree: New leads pass Ana Ruiz by from Mon 9 Mar")
    assert "entered" not in words(own, "U0MAYA")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (2, 2, "by on Mon 2 Mar 2026: Ill"),
        (2, 5, "by until Thu 5 Mar 2026: Ill"),
        (2, None, "by, until further notice: Ill"),
        (4, None, "by from Wed 4 Mar 2026: Ill"),
    ],
)
def test_days_read_well(first: int, last: int | None, said: str) -> None:
    leave = Leave(date(2026, 3, first), last and date(2026, 3, last), "Ill")
    assert said in words(replace(SKIING, leave=leave))


def test_who_is_back_reads_so_and_has_no_button_left() -> None:
    ended = replace(SLEEPING, ended_at=datetime(2026, 3, 3, 9, tzinfo=UTC))
    assert dated(words(ended)).startswith("You are back since 2026-")
    assert dated(words(ended, "U0MAYA")).startswith("Ana Ruiz is back since 2026-")
    assert pressed(away(ended, POLICY.people, "U0ANA")) == []


def test_who_comes_back_on_the_first_day_was_away_all_the_same() -> None:
    ended = replace(SKIING, ended_at=datetime(2026, 3, 9, 15, tzinfo=UTC))
    assert dated(words(ended)).startswith("You are back since 2026-")


def test_leave_that_ends_before_it_began_is_called_off() -> None:
    ended = replace(SKIING, ended_at=NOW)
    assert words(ended) == "Called off: new leads go on coming to you."
    assert words(ended, "U0MAYA") == "Called off: new leads go on coming to Ana Ruiz."


@pytest.mark.parametrize("label", ["<!channel> *x*", "y" * 4000, ""])
def test_any_label_will_do(label: str) -> None:
    for leave in (Leave(date(2026, 3, 2), None, label), Leave(date(2026, 3, 2), None, f"let {label}")):
        drawn = away(replace(SLEEPING, leave=leave), POLICY.people, "U0ANA")
        assert "<!channel" not in fine(drawn)


# A channel that is lost


@pytest.mark.parametrize("code", [*REMEDIES, "restricted_action", "<!channel>", None])
def test_operations_reads_which_channel_what_slack_said_what_was_done_and_what_helps(code: str | None) -> None:
    text = fine(channel_lost("C0SALES", code, ["Sales", "EMEA"]))
    assert "<#C0SALES>" in text
    assert "the channel of Sales, EMEA" in text
    assert "go to their owners directly" in text
    assert "people.yaml" in text or "/invite" in text
    assert "<!channel" not in text
    assert code is None or "Slack says" in text


def test_a_channel_that_no_team_has_any_more_is_told_all_the_same() -> None:
    words = fine(channel_lost("C0OLD", "is_archived", []))
    assert "the channel of" not in words
    assert "What belongs there waits" in words, "there are no cards for it, and no owners"
