"""A person's day in a real browser: send a lead, accept it, reject another, watch a third expire, read `/funnel`.

The screenshots it takes lie in `shots/` beside this file, to be looked at.
"""

from playwright.sync_api import Browser, Page, expect

from demo.company import Company, journeys, now
from tests.page.demo_kit import card_of, enter, owner, shot


def test_a_day_with_leads(page: Page, company: Company) -> None:
    company.send(journeys(now()))
    enter(page, company, "U0ANA")
    _send_a_lead(page)
    _ask_why(page, "Priya Raman")
    _accept(page, company, "Priya Raman")
    _raise_and_withdraw(page, company, "Jonas Keller")
    _reject(page, company, "Pixel Bakery")
    _let_expire(page, company, "Samuel Adeyemi")
    _read_feedback(page, company)
    _read_funnel(page, company)


def _send_a_lead(page: Page) -> None:
    page.get_by_test_id("open-panel").click()
    request = page.locator('[data-request="0"]')
    request.get_by_role("button", name="Send").click()
    expect(request.get_by_test_id("answer-status")).to_contain_text("200")
    expect(card_of(page, "Priya Raman")).to_be_visible()
    shot(page, "1-lead-sent")


def _ask_why(page: Page, name: str) -> None:
    card_of(page, name).get_by_role("button", name="Why this score").click()
    told = page.locator("dialog[open]")
    expect(told).to_contain_text("Leads a department")
    expect(told).to_contain_text("What would change it")
    shot(page, "2-why")
    told.get_by_role("button", name="Close").last.click()
    expect(told).to_have_count(0)


def _raise_and_withdraw(page: Page, company: Company, name: str) -> None:
    enter(page, company, owner(card_of(page, name)))
    expect(card_of(page, name)).to_contain_text("P3")
    for type_, words in (("trial_request", "Raised from P3: Started a trial"), ("opt_out", "This card was withdrawn")):
        signal = {"id": type_, "type": type_, "at": now().isoformat()}
        company.send([{"email": "jonas.keller@fjordworks.example", "signals": [signal]}])
        expect(card_of(page, name)).to_contain_text(words)
        shot(page, f"3-{type_}")
    expect(card_of(page, name).get_by_role("button", name="Accept")).to_have_count(0)


def _accept(page: Page, company: Company, name: str) -> None:
    enter(page, company, owner(card_of(page, name)))
    card_of(page, name).get_by_role("button", name="Accept").click()
    expect(card_of(page, name)).to_contain_text("Accepted by")
    expect(card_of(page, name).get_by_role("button", name="Accept")).to_have_count(0)
    shot(page, "2-accepted")


def _reject(page: Page, company: Company, name: str) -> None:
    enter(page, company, owner(card_of(page, name)))
    card_of(page, name).get_by_role("button", name="Reject…").click()
    form = page.locator("dialog[open]:not(.beneath)")
    form.locator("select").select_option(label="Company outside target")
    question = form.locator('.block[data-block-id="reject_follow_up:FIT_COMPANY"]')
    expect(question).to_be_visible()
    shot(page, "3-form")
    form.get_by_test_id("modal-submit").click()
    expect(question.locator(".field-error")).to_be_visible()
    shot(page, "4-form-refused")
    question.locator("summary").click()
    question.get_by_label("Size").check()
    form.get_by_label("Anything to add?").fill("Two people, and they build their own tools")
    form.get_by_test_id("modal-submit").click()
    expect(form).to_have_count(0)
    expect(card_of(page, name)).to_contain_text("Company outside target: Size")
    shot(page, "5-rejected")


def _let_expire(page: Page, company: Company, name: str) -> None:
    who = owner(card_of(page, name))
    for hours in (2.1, 2, 44):
        company.let_pass(hours)
    enter(page, company, who)
    expect(card_of(page, name)).to_contain_text("Expired without an answer")
    card_of(page, name).get_by_test_id("thread-link").click()
    expect(page.locator("#thread .message")).to_have_count(3)
    shot(page, "6-expired")
    page.locator('[data-kind="dm"][data-channel]').click()
    expect(page.locator("#messages")).to_contain_text(name)
    shot(page, "7-reminder")


def _read_feedback(page: Page, company: Company) -> None:
    enter(page, company, "U0TOM", "C0FEEDBACK")
    page.get_by_test_id("thread-link").first.click()
    expect(page.locator("#thread")).to_contain_text("Two people, and they build their own tools")
    shot(page, "8-feedback")


def _read_funnel(page: Page, company: Company) -> None:
    enter(page, company, "U0MAYA")
    page.get_by_test_id("compose").fill("/funnel")
    page.keyboard.press("Enter")
    answer = page.locator('#messages .message[data-ephemeral="true"]').last
    expect(answer).to_contain_text("4 → 1 accepted · 1 rejected · 2 expired")
    shot(page, "9-funnel")
    answer.get_by_role("button", name="By source").click()
    expect(answer).to_contain_text("Funnel by source")
    expect(answer).to_contain_text("4 in 4 groups")
    shot(page, "9-funnel-by-source")
    page.reload()
    expect(page.locator('#messages .message[data-ephemeral="true"]')).to_have_count(0)


def test_a_card_reads_well_on_a_phone_and_in_the_dark(browser: Browser, company: Company) -> None:
    company.send(journeys(now()))
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", locale="en-GB")
    page = context.new_page()
    enter(page, company, "U0ANA")
    expect(card_of(page, "Elena Marchetti")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shot(page, "10-phone")
    context.close()
