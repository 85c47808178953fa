"""What a card says of time: true whenever somebody looks, though it is drawn only when something happens."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from bot.blocks import ids
from bot.blocks.card import card
from bot.blocks.handed import moved
from bot.blocks.ladder import escalation, reminder
from bot.clock.calendar import ROUND_THE_CLOCK, Calendar
from bot.clock.ladder import Step
from bot.clock.why import why
from bot.handoff.case import Case
from bot.handoff.states import State
from bot.lead import Leave, People
from tests.core.card_kit import buttons, case, dated, lines, texts
from tests.core.clock_kit import calendar, utc
from tests.schemas import check
from tests.support import HOUR, NOW, POLICY

OFFICE = calendar("Europe/Rome", *("09:00-13:00 14:00-18:00",) * 5)
REMIND, CALL, DUE = Step(NOW + 2 * HOUR, "remind"), Step(NOW + 3 * HOUR, "last_call"), Step(NOW + 4 * HOUR, "escalate")
LADDER = (REMIND, CALL, DUE, Step(NOW + 48 * HOUR, "expire"))


def open_card(**changed: Any) -> Case:
    return case(**{"tier": "P2", "steps": LADDER, **changed})


def counted(start: str, hours: float, works: Calendar = OFFICE) -> Case:
    """The card of a lead that came at `start` (UTC) for somebody who works in Rome."""
    begin = utc(start)
    due = works.add(begin, hours * HOUR)
    one = open_card(offered_at=begin, due_at=due, steps=(Step(due, "escalate"),))
    return replace(one, deadline=why(works, begin, due))


def token(moment: datetime, shown: str) -> str:
    return f"<!date^{int(moment.timestamp())}^{shown}|"


def menu(one: Case) -> list[str]:
    """The texts of the menu's entries; a card has one menu at most."""
    rows = [block["elements"] for block in card(one).blocks if block["type"] == "actions"]
    found = [element for row in rows for element in row if element["type"] == "overflow"]
    assert len(found) <= 1
    assert all(len(element["options"]) <= 5 for element in found), "Slack takes no more"
    return [entry["text"]["text"] for element in found for entry in element["options"]]


# Due


def test_an_open_card_says_by_when_and_how_much_time_that_is_in_all() -> None:
    head = lines(counted("2026-03-02 09:00", 2))[0]
    assert dated(head).startswith("*P2 · New lead for <@U0ANA> · decide by 2026-03-02 11:00 UTC* · 2 h from 09:00 UTC")
    assert "· 2 h from " + token(utc("2026-03-02 09:00"), "{time}") in head


def test_with_a_break_in_between_the_time_is_called_working_time() -> None:
    assert "· 4 h of work from " in lines(counted("2026-03-02 09:00", 4))[0]


def test_what_comes_out_of_hours_counts_from_when_work_begins() -> None:
    friday_night = counted("2026-03-06 19:00", 0.25)
    opening = utc("2026-03-09 08:00")
    head = lines(friday_night)[0]
    assert token(opening + timedelta(minutes=15), "decide by {date_short_pretty} at {time}") in head
    assert f"· 15 min of work from {token(opening, '{time}')}" in head
    assert head.endswith(", when work begins")


@pytest.mark.parametrize(("hours", "said"), [(8, "8 h"), (24, "24 h"), (25.5, "25 h 30 min")])
def test_working_time_is_told_in_hours_for_nobody_s_day_has_24(hours: float, said: str) -> None:
    head = lines(counted("2026-03-02 08:00", hours))[0]
    assert f"* · {said} of work from " in dated(head)


def test_where_every_minute_counts_a_day_is_a_day() -> None:
    assert "* · 1 d from 2026-03-02 09:00 UTC" in dated(lines(counted("2026-03-02 09:00", 24, ROUND_THE_CLOCK))[0])


def test_a_start_on_another_day_is_told_with_its_day() -> None:
    head = lines(counted("2026-03-06 16:00", 2))[0]
    assert f"2 h of work {token(utc('2026-03-06 16:00'), 'from {date_short_pretty} at {time}')}" in head


def test_a_card_whose_deadline_was_not_kept_still_says_until_when() -> None:
    assert lines(open_card())[0].endswith("UTC>*")


def test_who_gets_it_later_does_not_read_that_it_is_new() -> None:
    assert lines(open_card(owner_since=NOW + HOUR))[0].startswith("*P2 · Lead for <@U0ANA>")
    assert lines(open_card(owner_since=NOW))[0].startswith("*P2 · New lead for <@U0ANA>")


# Overdue


def test_an_overdue_card_is_red_and_says_since_when_with_whom_and_who_may_claim_it() -> None:
    one = open_card(breached_by="ana", step=3)
    since = token(NOW + 4 * HOUR, "Overdue since {date_short_pretty} at {time} ({ago})")
    assert lines(one)[0].startswith(f":red_circle: *P2 · {since}")
    assert lines(one)[0].endswith(" · with <@U0ANA>* · anyone on the team may claim it")
    assert dated(card(one).text).startswith(":red_circle: P2 · Overdue since 2026")
    assert ids.CLAIM in buttons(one)


def test_before_it_is_overdue_nobody_is_asked_to_claim_it() -> None:
    assert ids.CLAIM not in buttons(open_card())
    assert "claim" not in str(card(open_card()))


