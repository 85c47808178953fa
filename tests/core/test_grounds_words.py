"""Why me, why then: plain sentences for a terminal and, escaped, for the form behind the button."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.deadline_words import deadline_lines, left_line
from bot.blocks.grounds import grounds_view
from bot.blocks.routing_words import routing_lines
from bot.clock.calendar import ROUND_THE_CLOCK, Calendar
from bot.clock.why import why
from bot.handoff.grounds import Grounds, Placed
from bot.handoff.routing import Considered
from bot.handoff.states import State
from bot.lead import Lead
from tests.core.clock_kit import calendar, closed, local, special, utc
from tests.schemas import check
from tests.support import HOUR, NOW, POLICY, handoff

OFFICE = ("09:00-13:00 14:00-18:00",) * 5
ROME = calendar("Europe/Rome", *OFFICE, country="IT")


def told(start: str, hours: float, mine: Calendar = ROME) -> list[str]:
    begin = local(start, mine.zone.key)
    return deadline_lines(why(mine, begin, mine.add(begin, hours * HOUR)))


# Why then


def test_within_a_day_the_hours_and_the_break_are_all_there_is_to_say() -> None:
    assert told("2026-03-02 10:00", 4) == [
        "Due Mon 2 Mar 2026, 15:00 (Europe/Rome), after 4 h of working time.",
        "Counting began when it came, Mon 2 Mar 2026, 10:00.",
        "What counts: Mon–Fri 09:00–13:00 and 14:00–18:00.",
        "On the clock that is 5 h.",
    ]


def test_what_came_out_of_hours_says_when_the_counting_began_and_which_days_were_off() -> None:
    assert told("2026-03-06 19:30", 1)[1:] == [
        "It came Fri 6 Mar 2026, 19:30, out of hours, so counting began Mon 9 Mar 2026, 09:00.",
        "What counts: Mon–Fri 09:00–13:00 and 14:00–18:00.",
        "Days off, as every week: Sat 7 Mar to Sun 8 Mar.",
        "On the clock that is 2 d 14 h.",
    ]


def test_holidays_leave_closed_and_half_days_are_named_days_in_a_row_on_one_line() -> None:
    specials = (
        special("away", "2026-12-22", "Skiing", "2026-12-23"),
        special("half", "2026-12-24", "Christmas Eve", until=13 * 60),
        closed("2026-12-28", "Between the years", "2026-12-31"),
    )
    lines = told("2026-12-21 17:00", 8, calendar("Europe/Rome", *OFFICE, country="IT", specials=specials))
    assert lines[3:-1] == [
        "Days off, as every week: Sat 26 Dec to Sun 27 Dec and Sat 2 Jan to Sun 3 Jan.",
        "Tue 22 Dec to Wed 23 Dec: Skiing, out of office.",
        "Thu 24 Dec: Christmas Eve, only 09:00–13:00.",
        "Fri 25 Dec: Christmas Day, a public holiday.",
        "Mon 28 Dec to Thu 31 Dec: Between the years, closed.",
        "Fri 1 Jan: New Year's Day, a public holiday.",
    ]


def test_leave_over_a_weekend_is_one_line() -> None:
    leave = (special("away", "2026-03-05", "Skiing", "2026-03-10"),)
    lines = told("2026-03-04 17:00", 2, calendar("Europe/Rome", *OFFICE, specials=leave))
    assert "Thu 5 Mar to Fri 6 Mar and Mon 9 Mar to Tue 10 Mar: Skiing, out of office." in lines


@pytest.mark.parametrize(
    ("start", "said"),
    [("2026-03-27 17:00", "forward 1 h on Sun 29 Mar"), ("2026-10-23 17:00", "back 1 h on Sun 25 Oct")],
)
def test_a_change_of_clocks_in_between_is_told(start: str, said: str) -> None:
    assert f"The clocks went {said}." in told(start, 2)


def test_extra_hours_are_told_as_they_are() -> None:
    fair = (special("open", "2026-03-07", "Fair in Verona", hours=((600, 960),)),)
    assert "Sat 7 Mar: Fair in Verona, hours 10:00–16:00." in told(
        "2026-03-06 17:00", 3, calendar("Europe/Rome", *OFFICE, specials=fair)
    )


@pytest.mark.parametrize(
    ("mine", "said"),
    [
        (ROUND_THE_CLOCK, "every minute, day and night"),
        (calendar("UTC", *("09:00-17:30",) * 4, "09:00-13:00"), "Mon–Thu 09:00–17:30, Fri 09:00–13:00"),
        (calendar("UTC", "22:00-06:00", "", "22:00-06:00"), "Mon 22:00–06:00, Wed 22:00–06:00"),
        (calendar("UTC", "16:00-24:00"), "Mon–Sun 16:00–24:00"),
    ],
)
def test_the_week_is_told_in_as_few_words_as_it_takes(mine: Calendar, said: str) -> None:
    assert f"What counts: {said}." in told("2026-03-02 10:00", 1, mine)


def test_round_the_clock_there_is_no_second_length_to_tell() -> None:
    assert not any(line.startswith("On the clock") for line in told("2026-03-02 10:00", 1, ROUND_THE_CLOCK))


def test_a_year_of_days_off_is_cut() -> None:
    lines = told("2026-01-01 10:00", 1000)
    days = next(line for line in lines if line.startswith("Days off"))
    assert days.count(" to ") == 8
    assert days.endswith(" more.")


# How much is left


def grounds(**changed: Any) -> Grounds:
    placed = Placed(
        NOW, "ana", (Considered("the fair turn: Ana Ruiz, owed 0.50 of a lead", ("ana",), {"ben": "less"}),)
    )
    deadline = why(ROME, NOW, NOW + 4 * HOUR)
    found = Grounds(handoff(), Lead(name="Elena"), POLICY.people, deadline, (placed,), 2 * HOUR)
    return replace(found, **changed)


@pytest.mark.parametrize(
    ("changed", "hours", "said"),
    [
        ({}, 1, "Left: 3 h on the clock, 2 h working time of Ana Ruiz."),
        ({}, 2, "Left: 2 h on the clock, all of it working time of Ana Ruiz."),
        ({"left": timedelta(hours=25.5)}, -60, "Left: 2 d 16 h on the clock, 25 h 30 min working time of Ana Ruiz."),
        ({"left": timedelta()}, 1, "Left: 3 h on the clock, none of it working time of Ana Ruiz."),
        ({"left": None}, 4, "Overdue by under a minute on the clock."),
        ({"left": None}, 6.5, "Overdue by 2 h 30 min on the clock."),
        ({"left": None, "handoff": handoff(due_at=None)}, 1, "It has no due time."),
    ],
)
def test_exactly_what_is_left_or_how_long_it_is_overdue(changed: dict[str, Any], hours: float, said: str) -> None:
    assert left_line(grounds(**changed), NOW + hours * HOUR) == said


def test_what_is_over_says_how_long_it_was_open() -> None:
    done = handoff(state=State.ACCEPTED, took_wall=5400, took_working=3600)
    assert left_line(grounds(handoff=done), NOW) == (
        "It was open for 1 h 30 min on the clock, of which 1 h were working time."
    )
    assert left_line(grounds(handoff=handoff(state=State.ACCEPTED)), NOW) == "It is not open any more."


def test_that_the_due_time_stayed_is_said_once_there_was_another_owner() -> None:
    found = grounds()
    assert left_line(replace(found, owners=found.owners * 2), NOW + HOUR).startswith(
        "It has changed hands; the due time stayed. Left: 3 h"
    )


# Why me


def test_each_step_says_its_rule_who_was_left_and_why_not_the_others() -> None:
    trace = (
        Considered("speaks French: EMEA", ("ana", "ben"), {"maya": "in AMER"}),
        Considered("not away", ("ana",), {"ben": "away until 5 Mar: Skiing"}),
        Considered("the only one left: Ana Ruiz", ("ana",)),
        Considered("falls to the manager: none is here", ()),
    )
    assert routing_lines([Placed(NOW, "ana", trace)], POLICY.people) == [
        "Ana Ruiz, Mon 2 Mar 2026, 09:00 UTC",
        "  1. Speaks French: EMEA. Left: Ana Ruiz and Ben Okafor. Not: Maya Lindqvist (in AMER).",
        "  2. Not away. Left: Ana Ruiz. Not: Ben Okafor (away until 5 Mar: Skiing).",
        "  3. The only one left: Ana Ruiz.",
        "  4. Falls to the manager: none is here. Left: nobody.",
    ]


def test_of_many_people_eight_are_named() -> None:
    many = {f"rep{number}": "in AMER" for number in range(30)}
    _, line = routing_lines([Placed(NOW, "ana", (Considered("EMEA", tuple(many), many),))], POLICY.people)
    assert line.count("(in AMER)") == 8
    assert line.count(" and 22 more") == 2


def test_owners_go_in_order_and_one_who_left_goes_by_their_key() -> None:
    lines = routing_lines([*grounds().owners, Placed(NOW, "zoe", ())], POLICY.people)
    assert [line.split(",")[0] for line in lines if not line.startswith(" ")] == ["Ana Ruiz", "zoe"]


def test_where_nothing_was_kept_it_says_so() -> None:
    assert routing_lines([], POLICY.people) == ["How it was routed was not kept."]


# The form


def shown(found: Grounds) -> str:
    view = grounds_view(found, NOW + HOUR)
    assert check.view(view) == []
    parts = [block["text"] if block["type"] == "section" else block["elements"][0] for block in view["blocks"]]
    return "\n".join(part["text"] for part in parts)


def test_the_form_tells_both_and_the_newest_owner_comes_first() -> None:
    first = grounds().owners[0]
    words = shown(grounds(owners=(first, replace(first, to="ben", at=NOW + HOUR))))
    places = [
        words.index(part)
        for part in ("*Why then*", "As of {date", "*Why Ben Okafor, <!date", "*Before that Ana Ruiz, <!date")
    ]
    assert places == sorted(places)


def test_a_hand_off_of_an_older_baton_opens_all_the_same() -> None:
    words = shown(grounds(deadline=None, owners=(), left=None))
    assert "Why it is due when it is was not kept." in words
    assert "How it was routed was not kept." in words


@pytest.mark.parametrize("text", ["x" * 800, "&" * 800, "<!channel>" * 80, "😀" * 800, "a\nb" * 300])
def test_the_longest_trace_fits_and_pings_nobody(text: str) -> None:
    people = tuple(f"{number}{text}" for number in range(12))
    trace = (Considered(text, people, dict.fromkeys(people, text)),) * 9
    specials = tuple(special("away", f"2026-03-{day:02}", f"{text}{day}") for day in range(3, 29, 2))
    begin = utc("2026-03-02 10:00")
    mine = calendar("UTC", *OFFICE, specials=specials)
    deadline = why(mine, begin, mine.add(begin, 120 * HOUR))
    found = grounds(owners=(Placed(NOW, text, trace),) * 4, deadline=deadline, lead=Lead(name=text))
    assert "<!channel" not in shown(found)
    assert "<!channel" in "".join(routing_lines(found.owners, found.people)) or "channel" not in text
