"""Working time equals what a wall clock shows minute by minute, in every zone, across both changes of its clocks."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock.calendar import Calendar, Hours
from tests.core.clock_kit import DAY, MINUTE, Case, Oracle, case, closed, special, utc

OFFICE = ("09:00-13:00 14:00-18:00",) * 5
NIGHTS = ("22:00-06:00",) * 5
ROUND = "00:00-24:00"
ODD = "01:50-02:10 02:20-02:40 23:30-00:30"  # the edges lie where clocks jump

CASES = {
    "Rome in spring, Easter and the 25th of April": case(
        "2026-03-20",
        45,
        "Europe/Rome",
        *OFFICE,
        country="IT",
        differing={
            "2026-04-06": "",
            "2026-05-01": "",
            "2026-04-10": "09:00-13:00 14:00-15:30",
            "2026-04-25": "10:00-12:00",
        },
        specials=(
            special("half", "2026-04-10", until=15 * 60 + 30),
            special("open", "2026-04-25", hours=(Hours(600, 720),)),
        ),
    ),
    "Rome in autumn, with Milan's own saint": case(
        "2026-10-16",
        60,
        "Europe/Rome",
        *OFFICE,
        country="IT",
        region="MI",
        differing={"2026-12-07": "", "2026-12-08": "", "2026-11-02": ""},
        specials=(closed("2026-11-02", "Bridge"),),
    ),
    "Riyadh, Sunday to Thursday": case(
        "2026-03-10",
        30,
        "Asia/Riyadh",
        *("09:00-17:00",) * 4,
        "",
        "",
        "09:00-17:00",
        country="SA",
        differing=dict.fromkeys(["2026-03-19", "2026-03-22", "2026-03-23", "2026-03-24"], ""),
    ),
    "Rome at all hours, in spring": case("2026-03-26", 7, "Europe/Rome", ROUND),
    "Rome at all hours, in autumn": case("2026-10-22", 7, "Europe/Rome", ROUND),
    "New York at night, in spring": case("2026-03-01", 20, "America/New_York", *NIGHTS),
    "New York at night, Thanksgiving": case(
        "2026-10-28", 40, "America/New_York", *NIGHTS, country="US", differing={"2026-11-11": "", "2026-11-26": ""}
    ),
    "New York, hours in the change": case("2026-03-05", 7, "America/New_York", ODD),
    "New York, hours in the other change": case("2026-10-29", 7, "America/New_York", ODD),
    "Lord Howe, half an hour forward": case("2026-10-01", 7, "Australia/Lord_Howe", *OFFICE, "22:00-02:15", ODD),
    "Lord Howe, half an hour back": case("2026-04-01", 7, "Australia/Lord_Howe", *OFFICE, "22:00-01:45", ODD),
    "Lord Howe at night": case("2026-03-28", 14, "Australia/Lord_Howe", *NIGHTS),
    "Santiago, at midnight": case("2026-09-03", 6, "America/Santiago", ODD),
    "Santiago, back over midnight": case("2026-04-02", 6, "America/Santiago", "23:15-23:45 23:50-00:10"),
    "Havana, back to midnight": case("2026-10-30", 5, "America/Havana", "23:15-00:10 00:30-00:45"),
    "Chatham": case("2026-09-24", 7, "Pacific/Chatham", f"{ODD} 02:50-03:40"),
    "Casablanca leaves its summer time for Ramadan": case("2026-02-10", 45, "Africa/Casablanca", ODD),
    "Troll, two hours at once": case("2026-03-27", 5, "Antarctica/Troll", ODD),
    "Samoa leaves out a Friday": case("2011-12-27", 8, "Pacific/Apia", *OFFICE, differing={}),
    "Kathmandu": case("2026-05-01", 10, "Asia/Kathmandu", *NIGHTS),
    "Hours that overlap": case("2026-03-26", 7, "Europe/Rome", "09:00-12:00 11:00-13:00 13:00-14:00 22:00-10:00"),
}


@pytest.fixture(params=CASES.values(), ids=CASES.keys(), scope="module")
def watched(request: pytest.FixtureRequest) -> tuple[Case, Oracle]:
    return request.param, Oracle(request.param)


def test_each_minute_is_worked_if_the_clock_on_the_wall_says_so(watched: tuple[Case, Oracle]) -> None:
    case, oracle = watched
    found = [case.calendar.works(oracle.start + minute * MINUTE) for minute in range(len(oracle.works))]
    assert found == oracle.works
    assert 0 < sum(found)


def test_working_time_is_as_many_minutes_as_are_worked(watched: tuple[Case, Oracle]) -> None:
    case, oracle = watched
    dice = random.Random(1)
    for _ in range(300):
        start, end = sorted(dice.randrange(len(oracle.works)) for _ in range(2))
        found = case.calendar.between(oracle.start + start * MINUTE, oracle.start + end * MINUTE)
        assert found == oracle.between(start, end)


def test_a_deadline_is_the_minute_by_which_so_many_were_worked(watched: tuple[Case, Oracle]) -> None:
    case, oracle = watched
    dice = random.Random(2)
    starts = [dice.randrange(len(oracle.works) * 2 // 3) for _ in range(300)]
    durations = [dice.choice([1, 15, 240, 480, 2400, dice.randrange(1, 900)]) for _ in starts]
    seen = [(start, minutes, oracle.add(start, minutes)) for start, minutes in zip(starts, durations, strict=True)]
    for start, minutes, expected in seen:
        if expected is not None:
            assert case.calendar.add(oracle.start + start * MINUTE, minutes * MINUTE) == expected
    assert sum(expected is not None for *_, expected in seen) > 50


# For any calendar at all


def _shifts(edges: list[int]) -> tuple[Hours, ...]:
    cut = sorted(set(edges))
    return tuple(Hours(opens, closes) for opens, closes in zip(cut[::2], cut[1::2], strict=False))


shifts_of_a_day = st.lists(st.integers(0, 2 * 1440).map(lambda minute: minute // 5 * 5), max_size=6).map(_shifts)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
specials = st.builds(
    lambda kind, first, length, yearly, hours, until: special(
        kind,
        str(first),
        last=str(first + length * DAY),
        yearly=yearly,
        hours=hours if kind == "open" else (),
        until=until,
    ),
    st.sampled_from(["away", "closed", "half", "open"]),
    days,
    st.integers(0, 20),
    st.booleans(),
    shifts_of_a_day,
    st.integers(0, 1440),
)
zones = st.sampled_from(
    [
        "Europe/Rome",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "America/Santiago",
        "UTC",
        "Asia/Kathmandu",
    ]
)
calendars = st.builds(
    Calendar,
    zones.map(ZoneInfo),
    st.tuples(*[shifts_of_a_day] * 7).filter(any),
    st.sampled_from([None, "IT", "US"]),
    specials=st.lists(specials, max_size=4).map(tuple),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
durations = st.timedeltas(timedelta(0), timedelta(hours=60))
few = settings(max_examples=60, deadline=None)


@few
@given(calendars, moments, durations)
def test_between_is_the_way_back_from_add(calendar: Calendar, start: datetime, duration: timedelta) -> None:
    assert calendar.between(start, calendar.add(start, duration)) == duration


@few
@given(calendars, moments, durations, durations)
def test_so_much_and_then_so_much_more_is_both_at_once(
    calendar: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    assert calendar.add(calendar.add(start, one), other) == calendar.add(start, one + other)


@few
@given(calendars, moments, durations, durations, durations)
def test_more_time_or_a_later_start_never_makes_a_deadline_earlier(
    calendar: Calendar, start: datetime, wait: timedelta, one: timedelta, other: timedelta
) -> None:
    least, most = sorted([one, other])
    assert calendar.add(start, least) <= calendar.add(start, most)
    assert calendar.add(start, one) <= calendar.add(start + wait, one)


@few
@given(calendars, moments, moments, moments)
def test_working_time_adds_up_whichever_way_it_is_cut(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    assert calendar.between(one, two) + calendar.between(two, three) == calendar.between(one, three)
    assert calendar.between(one, two) <= max(two - one, timedelta(0))


@few
@given(calendars, moments)
def test_work_begins_at_the_first_moment_that_is_worked(calendar: Calendar, moment: datetime) -> None:
    begins = calendar.opens(moment)
    assert calendar.works(begins)
    assert calendar.between(moment, begins) == timedelta(0)


CHANGES = [utc(f"{day} 00:00") for day in ("2026-03-08", "2026-03-29", "2026-04-04", "2026-09-06", "2026-10-25")]
near_changes = st.builds(lambda day, hours: day + hours, st.sampled_from(CHANGES), st.timedeltas(-DAY, 2 * DAY))


@few
@given(calendars, moments | near_changes)
def test_a_moment_is_worked_if_the_wall_clock_stands_in_a_shift(calendar: Calendar, moment: datetime) -> None:
    clock = moment.astimezone(calendar.zone)
    minute = clock.hour * 60 + clock.minute
    shifts = [(clock.date(), 0), (clock.date() - DAY, 1440)]
    worked = [a <= minute + late < b for day, late in shifts for a, b in calendar.shifts(day)[0]]
    assert calendar.works(moment) == any(worked)
