"""A Slack stand-in and a Baton that talk to each other over real HTTP on loopback, quick to start for each test."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from bot.delivery import Delivery
from bot.main import Baton
from bot.settings import Settings
from bot.store.engine import Store
from playground.app import build
from tests.flows.post_kit import Odd, Post
from tests.flows.slack_kit import INTAKE, SIGNING, TOKEN, Office, SlackPage, Wall, company, employ
from tests.playground.kit import Slot, Slots, played


@pytest.fixture
def bot_slot(slots: Slots) -> Iterator[Slot]:
    """The server in which the bot under test answers."""
    with slots.take() as slot:
        yield slot


@pytest.fixture
def wall() -> Wall:
    """The time on everybody's wall: Slack's and delivery's."""
    return Wall()


@pytest.fixture
def slack_page(slots: Slots, bot_slot: Slot, wall: Wall) -> Iterator[SlackPage]:
    """Slack with the company in it. At the end all that went either way is held against Slack's schemas."""
    app = build(company(bot_slot.address), lambda: wall().timestamp())
    with slots.take() as slot, played(slot, app) as server:
        page = SlackPage(server)
        yield page
        assert page.problems() == []


@pytest.fixture
def baton(slack_page: SlackPage, bot_slot: Slot, sqlite_url: str, wall: Wall) -> Iterator[Office]:
    """Baton in that Slack, on real SQLite."""
    settings = Settings(
        database_url=sqlite_url,
        slack_token=SecretStr(TOKEN),
        slack_signing_secret=SecretStr(SIGNING),
        slack_api_url=slack_page.api,
        intake_secret=SecretStr(INTAKE),
    )
    made = Baton(settings, "web")
    employ(made.store)
    bot_slot.app = made.web
    yield Office(slack_page, made, Delivery(made.store, made.slack, wall), wall, bot_slot.address)
    made.store.close()


@pytest.fixture
def post(slack_page: SlackPage, sqlite_url: str, wall: Wall) -> Iterator[Post]:
    """Delivery alone, on real SQLite."""
    store = employ(Store(sqlite_url))
    yield Post(slack_page, store, wall, Odd(TOKEN, slack_page.api))
    store.close()
