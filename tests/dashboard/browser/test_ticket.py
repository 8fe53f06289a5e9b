"""The ticket's page in a browser: texts are sent, kept, and never lost."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from bridge import utc
from bridge.installation import Installation
from tests.dashboard import world
from tests.dashboard.browser.site import Site

SOON = 15_000


@pytest.fixture
def number(desk: Installation) -> int:
    """A ticket that nobody has."""
    now = utc.now()
    return world.open_problem(desk, now - timedelta(minutes=5), now)


@pytest.fixture
def ticket(anna: Page, site: Site, number: int) -> Page:
    """Its page."""
    anna.goto(site.address(f"/tickets/{number}"))
    return anna


def test_a_note_is_written_and_the_other_form_keeps_its_text(ticket: Page) -> None:
    ticket.fill("#resolve-text", "half of a solution")
    ticket.fill("#note-text", "Disk is full.")
    ticket.click("#note-send")

    expect(ticket.locator(".journal li").first).to_contain_text("Disk is full.")
    expect(ticket.locator("#note-text")).to_have_value("")
    expect(ticket.locator("#resolve-text")).to_have_value("half of a solution")


def test_resolving_shows_what_comes_next(ticket: Page) -> None:
    ticket.fill("#resolve-text", "Rotated the logs.")
    ticket.click("#resolve-send")

    expect(ticket.locator("#close-send")).to_be_visible()
    expect(ticket.locator(".ticket-state")).to_have_text("resolved")
    ticket.click("#close-send")
    expect(ticket.locator(".ticket-state")).to_have_text("closed")


def test_a_text_survives_a_server_that_does_not_answer(ticket: Page, site: Site) -> None:
    ticket.fill("#note-text", "typed at three in the morning")
    site.stop()
    ticket.click("#note-send")

    expect(ticket.locator("#form-note .unsent")).to_be_visible()
    expect(ticket.locator("#note-text")).to_have_value("typed at three in the morning")
    site.start()
    ticket.click("#note-send")
    expect(ticket.locator(".journal li").first).to_contain_text("typed at three in the morning")
    expect(ticket.locator("#form-note .unsent")).to_be_hidden()


def test_a_text_survives_a_reload_and_is_forgotten_once_it_is_sent(ticket: Page) -> None:
    ticket.locator("#note-text").press_sequentially("half a thought")
    ticket.reload()

    expect(ticket.locator("#note-text")).to_have_value("half a thought")
    ticket.click("#note-send")
    expect(ticket.locator(".journal li").first).to_contain_text("half a thought")
    ticket.reload()
    expect(ticket.locator("#note-text")).to_have_value("")


def test_a_text_survives_being_logged_out(ticket: Page, site: Site) -> None:
    ticket.fill("#note-text", "a long story")
    ticket.context.clear_cookies()
    ticket.click("#note-send")

    problem = ticket.locator("#note-problem")
    expect(problem).to_contain_text("You have been logged out. Your text is still here.")
    expect(ticket.locator("#note-text")).to_have_value("a long story")
    with ticket.context.expect_page() as opened:
        problem.get_by_role("link").click()
    other = opened.value
    other.fill("#login", "anna")
    other.fill("#password", world.PASSWORD)
    other.click(".card button")
    other.wait_for_url("**/tickets/*")
    ticket.click("#note-send")
    expect(ticket.locator(".journal li").first).to_contain_text("a long story", timeout=SOON)


def test_what_a_colleague_does_shows_by_itself(
    ticket: Page, desk: Installation, number: int
) -> None:
    world.take(desk, number, "ben", utc.now())

    expect(ticket.locator(".ticket-head")).to_contain_text("Ben Beispiel has it", timeout=SOON)
    expect(ticket.locator("#take")).to_have_count(0)


def test_on_a_phone_the_button_is_under_the_thumb(ticket: Page, number: int) -> None:
    ticket.set_viewport_size({"width": 320, "height": 568})

    box = ticket.locator("#take").bounding_box()
    assert box
    assert box["height"] >= 60
    assert box["width"] >= 280
    assert box["y"] + box["height"] <= 568
    ticket.click("#take")
    expect(ticket.locator(".ticket-head")).to_contain_text("Anna Beispiel has it", timeout=SOON)


def test_what_was_folded_stays_folded_when_something_happens(
    ticket: Page, desk: Installation, number: int
) -> None:
    summary = ticket.locator("details.sum summary")
    expect(ticket.locator("details.sum table")).to_be_visible()
    summary.click()
    expect(ticket.locator("details.sum table")).to_be_hidden()

    world.take(desk, number, "ben", utc.now())

    expect(ticket.locator(".ticket-head")).to_contain_text("Ben Beispiel has it", timeout=SOON)
    expect(ticket.locator("details.sum table")).to_be_hidden()
