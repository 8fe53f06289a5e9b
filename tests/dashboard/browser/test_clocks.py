"""The explanation of clocks in a browser: legible for everybody, on every screen, on paper."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from bridge.app import create_app
from bridge.installation import Installation
from tests.dashboard import courses, world
from tests.dashboard.browser.site import Site
from tests.sla.promised import at

# Where pictures of every ticket are put, for people to look at.
PICTURES = os.environ.get("BRIDGE_PICTURES")
# Boxes of text are higher than their letters.
OVERLAPS = """() => {
  const found = [], width = document.documentElement.clientWidth, air = 4;
  const meet = (a, b) => a.left < b.right && b.left < a.right
    && a.top + air < b.bottom && b.top + air < a.bottom;
  for (const svg of document.querySelectorAll('svg.timeline')) {
    const texts = [...svg.querySelectorAll('text')].filter(one => one.getClientRects().length);
    const boxes = texts.map(one => [one.textContent.trim(), one.getBoundingClientRect()]);
    for (const [at, [name, box]] of boxes.entries()) {
      if (box.left < 0 || box.right > width) found.push(`${name} outside`);
      const others = boxes.slice(at + 1).filter(([, other]) => meet(box, other));
      found.push(...others.map(([other]) => `${name} / ${other}`));
    }
  }
  return found;
}"""


TOO_WIDE = """() => [...document.querySelectorAll('.clocks *')]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def played(installation: Installation) -> dict[str, int]:
    """A desk with a ticket for every course of clocks."""
    found = courses.play_all(installation)
    world.let_in(installation, "lead")
    world.beat(installation, at(courses.NOW))
    return found


@pytest.fixture
def site(installation: Installation, played: dict[str, int]) -> Iterator[Site]:
    """Its pages, at the moment of the courses."""
    assert played
    with time_machine.travel(at(courses.NOW), tick=False), Site(create_app(installation)) as site:
        yield site


def enter(browser: Browser, site: Site, language: str, scheme: str, width: int) -> Page:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        locale=language,
        viewport={"width": width, "height": 900},
    )
    page = context.new_page()
    site.log_in(page, "lead", language)
    return page


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("de", "light", 1400), ("en", "dark", 360), ("de", "dark", 390), ("en", "light", 1100)],
)
def test_every_clock_is_legible_and_accessible(
    browser: Browser,
    site: Site,
    played: dict[str, int],
    language: str,
    scheme: str,
    width: int,
) -> None:
    page = enter(browser, site, language, scheme, width)
    found = []
    for name, number in played.items():
        page.goto(site.address(f"/tickets/{number}"))
        if PICTURES:
            path = Path(PICTURES) / f"{name.replace(' ', '-')}-{language}-{scheme}-{width}.png"
            page.locator(".clocks").screenshot(path=path)
        found += [f"{name}: {one}" for one in page.evaluate(OVERLAPS)]
        results = Axe().run(page)
        found += [f"{name}: {one['id']}" for one in results.response["violations"]]
        found += [f"{name}: {one} is too wide" for one in page.evaluate(TOO_WIDE)]
    page.context.close()

    assert found == []


def test_on_paper_nothing_is_folded_up(
    browser: Browser, site: Site, played: dict[str, int]
) -> None:
    page = enter(browser, site, "en", "light", 1100)
    page.goto(site.address(f"/tickets/{played['long']}"))
    table = page.locator("#sum-solution-1 table")
    assert not table.is_visible()

    page.emulate_media(media="print")

    box = table.bounding_box()
    assert box
    assert box["height"] > 200
    page.context.close()
