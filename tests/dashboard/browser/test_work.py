"""The forms for work on a ticket and for a call, in a real browser."""

import os

from playwright.sync_api import Page, expect

from bridge.installation import Installation
from tests.dashboard.browser.site import Site

SHOTS = os.environ.get("SHOTS")


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at the pages."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_a_call_comes_in_and_is_answered(anna: Page, site: Site, desk: Installation) -> None:
    anna.goto(site.address("/tickets/new"))
    shot(anna, "new")
    anna.locator("#title").fill("Drucker im Lager druckt nicht")
    anna.locator("#contract").select_option("acme-care")
    anna.locator("main form button").click()
    expect(anna.locator("h1")).to_contain_text("Drucker im Lager")

    anna.locator(".more-work a").click()
    anna.locator("#work-answer summary").click()
    anna.locator("#answer-text").fill("Wir kommen um elf.")
    shot(anna, "work")
    anna.locator("#work-answer button").click()

    expect(anna.locator(".journal")).to_contain_text("Wir kommen um elf.")
