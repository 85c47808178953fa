"""The stand-in's page with a person before it and an app behind it."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.playground.kit import ANN, OPEN, Json, Pair

SCREENS = {"wide": (1280, 900), "phone": (390, 844)}


@dataclass
class Desk:
    """A person at the page, with an app behind it."""

    pair: Pair
    page: Page
    phone: bool

    def sit(self, who: str = ANN, place: str = OPEN) -> None:
        """Be somebody, somewhere."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.pair.server.address}/?as={who}#{place}")
        self.page.wait_for_selector("body[data-ready]")

    def sidebar(self, selector: str) -> None:
        """Click something in the sidebar, which a phone keeps in a drawer."""
        if self.phone and not self.page.locator("body.drawer-open").count():
            self.page.locator("#open-drawer").click()
        self.page.locator(f"#sidebar {selector}").click()

    def account(self, who: str, deed: str) -> None:
        """Open the menu of somebody's account and choose from it."""
        self.sidebar(f"[data-account={who}]")
        self.page.locator(f".menu [data-account={deed}]").click()

    def room(self, deed: str) -> None:
        """Open the channel's menu and choose from it."""
        self.page.get_by_test_id("room").click()
        self.page.locator(f".menu [data-room={deed}]").click()

    def message(self, words: str) -> Locator:
        """The newest message with these words."""
        return self.page.locator("#messages .message", has_text=words).last

    def user(self, who: str) -> Json:
        """What the app is told of a person."""
        return dict(self.pair.call("users.info", user=who)["user"])
