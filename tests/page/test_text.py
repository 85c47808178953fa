"""Texts on the stand-in's page, in a real browser, drawn as Slack draws them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from playground.app import build
from playground.serve import running
from tests.flows.slack_kit import company

DRAWN = """async (text) => {
  const { drawText } = await import("/page/text.js");
  const there = document.createElement("div");
  there.append(drawText(text));
  return [there.textContent, ...[...there.querySelectorAll("a")].map((one) => one.href)];
}"""
URL = "https://evil.example/login"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with running(build(company("http://127.0.0.1:9"))) as served:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{served.address}/page/text.js")  # any document of this origin: modules are loaded from it
        yield page
        context.close()


@pytest.mark.parametrize(
    ("text", "verbatim", "drawn"),
    [
        (f"*{URL}* {URL}", False, [f"{URL} {URL}", URL, URL]),
        (f"*{URL}* {URL}", True, [f"{URL} {URL}"]),
        (f"> {URL}\n- {URL}\n1. _{URL}_", True, [URL * 3]),
        (f"<{URL}|our page> `code`", True, ["our page code", URL]),
    ],
)
def test_a_bare_address_is_a_link_unless_the_text_is_verbatim(
    page: Page, text: str, verbatim: bool, drawn: list[str]
) -> None:
    assert page.evaluate(DRAWN, {"type": "mrkdwn", "text": text, "verbatim": verbatim}) == drawn
