"""A real Chromium. Where none is installed the browser tests are skipped, and say so."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from demo.company import Company, running
from tests.page.desk_kit import SCREENS, Desk
from tests.playground.kit import Slots, paired, spec

CHROMIUM = os.environ.get("BATON_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # a busy machine is no fault of the code


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser; BATON_TEST_CHROMIUM names another one than the first on the path."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on the path (package chromium), and BATON_TEST_CHROMIUM names none")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with running(tmp_path / "company") as company:
        yield company


@pytest.fixture
def page(browser: Browser, company: Company) -> Iterator[Page]:
    """A tab that fails the test if the page ever complains."""
    context = browser.new_context(viewport={"width": 1360, "height": 1000}, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("request", lambda sent: complaints.append(sent.url) if not sent.url.startswith(company.page) else None)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture(params=SCREENS)
def desk(browser: Browser, slots: Slots, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """The page on a wide screen and on a phone; the test fails if it ever complains or does not fit."""
    people = spec()["people"]
    people[0]["tz"] = "Asia/Tokyo"
    width, height = SCREENS[request.param]
    with paired(slots, change={"people": people}, events=["app_home_opened"]) as pair:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        yield Desk(pair, page, request.param == "phone")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
        assert complaints == []
