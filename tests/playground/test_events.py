"""Events come again when they were not taken."""

import json
import time
from collections.abc import Callable

import pytest

from playground.events import WAITS
from tests.playground.kit import OPEN, Json, Pair, until


def retries(heard: list[Json]) -> list[tuple[str | None, str | None]]:
    names = ("x-slack-retry-num", "x-slack-retry-reason")
    return [(each["headers"].get(names[0]), each["headers"].get(names[1])) for each in heard]


def test_a_failed_event_comes_three_times_more(pair: Pair) -> None:
    heard = pair.answer("", 500)
    pair.ann.act("message", channel=OPEN, text="x")
    until(lambda: len(heard) == 4)
    reason = "http_error"
    assert retries(heard) == [(None, None), ("1", reason), ("2", reason), ("3", reason)]
    assert len({json.loads(each["body"])["event_id"] for each in heard}) == 1
    time.sleep(0.05)
    assert len(heard) == 4
    assert WAITS == (0, 60, 300)


@pytest.mark.parametrize(("status", "headers"), [(200, {}), (204, {}), (500, {"x_slack_no_retry": "1"})])
def test_an_event_that_was_taken_or_refused_for_good_comes_once(
    pair: Pair, status: int, headers: dict[str, str]
) -> None:
    heard = pair.answer("", status, **headers)
    pair.ann.act("message", channel=OPEN, text="x")
    until(lambda: pair.ann.deliveries)
    time.sleep(0.05)
    assert len(heard) == 1


def test_a_slow_answer_is_a_timeout(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair(deadline=0.2)
    heard = pair.answer("", delay=0.4)
    pair.ann.act("message", channel=OPEN, text="x")
    until(lambda: len(heard) == 2)
    assert retries(heard)[1] == ("1", "http_timeout")


def test_an_app_that_did_not_subscribe_hears_nothing(make_pair: Callable[..., Pair]) -> None:
    pair = make_pair(events=["app_home_opened"])
    heard = pair.answer("")
    pair.ann.act("message", channel=OPEN, text="to @tester")
    time.sleep(0.05)
    assert heard == []


def test_events_can_have_an_address_of_their_own(make_pair: Callable[..., Pair], pair: Pair) -> None:
    elsewhere = pair.answer("")
    sender = make_pair(events_url=f"{pair.slot.address}/events")
    sender.ann.act("message", channel=OPEN, text="x")
    until(lambda: elsewhere)
    until(lambda: [each["status"] for each in sender.ann.deliveries] == [200])
