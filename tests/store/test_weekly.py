"""The weekly overview: one message on its local day, whatever the clocks do, and whoever works or comes back."""

import threading
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.config.policy import Policy
from bot.kinds import KINDS
from bot.lead import Weekly
from bot.moves.weekly import due_day, next_weekly, post_weekly
from bot.store import policies
from bot.store.engine import Store, Tx
from bot.store.messages import Message
from bot.store.tables import handoffs, messages
from tests.schemas import check
from tests.store.answer_kit import holding, offered
from tests.support import NOW, PEOPLE, in_force

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)  # nine o'clock in Berlin


def configured(store: Store, **changes: str) -> Store:
    given = {"channel": "C0SALES", "day": "mon", "at": '"09:00"', "zone": "Europe/Berlin"} | changes
    inside = ", ".join(f"{key}: {value}" for key, value in given.items())
    return in_force(store, people=f"{PEOPLE}overview: {{{inside}}}\n")


def asked(store: Store) -> list[tuple[str, str]]:
    with store.reading() as tx:
        query = sa.select(messages.c.occurrence, messages.c.recipient).where(messages.c.kind == "overview")
        return [(row.occurrence, row.recipient) for row in tx.execute(query.order_by(messages.c.id))]


def ticks(store: Store, begin: datetime, end: datetime, step: timedelta = MINUTE) -> list[datetime]:
    """The moments at which a worker that ticks has asked for one."""
    moments = (begin + number * step for number in range((end - begin) // step))
    return [moment for moment in moments if post_weekly(store, moment)]


def test_it_is_off_unless_it_is_configured(store: Store) -> None:
    assert ticks(in_force(store), MONDAY, MONDAY + DAY, HOUR) == []


def test_it_comes_once_a_week_at_its_local_time(store: Store) -> None:
    assert ticks(configured(store), MONDAY - HOUR, MONDAY + 2 * HOUR) == [MONDAY]
    assert ticks(store, MONDAY, MONDAY + 8 * DAY, HOUR) == [MONDAY + 7 * DAY]
    assert asked(store) == [("2026-03-02", "C0SALES"), ("2026-03-09", "C0SALES")]


@pytest.mark.parametrize(
    ("late", "comes"), [(15 * HOUR - MINUTE, True), (15 * HOUR, False), (3 * DAY, False), (-MINUTE, False)]
)
def test_who_was_not_there_sends_it_later_the_same_local_day(store: Store, late: timedelta, comes: bool) -> None:
    """Midnight in Berlin is 15 hours after nine."""
    assert post_weekly(configured(store), MONDAY + late) is comes


def test_turned_on_after_its_time_it_comes_at_once(store: Store) -> None:
    in_force(store)
    assert not post_weekly(store, MONDAY + 3 * HOUR)
    assert post_weekly(configured(store), MONDAY + 3 * HOUR)


def test_a_restart_sends_no_second_one(store: Store) -> None:
    assert post_weekly(configured(store), MONDAY)
    assert not post_weekly(store, MONDAY)
    assert not post_weekly(store, MONDAY + 5 * HOUR)


@pytest.mark.parametrize(
    "changes", [{"channel": "C0NORTH"}, {"at": '"11:00"'}, {"zone": "America/New_York"}, {"at": '"00:00"'}]
)
def test_a_change_during_the_day_makes_no_second_one(store: Store, changes: dict[str, str]) -> None:
    assert post_weekly(configured(store), MONDAY)
    assert ticks(configured(store, **changes), MONDAY, MONDAY + 16 * HOUR, HOUR / 4) == []
    assert asked(store) == [("2026-03-02", "C0SALES")]


def test_turned_off_again_it_comes_no_more(store: Store) -> None:
    assert post_weekly(configured(store), MONDAY)
    assert ticks(in_force(store), MONDAY, MONDAY + 9 * DAY, HOUR) == []


# Clocks that change: in Berlin on 29 March at 2 and on 25 October 2026 at 3


def test_a_time_that_is_left_out_is_over_with_the_next_minute_there_is(store: Store) -> None:
    configured(store, day="sun", at='"02:30"')
    begin = datetime(2026, 3, 29, 0, tzinfo=UTC)
    [moment] = ticks(store, begin, begin + 22 * HOUR, MINUTE)
    assert moment.astimezone(BERLIN).replace(tzinfo=None) == datetime(2026, 3, 29, 3, 0)


def test_an_hour_that_comes_twice_makes_one(store: Store) -> None:
    configured(store, day="sun", at='"02:30"')
    begin = datetime(2026, 10, 24, 22, tzinfo=UTC)
    [moment] = ticks(store, begin, begin + 6 * HOUR, MINUTE)
    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of the two"


def test_who_comes_back_in_the_second_of_the_two_hours_sends_one_all_the_same(store: Store) -> None:
    configured(store, day="sun", at='"02:30"')
    begin = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    assert len(ticks(store, begin, begin + 3 * HOUR)) == 1


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "Africa/Cairo", "UTC"]
)
@pytest.mark.parametrize("at", [0, 30, 2 * 60 + 30])
def test_through_a_year_every_local_monday_has_its_own(zone: str, at: int) -> None:
    """The days are counted here by the calendar, without any clock."""
    weekly = Weekly("C0", 0, at, ZoneInfo(zone))
    found = set()
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment < datetime(2027, 1, 1, tzinfo=UTC):
        found.add(due_day(weekly, moment))
        moment += HOUR
    first = date(2026, 1, 5)
    mondays = {first + week * timedelta(weeks=1) for week in range(52)}
    assert found - {None} == mondays


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"])
def test_clocks_that_are_moved_on_stop_at_each(zone: str) -> None:
    weekly = Weekly("C0", 0, 9 * 60, ZoneInfo(zone))
    moments = [MONDAY - 3 * DAY]
    while len(moments) < 60:
        moments.append(next_weekly(weekly, moments[-1]))
    for before, after in pairwise(moments):
        assert due_day(weekly, after) is not None
        assert due_day(weekly, after - MINUTE) is None
        assert after - before <= 7 * DAY + HOUR


