"""How long a hand-off was open, by the clock and in the working time in which its due time was counted."""

from datetime import date, datetime, timedelta

import pytest

from bot.clock.ladder import Step
from bot.config import load
from bot.handoff.commands import Raise, Void
from bot.handoff.states import Handoff
from bot.lead import Leave
from bot.moves.attendance import come_back, go_away
from bot.moves.carry import carry_out
from bot.moves.decisions import Grounds, accept, reject, undo
from bot.moves.hand_on import reassign
from bot.moves.turn import turn
from bot.store import absences
from bot.store.engine import Store
from bot.sweep import sweep
from tests.core.clock_kit import local
from tests.store.hand_on_kit import people
from tests.support import by, in_force, offered, standing

OFFICES = """
default: madrid
calendars:
  madrid: {zone: Europe/Madrid, hours: {mon-fri: [09:00-13:00, 14:00-18:00]}}
  new_york: {zone: America/New_York, hours: {mon-fri: [09:00-17:00]}}
"""
SHORTER = OFFICES.replace("[09:00-13:00, 14:00-18:00]", "[09:00-13:00]")
TEAM = people(("slack: U0BEN, role: rep", "slack: U0BEN, role: rep, calendar: new_york"))
FRIDAY = local("2026-03-06 16:00", "Europe/Madrid")
MONDAY = local("2026-03-09 09:30", "Europe/Madrid")
HOURS = timedelta(hours=1)
SLA = load.texts(None)["sla.yaml"]


@pytest.fixture
def store(store: Store) -> Store:
    return in_force(store, people=TEAM, calendar=OFFICES, sla=SLA)


def took(store: Store, one: Handoff) -> tuple[float | None, float | None]:
    """Hours on the clock, and of work."""
    now = standing(store, one.id)
    return tuple(None if seconds is None else seconds / 3600 for seconds in (now.took_wall, now.took_working))


def test_a_weekend_is_on_the_clock_and_not_in_the_working_time(store: Store) -> None:
    one = offered(store, now=FRIDAY)
    assert one.owner == "ana"
    assert took(store, one) == (None, None)
    accept(store, MONDAY, by("U0ANA", one))
    assert took(store, one) == (65.5, 2.5)


def test_a_second_owner_elsewhere_does_not_change_how_it_is_counted(store: Store) -> None:
    """Due on Monday at 11:00 in Madrid, answered there at 16:30: it is over its four hours, whoever answered."""
    one = offered(store, now=FRIDAY)
    reassign(store, FRIDAY + HOURS, by("U0MAYA", one), "ben")
    late = MONDAY + 7 * HOURS
    accept(store, late, by("U0BEN", one))
    assert (one.due_at, standing(store, one.id).breached_by) == (MONDAY + 1.5 * HOURS, "ben")
    assert took(store, one) == (72.5, 8.5)


def test_a_calendar_that_is_edited_meanwhile_does_not_change_it_either(store: Store) -> None:
    one = offered(store, now=FRIDAY)
    in_force(store, people=TEAM, calendar=SHORTER, sla=SLA)
    accept(store, MONDAY, by("U0ANA", one))
    assert took(store, one) == (65.5, 2.5)


def test_a_decision_that_is_taken_back_took_no_time_at_all(store: Store) -> None:
    one = offered(store, now=FRIDAY)
    accept(store, FRIDAY + HOURS, by("U0ANA", one))
    undo(store, FRIDAY + HOURS, by("U0ANA", one))
    assert took(store, one) == (None, None)
    reject(store, FRIDAY + 2 * HOURS, by("U0ANA", one), Grounds("JUNK", "spam"))
    assert took(store, one) == (2, 2)


def test_silence_and_a_withdrawal_have_their_time_too(store: Store) -> None:
    silent, withdrawn = offered(store, "elena", FRIDAY), offered(store, "samuel", FRIDAY)
    with turn(store, FRIDAY + HOURS) as here:
        carry_out(here, withdrawn, Void("asked not to be contacted"))
    end: datetime = silent.steps[-1].at
    for _ in range(len(silent.steps)):
        sweep(store, end)
    assert took(store, silent) == ((end - FRIDAY) / HOURS, 16)
    assert took(store, withdrawn) == (1, 1)


@pytest.mark.parametrize("raised", [False, True])
def test_a_second_owner_is_reminded_in_their_own_hours_and_by_the_terms_of_the_offer(
    store: Store, raised: bool
) -> None:
    """Ana was reminded once; Ben begins half an hour before it is due and shares that out. A new tier is no matter."""
    morning, due = local("2026-03-06 10:30", "Europe/Madrid"), local("2026-03-06 15:30", "Europe/Madrid")
    one = offered(store, now=morning)
    sweep(store, morning + 2 * HOURS)
    with turn(store, morning + 2 * HOURS) as here:
        if raised:
            carry_out(here, standing(store, one.id), Raise("P1", "asked for a demo"))
    moved = reassign(store, morning + 4 * HOURS, by("U0MAYA", one), "ben")
    assert isinstance(moved, Handoff)
    at = {
        "remind": local("2026-03-06 09:15", "America/New_York"),
        "last_call": local("2026-03-06 09:24", "America/New_York"),
        "escalate": due,
        "expire": one.steps[-1].at,
    }
    assert moved.steps == (one.steps[0], *(Step(at[kind], kind) for kind in at))
    assert (moved.step, moved.due_at) == (1, due)


def test_days_off_count_as_they_were_known_at_the_moment_of_the_offer(store: Store) -> None:
    in_force(store)
    hour, leave = timedelta(hours=1), Leave(date(2026, 3, 9), None, "Ill")
    go_away(store, FRIDAY, "ana", leave, "ana")
    come_back(store, FRIDAY + 2 * hour, "ana", "ana")
    go_away(store, FRIDAY + 4 * hour, "ana", leave, "ana")
    expected = {-1: 0, 0: 1, 1: 1, 2: 0, 3: 0, 4: 1, 5: 1}
    with store.reading() as tx:
        assert {at: len(absences.known(tx, "ana", FRIDAY + at * hour)) for at in expected} == expected
        assert absences.known(tx, "ben", FRIDAY) == []
