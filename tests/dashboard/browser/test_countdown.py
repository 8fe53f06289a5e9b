"""A row's clock in a browser whose time we set: it ticks, rests, wakes and turns by itself."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from bridge.app import create_app
from bridge.installation import Installation
from tests import builders
from tests.dashboard import world
from tests.dashboard.browser.site import Site

# Two minutes before the office closes for the weekend, 16:58 in Berlin.
FRIDAY = datetime(2026, 11, 27, 15, 58, tzinfo=UTC)
NORDLICHT = {"address": "nordlicht@desk.example"}
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
# The browser's own clock is wrong by this much.
WRONG = timedelta(hours=5, minutes=17)
RISKS = {"missed", "at_risk", "on_time", "rest"}


@pytest.fixture
def friday(installation: Installation) -> Iterator[Installation]:
    """The sample desk on a Friday evening; its time stands still."""
    with time_machine.travel(FRIDAY, tick=False):
        builders.apply_desk(installation, now=FRIDAY - timedelta(days=30))
        world.let_in(installation, "anna")
        world.beat(installation)
        yield installation


@pytest.fixture
def board(page: Page, friday: Installation) -> Iterator[Page]:
    """Anna's browser, whose clock is wrong and moves only as the test wants."""
    with Site(create_app(friday)) as site:
        page.clock.install(time=FRIDAY + WRONG)
        site.log_in(page, "anna", "en")
        page.clock.pause_at(FRIDAY + WRONG + timedelta(minutes=10))
        page.goto(site.address("/"))
        yield page


def problem(desk: Installation, minutes: float, state: str = "CRITICAL") -> int:
    """Open a problem of so many minutes ago, with the promise of an office."""
    since = FRIDAY - timedelta(minutes=minutes)
    return world.open_problem(desk, since, FRIDAY, state=state, vars=NORDLICHT)


def cut_off(page: Page, number: int) -> None:
    """Show the ticket, and let no answer of the server through from then on."""
    page.reload()
    expect(page.locator(f"#row-{number}")).to_be_visible()
    page.route("**/board*", lambda route: route.abort())


def shown(page: Page, number: int) -> tuple[str, str, str, str]:
    """Return the row's countdown, words and badge, and how it is coloured."""
    row = page.locator(f"#row-{number}")
    said = [row.locator(one).inner_text() for one in (".count", ".word", ".risk")]
    (risk,) = RISKS & set(str(row.get_attribute("class")).split())
    return said[0], said[1], said[2], risk


def test_a_clock_ticks_by_the_servers_time_and_rests_when_the_office_closes(
    board: Page, friday: Installation
) -> None:
    number = problem(friday, 30)
    cut_off(board, number)

    assert shown(board, number)[:2] == ("1:30:00", "left")
    board.clock.run_for(61 * SECOND)
    assert shown(board, number) == ("1:28:59", "left", "", "on_time")
    board.clock.run_for(2 * MINUTE)
    assert shown(board, number) == ("1:28:00", "left, rests until Mon 08:00", "", "rest")
    board.clock.run_for(10 * MINUTE)
    assert shown(board, number) == ("1:28:00", "left, rests until Mon 08:00", "", "rest")


def test_a_tab_that_slept_over_the_weekend_wakes_with_the_right_time_and_turns(
    board: Page, friday: Installation
) -> None:
    number = problem(friday, 30)
    cut_off(board, number)

    # Monday 08:10, 70 minutes and more later, and past the due time at 09:28.
    board.clock.fast_forward(63 * HOUR + 12 * MINUTE)
    board.clock.run_for(SECOND)
    assert shown(board, number) == ("1:17:59", "left", "", "on_time")
    board.clock.fast_forward(48 * MINUTE)
    board.clock.run_for(SECOND)
    assert shown(board, number) == ("29:58", "left", "at risk", "at_risk")
    board.clock.fast_forward(31 * MINUTE)
    board.clock.run_for(SECOND)
    assert shown(board, number) == ("1:03", "", "overdue", "missed")


def test_a_clock_that_rests_says_that_it_will_be_at_risk(board: Page, friday: Installation) -> None:
    number = problem(friday, 95)
    cut_off(board, number)

    board.clock.run_for(3 * MINUTE)

    assert shown(board, number) == ("23:00", "left, rests until Mon 08:00", "at risk", "rest")


def test_a_promise_that_ends_with_the_office_hours_is_overdue_afterwards(
    board: Page, friday: Installation
) -> None:
    number = problem(friday, 118)
    cut_off(board, number)

    assert shown(board, number) == ("2:00", "left", "at risk", "at_risk")
    board.clock.run_for(2 * MINUTE + 5 * SECOND)
    assert shown(board, number) == ("0:05", "", "overdue", "missed")


def test_a_second_of_ticking_asks_the_server_nothing(board: Page, friday: Installation) -> None:
    problem(friday, 30)
    board.reload()
    asked: list[str] = []
    board.on(
        "request", lambda request: asked.append(request.url) if "/board" in request.url else None
    )

    board.clock.run_for(3 * SECOND)

    assert asked == []


def test_the_clock_of_the_machine_may_be_set_while_the_board_is_open(
    board: Page, friday: Installation
) -> None:
    number = problem(friday, 30)
    board.reload()
    row = board.locator(f"#row-{number} .count")
    expect(row).to_have_text("1:30:00")

    board.clock.set_system_time(FRIDAY - timedelta(days=3))
    board.clock.run_for(5 * SECOND)
    board.wait_for_timeout(500)
    board.clock.run_for(SECOND)

    # The server's time stands still, and the board goes by it.
    expect(row).to_have_text(re.compile(r"1:29:5[5-9]"))


def test_without_scripts_the_board_says_the_same_in_still_words(
    friday: Installation, page: Page
) -> None:
    assert page.context.browser
    context = page.context.browser.new_context(java_script_enabled=False)
    with Site(create_app(friday)) as site:
        number = problem(friday, 30)
        still = context.new_page()
        site.log_in(still, "anna", "en")
        still.goto(site.address("/"))

        assert shown(still, number) == ("1:30:00", "left", "", "on_time")
        still.select_option("#guarantee", "target")
        still.click("#choose")
        expect(still.locator(".row")).to_have_count(0)
    context.close()