# Two at once


@pytest.mark.parametrize("other", ["C0SALES", "C0NORTH"])
def test_of_two_workers_that_tick_together_one_asks(store: Store, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where one of them still goes by a configuration that names another channel."""
    configured(store)
    second = Store(store.engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    met, looked, outcomes = threading.Barrier(2), Counter[str](), []
    current = policies.current

    def of_thread(tx: Tx) -> Policy:
        """The second time somebody asks they have seen that one is missing, and are about to write."""
        name, policy = threading.current_thread().name, current(tx)
        looked[name] += 1
        with suppress(threading.BrokenBarrierError):  # SQLite lets one write at a time
            met.wait(1) if looked[name] == 2 else None
        return replace(policy, overview=Weekly(name.split()[1], 0, 9 * 60, BERLIN))

    monkeypatch.setattr(policies, "current", of_thread)
    workers = [
        threading.Thread(target=lambda one=one: outcomes.append(post_weekly(one, MONDAY)), name=name)
        for one, name in ((store, "one C0SALES"), (second, f"two {other}"))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    second.close()
    assert sorted(outcomes) == [False, True]
    assert len(asked(store)) == 1


# What it says


def drawn(store: Store) -> str:
    with store.reading() as tx:
        row = tx.execute(sa.select(messages).where(messages.c.kind == "overview")).one()
        name = (row.id, row.subject, row.kind, row.recipient, row.occurrence, row.detail)
        drawing = KINDS["overview"](tx, Message(*name, 1, NOW, NOW, row.channel, row.ts, None, "post"))(None)  # type: ignore[arg-type]
    assert check.call("chat.postMessage", {"channel": "C1", "text": drawing.text, "blocks": drawing.blocks}) == []
    assert all(block["type"] != "actions" for block in drawing.blocks)
    return drawing.text


def test_it_is_about_the_week_before_and_names_nobody(store: Store) -> None:
    rows = [offered(3 * DAY, "accepted", many=12), offered(3 * DAY, many=2), offered(10 * DAY, "rejected", many=4)]
    with holding(store, *rows):
        pass
    configured(store)
    assert post_weekly(store, MONDAY)
    text = drawn(store)
    assert "14" in text
    assert "23 Feb" in text
    assert "1 Mar 2026" in text
    for name in ("Ana", "Ben", "Maya"):
        assert name not in text


def test_drawn_anew_it_tells_the_same_numbers(store: Store) -> None:
    with holding(store, offered(3 * DAY, many=12)):
        pass
    configured(store)
    assert post_weekly(store, MONDAY)
    before = drawn(store)
    with store.transaction() as tx:
        tx.execute(sa.update(handoffs).values(state="accepted", accepted_at=MONDAY + DAY))
    assert drawn(store) == before


def test_where_monday_begins_before_it_does_in_utc_the_week_is_still_the_one_that_is_over(store: Store) -> None:
    with holding(store, offered(3 * DAY, many=12)):
        pass
    configured(store, zone="Pacific/Auckland")
    assert post_weekly(store, datetime(2026, 3, 1, 20, tzinfo=UTC))
    assert asked(store) == [("2026-03-02", "C0SALES")]
    assert "23 Feb" in drawn(store)
    assert "12" in drawn(store)
