"""What holds for every page in a browser: readable for everybody, on every screen, at night."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from bridge import utc
from bridge.dashboard.setup import setup_url
from bridge.flows import links
from bridge.flows.links import PageLink
from bridge.inbox import actions as inbox
from bridge.installation import Installation
from bridge.staff import queries as staff
from tests import builders
from tests.dashboard import world
from tests.dashboard.browser.site import Site


@pytest.fixture
def numbers(desk: Installation) -> dict[str, int]:
    """Tickets of every kind: strange, overdue, taken, resolved, nobody's, in downtime."""
    now = utc.now()
    world.fill(desk, 6, now)
    found = {"strange": world.strange(desk, now)}
    found["overdue"] = world.open_problem(desk, now - timedelta(minutes=70), now, host="late")
    builders.fire(desk, now + timedelta(minutes=2))
    world.settle_pages(desk, "failed", now)
    found["taken"] = world.open_problem(desk, now - timedelta(minutes=9), now, host="taken")
    world.take(desk, found["taken"], "ben", now)
    found["over"] = world.open_problem(desk, now - timedelta(minutes=9), now, host="over")
    builders.hear(desk, builders.notification("RECOVERY", at=now, host="over"), now=now)
    found["nobodys"] = world.open_problem(desk, now - timedelta(minutes=9), now, host="x", vars={})
    downtime = builders.notification("DOWNTIMESTART", at=now, host="x", vars={})
    builders.hear(desk, downtime, builders.notification("QUANTUMLEAP", at=now, host="x"), now=now)
    with desk.database.transaction() as session:
        builders.keep(session, [builders.notification(at=now, host="broken")], now)
        for entry in inbox.take(session, 10):
            inbox.fail(session, entry.id, "ValueError: this cannot be", now)
    return found


def link_to(desk: Installation, number: int, label: str) -> str:
    with builders.looking(desk) as session:
        person = staff.person(session, label)
        assert person is not None
        return links.url(desk.keys, "", PageLink(number, person.id, 1, 1, 1))


def paths(desk: Installation, numbers: dict[str, int], language: str) -> list[str]:
    """Return the addresses of every kind of page."""
    person = "anna" if language == "de" else "ben"
    tickets = [f"/tickets/{number}" for number in numbers.values()]
    to_pages = [link_to(desk, number, person) for number in numbers.values()]
    shows = ["/", "/?show=mine", "/?show=unassigned", "/?wall=1", "/sla", "/inbox", "/tickets/new"]
    work = [f"/tickets/{numbers['taken']}/work"]
    on_call = ["/on-call?days=28&person=me", "/on-call/calendars", "/on-call/absences"]
    return [*shows, *tickets, *work, *on_call, *to_pages, "/a/wrong", "/nothing"]


def open_page(browser: Browser, site: Site, scheme: str, language: str, width: int) -> Page:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        locale=language,
        viewport={"width": width, "height": 800},
    )
    page = context.new_page()
    site.log_in(page, "lead", language)
    return page


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_is_accessible(
    browser: Browser,
    site: Site,
    desk: Installation,
    numbers: dict[str, int],
    scheme: str,
    language: str,
    width: int,
) -> None:
    page = open_page(browser, site, scheme, language, width)
    found = []
    for path in paths(desk, numbers, language):
        page.goto(site.address(path))
        found += _violations(page, path)
    page.context.clear_cookies()
    for path in ("/login", setup_url(desk.keys, "", None), "/setup/wrong"):
        page.goto(site.address(path))
        found += _violations(page, path)
    page.context.close()

    assert found == []


def _violations(page: Page, path: str) -> list[str]:
    results = Axe().run(page)
    return [
        f"{path}: {one['id']}: {node['target']}: {node['failureSummary']}"
        for one in results.response["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("width", [320, 390, 700, 1024, 1280, 1600, 2560])
@pytest.mark.parametrize("language", ["de", "en"])
def test_no_page_is_wider_than_its_screen(
    browser: Browser,
    site: Site,
    desk: Installation,
    numbers: dict[str, int],
    language: str,
    width: int,
) -> None:
    page = open_page(browser, site, "dark", language, width)
    too_wide = []
    for path in [*paths(desk, numbers, language), setup_url(desk.keys, "", None)]:
        page.goto(site.address(path))
        beyond = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if beyond > 0:
            too_wide.append(f"{path}: {beyond} px")
    page.context.close()

    assert too_wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["strange", "overdue"])
def test_the_link_of_a_page_is_for_one_thumb(
    browser: Browser,
    site: Site,
    desk: Installation,
    numbers: dict[str, int],
    kind: str,
    scheme: str,
) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": 320, "height": 568},
        has_touch=True,
        is_mobile=True,
    )
    page = context.new_page()
    page.goto(site.address(link_to(desk, numbers[kind], "anna")))

    button = page.get_by_role("button", name="Ich habe es")
    box = button.bounding_box()
    assert box
    assert box["width"] >= 260
    assert box["height"] >= 80
    assert box["y"] + box["height"] <= 568
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (max(_colour(ground)) < 40) == (scheme == "dark")
    button.tap()
    page.get_by_role("heading", name="Sie haben es.").wait_for()
    assert page.get_by_role("link", name="Zum Ticket").is_visible()
    context.close()


def _colour(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text[text.index("(") + 1 : -1].split(",")[:3])
