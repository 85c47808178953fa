"""Finding one's way in the demo company's page: be somebody, find a lead's card, take a screenshot."""

from pathlib import Path

from playwright.sync_api import Locator, Page

from demo.company import Company

SHOTS = Path(__file__).parent / "shots"
SLACK_IDS = {"Ana Ruiz": "U0ANA", "Ben Okafor": "U0BEN", "Chloé Martin": "U0CHLOE", "Maya Lindqvist": "U0MAYA"}


def shot(page: Page, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def enter(page: Page, company: Company, person: str, place: str = "C0SALES") -> None:
    """Be somebody, somewhere."""
    page.goto("about:blank")
    page.goto(f"{company.page}/?as={person}#{place}")
    page.wait_for_selector("body[data-ready]")


def card_of(page: Page, name: str) -> Locator:
    return page.locator("#messages .message", has_text=name).last


def owner(card: Locator) -> str:
    """The Slack id of the person a card mentions."""
    return SLACK_IDS[card.locator(".mention").first.inner_text().removeprefix("@")]
