"""The oracle of `/funnel` itself: against published figures, and against stories whose end is plain to see."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from bot.answers.funnel import OPERATOR, answered, understood
from bot.lead import Lead
from bot.stats.query import Query
from bot.store.engine import Store, Tx
from tests.store.funnel_answers import told
from tests.store.funnel_cases import Case, cases
from tests.store.funnel_company import ON_CALL, WALLS, Wall, wall_of, worked
from tests.store.funnel_life import Deed, Life, play
from tests.store.funnel_oracle import CAUSES, Item, counts, incidence, reached
from tests.store.recount import forgotten

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = datetime.fromisoformat("2026-03-02T08:00+00:00")
"""Nine o'clock in Madrid, eight in London, three in the morning in New York."""

TEN: list[Item] = [
    *((10, "accepted"), (20, "rejected"), (25, None), (30, "accepted"), (40, None), (50, "accepted"), (60, "rejected")),
    *((80, "expired"), (90, None), (100, None)),
]


def test_shares_are_those_of_a_published_example() -> None:
    found = incidence(TEN, 80)
    assert [round(float(found[cause]), 4) for cause in (*CAUSES, None)] == [0.3514, 0.2371, 0.1371, 0.2743]
    assert sum(found.values()) == 1


def test_without_open_ones_a_share_is_a_plain_one() -> None:
    ended = [(at, cause or "expired") for at, cause in TEN]
    assert incidence(ended, 50) == {
        "accepted": Fraction(3, 10),
        "rejected": Fraction(1, 10),
        "expired": Fraction(2, 10),
        None: Fraction(4, 10),
    }


def test_a_percentile_is_the_first_minute_at_which_so_many_are_decided() -> None:
    decided: list[Item] = [(5, "accepted"), (7, "rejected"), (7, None), (9, "expired")]
    assert reached(decided, CAUSES[:2], Fraction(1, 4)) == 5
    assert reached(decided, CAUSES[:2], Fraction(1, 2)) == 7
    assert reached(decided, CAUSES[:2], Fraction(3, 4)) is None
    assert reached([], CAUSES, Fraction(1, 2)) is None


@pytest.mark.parametrize(
    ("wall", "start", "end", "hours"),
    [
        (WALLS["ana"], "2026-03-02T00:00", "2026-03-03T00:00", 8),
        (WALLS["ana"], "2026-03-02T12:30", "2026-03-02T13:30", 0.5),  # her lunch ends at two
        (WALLS["ana"], "2026-03-04T00:00", "2026-03-05T00:00", 0),  # her day off
        (WALLS["ana"], "2026-03-07T00:00", "2026-03-09T00:00", 0),  # a weekend
        (WALLS["ben"], "2026-03-06T14:00", "2026-03-06T15:00", 1),
        (WALLS["ben"], "2026-03-09T13:00", "2026-03-09T14:00", 1),  # New York is an hour earlier since Sunday
        (
            ON_CALL["ben"],
            "2026-03-08T00:00",
            "2026-03-09T00:00",
            6,
        ),  # of one evening and the next, an hour apart by summer time
        (WALLS["dan"], "2026-03-02T00:00", "2026-03-07T00:00", 40),  # four nights in Sydney
        (WALLS["cleo"], "2026-03-02T08:59:30", "2026-03-02T09:00:30", 0.5 / 60),
    ],
)
def test_working_time_is_what_hangs_on_the_wall(wall: Wall, start: str, end: str, hours: float) -> None:
    first, last = (datetime.fromisoformat(f"{moment}+00:00") for moment in (start, end))
    assert worked(wall, first, last) == timedelta(hours=hours)


def test_an_urgent_lead_that_comes_on_call_is_counted_in_the_hours_on_call() -> None:
    evening, morning = (datetime.fromisoformat(f"2026-03-03T{hour}:00+00:00") for hour in ("00", "15"))
    assert wall_of("ben", evening, urgent=True) == ON_CALL["ben"]
    assert wall_of("ben", evening, urgent=False) == WALLS["ben"]
    assert wall_of("ben", morning, urgent=True) == WALLS["ben"]
    assert wall_of("somebody else", evening, urgent=True) == WALLS[None]


def _life(*deeds: tuple[str, int], **fields: str) -> Life:
    """A lead that comes on Monday at nine, and what is done so many minutes after one another."""
    steps = tuple(Deed(what, minutes * MINUTE, 0) for what, minutes in deeds)
    return Life(MONDAY, Lead(source="webinar", **fields), steps)


@pytest.fixture
def stories(store: Store) -> Iterator[tuple[Tx, list[Case]]]:
    """Five leads: accepted; rejected and undone; passed on; withdrawn; left alone until it expires and comes again."""
    plan = [
        _life(("accept", 30)),
        _life(("reject", 30), ("undo", 5), ("accept", 60)),
        _life(("pass_on", 90), ("claim", 5 * 1440)),  # too late: it has expired by then
        _life(("opt_out", 20)),
        _life(("ask", 10 * 1440), ("accept", 60)),
    ]
    with forgotten(store) as tx:
        play(tx, plan, MONDAY + 30 * DAY)
        yield tx, cases(tx)


def test_outcomes_are_those_of_the_stories(stories: tuple[Tx, list[Case]]) -> None:
    _, found = stories
    by_then = {
        15 * MINUTE: ["open"] * 5,
        25 * MINUTE: ["open", "open", "open", "void", "open"],
        32 * MINUTE: ["accepted", "open", "open", "void", "open"],  # what is undone was never done
        95 * MINUTE: ["accepted", "accepted", "open", "void", "open"],
        11 * DAY: ["accepted", "accepted", "expired", "void", "expired"],
    }
    for after, outcomes in by_then.items():
        assert [one.outcome(MONDAY + after) for one in found if one.first] == outcomes
    assert [one.first for one in found] == [True] * 5 + [False]
    assert [len(one.passed_on) for one in found] == [0, 0, 1, 0, 0, 0]
    assert found[2].owner != found[2].first_owner


def test_the_answer_tells_the_same_stories(stories: tuple[Tx, list[Case]]) -> None:
    tx, found = stories
    later = MONDAY + 11 * DAY
    query = understood(tx, "12w", later, OPERATOR)
    assert isinstance(query, Query)
    answer = told(answered(tx, query, later, OPERATOR).record)  # type: ignore[union-attr]
    assert answer["now"]["counts"] == counts([one for one in found if one.first], later)
    assert answer["now"]["counts"]["accepted"] == answer["now"]["counts"]["expired"] == 2
    assert answer["repeats"]["accepted"] == 1
    assert answer["rerouted"] == 1
