"""A card goes up its whole ladder in a real browser, in accelerated time: reminder, last call, breach, claim, end.

What each step says is read on the page by whoever it is meant for.
"""

from playwright.sync_api import Locator, Page, expect

from demo.company import Company, journeys, now
from tests.page.demo_kit import card_of, enter, owner, shot


class Clock:
    """Hours since the leads came, at which Baton's clock stands."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._hours = 0.0

    def reach(self, hours: float) -> None:
        self._company.let_pass(hours - self._hours)
        self._hours = hours


def test_a_hot_lead_goes_on_to_somebody_else_and_ends_in_the_queue(page: Page, company: Company) -> None:
    company.send(journeys(now()))
    clock = Clock(company)
    enter(page, company, "U0MAYA")
    first = owner(card_of(page, "Elena Marchetti"))
    clock.reach(0.21)  # 80 % of 15 minutes
    expect(direct(page, company, first)).to_contain_text("Elena Marchetti")
    shot(page, "ladder-1-last-call")
    clock.reach(0.26)
    enter(page, company, "U0MAYA")
    expect(card_of(page, "Elena Marchetti")).to_contain_text("Overdue")
    expect(thread(page, "Elena Marchetti")).to_contain_text("@Maya Lindqvist")
    shot(page, "ladder-2-breach")
    clock.reach(0.4)  # 150 %: nobody has claimed it
    enter(page, company, "U0MAYA")
    expect(card_of(page, "Elena Marchetti").locator(".mention").first).not_to_have_text(
        {"U0ANA": "@Ana Ruiz", "U0BEN": "@Ben Okafor", "U0CHLOE": "@Chloé Martin"}[first]
    )
    second = owner(card_of(page, "Elena Marchetti"))
    assert second != first
    expect(direct(page, company, second)).to_contain_text("Elena Marchetti")
    shot(page, "ladder-3-reassigned")
    clock.reach(4.1)
    enter(page, company, "U0MAYA")
    expect(thread(page, "Elena Marchetti").locator(".message")).to_have_count(3)
    shot(page, "ladder-4-still-not-placed")
    clock.reach(49)
    enter(page, company, "U0MAYA")
    expect(card_of(page, "Elena Marchetti")).to_contain_text("Expired without an answer")
    card_of(page, "Elena Marchetti").get_by_role("button", name="Take it").click()
    expect(card_of(page, "Elena Marchetti")).to_contain_text("Accepted by @Maya Lindqvist")
    shot(page, "ladder-5-taken")


def test_a_teammate_claims_what_its_owner_has_let_become_overdue(page: Page, company: Company) -> None:
    company.send(journeys(now()))
    clock = Clock(company)
    enter(page, company, "U0ANA")
    expect(card_of(page, "Samuel Adeyemi").get_by_role("button", name="Claim")).to_have_count(0)
    assert owner(card_of(page, "Samuel Adeyemi")) == "U0BEN"  # the account is his
    clock.reach(2.01)
    expect(direct(page, company, "U0BEN")).to_contain_text("Samuel Adeyemi")
    shot(page, "ladder-6-nudge")
    clock.reach(4.01)
    enter(page, company, "U0ANA")
    expect(card_of(page, "Samuel Adeyemi")).to_contain_text("Overdue")
    card_of(page, "Samuel Adeyemi").get_by_role("button", name="Claim").click()
    expect(card_of(page, "Samuel Adeyemi").locator(".mention").first).to_have_text("@Ana Ruiz")
    card_of(page, "Samuel Adeyemi").get_by_role("button", name="Accept").click()
    expect(card_of(page, "Samuel Adeyemi")).to_contain_text("Accepted by @Ana Ruiz")
    shot(page, "ladder-7-claimed")


def direct(page: Page, company: Company, person: str) -> Locator:
    """What Baton has said to somebody directly."""
    enter(page, company, person)
    page.locator('[data-kind="dm"][data-channel]').first.click()
    return page.locator("#messages")


def thread(page: Page, name: str) -> Locator:
    """What is said under a lead's card."""
    card_of(page, name).get_by_test_id("thread-link").click()
    return page.locator("#thread")
