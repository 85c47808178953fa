"""The weekly overview in Slack: a worker asks for it, delivery brings it, and a demo's clock does not skip it."""

from datetime import timedelta

import pytest

from bot.main import Baton
from bot.store import messages as messages_of_store
from tests.flows.share_kit import fill, statuses, types, usual
from tests.flows.slack_kit import MAYA, NORTH, Office, buttons, shown
from tests.playground.kit import until
from tests.support import PEOPLE, in_force

DAY = timedelta(days=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekly(office: Office, *, in_days: int = 0) -> Office:
    """It is due at midnight (UTC) of today, or of a day to come."""
    day = DAYS[(office.now + in_days * DAY).weekday()]
    in_force(office.store, people=f'{PEOPLE}overview: {{channel: {NORTH}, day: {day}, at: "00:00", zone: UTC}}\n')
    return office


def pass_by(office: Office, by: timedelta) -> None:
    """As the demo's clock does."""
    office.baton._let_time_pass(by)
    office.delivery.drain()


def test_a_clock_that_is_moved_on_stops_at_every_overview(baton: Office) -> None:
    fill(baton.store, baton.now, usual())
    pass_by(weekly(baton, in_days=2), 10 * DAY)
    first, second = baton.page.posted("overview", NORTH)
    assert buttons(first) == buttons(second) == []
    assert "accepted" in shown(first)
    assert all(name not in shown(first) for name in ("Ana", "Ben", "Maya", "Elena"))


def test_without_a_word_in_the_configuration_there_is_none(baton: Office) -> None:
    pass_by(baton, 10 * DAY)
    assert statuses(baton.store, "overview") == []


def test_a_channel_that_takes_nothing_is_told_to_operations_and_tried_again(baton: Office) -> None:
    assert baton.page.person(MAYA).act("remove_app", channel=NORTH) == {"ok": True}
    pass_by(weekly(baton), timedelta(seconds=1))
    assert f"<#{NORTH}>" in shown(baton.page.posted("channel_lost", MAYA)[0])
    assert baton.page.person(MAYA).act("invite_app", channel=NORTH) == {"ok": True}
    baton.wall.pass_by(601)
    baton.delivery.drain()
    assert len(baton.page.posted("overview", NORTH)) == 1


def test_blocks_that_slack_refuses_do_not_make_two(baton: Office) -> None:
    baton.page.fault("chat.postMessage", "error:invalid_blocks")
    pass_by(weekly(baton), timedelta(seconds=1))
    pass_by(baton, timedelta(minutes=5))
    [sent] = baton.page.posted("overview", NORTH)
    assert "header" in types(sent) or types(sent) == ["section"]


@pytest.mark.parametrize("role", ["web", "worker", "run"])
def test_only_workers_have_the_clock(baton: Office, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.main.WEEKLY_SECONDS", 1)
    weekly(baton)
    other = Baton(baton.baton.settings, role)  # type: ignore[arg-type]
    clock = other._scheduler
    assert (clock is None) is (role == "web")
    if clock:
        clock.start()
        until(lambda: _asked(baton))
        clock.shutdown()
        assert statuses(baton.store, "overview") == ["waiting"]
    other.store.close()


def _asked(office: Office) -> bool:
    with office.store.reading() as tx:
        return messages_of_store.of_occurrence(tx, "overview", "overview", f"{office.now:%Y-%m-%d}")
