"""The board in a browser: it refreshes itself, ticks, holds still, and takes a click."""

from datetime import timedelta

from playwright.sync_api import Page, Route, expect

from bridge import utc
from bridge.installation import Installation
from bridge.tickets import queries as tickets
from tests import builders
from tests.dashboard import world
from tests.dashboard.browser.site import Site

SOON = 15_000


def problem(desk: Installation, minutes_ago: float, host: str = "web01") -> int:
    now = utc.now()
    return world.open_problem(desk, now - timedelta(minutes=minutes_ago), now, host=host)


def cut_off(page: Page) -> None:
    """Let no refresh through any more."""
    page.route("**/board*", lambda route: route.abort())


def test_a_new_ticket_shows_by_itself(anna: Page, desk: Installation) -> None:
    expect(anna.get_by_text("All quiet: no ticket is open.")).to_be_visible()

    number = problem(desk, 5)

    expect(anna.locator(f"#row-{number}")).to_be_visible(timeout=SOON)
    expect(anna).to_have_title("1 waits · Bridge")


def test_the_browser_has_nothing_to_complain_about(
    anna: Page, desk: Installation, complaints: list[str]
) -> None:
    number = problem(desk, 5)
    expect(anna.locator(f"#row-{number}")).to_be_visible(timeout=SOON)
    anna.click(f"#open-{number}")
    expect(anna.locator("h1")).to_have_text("web01 / http")

    assert complaints == []


def test_the_countdown_ticks_without_the_server(anna: Page, desk: Installation) -> None:
    number = problem(desk, 5)
    count = anna.locator(f"#row-{number} .count")
    expect(count).to_be_visible(timeout=SOON)
    cut_off(anna)

    before = count.inner_text()
    anna.wait_for_timeout(2500)
    after = count.inner_text()

    assert 2 <= _seconds(before) - _seconds(after) <= 4


def _seconds(text: str) -> int:
    minutes, seconds = text.split(":")
    return 60 * int(minutes) + int(seconds)


def test_the_countdown_says_overdue_when_it_is(anna: Page, desk: Installation) -> None:
    number = problem(desk, 60 - 8 / 60)
    row = anna.locator(f"#row-{number}")
    expect(row).to_be_visible(timeout=SOON)
    cut_off(anna)

    expect(row.locator(".risk")).to_have_text("overdue", timeout=SOON)
    expect(row).to_have_class("row p2 missed")


def test_one_click_takes_the_ticket(anna: Page, desk: Installation) -> None:
    number = problem(desk, 5)
    anna.reload()

    anna.click(f"#take-{number}")

    expect(anna.get_by_role("status")).to_have_text(f"You have ticket #{number} now.")
    expect(anna.locator(f"#row-{number}")).to_contain_text("Anna Beispiel has it since")
    expect(anna.locator(f"#take-{number}")).to_have_count(0)
    assert anna.url.endswith("/")
    with builders.looking(desk) as session:
        assert tickets.ticket(session, number).acknowledged_by == "Anna Beispiel"


def test_a_refresh_keeps_focus_and_place(anna: Page, desk: Installation) -> None:
    world.fill(desk, 40, utc.now())
    anna.reload()
    link = anna.locator(".row h3 a").nth(20)
    link.focus()
    focused, place = link.get_attribute("id"), anna.evaluate("window.scrollY")

    number = problem(desk, 0, "brand-new")
    expect(anna.locator(f"#row-{number}")).to_be_attached(timeout=SOON)

    assert anna.evaluate("document.activeElement.id") == focused
    assert abs(anna.evaluate("window.scrollY") - place) < 150
    assert place > 0


def test_a_row_does_not_move_away_under_a_finger(anna: Page, desk: Installation) -> None:
    number = problem(desk, 5)
    anna.reload()
    box = anna.locator(f"#take-{number}").bounding_box()
    assert box
    anna.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    anna.mouse.down()

    urgent = problem(desk, 90, "urgent")
    anna.wait_for_timeout(6000)
    held = anna.locator(f"#row-{urgent}").count()
    anna.mouse.move(5, 5)
    anna.mouse.up()

    assert held == 0
    expect(anna.locator(f"#row-{urgent}")).to_be_visible(timeout=SOON)
    with builders.looking(desk) as session:
        assert tickets.ticket(session, number).acknowledged_by is None


def test_a_lost_connection_is_said_in_words_and_so_is_nothing_when_it_is_back(
    anna: Page, desk: Installation, site: Site
) -> None:
    lost = anna.locator("#lost")
    expect(lost).to_be_hidden()

    site.stop()
    expect(lost).to_be_visible(timeout=25_000)
    expect(lost).to_contain_text("No connection to Bridge. What you see is from")
    site.start()

    expect(lost).to_be_hidden(timeout=SOON)
    number = problem(desk, 5)
    expect(anna.locator(f"#row-{number}")).to_be_visible(timeout=SOON)


def test_an_unchanged_board_is_left_alone(anna: Page, desk: Installation) -> None:
    number = problem(desk, 5)
    anna.reload()
    codes: list[int] = []
    anna.on("response", lambda r: codes.append(r.status) if "/board" in r.url else None)
    row = anna.locator(f"#row-{number}").element_handle()
    assert row

    anna.wait_for_timeout(9000)

    assert set(codes) == {304}
    assert row.evaluate("element => element.isConnected")


def test_somebody_who_was_logged_out_is_led_to_the_login(
    anna: Page, desk: Installation, site: Site
) -> None:
    anna.context.clear_cookies()

    anna.wait_for_url(site.address("/login*"), timeout=SOON)

    expect(anna.locator("#password")).to_be_visible()


def test_a_customer_is_chosen_without_a_button(anna: Page, desk: Installation) -> None:
    world.fill(desk, 6, utc.now())
    anna.reload()

    anna.select_option("#customer", "1002")

    expect(anna.locator(".row")).to_have_count(2)
    assert "customer=1002" in anna.url


def test_without_its_library_the_page_still_shows_what_is_new(
    anna: Page, desk: Installation
) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    anna.route("**/htmx.min.js*", refuse)
    anna.reload()
    number = problem(desk, 5)

    expect(anna.locator(f"#row-{number}")).to_be_visible(timeout=25_000)