def test_whoever_got_it_overdue_may_be_as_silent_so_the_words_stay_as_long_as_the_button() -> None:
    one = open_card(owner="ben", breached_by="ana", owner_since=NOW + 5 * HOUR)
    assert lines(one)[0].endswith("· with <@U0BEN>* · anyone on the team may claim it")
    assert ids.CLAIM in buttons(one)


def test_from_whoever_stepped_in_nobody_is_asked_to_claim_it() -> None:
    one = replace(open_card(owner="ben", breached_by="ana", owner_since=NOW + 5 * HOUR), claimed=True)
    assert lines(one)[0].endswith("· with <@U0BEN>*")
    assert ids.CLAIM not in buttons(one)
    assert "claim" not in reminder(one, 3, "U0BEN", None).text
    assert "claim" not in escalation(one, 2, "U0MAYA").text


def test_where_the_team_does_not_see_the_card_it_is_not_asked_to_claim_it() -> None:
    one = open_card(breached_by="ana", step=3, channel="U0ANA")
    assert lines(one)[0].endswith("· with <@U0ANA>*")
    assert ids.CLAIM not in buttons(one)


# Snooze


@pytest.mark.parametrize(
    ("changed", "entries"),
    [
        ({}, ["Snooze 30 min", "Snooze 1 h", "Snooze 2 h"]),
        ({"step": 1}, ["Snooze 30 min", "Snooze 1 h"]),
        ({"step": 2}, ["Snooze 30 min"]),
        ({"owner_since": NOW + 3.6 * HOUR}, []),
        ({"snoozed_until": NOW + HOUR}, []),
        ({"step": 3, "breached_by": "ana"}, []),
        ({"due_at": None}, []),
    ],
)
def test_the_menu_offers_no_snooze_that_must_be_refused(changed: dict[str, Any], entries: list[str]) -> None:
    assert menu(open_card(**changed)) == [*entries, "Reassign…", "Why me, why then"]


def test_fifteen_minutes_on_monday_leave_no_time_for_a_snooze_on_friday_night() -> None:
    assert menu(counted("2026-03-06 19:00", 0.25)) == ["Reassign…", "Why me, why then"]


@pytest.mark.parametrize("state", State)
def test_only_an_open_card_has_a_menu(state: State) -> None:
    assert bool(menu(open_card(state=state, decided_at=NOW))) == (state is State.OFFERED)


def test_a_snoozed_card_says_until_when_until_the_reminder_has_come() -> None:
    until = NOW + HOUR
    steps = (Step(until, "remind"), *LADDER[1:])
    said = f":zzz: {token(until, 'Snoozed until {date_short_pretty} at {time}')}"
    assert lines(open_card(snoozed_until=until, steps=steps))[1].startswith(said)
    for later in ({"steps": steps, "step": 1}, {"steps": LADDER}):
        assert "Snoozed" not in str(card(open_card(snoozed_until=until, **later)))


# Away


def test_while_the_owner_is_away_the_card_names_who_may_decide() -> None:
    persons = {**POLICY.people.persons, "ana": replace(POLICY.people.persons["ana"], delegate="ben")}
    people = People(persons, POLICY.people.teams)
    one = replace(open_card(), people=people, away=Leave(date(2026, 3, 2), date(2026, 3, 6), "Skiing"))
    assert ":palm_tree: Ana Ruiz is away from 2 Mar until 6 Mar: <@U0BEN> may decide too" in lines(one)
    assert "may decide" not in str(card(replace(one, away=None)))
    assert "may decide" not in str(card(replace(one, people=POLICY.people))), "nobody stands in"


# Moved


def test_a_card_that_moved_says_where_to_and_has_no_buttons() -> None:
    one = open_card(channel="C0EMEA", owner="ben")
    drawn = moved(one)
    assert [block["type"] for block in drawn.blocks] == ["section"]
    assert drawn.text == "Elena Marchetti, Vialetto Logistics: moved to <#C0EMEA>, now with <@U0BEN>."
    assert "moved to a direct message, now with" in moved(open_card(channel="U0ANA")).text


def test_a_card_that_moved_says_what_became_of_the_lead_and_pings_nobody_for_it() -> None:
    decided = open_card(channel="C0EMEA", state=State.ACCEPTED, decided_by="ben", decided_at=NOW)
    assert "moved to <#C0EMEA>. :white_check_mark: Accepted by Ben Okafor" in moved(decided).text


# All of it at once

CLOCKS: dict[str, dict[str, Any]] = {
    "in time": {},
    "snoozed": {"snoozed_until": REMIND.at},
    "overdue": {"breached_by": "ana", "step": 3},
    "overdue, snoozed, handed on": {
        "breached_by": "ben", "step": 3, "snoozed_until": REMIND.at, "owner_since": NOW + HOUR, "owner": "ben",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "clock", "channel"), list(product(State, CLOCKS, [None, "C0EMEA", "U0ANA"])), ids=str
)
def test_every_state_on_every_clock_is_a_message_that_slack_takes(state: State, clock: str, channel: str) -> None:
    ended = {"decided_at": NOW, "decided_by": "ana"} if state is not State.OFFERED else {}
    one = open_card(state=state, channel=channel, **CLOCKS[clock], **ended)
    for drawn in (card(one), moved(one)):
        said = {"text": drawn.text, "blocks": drawn.blocks}
        assert check.call("chat.update", {"channel": "C1", "ts": "1.2", **said}) == []
        assert sum(len(text.split("\n")) for text in texts(drawn)) <= 10
        assert "*" not in drawn.text
