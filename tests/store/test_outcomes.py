"""What had become of a hand-off by a moment in the past: nothing counts that could not be known then."""

from datetime import timedelta

import pytest

from bot.stats.cohort import Waiting
from bot.store import cohorts
from bot.store.engine import Store
from tests.store.answer_kit import DAY, HOUR, ask, holding, offered
from tests.support import NOW


def test_what_was_not_offered_yet_is_not_there_yet(store: Store) -> None:
    with holding(store, offered(5 * DAY), offered(DAY, many=3)) as tx:
        inquiry = ask(tx, "30d", NOW - 2 * DAY)
        assert [one.n for one in cohorts.tallies(tx, inquiry.query.cohort, inquiry.as_of)] == [1]


@pytest.mark.parametrize(("days", "minutes"), [(6, None), (2, 5 * 24 * 60)])
def test_a_time_that_ends_after_the_moment_is_not_known_at_it(store: Store, days: int, minutes: int | None) -> None:
    """History from elsewhere may say that it was won before it was accepted."""
    with holding(store, offered(8 * DAY, "accepted", 5 * DAY, won=HOUR)) as tx:
        inquiry = ask(tx, "30d", NOW - days * DAY)
        found = cohorts.endings(tx, inquiry.query.cohort, inquiry.as_of, "wall")
    assert [(one.cause, one.minutes) for one in found] == [("accepted", minutes)]


def test_an_open_card_ages_by_the_tier_it_was_offered_under_and_an_import_by_none(store: Store) -> None:
    raised = offered(HOUR, tier="P1", raised_from="P3")
    imported = offered(2 * HOUR, tier="P1", raised_from=None, imported=True)
    with holding(store, raised, imported, offered(3 * HOUR, raised_from=None)) as tx:
        inquiry = ask(tx, "30d")
        found = cohorts.waiting(tx, inquiry.query.cohort, inquiry.as_of, NOW - DAY)
    expected = [(1, "P3"), (2, None), (3, "P2")]
    assert sorted(found, key=lambda one: -_hours(one)) == [
        Waiting("", NOW - timedelta(hours=hours), "ana", tier, 1) for hours, tier in reversed(expected)
    ]


def _hours(one: Waiting) -> float:
    assert one.since is not None
    return (NOW - one.since) / HOUR
