"""A ladder is counted in the owner's working time; the lead's times never move, the reminders are each owner's own."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock.calendar import ROUND_THE_CLOCK
from bot.clock.ladder import OWNERS, Ladder, Rung, Sla, Span, Step, build, pass_on
from tests.core.clock_kit import DAY, HOUR, MINUTE, calendar, local, utc

HALF_PAST_FIVE = calendar("Europe/Rome", *("09:00-17:30",) * 5, country="IT")
NEW_YORK = calendar("America/New_York", *("09:00-17:30",) * 5, country="US")
QUARTER = Span(15 * MINUTE)
P1 = Sla(
    QUARTER,
    (
        Rung(QUARTER, "last_call", 80),
        Rung(QUARTER, "escalate"),
        Rung(QUARTER, "reassign", 150),
        Rung(Span(4 * HOUR), "escalate"),
        Rung(Span(days=2), "expire"),
    ),
)
FOUR = Span(4 * HOUR)
P2 = Sla(
    FOUR,
    (Rung(FOUR, "remind", 50), Rung(FOUR, "last_call", 80), Rung(FOUR, "escalate"), Rung(Span(days=2), "expire")),
)
P3 = Sla(Span(days=1), (Rung(Span(days=1), "escalate"), Rung(Span(days=2), "expire")))


def rome(text: str):  # type: ignore[no-untyped-def]
    return local(text, "Europe/Rome")


def shown(steps: tuple[Step, ...], zone: str = "Europe/Rome") -> list[str]:
    clock = HALF_PAST_FIVE.zone if zone == "Europe/Rome" else NEW_YORK.zone
    return [f"{step.at.astimezone(clock):%a %H:%M:%S} {step.step}" for step in steps]


def test_a_hand_raiser_on_friday_evening_is_due_a_quarter_of_an_hour_after_opening_on_monday() -> None:
    found = build(P1, rome("2026-03-06 19:00"), HALF_PAST_FIVE)
    assert found.due_at == rome("2026-03-09 09:15")
    assert shown(found.steps) == [
        "Mon 09:12:00 last_call",
        "Mon 09:15:00 escalate",
        "Mon 09:22:30 reassign",
        "Mon 13:00:00 escalate",
        "Tue 17:30:00 expire",
    ]


def test_nights_and_weekends_stretch_every_step() -> None:
    found = build(P2, rome("2026-03-06 15:30"), HALF_PAST_FIVE)
    assert found.due_at == rome("2026-03-09 11:00")
    assert shown(found.steps) == [
        "Fri 17:30:00 remind",
        "Mon 10:12:00 last_call",
        "Mon 11:00:00 escalate",
        "Tue 15:30:00 expire",
    ]


def test_a_working_day_is_the_same_hour_of_the_next_day_that_is_worked() -> None:
    assert build(P3, rome("2026-04-03 11:00"), HALF_PAST_FIVE).due_at == rome("2026-04-07 11:00")
    short_fridays = calendar("Europe/Rome", *("09:00-17:30",) * 4, "09:00-13:00")
    assert build(P3, rome("2026-03-05 16:00"), short_fridays).due_at == rome("2026-03-09 12:00"), "no shorter for it"
    assert build(P3, utc("2026-03-06 11:00"), ROUND_THE_CLOCK).due_at == utc("2026-03-07 11:00")


def test_where_every_minute_counts_a_policy_is_plain_time() -> None:
    start = utc("2026-03-28 23:00")
    assert build(P2, start, ROUND_THE_CLOCK) == Ladder(
        start + 4 * HOUR,
        (
            Step(start + 2 * HOUR, "remind"),
            Step(start + 3.2 * HOUR, "last_call"),
            Step(start + 4 * HOUR, "escalate"),
            Step(start + 2 * DAY, "expire"),
        ),
    )


# A new owner

OFFERED = rome("2026-03-10 10:00")  # a Tuesday; New York opens at 14:00 in Rome, in these weeks
FIRST = build(P2, OFFERED, HALF_PAST_FIVE)


def passed(now: str, to=HALF_PAST_FIVE, left: tuple[Step, ...] = FIRST.steps) -> list[str]:  # type: ignore[no-untyped-def]
    return shown(pass_on(P2, left, FIRST.due_at, rome(now), to))


def test_what_is_the_leads_stays_and_the_reminders_share_what_is_left() -> None:
    assert shown(FIRST.steps) == [
        "Tue 12:00:00 remind",
        "Tue 13:12:00 last_call",
        "Tue 14:00:00 escalate",
        "Thu 10:00:00 expire",
    ]
    assert passed("2026-03-10 13:00") == [
        "Tue 13:30:00 remind",
        "Tue 13:48:00 last_call",
        "Tue 14:00:00 escalate",
        "Thu 10:00:00 expire",
    ]


def test_somebody_who_does_not_work_before_the_due_time_is_reminded_in_their_own_hours() -> None:
    assert passed("2026-03-10 13:00", NEW_YORK) == [
        "Tue 14:00:00 escalate",
        "Tue 16:00:00 remind",
        "Tue 17:12:00 last_call",
        "Thu 10:00:00 expire",
    ]


def test_after_the_breach_a_new_owner_is_reminded_as_of_a_new_offer_but_never_once_it_has_expired() -> None:
    left = FIRST.steps[3:]
    assert passed("2026-03-10 15:00", left=left) == [
        "Tue 17:00:00 remind",
        "Wed 09:42:00 last_call",
        "Thu 10:00:00 expire",
    ]
    assert passed("2026-03-11 16:00", left=left) == ["Thu 09:30:00 remind", "Thu 10:00:00 expire"]


def test_a_breach_that_nobody_has_seen_to_yet_is_not_lost_by_a_change_of_owner() -> None:
    assert passed("2026-03-10 14:01", left=FIRST.steps[2:])[0] == "Tue 14:00:00 escalate"


slas = st.builds(
    lambda due, shares, days: Sla(
        Span(due),
        (
            *(
                Rung(Span(due), kind, share)
                for share, kind in zip(sorted(shares), ["remind", "last_call"], strict=True)
            ),
            Rung(Span(due), "escalate"),
            Rung(Span(due), "reassign", 150),
            Rung(Span(2 * due, days), "expire"),
        ),
    ),
    st.integers(1, 600).map(lambda minutes: minutes * MINUTE),
    st.sets(st.integers(1, 99), min_size=2, max_size=2),
    st.integers(0, 3),
)
who = st.sampled_from([HALF_PAST_FIVE, NEW_YORK, ROUND_THE_CLOCK, calendar("Australia/Lord_Howe", "22:00-06:00")])
minutes = st.integers(0, 60 * 24 * 365).map(lambda count: utc("2026-01-01 00:00") + count * MINUTE)


@given(slas, who, minutes)
def test_a_ladder_rises_and_its_breach_is_at_the_due_time(sla: Sla, owner, start) -> None:  # type: ignore[no-untyped-def]
    found = build(sla, start, owner)
    dates = [step.at for step in found.steps]
    assert dates == sorted(set(dates))
    assert next(step.at for step in found.steps if step.step == "escalate") == found.due_at > start
    assert owner.between(start, found.due_at) == sla.due.time


@given(slas, who, who, minutes, st.integers(0, 5), st.floats(0, 1))
def test_whoever_gets_it_the_leads_own_steps_stay_and_reminders_lie_ahead_in_working_time(  # type: ignore[no-untyped-def]
    sla: Sla, first, second, start, taken: int, share: float
) -> None:
    ladder = build(sla, start, first)
    now = start + (ladder.steps[-1].at - start) * share
    left = ladder.steps[min(taken, 4) :]
    steps = pass_on(sla, left, ladder.due_at, now, second)
    assert [step for step in steps if step.step not in OWNERS] == [step for step in left if step.step not in OWNERS]
    assert list(steps) == sorted(steps, key=lambda step: step.at)
    assert steps[-1].step == "expire"
    for step in steps:
        if step.step in OWNERS:
            assert now < step.at < ladder.steps[-1].at
            assert second.between(step.at - timedelta(seconds=1), step.at) > timedelta(0)


@pytest.mark.parametrize(("span", "worth"), [(Span(HOUR), 1), (Span(days=2), 17), (Span(HOUR, 1), 9.5)])
def test_a_day_counts_as_the_calendar_has_it(span: Span, worth: float) -> None:
    assert span.by(HALF_PAST_FIVE) == worth * HOUR
