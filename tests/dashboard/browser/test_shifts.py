"""Drawing over a line of the calendar, in a real browser."""

from playwright.sync_api import Page, expect

from bridge.flows.directory import read
from bridge.installation import Installation
from bridge.oncall.rotation import on_call
from bridge.utc import from_iso
from tests import builders
from tests.dashboard.browser.site import Site


def test_drawing_over_a_line_fills_the_form_and_the_form_changes_who_is_on_call(
    anna: Page, site: Site, desk: Installation, complaints: list[str]
) -> None:
    anna.goto(site.address("/on-call?from=2027-03-22&days=7&zone=Europe/Berlin"))
    lane = anna.locator(".can-drag").first
    lane.scroll_into_view_if_needed()
    box = lane.bounding_box()
    assert box is not None
    # The week in which the clocks change has 167 hours: noon of its Sunday is the 155th.
    begin, end = box["x"] + box["width"] * 12 / 167, box["x"] + box["width"] * 155 / 167
    middle = box["y"] + box["height"] / 2

    anna.mouse.move(begin, middle)
    anna.mouse.down()
    anna.mouse.move(end, middle, steps=6)
    anna.mouse.up()

    expect(anna.locator("#change")).to_have_attribute("open", "")
    expect(anna.locator("#change-schedule")).to_have_value("primary")
    expect(anna.locator("#change-from")).to_have_value("2027-03-22T12:00")
    expect(anna.locator("#change-to")).to_have_value("2027-03-28T12:00")
    anna.select_option("#change-person", "lead")
    anna.select_option("#change-kind", "cover")
    anna.click("#change button[type=submit]")
    expect(anna.locator(".said")).to_contain_text("everybody goes by it")
    with builders.looking(desk) as session:
        schedule = read(session).schedules["primary"]
    assert on_call(schedule, from_iso("2027-03-22T10:59:00Z")) == ("anna",)
    assert on_call(schedule, from_iso("2027-03-22T11:00:00Z")) == ("lead",)
    assert on_call(schedule, from_iso("2027-03-28T09:59:00Z")) == ("lead",)
    assert on_call(schedule, from_iso("2027-03-28T10:00:00Z")) == ("anna",)
    assert complaints == []


def test_a_click_or_escape_draws_nothing(anna: Page, site: Site) -> None:
    anna.goto(site.address("/on-call"))
    lane = anna.locator(".can-drag").first

    lane.click(position={"x": 100, "y": 10})

    expect(anna.locator(".drawn")).to_have_count(0)
    expect(anna.locator("#change")).not_to_have_attribute("open", "")
