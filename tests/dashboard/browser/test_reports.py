"""SLA reports in a real browser: accessible, within the screen, and fit for paper."""

import io
from collections.abc import Iterator

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from bridge.app import create_app
from bridge.installation import Installation
from tests.dashboard import world
from tests.dashboard.browser.site import Site
from tests.sla import reported

PATHS = ("/sla/report", "/sla/report/1001/2026-11", "/sla/report/1002/2026-11")


@pytest.fixture
def site(installation: Installation) -> Iterator[Site]:
    """The pages of a desk whose November has something of everything, on a real port."""
    reported.set_up(installation)
    with installation.database.transaction() as session:
        reported.add(session, reported.NOVEMBER)
    world.let_in(installation, "lead")
    with time_machine.travel(reported.ON_THE_24TH), Site(create_app(installation)) as running:
        yield running


def opened(browser: Browser, site: Site, language: str, width: int, scheme: str) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    site.log_in(page, "lead", language)
    return page


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("de", 390, "light"), ("en", 1280, "dark"), ("de", 1280, "light"), ("en", 390, "dark")],
)
def test_reports_are_accessible_and_no_wider_than_the_screen(
    browser: Browser, site: Site, language: str, width: int, scheme: str
) -> None:
    page = opened(browser, site, language, width, scheme)
    found = []
    for path in PATHS:
        page.goto(site.address(path))
        found += [
            f"{path}: {one['id']}: {node['target']}"
            for one in Axe().run(page).response["violations"]
            for node in one["nodes"]
        ]
        # What the page itself holds; the bar above it has a test of its own.
        beyond = page.evaluate(
            "document.querySelector('main').scrollWidth - document.documentElement.clientWidth"
        )
        if beyond > 0:
            found.append(f"{path}: {beyond} px too wide")
    page.context.close()

    assert found == []


def test_a_printed_report_holds_the_figures_and_no_buttons(browser: Browser, site: Site) -> None:
    page = opened(browser, site, "en", 1280, "dark")
    page.goto(site.address(PATHS[1]))

    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.context.close()

    text = " ".join(" ".join(one.extract_text() for one in reader.pages).split())
    assert "SLA report November 2026" in text
    assert "17 min 30 s too late" in text
    assert "Log out" not in text
    assert "Month before" not in text
    assert len(reader.pages) <= 4
