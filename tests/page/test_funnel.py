"""`/funnel` in a real browser: asked, pressed on, sent, shared, and read on a phone.

The company has 1,200 hand-offs: with 300 it hangs on the hour they are counted at whether an arrow stands beside a
source. The screenshots lie in `shots/` beside this file, to be looked at.
"""

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, expect

from bot.blocks.funnel.shapes import NATIVE
from bot.store import looks
from bot.store.engine import Store
from bot.store.staff_tables import looks as LOOKS
from demo.bulk import fill
from demo.company import Company, call, now, running
from tests.page.demo_kit import enter, shot

HANDOFFS = 1_200
PHONE = 390
SCREENS = (
    *("", "by source", "by campaign", "by week", "by rep", "rejections", "rejections by source", "sla", "sla by week"),
    *("velocity", "velocity by source", "reps", "rep @ana 30d", 'campaign "Blog"', "basis=period", "open", "note"),
    *("explain accept_rate", "help", "rejektions", "90d grade:Z9", "csv"),
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The demo company after ten weeks, the same for all tests here."""
    with running(tmp_path_factory.mktemp("busy") / "company") as company:
        store = Store(company.database)
        fill(store, now(), HANDOFFS)
        store.close()
        yield company


@pytest.fixture
def busy(company: Company) -> Company:
    """With a workspace that takes everything, and of which Baton does not know that."""
    refuse(company)
    known(company)
    return company


def known(company: Company, *kinds: str) -> None:
    """Have the workspace taken blocks of these kinds, and nothing be known of others."""
    store = Store(company.database)
    with store.transaction() as tx:
        tx.execute(sa.delete(LOOKS))
        looks.taken(tx, frozenset(kinds), now())
    store.close()


def ask(page: Page, text: str) -> Locator:
    """What `/funnel` answers to whoever sits there."""
    answers = page.locator('#messages .message[data-ephemeral="true"]')
    before = answers.count()
    page.get_by_test_id("compose").fill(f"/funnel {text}".strip())
    page.get_by_test_id("compose").press("Enter")
    expect(answers).to_have_count(before + 1)
    return answers.nth(before)


def press(page: Page, answer: Locator, name: str) -> Locator:
    """What a button below an answer brings: an answer of its own."""
    answers = page.locator('#messages .message[data-ephemeral="true"]')
    before = answers.count()
    answer.get_by_role("button", name=name, exact=True).click()
    expect(answers).to_have_count(before + 1)
    return answers.nth(before)


def sent_directly(page: Page, company: Company, person: str) -> Locator:
    """The newest of what Baton said to somebody alone."""
    enter(page, company, person)
    page.locator('[data-kind="dm"][data-channel]').first.click()
    return page.locator("#messages .message").last


def refuse(company: Company, *kinds: str) -> None:
    """Make it a workspace that takes no such blocks."""
    assert call(f"{company.page}/page/blocks", json.dumps({"without": kinds}).encode())["ok"]


def test_from_the_overview_to_a_message_with_charts_and_from_then_on_everywhere(page: Page, busy: Company) -> None:
    enter(page, busy, "U0MAYA")
    overview = ask(page, "")
    expect(overview).to_contain_text("What to do now")
    expect(overview.locator(".chart, .data-table")).to_have_count(0)  # nobody knows yet what this workspace takes
    by_source = press(page, overview, "By source")
    expect(by_source).to_contain_text("Funnel by source · last 30 days")
    rejections = press(page, by_source, "Rejections")
    expect(rejections).to_contain_text("Rejections by source")
    expect(overview).to_be_visible()  # to be compared with
    by_source.get_by_role("button", name="Send to my DM").click()
    sent = sent_directly(page, busy, "U0MAYA")
    expect(sent).to_contain_text("Funnel by source")
    expect(sent.locator(".chart")).to_have_count(1)
    expect(sent.locator(".data-table tbody tr")).to_have_count(5)
    shot(page, "funnel-1-sent")
    enter(page, busy, "U0MAYA")
    answer = ask(page, "by source")
    expect(answer.locator(".chart")).to_have_count(1)
    expect(answer.locator(".data-table")).to_have_count(1)
    shot(page, "funnel-2-native")


def test_whoever_looks_for_why_a_source_is_behind_finds_the_button(page: Page, busy: Company) -> None:
    enter(page, busy, "U0MAYA")
    why = press(page, ask(page, "60d by source"), "Why paid_search?")
    expect(why).to_contain_text("source paid_search")
    expect(why).to_contain_text("Company outside target")


def test_what_a_manager_shares_names_nobody_and_has_no_buttons(page: Page, busy: Company) -> None:
    enter(page, busy, "U0MAYA")
    answer = ask(page, "sla")
    expect(answer).to_contain_text("SLA met")
    answer.get_by_role("button", name="Share…").click()
    form = page.locator("dialog[open]")
    expect(form).to_contain_text("No person is named")
    shot(page, "funnel-3-share")
    form.get_by_label("Where to?").select_option(label="#lead-feedback")
    page.get_by_test_id("modal-submit").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    enter(page, busy, "U0TOM", "C0FEEDBACK")
    shared = page.locator("#messages .message", has_text="Shared by").last
    expect(shared).to_contain_text("@Maya Lindqvist")
    expect(shared).to_contain_text("SLA met")
    for name in ("Ana Ruiz", "Ben Okafor", "Chloé Martin"):
        expect(shared).not_to_contain_text(name)
    expect(shared.get_by_role("button", name="Share…")).to_have_count(0)
    shot(page, "funnel-4-shared")
    enter(page, busy, "U0MAYA")
    refused = press(page, ask(page, "by rep"), "Share…")
    expect(refused).to_contain_text("Answers about persons do not go to a channel")


def test_where_slack_takes_no_charts_the_same_comes_as_text(page: Page, busy: Company) -> None:
    refuse(busy, *NATIVE)
    enter(page, busy, "U0MAYA")
    ask(page, "by source").get_by_role("button", name="Send to my DM").click()
    sent = sent_directly(page, busy, "U0MAYA")
    expect(sent).to_contain_text("█")
    expect(sent).to_contain_text("handed off")
    expect(sent.locator(".chart, .data-table, table")).to_have_count(0)
    enter(page, busy, "U0MAYA")
    expect(ask(page, "by source").locator(".chart, .data-table, table")).to_have_count(0)


@pytest.mark.parametrize("taken", [(), NATIVE], ids=["text", "native"])
def test_every_answer_fits_a_phone(browser: Browser, busy: Company, taken: tuple[str, ...]) -> None:
    known(busy, *taken)
    context = browser.new_context(viewport={"width": PHONE, "height": 844}, locale="en-GB")
    page = context.new_page()
    enter(page, busy, "U0MAYA")
    for text in SCREENS:
        answer = ask(page, text)
        wide = answer.locator("pre").evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length")
        assert (text, page.evaluate("document.documentElement.scrollWidth"), wide) == (text, PHONE, 0)
    shot(page, "funnel-5-phone")
    context.close()
