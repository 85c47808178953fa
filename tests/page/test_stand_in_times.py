"""Times on the stand-in's page, in a real browser: drawn as Slack draws them, in the zone of the person who looks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from tests.playground.kit import Slots, paired

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=ZoneInfo("UTC"))
DRAW = """async ([zone, text]) => {
  const { store } = await import("/page/state.js");
  store.data = { me: { tz: zone }, people: [] };
  const { drawText } = await import("/page/text.js");
  const there = document.createElement("div");
  there.append(drawText({ type: "mrkdwn", text }));
  return there.textContent.replace(/\\u202f/g, " ");
}"""
PICK = """async ([zone, times]) => {
  const { store } = await import("/page/state.js");
  store.data = { me: { tz: zone } };
  const { pickerTime, unixTime } = await import("/page/dates.js");
  return times.map((at) => [pickerTime(at), unixTime(pickerTime(at))]);
}"""
UNPICK = """async ([zone, wall]) => {
  const { store } = await import("/page/state.js");
  store.data = { me: { tz: zone } };
  return (await import("/page/dates.js")).unixTime(wall);
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, slots: Slots) -> Iterator[Page]:
    """A page of the stand-in's origin; the browser itself is in a zone of its own, which must not matter."""
    with paired(slots) as pair:
        context = browser.new_context(locale="en-US", timezone_id="Pacific/Kiritimati")
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        page.goto(f"{pair.server.address}/page/text.js")
        yield page
        context.close()


def drawn(page: Page, format_: str, zone: str = "UTC", **later: float) -> Any:
    at = int((NOW + timedelta(**later)).timestamp())
    return page.evaluate(DRAW, [zone, f"<!date^{at}^{format_}|fallback>"])


@pytest.mark.parametrize(
    ("format_", "later", "shown"),
    [
        ("{date_short_pretty} at {time}", {"hours": 2}, "Today at 9:30 AM"),
        ("{date_short_pretty} at {time}", {"days": 1}, "Tomorrow at 7:30 AM"),
        ("{date_short_pretty} at {time}", {"days": -1}, "Yesterday at 7:30 AM"),
        ("{date_short_pretty} at {time}", {"days": 2}, "Nov 24 at 7:30 AM"),
        ("by {date_pretty}", {"hours": 2}, "by today"),
        ("{ago}", {"minutes": 5}, "In 5 minutes"),
        ("{date_pretty}", {"days": 9}, "December 1"),
        ("{date_long_pretty}", {"days": 9}, "Tuesday, December 1"),
        ("{date_num}", {}, "2026-11-22"),
        ("{date_slash}", {}, "11/22/2026"),
        ("{date}", {}, "November 22"),
        ("{date}", {"days": 181}, "May 22"),
        ("{date}", {"days": 183}, "May 24, 2027"),
        ("{date_short}", {"days": -183}, "May 23, 2026"),
        ("{date_long}", {"days": 400}, "Monday, December 27, 2027"),
        ("{date_long_full}", {}, "November 22, 2026"),
        ("{day_divider_pretty}", {"days": 9}, "Tuesday, December 1"),
        ("{day_divider_pretty}", {"days": 60}, "Thursday, January 21, 2027"),
        ("{time_secs}", {"seconds": 5}, "7:30:05 AM"),
        ("{ago}", {"minutes": -5}, "5 minutes ago"),
        ("{nonsense} {time}", {}, "{nonsense} 7:30 AM"),
    ],
)
def test_date_tokens(page: Page, format_: str, later: dict[str, float], shown: str) -> None:
    assert drawn(page, format_, **later) == shown


@pytest.mark.parametrize(
    ("zone", "later", "shown"),
    [
        ("Etc/UTC", {}, "Today at 7:30 AM"),
        ("Europe/Madrid", {}, "Today at 8:30 AM"),
        ("Asia/Kolkata", {}, "Today at 1:00 PM"),
        ("America/Los_Angeles", {}, "Today at 11:30 PM"),  # of the 21st, there
        ("America/Los_Angeles", {"hours": 0.5}, "Tomorrow at 12:00 AM"),
        ("Pacific/Auckland", {"hours": 3.5}, "Tomorrow at 12:00 AM"),
    ],
)
def test_a_date_is_told_in_the_zone_of_the_person_who_looks(
    page: Page, zone: str, later: dict[str, float], shown: str
) -> None:
    assert drawn(page, "{date_short_pretty} at {time}", zone, **later) == shown


@pytest.mark.parametrize("seconds", ["", "soon", "1e99"])
def test_what_is_no_time_shows_its_fallback(page: Page, seconds: str) -> None:
    assert page.evaluate(DRAW, ["UTC", f"due <!date^{seconds}^{{date}}|before &lt;noon&gt;>"]) == "due before <noon>"


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
)
def test_a_picker_shows_and_takes_the_persons_own_clock(page: Page, zone: str) -> None:
    first = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    times = [int((first + timedelta(hours=3 * n, minutes=30 * (n % 2))).timestamp()) for n in range(3000)]
    for at, (wall, again) in zip(times, page.evaluate(PICK, [zone, times]), strict=True):
        local = datetime.fromtimestamp(at, ZoneInfo(zone))
        assert wall == local.strftime("%Y-%m-%dT%H:%M")
        assert datetime.fromtimestamp(again, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") == wall
        assert again == local.replace(fold=0).timestamp()


def test_a_time_the_clock_shows_twice_is_the_first_and_one_it_skips_comes_close(page: Page) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    twice = page.evaluate(UNPICK, ["Europe/Berlin", "2026-10-25T02:30"])
    assert twice == datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=0).timestamp()
    skipped = page.evaluate(UNPICK, ["Europe/Berlin", "2026-03-29T02:30"])
    assert abs(skipped - datetime(2026, 3, 29, 1, 0, tzinfo=ZoneInfo("UTC")).timestamp()) <= 3600
    minutes = [page.evaluate(UNPICK, ["Europe/Berlin", f"2026-03-29T0{hour}:00"]) for hour in (1, 3)]
    assert [later - earlier for earlier, later in pairwise(minutes)] == [3600]
